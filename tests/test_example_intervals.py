"""The example `examples/intervals`: built, and its own tests run."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from workbench import ROOT, Workbench, Zig

if TYPE_CHECKING:
    from pathlib import Path


def test_its_own_tests_pass(workbench: Workbench, zig: Zig, tmp_path: Path) -> None:
    example = ROOT / "examples" / "intervals"
    path = workbench.unpacked(workbench.wheel(example, zig=zig))
    command = [sys.executable, "-m", "pytest", "-q", "-n0", "-p", "no:cacheprovider", example / "tests"]
    done = workbench.run(command, cwd=tmp_path, environment={"PYTHONPATH": str(path)})
    assert " passed" in done.stdout
