"""Classes of `packages/classes` in several interpreters of a process, and while garbage is collected all the time."""

from __future__ import annotations

import pytest

from interpreters import CHECKED, VERSIONS, check, python_or_skip
from workbench import Workbench, Zig

CLASSES = CHECKED / "classes"


@pytest.mark.parametrize("version", VERSIONS)
def test_interpreters_and_modules_have_classes_of_their_own(workbench: Workbench, zig: Zig, version: str) -> None:
    python = python_or_skip(version)
    path = workbench.unpacked(workbench.wheel(CLASSES, zig=zig))
    done = workbench.run([python, CLASSES / "interpreters_check.py"], environment={"PYTHONPATH": str(path)})
    assert done.stdout == "interpreters passed\n"


@pytest.mark.parametrize("version", [VERSIONS[0], VERSIONS[-1]])
def test_checks_pass_while_garbage_is_collected_all_the_time(workbench: Workbench, zig: Zig, version: str) -> None:
    path = workbench.unpacked(workbench.wheel(CLASSES, zig=zig))
    check(version, "classes", "quick", "collect", path=path)
