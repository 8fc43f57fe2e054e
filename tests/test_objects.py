"""What a debug build of `packages/objects` says of an error; what else must hold is in its `checks.py`."""

from __future__ import annotations

from interpreters import CHECKED, VERSIONS, check, python_or_skip
from workbench import Workbench, Zig


def test_a_debug_build_says_where_an_error_came_from(workbench: Workbench, any_zig: Zig) -> None:
    version = VERSIONS[-1]
    options = ("--python-version", version, "--zig-arg", "-Doptimize=Debug")
    path = workbench.unpacked(workbench.wheel(CHECKED / "objects", *options, zig=any_zig))
    script = (
        "import objects._native as native\n"
        "try: native.fail('other')\n"
        "except RuntimeError as error: print(error.__notes__[0])"
    )
    note = workbench.run([python_or_skip(version), "-c", script], environment={"PYTHONPATH": str(path)}).stdout
    assert note.startswith("Zig error return trace:\n")
    source = (CHECKED / "objects" / "src" / "root.zig").read_text("utf-8").splitlines()
    assert f"root.zig:{source.index('    return error.Strange;') + 1}:" in note
    assert "return error.Strange;" in note
    check(version, "objects", "brief", path=path)
