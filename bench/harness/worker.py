"""Times statements in one module. Runs in a fresh process of the interpreter that is measured, with nothing around it.

Usage: python worker.py REQUEST, where REQUEST is JSON:
    {"module": "calls._native", "file": "/…/_native.so", "samples": 20, "cases": [["name", "setup", "statement"], …]}

Prints JSON: nanoseconds per statement for each case name, the least of all samples.
"""

from __future__ import annotations

import gc
import importlib.util
import itertools
import json
import sys
from pathlib import Path
from time import perf_counter_ns
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import ModuleType

STATEMENTS_PER_LOOP = 20
"""How often the loop has the statement: the loop itself then costs under 0.5 ns for each, in every column."""

SAMPLE_NS = 1_500_000
"""How long a sample takes: short enough that many of them are not interrupted."""


def main() -> None:
    """Serve the one request of the command line."""
    request = json.loads(sys.argv[1])
    module = load(request["module"], Path(request["file"]))
    gc.disable()
    print(json.dumps({name: time(module, setup, text, request["samples"]) for name, setup, text in request["cases"]}))


def load(name: str, file: Path) -> ModuleType:
    """Import a module from its file, whatever the file is called.

    Raises:
        ImportError: the file is no module for this interpreter.
    """
    # The suffix decides how the file is loaded.
    specification = importlib.util.spec_from_file_location(name, file)
    if specification is None or specification.loader is None:
        raise ImportError(f"{file} cannot be imported by {sys.executable}")
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def time(module: ModuleType, setup: str, statement: str, samples: int) -> float:
    """Time one statement.

    Args:
        module: where the statement's functions are.
        setup: assignments, run once; in it, ``module`` is the module. All its names are local variables of the
            statement, so that looking them up costs next to nothing.
        statement: what is timed.
        samples: how many samples to take.

    Returns:
        Nanoseconds per statement of the fastest sample.
    """
    names: dict[str, object] = {"module": module}
    exec(setup, names)  # noqa: S102 - the statements are the benchmark's own
    names.pop("__builtins__")
    lines = [
        f"def run(_repeat, _clock, {', '.join(names)}):",
        "    _start = _clock()",
        "    for _ in _repeat:",
        *[f"        {statement}"] * STATEMENTS_PER_LOOP,
        "    return _clock() - _start",
    ]
    space: dict[str, Callable[..., int]] = {}
    exec("\n".join(lines), {}, space)  # noqa: S102 - as above

    def sample(loops: int) -> int:
        repeat: Iterable[None] = itertools.repeat(None, loops)
        return space["run"](repeat, perf_counter_ns, **names)

    loops = 100
    sample(loops)  # the interpreter adapts its bytecode
    loops = max(1, loops * SAMPLE_NS // max(1, sample(loops)))
    return min(sample(loops) for _ in range(samples)) / loops / STATEMENTS_PER_LOOP


if __name__ == "__main__":
    main()
