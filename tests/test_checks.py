"""The binding library's own packages in every interpreter: what each must do is in `packages/*/checks.py`.

Building costs far more than checking, and so not everything is combined with everything. Each package is built

- for the stable ABI from its oldest version on, and runs in every interpreter of this machine and in Python 3.14;
- for each version alone: for that of the tests by the usual Zig, as `test_stubs.py` and others build it; the other
  Zigs, and the modes of optimizing that are not the default, take turns with the rest;
- for what `ELSEWHERE` lists: other machines and systems, and interpreters whose objects are laid out otherwise. There
  the other Zigs build for the stable ABI, one of them for that of 3.12, and checks look for lost memory with both.

So each Zig builds for the stable ABI and for a version alone, and each version is built for alone, by some Zig.
`test_platforms.py` builds `functions` for other machines, with every Zig, and `test_objects.py` has debug builds of
`objects` by every Zig.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from interpreters import CHECKED, VERSIONS, check
from workbench import Workbench, Zig, usual_zig, zigs

if TYPE_CHECKING:
    from collections.abc import Iterator

OLDEST = {"arrays": "3.11", "classes": "3.10", "containers": "3.10", "functions": "3.10", "objects": "3.10"}
OLDEST |= {"values": "3.10"}
"""The packages, and the oldest version whose stable ABI each can be built for."""

SAFE, SMALL, DEBUG = (("--zig-arg", f"-Doptimize={mode}") for mode in ("ReleaseSafe", "ReleaseSmall", "Debug"))
MODES: dict[str, tuple[tuple[str, ...], ...]] = dict.fromkeys(OLDEST, (SAFE, SMALL, ()))
MODES |= {"classes": (SAFE, SMALL, DEBUG), "containers": (DEBUG, SAFE, SMALL)}
"""Where Debug adds nothing to ReleaseSafe, the time that Zig takes for it is saved: that of two other builds."""

NEW, FREE = "linux_x86_64-3.14", "linux_x86_64-3.13t"
AARCH64, I686, S390X = "linux_aarch64-3.11", "linux_i686-3.11", "linux_s390x-3.11"
MUSL, WINDOWS = "musllinux_x86_64-3.13", "win_amd64-3.13"
MACHINES = {
    AARCH64: ("--platform-tag", "manylinux_2_17_aarch64"),
    I686: ("--platform-tag", "manylinux_2_17_i686"),
    S390X: ("--platform-tag", "manylinux_2_17_s390x"),
    MUSL: ("--platform-tag", "musllinux_1_2_x86_64"),
    WINDOWS: ("--platform-tag", "win_amd64"),
}
"""Other machines, C libraries and systems, 32 bits, big-endian: who runs them, and how to build for them."""
Row = tuple[str, tuple[str, ...], Zig]
OLD_ZIG, NEW_ZIG = zigs()[0], zigs()[-1]
OWN: list[Row] = [
    (NEW, ("--python-version", "3.14"), usual_zig()),
    (FREE, ("--python-version", "3.13t"), usual_zig()),
]
"""Interpreters whose objects are laid out otherwise."""


def stable(machine: str, zig: Zig, *abi: str) -> Row:
    """A build for the stable ABI of a machine: `abi` says of which version, if not of the oldest."""
    return (machine, (*MACHINES[machine], *(("--stable-abi", *abi) if abi else ())), zig)


def alone(machine: str) -> Row:
    """A build for the version of a machine's interpreter alone."""
    return (machine, (*MACHINES[machine], "--python-version", machine.rpartition("-")[2]), usual_zig())


EMULATED: list[Row] = [stable(AARCH64, OLD_ZIG), stable(S390X, NEW_ZIG)]
ELSEWHERE: dict[str, list[Row]] = {
    "arrays": [*EMULATED, stable(I686, usual_zig()), stable(MUSL, OLD_ZIG), stable(WINDOWS, NEW_ZIG, "3.12"), *OWN],
    "classes": [
        *EMULATED,
        alone(I686),
        stable(MUSL, OLD_ZIG, "3.12"),
        stable(WINDOWS, usual_zig()),
        alone(WINDOWS),
        *OWN,
        (NEW, ("--stable-abi", "3.14"), NEW_ZIG),
    ],
    "containers": [alone(I686), alone(S390X), stable(MUSL, OLD_ZIG, "3.12"), stable(WINDOWS, NEW_ZIG), *OWN],
    "functions": [(VERSIONS[-1], (), OLD_ZIG), (VERSIONS[-1], ("--stable-abi", "3.12"), NEW_ZIG)],
    "objects": [stable(MUSL, OLD_ZIG), stable(WINDOWS, NEW_ZIG, "3.12")],
    "values": [*EMULATED, stable(I686, usual_zig()), stable(MUSL, OLD_ZIG, "3.12"), stable(WINDOWS, NEW_ZIG), *OWN],
}
QUICK = {(package, machine) for package in OLDEST for machine in (AARCH64, S390X)}
QUICK |= {("classes", machine) for machine in MACHINES if machine != MUSL}
"""Where memory is not looked for that gets lost, or for each of a million instances: emulators take long for it."""


@dataclass(frozen=True)
class Case:
    """A build, and an interpreter: the version of one of this machine, or the name of a foreign one."""

    package: str
    zig: Zig = field(default_factory=usual_zig)
    options: tuple[str, ...] = ()
    interpreter: str = VERSIONS[-1]

    def parameter(self) -> object:
        """The case for pytest. One worker has all cases of a build, which is made once there."""
        build = " ".join([self.package, *self.options, f"zig-{self.zig.version}"])
        return pytest.param(self, id=f"{build} {self.interpreter}", marks=pytest.mark.xdist_group(build))


def minor(version: str) -> int:
    return int(version.rpartition(".")[2])


def cases() -> Iterator[Case]:
    this = f"{sys.version_info.major}.{sys.version_info.minor}"
    others = [zig for zig in zigs() if zig != usual_zig()] or [usual_zig()]
    for number, (package, oldest) in enumerate(OLDEST.items()):
        floor = () if oldest == "3.10" else ("--stable-abi", oldest)
        for interpreter in (*VERSIONS, NEW):
            if minor(interpreter) >= minor(oldest):
                yield Case(package, options=floor, interpreter=interpreter)
        turns = [version for version in VERSIONS if version != this]
        for version in VERSIONS:
            turn = number + turns.index(version) if version in turns else None
            zig = usual_zig() if turn is None else others[turn % len(others)]
            mode = () if turn is None else MODES[package][turn % len(MODES[package])]
            yield Case(package, zig, ("--python-version", version, *mode), version)
        for interpreter, wanted, zig in ELSEWHERE[package]:
            whole = wanted if {"--python-version", "--stable-abi"} & {*wanted} else (*floor, *wanted)
            yield Case(package, zig, whole, interpreter)


@pytest.mark.parametrize("case", [case.parameter() for case in dict.fromkeys(cases())])
def test_checks_pass(workbench: Workbench, case: Case) -> None:
    path = workbench.unpacked(workbench.wheel(CHECKED / case.package, *case.options, zig=case.zig))
    arguments = ["quick"] if (case.package, case.interpreter) in QUICK else []
    if any("Debug" in option for option in case.options):
        # Each error looks for the lines of the source that it came by.
        arguments.append("brief")
    check(case.interpreter, case.package, *arguments, path=path)
