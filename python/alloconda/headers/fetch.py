"""Fetches headers: from the lock file to the release, from its archive to the cache."""

from __future__ import annotations

import contextlib
import functools
import json
import re
import threading
from concurrent.futures import Future
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

from alloconda.errors import AllocondaError
from alloconda.headers.archive import extract
from alloconda.headers.builds import LAST_RELEASES, Asset, Wanted, newest
from alloconda.headers.download import NotThereError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from alloconda.headers.cache import Cache, Entry
    from alloconda.headers.download import Downloader
    from alloconda.headers.lock import LockFile

_PROJECT = "astral-sh/python-build-standalone"
_DOWNLOADS = f"https://github.com/{_PROJECT}/releases/download"
_LATEST = f"https://raw.githubusercontent.com/{_PROJECT}/latest-release/latest-release.json"
_AT_ONCE = 4


@dataclass(frozen=True)
class Releases:
    """Where the releases are.

    A mirror has the layout of the original: ``<mirror>/<tag>/SHA256SUMS`` and ``<mirror>/<tag>/<archive>``, and which
    release is the newest in ``<mirror>/latest-release.json``.
    """

    mirror: str | None

    @classmethod
    def at(cls, mirror: str | None) -> Releases:
        """Take the mirror that is named, or the original."""
        return cls((mirror or "").rstrip("/") or None)

    def url(self, asset: Asset) -> str:
        """Tell the address of an archive."""
        return f"{self.mirror or _DOWNLOADS}/{asset.release}/{asset.name.replace('+', '%2B')}"

    def newest_assets(self, downloader: Downloader) -> tuple[Asset, ...]:
        """Read which archives the newest release has.

        Raises:
            AllocondaError: the index cannot be read, or is none.
        """
        latest = f"{self.mirror}/latest-release.json" if self.mirror else _LATEST
        try:
            document = json.loads(downloader.text(latest))
            tag = document["tag"]
        except (ValueError, KeyError, TypeError, RecursionError):
            raise AllocondaError(f"{latest} is not the index of python-build-standalone: it names no 'tag'.") from None
        if not isinstance(tag, str) or not re.fullmatch("[0-9A-Za-z]+", tag):
            raise AllocondaError(f"{latest} is not the index of python-build-standalone: its 'tag' is {tag!r}.")
        return self.assets_of(tag, downloader)

    def assets_of(self, tag: str, downloader: Downloader) -> tuple[Asset, ...]:
        """Read which archives a release has.

        Raises:
            NotThereError: there is no such release.
            AllocondaError: its list cannot be read, or is none.
        """
        sums = f"{self.mirror or _DOWNLOADS}/{tag}/SHA256SUMS"
        rows = (line.split() for line in downloader.text(sums).splitlines())
        named = [(row[1].lstrip("*"), row[0].lower()) for row in rows if len(row) == 2]  # noqa: PLR2004 - sum and name
        assets = [Asset.read(name, sha256) for name, sha256 in named if re.fullmatch("[0-9a-f]{64}", sha256)]
        if not any(assets):
            raise AllocondaError(f"{sums} names no build of CPython.")
        return tuple(asset for asset in assets if asset and asset.release == tag)


@dataclass(frozen=True)
class Fetcher:
    """Brings headers into the cache."""

    cache: Cache
    releases: Releases
    downloader: Downloader
    lock: LockFile
    offline: bool = False
    """Whether anything that is missing is an error."""
    update: bool = False
    """Whether newer patches are looked for, in place of what is locked."""
    _index_guard: threading.Lock = field(default_factory=threading.Lock, compare=False)

    def entry(self, wanted: Wanted) -> Entry:
        """Find headers, or fetch them.

        Raises:
            AllocondaError: there are none, or they cannot be fetched; the cache is as it was.
        """
        if self.update or self.lock.get(wanted) is None:
            if self.offline:
                raise _missing(wanted)
            with self.cache.locked("lock.json"):
                self._choose(wanted)
        asset = self.lock.get(wanted)
        assert asset is not None  # noqa: S101 - it was chosen
        entry = self.cache.find(asset)
        if entry is None and self.offline:
            raise _missing(wanted)
        return entry or self._download(asset)

    def entries(self, wanted: Sequence[Wanted]) -> list[Entry]:
        """Find or fetch several, some at once.

        Raises:
            AllocondaError: one of them fails; the others are there.
        """
        futures: list[Future[Entry]] = [Future() for _ in wanted]
        jobs: SimpleQueue[tuple[Wanted, Future[Entry]]] = SimpleQueue()
        for job in zip(wanted, futures, strict=True):
            jobs.put(job)
        for _ in range(min(_AT_ONCE, len(wanted))):
            # Not an executor: the program would not end at Ctrl-C before a server has answered.
            threading.Thread(target=self._work, args=(jobs,), daemon=True).start()
        return [future.result() for future in futures]

    def _work(self, jobs: SimpleQueue[tuple[Wanted, Future[Entry]]]) -> None:
        with contextlib.suppress(Empty):
            while True:
                wanted, future = jobs.get_nowait()
                try:
                    future.set_result(self.entry(wanted))
                except Exception as error:  # noqa: BLE001 - the thread that waits raises it
                    future.set_exception(error)

    def versions(self, triple: str) -> list[str]:
        """List the final versions that there are for a platform, such as "3.13"; free-threaded ones are left out.

        Raises:
            AllocondaError: there are none, or the index cannot be read.
        """
        if self.offline:
            versions = self.lock.versions(triple)
            place = f"in {self.lock.path}, and --no-fetch forbids to look further"
        else:
            versions = self._released(triple)
            place = f"in release {self.assets[0].release} of python-build-standalone"
        if not versions:
            raise AllocondaError(f"There is no CPython for {triple} {place}: name another platform.")
        return versions

    def _released(self, triple: str) -> list[str]:
        minors = {asset.version.minor for asset in self.assets if asset.triple == triple}
        found = [Wanted(minor, free_threaded=False, triple=triple) for minor in sorted(minors)]
        chosen = [(wanted, newest(self.assets, wanted)) for wanted in found]
        return [wanted.version for wanted, asset in chosen if asset and not asset.version.is_prerelease]

    @functools.cached_property
    def _assets(self) -> tuple[Asset, ...]:
        return self.releases.newest_assets(self.downloader)

    @property
    def assets(self) -> tuple[Asset, ...]:
        """The archives of the newest release, read once."""
        with self._index_guard:
            return self._assets

    def has(self, wanted: Wanted) -> bool:
        """Tell whether headers can be had, as far as the lock file and, if it may be asked, the index say."""
        return self.lock.get(wanted) is not None or (not self.offline and newest(self.assets, wanted) is not None)

    def _choose(self, wanted: Wanted) -> None:
        """Write the newest archive into the lock file, unless another process just did."""
        if self.lock.get(wanted) is not None and not self.update:
            return
        asset = newest(self.assets, wanted) or newest(self._retired_assets(wanted.minor), wanted)
        if asset is None:
            release = self.assets[0].release
            raise AllocondaError(
                f"python-build-standalone has no CPython {wanted.version} for {wanted.triple} in its release "
                f"{release}: name the headers with --python-include, or build for another version."
            )
        self.lock.put(wanted, asset)

    def _retired_assets(self, minor: int) -> tuple[Asset, ...]:
        """List the archives of the last release with a version that the newest has no more; a mirror may lack it."""
        tag = LAST_RELEASES.get(minor)
        if tag is None:
            return ()
        try:
            return self.releases.assets_of(tag, self.downloader)
        except NotThereError:
            return ()

    def _download(self, asset: Asset) -> Entry:
        with self.cache.locked(asset.name):
            # Another process may have been faster.
            entry = self.cache.find(asset)
            if entry is not None:
                return entry
            with self.cache.writing():
                self.cache.sweep()
                downloads = self.cache.root / "downloads"
                downloads.mkdir(exist_ok=True)
                archive = downloads / asset.name
                self.downloader.file(self.releases.url(asset), archive, asset.sha256)
                try:
                    with self.cache.adding(asset) as folder:
                        extract(archive, folder)
                finally:
                    # What was verified and cannot be used will not be better the next time.
                    with contextlib.suppress(OSError):
                        archive.unlink()
        entry = self.cache.find(asset)
        assert entry is not None  # noqa: S101 - it was just added
        return entry


def _missing(wanted: Wanted) -> AllocondaError:
    return AllocondaError(
        f"The headers of CPython {wanted.version} for {wanted.triple} are not in the cache, and --no-fetch forbids to "
        f"fetch them: run 'alloconda python fetch --version {wanted.version} --pbs-target {wanted.triple}', or name "
        "them with --python-include."
    )
