"""Classes, in every interpreter that is there: `packages/classes/checks.py` is what they must do."""

from __future__ import annotations

import pytest

from interpreters import VERSIONS, Platform, python_or_skip
from workbench import ROOT, Workbench, Zig

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


@pytest.mark.parametrize("options", [(), ("--python-version", "3.14"), ("--stable-abi", "3.14")], ids=["stable", "own", "newer"])
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
