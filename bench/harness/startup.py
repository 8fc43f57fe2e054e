"""How long commands take that have next to nothing to do, beside those of other build tools."""

from __future__ import annotations

import importlib.util
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from harness import CHECKOUT
from harness.builds import fresh_project
from harness.table import markdown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from alloconda.toolchain.locate import Zig


@dataclass(frozen=True)
class Milliseconds:
    """What a command takes, from its start to its end."""

    least: float
    median: float
    cpu: float
    """Of all its processes together, the least: what it takes on a machine that does nothing else."""


def measure(zigs: Sequence[Zig], repeat: int) -> dict[str, Milliseconds | None]:
    """Time commands by what to call them; ``None`` for a tool that is not installed here.

    Args:
        zigs: which Zigs run the build that has nothing to do.
        repeat: how often each command runs.

    Raises:
        subprocess.CalledProcessError: a command fails.
    """
    variables = os.environ | {"PYTHONPATH": str(CHECKOUT / "python")}
    ours = [sys.executable, "-m", "alloconda"]
    times: dict[str, Milliseconds | None] = {
        "python -c pass": _time([sys.executable, "-c", "pass"], repeat, variables),
        "alloconda --help": _time([*ours, "--help"], repeat, variables),
        "alloconda wheel --help": _time([*ours, "wheel", "--help"], repeat, variables),
        "python -m build --help": None,
        "maturin --help": None,
    }
    if importlib.util.find_spec("build"):
        times["python -m build --help"] = _time([sys.executable, "-m", "build", "--help"], repeat, variables)
    if maturin := shutil.which("maturin"):
        times["maturin --help"] = _time([maturin, "--help"], repeat, variables)
    for zig in zigs:
        with tempfile.TemporaryDirectory(prefix="alloconda-bench-") as folder:
            project, caches = fresh_project(zig, Path(folder))
            chosen = {**variables, **caches, "ALLOCONDA_ZIG": str(zig.executable)}
            command = [*ours, "build", "--project-dir", str(project)]
            _run(command, chosen)
            times[f"alloconda build, nothing to do, Zig {zig.version}"] = _time(command, repeat, chosen)
    return times


def table(times: Mapping[str, Milliseconds | None]) -> str:
    """Lay out the results."""
    rows = [
        [name, *((f"{one.least:.0f}", f"{one.median:.0f}", f"{one.cpu:.0f}") if one else ("not installed", "", ""))]
        for name, one in times.items()
    ]
    return markdown(["milliseconds", "least", "median", "CPU, least"], rows)


def _time(command: Sequence[str], repeat: int, variables: Mapping[str, str]) -> Milliseconds:
    _run(command, variables)  # writes the .pyc files
    times = []
    cpu = []
    for _ in range(repeat):
        before, cpu_before = time.perf_counter(), _cpu_seconds()
        _run(command, variables)
        times.append(1000 * (time.perf_counter() - before))
        cpu.append(1000 * (_cpu_seconds() - cpu_before))
    return Milliseconds(min(times), statistics.median(times), min(cpu))


def _cpu_seconds() -> float:
    """The processor time of all processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _run(command: Sequence[str], variables: Mapping[str, str]) -> None:
    subprocess.run(
        command,
        env=variables,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=True,
    )
