"""Front ends that packagers use build, install and remove our projects, each in its own way."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from workbench import ROOT, Workbench, Zig, copy_package

if TYPE_CHECKING:
    from collections.abc import Callable

PROOF = "import hello; print(hello.greet('Ada'), 'from', hello.__file__)"
WHEEL = "hello-0.1.0-cp310-abi3-manylinux_2_17_x86_64.whl"
SDIST = "hello-0.1.0.tar.gz"


@dataclass
class FrontEnd:
    """A project, an empty virtual environment, and an outside world in which alloconda is this checkout's."""

    workbench: Workbench
    project: Path
    environment: Path
    variables: dict[str, str]

    def run(self, *command: object, **environment: str) -> str:
        return self.workbench.run(command, self.project, environment=self.variables | environment).stdout

    def prove(self) -> Path:
        """Import the module in the environment, and return the file of the package."""
        code = [self.environment / "bin" / "python", "-c", PROOF]
        done = self.workbench.run(code, self.environment, environment={"PYTHONPATH": ""})
        greeting, _, file = done.stdout.strip().partition(" from ")
        assert greeting == "Hello, Ada!"
        return Path(file)

    def installed(self) -> list[str]:
        """What is in the environment, by name."""
        (folder,) = self.environment.glob("lib/python*/site-packages")
        return sorted(path.name for path in folder.iterdir() if path.name != "__pycache__")


@pytest.fixture
def front_end(
    workbench: Workbench, zig: Zig, project: Callable[[str], Path], isolated: dict[str, str], tmp_path: Path
) -> FrontEnd:
    variables = (
        isolated | zig.environment | {"PIPX_HOME": str(tmp_path / "pipx"), "PIPX_BIN_DIR": str(tmp_path / "bin")}
    )
    variables |= {"PYTHONPATH": "", "UV_CACHE_DIR": str(tmp_path / "uv"), "PIPX_MAN_DIR": str(tmp_path / "man")}
    hello = project("examples/hello")
    pin(workbench, zig, hello, tmp_path / "package")
    return FrontEnd(workbench, hello, tmp_path / "environment", variables)


def pin(workbench: Workbench, zig: Zig, project: Path, package: Path) -> None:
    """Let a project depend on alloconda by hash, as `init` does: a clone of it builds anywhere."""
    fetched = workbench.run([zig.executable, "fetch", copy_package(package)], project, environment=zig.environment)
    zon = project / "build.zig.zon"
    text = zon.read_text("utf-8")
    path = re.search(r"\.\{ \.path = [^}]*\}", text)
    assert path is not None
    pinned = f'.{{ .url = "https://alloconda.invalid/alloconda.tar.gz", .hash = "{fetched.stdout.strip()}" }}'
    zon.write_text(text.replace(path[0], pinned), "utf-8")


def test_build(front_end: FrontEnd, workbench: Workbench, zig: Zig, tmp_path: Path) -> None:
    """An sdist, and from it the wheel."""
    front_end.run(sys.executable, "-m", "build")
    dist = front_end.project / "dist"
    assert sorted(path.name for path in dist.iterdir()) == [WHEEL, SDIST]
    workbench.alloconda("wheel", "--out-dir", tmp_path, zig=zig, cwd=front_end.project)
    assert (dist / WHEEL).read_bytes() == (tmp_path / WHEEL).read_bytes()


def test_uv(front_end: FrontEnd) -> None:
    uv = [sys.executable, "-m", "uv"]
    front_end.run(*uv, "build", "--sdist", "--python", sys.executable)
    dist = front_end.project / "dist"
    front_end.run(*uv, "venv", "--python", sys.executable, front_end.environment)
    empty = front_end.installed()
    pip = [*uv, "pip", "install", "--python", front_end.environment]
    front_end.run(*pip, dist / SDIST)
    assert front_end.project not in front_end.prove().parents
    front_end.run(*pip, "--reinstall", "--editable", front_end.project)
    assert front_end.project in front_end.prove().parents
    front_end.run(*uv, "pip", "uninstall", "--python", front_end.environment, "hello")
    assert front_end.installed() == empty


def test_pip(front_end: FrontEnd) -> None:
    """From a repository, then editable; each in isolation."""
    for arguments in (
        ["init", "-q"],
        ["add", "-A"],
        ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "x"],
    ):
        front_end.run("git", *arguments)
    front_end.run(sys.executable, "-m", "venv", front_end.environment)
    empty = front_end.installed()
    pip = [front_end.environment / "bin" / "python", "-m", "pip"]
    front_end.run(*pip, "install", f"git+{front_end.project.as_uri()}")
    assert front_end.project not in front_end.prove().parents
    front_end.run(*pip, "install", "--editable", front_end.project, "--config-settings", "strip=true")
    assert front_end.project in front_end.prove().parents
    assert "hello" in front_end.run(*pip, "list", "--editable")
    front_end.run(*pip, "uninstall", "--yes", "hello")
    assert front_end.installed() == empty


def test_pip_without_isolation(workbench: Workbench, zig: Zig, project: Callable[[str], Path], tmp_path: Path) -> None:
    pip = [sys.executable, "-m", "pip", "wheel", "--no-build-isolation", "--no-deps", "--wheel-dir", tmp_path / "out"]
    workbench.run([*pip, project("examples/hello")], environment=zig.environment)
    expected = workbench.wheel(ROOT / "examples" / "hello", zig=zig)
    assert (tmp_path / "out" / WHEEL).read_bytes() == expected.read_bytes()


def test_tox(front_end: FrontEnd) -> None:
    """Tests against what an sdist installs."""
    (front_end.project / "tox.toml").write_text(
        'env_list = ["packed"]\n[env.packed]\npass_env = ["ALLOCONDA_ZIG", "ZIG_*"]\n'
        f"change_dir = '{{env_tmp_dir}}'\ncommands = [['python', '-c', {json.dumps(PROOF)}]]\n",
        "utf-8",
    )
    work = front_end.project.parent / "tox"
    said = front_end.run(sys.executable, "-m", "tox", "run", "--workdir", work)
    assert f"Hello, Ada! from {work}/packed/lib/" in said


def test_pipx(front_end: FrontEnd) -> None:
    pyproject = front_end.project / "pyproject.toml"
    pyproject.write_text(pyproject.read_text("utf-8") + '[project.scripts]\nhello = "hello.main:run"\n', "utf-8")
    (front_end.project / "hello" / "main.py").write_text("def run():\n    import hello\n    print(hello.add(1, 2))\n")
    front_end.run(sys.executable, "-m", "pipx", "install", "--python", sys.executable, front_end.project)
    assert front_end.run(front_end.variables["PIPX_BIN_DIR"] + "/hello") == "3\n"
