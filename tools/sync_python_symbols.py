"""Rewrite `stable_abi.txt` and `exports.txt`, the tables of CPython's symbols, from their sources.

    python -m pip install abi3info pefile
    python tools/sync_python_symbols.py --cpython FOLDER --wheels FOLDER

`--cpython` is an unpacked source tree of CPython 3.13 or newer; its `PC/python3dll.c` lists what `python3.dll` exports.
`--wheels` is a folder for the wheels of panda3d, which carry CPython's own Windows DLLs: for each version that is built
for, with and without the global interpreter lock, of both word sizes. Those that are not in it are fetched with pip.

The sources are checked against each other before anything is written, and what is known to differ is named here with
its reason. A difference that is not named ends the program: find out why it is there, and write the reason down.
"""
# ruff: noqa: INP001

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import importlib.metadata
import re
import subprocess
import sys
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import abi3info  # type: ignore[import-untyped]
import pefile  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

TABLES = Path(__file__).parent.parent / "src" / "host" / "python_symbols"
CARRIER = "panda3d"
CARRIER_VERSION = "1.10.16"
GIL_MINORS = (10, 11, 12, 13, 14)
FREE_THREADED_MINORS = (13, 14)
PLATFORMS = ("win_amd64", "win32")
SECTION_IS_CODE = 0x20000000  # IMAGE_SCN_MEM_EXECUTE

# Feature macros of Misc/stable_abi.toml, and where a release build of CPython has them.
CONDITIONS = ("MS_WINDOWS", "HAVE_FORK", "PY_HAVE_THREAD_NATIVE_ID", "USE_STACKCHECK", "Py_REF_DEBUG")
# Windows cannot fork, so python3.dll has none of these.
NOT_ON_WINDOWS = ("HAVE_FORK",)
# python3.dll forwards these too, but to nothing: only a debug build has Py_REF_DEBUG, and USE_STACKCHECK came to
# 64-bit Windows with 3.14.
NOT_IN_EVERY_DLL = ("Py_REF_DEBUG", "USE_STACKCHECK")


@dataclass(frozen=True)
class StableSymbol:
    """A symbol of the stable ABI.

    Attributes:
        kind: "function" or "data".
        since: Minor version of Python 3 that brought it into the stable ABI.
        condition: Feature macro that it depends on, or None.
    """

    kind: str
    since: int
    condition: str | None


@dataclass(frozen=True)
class Library:
    """What one Python DLL exports.

    Attributes:
        platform: Wheel platform tag, of `PLATFORMS`.
        minor: Minor version of Python 3.
        free_threaded: Whether it is the build without the global interpreter lock.
        patch_version: The DLL's own version, such as "3.13.11".
        sha256: Of the DLL, in hexadecimal.
        kinds: "function" or "data" by name.
    """

    platform: str
    minor: int
    free_threaded: bool
    patch_version: str
    sha256: str
    kinds: Mapping[str, str]

    @property
    def file_name(self) -> str:
        """Name of the DLL."""
        return f"python3{self.minor}{'t' if self.free_threaded else ''}.dll"


@dataclass
class Presence:
    """The DLLs that export one symbol, as sets of minor versions."""

    kind: str
    gil: set[int] = field(default_factory=set)
    free_threaded: set[int] = field(default_factory=set)


class SourcesDisagreeError(Exception):
    """Two sources tell different things, and no reason for it is known."""


def main() -> None:
    """Read the sources, check them against each other, and write both tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cpython", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--wheels", type=Path, required=True, metavar="FOLDER")
    options = parser.parse_args()

    symbols = stable_abi()
    forwarder = options.cpython / "PC" / "python3dll.c"
    source_version = cpython_version(options.cpython)
    libraries = [
        read_library(carrier_wheel(options.wheels, platform, minor, free_threaded=free_threaded), platform)
        for platform in PLATFORMS
        for free_threaded, minors in ((False, GIL_MINORS), (True, FREE_THREADED_MINORS))
        for minor in minors
    ]
    try:
        check_forwarder(symbols, forwarder, int(source_version.split(".")[1]))
        for library in libraries:
            check_library(symbols, library)
    except SourcesDisagreeError as error:
        sys.exit(f"error: {error}")

    abi3info_version = importlib.metadata.version("abi3info")
    forwarder_sha256 = hashlib.sha256(forwarder.read_bytes()).hexdigest()
    write(
        TABLES / "stable_abi.txt",
        [
            "The stable ABI of CPython (PEP 384, PEP 652): name, function or data, the version that brought it, and",
            "the feature macro that it depends on, if any. In the order of bytes, as stable_abi.zig searches it.",
            "",
            f"Source: CPython's Misc/stable_abi.toml, as abi3info {abi3info_version} has it.",
            f"Checked against PC/python3dll.c of CPython {source_version}, sha256",
            f"{forwarder_sha256},",
            "and against the DLLs of exports.txt.",
        ],
        [
            " ".join([name, symbol.kind, f"3.{symbol.since}", *([symbol.condition] if symbol.condition else [])])
            for name, symbol in sorted(symbols.items())
        ],
    )
    write(
        TABLES / "exports.txt",
        [
            "What CPython's Windows DLLs export: name, function or data, versions with the global interpreter lock,",
            "and free-threaded versions; `3.12-` is 3.12 and all later ones in the table, `-` is none. A line that",
            "ends in `win32` holds for 32-bit x86 only. A symbol that went and came back has a line for each time.",
            "The first line has the versions in the table. In the order of bytes.",
            "",
            f"Source: the DLLs in the wheels of {CARRIER} {CARRIER_VERSION}, signed by the Python Software Foundation.",
            "win_arm64 is taken to export what win_amd64 does: it is compiled from the same sources.",
            "",
            *(f"{item.patch_version:8} {item.platform:9} {item.file_name:14} {item.sha256}" for item in libraries),
        ],
        export_lines(libraries),
    )


def stable_abi() -> dict[str, StableSymbol]:
    """The symbols of the stable ABI, by name."""
    found: dict[str, StableSymbol] = {}
    for kind, table in (("function", abi3info.FUNCTIONS), ("data", abi3info.DATAS)):
        for symbol, item in table.items():
            condition = item.ifdef.name if item.ifdef else None
            if condition is not None and condition not in CONDITIONS:
                sys.exit(f"error: the feature macro {condition} of {symbol.name} is new: add it to CONDITIONS")
            found[symbol.name] = StableSymbol(kind, item.added.minor, condition)
    return found


def cpython_version(source: Path) -> str:
    """The version of a CPython source tree."""
    text = (source / "Include" / "patchlevel.h").read_text("utf-8")
    match = re.search(r'^#define PY_VERSION\s+"([^"]+)"', text, re.MULTILINE)
    if match is None:
        sys.exit("error: Include/patchlevel.h has no PY_VERSION: --cpython must be a CPython source tree")
    return match[1]


def check_forwarder(symbols: Mapping[str, StableSymbol], forwarder: Path, minor: int) -> None:
    """Check the stable ABI of `minor` against CPython's source of python3.dll.

    Raises:
        SourcesDisagreeError: A symbol is missing on one side, or is of another kind there.
    """
    pairs = re.findall(r"^EXPORT_(FUNC|DATA)\((\w+)\)$", forwarder.read_text("utf-8"), re.MULTILINE)
    forwarded = {name: "function" if kind == "FUNC" else "data" for kind, name in pairs}
    expected = {
        name: symbol.kind
        for name, symbol in symbols.items()
        if symbol.since <= minor and symbol.condition not in NOT_ON_WINDOWS
    }
    report("the stable ABI", expected.items(), "PC/python3dll.c", forwarded.items())


def check_library(symbols: Mapping[str, StableSymbol], library: Library) -> None:
    """Check that a DLL exports the stable ABI of its version.

    Raises:
        SourcesDisagreeError: A symbol is missing, or is of another kind.
    """
    expected = {
        (name, symbol.kind)
        for name, symbol in symbols.items()
        if symbol.since <= library.minor and symbol.condition not in (*NOT_ON_WINDOWS, *NOT_IN_EVERY_DLL)
    }
    report("the stable ABI", expected, library.file_name, expected & set(library.kinds.items()))


def report(left_name: str, left: Iterable[tuple[str, str]], right_name: str, right: Iterable[tuple[str, str]]) -> None:
    """Compare two lists of (name, kind).

    Raises:
        SourcesDisagreeError: They differ.
    """
    only_left, only_right = sorted(set(left) - set(right)), sorted(set(right) - set(left))
    if only_left or only_right:
        raise SourcesDisagreeError(f"only {left_name} has {only_left}; only {right_name} has {only_right}")


def carrier_wheel(folder: Path, platform: str, minor: int, *, free_threaded: bool) -> Path:
    """The wheel with the DLL of a Python version, fetched into `folder` when it is not there."""
    abi = f"cp3{minor}{'t' if free_threaded else ''}"
    wheel = folder / f"{CARRIER}-{CARRIER_VERSION}-cp3{minor}-{abi}-{platform}.whl"
    if not wheel.is_file():
        subprocess.run(
            [
                *(sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"),
                *("--dest", str(folder), "--platform", platform, "--python-version", f"3.{minor}"),
                *("--implementation", "cp", "--abi", abi, f"{CARRIER}=={CARRIER_VERSION}"),
            ],
            check=True,
        )
    return wheel


def read_library(wheel: Path, platform: str) -> Library:
    """The exports of the Python DLL in a wheel. A symbol in an executable section is a function."""
    with zipfile.ZipFile(wheel) as archive:
        pattern = re.compile(r"deploy_libs/python3(\d\d)(t?)\.dll")
        ((name, match),) = [(name, match) for name in archive.namelist() if (match := pattern.fullmatch(name))]
        image = archive.read(name)
    dll = pefile.PE(data=image)
    kinds = {}
    for symbol in dll.DIRECTORY_ENTRY_EXPORT.symbols:
        section = dll.get_section_by_rva(symbol.address)
        kinds[symbol.name.decode("ascii")] = "function" if section.Characteristics & SECTION_IS_CODE else "data"
    strings = {
        key.decode(): value.decode()
        for information in dll.FileInfo[0]
        for table in getattr(information, "StringTable", [])
        for key, value in table.entries.items()
    }
    return Library(
        platform=platform,
        minor=int(match[1]),
        free_threaded=bool(match[2]),
        patch_version=strings["ProductVersion"],
        sha256=hashlib.sha256(image).hexdigest(),
        kinds=kinds,
    )


def export_lines(libraries: Iterable[Library]) -> list[str]:
    """The lines of exports.txt: 64-bit Windows, and what only 32-bit Windows has."""
    everywhere: dict[str, Presence] = {}
    only_win32: dict[str, Presence] = {}
    by_build: dict[tuple[int, bool], dict[str, Library]] = {}
    for library in libraries:
        by_build.setdefault((library.minor, library.free_threaded), {})[library.platform] = library
    for (minor, free_threaded), pair in by_build.items():
        wide, narrow = pair["win_amd64"].kinds, pair["win32"].kinds
        if missing := sorted(set(wide) - set(narrow)):
            sys.exit(f"error: only win_amd64 exports {missing}: exports.txt has no way to say so yet")
        for name, kind in narrow.items():
            presence = (everywhere if name in wide else only_win32).setdefault(name, Presence(kind))
            if presence.kind != kind or wide.get(name, kind) != kind:
                sys.exit(f"error: {name} is a function here and data there: exports.txt has no way to say so yet")
            (presence.free_threaded if free_threaded else presence.gil).add(minor)
    lines = [
        f"{name} {presence.kind} {gil} {free_threaded}{mark}"
        for table, mark in ((everywhere, ""), (only_win32, " win32"))
        for name, presence in table.items()
        for gil, free_threaded in rows(presence)
    ]
    heading = f"versions 3.{GIL_MINORS[0]}-3.{GIL_MINORS[-1]} 3.{FREE_THREADED_MINORS[0]}-3.{FREE_THREADED_MINORS[-1]}"
    return [heading, *sorted(lines, key=lambda line: line.split()[0])]


def rows(presence: Presence) -> list[tuple[str, str]]:
    """The two version columns: one row, or as many as there are stretches of versions."""
    gil, free_threaded = stretches(presence.gil, GIL_MINORS), stretches(presence.free_threaded, FREE_THREADED_MINORS)
    count = max(len(gil), len(free_threaded))
    gil, free_threaded = (["-"] * (count - len(column)) + column for column in (gil, free_threaded))
    return list(zip(gil, free_threaded, strict=True))


def stretches(present: set[int], minors: Sequence[int]) -> list[str]:
    """Stretches of versions without a gap: ["3.10-3.11", "3.14-"] for {10, 11, 14} of 10 to 14."""
    found: list[list[int]] = []
    for minor in minors:
        if minor in present:
            if found and found[-1][-1] == minor - 1:
                found[-1].append(minor)
            else:
                found.append([minor])
    return [f"3.{run[0]}-" if run[-1] == minors[-1] else f"3.{run[0]}-3.{run[-1]}" for run in found]


def write(path: Path, heading: Iterable[str], lines: Sequence[str]) -> None:
    """Write a table: a comment on where it comes from, then its lines."""
    today = dt.datetime.now(dt.timezone.utc).date()
    comment = [*heading, "", f"Written by tools/sync_python_symbols.py on {today}; an edit here is lost."]
    path.write_text("".join(f"{line}\n" for line in (*(f"# {text}".rstrip() for text in comment), *lines)), "utf-8")


if __name__ == "__main__":
    main()
