"""Shows how downloads go on: in plain lines, or with bars on a terminal."""

from __future__ import annotations

import contextlib
import threading
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.progress import Progress, TaskID

    from alloconda.headers.download import Meter


class PlainMeter:
    """Writes a line when a download begins, and for each thing that happens."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        self._begun: set[str] = set()
        self._guard = threading.Lock()

    def at(self, name: str, done: int, total: int | None) -> None:
        """Take the state of one download, in bytes."""
        del done
        with self._guard:
            if name in self._begun:
                return
            self._begun.add(name)
        size = "" if total is None else f" ({total / 1_000_000:.1f} MB)"
        self.said(f"downloading {name}{size}")

    def said(self, sentence: str) -> None:
        """Take something that the user may want to know."""
        with self._guard:
            self._stream.write(sentence + "\n")
            self._stream.flush()


class BarMeter:
    """Shows a bar for each download."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._tasks: dict[str, TaskID] = {}
        self._guard = threading.Lock()

    def at(self, name: str, done: int, total: int | None) -> None:
        """Take the state of one download, in bytes."""
        with self._guard:
            if name not in self._tasks:
                self._tasks[name] = self._progress.add_task(name, total=total)
        self._progress.update(self._tasks[name], completed=done, total=total)

    def said(self, sentence: str) -> None:
        """Take something that the user may want to know."""
        self._progress.console.print(sentence, markup=False, highlight=False, soft_wrap=True)


@contextlib.contextmanager
def meter_for(stream: IO[str]) -> Iterator[Meter]:
    """Choose how downloads are shown on a stream, and clean up at the end of the block."""
    if not stream.isatty():
        yield PlainMeter(stream)
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Progress(*columns, console=Console(file=stream), transient=True) as progress:
        yield BarMeter(progress)
