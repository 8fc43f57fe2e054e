"""Finds the Python interpreters of this machine, and asks each what it is.

What an interpreter is called in wheel tags is for the host program to say; here are only facts.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alloconda.errors import AllocondaError
from alloconda.folders import home_folder
from alloconda.processes import supervise

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

TIMEOUT_SECONDS = 10
"""For one interpreter to start and to answer; a cold one takes one or two."""
_NAMED_TIMEOUT_SECONDS = 60
"""For the one that somebody named, which there is no going on without."""
_AT_ONCE = 4

_NAME = re.compile(r"(python|pypy|graalpy)(\d+(\.\d+)?)?t?(\.exe)?", re.IGNORECASE)
"""Files that may be interpreters: not python3-config, nor pythonw."""

_QUESTION = """
import json, platform, sys, sysconfig
system = sysconfig.get_platform()
if sys.maxsize < 1 << 32:  # on a 64-bit kernel the name is that of the kernel
    system = {"linux-x86_64": "linux-i686", "linux-aarch64": "linux-armv7l"}.get(system, system)
suffix = sysconfig.get_config_var("EXT_SUFFIX") or ""
musl = "musl" in suffix or "musl" in (sysconfig.get_config_var("HOST_GNU_TYPE") or "")
print(json.dumps({
    "version": platform.python_version(),
    "release": "%d.%d" % sys.version_info[:2],
    "implementation": platform.python_implementation(),
    "free_threaded": bool(sysconfig.get_config_var("Py_GIL_DISABLED")),
    "debug": hasattr(sys, "gettotalrefcount"),
    "abi_flags": getattr(sys, "abiflags", ""),
    "system": system,
    "libc": ("musl" if musl else "gnu") if system.startswith("linux") else "none",
    "executable": getattr(sys, "_base_executable", None) or sys.executable,
}))
"""


@dataclass(frozen=True)
class Interpreter:
    """An interpreter that answers."""

    executable: Path
    """That of the installation: a virtual environment stands for what it was made from."""
    found_at: tuple[Path, ...]
    version: str
    """With the patch number."""
    release: str
    """Without it, and with a "t" when the global interpreter lock is off: "3.13t"."""
    implementation: str
    free_threaded: bool
    debug: bool
    abi_flags: str
    system: str
    """As `sysconfig.get_platform()` says it."""
    libc: str
    """"gnu", "musl" or "none"."""

    @property
    def is_cpython(self) -> bool:
        """Whether wheels for CPython load in it."""
        return self.implementation == "CPython"


@dataclass(frozen=True)
class Broken:
    """A file that is named like an interpreter, and does not answer like one."""

    executable: Path
    reason: str


def find_interpreters(timeout_seconds: float = TIMEOUT_SECONDS) -> tuple[list[Interpreter], list[Broken]]:
    """Look for interpreters: the running one, on PATH, pyenv's, uv's, and those that Windows' launcher knows.

    Args:
        timeout_seconds: how long each may take.

    Returns:
        Those that work, newest first, each once; and those that do not.
    """
    files = {path.resolve(): path for path in reversed(list(_candidates()))}
    pool = ThreadPoolExecutor(_AT_ONCE)
    try:
        answers = list(pool.map(lambda path: _ask(path, timeout_seconds), files.values()))
    finally:
        pool.shutdown(cancel_futures=True)  # after Ctrl-C those that have not begun are left alone
    found: dict[Path, list[tuple[Path, dict[str, Any]]]] = {}
    broken = []
    for path, answer in zip(files.values(), answers, strict=True):
        if isinstance(answer, str):
            broken.append(Broken(path, answer))
        else:
            found.setdefault(Path(answer["executable"]).resolve(), []).append((path, answer))
    interpreters = [_interpreter(executable, group) for executable, group in found.items()]
    interpreters.sort(key=lambda one: [int(part) for part in re.findall(r"\d+", one.version)[:3]], reverse=True)
    return interpreters, sorted(broken, key=lambda one: one.executable)


def version_of(name: str) -> str:
    """Tell the version of an interpreter as ``python-version`` has it: "3.13", "3.13t".

    Args:
        name: a path, the name of a program on PATH, or a version, which need not be installed.

    Raises:
        AllocondaError: there is no such program, or it is no CPython.
    """
    if match := re.fullmatch(r"(3\.[0-9]+)(?:\.[0-9]+)?(t?)", name, re.ASCII):
        return match[1] + match[2]
    program = shutil.which(name)
    if program is None:
        raise AllocondaError(
            f"There is no interpreter '{name}': give a path, the name of a program on PATH, or a version such as 3.13."
        )
    answer = _ask(Path(program), _NAMED_TIMEOUT_SECONDS)
    if isinstance(answer, str):
        raise AllocondaError(f"{program} is not an interpreter to build for: {answer}.")
    interpreter = _interpreter(Path(program), [(Path(program), answer)])
    if not interpreter.is_cpython:
        raise AllocondaError(f"{program} is {interpreter.implementation}, and alloconda builds for CPython.")
    return interpreter.release


def _interpreter(executable: Path, group: list[tuple[Path, dict[str, Any]]]) -> Interpreter:
    answer = group[0][1]
    return Interpreter(
        executable=executable,
        found_at=tuple(sorted(path for path, _ in group)),
        version=answer["version"],
        release=answer["release"] + ("t" if answer["free_threaded"] else ""),
        implementation=answer["implementation"],
        free_threaded=answer["free_threaded"],
        debug=answer["debug"],
        abi_flags=answer["abi_flags"],
        system=answer["system"],
        libc=answer["libc"],
    )


def _candidates() -> Iterator[Path]:
    """Yield files that may be interpreters; a folder that cannot be read has none."""
    yield Path(sys.executable)
    pyenv = Path(os.environ.get("PYENV_ROOT") or home_folder() / ".pyenv")
    for folder in os.get_exec_path():
        # pyenv's shims are not interpreters; what they lead to comes below.
        if folder and Path(folder) != pyenv / "shims":
            yield from _in_folder(Path(folder))
    for root in (pyenv / "versions", _uv_folder()):
        for installation in _entries(root):
            yield from _in_folder(installation if sys.platform == "win32" else installation / "bin")
    if sys.platform == "win32":
        yield from _of_launcher()


def _uv_folder() -> Path:
    """Where uv keeps its interpreters, by its documentation."""
    if folder := os.environ.get("UV_PYTHON_INSTALL_DIR"):
        return Path(folder)
    if sys.platform == "win32":
        return Path(os.environ.get("APPDATA") or home_folder()) / "uv" / "python"
    return Path(os.environ.get("XDG_DATA_HOME") or home_folder() / ".local" / "share") / "uv" / "python"


def _in_folder(folder: Path) -> Iterator[Path]:
    for path in _entries(folder):
        if _NAME.fullmatch(path.name) and path.is_file() and os.access(path, os.X_OK):
            yield path


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def _of_launcher() -> Iterator[Path]:
    """Ask the launcher of Windows, ``py``."""
    status, text = _run(["py", "--list-paths"], TIMEOUT_SECONDS)
    if status == 0:
        yield from paths_of_launcher(text.splitlines())


def paths_of_launcher(lines: Iterable[str]) -> Iterator[Path]:
    """Read the list that ``py --list-paths`` prints: a version, perhaps a star, and a path on each line."""
    for line in lines:
        match = re.match(r"\s*-\S+\s+(?:\*\s+)?(\S.*\.exe)\s*$", line, re.IGNORECASE)
        if match:
            yield Path(match[1])


def _ask(executable: Path, timeout_seconds: float) -> dict[str, Any] | str:
    """Ask an interpreter what it is; text says why there is no answer."""
    try:
        # Isolated, without site: whatever is installed there is none of our business, and may be broken.
        status, text = _run([str(executable), "-I", "-S", "-c", _QUESTION], timeout_seconds)
    except OSError as error:
        return f"it cannot be run ({error.strerror})"
    if status is None:
        return f"it did not answer within {timeout_seconds:g} seconds"
    try:
        answer = json.loads(text)
    except ValueError:
        answer = None
    if status != 0 or not isinstance(answer, dict) or "executable" not in answer:
        return f"it does not answer as Python 3 does (status {status})"
    return answer


def _run(command: list[str], timeout_seconds: float) -> tuple[int | None, str]:
    """Run a program, with all that it starts, for a limited time. Without a status it took too long."""
    with tempfile.TemporaryFile() as output:
        status = supervise(command, output=output, timeout_seconds=timeout_seconds)
        output.seek(0)
        return status, output.read(1 << 20).decode(errors="replace")
