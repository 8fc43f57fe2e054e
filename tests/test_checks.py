"""The binding library's own packages in every interpreter: what each must do is in `packages/*/checks.py`.

Building costs far more than checking, and so not everything is combined with everything. Each package is built

- for the stable ABI from its oldest version on, and runs in every interpreter of this machine and in Python 3.14;
- for the stable ABI of 3.12 by the other Zigs;
- for each version alone; Zigs and optimize modes take turns, and another one begins with each package;
- for what `ELSEWHERE` lists. `test_platforms.py` does so for `functions`, with every Zig.
"""

from __future__ import annotations

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

MODES = ("ReleaseFast", "Debug", "ReleaseSafe", "ReleaseSmall")

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
OWN = {NEW: ("--python-version", "3.14"), FREE: ("--python-version", "3.13t")}
"""Interpreters whose objects are laid out otherwise."""
ELSEWHERE: dict[str, list[tuple[str, tuple[str, ...]]]] = {
    "arrays": [*MACHINES.items(), *OWN.items()],
    "classes": [
        *MACHINES.items(),
        (I686, (*MACHINES[I686], "--python-version", "3.11")),
        (WINDOWS, (*MACHINES[WINDOWS], "--python-version", "3.13")),
        *OWN.items(),
        (NEW, ("--stable-abi", "3.14")),
    ],
    "containers": [
        (I686, (*MACHINES[I686], "--python-version", "3.11")),
        (S390X, (*MACHINES[S390X], "--python-version", "3.11")),
        *OWN.items(),
    ],
    "values": [*MACHINES.items(), *OWN.items()],
}
QUICK = {(package, machine) for package in OLDEST for machine in (AARCH64, S390X)}
QUICK |= {("classes", machine) for machine in MACHINES}
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
    for number, (package, oldest) in enumerate(OLDEST.items()):
        stable = () if oldest == "3.10" else ("--stable-abi", oldest)
        for interpreter in (*VERSIONS, NEW):
            if minor(interpreter) >= minor(oldest):
                yield Case(package, options=stable, interpreter=interpreter)
        for zig in zigs():
            if zig != usual_zig():
                yield Case(package, zig, ("--stable-abi", "3.12"))
        for turn, version in enumerate(VERSIONS, number):
            mode = f"-Doptimize={MODES[turn % len(MODES)]}"
            alone = ("--python-version", version, "--zig-arg", mode)
            yield Case(package, zigs()[turn % len(zigs())], alone, version)
        for interpreter, wanted in ELSEWHERE.get(package, ()):
            floor = () if "--python-version" in wanted else stable
            yield Case(package, options=(*floor, *wanted), interpreter=interpreter)


@pytest.mark.parametrize("case", [case.parameter() for case in cases()])
def test_checks_pass(workbench: Workbench, case: Case) -> None:
    path = workbench.unpacked(workbench.wheel(CHECKED / case.package, *case.options, zig=case.zig))
    arguments = ["quick"] if (case.package, case.interpreter) in QUICK else []
    if any("Debug" in option for option in case.options):
        # Each error looks for the lines of the source that it came by.
        arguments.append("brief")
    check(case.interpreter, case.package, *arguments, path=path)
