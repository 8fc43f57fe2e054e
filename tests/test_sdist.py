"""A wheel built from the source distribution is the wheel built from the tree, wherever the former is unpacked."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import TYPE_CHECKING

from interpreters import skip
from workbench import Workbench, Zig

if TYPE_CHECKING:
    from collections.abc import Callable

READ_ONLY = """
    mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && cd "$1" && shift && exec env -u ZIG_LOCAL_CACHE_DIR "$@"
"""
"""Runs a command in a folder that cannot be written, also by root, and with no word on where Zig's cache is."""


def unpacked(sdist: Path, folder: Path) -> Path:
    """Unpack as pip does: with the filter of PEP 706 that refuses what is not safe."""
    with tarfile.open(sdist) as archive:
        archive.extractall(folder, filter="data")
    (project,) = folder.iterdir()
    return project


def test_the_same_wheel(workbench: Workbench, zig: Zig, project: Callable[[str], Path], tmp_path: Path) -> None:
    several = project("tests/packages/several")
    (several / ".gitignore").write_text("*.so\ngenerated.txt\n", "utf-8")
    (several / "python" / "several" / "data" / "generated.txt").write_text("brought back", "utf-8")
    (several / "python" / "several" / "ignored.so").write_bytes(b"left out")
    pyproject = several / "pyproject.toml"
    pyproject.write_text(pyproject.read_text("utf-8") + 'include = ["generated.txt"]\n', "utf-8")
    workbench.run(["git", "init", "-q"], several)

    first = several / workbench.alloconda("wheel", zig=zig, cwd=several).stdout.strip()
    sdist = several / workbench.alloconda("sdist", zig=zig, cwd=several).stdout.strip()
    workbench.run([sys.executable, "-m", "twine", "check", "--strict", sdist])
    shutil.move(several, tmp_path / "gone")  # the sdist needs nothing of it
    tree = unpacked(tmp_path / "gone" / "dist" / sdist.name, tmp_path / "unpacked, ü")

    command = [sys.executable, "-m", "alloconda", "wheel", "--out-dir", tmp_path / "out"]
    workbench.run(command, tree, environment=zig.environment)
    (second,) = (tmp_path / "out").iterdir()
    assert second.name == first.name
    assert second.read_bytes() == (tmp_path / "gone" / "dist" / first.name).read_bytes()


def test_a_tree_that_cannot_be_written(
    workbench: Workbench, zig: Zig, project: Callable[[str], Path], tmp_path: Path
) -> None:
    unshare = shutil.which("unshare") or "unshare"
    probe = [unshare, "-rm", "sh", "-c", READ_ONLY, "sh", str(tmp_path), "true"]
    if not shutil.which(unshare) or subprocess.run(probe, check=False, capture_output=True).returncode != 0:
        skip("this system has no way to make a folder read-only for one program (unshare -rm)")
    hello = project("examples/hello")
    expected = hello / workbench.alloconda("wheel", zig=zig, cwd=hello).stdout.strip()
    in_tree = hello / workbench.alloconda("sdist", zig=zig, cwd=hello).stdout.strip()
    tree = unpacked(in_tree, tmp_path / "unpacked")
    for command in ("sdist", "wheel"):
        run = [sys.executable, "-m", "alloconda", command, "--out-dir", tmp_path / "out"]
        environment = zig.environment | {"XDG_CACHE_HOME": str(tmp_path / "cache")}
        workbench.run([unshare, "-rm", "sh", "-c", READ_ONLY, "sh", tree, *run], environment=environment)
    assert (tmp_path / "out" / expected.name).read_bytes() == expected.read_bytes()
    assert (tmp_path / "out" / in_tree.name).read_bytes() == in_tree.read_bytes()
