"""Conversions of values and buffers, in every interpreter that is there.

What they must do is in `checks.py` of the packages `values` and `arrays`. What `docs/conversions.md` says of them is in
their `rows.py`.
"""

from __future__ import annotations

import pytest

from interpreters import VERSIONS, Platform, python_or_skip
from workbench import ROOT, Workbench, Zig

PACKAGES = ROOT / "tests" / "packages"
FLOOR = {"values": (), "arrays": ("--stable-abi", "3.11")}
FOREIGN = {
    "linux_aarch64-3.11": "manylinux_2_17_aarch64",
    "linux_i686-3.11": "manylinux_2_17_i686",
    "linux_s390x-3.11": "manylinux_2_17_s390x",
    "musllinux_x86_64-3.13": "musllinux_1_2_x86_64",
    "win_amd64-3.13": "win_amd64",
}


def check(workbench: Workbench, zig: Zig, package: str, version: str, *options: str) -> None:
    """Build a package and run its checks in an interpreter of this machine."""
    python = python_or_skip(version)
    path = workbench.unpacked(workbench.wheel(PACKAGES / package, *options, zig=zig))
    checks = PACKAGES / package / "checks.py"
    assert " 0 failed" in workbench.run([python, checks], environment={"PYTHONPATH": str(path)}).stdout


@pytest.mark.parametrize("package", FLOOR)
@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("abi", ["stable", "own"])
def test_checks_pass(workbench: Workbench, zig: Zig, package: str, version: str, abi: str) -> None:
    if abi == "stable" and package == "arrays" and version == "3.10":
        version = "3.11"
    check(workbench, zig, package, version, *(FLOOR[package] if abi == "stable" else ("--python-version", version)))


@pytest.mark.parametrize("package", FLOOR)
@pytest.mark.parametrize("optimize", ["Debug", "ReleaseSafe", "ReleaseSmall"])
def test_checks_pass_in_every_optimize_mode(workbench: Workbench, zig: Zig, package: str, optimize: str) -> None:
    check(workbench, zig, package, "3.12", "--python-version", "3.12", "--zig-arg", f"-Doptimize={optimize}")


@pytest.mark.parametrize("package", FLOOR)
def test_checks_pass_with_every_zig(workbench: Workbench, any_zig: Zig, package: str) -> None:
    check(workbench, any_zig, package, "3.13", *FLOOR[package])


@pytest.mark.parametrize("package", FLOOR)
@pytest.mark.parametrize("name", FOREIGN)
def test_checks_pass_on_other_platforms(workbench: Workbench, zig: Zig, package: str, name: str) -> None:
    platform = Platform(name)
    wheel = workbench.wheel(PACKAGES / package, "--platform-tag", FOREIGN[name], *FLOOR[package], zig=zig)
    assert " 0 failed" in platform.python(str(PACKAGES / package / "checks.py"), path=workbench.unpacked(wheel))


@pytest.mark.parametrize("package", FLOOR)
@pytest.mark.parametrize(("name", "version"), [("linux_x86_64-3.14", "3.14"), ("linux_x86_64-3.13t", "3.13t")])
def test_checks_pass_in_other_pythons(workbench: Workbench, zig: Zig, package: str, name: str, version: str) -> None:
    platform = Platform(name)
    wheel = workbench.wheel(PACKAGES / package, "--python-version", version, zig=zig)
    assert " 0 failed" in platform.python(str(PACKAGES / package / "checks.py"), path=workbench.unpacked(wheel))


def test_buffers_below_their_floor_are_refused_with_a_sentence(workbench: Workbench, zig: Zig) -> None:
    done = workbench.alloconda("wheel", "--project-dir", PACKAGES / "arrays", zig=zig, status=1)
    sentence = (
        "py.Buffer needs Python 3.11, but this build is for 3.10 and newer (stable ABI): "
        "build with the stable ABI of 3.11 (-Dstable-abi=3.11) or for one version (-Dpython-version=3.10)"
    )
    assert sentence in done.stderr
