"""Editable installs: what the wheel says, where it is installed, and who installs it."""

from __future__ import annotations

import importlib.machinery
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from fixtures import FakeZig
from workspace import Workspace, write, write_program

import alloconda.cli
from alloconda import build_backend
from alloconda.build_backend import told
from alloconda.builds import InPlace
from alloconda.editable import environment
from alloconda.editable.environment import Environment, Wishes, install_command
from alloconda.editable.hook import snapshot
from alloconda.editable.record import watched_paths
from alloconda.editable.wheel import Layout
from alloconda.errors import AllocondaError

SUFFIX = importlib.machinery.EXTENSION_SUFFIXES[0]
TAG = f"cp{sys.version_info.major}{sys.version_info.minor}-none-any"


@pytest.fixture
def ready(hello: Workspace, fake_zig: FakeZig, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A project that the fake Zig builds in place, as the current folder."""
    hello.add("build.zig")
    hello.manifest()
    monkeypatch.setenv(
        "ALLOCONDA_ZIG", str(fake_zig(build=f"import shutil; shutil.copytree({str(hello.stage)!r}, prefix)"))
    )
    monkeypatch.chdir(hello.project)
    hello.out.mkdir()
    return hello


def editable(workspace: Workspace, settings: dict[str, object] | None = None) -> dict[str, str]:
    """Build the wheel; its files but for those of the metadata folder."""
    name = build_backend.build_editable(str(workspace.out), settings)
    assert name == f"hello-0.1.0-{TAG}.whl"
    with zipfile.ZipFile(workspace.out / name) as wheel:
        assert wheel.testzip() is None
        return {name: wheel.read(name).decode() for name in wheel.namelist() if ".dist-info/" not in name}


def test_a_path_is_all_that_it_takes(ready: Workspace) -> None:
    assert editable(ready) == {"_editable_hello.pth": f"{ready.project}/python\n"}
    assert (ready.project / "python/hello/_native.abi3.so").read_bytes() == b"library"
    with zipfile.ZipFile(next(ready.out.glob("*.whl"))) as wheel:
        assert wheel.read("hello-0.1.0.dist-info/WHEEL").decode().endswith(f"Root-Is-Purelib: false\nTag: {TAG}\n")


def test_what_is_not_imported_is_in_the_wheel(ready: Workspace) -> None:
    """Programs, and the files of the key ``data``: no path leads to them."""
    ready.pyproject("[tool.alloconda]", 'data = "data"')
    ready.add("data/scripts/hello-script", "#!/bin/sh\n")
    manifest = json.loads((ready.stage / "manifest.json").read_bytes())
    write(ready.stage / "programs" / "hello-tool", "program")
    manifest["programs"] = [{"name": "hello-tool", "file": "programs/hello-tool", "facts": {}}]
    write(ready.stage / "manifest.json", json.dumps(manifest))
    name = build_backend.build_editable(str(ready.out))
    # A program runs on one platform.
    assert name == f"hello-0.1.0-{TAG.removesuffix('any')}manylinux_2_17_x86_64.whl"
    with zipfile.ZipFile(ready.out / name) as wheel:
        scripts = [info for info in wheel.infolist() if info.filename.startswith("hello-0.1.0.data/scripts/")]
        assert [wheel.read(info) for info in scripts] == [b"#!/bin/sh\n", b"program"]
        assert [info.external_attr >> 16 for info in scripts] == [0o100755] * 2


def test_metadata_is_that_of_the_wheel(ready: Workspace, tmp_path: Path) -> None:
    editable(ready)
    assert build_backend.prepare_metadata_for_build_editable(str(tmp_path)) == "hello-0.1.0.dist-info"
    with zipfile.ZipFile(next(ready.out.glob("*.whl"))) as wheel:
        metadata = wheel.read("hello-0.1.0.dist-info/METADATA")
    assert (tmp_path / "hello-0.1.0.dist-info" / "METADATA").read_bytes() == metadata


def test_what_develop_has_built_is_of_one_project(ready: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    built = ready.add(f"python/hello/other{SUFFIX}")
    monkeypatch.setenv("ALLOCONDA_BUILT", told(ready.project, InPlace({"hello.other": built})))
    assert build_backend.get_requires_for_build_editable() == []
    editable(ready)
    assert not (ready.project / "python/hello/_native.abi3.so").exists()
    elsewhere = InPlace({"other": write(ready.project.parent / f"other{SUFFIX}")})
    monkeypatch.setenv("ALLOCONDA_BUILT", told(ready.project.parent, elsewhere))
    editable(ready)
    assert (ready.project / "python/hello/_native.abi3.so").is_file()


@pytest.mark.parametrize(
    ("libraries", "search_path", "packages"),
    [
        ({"a._n": "python/a/_n"}, ["python"], {}),
        ({"a.b._n": "src/a/b/_n", "a._m": "src/a/_m"}, ["src"], {}),
        ({"a._n": "a/_n"}, [""], {}),
        ({"flat": "flat"}, [""], {}),
        ({"a._n": "lib/sources/_n", "a.b._m": "lib/sources/b/_m"}, [], {"a": "lib/sources"}),
        ({"a._n": "python/a/_n", "c._n": "src/c/_n"}, ["python", "src"], {}),
    ],
)
def test_layouts(tmp_path: Path, libraries: dict[str, str], search_path: list[str], packages: dict[str, str]) -> None:
    layout = Layout.of({module: tmp_path / (path + SUFFIX) for module, path in libraries.items()})
    assert list(layout.search_path) == [str(tmp_path / path) for path in search_path]
    assert layout.packages == {name: str(tmp_path / path) for name, path in packages.items()}
    assert layout.bases == {module: str(tmp_path / path) for module, path in libraries.items()}


def test_a_library_for_another_python(tmp_path: Path) -> None:
    with pytest.raises(AllocondaError) as caught:
        Layout.of({"a._n": tmp_path / "a" / "_n.cp39-win32.pyd"})
    taken = ", ".join(importlib.machinery.EXTENSION_SUFFIXES)
    assert str(caught.value) == (
        f"_n.cp39-win32.pyd is not a library that this Python imports ({taken}): build for the version that runs, and "
        "for this machine."
    )


@pytest.mark.parametrize("folder", ["é", "with\nline", "blank "])
def test_any_folder_gets_on_the_path(tmp_path: Path, folder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = Workspace(tmp_path / folder, tmp_path / "stage", tmp_path / "out")
    workspace.out.mkdir()
    workspace.pyproject()
    library = workspace.add(f"python/hello/_native{SUFFIX}")
    workspace.add("python/hello/__init__.py", "found = True")
    monkeypatch.chdir(workspace.project)
    monkeypatch.setenv("ALLOCONDA_BUILT", told(workspace.project, InPlace({"hello._native": library})))
    assert found(tmp_path, editable(workspace), "hello.found") == "True\n"


@pytest.mark.parametrize("name", ["__init__.py", "inner.py"])
def test_a_folder_of_another_name_is_found(ready: Workspace, tmp_path: Path, name: str) -> None:
    """A package, and a namespace package."""
    ready.add(f"lib/sources/{name}", "found = __name__")
    ready.add("lib/sources/data.txt", "read")
    files = editable(ready, {"package-dir": "lib/sources"})
    assert files["_editable_hello.pth"] == "import _editable_hello\n"
    module = "hello" if name == "__init__.py" else "hello.inner"
    assert found(tmp_path, files, f"{module}.found") == f"{module}\n"
    if name == "__init__.py":
        resource = "__import__('importlib.resources').resources.files('hello').joinpath('data.txt').read_text()"
        assert found(tmp_path, files, resource) == "read\n"


def found(folder: Path, files: dict[str, str], expression: str) -> str:
    """Install files into a folder of their own, and evaluate an expression with it as the only site-packages."""
    for name, content in files.items():
        write(folder / "site" / name, content)
    module = expression.rpartition(".")[0] if expression.startswith("hello") else "sys"
    code = f"import site; site.addsitedir({str(folder / 'site')!r}); import {module}; print({expression})"
    # The environment of the tests may have a package of this name: the README's first command installs it.
    command = [sys.executable, "-I", "-S", "-c", code]
    return subprocess.run(command, cwd="/", check=True, capture_output=True, text=True).stdout


class TestRebuild:
    def test_the_state_is_kept(self, ready: Workspace) -> None:
        ready.add("build.zig.zon", '.{ .paths = .{ "build.zig", "src" } }')
        root = ready.add("src/root.zig")
        ready.add("src/module.py")
        files = editable(ready, {"editable-rebuild": "true", "optimize": "Debug", "zig-args": ["-Da", "-Db=c d"]})
        assert files["_editable_hello.pth"] == f"{ready.project}/python\nimport _editable_hello\n"
        assert files["_editable_hello.py"].endswith(
            f"EditableFinder({str(ready.project)!r}, {{}}, "
            f"{{'hello._native': {str(ready.project / 'python/hello/_native')!r}}}, "
            "['editable-rebuild=true', 'optimize=Debug', 'zig-args=-Da', 'zig-args=-Db=c d']))\n"
        )
        state = json.loads((ready.project / ".zig-cache/alloconda/editable.json").read_bytes())
        names = ["build.zig", "build.zig.zon", "pyproject.toml", "src/root.zig"]
        assert sorted(state["files"]) == [str(ready.project / name) for name in names]
        assert state["files"] == snapshot(state["watched"])
        root.write_text("edited", "utf-8")
        assert state["files"] != snapshot(state["watched"])

    @pytest.mark.usefixtures("ready")
    def test_without_it_nothing_is_kept(self, ready: Workspace) -> None:
        assert alloconda.cli.run(["build"]) == 0
        assert not (ready.project / ".zig-cache").exists()

    def test_the_key_of_the_file(self, ready: Workspace) -> None:
        ready.pyproject("[tool.alloconda]", "editable-rebuild = true")
        assert alloconda.cli.run(["build"]) == 0
        assert (ready.project / ".zig-cache/alloconda/editable.json").is_file()

    def test_sources_of_dependencies_are_watched(self, ready: Workspace, tmp_path: Path) -> None:
        write(tmp_path / "other" / "build.zig.zon", '.{ .paths = .{ "lib.zig" } }')
        ready.add("build.zig.zon", '.{ .dependencies = .{ .other = .{ .path = "../other" } }, .paths = .{ "src" } }')
        assert str(tmp_path / "other" / "lib.zig") in watched_paths(ready.project)


class TestEnvironment:
    @pytest.fixture(autouse=True)
    def _bare(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        for name in ("VIRTUAL_ENV", "CONDA_PREFIX"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setattr(sys, "base_prefix", sys.prefix)
        monkeypatch.chdir(tmp_path)

    def venv(self, folder: Path) -> Path:
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
        return folder

    def test_the_order(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        made = self.venv(tmp_path / ".venv")
        assert Environment.find(tmp_path, system=True).prefix == made
        monkeypatch.setattr(sys, "base_prefix", "/elsewhere")
        assert Environment.find(tmp_path, system=False).prefix == Path(sys.prefix)
        monkeypatch.setenv("VIRTUAL_ENV", str(made))
        assert Environment.find(tmp_path / "x", system=False).prefix == made

    def test_conda(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        made = self.venv(tmp_path / "conda")
        monkeypatch.setenv("CONDA_PREFIX", str(made))
        found = Environment.find(tmp_path, system=False)
        assert (found.prefix, found.is_ours, found.has_pip) == (made, False, False)

    def test_an_environment_of_a_tool_does_not_count(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        write(tmp_path / "tool" / "uv-receipt.toml")
        monkeypatch.setattr(sys, "prefix", str(tmp_path / "tool"))
        with pytest.raises(AllocondaError, match="There is no virtual environment to install into: make one with"):
            Environment.find(tmp_path, system=False)

    def test_none(self, tmp_path: Path) -> None:
        with pytest.raises(AllocondaError) as caught:
            Environment.find(tmp_path, system=False)
        assert str(caught.value) == (
            "There is no virtual environment to install into: make one with 'python -m venv .venv' and activate it, or "
            "give --system to install into the Python that runs alloconda."
        )
        assert Environment.find(tmp_path, system=True).python == Path(sys.executable)

    def test_one_that_is_gone(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("VIRTUAL_ENV", str(tmp_path / "gone"))
        with pytest.raises(AllocondaError, match=r"The virtual environment .*gone has no python: make it anew\."):
            Environment.find(tmp_path, system=False)
        write(tmp_path / "gone" / "bin" / "python", "#!/bin/false").chmod(0o755)
        with pytest.raises(AllocondaError, match=r"gone/bin/python does not run \(.*\): make the virtual environment"):
            Environment.find(tmp_path, system=False)


HAS_ALL = Environment(Path("/e/bin/python"), Path("/e"), has_pip=True, has_alloconda=True)
HAS_NOTHING = Environment(Path("/e/bin/python"), Path("/e"), has_pip=False, has_alloconda=False)


@pytest.mark.parametrize(
    ("where", "wishes", "command"),
    [
        (HAS_ALL, Wishes(), "/e/bin/python -m pip install --no-build-isolation|--editable /p"),
        (HAS_ALL, Wishes(uv=True), "UV pip install --python /e/bin/python --reinstall-package hello "
         "--no-build-isolation|--editable /p"),
        (HAS_NOTHING, Wishes(pip_args=("-v", "x y")), "UV pip install --python /e/bin/python --reinstall-package hello|"
         "--editable /p -v x y"),
    ],
)  # fmt: skip
def test_install_command(monkeypatch: pytest.MonkeyPatch, where: Environment, wishes: Wishes, command: str) -> None:
    monkeypatch.setattr(environment, "_uv", lambda: ["UV"])
    settings = {"optimize": "Debug", "zig-args": "-Da '-Db c'"}
    given = install_command(where, Path("/p"), "hello", settings, wishes)
    options = " --config-settings optimize=Debug --config-settings zig-args=-Da '-Db c' "
    assert " ".join(given) == command.replace("|", options)


@pytest.mark.parametrize(
    ("wishes", "sentence"),
    [
        (Wishes(), "There is neither pip in /e nor uv on PATH: run '/e/bin/python -m ensurepip', or install uv."),
        (Wishes(uv=True), "uv is asked for, and it is neither on PATH nor a package of this Python: install it."),
    ],
)
def test_no_installer(monkeypatch: pytest.MonkeyPatch, wishes: Wishes, sentence: str) -> None:
    monkeypatch.setattr(environment, "_uv", lambda: None)
    with pytest.raises(AllocondaError) as caught:
        install_command(HAS_NOTHING, Path("/p"), "hello", {}, wishes)
    assert str(caught.value) == sentence


class TestDevelop:
    @pytest.fixture
    def installer(self, ready: Workspace, monkeypatch: pytest.MonkeyPatch) -> Path:
        """A program that stands for pip: it notes its arguments and what it is told by the environment."""
        log = ready.project.parent / "installed.json"
        program = write_program(
            ready.project.parent / "pip",
            "import json, os, sys\n"
            f"json.dump([sys.argv[1:], os.environ.get('ALLOCONDA_BUILT')], open({str(log)!r}, 'w'))\n"
            "print('said')\nsys.exit('refuse' in sys.argv)\n",
        )
        here = Environment(Path(sys.executable), Path(sys.prefix), has_pip=True, has_alloconda=True)
        monkeypatch.setattr(Environment, "find", lambda *_, **__: here)
        monkeypatch.setattr(Environment, "installer", lambda *_, **__: [str(program)])
        return log

    def test_builds_first_and_tells(self, ready: Workspace, installer: Path, capfd: pytest.CaptureFixture[str]) -> None:
        assert alloconda.cli.run(["develop", "--debug", "--zig-arg=-Da b", "--pip-arg=-q"]) == 0
        said = capfd.readouterr()
        assert said.out == "python/hello/_native.abi3.so\n"
        assert said.err == f"installing hello into {sys.prefix}\nsaid\n"
        arguments, built = json.loads(installer.read_bytes())
        assert arguments == [
            "--no-build-isolation", "--config-settings", "zig-args='-Da b'", "--config-settings", "optimize=Debug",
            "--editable", str(ready.project), "-q",
        ]  # fmt: skip
        library = ready.project / "python/hello/_native.abi3.so"
        assert built == told(ready.project, InPlace({"hello._native": library}))

    @pytest.mark.usefixtures("installer")
    def test_an_installer_that_fails(self, ready: Workspace, capfd: pytest.CaptureFixture[str]) -> None:
        assert alloconda.cli.run(["develop", "--pip-arg=refuse"]) == 1
        assert capfd.readouterr().err.endswith(
            "error: hello is not installed: the installer ended with status 1; its words are above.\n"
        )
        assert (ready.project / "python/hello/_native.abi3.so").is_file()

    def test_a_build_that_fails_installs_nothing(
        self, ready: Workspace, installer: Path, fake_zig: FakeZig, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        ready.add("python/hello/_native.abi3.so", "old")
        monkeypatch.setenv("ALLOCONDA_ZIG", str(fake_zig(build="sys.exit(1)", folder="failing")))
        assert alloconda.cli.run(["develop"]) == 1
        assert not installer.exists()
        assert (ready.project / "python/hello/_native.abi3.so").read_text("utf-8") == "old"

    def test_another_interpreter_builds_for_itself(
        self, ready: Workspace, installer: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        there = Environment(Path("/e/bin/python"), Path("/e"), has_pip=True, has_alloconda=False)
        monkeypatch.setattr(Environment, "find", lambda *_, **__: there)
        assert alloconda.cli.run(["develop"]) == 0
        assert json.loads(installer.read_bytes()) == [["--editable", str(ready.project)], None]
        assert not Path(os.environ["ALLOCONDA_ZIG"]).with_name("log").exists()

    def test_skip_build_without_a_library(
        self, ready: Workspace, installer: Path, fake_zig: FakeZig, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        document: dict[str, Any] = {"matrix": 1, "wheels": [{
            "python_tag": "cp310", "abi_tag": "abi3", "platform_tag": "win32", "zig_target": "z",
            "extensions": [{"module": "hello._native", "file": "hello/_native.pyd"}],
        }]}  # fmt: skip
        plan = f"prefix.joinpath('matrix.json').write_text({json.dumps(document)!r})"
        zig = fake_zig(build=plan, folder="planning")
        monkeypatch.setenv("ALLOCONDA_ZIG", str(zig))
        assert alloconda.cli.run(["develop", "--skip-build"]) == 1
        assert not installer.exists()
        library = ready.add("python/hello/_native.abi3.so", "kept")
        assert alloconda.cli.run(["develop", "--skip-build"]) == 0
        assert json.loads(installer.read_bytes())[1] == told(ready.project, InPlace({"hello._native": library}))
        assert library.read_text("utf-8") == "kept"
