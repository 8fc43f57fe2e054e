"""Rewrite `src/host/audit/manylinux_policies.txt`, what a wheel with a manylinux tag may use, from auditwheel's tables.

    python -m pip install auditwheel
    python tools/sync_manylinux_policies.py

auditwheel (MIT) keeps them in `auditwheel/policy/*.json`. Each policy there repeats all of the one before it; here each
has only what is new, which is easier to read and to compare. That nothing ever goes away is checked before anything is
written, and so is that musllinux is as simple as the audit takes it to be.
"""
# ruff: noqa: INP001

from __future__ import annotations

import datetime as dt
import importlib.metadata
import json
import re
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, cast

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

OUTPUT = Path(__file__).parents[1] / "src" / "host" / "audit" / "manylinux_policies.txt"
ARCHITECTURES = ("x86_64", "i686", "aarch64", "armv7l", "ppc64le", "s390x", "riscv64", "loongarch64")
WIDTH = 120

HEADER = """\
# What a wheel with a manylinux tag may use. Each policy has all of those before it and these lines:
#     libraries NAME...                   libraries that every such system has
#     ARCHITECTURE PREFIX VERSION...      versions of symbols, as GLIBC_2.17; a line without versions allows none, and
#                                         a prefix that has no line yet is not looked at
#     private LIBRARY NAME...             symbols of a library that are its own affair; this list does not grow, but
#                                         replaces the one before it
# A line that is indented by four is the end of the one above it.
#
# Source: auditwheel {version}, auditwheel/policy/manylinux-policy.json (MIT licence).
# Written by tools/sync_manylinux_policies.py on {date}; an edit here is lost.
"""


class Policy(TypedDict):
    """An entry of auditwheel's tables.

    Attributes:
        name: "manylinux_2_17", "musllinux_1_2" or "linux".
        aliases: Older names of the same.
        symbol_versions: By architecture and prefix.
        lib_whitelist: Names of libraries.
        blacklist: Private symbols, by library.
    """

    name: str
    aliases: list[str]
    symbol_versions: dict[str, dict[str, list[str]]]
    lib_whitelist: list[str]
    blacklist: dict[str, list[str]]


def read(name: str) -> list[Policy]:
    """Return the policies of one of auditwheel's files, oldest first."""
    text = (files("auditwheel") / "policy" / name).read_text(encoding="utf-8")
    policies = [policy for policy in cast("list[Policy]", json.loads(text)) if policy["name"] != "linux"]
    return sorted(policies, key=lambda policy: numbers(policy["name"]))


def numbers(text: str) -> list[int]:
    """Return the numbers in a version or a tag, for sorting."""
    return [int(number) for number in re.findall(r"\d+", text)]


def wrapped(line: Iterable[str]) -> Iterator[str]:
    """Yield a line of words as lines that are not too long."""
    current = ""
    for word in line:
        if current and len(current) + 1 + len(word) > WIDTH:
            yield current
            current = f"    {word}"
        else:
            current = f"{current} {word}" if current else word
    yield current


def added(what: str, old: set[str], new: Iterable[str]) -> list[str]:
    """Return what is in `new` and not in `old`, and add it there.

    Raises:
        SystemExit: When something of `old` is gone.
    """
    names = set(new)
    if gone := old - names:
        raise SystemExit(f"{what} no longer has {sorted(gone)}: the format of the table cannot say that")
    result = sorted(names - old, key=lambda name: (numbers(name), name))
    old.update(names)
    return result


def lines(policies: Iterable[Policy]) -> Iterator[str]:
    """Yield the table, without line ends."""
    libraries: set[str] = set()
    versions: dict[tuple[str, str], set[str]] = {}
    private: dict[str, list[str]] = {}
    for policy in policies:
        yield ""
        yield policy["name"]
        if new := added(policy["name"], libraries, policy["lib_whitelist"]):
            yield from wrapped(["libraries", *sorted(new)])
        for library in sorted({*private, *policy["blacklist"]}):
            names = sorted(policy["blacklist"].get(library, []))
            if names != private.get(library, []):
                yield from wrapped(["private", library, *names])
            private[library] = names
        for arch in ARCHITECTURES:
            for prefix, allowed in sorted(policy["symbol_versions"].get(arch, {}).items()):
                first = (arch, prefix) not in versions
                old = versions.setdefault((arch, prefix), set())
                new = added(f"{policy['name']} {arch} {prefix}", old, allowed)
                if new or first:
                    yield from wrapped([arch, prefix, *new])


def check_musllinux() -> None:
    """Make sure that the audit's own rule for musl is all there is to musllinux.

    Raises:
        SystemExit: When auditwheel has more.
    """
    for policy in read("musllinux-policy.json"):
        versions = [names for prefixes in policy["symbol_versions"].values() for names in prefixes.values() if names]
        if set(policy["lib_whitelist"]) != {"libc.so", "libz.so.1"} or versions:
            raise SystemExit(f"{policy['name']} allows for more than libc and libz: src/host/audit/linux.zig must know")


def main() -> None:
    """Write the table."""
    check_musllinux()
    header = HEADER.format(
        version=importlib.metadata.version("auditwheel"),
        date=dt.datetime.now(tz=dt.timezone.utc).date(),
    )
    body = "\n".join(lines(read("manylinux-policy.json")))
    OUTPUT.write_text(header + body + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
