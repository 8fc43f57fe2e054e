"""Headers on their way into a build: copied whole, from the source that was chosen."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest

from alloconda.errors import AllocondaError
from alloconda.headers.builds import Wanted
from alloconda.headers.cache import Entry
from alloconda.headers.native import facts
from alloconda.headers.provide import Choice, provide, provide_numpy

if TYPE_CHECKING:
    from alloconda.headers.fetch import Fetcher

LINUX = "x86_64-unknown-linux-gnu"


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def choice(source: str, version: str, *include: Path, stable: bool = False) -> Choice:
    return Choice(source, version, False, stable, "manylinux_2_17_x86_64", tuple(map(str, include)), None)  # noqa: FBT003


class Shop:
    """Has the headers of some versions."""

    def __init__(self, folder: Path, *minors: int) -> None:
        self.folder, self.minors = folder, minors
        self.asked: list[str] = []

    def has(self, wanted: Wanted) -> bool:
        return wanted.minor in self.minors

    def entry(self, wanted: Wanted) -> Entry:
        self.asked.append(str(wanted))
        write(self.folder / "include" / "python3" / "Python.h", wanted.version)
        return Entry(self.folder, "asset", "sum", f"3.{wanted.minor}.1")


def test_the_two_folders_of_debian_become_one(tmp_path: Path) -> None:
    include = tmp_path / "usr" / "include"
    write(include / "python3.11" / "Python.h", "python")
    write(include / "python3.11" / "internal" / "pycore.h", "core")
    write(include / "python3.11" / "pyconfig.h", "# include <aarch64-linux-gnu/python3.11/pyconfig.h>\n")
    write(include / "aarch64-linux-gnu" / "python3.11" / "pyconfig.h", "true")
    output = tmp_path / "out"
    stale = write(output / "include" / "stale.h", "old")
    native = choice("native", "3.11", include / "python3.11")
    provide(native, cast("Fetcher", None), None, output)
    assert sorted(path.relative_to(output / "include").as_posix() for path in output.glob("include/**/*.h")) == [
        "Python.h",
        "aarch64-linux-gnu/python3.11/pyconfig.h",
        "internal/pycore.h",
        "pyconfig.h",
    ]
    assert not stale.exists()
    # The second time finds the same bytes, and does not touch them.
    os.utime(output / "include" / "Python.h", (1, 1))
    provide(native, cast("Fetcher", None), None, output)
    assert (output / "include" / "Python.h").stat().st_mtime == 1
    assert json.loads((output / "headers.json").read_text()) == {
        "source": "native",
        "origin": str(include / "python3.11"),
        "version": "3.11",
        "ext_suffix": None,
    }


@pytest.mark.parametrize(
    ("stable", "version", "minors", "asked"),
    [
        (False, "3.12", (12, 13), "3.12"),
        (True, "3.12", (12, 13), "3.12"),
        (True, "3.10", (12, 13), "3.12"),
        # Nothing fits: the sentence is about the floor.
        (True, "3.14", (12, 13), "3.14"),
        (False, "3.10", (12, 13), "3.10"),
    ],
)
def test_which_version_is_fetched(
    tmp_path: Path, *, stable: bool, version: str, minors: tuple[int, ...], asked: str
) -> None:
    shop = Shop(tmp_path / "entry", *minors)
    provide(choice("fetched", version, stable=stable), cast("Fetcher", shop), None, tmp_path / "out")
    assert shop.asked == [f"{asked} {LINUX}"]
    assert (tmp_path / "out" / "include" / "Python.h").read_text() == asked


def test_the_running_interpreter_describes_itself() -> None:
    said = facts()
    assert said["version"] == f"{sys.version_info.major}.{sys.version_info.minor}"
    assert said["implementation"] == "cpython"
    for folder in cast("list[str]", said["include"]):
        assert Path(folder).is_dir()


def test_numpy_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [])
    monkeypatch.delitem(sys.modules, "numpy", raising=False)
    with pytest.raises(
        AllocondaError, match="has no NumPy, whose headers an extension asks for: add numpy to 'requires'"
    ):
        provide_numpy(tmp_path)
