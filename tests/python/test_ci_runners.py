"""Which machines the wheels of a project are tested on."""

from __future__ import annotations

import pytest

from alloconda.ci.runners import Job, plan_tests
from alloconda.manifest import Tags
from alloconda.matrix import PlannedWheel

VERSIONS = ["3.10", "3.12", "3.14"]


def wheel(tags: str) -> PlannedWheel:
    return PlannedWheel(Tags(*tags.split("-")), "", ())


@pytest.mark.parametrize(
    ("tags", "machines"),
    [
        ("cp312-abi3-manylinux_2_28_x86_64", ["ubuntu-latest x64 3.12", "ubuntu-latest x64 3.14"]),
        ("cp313-cp313-manylinux_2_17_aarch64", ["ubuntu-24.04-arm arm64 3.13"]),
        ("cp314-cp314t-macosx_11_0_arm64", ["macos-latest arm64 3.14t"]),
        ("cp314-abi3-macosx_10_15_x86_64", ["macos-15-intel x64 3.14"]),
        ("cp314-abi3-macosx_11_0_universal2", ["macos-15-intel x64 3.14", "macos-latest arm64 3.14"]),
        ("cp310-abi3-win_arm64", ["windows-11-arm arm64 3.12", "windows-11-arm arm64 3.14"]),
        ("cp314-abi3-win_amd64", ["windows-latest x64 3.14"]),
        ("cp314-abi3-win32", ["windows-latest x86 3.14"]),
    ],
)
def test_machines(tags: str, machines: list[str]) -> None:
    plan = plan_tests([wheel(tags)], VERSIONS)
    assert [f"{job.runner} {job.architecture} {job.python}" for job in plan.machines] == machines
    assert (plan.containers, plan.untested) == ((), ())


def test_musl_runs_in_containers() -> None:
    plan = plan_tests([wheel("cp314-abi3-musllinux_1_2_aarch64"), wheel("cp314-cp314t-musllinux_1_2_x86_64")], VERSIONS)
    assert plan.machines == ()
    assert plan.containers == (Job("ubuntu-24.04-arm", "3.14"),)


def test_platforms_without_a_machine_are_named() -> None:
    plan = plan_tests(
        [wheel(f"cp310-abi3-{tag}") for tag in ("manylinux_2_17_s390x", "musllinux_1_2_armv7l")], VERSIONS
    )
    assert plan.untested == ("manylinux_2_17_s390x", "musllinux_1_2_armv7l")
    assert (plan.machines, plan.containers) == ((), ())
