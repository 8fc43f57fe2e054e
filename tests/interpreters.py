"""Python interpreters to import what was built: this machine's, and foreign ones.

Environment:
    ALLOCONDA_TEST_PLATFORMS: the program that provides foreign interpreters. Tests that need it skip without it.
    ALLOCONDA_TEST_STRICT: set where nothing may be skipped: a skip is then a failure.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest

if TYPE_CHECKING:
    from collections.abc import Mapping

CHECKED = Path(__file__).parent / "packages"
"""The folder of the packages with checks, and of what the checks share."""
VERSIONS = ("3.10", "3.11", "3.12", "3.13")


@cache
def pythons() -> Mapping[str, Path]:
    """CPython interpreters of this machine by version: the running one, those on PATH and pyenv's."""
    found = {f"{sys.version_info.major}.{sys.version_info.minor}": Path(sys.executable)}
    for version in VERSIONS:
        candidates = [shutil.which(f"python{version}"), *_pyenv(version)]
        for candidate in candidates:
            if version not in found and candidate and _runs(candidate, version):
                found[version] = Path(candidate)
    return found


def _pyenv(version: str) -> list[str]:
    pyenv = shutil.which("pyenv")
    root = os.environ.get("PYENV_ROOT") or (pyenv and subprocess.check_output([pyenv, "root"], text=True).strip())
    if not root:
        return []
    return [str(path / "bin" / "python") for path in Path(root, "versions").glob(f"{version}.*")]


def _runs(python: str, version: str) -> bool:
    code = "import sys; print('%d.%d' % sys.version_info[:2])"
    try:
        return subprocess.check_output([python, "-c", code], text=True, stderr=subprocess.DEVNULL).strip() == version
    except (OSError, subprocess.CalledProcessError):
        return False


def skip(reason: str) -> NoReturn:
    """Skip the test, or fail it where nothing may be skipped."""
    if os.environ.get("ALLOCONDA_TEST_STRICT"):
        pytest.fail(f"not skipped, since ALLOCONDA_TEST_STRICT is set: {reason}")
    pytest.skip(reason)


def python_or_skip(version: str) -> Path:
    """The interpreter of a version."""
    if version not in pythons():
        skip(f"no CPython {version} on this machine")
    return pythons()[version]


def check(interpreter: str, package: str, *arguments: str, path: Path) -> None:
    """Run `packages/PACKAGE/checks.py`, which must end well.

    Args:
        interpreter: the version of one of this machine, or the name of a foreign one.
        package: whose checks.
        arguments: what they are told.
        path: the folder of what is checked.
    """
    command = [str(CHECKED / package / "checks.py"), *arguments]
    paths = os.pathsep.join([str(path), str(CHECKED)])
    if interpreter in VERSIONS:
        done = subprocess.run(
            [python_or_skip(interpreter), *command],
            env=os.environ | {"PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        said = done.stdout
    else:
        said = Platform(interpreter).python(*command, path=paths)
    assert " 0 failed" in said, said


class Platform:
    """A foreign interpreter, from the program that ALLOCONDA_TEST_PLATFORMS names."""

    def __init__(self, name: str) -> None:
        tool = os.environ.get("ALLOCONDA_TEST_PLATFORMS")
        if not tool:
            skip("ALLOCONDA_TEST_PLATFORMS is not set")
        self.command = [sys.executable, str(tool)]
        self.name = name

    def python(self, *arguments: str, path: Path | str) -> str:
        """Run the interpreter with `path` on sys.path, and return what it prints."""
        done = subprocess.run(
            [*self.command, "python", self.name, "--", *arguments],
            env=os.environ | {"PYTHONPATH": str(path), "PYTHONDONTWRITEBYTECODE": "1"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode == 125:
            skip(f"{self.name}: {done.stderr.strip()}")
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def symbols(self) -> list[str]:
        """The C names that an extension module of this platform may leave undefined."""
        return self._ask("symbols").split()

    def include(self) -> list[Path]:
        """The folders of the interpreter's headers; that of Python.h comes first."""
        return [Path(line) for line in self._ask("include").splitlines()]

    def _ask(self, question: str) -> str:
        done = subprocess.run([*self.command, question, self.name], capture_output=True, text=True, check=False)
        if done.returncode == 125:
            skip(f"{self.name}: {done.stderr.strip()}")
        assert done.returncode == 0, done.stderr
        return done.stdout
