"""Python objects, exceptions and threads in Zig: `packages/objects/checks.py` is what must hold in each interpreter."""

from __future__ import annotations

import pytest

from interpreters import VERSIONS, Platform, python_or_skip
from workbench import ROOT, Workbench, Zig

OBJECTS = ROOT / "tests" / "packages" / "objects"
CHECKS = OBJECTS / "checks.py"


def checked(workbench: Workbench, zig: Zig, version: str, *options: str) -> None:
    path = workbench.unpacked(workbench.wheel(OBJECTS, *options, zig=zig))
    python = python_or_skip(version)
    assert "0 failed" in workbench.run([python, CHECKS], environment={"PYTHONPATH": str(path)}).stdout


@pytest.mark.parametrize("version", VERSIONS)
def test_checks_pass_with_the_stable_abi(workbench: Workbench, zig: Zig, version: str) -> None:
    checked(workbench, zig, version)


@pytest.mark.parametrize("version", [VERSIONS[0], VERSIONS[-1]])
def test_checks_pass_for_one_version(workbench: Workbench, zig: Zig, version: str) -> None:
    checked(workbench, zig, version, "--python-version", version)


def test_checks_pass_with_every_zig(workbench: Workbench, any_zig: Zig) -> None:
    checked(workbench, any_zig, VERSIONS[-1], "--stable-abi", "3.12")


def test_checks_pass_in_python_3_14(workbench: Workbench, zig: Zig) -> None:
    platform = Platform("linux_x86_64-3.14")
    path = workbench.unpacked(workbench.wheel(OBJECTS, zig=zig))
    assert "0 failed" in platform.python(str(CHECKS), path=path)


def test_a_debug_build_says_where_an_error_came_from(workbench: Workbench, any_zig: Zig) -> None:
    version = VERSIONS[-1]
    options = ("--python-version", version, "--zig-arg", "-Doptimize=Debug")
    path = workbench.unpacked(workbench.wheel(OBJECTS, *options, zig=any_zig))
    script = (
        "import objects._native as native\n"
        "try: native.fail('other')\n"
        "except RuntimeError as error: print(error.__notes__[0])"
    )
    note = workbench.run([python_or_skip(version), "-c", script], environment={"PYTHONPATH": str(path)}).stdout
    assert note.startswith("Zig error return trace:\n")
    assert "root.zig:29" in note
    assert "return error.Strange;" in note
    checked(workbench, any_zig, version, *options)
