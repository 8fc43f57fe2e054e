"""Every example builds, passes its own tests, does what its README shows, and has the stubs that type checkers need."""

from __future__ import annotations

import os
import re
import sys
import zipfile
from pathlib import Path

import pytest

from interpreters import Platform
from workbench import ROOT, Workbench, Zig

EXAMPLES = sorted(path.parent.name for path in (ROOT / "examples").glob("*/pyproject.toml"))

LIBRARY = ROOT / "examples" / "intervals"
"""The example that is a library as a user would publish it."""
MATRIX = {
    "manylinux_2_17_x86_64": "linux_x86_64-3.14",
    "manylinux_2_17_aarch64": "linux_aarch64-3.11",
    "musllinux_1_2_x86_64": "musllinux_x86_64-3.13",
    "win_amd64": "win_amd64-3.13",
}
"""Wheels that its `wheel-all` makes, and who runs its tests there."""
NOT_RUN = {"macosx_11_0_arm64"}
PYTEST = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", "/dev/null")
"""Not with the configuration of this repository, whose tests those of the examples are not."""


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
    assert " passed" in run(workbench, zig, example, *PYTEST, "-n0", "--rootdir", tests.parent, tests)


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


@pytest.fixture(scope="session")
def wheels(workbench: Workbench, zig: Zig) -> dict[str, Path]:
    """All wheels of the library by their platforms."""
    folder = workbench.folder / LIBRARY.name
    workbench.alloconda("wheel-all", "--project-dir", LIBRARY, "--out-dir", folder, zig=zig)
    return {path.stem.partition("-abi3-")[2]: path for path in folder.glob("intervals-0.1.0-cp310-abi3-*.whl")}


@pytest.mark.xdist_group("library")
def test_the_library_has_a_wheel_for_each_platform(wheels: dict[str, Path]) -> None:
    assert wheels.keys() == MATRIX.keys() | NOT_RUN


@pytest.mark.xdist_group("library")
@pytest.mark.parametrize("platform", MATRIX)
def test_the_library_passes_its_tests_there(
    wheels: dict[str, Path], platform: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with zipfile.ZipFile(wheels[platform]) as archive:
        archive.extractall(tmp_path)
    # pytest is pure Python, and that of the tests runs there too; its plugins do not.
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    path = os.pathsep.join([str(tmp_path), str(Path(pytest.__file__).parent.parent)])
    options = ("-p", "no:faulthandler", "--rootdir", str(LIBRARY), str(LIBRARY / "tests"))
    assert " passed" in Platform(MATRIX[platform]).python(*PYTEST, *options, path=path)
