"""A fetcher for the time of one command."""

from __future__ import annotations

import contextlib
from typing import IO, TYPE_CHECKING

from alloconda.headers.download import Downloader
from alloconda.headers.fetch import Fetcher, Releases
from alloconda.headers.lock import PROJECT_FILE, LockFile
from alloconda.headers.progress import meter_for

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from alloconda.headers.cache import Cache


@contextlib.contextmanager
def fetching(  # noqa: PLR0913 - what a command can be told
    cache: Cache,
    mirror: str | None,
    stream: IO[str],
    *,
    project_dir: Path,
    lock: LockFile | None = None,
    offline: bool = False,
    update: bool = False,
) -> Iterator[Fetcher]:
    """Make a fetcher whose downloads are shown on ``stream``.

    Args:
        cache: where headers are kept.
        mirror: in place of the original server.
        stream: where progress is shown.
        project_dir: its ``alloconda.lock`` is used when there is one.
        lock: the lock file, in place of the project's and the cache's.
        offline: whether anything that is missing is an error.
        update: whether newer patches are looked for.
    """
    if lock is None:
        own = project_dir / PROJECT_FILE
        lock = LockFile(own if own.is_file() else cache.root / "lock.json")
    with meter_for(stream) as meter:
        yield Fetcher(cache, Releases.at(mirror), Downloader(meter), lock, offline=offline, update=update)
