"""Which machines of GitHub can run which wheels.

The names of runners are those of GitHub's documentation (GitHub-hosted runners, 2025); an image of a C library that no
runner has comes from the official ``python`` images.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from alloconda.matrix import PlannedWheel

_LINUX_X86_64, _LINUX_AARCH64 = "ubuntu-latest", "ubuntu-24.04-arm"
_RUNNERS = {
    r"manylinux\w*_x86_64": ((_LINUX_X86_64, "x64"),),
    r"manylinux\w*_aarch64": ((_LINUX_AARCH64, "arm64"),),
    r"macosx\w*_arm64": (("macos-latest", "arm64"),),
    r"macosx\w*_x86_64": (("macos-15-intel", "x64"),),
    r"macosx\w*_universal2": (("macos-latest", "arm64"), ("macos-15-intel", "x64")),
    r"win_amd64": (("windows-latest", "x64"),),
    r"win32": (("windows-latest", "x86"),),
    r"win_arm64": (("windows-11-arm", "arm64"),),
}
"""Runner and architecture of Python, by platform tag."""
_CONTAINER_RUNNERS = {r"musllinux\w*_x86_64": _LINUX_X86_64, r"musllinux\w*_aarch64": _LINUX_AARCH64}
_MISSING = {("windows-11-arm", "3.10"), ("macos-latest", "3.10t")}
"""Pythons that a runner cannot set up."""


@dataclass(frozen=True, order=True)
class Job:
    """A machine, and a Python that a wheel is tested with."""

    runner: str
    python: str
    architecture: str = ""
    """Empty for a container."""


@dataclass(frozen=True)
class JobPlan:
    """Where the wheels of a project are tested."""

    machines: tuple[Job, ...]
    containers: tuple[Job, ...]
    """With musl, in a container of that Python."""
    untested: tuple[str, ...]
    """Platform tags that no runner can run."""


def plan_tests(wheels: Iterable[PlannedWheel], versions: Sequence[str]) -> JobPlan:
    """Choose the machines that wheels are tested on.

    Args:
        wheels: what is built.
        versions: the Pythons that the project supports, as "3.13", oldest first.

    Returns:
        Each machine with each Python that one of the wheels is for, once.
    """
    machines: set[Job] = set()
    containers: set[Job] = set()
    untested: set[str] = set()
    for wheel in wheels:
        pythons = _pythons(wheel, versions)
        platform = wheel.tags.platform
        runners = next((found for pattern, found in _RUNNERS.items() if re.fullmatch(pattern, platform)), ())
        musl = next((found for pattern, found in _CONTAINER_RUNNERS.items() if re.fullmatch(pattern, platform)), None)
        for runner, architecture in runners:
            machines |= {Job(runner, one, architecture) for one in pythons if (runner, one) not in _MISSING}
        # The images have no free-threaded Python.
        containers |= {Job(musl, one) for one in pythons if musl and not one.endswith("t")}
        if not runners and musl is None:
            untested.add(platform)
    return JobPlan(tuple(_in_order(machines)), tuple(_in_order(containers)), tuple(sorted(untested)))


def _pythons(wheel: PlannedWheel, versions: Sequence[str]) -> list[str]:
    """List the Pythons that a wheel is for."""
    oldest = _numbers(f"{wheel.tags.python[2]}.{wheel.tags.python[3:]}")
    if wheel.tags.abi == "abi3":
        return [version for version in versions if _numbers(version) >= oldest]
    return [f"{oldest[0]}.{oldest[1]}{'t' if wheel.tags.abi.endswith('t') else ''}"]


def _in_order(jobs: Iterable[Job]) -> list[Job]:
    return sorted(jobs, key=lambda job: (job.runner, job.architecture, _numbers(job.python), job.python))


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version))
