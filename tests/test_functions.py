"""The binding library, in every interpreter that is there: `packages/functions/checks.py` is what it must do."""

from __future__ import annotations

import pytest

from interpreters import VERSIONS, Platform, python_or_skip
from workbench import ROOT, Workbench, Zig

FUNCTIONS = ROOT / "tests" / "packages" / "functions"
CHECKS = FUNCTIONS / "checks.py"


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("abi", ["stable", "own"])
def test_checks_pass(workbench: Workbench, zig: Zig, version: str, abi: str) -> None:
    python = python_or_skip(version)
    options = [] if abi == "stable" else ["--python-version", version]
    path = workbench.unpacked(workbench.wheel(FUNCTIONS, *options, zig=zig))
    assert "0 failed" in workbench.run([python, CHECKS], environment={"PYTHONPATH": str(path)}).stdout


@pytest.mark.parametrize("options", [(), ("--python-version", "3.14")], ids=["stable", "own"])
def test_checks_pass_in_python_3_14(workbench: Workbench, zig: Zig, options: tuple[str, ...]) -> None:
    platform = Platform("linux_x86_64-3.14")
    path = workbench.unpacked(workbench.wheel(FUNCTIONS, *options, zig=zig))
    assert "0 failed" in platform.python(str(CHECKS), path=path)


@pytest.mark.parametrize("optimize", ["Debug", "ReleaseSafe", "ReleaseSmall"])
def test_checks_pass_in_every_optimize_mode(workbench: Workbench, zig: Zig, optimize: str) -> None:
    version = VERSIONS[2]
    python = python_or_skip(version)
    wheel = workbench.wheel(FUNCTIONS, "--python-version", version, "--zig-arg", f"-Doptimize={optimize}", zig=zig)
    path = workbench.unpacked(wheel)
    assert "0 failed" in workbench.run([python, CHECKS], environment={"PYTHONPATH": str(path)}).stdout


@pytest.mark.parametrize("abi", ["stable", "own"])
def test_checks_pass_with_every_zig(workbench: Workbench, any_zig: Zig, abi: str) -> None:
    version = VERSIONS[-1]
    python = python_or_skip(version)
    options = [] if abi == "stable" else ["--python-version", version]
    path = workbench.unpacked(workbench.wheel(FUNCTIONS, *options, zig=any_zig))
    assert "0 failed" in workbench.run([python, CHECKS], environment={"PYTHONPATH": str(path)}).stdout
