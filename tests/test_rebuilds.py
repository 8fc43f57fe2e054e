"""What is edited is rebuilt, and nothing else."""

from __future__ import annotations

import sys
import zipfile
from typing import TYPE_CHECKING

from workbench import Workbench, Zig

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def test_an_edit_of_an_imported_file_is_seen(
    workbench: Workbench, any_zig: Zig, project: Callable[[str], Path]
) -> None:
    """Names and docs come from a file that only the root file names."""
    functions = project("tests/packages/functions")
    code = "import functions._native as n; print(n.imported.__doc__, n.imported.__text_signature__)"

    def seen() -> str:
        workbench.alloconda("build", zig=any_zig, cwd=functions)
        return workbench.run([sys.executable, "-c", code], environment={"PYTHONPATH": str(functions / "python")}).stdout

    assert seen() == "From another file. ($module, there)\n"
    elsewhere = functions / "src" / "elsewhere.zig"
    elsewhere.write_text(elsewhere.read_text("utf-8").replace("there", "here").replace("another", "that"), "utf-8")
    assert seen() == "From that file. ($module, here)\n"


def test_a_new_file_of_the_package_is_packed(workbench: Workbench, zig: Zig, project: Callable[[str], Path]) -> None:
    hello = project("examples/hello")
    assert "hello/added.py" not in packed(workbench, zig, hello)
    (hello / "hello" / "added.py").write_text("added = 1\n", "utf-8")
    assert "hello/added.py" in packed(workbench, zig, hello)
    (hello / "hello" / "added.py").unlink()
    assert "hello/added.py" not in packed(workbench, zig, hello)


def packed(workbench: Workbench, zig: Zig, project: Path) -> list[str]:
    """Names of the files of the wheel, built anew in the same folders."""
    wheel = project / workbench.alloconda("wheel", zig=zig, cwd=project).stdout.strip()
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()
