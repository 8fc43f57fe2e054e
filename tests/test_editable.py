"""An editable install: what is edited is seen, what is broken says so, and what is removed is gone."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from workbench import Workbench, Zig

if TYPE_CHECKING:
    from collections.abc import Callable

SUM = "import hello; print(hello.add(20, 22))"


@dataclass
class Install:
    """A project, and a virtual environment to install it into."""

    workbench: Workbench
    zig: Zig
    project: Path
    environment: Path

    site_packages: Path

    @property
    def python(self) -> Path:
        return self.environment / "bin" / "python"

    def run(self, *arguments: object, status: int = 0, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run the environment's interpreter from a folder that has nothing to do with the project."""
        variables = self.zig.environment | {"VIRTUAL_ENV": str(self.environment)} | environment
        return self.workbench.run([self.python, *arguments], self.environment, status, variables)

    def develop(self, *options: str) -> str:
        command = ["-m", "alloconda", "develop", "--project-dir", self.project, "--pip-arg=--no-deps", *options]
        return self.run(*command).stdout

    def says(self, code: str = SUM, **environment: str) -> str:
        return self.run("-c", code, status=0, **environment).stdout

    def edit(self, old: str, new: str) -> None:
        source = self.project / "src" / "root.zig"
        text = source.read_text("utf-8")
        assert old in text
        source.write_text(text.replace(old, new), "utf-8")


def file_facts(path: Path) -> tuple[int, int, int]:
    """By which one sees that a file has been written."""
    status = path.stat()
    return status.st_ino, status.st_size, status.st_mtime_ns


@pytest.fixture
def install(workbench: Workbench, zig: Zig, project: Callable[[str], Path], tmp_path: Path) -> Install:
    environment = tmp_path / "environment"
    return Install(workbench, zig, project("examples/hello"), environment, workbench.virtual_environment(environment))


def test_edits_are_built_when_they_are_imported(install: Install) -> None:
    hello = install.project / "hello"
    library = hello / "_native.abi3.so"
    assert install.develop("--editable-rebuild") == f"{library}\n"
    assert install.says() == "42\n"

    # Python's own files are those of the project.
    (hello / "__init__.py").write_text("from hello._native import add\nedited: int = 1\n", "utf-8")
    (hello / "py.typed").touch()
    assert install.says("import hello; print(hello.edited)") == "1\n"
    checked = install.workbench.run(
        [sys.executable, "-m", "mypy", "--python-executable", install.python, "-c", "import hello; hello.edited.bad"],
        install.environment,
        status=1,
    )
    assert '"int" has no attribute "bad"' in checked.stdout

    # An edit of Zig's is built, once, however many ask for it.
    install.edit("std.math.add(i64, a, b)", "std.math.add(i64, a * 100, b)")
    environment = install.workbench.environment | install.zig.environment
    processes = [
        subprocess.Popen([install.python, "-c", SUM], cwd="/", env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    assert [process.communicate()[0] for process in processes] == ["2022\n"] * 4
    built = file_facts(library)
    assert install.says() == "2022\n"
    assert file_facts(library) == built

    # One that cannot be built says what Zig says, and leaves the library as it was.
    install.edit("a * 100", "a * missing")
    failed = install.run("-c", SUM, status=1).stderr
    assert "\nImportError: hello._native cannot be built again:\n" in failed
    assert "error: use of undeclared identifier 'missing'\n    return std.math.add(i64, a * missing, b);\n" in failed
    assert file_facts(library) == built
    assert install.says(ALLOCONDA_EDITABLE_REBUILD="0") == "2022\n"

    # Without alloconda it says so.
    paths = [str(install.site_packages), str(install.project)]
    code = f"import sys; sys.path += {paths}; import _editable_hello; {SUM}"
    failed = install.run("-S", "-c", code, status=1, PYTHONPATH="").stderr
    assert "ImportError: The sources of hello._native have changed, and " in failed
    assert "has no alloconda to build it again: run '" in failed

    install.edit("a * missing", "a")
    library.unlink()
    assert install.says() == "42\n"

    # What is removed is gone.
    install.run("-m", "pip", "uninstall", "--yes", "hello")
    left = sorted(path.name for path in install.site_packages.rglob("*") if path.is_file())
    assert left == ["lent.pth"]
    # The environment of the tests may have a package of this name: the README's first command installs it.
    (install.site_packages / "lent.pth").unlink()
    assert "No module named 'hello'" in install.run("-c", SUM, status=1).stderr


def test_debug_and_skip_build(install: Install) -> None:
    """The options of a build count, and a library that is there may do."""
    library = install.project / "hello" / "_native.abi3.so"
    assert install.develop("--debug", "--no-strip") == f"{library}\n"
    debug = library.read_bytes()
    assert b".debug_info" in debug
    assert install.develop("--skip-build") == f"{library}\n"
    assert library.read_bytes() == debug
    assert install.says() == "42\n"
    # Without the hook nothing is built again.
    install.edit("std.math.add(i64, a, b)", "std.math.add(i64, a + 1, b)")
    assert install.says() == "42\n"
    assert sorted(path.name for path in install.site_packages.glob("_editable*")) == ["_editable_hello.pth"]


def test_programs(workbench: Workbench, zig: Zig, project: Callable[[str], Path], tmp_path: Path) -> None:
    """They are commands after an editable install too, also those of a project that has nothing to import."""
    environment = tmp_path / "environment"
    site_packages = workbench.virtual_environment(environment)
    install = Install(workbench, zig, project("tests/packages/program_only"), environment, site_packages)
    assert install.develop() == ""
    program = environment / "bin" / "program-only"
    assert workbench.run([program]).stderr == "tool says 5\n"
    # Nothing leads to the project.
    assert list(site_packages.glob("_editable*")) == []
    install.run("-m", "pip", "uninstall", "--yes", "program-only")
    assert not program.exists()
    # As pip does it by itself.
    options = ["--no-build-isolation", "--no-deps", "--no-index", "--editable", install.project]
    install.run("-m", "pip", "install", *options)
    assert workbench.run([program]).stderr == "tool says 5\n"
    # None is kept where --skip-build would find it.
    done = install.run("-m", "alloconda", "develop", "--project-dir", install.project, "--skip-build")
    assert "the programs of build.zig are not installed, since --skip-build builds none\n" in done.stderr
    assert not program.exists()
