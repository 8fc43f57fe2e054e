"""What all commands have in common: help, common options, exit statuses, odd terminals, completions."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import click
import pytest
from fixtures import FakeZig
from workspace import Workspace, write

import alloconda
from alloconda import build_backend
from alloconda.cli import commands, run
from alloconda.cli.completions import completions
from interpreters import skip

COMMANDS = commands.list_commands(click.Context(commands))
SLOW = ("rich", "requests", "twine", "packaging", "pyproject_metadata", "pathspec", "asyncio", "email")


def alloconda_command(
    *arguments: str, environment: dict[str, str] | None = None, cwd: Path | None = None
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "alloconda", *arguments],
        env=os.environ | (environment or {}),
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )


@pytest.fixture(autouse=True)
def no_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE"):
        monkeypatch.setenv(name, "")


def test_the_help_imports_nothing_slow() -> None:
    code = "import sys, alloconda.cli; alloconda.cli.run(['--help']); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    imported = set(done.stdout.splitlines()[-1].split())
    assert sorted(imported.intersection(SLOW)) == []


@pytest.mark.parametrize("name", COMMANDS)
def test_each_help_has_examples(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([name, "--help"]) == 0
    text = capsys.readouterr().out
    assert re.search(rf"^  (cd .* && )?alloconda {name}\b", text, re.MULTILINE)
    for option in ("-v, --verbose", "-q, --quiet", "--color", "--help "):
        assert text.count(option) == 1


def test_the_short_name_of_help() -> None:
    # In a process of its own: click keeps the option that it makes first, and other tests run commands alone.
    for arguments in (["-h"], ["wheel", "-h"]):
        done = alloconda_command(*arguments)
        assert (done.returncode, b"-h, --help" in done.stdout) == (0, True)


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == 0
    assert capsys.readouterr().out == f"alloconda {alloconda.__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["wheeel"], "There is no command 'wheeel'. Did you mean 'wheel'?"),
        (["whell-all"], "There is no command 'whell-all'. Did you mean 'wheel-all'?"),
        (["dr"], "There is no command 'dr'. 'alloconda --help' lists all."),
        (["wheel", "--plattform-tag=x"], "No such option"),
        (["wheel", "--color=blue"], "'blue' is not one of 'auto', 'always', 'never'"),
        (["completions"], "Missing argument"),
    ],
)
def test_wrong_usage(arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(arguments) == 2
    captured = capsys.readouterr()
    assert sentence in captured.err
    assert captured.out == ""


@pytest.mark.parametrize(
    ("arguments", "environment", "coloured"),
    [
        ([], {}, False),
        (["--color=always"], {}, True),
        (["--color=always"], {"NO_COLOR": "1"}, True),
        (["--color=never"], {"FORCE_COLOR": "1"}, False),
        (["--color=auto"], {"FORCE_COLOR": "1"}, True),
        ([], {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
    ],
)
@pytest.mark.parametrize("first", [True, False], ids=["before the command", "behind it"])
def test_colours(  # noqa: PLR0917 - a table
    arguments: list[str],
    environment: dict[str, str],
    coloured: bool,  # noqa: FBT001 - a column
    first: bool,  # noqa: FBT001 - a parameter
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    command = ["inspect-lib", "missing.so"]
    assert run([*arguments, *command] if first else [*command, *arguments]) == 1
    mark = "\x1b[1;31merror:\x1b[0m" if coloured else "error:"
    assert capsys.readouterr().err == f"{mark} missing.so is not a file.\n"


def test_what_the_system_refuses_is_a_sentence(
    hello: Workspace, fake_zig: FakeZig, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Here there is no folder for temporary files; a full disk comes by the same way."""
    hello.add("build.zig")
    monkeypatch.setenv("ALLOCONDA_ZIG", str(fake_zig()))
    monkeypatch.setattr(tempfile, "tempdir", "/no/such/folder")
    monkeypatch.chdir(hello.project)
    pattern = r"error: /no/such/folder/alloconda-\w+ cannot be used: No such file or directory\.\n"
    assert run(["build"]) == 1
    assert re.fullmatch(pattern, capsys.readouterr().err)
    with pytest.raises(SystemExit):
        build_backend.build_editable(str(hello.project))
    assert re.fullmatch(pattern, capsys.readouterr().err)


def test_verbose_and_quiet(
    tmp_path: Path, fake_zig: FakeZig, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ALLOCONDA_ZIG", str(fake_zig("0.16.0", build="sys.exit('no luck')")))
    write(tmp_path / "project" / "build.zig")
    monkeypatch.chdir(tmp_path / "project")
    assert run(["build", "-v"]) == 1
    assert f"running {tmp_path / 'fake' / 'zig'} build install" in capfd.readouterr().err
    for arguments in (["build"], ["-q", "build"]):
        assert run(arguments) == 1
        assert capfd.readouterr().err.splitlines() == [
            "no luck",
            f"error: zig build failed in {tmp_path / 'project'}; Zig's own messages are above.",
        ]


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_a_zig_that_is_killed(
    hello: Workspace, fake_zig: FakeZig, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """As the system does when the memory is full."""
    hello.add("build.zig")
    monkeypatch.setenv("ALLOCONDA_ZIG", str(fake_zig(build="os.kill(os.getpid(), 9)")))
    monkeypatch.chdir(hello.project)
    assert run(["build"]) == 1
    assert capfd.readouterr().err == f"error: zig build was ended by signal 9 in {hello.project}.\n"


@pytest.mark.skipif(os.name != "posix", reason="a closed pipe is another thing on Windows")
@pytest.mark.parametrize("arguments", [["--help"], ["doctor", "--json"], ["completions", "bash"]])
def test_nobody_reads_the_output(arguments: list[str]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-m", "alloconda", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=writer,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(writer)
    assert done.stderr == b""
    assert done.returncode == 1


@pytest.mark.skipif(os.name != "posix", reason="locales of POSIX")
@pytest.mark.skipif(not alloconda.__file__.isascii(), reason="Python itself does not find alloconda there")
def test_a_locale_without_the_letters(tmp_path: Path, fake_zig: FakeZig) -> None:
    poor = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "ALLOCONDA_ZIG": str(fake_zig("0.16.0"))}
    done = alloconda_command("doctor", "--project-dir", "größe", environment=poor, cwd=tmp_path)
    assert done.returncode == 2
    (tmp_path / "größe").mkdir()
    done = alloconda_command("doctor", "--project-dir", "größe", environment=poor, cwd=tmp_path)
    assert b"Traceback" not in done.stderr
    assert (done.returncode, b"/gr????e" in done.stdout) == (0, True)
    # A name that is no UTF-8 comes out as the bytes that it is.
    broken = os.fsencode(tmp_path) + b"/gr\xf6sse"
    os.mkdir(broken)  # noqa: PTH102 - pathlib takes no bytes
    done = subprocess.run(
        [sys.executable, "-m", "alloconda", "doctor"],
        cwd=broken,
        env=os.environ | {"PYTHONUTF8": "1", "ALLOCONDA_ZIG": poor["ALLOCONDA_ZIG"]},
        capture_output=True,
        check=False,
    )
    assert b"gr\xf6sse" in done.stdout


@pytest.fixture(scope="module")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The completion scripts, and a command `alloconda`."""
    folder = tmp_path_factory.mktemp("completions")
    for shell in ("bash", "zsh", "fish"):
        done = alloconda_command("completions", shell)
        assert done.returncode == 0
        (folder / shell).write_bytes(done.stdout)
    (folder / "alloconda").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m alloconda "$@"\n')
    (folder / "alloconda").chmod(0o755)
    return folder


def complete(shell: str, script: str, scripts: Path) -> list[str]:
    if shutil.which(shell) is None:
        skip(f"{shell} is not installed")
    done = subprocess.run(
        [shell, *(["--norc"] if shell == "bash" else ["-f"] if shell == "zsh" else ["--no-config"]), "-c", script],
        env=os.environ | {"PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}"},
        cwd=scripts,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    return done.stdout.split("\n")[:-1]


CASES = [
    (["alloconda", "wh"], ["wheel", "wheel-all"]),
    (["alloconda", "wheel", "--musl"], ["--musllinux"]),
    (["alloconda", "build", "--color", ""], ["auto", "always", "never"]),
    (["alloconda", "completions", "z"], ["zsh"]),
]


@pytest.mark.parametrize(("words", "expected"), CASES)
def test_completions_of_bash(scripts: Path, words: list[str], expected: list[str]) -> None:
    quoted = " ".join(f"'{word}'" for word in words)
    script = (
        f"source {scripts}/bash; COMP_WORDS=({quoted}); COMP_CWORD={len(words) - 1}; "
        '_alloconda_completion alloconda; printf "%s\\n" "${COMPREPLY[@]}"'
    )
    assert complete("bash", script, scripts) == expected


@pytest.mark.parametrize(("words", "expected"), CASES)
def test_completions_of_zsh(scripts: Path, words: list[str], expected: list[str]) -> None:
    quoted = " ".join(f"'{word}'" for word in words)
    # zsh offers completions by these two functions only, and only while a key is pressed: ours write what they get.
    script = f"""
        compdef() {{ }}
        _describe() {{ local -a list; list=("${{(@P)3}}"); print -l -- "${{(@)list%%:*}}" }}
        compadd() {{ local name="${{@[-1]}}"; print -l -- "${{(@P)name}}" }}
        source {scripts}/zsh
        words=({quoted}); CURRENT={len(words)}
        _alloconda_completion
    """
    assert complete("zsh", script, scripts) == expected


@pytest.mark.parametrize(("words", "expected"), CASES)
def test_completions_of_fish(scripts: Path, words: list[str], expected: list[str]) -> None:
    script = f"source {scripts}/fish; complete --do-complete '{' '.join(words)}'"
    assert sorted(line.partition("\t")[0] for line in complete("fish", script, scripts)) == sorted(expected)


def test_the_shells_that_are_known() -> None:
    assert isinstance(completions.params[0].type, click.Choice)
    assert list(completions.params[0].type.choices) == ["bash", "zsh", "fish"]
