"""What the tests of fetched headers share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alloconda.headers.builds import Wanted
from alloconda.headers.cache import Cache
from alloconda.headers.download import Downloader, Patience
from alloconda.headers.fetch import Fetcher, Releases
from alloconda.headers.lock import LockFile

if TYPE_CHECKING:
    from pathlib import Path

LINUX, MUSL, WINDOWS = "x86_64-unknown-linux-gnu", "x86_64-unknown-linux-musl", "x86_64-pc-windows-msvc"
QUICK = Patience(connect=2, read=0.6, attempts=3, pause=0.01)
STRIPPED, FREE = "install_only_stripped.tar.gz", "freethreaded+pgo+lto-full.tar.zst"
W313 = Wanted(13, free_threaded=False, triple=LINUX)


class Silence:
    def __init__(self) -> None:
        self.sentences: list[str] = []

    def at(self, name: str, done: int, total: int | None) -> None:
        """Shows nothing."""

    def said(self, sentence: str) -> None:
        self.sentences.append(sentence)


def fetcher_of(mirror: str, folder: Path) -> Fetcher:
    """What fetches from a mirror into a cache in a folder."""
    cache = Cache(folder)
    return Fetcher(cache, Releases(mirror), Downloader(Silence(), QUICK), LockFile(cache.root / "lock.json"))


def leftovers(root: Path) -> list[str]:
    """What an interrupted or refused download has left in a cache."""
    return sorted(path.name for path in root.iterdir() if path.name.startswith(".")) + [
        path.name for path in root.glob("downloads/*")
    ]
