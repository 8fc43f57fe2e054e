"""The cache of headers: one folder per build of CPython, complete or not there.

<root>/cpython-3.13.1+20250115-x86_64-unknown-linux-gnu/
    include/…   libs/…   lib/…      as the build has them
    alloconda.json                  where they come from
<root>/downloads/                   archives that are being downloaded; an interrupted one goes on later
<root>/locks/                       who works on what
<root>/lock.json                    which archive each build comes from, with its checksum
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from alloconda import atomic
from alloconda.errors import AllocondaError
from alloconda.folders import user_cache_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alloconda.headers.builds import Asset

VARIABLE = "ALLOCONDA_PBS_CACHE"
_FACTS = "alloconda.json"
_PAUSE_SECONDS = 0.1


@dataclass(frozen=True)
class Entry:
    """The headers of one build, whole."""

    folder: Path
    asset: str
    """The archive that they were taken out of."""
    sha256: str
    version: str
    """With the patch number: "3.13.1"."""

    @property
    def include(self) -> Path:
        """The folder of Python.h.

        Raises:
            AllocondaError: there is none any more.
        """
        for header in sorted(self.folder.glob("include/**/Python.h")):
            return header.parent
        raise AllocondaError(f"{self.folder} has lost its Python.h: run 'alloconda cache clear', and build again.")

    @property
    def size(self) -> int:
        """How many bytes its files have."""
        return sum(path.stat().st_size for path in self.folder.rglob("*") if path.is_file())


@dataclass(frozen=True)
class Cache:
    """A folder that holds entries. It may be deleted at any time, with no process that uses it."""

    root: Path

    @classmethod
    def at(cls, folder: Path | None) -> Cache:
        """Open the cache in ``folder``, in that of ALLOCONDA_PBS_CACHE, or in the user's cache folder."""
        given = os.environ.get(VARIABLE)
        return cls((folder or (Path(given) if given else user_cache_folder() / "pbs")).absolute())

    def entry_folder(self, asset: Asset) -> Path:
        """Tell where the entry of an archive is."""
        free_threaded = "-freethreaded" if asset.free_threaded else ""
        return self.root / f"cpython-{asset.version}+{asset.release}-{asset.triple}{free_threaded}"

    def find(self, asset: Asset) -> Entry | None:
        """Find the headers that came out of an archive of this name and checksum."""
        entry = _read_entry(self.entry_folder(asset))
        return entry if entry and entry.sha256 == asset.sha256 else None

    def entries(self) -> list[Entry]:
        """List what is there, by name."""
        folders = sorted(self.root.glob("cpython-*")) if self.root.is_dir() else []
        return [entry for entry in map(_read_entry, folders) if entry]

    def clear(self) -> int:
        """Remove all entries and unfinished downloads, but not what is locked to which archive.

        Returns:
            The number of bytes that are free again.
        """
        freed = 0
        for folder in [*sorted(self.root.glob("cpython-*")), self.root / "downloads"]:
            with self.writing():
                freed += sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
                if folder.is_dir():
                    # First out of sight, so that nobody finds half of it.
                    with atomic.scratch_folder(self.root) as scratch:
                        folder.rename(scratch / "old")
        return freed

    @contextlib.contextmanager
    def adding(self, asset: Asset) -> Iterator[Path]:
        """Yield a folder that becomes the entry of ``asset`` when the block ends well."""
        with self.writing(), atomic.scratch_folder(self.root) as scratch:
            new = scratch / "new"
            new.mkdir()
            yield new
            facts = {"asset": asset.name, "sha256": asset.sha256, "version": str(asset.version)}
            (new / _FACTS).write_text(json.dumps(facts, indent=2) + "\n", "utf-8")
            target = self.entry_folder(asset)
            if target.exists():
                target.rename(scratch / "old")
            new.rename(target)

    @contextlib.contextmanager
    def locked(self, name: str) -> Iterator[None]:
        """Keep other processes and threads out of a block with the same name."""
        with self.writing():
            folder = self.root / "locks"
            folder.mkdir(parents=True, exist_ok=True)
            # Never removed: another may be waiting for it.
            descriptor = os.open(folder / name, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            _wait_for(descriptor)
            yield
        finally:
            os.close(descriptor)

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """Turn an error of the file system into a sentence about the cache."""
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            yield
        except OSError as error:
            raise AllocondaError(
                f"The cache of headers cannot be written ({error.filename or self.root}: {error.strerror}): set "
                f"{VARIABLE} to another folder."
            ) from error

    def sweep(self) -> None:
        """Remove what interrupted processes have left behind long ago."""
        for folder in self.root.glob(".alloconda-*"):
            with contextlib.suppress(OSError):
                if time.time() - folder.stat().st_mtime > 24 * 60 * 60:
                    shutil.rmtree(folder, ignore_errors=True)


def _read_entry(folder: Path) -> Entry | None:
    try:
        facts = json.loads((folder / _FACTS).read_bytes())
        return Entry(folder, facts["asset"], facts["sha256"], facts["version"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


if sys.platform == "win32":
    import msvcrt

    def _wait_for(descriptor: int) -> None:
        while True:
            try:
                msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
            except OSError:
                time.sleep(_PAUSE_SECONDS)
            else:
                return

else:
    import fcntl

    def _wait_for(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
