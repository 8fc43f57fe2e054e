"""`alloconda wheel-all` with an executable that passes for Zig: what is asked of it, shown, and left on disk."""

from __future__ import annotations

import io
import json
import os
import sys
from pathlib import Path

import pytest
from fixtures import FakeZig
from workspace import Workspace, write

import alloconda.cli
from alloconda.cli.progress import LiveWatcher, PlainWatcher, watcher_for
from alloconda.errors import AllocondaError
from alloconda.manifest import Tags
from alloconda.matrix import PlannedWheel, read_matrix

LINUX, MAC = "manylinux_2_28_x86_64", "macosx_11_0_arm64"
TARGETS = {LINUX: "x86_64-linux-gnu.2.28", MAC: "aarch64-macos.11.0"}
MATRIX = {
    "matrix": 1,
    "wheels": [
        {
            "python_tag": "cp310",
            "abi_tag": "abi3",
            "platform_tag": platform,
            "zig_target": TARGETS[platform],
            "extensions": [{"module": "hello._native", "file": "hello/_native.abi3.so"}],
            "programs": [],
        }
        for platform in (LINUX, MAC)
    ],
}
NAMES = {platform: f"hello-0.1.0-cp310-abi3-{platform}.whl" for platform in (LINUX, MAC)}

BUILD = """
    if "dry-run" in options:
        log.rename(log.with_name("planned"))
        prefix.mkdir(exist_ok=True)
        (prefix / "matrix.json").write_text({matrix!r})
    elif sys.argv[2] == "lib":
        log.rename(log.with_name("before"))
    else:
        folder = pathlib.Path(options["wheel-dir"])
        folder.mkdir()
        (folder / ".half.whl.tmp").touch()
        for name in {written!r}:
            (folder / name).write_text("wheel")
        sys.exit({says!r} or 0)
"""
FAILURE = """\
debug: configuration cache incomplete_manifest
wheel-all
+- pack cp310-abi3-macosx_11_0_arm64
   +- compile hello._native for cp310-abi3-macosx_11_0_arm64 1 errors
src/root.zig:31:46: error: no mac today
Build Summary: 1/2 steps succeeded
wheel-all transitive failure"""


@pytest.fixture
def ready(hello: Workspace, fake_zig: FakeZig, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A project whose wheels the fake Zig writes, all of them, as the current folder."""
    hello.add("build.zig")
    monkeypatch.setenv("ALLOCONDA_ZIG", str(zig(fake_zig, *NAMES.values())))
    monkeypatch.chdir(hello.project)
    return hello


def zig(fake_zig: FakeZig, *written: str, says: str = "") -> Path:
    return fake_zig(build=BUILD.format(matrix=json.dumps(MATRIX), written=written, says=says))


def arguments(log: str = "log") -> list[str]:
    return Path(os.environ["ALLOCONDA_ZIG"]).with_name(log).read_text(encoding="utf-8").split("\n")


def in_dist(project: Path) -> list[str]:
    return sorted(path.name for path in (project / "dist").iterdir())


def test_all_are_written(ready: Workspace, capfd: pytest.CaptureFixture[str]) -> None:
    assert alloconda.cli.run(["wheel-all"]) == 0
    out, err = capfd.readouterr()
    assert out == f"dist/{NAMES[LINUX]}\ndist/{NAMES[MAC]}\n"
    assert err == (
        "building 2 wheels\n"
        f"[1/2] {NAMES[MAC]}\n"
        f"[2/2] {NAMES[LINUX]}\n"
        "\n"
        "wheel                             result   file, or why not\n"
        f"cp310-abi3-manylinux_2_28_x86_64  written  {NAMES[LINUX]}\n"
        f"cp310-abi3-macosx_11_0_arm64      written  {NAMES[MAC]}\n"
        "2 of 2 wheels written\n"
    )
    assert in_dist(ready.project) == sorted(NAMES.values())


def test_one_fails(ready: Workspace, fake_zig: FakeZig, capfd: pytest.CaptureFixture[str]) -> None:
    zig(fake_zig, NAMES[LINUX], says=FAILURE)
    write(ready.project / "dist" / NAMES[MAC], "of yesterday")
    assert alloconda.cli.run(["wheel-all"]) == 1
    out, err = capfd.readouterr()
    assert out == f"dist/{NAMES[LINUX]}\n"
    lines = err.splitlines()
    assert "src/root.zig:31:46: error: no mac today" in lines
    assert "cp310-abi3-macosx_11_0_arm64      failed   src/root.zig:31:46: no mac today" in lines
    assert lines[-1] == "1 of 2 wheels written"
    assert "Summary" not in err
    assert "debug:" not in err
    assert (ready.project / "dist" / NAMES[MAC]).read_text("utf-8") == "of yesterday"


@pytest.mark.usefixtures("ready")
def test_json(fake_zig: FakeZig, capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    zig(fake_zig, NAMES[LINUX], says=FAILURE)
    assert alloconda.cli.run(["wheel-all", "--json", "--out-dir", str(tmp_path / "o u t")]) == 1
    wheels = json.loads(capfd.readouterr().out)["wheels"]
    assert wheels == [
        {**MATRIX["wheels"][0], "path": str(tmp_path / "o u t" / NAMES[LINUX]), "error": None},  # type: ignore[index]
        {**MATRIX["wheels"][1], "path": None, "error": "src/root.zig:31:46: no mac today"},  # type: ignore[index]
    ]


def test_options_reach_zig(ready: Workspace) -> None:
    ready.pyproject("[tool.alloconda]", 'targets = "win32"', 'manylinux = "2_17"', 'build-step = "lib"')
    flags = ["--target=a", "--target=b", "--python-version=3.13", "--python-version=3.14t", "--include-musllinux"]
    more = ["--include-windows", "--audit=warn", "--jobs=3", "--debug", "--no-fetch", "--zig-arg=-Dmine"]
    assert alloconda.cli.run(["wheel-all", *flags, *more]) == 0
    options = [
        "-Dinclude-musllinux=true",
        "-Dinclude-windows=true",
        "-Dpython-version=3.13,3.14t",
        "-Dplatform=a,b",
        "-Dno-fetch=true",
        "-Daudit=warn",
        "-Doptimize=Debug",
        "-Dmine",
    ]
    step, dry_run, prefix, _, *rest = arguments("planned")
    assert (step, dry_run, prefix) == ("wheel-all", "-Ddry-run=true", "--prefix")
    assert rest == options
    # It may write Python files, which must be there when they are surveyed.
    own_step, prefix, _, *rest = arguments("before")
    assert (own_step, prefix, rest) == ("lib", "--prefix", options)
    step, wheel_dir, python, quiet, jobs, prefix, _, *rest = arguments()
    assert (step, quiet, jobs, prefix) == ("wheel-all", "-Dquiet=true", "-j3", "--prefix")
    assert wheel_dir.startswith(f"-Dwheel-dir={ready.project}/dist/.alloconda-")
    assert python == f"-Dpython={sys.executable}"
    assert rest == options


@pytest.mark.usefixtures("ready")
def test_all_versions() -> None:
    assert alloconda.cli.run(["wheel-all", "--all"]) == 0
    assert "-Dpython-version=all" in arguments()


@pytest.mark.usefixtures("ready")
def test_all_versions_and_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert alloconda.cli.run(["wheel-all", "--all", "--python-version=3.13"]) == 2
    assert "--all and --python-version exclude each other: give one of them." in capsys.readouterr().err


def test_dry_run(ready: Workspace, capfd: pytest.CaptureFixture[str]) -> None:
    assert alloconda.cli.run(["wheel-all", "--dry-run"]) == 0
    assert capfd.readouterr().out == (
        "   python  abi   platform               Zig target             files\n"
        "1  cp310   abi3  manylinux_2_28_x86_64  x86_64-linux-gnu.2.28  hello/_native.abi3.so\n"
        "2  cp310   abi3  macosx_11_0_arm64      aarch64-macos.11.0     hello/_native.abi3.so\n"
    )
    assert not (ready.project / "dist").exists()
    assert alloconda.cli.run(["wheel-all", "--dry-run", "--json"]) == 0
    assert json.loads(capfd.readouterr().out) == MATRIX


def test_a_failure_that_is_of_no_wheel(ready: Workspace, fake_zig: FakeZig, capfd: pytest.CaptureFixture[str]) -> None:
    zig(fake_zig, *NAMES.values(), says="error: the project's own step")
    assert alloconda.cli.run(["wheel-all"]) == 1
    assert capfd.readouterr().err.endswith(
        f"error: zig build failed in {ready.project}; Zig's own messages are above.\n"
    )


def test_a_wheel_that_is_missing_without_a_word(
    ready: Workspace, fake_zig: FakeZig, capfd: pytest.CaptureFixture[str]
) -> None:
    zig(fake_zig, NAMES[MAC])
    assert alloconda.cli.run(["wheel-all"]) == 1
    assert f"cp310-abi3-{LINUX}  failed   zig build wheel-all did not write it" in capfd.readouterr().err
    assert in_dist(ready.project) == [NAMES[MAC]]


def test_a_wheel_that_was_not_planned(ready: Workspace, fake_zig: FakeZig, capfd: pytest.CaptureFixture[str]) -> None:
    zig(fake_zig, "other.whl")
    assert alloconda.cli.run(["wheel-all"]) == 1
    assert "error: zig build wheel-all wrote other.whl, which its own dry run does not name." in capfd.readouterr().err
    assert in_dist(ready.project) == []


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("{", "The matrix {} is not valid (JSONDecodeError: "),
        ('{"matrix": 2, "wheels": []}', "'matrix' in {} must be 1, and it is 2; the build and the command must be the"),
        ('{"matrix": true, "wheels": []}', "'matrix' in {} must be 1, and it is True"),
        ('{"matrix": 1}', "The matrix {} is not valid (KeyError: 'wheels')."),
        ('{"matrix": 1, "wheels": [[]]}', "The matrix {} is not valid (TypeError: "),
        ("[" * 100000, "The matrix {} is not valid (RecursionError: "),
        (
            json.dumps(MATRIX).replace("hello/_native.abi3.so", "../x"),
            "The matrix {} is not valid (ValueError: '../x' is not a plain relative path).",
        ),
        (json.dumps(MATRIX).replace('"cp310"', "310"), "The matrix {} is not valid (TypeError: 310 is not a text)."),
    ],
)
def test_wrong_matrix(tmp_path: Path, content: str, sentence: str) -> None:
    path = write(tmp_path / "matrix.json", content)
    with pytest.raises(AllocondaError) as caught:
        read_matrix(path)
    assert str(caught.value).startswith(sentence.format(path))


class TestWatchers:
    WHEELS = tuple(PlannedWheel(Tags("cp310", "abi3", platform), "z", ()) for platform in (LINUX, MAC))

    def test_lines_when_not_on_a_terminal(self) -> None:
        with watcher_for(io.StringIO()) as watcher:
            assert type(watcher) is PlainWatcher

    def test_on_a_terminal(self, monkeypatch: pytest.MonkeyPatch) -> None:
        stream = io.StringIO()
        monkeypatch.setattr(stream, "isatty", lambda: True)
        monkeypatch.setenv("TERM", "xterm")
        monkeypatch.setenv("COLUMNS", "100")
        with watcher_for(stream) as watcher:
            assert type(watcher) is LiveWatcher
            watcher.building(self.WHEELS)
            watcher.said("\x1b[31m[bold]error: red\x1b[0m\n")
            watcher.written(self.WHEELS[0], Path("a") / NAMES[LINUX])
        text = stream.getvalue()
        assert "0/2" in text
        assert f"building {self.WHEELS[0].label}, {self.WHEELS[1].label}"[:40] in text
        assert "[bold]error: red" in text
        assert f"written {NAMES[LINUX]}" in text
