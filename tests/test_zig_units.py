"""The tests that stand beside the Zig code, with each compiler; and its format."""

from __future__ import annotations

from workbench import ROOT, Workbench, Zig


def test_zig_tests(workbench: Workbench, any_zig: Zig) -> None:
    cache = workbench.folder / f"units-{any_zig.version}"
    workbench.zig_build("test", "--cache-dir", cache, "--prefix", cache / "out", zig=any_zig, cwd=ROOT)
