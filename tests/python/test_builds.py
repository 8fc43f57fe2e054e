"""Builds from the outside, with an executable that passes for Zig: commands, backend, what is left on disk."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import sysconfig
import textwrap
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest
from fixtures import FakeZig
from workspace import Workspace

import alloconda.cli
from alloconda import build_backend, builds
from alloconda.config import Config
from workbench import PATIENCE_SECONDS

INSTALL = """
    import shutil
    shutil.copytree({stage!r}, prefix)
"""
PACK = """
    import os
    import subprocess
    subprocess.run([options["python"], "-m", "alloconda", "pack", "--manifest", {manifest!r}, "--project-dir", ".",
                    "--wheel-dir", options["wheel-dir"], "--name-file", os.devnull], check=True)
"""


@pytest.fixture
def ready(hello: Workspace, fake_zig: FakeZig, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A project that the fake Zig builds, as the current folder."""
    hello.add("build.zig")
    manifest = hello.manifest()
    pack = PACK.format(manifest=str(manifest))
    install = INSTALL.format(stage=str(hello.stage))
    use(monkeypatch, fake_zig(build=f"if 'wheel-dir' in options:{indent(pack)}\nelse:{indent(install)}"))
    monkeypatch.chdir(hello.project)
    return hello


def indent(code: str) -> str:
    return code.replace("\n", "\n    ")


def use(monkeypatch: pytest.MonkeyPatch, zig: Path) -> None:
    monkeypatch.setenv("ALLOCONDA_ZIG", str(zig))


def arguments_of_zig() -> list[str]:
    words = Path(os.environ["ALLOCONDA_ZIG"]).with_name("log").read_text(encoding="utf-8").split("\n")
    assert words[:2] == ["--summary", "none"]
    return words[2:]


def files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


class TestWheel:
    def test_prints_the_path_and_nothing_else(self, ready: Workspace, capfd: pytest.CaptureFixture[str]) -> None:
        assert alloconda.cli.run(["wheel"]) == 0
        wheel = "dist/hello-0.1.0-cp310-abi3-manylinux_2_17_x86_64.whl"
        assert capfd.readouterr() == (f"{wheel}\n", "")
        assert (ready.project / wheel).is_file()
        assert [path.name for path in (ready.project / "dist").iterdir()] == [Path(wheel).name]

    @pytest.mark.usefixtures("ready")
    def test_options_reach_zig(self, tmp_path: Path) -> None:
        flags = ["--python-version=3.13", "--manylinux=2_28", "--debug", "--no-strip", "--zig-arg=-Dmine", "--out-dir"]
        assert alloconda.cli.run(["wheel", *flags, str(tmp_path / "o u t")]) == 0
        step, wheel_dir, python, quiet, prefix, _, *rest = arguments_of_zig()
        assert (step, quiet, prefix) == ("wheel", "-Dquiet=true", "--prefix")
        assert Path(wheel_dir.removeprefix("-Dwheel-dir=")).parents[1] == tmp_path / "o u t"
        assert python == f"-Dpython={sys.executable}"
        assert rest == [
            "-Dpython-version=3.13",
            "-Dplatform=manylinux_2_28",
            "-Doptimize=Debug",
            "-Dstrip=false",
            "-Dmine",
        ]

    def test_settings_of_the_file_reach_zig_and_flags_reach_the_packer(self, ready: Workspace) -> None:
        ready.pyproject("[tool.alloconda]", 'optimize = "ReleaseSafe"', 'package-dir = "gone"', 'build-step = "lib"')
        alloconda.cli.run(["wheel", "--package-dir", "python/hello"])
        arguments = arguments_of_zig()
        assert arguments[0] == "wheel"
        assert "-Dpack-option=package-dir=python/hello" in arguments
        assert arguments[-1] == "-Doptimize=ReleaseSafe"

    def test_other_folder(self, ready: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        assert alloconda.cli.run(["wheel", "--project-dir", "project"]) == 0
        assert len(list((ready.project / "dist").iterdir())) == 1

    def test_no_wheel(
        self,
        ready: Workspace,
        fake_zig: FakeZig,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        use(monkeypatch, fake_zig())
        assert alloconda.cli.run(["wheel"]) == 1
        assert capsys.readouterr().err == "error: zig build wheel wrote no wheel: does build.zig call addExtension?\n"
        assert files(ready.project / "dist") == []

    def test_project_is_checked_before_zig_runs(self, ready: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
        ready.add("pyproject.toml", "")
        assert alloconda.cli.run(["wheel"]) == 1
        assert "has no [project] table" in capsys.readouterr().err
        assert not Path(os.environ["ALLOCONDA_ZIG"]).with_name("log").exists()


class TestSkipBuild:
    MATRIX = """{{"matrix": 1, "wheels": [{{"python_tag": "cp310", "abi_tag": "abi3", "platform_tag": "win32",
        "zig_target": "z", "extensions": [{{"module": "hello._native", "file": "hello/_native.pyd"}}]}}]}}"""

    @pytest.fixture(autouse=True)
    def _planning(self, ready: Workspace, fake_zig: FakeZig, monkeypatch: pytest.MonkeyPatch) -> None:
        pack = PACK.format(manifest=str(ready.stage / "manifest.json"))
        plan = f"prefix.joinpath('matrix.json').write_text({self.MATRIX.format()!r})"
        use(monkeypatch, fake_zig(build=f"if 'dry-run' in options:\n    {plan}\nelse:{indent(pack)}"))

    def test_takes_the_library_of_the_package(self, ready: Workspace) -> None:
        ready.add("python/hello/_native.abi3.so")
        ready.add("python/hello/_native2.so")
        assert alloconda.cli.run(["wheel", "--skip-build", "--python-tag=cp312"]) == 0
        arguments = arguments_of_zig()
        assert arguments[0] == "wheel"
        assert "-Dprebuilt=hello._native=python/hello/_native.abi3.so" in arguments
        assert arguments[-1] == "-Dpython-tag=cp312"
        assert len(list((ready.project / "dist").iterdir())) == 1

    def test_no_library(self, ready: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
        assert alloconda.cli.run(["wheel", "--skip-build"]) == 1
        assert capsys.readouterr().err == (
            f"error: There is no library of hello._native in {ready.project}/python/hello: run 'alloconda build', or "
            "leave out --skip-build.\n"
        )

    def test_several_libraries(self, ready: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
        ready.add("python/hello/_native.abi3.so")
        ready.add("python/hello/_native.cp313-win32.pyd")
        assert alloconda.cli.run(["wheel", "--skip-build"]) == 1
        assert capsys.readouterr().err == (
            f"error: There are several libraries of hello._native in {ready.project}/python/hello (_native.abi3.so, "
            "_native.cp313-win32.pyd): keep one.\n"
        )


class TestBuild:
    def test_puts_the_extension_into_the_package(self, ready: Workspace, capfd: pytest.CaptureFixture[str]) -> None:
        assert alloconda.cli.run(["build"]) == 0
        assert capfd.readouterr().out == "python/hello/_native.abi3.so\n"
        assert (ready.project / "python/hello/_native.abi3.so").read_bytes() == b"library"
        assert arguments_of_zig()[0] == "install"

    def test_needs_no_project_table(self, ready: Workspace) -> None:
        (ready.project / "pyproject.toml").unlink()
        assert alloconda.cli.run(["build"]) == 0

    def test_removes_older_builds_that_would_be_imported_first(
        self, ready: Workspace, capfd: pytest.CaptureFixture[str]
    ) -> None:
        old = ready.add("python/hello/_native.cpython-313-x86_64-linux-gnu.so")
        ready.add("python/hello/_native_data.so")
        assert alloconda.cli.run(["build"]) == 0
        assert files(ready.project / "python") == [
            "hello/__init__.py",
            "hello/_native.abi3.so",
            "hello/_native_data.so",
        ]
        assert capfd.readouterr().err == (
            f"removed {old}, an older build that could be imported in place of _native.abi3.so\n"
        )

    def test_is_not_packed_twice(self, ready: Workspace) -> None:
        alloconda.cli.run(["build"])
        assert alloconda.cli.run(["wheel"]) == 0
        with zipfile.ZipFile(next((ready.project / "dist").iterdir())) as wheel:
            assert wheel.namelist().count("hello/_native.abi3.so") == 1

    def test_flat_module(self, ready: Workspace) -> None:
        shutil.rmtree(ready.stage)
        ready.extensions.clear()
        ready.extension("_flat")
        ready.manifest()
        assert alloconda.cli.run(["build"]) == 0
        assert (ready.project / "_flat.abi3.so").is_file()

    def test_a_library_in_use_stays_whole(self, ready: Workspace) -> None:
        library = ready.add("python/hello/_native.abi3.so", b"old")
        with library.open("rb") as in_use:
            assert alloconda.cli.run(["build"]) == 0
            assert in_use.read() == b"old"

    def test_no_manifest(
        self, ready: Workspace, fake_zig: FakeZig, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        use(monkeypatch, fake_zig())
        assert alloconda.cli.run(["build"]) == 1
        assert capsys.readouterr().err == (
            "error: zig build install installed no manifest.json: does build.zig call addExtension?\n"
        )
        assert files(ready.project / "python") == ["hello/__init__.py"]


class TestBackend:
    def test_wheel_has_the_prepared_metadata(self, ready: Workspace, tmp_path: Path) -> None:
        ready.pyproject("scripts = { hello = 'hello:main' }", "license = 'mit'")
        ready.add("LICENSE", "MIT")
        name = build_backend.prepare_metadata_for_build_wheel(str(tmp_path))
        assert name == "hello-0.1.0.dist-info"
        assert not Path(os.environ["ALLOCONDA_ZIG"]).with_name("log").exists()
        wheel = build_backend.build_wheel(str(tmp_path / "wheels"), None, str(tmp_path / name))
        assert wheel == "hello-0.1.0-cp310-abi3-manylinux_2_17_x86_64.whl"
        prepared = {path: (tmp_path / name / path).read_bytes() for path in files(tmp_path / name)}
        assert list(prepared) == ["METADATA", "entry_points.txt", "licenses/LICENSE"]
        assert b"License-Expression: MIT\n" in prepared["METADATA"]
        with zipfile.ZipFile(tmp_path / "wheels" / wheel) as archive:
            assert {path: archive.read(f"{name}/{path}") for path in prepared} == prepared

    @pytest.mark.usefixtures("ready")
    def test_requires(self, monkeypatch: pytest.MonkeyPatch) -> None:
        assert build_backend.get_requires_for_build_wheel() == []
        monkeypatch.delenv("ALLOCONDA_ZIG")
        monkeypatch.setattr("alloconda.toolchain.locate._candidates", list)
        assert build_backend.get_requires_for_build_wheel() == ["ziglang>=0.15.2,<0.18"]

    @pytest.mark.usefixtures("ready")
    def test_settings(self, tmp_path: Path) -> None:
        build_backend.build_wheel(str(tmp_path), {"python-version": "3.13", "strip": "true", "exclude": ["a", "b"]})
        assert {"-Dpython-version=3.13", "-Dstrip=true", "-Dpack-option=exclude=b"} <= set(arguments_of_zig())

    @pytest.mark.usefixtures("ready")
    def test_wrong_setting(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        with pytest.raises(SystemExit) as caught:
            build_backend.build_wheel(str(tmp_path), {"stripp": "true"})
        assert caught.value.code == 1
        assert capsys.readouterr().err == (
            "error: --config-settings has the unknown key 'stripp': did you mean 'strip'?\n"
        )

    def test_several_wheels(
        self,
        ready: Workspace,
        fake_zig: FakeZig,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        code = """
            folder = pathlib.Path(options["wheel-dir"])
            folder.mkdir()
            (folder / "b.whl").touch()
            (folder / "a.whl").touch()
        """
        use(monkeypatch, fake_zig(build=code))
        with pytest.raises(SystemExit):
            build_backend.build_wheel(str(ready.out))
        assert "A build front end takes one wheel, and the configuration makes 2 (a.whl, b.whl)" in (
            capsys.readouterr().err
        )
        assert files(ready.out) == []

    def test_of_several_versions_the_running_one_is_built(self, ready: Workspace, tmp_path: Path) -> None:
        this = builds.this_python_version()
        ready.pyproject("[tool.alloconda]", f'python-version = ["3.9", "{this}"]')
        build_backend.build_wheel(str(tmp_path / "out"))
        assert f"-Dpython-version={this}" in arguments_of_zig()
        build_backend.build_wheel(str(tmp_path / "out"), {"python-version": "3.9,3.8"})
        assert "-Dpython-version=3.9,3.8" in arguments_of_zig()


@pytest.mark.parametrize(
    ("free_threaded", "config", "expected"),
    [
        (0, Config(), None),
        (None, Config(stable_abi=True), None),
        (0, Config(stable_abi=False), ("X",)),
        (0, Config(stable_abi=False, python_version=("3.11",)), ("3.11",)),
        (1, Config(), ("Xt",)),
        (1, Config(stable_abi=False), ("Xt",)),
        (1, Config(stable_abi="3.12"), None),
        (1, Config(python_version=("3.11",)), ("3.11",)),
    ],
)
def test_default_version(
    monkeypatch: pytest.MonkeyPatch, free_threaded: int | None, config: Config, expected: tuple[str, ...] | None
) -> None:
    monkeypatch.setattr(sysconfig, "get_config_var", lambda name: free_threaded if name == "Py_GIL_DISABLED" else "")
    this = f"{sys.version_info.major}.{sys.version_info.minor}"
    made = builds.for_this_interpreter(config).python_version
    assert made == (expected and tuple(version.replace("X", this) for version in expected))


class TestFailures:
    @pytest.mark.parametrize("command", ["build", "wheel"])
    def test_no_build_zig(self, ready: Workspace, command: str, capsys: pytest.CaptureFixture[str]) -> None:
        (ready.project / "build.zig").unlink()
        assert alloconda.cli.run([command]) == 1
        assert capsys.readouterr().err == (
            f"error: There is no build.zig in {ready.project}: add one that declares the extension.\n"
        )

    def test_zig_fails(
        self, ready: Workspace, fake_zig: FakeZig, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
    ) -> None:
        code = 'print("to stdout", flush=True); sys.exit("src/root.zig:1:1: error: as Zig wrote it")'
        use(monkeypatch, fake_zig(build=code))
        assert alloconda.cli.run(["build"]) == 1
        out, err = capfd.readouterr()
        assert out == ""
        assert err == (
            "to stdout\nsrc/root.zig:1:1: error: as Zig wrote it\n"
            f"error: zig build failed in {ready.project}; Zig's own messages are above.\n"
        )

    def test_a_failed_build_leaves_the_previous_wheel(
        self, ready: Workspace, fake_zig: FakeZig, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        alloconda.cli.run(["wheel"])
        before = {path: path.read_bytes() for path in (ready.project / "dist").iterdir()}
        use(monkeypatch, fake_zig(build='pathlib.Path(options["wheel-dir"]).mkdir(); sys.exit(1)'))
        assert alloconda.cli.run(["wheel"]) == 1
        assert {path: path.read_bytes() for path in (ready.project / "dist").iterdir()} == before

    def test_out_dir_is_a_file(self, ready: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
        ready.add("dist")
        assert alloconda.cli.run(["wheel"]) == 1
        assert capsys.readouterr().err == f"error: {ready.project}/dist cannot be written: File exists.\n"

    @pytest.mark.parametrize("arguments", [["nope"], ["wheel", "--nope"], ["wheel", "extra"], ["pack"]])
    def test_usage(self, arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
        assert alloconda.cli.run(arguments) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert err.startswith("Usage: alloconda")

    def test_pack_option_without_value(self, capsys: pytest.CaptureFixture[str]) -> None:
        arguments = ["pack", "--manifest=m", "--project-dir=.", "--wheel-dir=w", "--option=strip"]
        assert alloconda.cli.run(arguments) == 2
        assert "'strip' is not KEY=VALUE." in capsys.readouterr().err


def ends(pid: int) -> bool:
    """Wait for a process that was killed to be gone: whoever inherited it must fetch its status first."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.01)
    return False


@pytest.mark.skipif(os.name != "posix", reason="signals")
@pytest.mark.parametrize("command", ["wheel", "wheel-all"])
@pytest.mark.parametrize("to_group", [False, True])
@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_interrupted(  # noqa: PLR0917 - fixtures
    ready: Workspace, fake_zig: FakeZig, number: signal.Signals, status: int, to_group: object, command: str
) -> None:
    """Nothing that Zig started lives on, and nothing is left on disk."""
    pids = ready.out.with_name("pids")
    code = f"""
        import json, signal, subprocess
        child = subprocess.Popen([sys.executable, "-c",
            "import signal, time; signal.signal(signal.SIGINT, signal.SIG_IGN); time.sleep(600)"])
        pathlib.Path({str(pids)!r} + ".new").write_text(json.dumps([os.getpid(), child.pid]))
        os.replace({str(pids)!r} + ".new", {str(pids)!r})
        child.wait()
    """
    plan = """prefix.joinpath("matrix.json").write_text('{"matrix": 1, "wheels": []}')"""
    code = f"if 'dry-run' in options:\n    {plan}\nelse:\n{textwrap.indent(textwrap.dedent(code), '    ')}"
    environment: dict[str, Any] = {**os.environ, "ALLOCONDA_ZIG": str(fake_zig(build=code))}
    process = subprocess.Popen(
        [sys.executable, "-m", "alloconda", command], env=environment, stderr=subprocess.PIPE, start_new_session=True
    )
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not pids.exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    if to_group:
        os.killpg(process.pid, number)
    else:
        process.send_signal(number)
    _, err = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == status
    assert err.strip().removeprefix(b"building 0 wheels").strip() == (b"interrupted" if status == 130 else b"")
    for pid in json.loads(pids.read_text(encoding="utf-8")):
        assert ends(pid)
    assert files(ready.project / "dist") == []
    assert list((ready.project / "dist").iterdir()) == []


def test_a_module_of_the_project_is_not_taken_for_one_of_ours(ready: Workspace) -> None:
    for name in ("click", "zipfile", "tomllib", "tomli", "packaging", "json"):
        ready.add(f"{name}.py", "raise SystemExit('the wrong module')\n")
    done = subprocess.run(
        [sys.executable, "-m", "alloconda", "wheel"], capture_output=True, text=True, check=False, cwd=ready.project
    )
    assert done.returncode == 0, done.stderr
