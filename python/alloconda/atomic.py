"""Files that appear whole or not at all."""

from __future__ import annotations

import contextlib
import os
import shutil
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


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
    temporary = path.with_name(f".{path.name}.{os.urandom(4).hex()}.tmp")
    # Not tempfile: its files are private to the user (0600), and this one must follow the umask.
    descriptor = os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
    try:
        with os.fdopen(descriptor, "w+b") as file:
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
    folder = parent.resolve() / f".alloconda-{os.urandom(4).hex()}"
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


__all__ = ["copy", "replacing", "scratch_folder"]
