"""The tests that stand beside the Zig code, with each compiler; and its format."""

from __future__ import annotations

from workbench import ROOT, Workbench, Zig


def test_zig_tests(workbench: Workbench, any_zig: Zig) -> None:
    workbench.zig_build("test", "--prefix", workbench.folder / f"units-{any_zig.version}", zig=any_zig, cwd=ROOT)
