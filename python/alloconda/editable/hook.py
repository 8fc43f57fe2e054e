"""Follows the imports of an editable install. The text of this module is copied into the environment.

There it runs whenever Python starts, so it imports next to nothing before a module of the package is imported, and
never anything outside the standard library: alloconda may be gone from the environment.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from importlib.machinery import ModuleSpec
    from typing import IO

SWITCH = "ALLOCONDA_EDITABLE_REBUILD"
"""The variable of the environment that, as "0", keeps the hook from building."""
STATE_FOLDER = (".zig-cache", "alloconda")
"""The folder in the project for what the hook needs to remember."""
STATE_FILE = "editable.json"

_SKIPPED_FOLDERS = frozenset(("__pycache__", ".git", ".venv", ".zig-cache", "dist", "zig-out", "zig-pkg"))
_SKIPPED_SUFFIXES = (".py", ".pyi", ".pyc", ".so", ".pyd", ".tmp")


def snapshot(watched: Sequence[str]) -> dict[str, list[int]]:
    """Take down size (bytes) and time of change (ns) of each file that counts.

    Args:
        watched: absolute paths of files and of folders, which stand for all that is in them but for Python's files.
    """
    found: dict[str, list[int]] = {}
    for path in watched:
        for file in _files(path):
            try:
                status = os.stat(file)
            except OSError:
                continue
            found[file] = [status.st_size, status.st_mtime_ns]
    return found


def _files(path: str) -> Iterator[str]:
    try:
        with os.scandir(path) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    if entry.name not in _SKIPPED_FOLDERS:
                        yield from _files(entry.path)
                elif not entry.name.endswith(_SKIPPED_SUFFIXES):
                    yield entry.path
    except NotADirectoryError:
        yield path
    except OSError:
        return


class EditableFinder:
    """Stands first among the finders of imports, and leaves the finding to the others where it can."""

    def __init__(
        self,
        project: str,
        packages: Mapping[str, str],
        rebuilt: Mapping[str, str],
        options: Sequence[str],
    ) -> None:
        """Take the facts of the install.

        Args:
            project: the project's folder.
            packages: the folder of each package whose folder has another name.
            rebuilt: the path, without suffix, of each extension module that is to be built again when its sources have
                changed.
            options: settings of the build, as KEY=VALUE.
        """
        self._project = project
        self._packages = packages
        self._rebuilt = rebuilt
        self._options = options

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        """Build an extension again if need be, and find the packages that nobody else can find.

        Raises:
            ImportError: the extension cannot be built; the message is Zig's.
        """
        del path, target
        if name in self._rebuilt:
            self._refresh(name)
        if name in self._packages:
            return self._package(name)
        return None

    def _package(self, name: str) -> ModuleSpec | None:
        from importlib.machinery import ModuleSpec
        from importlib.util import spec_from_file_location

        folder = self._packages[name]
        init = os.path.join(folder, "__init__.py")
        if os.path.exists(init):
            return spec_from_file_location(name, init, submodule_search_locations=[folder])
        spec = ModuleSpec(name, None, is_package=True)
        spec.submodule_search_locations = [folder]
        return spec

    def _refresh(self, name: str) -> None:
        if os.environ.get(SWITCH) == "0" or self._is_fresh(name):
            return
        folder = os.path.join(self._project, *STATE_FOLDER)
        try:
            os.makedirs(folder, exist_ok=True)
            lock = open(os.path.join(folder, "lock"), "ab")
        except OSError as error:
            raise ImportError(
                f"{name} has to be built, and {folder} cannot be written: {error.strerror}.", name=name
            ) from error
        with lock:
            _lock(lock)
            # Another process may have built it in the meantime.
            if not self._is_fresh(name):
                self._build(name)
        import importlib

        importlib.invalidate_caches()

    def _is_fresh(self, name: str) -> bool:
        import json
        from importlib.machinery import EXTENSION_SUFFIXES

        base = self._rebuilt[name]
        if not any(os.path.exists(base + suffix) for suffix in EXTENSION_SUFFIXES):
            return False
        try:
            with open(os.path.join(self._project, *STATE_FOLDER, STATE_FILE), "rb") as file:
                state = json.load(file)
            return bool(state["files"] == snapshot(state["watched"]))
        except (OSError, ValueError, KeyError, TypeError):
            return False

    def _build(self, name: str) -> None:
        import subprocess
        from importlib.util import find_spec

        if find_spec("alloconda") is None:
            raise ImportError(
                f"The sources of {name} have changed, and {sys.executable} has no alloconda to build it again: run "
                f"'{sys.executable} -m pip install alloconda', or set {SWITCH}=0 to go on with the old library.",
                name=name,
            )
        command = [sys.executable, "-m", "alloconda", "rebuild", "--project-dir", self._project]
        for option in self._options:
            command += ["--option", option]
        done = subprocess.run(
            command,
            env={**os.environ, SWITCH: "0"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            check=False,
        )
        if done.returncode != 0:
            words = done.stderr.decode(errors="replace").strip()
            raise ImportError(f"{name} cannot be built again:\n{words}", name=name)


def _lock(file: IO[bytes]) -> None:
    """Wait until no other process has the lock, and take it; the system gives it back when the file is closed."""
    if sys.platform == "win32":
        import msvcrt
        import time

        while True:
            try:
                file.seek(0)
                msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
            except OSError:
                time.sleep(0.1)
            else:
                return
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX)
