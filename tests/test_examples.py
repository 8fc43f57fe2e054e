"""Every example builds, passes its own tests, does what its README shows, and has the stubs that type checkers need."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

import pytest

from workbench import ROOT, Workbench, Zig

if TYPE_CHECKING:
    from pathlib import Path

EXAMPLES = sorted(path.parent.name for path in (ROOT / "examples").glob("*/pyproject.toml"))


@pytest.fixture(params=EXAMPLES)
def example(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


def run(workbench: Workbench, zig: Zig, example: str, *command: object) -> str:
    """Run Python with the example on its path."""
    folder = workbench.unpacked(workbench.wheel(ROOT / "examples" / example, zig=zig))
    environment = {"PYTHONPATH": str(folder), "MYPYPATH": str(folder)}
    return workbench.run([sys.executable, *command], environment=environment).stdout


def test_its_tests_pass(workbench: Workbench, zig: Zig, example: str) -> None:
    tests = ROOT / "examples" / example / "tests"
    if not tests.is_dir():
        assert example == "hello", "every example but the first has tests"
        return
    # Not the configuration of this repository, whose tests these are not.
    options = ("-n0", "-q", "-p", "no:cacheprovider", "-c", "/dev/null", "--rootdir", tests.parent)
    assert " passed" in run(workbench, zig, example, "-m", "pytest", *options, tests)


def test_its_readme_is_true(workbench: Workbench, zig: Zig, example: str, tmp_path: Path) -> None:
    readme = ROOT / "examples" / example / "README.md"
    blocks = re.findall(r"^```python\n(.*?)^```$", readme.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    assert any(">>> " in block for block in blocks)
    shown = tmp_path / "readme.txt"
    shown.write_text("\n".join(blocks), "utf-8")
    run(workbench, zig, example, "-m", "doctest", "-o", "ELLIPSIS", "-o", "NORMALIZE_WHITESPACE", shown)


def test_its_stubs_are_true(workbench: Workbench, zig: Zig, example: str, tmp_path: Path) -> None:
    folder = workbench.unpacked(workbench.wheel(ROOT / "examples" / example, zig=zig))
    (stub,) = folder.glob("*/_native.pyi")
    # Types have more special methods than the source, such as __radd__ beside __add__.
    options = ["--ignore-missing-stub", "--ignore-disjoint-bases"]
    if sys.version_info < (3, 12):
        # CPython shows it since 3.12 (PEP 688).
        (tmp_path / "allowed").write_text(r".*\.__buffer__", "utf-8")
        options += ["--ignore-unused-allowlist", "--allowlist", str(tmp_path / "allowed")]
    assert "Success" in run(workbench, zig, example, "-m", "mypy.stubtest", *options, f"{stub.parent.name}._native")
