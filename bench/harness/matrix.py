"""How long `zig build wheel-all` takes, beside one `zig build wheel` after the other for the same platforms."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from harness.builds import Seconds, fresh_project, run
from harness.table import markdown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from alloconda.toolchain.locate import Zig

PLATFORMS = (
    "manylinux_2_17_x86_64",
    "manylinux_2_17_aarch64",
    "macosx_11_0_arm64",
    "win_amd64",
    "musllinux_1_2_x86_64",
    "musllinux_1_2_aarch64",
    "macosx_10_13_x86_64",
    "win_arm64",
    "manylinux_2_17_i686",
    "manylinux_2_17_armv7l",
    "manylinux_2_17_ppc64le",
    "manylinux_2_17_s390x",
    "manylinux_2_31_riscv64",
    "macosx_11_0_universal2",
    "win32",
    "musllinux_1_2_armv7l",
)
SIZES = (4, 8, 16)
"""How many wheels, unless the command line says so."""
CASES = ("one graph, cold", "one graph, warm", "in sequence, cold", "in sequence, warm")


WARM_RUNS = 5
"""How often a build with nothing to do is timed; the fastest counts."""


def measure(zig: Zig, sizes: Sequence[int]) -> dict[int, dict[str, Seconds]]:
    """Time each of `CASES` for the first so many platforms. No cache of the user's is read or written.

    Raises:
        subprocess.CalledProcessError: a build fails; Zig has said why.
    """
    return {size: _measure_size(zig, PLATFORMS[:size]) for size in sizes}


def _measure_size(zig: Zig, platforms: tuple[str, ...]) -> dict[str, Seconds]:
    seconds = {}
    for way, groups in (("one graph", [platforms]), ("in sequence", [(platform,) for platform in platforms])):
        with tempfile.TemporaryDirectory(prefix="alloconda-bench-") as folder:
            project, variables = fresh_project(zig, Path(folder))
            # The build runner is compiled once per cache, whatever is built.
            run(zig, project, variables, "--help")
            seconds[f"{way}, cold"] = _build(zig, project, variables, groups)
            seconds[f"{way}, warm"] = min(_build(zig, project, variables, groups) for _ in range(WARM_RUNS))
    return seconds


def _build(zig: Zig, project: Path, variables: Mapping[str, str], groups: Sequence[Sequence[str]]) -> Seconds:
    """Run one `zig build wheel` after the other, one for each group of platforms."""
    parts = [
        run(zig, project, variables, "wheel", f"-Dpython={sys.executable}", f"-Dplatform={','.join(group)}")
        for group in groups
    ]
    return Seconds(sum(part.wall for part in parts), sum(part.cpu for part in parts))


def table(seconds: dict[int, dict[str, Seconds]]) -> str:
    """Lay out the results of one Zig version."""
    rows = [
        [f"{size} wheels", *(f"{cases[case].wall:.2f} ({cases[case].cpu:.2f})" for case in CASES)]
        for size, cases in seconds.items()
    ]
    return markdown(["seconds, of CPU in brackets", *CASES], rows)
