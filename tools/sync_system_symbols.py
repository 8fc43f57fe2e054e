"""Rewrite the tables of what systems have, which the audit goes by, from those who keep them.

    python -m pip install ziglang delvewheel
    python tools/sync_system_symbols.py

- `src/host/audit/glibc_symbols.txt`: every symbol of glibc and the version that brought it, from the list that Zig
  links against (MIT).
- `src/host/audit/windows_libraries.txt`: the DLLs that are part of Windows, from delvewheel (MIT).
"""
# ruff: noqa: INP001

from __future__ import annotations

import datetime as dt
import importlib.metadata
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from delvewheel import _dll_list  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from collections.abc import Iterable

FOLDER = Path(__file__).parents[1] / "src" / "host" / "audit"

# Those that wheels are built for, as Zig names them.
GLIBC_TARGETS = (
    "x86_64-linux-gnu",
    "x86-linux-gnu",
    "aarch64-linux-gnu",
    "arm-linux-gnueabihf",
    "powerpc64le-linux-gnu",
    "s390x-linux-gnu",
    "riscv64-linux-gnu",
    "loongarch64-linux-gnu",
)
LAST = 0x80  # marks the last of a list

GLIBC_HEADER = """\
# The symbols of glibc, each with the version that brought it to the first of the machines that wheels are built for.
# In the order of bytes, as names.zig searches it.
#
# Source: Zig {ziglang}, lib/libc/glibc/abilists (MIT licence), which is made of glibc's own lists.
"""
WINDOWS_HEADER = """\
# The DLLs that are part of Windows, in small letters; with architectures where not all three have it. In the order of
# bytes, as names.zig searches it. Names that start with api-ms-win- or ext-ms- are Windows' own ways to other DLLs, and
# not listed.
#
# Source: delvewheel {delvewheel}, delvewheel/_dll_list.py (MIT licence).
"""


class AbiLists:
    """Reader of Zig's `abilists`: names of libraries, versions and targets, then symbols that point to them."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.place = 0
        for _ in range(self.byte()):
            self.text()
        self.versions = [(self.byte(), self.byte(), self.byte()) for _ in range(self.byte())]
        targets = [self.text() for _ in range(self.byte())]
        self.wanted = sum(1 << targets.index(name) for name in GLIBC_TARGETS)
        self.since: dict[str, tuple[int, int, int]] = {}
        self.symbols(sized=False)
        while self.place < len(data):  # objects, then thread-local ones
            self.symbols(sized=True)

    def byte(self) -> int:
        """Return the next byte."""
        self.place += 1
        return self.data[self.place - 1]

    def text(self) -> str:
        """Return the next text, up to a zero."""
        end = self.data.index(0, self.place)
        text = self.data[self.place : end].decode("ascii")
        self.place = end + 1
        return text

    def number(self) -> int:
        """Return the next ULEB128."""
        result = shift = 0
        while True:
            byte = self.byte()
            result |= (byte & ~LAST) << shift
            shift += 7
            if not byte & LAST:
                return result

    def symbols(self, *, sized: bool) -> None:
        """Read a list of symbols; each has several entries, of which the last is marked."""
        count = self.byte() | self.byte() << 8
        name = None
        for _ in range(count):
            if name is None:
                name = self.text()
            targets = self.number()
            if sized:
                self.number()
            library = self.byte()
            versions = []
            while True:
                index = self.byte()
                versions.append(self.versions[index & ~LAST])
                if index & LAST:
                    break
            if targets & self.wanted:
                self.since[name] = min([*versions, *([self.since[name]] if name in self.since else [])])
            if library & LAST:
                name = None


def glibc_symbols() -> Iterable[str]:
    """Return lines such as `getrandom 2.25`."""
    lists = AbiLists(files("ziglang").joinpath("lib/libc/glibc/abilists").read_bytes())
    return (f"{name} {major}.{minor}" for name, (major, minor, _) in lists.since.items())


def windows_libraries() -> Iterable[str]:
    """Return lines such as `kernel32.dll`, or `xtajit.dll aarch64`."""
    by_arch = {
        "x86": _dll_list.ignore_names_x86,
        "x86_64": _dll_list.ignore_names_x64,
        "aarch64": _dll_list.ignore_names_arm64,
    }
    for name in set[str]().union(*by_arch.values()):
        archs = [arch for arch, names in by_arch.items() if name in names]
        yield name if len(archs) == len(by_arch) else " ".join([name, *archs])


def write(name: str, header: str, body: Iterable[str]) -> None:
    """Write a table with the lines of `body`, sorted by their first word."""
    date = dt.datetime.now(tz=dt.timezone.utc).date()
    stamp = f"# Written by tools/sync_system_symbols.py on {date}; an edit here is lost.\n"
    rows = sorted(body, key=lambda line: line.split()[0].encode("ascii"))
    (FOLDER / name).write_text(header + stamp + "".join(f"{line}\n" for line in rows), encoding="ascii")


def main() -> None:
    """Write the tables."""
    known = {name: importlib.metadata.version(name) for name in ("ziglang", "delvewheel")}
    write("glibc_symbols.txt", GLIBC_HEADER.format(**known), glibc_symbols())
    write("windows_libraries.txt", WINDOWS_HEADER.format(**known), windows_libraries())


if __name__ == "__main__":
    main()
