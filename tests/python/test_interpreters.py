"""Which interpreters are found on a machine, and what is said of them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from workspace import write

from alloconda.errors import AllocondaError
from alloconda.interpreters import Broken, find_interpreters, paths_of_launcher, version_of

THIS = Path(getattr(sys, "_base_executable", sys.executable)).resolve()

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the made-up interpreters are shell scripts")


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with nothing on it but the interpreter that runs the tests."""
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    monkeypatch.setenv("UV_PYTHON_INSTALL_DIR", str(tmp_path / "uv"))
    monkeypatch.setattr(sys, "executable", str(THIS))
    return tmp_path


def program(path: Path, text: str) -> Path:
    write(path, f"#!/bin/sh\n{text}\n").chmod(0o755)
    return path


def pretender(path: Path, version: str = "3.13.1", **changes: object) -> Path:
    """Answers as an interpreter would."""
    answer = {
        "version": version,
        "release": ".".join(version.split(".")[:2]),
        "implementation": "CPython",
        "free_threaded": False,
        "debug": False,
        "abi_flags": "",
        "system": "linux-x86_64",
        "libc": "gnu",
        "executable": str(path),
        **changes,
    }
    return program(path, f"echo '{json.dumps(answer)}'")


@pytest.mark.usefixtures("machine")
def test_the_running_one() -> None:
    (one,), broken = find_interpreters()
    assert broken == []
    assert (one.executable, one.version) == (THIS, sys.version.split()[0])
    assert one.release == f"{sys.version_info.major}.{sys.version_info.minor}{'t' if one.free_threaded else ''}"
    assert one.is_cpython == (sys.implementation.name == "cpython")


def test_everywhere_and_newest_first(machine: Path) -> None:
    pretender(machine / "bin" / "python3.9", "3.9.1")
    pretender(machine / "bin" / "pypy3", "3.11.9", implementation="PyPy")
    pretender(machine / "pyenv" / "versions" / "3.14.0t" / "bin" / "python3.14t", "3.14.0", free_threaded=True)
    pretender(machine / "uv" / "cpython-3.13.2-linux" / "bin" / "python3", "3.13.10", debug=True, abi_flags="d")
    for name in ("python3-config", "pythonw", "python3.13m-gdb.py"):
        program(machine / "bin" / name, "exit 1")
    program(machine / "pyenv" / "shims" / "python3.8", "exit 127")
    os.environ["PATH"] += f"{os.pathsep}{machine / 'pyenv' / 'shims'}{os.pathsep}{machine / 'nowhere'}"
    found, broken = find_interpreters()
    others = [one for one in found if one.executable != THIS]
    assert broken == []
    assert [(one.version, one.release, one.implementation, one.debug) for one in others] == [
        ("3.14.0", "3.14t", "CPython", False),
        ("3.13.10", "3.13", "CPython", True),
        ("3.11.9", "3.11", "PyPy", False),
        ("3.9.1", "3.9", "CPython", False),
    ]


@pytest.mark.parametrize("kind", ["--symlinks", "--copies"])
def test_a_virtual_environment_is_what_it_was_made_from(machine: Path, kind: str) -> None:
    if kind == "--copies" and sys.version_info < (3, 11):
        pytest.skip("before 3.11 a copy does not know where it comes from")
    subprocess.run([THIS, "-m", "venv", "--without-pip", kind, machine / "env"], check=True)
    os.environ["PATH"] = str(machine / "env" / "bin")
    (one,), _ = find_interpreters()
    assert one.executable == THIS
    assert one.found_at == (THIS,) if kind == "--symlinks" else machine / "env" / "bin" / "python" in one.found_at


def test_broken_ones_are_named(machine: Path) -> None:
    folder = machine / "bin"
    program(folder / "python3.1", "echo hello")
    program(folder / "python3.2", "echo '{}'; exit 3")
    program(folder / "python3.4", "echo '[1]'")
    write(folder / "python3.5", b"\x7fELF no program").chmod(0o755)
    write(folder / "python3.6", "not executable")
    (folder / "python3.7").symlink_to(folder / "nowhere")
    (folder / "python3.8").mkdir()
    _, broken = find_interpreters()
    assert broken == [
        Broken(folder / "python3.1", "it does not answer as Python 3 does (status 0)"),
        Broken(folder / "python3.2", "it does not answer as Python 3 does (status 3)"),
        Broken(folder / "python3.4", "it does not answer as Python 3 does (status 0)"),
        Broken(folder / "python3.5", "it cannot be run (Exec format error)"),
    ]


def test_one_that_hangs_is_given_up_with_all_that_it_started(machine: Path) -> None:
    stuck = program(machine / "bin" / "python3", f"/bin/sleep 60 & echo $! > {machine}/pid; wait")
    before = time.monotonic()
    _, broken = find_interpreters(timeout_seconds=2)
    assert time.monotonic() - before < 30
    assert broken == [Broken(stuck, "it did not answer within 2 seconds")]
    child = int((machine / "pid").read_text())
    for _ in range(100):
        try:
            state = Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()[0]
        except FileNotFoundError:
            break
        if state == "Z":
            break
        time.sleep(0.05)
    else:
        pytest.fail("the child lives on")


def test_one_that_is_named(machine: Path) -> None:
    pretender(machine / "bin" / "python3.14t", "3.14.0", free_threaded=True)
    assert version_of(sys.executable) == f"{sys.version_info.major}.{sys.version_info.minor}"
    assert version_of("python3.14t") == "3.14t"
    # A version need not be installed.
    assert [version_of(text) for text in ("3.13", "3.14t", "3.12.4")] == ["3.13", "3.14t", "3.12"]


def test_one_that_is_named_and_is_none(machine: Path) -> None:
    program(machine / "bin" / "nothing", "exit 0")
    pretender(machine / "bin" / "pypy3", "3.11.9", implementation="PyPy")
    sentences = {
        "python9": "There is no interpreter 'python9': give a path, the name of a program on PATH, or a version such "
        "as 3.13.",
        "nothing": f"{machine}/bin/nothing is not an interpreter to build for: it does not answer as Python 3 does "
        "(status 0).",
        "pypy3": f"{machine}/bin/pypy3 is PyPy, and alloconda builds for CPython.",
    }
    for name, sentence in sentences.items():
        with pytest.raises(AllocondaError) as caught:
            version_of(name)
        assert str(caught.value) == sentence


def test_the_launcher_of_windows() -> None:
    lines = [
        " -V:3.13 *        C:\\Program Files\\Python313\\python.exe",
        " -V:3.12-32       C:\\Python312-32\\python.exe",
        " -V:ContinuumAnalytics/Anaconda39-64 C:\\conda\\python.exe",
        "No installed Pythons found!",
        "",
    ]
    assert [str(path) for path in paths_of_launcher(lines)] == [
        "C:\\Program Files\\Python313\\python.exe",
        "C:\\Python312-32\\python.exe",
        "C:\\conda\\python.exe",
    ]
