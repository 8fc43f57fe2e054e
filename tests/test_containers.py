"""Containers, iterators, unions and structs in each interpreter: `packages/containers/checks.py` is what must hold."""

from __future__ import annotations

import pytest

from interpreters import VERSIONS, Platform, python_or_skip
from workbench import ROOT, Workbench, Zig

CONTAINERS = ROOT / "tests" / "packages" / "containers"
CHECKS = CONTAINERS / "checks.py"

FOREIGN = {
    "linux_x86_64-3.14": ("--python-version", "3.14"),
    "linux_x86_64-3.13t": ("--python-version", "3.13t"),
    "linux_i686-3.11": ("--python-version", "3.11", "--zig-target", "x86-linux-gnu"),
    "linux_s390x-3.11": ("--python-version", "3.11", "--zig-target", "s390x-linux-gnu"),
}
"""Interpreters whose objects are laid out otherwise, and the options to build for them."""


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("abi", ["stable", "own"])
def test_checks_pass(workbench: Workbench, zig: Zig, version: str, abi: str) -> None:
    python = python_or_skip(version)
    options = [] if abi == "stable" else ["--python-version", version]
    path = workbench.unpacked(workbench.wheel(CONTAINERS, *options, zig=zig))
    assert " 0 failed" in workbench.run([python, CHECKS], environment={"PYTHONPATH": str(path)}).stdout


@pytest.mark.parametrize("name", FOREIGN)
def test_checks_pass_elsewhere(workbench: Workbench, zig: Zig, name: str) -> None:
    platform = Platform(name)
    path = workbench.unpacked(workbench.wheel(CONTAINERS, *FOREIGN[name], zig=zig))
    assert " 0 failed" in platform.python(str(CHECKS), path=path)


@pytest.mark.parametrize("abi", ["stable", "own"])
def test_checks_pass_with_every_zig(workbench: Workbench, any_zig: Zig, abi: str) -> None:
    version = VERSIONS[-1]
    python = python_or_skip(version)
    options = [] if abi == "stable" else ["--python-version", version]
    path = workbench.unpacked(workbench.wheel(CONTAINERS, *options, zig=any_zig))
    assert " 0 failed" in workbench.run([python, CHECKS], environment={"PYTHONPATH": str(path)}).stdout


def test_checks_pass_in_debug(workbench: Workbench, zig: Zig) -> None:
    version = VERSIONS[2]
    python = python_or_skip(version)
    wheel = workbench.wheel(CONTAINERS, "--python-version", version, "--zig-arg", "-Doptimize=Debug", zig=zig)
    path = workbench.unpacked(wheel)
    assert " 0 failed" in workbench.run([python, CHECKS], environment={"PYTHONPATH": str(path)}).stdout
