"""What a build does by its configuration: runs of Zig, which module, an __init__.py."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from fixtures import FakeZig
from workspace import Workspace, write

import alloconda.cli

MATRIX = {
    "matrix": 1,
    "wheels": [
        {"python_tag": python, "abi_tag": python, "platform_tag": platform, "zig_target": "z", "extensions": []}
        for python in ("cp312", "cp313")
        for platform in ("win32", "win_amd64")
    ],
}
BUILD = """
    with log.with_name("runs").open("a") as runs:
        ours = ("-Dwheel-dir", "-Dpython", "-Dquiet")
        words = [word for word in sys.argv if word[:2] == "-D" and word.split("=")[0] not in ours]
        runs.write(" ".join(words) + "\\n")
    if "dry-run" in options:
        prefix.mkdir(exist_ok=True)
        (prefix / "matrix.json").write_text({matrix!r})
    elif "wheel-dir" in options:
        folder = pathlib.Path(options["wheel-dir"])
        folder.mkdir(exist_ok=True)
        for platform in options["platform"].split(","):
            tags = "-".join((options["python-tag"], options["abi-tag"], platform))
            (folder / ("hello-0.1.0-" + tags + ".whl")).touch()
    else:
        import shutil
        shutil.copytree({stage!r}, prefix, dirs_exist_ok=True)
"""


@pytest.fixture
def runs(hello: Workspace, fake_zig: FakeZig, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file with the options of each run of Zig."""
    hello.add("build.zig")
    hello.manifest()
    zig = fake_zig(build=BUILD.format(matrix=json.dumps(MATRIX), stage=str(hello.stage)))
    monkeypatch.setenv("ALLOCONDA_ZIG", str(zig))
    monkeypatch.chdir(hello.project)
    return zig.with_name("runs")


OVERRIDES = (
    "[tool.alloconda]",
    'python-version = ["3.12", "3.13"]',
    "[[tool.alloconda.overrides]]",
    'select = "*-win32"',
    'optimize = "ReleaseSmall"',
    'zig-args = ["-Dsmall"]',
    "[[tool.alloconda.overrides]]",
    'select = "cp313-*"',
    "strip = false",
)


@pytest.mark.parametrize("step", ["wheel", "wheel-all"])
def test_wheels_that_differ_are_runs_of_their_own(hello: Workspace, runs: Path, step: str) -> None:
    hello.pyproject(*OVERRIDES)
    assert alloconda.cli.run([step, "--debug"]) == 0
    assert runs.read_text("utf-8").splitlines() == [
        "-Ddry-run=true -Dpython-version=3.12,3.13 -Doptimize=Debug",
        # The command line holds over the overrides.
        "-Dpython-tag=cp312 -Dabi-tag=cp312 -Dplatform=win32 -Doptimize=Debug -Dsmall",
        "-Dpython-tag=cp312 -Dabi-tag=cp312 -Dplatform=win_amd64 -Doptimize=Debug",
        "-Dpython-tag=cp313 -Dabi-tag=cp313 -Dplatform=win32 -Doptimize=Debug -Dstrip=false -Dsmall",
        "-Dpython-tag=cp313 -Dabi-tag=cp313 -Dplatform=win_amd64 -Doptimize=Debug -Dstrip=false",
    ]
    assert len(list((hello.project / "dist").iterdir())) == 4


def test_wheels_that_do_not_differ_are_one_run(hello: Workspace, runs: Path) -> None:
    hello.pyproject(*OVERRIDES[:2], "[[tool.alloconda.overrides]]", 'select = "*-musllinux_*"', "strip = false")
    alloconda.cli.run(["wheel"])
    assert runs.read_text("utf-8").splitlines()[1:] == [
        "-Dpython-tag=cp312 -Dabi-tag=cp312 -Dplatform=win32,win_amd64",
        "-Dpython-tag=cp313 -Dabi-tag=cp313 -Dplatform=win32,win_amd64",
    ]


def failure(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert alloconda.cli.run(arguments) == 1
    return capsys.readouterr().err


@pytest.mark.usefixtures("runs")
class TestInPlace:
    def test_one_place(self, hello: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
        hello.pyproject(*OVERRIDES)
        assert failure(capsys, "build") == (
            "error: One build is put into place, and the configuration names several: name one platform and one Python "
            "version, or run 'alloconda wheel'.\n"
        )

    @pytest.mark.parametrize("name", ["_native", "hello._native"])
    def test_module_of_that_name(self, name: str) -> None:
        assert alloconda.cli.run(["build", "--module", name]) == 0

    def test_no_module_of_that_name(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert failure(capsys, "build", "--module", "_other") == (
            "error: 'module-name' is '_other', and build.zig declares hello._native: make the names agree, or leave "
            "out 'module-name'.\n"
        )

    def test_programs_alone(self, hello: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
        write(hello.stage / "programs/tool")
        document = json.loads(hello.manifest().read_text("utf-8"))
        document |= {"extensions": [], "programs": [{"name": "tool", "file": "programs/tool", "facts": {}}]}
        write(hello.stage / "manifest.json", json.dumps(document))
        assert failure(capsys, "build") == (
            "error: The project has programs and no extension, and nothing goes into its package: run 'zig build' for "
            "the programs, or 'alloconda wheel'.\n"
        )

    def test_an_init_is_written_into_a_package_without_python(self, hello: Workspace) -> None:
        init = hello.project / "python/hello/__init__.py"
        init.unlink()
        alloconda.cli.run(["build"])
        assert init.read_text("utf-8") == (
            '"""Written by alloconda: the names of hello._native."""\n\nfrom hello._native import *  # noqa: F403\n'
        )

    def test_no_init_is_written_into_a_package_with_python(self, hello: Workspace) -> None:
        (hello.project / "python/hello/__init__.py").rename(hello.project / "python/hello/other.py")
        alloconda.cli.run(["build"])
        assert not (hello.project / "python/hello/__init__.py").exists()

    def test_no_library(self, capsys: pytest.CaptureFixture[str]) -> None:
        path = Path("build.zig").absolute().with_name("gone.so")
        Path("pyproject.toml").write_text(
            '[project]\nname = "hello"\nversion = "0.1.0"\n[tool.alloconda]\nlib = "gone.so"\n', "utf-8"
        )
        assert not path.exists()
        assert "error: 'lib' is 'gone.so', and there is no such file.\n" in failure(capsys, "build")


def test_both_ways_to_name_a_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert alloconda.cli.run(["wheel", "-i", "3.13", "--python-version", "3.12"]) == 2
    assert "Error: --interpreter and --python-version exclude each other: give one.\n" in capsys.readouterr().err


def test_an_interpreter_is_a_version(hello: Workspace, runs: Path) -> None:
    hello.pyproject("[[tool.alloconda.overrides]]", 'select = "*"')
    alloconda.cli.run(["wheel", "-i", "3.13t"])
    assert runs.read_text("utf-8").splitlines()[0] == "-Ddry-run=true -Dpython-version=3.13t"
