"""`docs/conversions.md` says what the test packages show: each line of its tables is a row of a package's `rows.py`."""

from __future__ import annotations

import runpy
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from interpreters import CHECKED
from workbench import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

HEADER = "| Python | Zig | Direction | Cost | Argument raises | Result raises |"
Line = tuple[str, ...]


def written() -> Iterator[Line]:
    """The lines of the page's tables: group, then what stands in the columns."""
    group, in_table = "", False
    for line in (ROOT / "docs" / "conversions.md").read_text("utf-8").splitlines():
        if line.startswith("## "):
            group = line.removeprefix("## ")
        in_table = line == HEADER or (in_table and line.startswith("|"))
        if in_table and line != HEADER and not line.startswith("|--"):
            yield (group, *(cell.strip() for cell in line.strip("|").split("|")))


def names(exceptions: Iterable[type[BaseException]]) -> str:
    return ", ".join(sorted({kind.__name__ for kind in exceptions}))


def shown() -> Iterator[Line]:
    """What the packages' rows show, in the form of the page."""
    for path in sorted(CHECKED.glob("*/rows.py")):
        rows: list[Any] = runpy.run_path(str(path))["ROWS"]
        for row in rows:
            argument = names(kind for _value, kind, _message in row.refused)
            result = names(kind for _name, _arguments, kind in row.unmade)
            yield (row.group, row.python, row.zig, row.direction, row.cost, argument, result)


def test_the_page_says_what_the_tests_show(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(CHECKED)
    assert Counter(written()) == Counter(shown())
    assert max(Counter(written()).values()) == 1
