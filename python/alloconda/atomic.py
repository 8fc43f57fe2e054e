"""Files that appear whole or not at all.

What is being written has a name with `PREFIX`. A process that is killed leaves it behind; the next one that writes into
the same folder removes it.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import time
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PREFIX = ".alloconda-"
"""How the names of unfinished files and folders begin. Nothing of that name is ever packed."""

_LEFTOVER_AGE_SECONDS_MIN = 60
"""How old something must be to count as left behind: between its making and its locking it looks as if it were."""


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """Open a temporary file beside ``path`` and move it there when the block ends.

    A block that raises, or a process that dies, leaves the file that was there before.

    Args:
        path: the file to write; its folder must exist.

    Yields:
        The temporary file, open for writing bytes, seekable.

    Raises:
        OSError: the file cannot be written.
    """
    _sweep(path.parent)
    temporary = path.with_name(f"{PREFIX}{os.urandom(4).hex()}.tmp")
    # Not tempfile: its files are private to the user (0600), and this one must follow the umask.
    descriptor = os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
    try:
        with os.fdopen(descriptor, "w+b") as file:
            _lock(file.fileno())
            yield file
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def copy(source: Path, destination: Path) -> None:
    """Copy the bytes and the executable bit of ``source`` over ``destination``, atomically.

    Args:
        source: an existing file.
        destination: the file to make or replace; its folder must exist. A process that has the old file loaded keeps
            the old one.

    Raises:
        OSError: a file cannot be read or written.
    """
    with source.open("rb") as reader, replacing(destination) as writer:
        shutil.copyfileobj(reader, writer)
        if os.name == "posix" and os.fstat(reader.fileno()).st_mode & 0o100:
            mode = os.fstat(writer.fileno()).st_mode
            # Executable for whom it is readable.
            os.fchmod(writer.fileno(), mode | (mode & 0o444) >> 2)


@contextlib.contextmanager
def scratch_folder(parent: Path) -> Iterator[Path]:
    """Make a fresh folder in ``parent``, and remove it with all its content when the block ends.

    Args:
        parent: an existing folder; what is made in the scratch folder can be moved into it by a rename.

    Yields:
        The absolute path of the new folder.

    Raises:
        OSError: the folder cannot be made.
    """
    _sweep(parent)
    folder = parent.resolve() / f"{PREFIX}{os.urandom(4).hex()}"
    folder.mkdir()
    try:
        with _held(folder):
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _sweep(folder: Path) -> None:
    """Remove what processes that were killed have left in a folder: what is old, and locked by nobody."""
    if sys.platform == "win32":
        return
    with contextlib.suppress(OSError):
        leftovers = [path for path in folder.iterdir() if path.name.startswith(PREFIX)]
        for path in leftovers:
            _remove_leftover(path)


def _remove_leftover(path: Path) -> None:
    # Another process may remove it first, and a symbolic link is none of ours.
    with contextlib.suppress(OSError):
        if time.time() - path.lstat().st_mtime < _LEFTOVER_AGE_SECONDS_MIN:
            return
        with _held(path) as is_ours:
            if is_ours and path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            elif is_ours:
                path.unlink()


@contextlib.contextmanager
def _held(path: Path) -> Iterator[bool]:
    """Lock a file or folder while the block runs, and tell whether that has succeeded."""
    if sys.platform == "win32":
        yield False
        return
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    try:
        yield _lock(descriptor)
    finally:
        os.close(descriptor)


def _lock(descriptor: int) -> bool:
    """Lock an open file against `_sweep`; the system takes the lock away with the process. Not on Windows."""
    if sys.platform == "win32":
        return False
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:  # another process has it, or the file system knows no locks
        return False
    return True


__all__ = ["PREFIX", "copy", "replacing", "scratch_folder"]
