"""Shows how a build of many wheels goes on, and what came of it: in plain lines, or moving on a terminal."""

from __future__ import annotations

import contextlib
from typing import IO, TYPE_CHECKING

from alloconda import messages
from alloconda.toolchain.failures import SUMMARY, plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from rich.console import Console
    from rich.progress import Progress, TaskID

    from alloconda.matrix import PlannedWheel
    from alloconda.wheel_matrix import Outcome

_NOISE = "debug: configuration cache"
"""What Zig 0.17 adds in the mode in which it starts faster."""


class PlainWatcher:
    """Writes a line for each thing that happens."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        self._count = 0
        self._done = 0
        self._after_summary = False

    def building(self, wheels: Sequence[PlannedWheel]) -> None:
        """Take what is going to be built."""
        self._count = len(wheels)
        self._progress_line(f"building {self._count} wheel{'' if self._count == 1 else 's'}")

    def said(self, line: str) -> None:
        """Pass on a line of Zig, but for the tree of all steps at the end: the table tells the same."""
        text = plain(line)
        self._after_summary = self._after_summary or text.startswith(SUMMARY)
        if not self._after_summary and not text.startswith(_NOISE):
            self._pass_on(line.rstrip("\r\n"))

    def written(self, wheel: PlannedWheel, path: Path) -> None:
        """Take a wheel that is done."""
        del wheel
        self._done += 1
        self._progress_line(f"[{self._done}/{self._count}] {path.name}")

    def summary(self, outcomes: Sequence[Outcome]) -> None:
        """Show what became of each wheel, when anything failed."""
        failed = [outcome for outcome in outcomes if outcome.reason]
        if not failed and messages.is_quiet():
            return
        rows = [
            (outcome.wheel.label, "failed" if outcome.reason else "written", outcome.reason or _name(outcome))
            for outcome in outcomes
        ]
        self._write("\n".join(["", *aligned([("wheel", "result", "file, or why not"), *rows])]))
        self._write(f"{len(outcomes) - len(failed)} of {len(outcomes)} wheels written")

    def _pass_on(self, line: str) -> None:
        self._write(line)

    def _progress_line(self, text: str) -> None:
        if not messages.is_quiet():
            self._write(text)

    def _write(self, text: str) -> None:
        self._stream.write(text + "\n")
        self._stream.flush()


class LiveWatcher(PlainWatcher):
    """Shows on a terminal what is still being built, below the lines of what has happened."""

    def __init__(self, stream: IO[str], console: Console, progress: Progress) -> None:
        super().__init__(stream)
        self._console = console
        self._progress = progress
        self._task: TaskID | None = None
        self._waiting: list[str] = []

    def building(self, wheels: Sequence[PlannedWheel]) -> None:
        """Start to show the wheels that are waited for."""
        self._count = len(wheels)
        self._waiting = [wheel.label for wheel in wheels]
        self._task = self._progress.add_task(self._description(), total=len(wheels))

    def written(self, wheel: PlannedWheel, path: Path) -> None:
        """Take a wheel that is done."""
        self._waiting.remove(wheel.label)
        self._write(f"written {path.name}")
        if self._task is not None:
            self._progress.update(self._task, advance=1, description=self._description())

    def summary(self, outcomes: Sequence[Outcome]) -> None:
        """Show what became of each wheel."""
        from rich.table import Table
        from rich.text import Text

        table = Table("wheel", "result", "file, or why not", box=None, pad_edge=False)
        for outcome in outcomes:
            mark = Text("failed", "bold red") if outcome.reason else Text("written", "green")
            table.add_row(Text(outcome.wheel.label), mark, Text(outcome.reason or _name(outcome)))
        self._console.print()
        self._console.print(table)
        written = sum(1 for outcome in outcomes if not outcome.reason)
        self._console.print(f"{written} of {len(outcomes)} wheels written", highlight=False)

    def _description(self) -> str:
        from rich.markup import escape

        return escape(f"building {', '.join(self._waiting)}" if self._waiting else "done")

    def _pass_on(self, line: str) -> None:
        from rich.text import Text

        self._console.print(Text.from_ansi(line), soft_wrap=True)

    def _write(self, text: str) -> None:
        self._console.print(text, markup=False, highlight=False, soft_wrap=True)


@contextlib.contextmanager
def watcher_for(stream: IO[str]) -> Iterator[PlainWatcher]:
    """Choose how progress is shown on a stream, and clean up at the end of the block."""
    if not stream.isatty() or messages.is_quiet():
        yield PlainWatcher(stream)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
    from rich.table import Column

    console = Console(file=stream)
    text = TextColumn("{task.description}", table_column=Column(ratio=1, no_wrap=True, overflow="ellipsis"))
    columns = (SpinnerColumn(), MofNCompleteColumn(), BarColumn(12), text, TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, expand=True) as progress:
        yield LiveWatcher(stream, console, progress)


def planned_table(wheels: Sequence[PlannedWheel]) -> str:
    """Lay out what a dry run found."""
    rows = [
        (
            str(number),
            wheel.tags.python,
            wheel.tags.abi,
            wheel.tags.platform,
            wheel.zig_target,
            " ".join([one.file for one in wheel.extensions] + [one.file for one in wheel.programs]),
        )
        for number, wheel in enumerate(wheels, 1)
    ]
    return "\n".join(aligned([("", "python", "abi", "platform", "Zig target", "files"), *rows]))


def aligned(rows: Sequence[tuple[str, ...]]) -> list[str]:
    """Lay out rows as columns of text."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def _name(outcome: Outcome) -> str:
    return outcome.path.name if outcome.path else ""
