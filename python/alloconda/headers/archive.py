"""Takes headers, import libraries and configuration data out of an archive, and refuses one that is not honest."""

from __future__ import annotations

import contextlib
import posixpath
import re
import tarfile
import zlib
from typing import IO, TYPE_CHECKING, cast

from alloconda.errors import AllocondaError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_WANTED = re.compile(
    r"python/(?:install/)?"
    r"(include/.+|libs/[^/]+\.lib|lib/python3[^/]*/_sysconfigdata[^/]*\.py|lib/python3[^/]*/build-details\.json)"
)
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)

FILE_SIZE_MAX = 64 << 20
"""Of one file that is taken, in bytes. The largest header has 0.2 MB, the largest import library 3 MB."""
FILES_MAX = 20_000
"""Files that are taken. CPython has 300."""
TAKEN_SIZE_MAX = 256 << 20
"""Of all files that are taken, in bytes."""
MEMBERS_MAX = 500_000
"""Members of the archive, whether taken or not."""
UNPACKED_SIZE_MAX = 8 << 30
"""Of the whole archive when unpacked, in bytes; a full build has 1 GB."""


def extract(archive: Path, folder: Path) -> None:
    """Take what a build of extensions needs out of an archive of python-build-standalone.

    Args:
        archive: a .tar.gz or .tar.zst; its checksum has been compared.
        folder: an empty folder; it gets ``include``, and ``libs`` and ``lib`` where the archive has such files.

    Raises:
        AllocondaError: the archive cannot be read, has no Python.h, or has a member that no honest one has; ``folder``
            may have files then.
    """
    try:
        with _unpacked(archive) as stream, tarfile.open(fileobj=stream, mode="r|") as members:
            _take(members, _Limits(archive.name), folder)
    except (tarfile.TarError, zlib.error, EOFError, UnicodeError, ValueError) as error:
        raise AllocondaError(f"The archive {archive.name} cannot be unpacked: {error}.") from None
    if not any(folder.glob("include/**/Python.h")):
        raise AllocondaError(f"The archive {archive.name} has no Python.h: it is not a build of CPython.")


def _take(members: tarfile.TarFile, limits: _Limits, folder: Path) -> None:
    for member in members:
        limits.check(member)
        match = _WANTED.fullmatch(member.name)
        if match is None or member.isdir():
            continue
        target = folder / match[1]
        if member.issym() or member.islnk():
            raise limits.refused(member, "is a link where a file belongs")
        if not member.isreg():
            raise limits.refused(member, "is neither a file nor a folder")
        limits.take(member)
        source = members.extractfile(member)
        assert source is not None  # noqa: S101 - it is a regular file
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            with target.open("xb") as file:
                while chunk := source.read(1 << 20):
                    file.write(chunk)
        except FileExistsError:
            raise limits.refused(member, "is there twice") from None


class _Limits:
    """Counts members, and refuses those that an honest archive does not have."""

    def __init__(self, archive: str) -> None:
        self._archive = archive
        self._members = 0
        self._files = 0
        self._size = 0
        self._taken = 0

    def check(self, member: tarfile.TarInfo) -> None:
        """Look at a member, whether it is wanted or not."""
        self._members += 1
        self._size += max(member.size, 0)
        name = member.name
        if name.startswith("/") or "\\" in name or "\0" in name or re.match("[A-Za-z]:", name):
            raise self.refused(member, "has an absolute path or a backslash in it")
        if ".." in name.split("/"):
            raise self.refused(member, "leaves its folder with '..'")
        if member.issym() or member.islnk():
            start = posixpath.dirname(name) if member.issym() else ""
            target = posixpath.normpath(posixpath.join(start, member.linkname))
            if target.startswith(("/", "../")) or target == ".." or "\\" in member.linkname:
                raise self.refused(member, f"is a link out of the archive, to '{member.linkname}'")
        if self._members > MEMBERS_MAX or self._size > UNPACKED_SIZE_MAX:
            raise self.refused(member, "is beyond any size that a build of Python has")

    def take(self, member: tarfile.TarInfo) -> None:
        """Count a member that is wanted."""
        self._files += 1
        self._taken += member.size
        if any(_RESERVED.fullmatch(part) or part.endswith((" ", ".")) for part in member.name.split("/")):
            raise self.refused(member, "has a name that Windows takes for something else")
        if member.size > FILE_SIZE_MAX or self._files > FILES_MAX or self._taken > TAKEN_SIZE_MAX:
            raise self.refused(member, "makes the headers larger than those of any Python")

    def refused(self, member: tarfile.TarInfo, why: str) -> AllocondaError:
        return AllocondaError(
            f"The archive {self._archive} is refused: its member '{member.name}' {why}. Use another mirror."
        )


@contextlib.contextmanager
def _unpacked(archive: Path) -> Iterator[IO[bytes]]:
    """Open the tar stream in a compressed file."""
    if archive.name.endswith(".gz"):
        import gzip

        try:
            with gzip.open(archive) as stream:
                yield cast("IO[bytes]", stream)
        except gzip.BadGzipFile as error:
            raise tarfile.ReadError(str(error)) from None
        return
    try:
        from compression import zstd  # type: ignore[import-not-found, unused-ignore]  # Python 3.14
    except ImportError:
        from backports import zstd
    try:
        with zstd.open(archive) as stream:
            yield cast("IO[bytes]", stream)
    except zstd.ZstdError as error:
        raise tarfile.ReadError(str(error)) from None
