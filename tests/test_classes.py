"""Classes, in every interpreter that is there: `packages/classes/checks.py` is what they must do."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from interpreters import VERSIONS, Platform, python_or_skip
from workbench import ROOT, Workbench, Zig

if TYPE_CHECKING:
    from pathlib import Path

CLASSES = ROOT / "tests" / "packages" / "classes"
CHECKS = CLASSES / "checks.py"


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("abi", ["stable", "own"])
def test_checks_pass(workbench: Workbench, zig: Zig, version: str, abi: str) -> None:
    python = python_or_skip(version)
    options = [] if abi == "stable" else ["--python-version", version]
    path = workbench.unpacked(workbench.wheel(CLASSES, *options, zig=zig))
    assert " 0 failed" in workbench.run([python, CHECKS], environment={"PYTHONPATH": str(path)}).stdout


@pytest.mark.parametrize("version", VERSIONS)
def test_interpreters_and_modules_have_classes_of_their_own(workbench: Workbench, zig: Zig, version: str) -> None:
    python = python_or_skip(version)
    path = workbench.unpacked(workbench.wheel(CLASSES, zig=zig))
    done = workbench.run([python, CLASSES / "interpreters_check.py"], environment={"PYTHONPATH": str(path)})
    assert done.stdout == "interpreters passed\n"


@pytest.mark.parametrize("version", [VERSIONS[0], VERSIONS[-1]])
def test_checks_pass_while_garbage_is_collected_all_the_time(workbench: Workbench, zig: Zig, version: str) -> None:
    python = python_or_skip(version)
    path = workbench.unpacked(workbench.wheel(CLASSES, zig=zig))
    done = workbench.run([python, CHECKS, "quick", "collect"], environment={"PYTHONPATH": str(path)})
    assert " 0 failed" in done.stdout


@pytest.mark.parametrize(
    "options", [(), ("--python-version", "3.14"), ("--stable-abi", "3.14")], ids=["stable", "own", "newer"]
)
def test_checks_pass_in_python_3_14(workbench: Workbench, zig: Zig, options: tuple[str, ...]) -> None:
    platform = Platform("linux_x86_64-3.14")
    path = workbench.unpacked(workbench.wheel(CLASSES, *options, zig=zig))
    assert " 0 failed" in platform.python(str(CHECKS), path=path)


@pytest.mark.parametrize("optimize", ["Debug", "ReleaseSmall"])
def test_checks_pass_in_other_optimize_modes(workbench: Workbench, zig: Zig, optimize: str) -> None:
    version = VERSIONS[2]
    python = python_or_skip(version)
    wheel = workbench.wheel(CLASSES, "--python-version", version, "--zig-arg", f"-Doptimize={optimize}", zig=zig)
    path = workbench.unpacked(wheel)
    assert " 0 failed" in workbench.run([python, CHECKS], environment={"PYTHONPATH": str(path)}).stdout


def test_checks_pass_with_every_zig(workbench: Workbench, any_zig: Zig) -> None:
    version = VERSIONS[-1]
    python = python_or_skip(version)
    path = workbench.unpacked(workbench.wheel(CLASSES, "--python-version", version, zig=any_zig))
    assert " 0 failed" in workbench.run([python, CHECKS], environment={"PYTHONPATH": str(path)}).stdout


# Which interpreter imports which wheel: other machines, C libraries and systems, 32 bits, big-endian.
EXECUTED = [
    ("manylinux_2_17_aarch64", "linux_aarch64-3.11"),
    ("manylinux_2_17_i686", "linux_i686-3.11"),
    ("manylinux_2_17_s390x", "linux_s390x-3.11"),
    ("musllinux_1_2_x86_64", "musllinux_x86_64-3.13"),
    ("win_amd64", "win_amd64-3.13"),
]


@pytest.fixture(scope="module")
def foreign(workbench: Workbench, zig: Zig) -> Path:
    """The folder of the wheels for all of EXECUTED, made by one build."""
    folder = workbench.folder / "classes-everywhere"
    targets = [f"--target={tag}" for tag, _ in EXECUTED]
    workbench.alloconda("wheel-all", "--project-dir", CLASSES, "--out-dir", folder, *targets, zig=zig)
    return folder


# Builds for one version of Python know the layouts of its objects: here with 32 bits, with the types of C on Windows,
# and without the GIL.
OWN_EXECUTED = [
    ("manylinux_2_17_i686", "linux_i686-3.11", "3.11"),
    ("win_amd64", "win_amd64-3.13", "3.13"),
    ("manylinux_2_17_x86_64", "linux_x86_64-3.13t", "3.13t"),
]


@pytest.mark.parametrize(
    ("tag", "platform", "version"), OWN_EXECUTED, ids=[platform for _, platform, _ in OWN_EXECUTED]
)
def test_checks_pass_with_layouts_of_other_platforms(
    workbench: Workbench, zig: Zig, tag: str, platform: str, version: str
) -> None:
    path = workbench.unpacked(workbench.wheel(CLASSES, "--platform-tag", tag, "--python-version", version, zig=zig))
    assert " 0 failed" in Platform(platform).python(str(CHECKS), "quick", path=path)


@pytest.mark.xdist_group("classes-everywhere")
@pytest.mark.parametrize(("tag", "platform"), EXECUTED, ids=[tag for tag, _ in EXECUTED])
def test_checks_pass_on_other_platforms(foreign: Path, workbench: Workbench, tag: str, platform: str) -> None:
    workbench.run([sys.executable, "-m", "zipfile", "-e", foreign / f"classes-1.0-cp310-abi3-{tag}.whl", foreign / tag])
    assert " 0 failed" in Platform(platform).python(str(CHECKS), "quick", path=foreign / tag)
