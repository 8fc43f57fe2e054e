"""How long `zig build` of a small project takes."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from alloconda.toolchain.run import environment
from harness import CHECKOUT
from harness.table import markdown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from alloconda.toolchain.locate import Zig

CASES = ("cold", "warm, nothing to do", "after a one-line edit")
NOT_COPIED = shutil.ignore_patterns(".zig-cache", "zig-out", "zig-pkg", "dist")
COPIED = ("build.zig", "build.zig.zon", "src", "LICENSE", "examples/hello")


@dataclass(frozen=True, order=True)
class Seconds:
    """What one build took."""

    wall: float
    cpu: float
    """Of all its processes together."""


def measure(zig: Zig, repeat: int) -> dict[str, Seconds]:
    """Time each of `CASES`; the fastest of `repeat` runs counts. No cache of the user's is read or written.

    Raises:
        subprocess.CalledProcessError: a build fails; Zig has said why.
    """
    times: dict[str, list[Seconds]] = defaultdict(list)
    for _ in range(repeat):
        with tempfile.TemporaryDirectory(prefix="alloconda-bench-") as folder:
            project, variables = fresh_project(zig, Path(folder))
            for case in CASES:
                if case == CASES[2]:
                    with (project / "src" / "root.zig").open("a", encoding="utf-8") as root:
                        root.write("pub fn edited() u8 { return 1; }\n")
                times[case].append(run(zig, project, variables))
    return {case: min(seconds) for case, seconds in times.items()}


def table(seconds: dict[str, dict[str, Seconds]]) -> str:
    """Lay out the results of each Zig version."""
    rows = [
        [f"Zig {version}", *(f"{cases[case].wall:.2f} ({cases[case].cpu:.2f})" for case in CASES)]
        for version, cases in seconds.items()
    ]
    return markdown(["seconds, of CPU in brackets", *CASES], rows)


def fresh_project(zig: Zig, folder: Path) -> tuple[Path, dict[str, str]]:
    """Copy the example, and return its folder and an environment with empty caches."""
    _copy(folder / "alloconda")
    project = folder / "alloconda" / "examples" / "hello"
    caches = {"ZIG_GLOBAL_CACHE_DIR": str(folder / "global"), "ZIG_LOCAL_CACHE_DIR": str(folder / "local")}
    return project, environment(zig, project) | caches


def _copy(to: Path) -> None:
    """Copy the Zig package and the example, which refers to it by a relative path, without their caches."""
    for name in COPIED:
        source = CHECKOUT / name
        if source.is_dir():
            shutil.copytree(source, to / name, ignore=NOT_COPIED)
        else:
            to.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, to / name)


def run(zig: Zig, project: Path, variables: Mapping[str, str], *arguments: str) -> Seconds:
    """Time one `zig build`.

    Raises:
        subprocess.CalledProcessError: it fails; Zig has said why.
    """
    before, start = os.times(), time.perf_counter()
    command = [str(zig.executable), "build", *arguments]
    subprocess.run(command, cwd=project, env=variables, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True)
    wall, after = time.perf_counter() - start, os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return Seconds(wall, cpu)
