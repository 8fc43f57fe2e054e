"""What a call from Python costs, beside the same call into hand-written C."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from harness import BENCH, peers
from harness.extensions import build, compile_yardstick, compiler_version, limited_api
from harness.table import markdown

if TYPE_CHECKING:
    from alloconda.toolchain.locate import Zig
    from harness.interpreter import Interpreter

Nanoseconds = dict[str, dict[str, float]]
"""Column title, then case title, to nanoseconds per statement."""


@dataclass(frozen=True)
class Case:
    """A row of the table. Its functions are in `calls/src/root.zig`, `calls/yardstick.c` and `calls/pure.py`."""

    title: str
    setup: str
    """Assignments. In it, `module` is the module; its names are local variables of the statement."""
    statement: str
    stable_since: int = 10
    """Minor version of Python 3 since which the stable ABI has what the functions need."""


@dataclass(frozen=True)
class Column:
    """A module that has all the functions."""

    title: str
    module: str
    file: Path | None
    """None for what could not be built."""
    stable_abi: int | None = None
    """The oldest minor version of Python 3 that it works with, if it is built for the stable ABI."""

    @property
    def cases(self) -> list[Case]:
        """What it can be measured with."""
        if self.file is None:
            return []
        return [case for case in CASES if self.stable_abi is None or self.stable_abi >= case.stable_since]


CASES = (
    Case("noop()", "f = module.noop", "f()"),
    # Results over 256, so that none is one of the ints that the interpreter keeps.
    Case("add(int, int)", "f = module.add_ints; x = 1234; y = 5678", "f(x, y)"),
    Case("add(float, float)", "f = module.add_floats; x = 1.5; y = 2.25", "f(x, y)"),
    Case("echo(str)", "f = module.echo; x = 'hello, world'", "f(x)"),
    Case("f(1), two defaults", "f = module.keywords; x = 1234", "f(x)"),
    Case("f(1, b=2, c=3)", "f = module.keywords; x = 1234; y = 20; z = 3", "f(x, b=y, c=z)"),
    Case("sum of 3 ints, copied", "f = module.sum_ints; x = list(range(1000, 1003))", "f(x)"),
    Case("sum of 1000 ints, copied", "f = module.sum_ints; x = list(range(1000, 2000))", "f(x)"),
    Case("sum of 1000 ints, in place", "f = module.sum_list; x = list(range(1000, 2000))", "f(x)"),
    Case("list of 1000 floats", "f = module.halves; x = 1000", "f(x)"),
    Case("f((int, float))", "f = module.scale; x = (1234, 2.5)", "f(x)"),
    Case("sum of 100 values of a dict", "f = module.sum_values; x = {str(i): i for i in range(1000, 1100)}", "f(x)"),
    Case(
        "sum of a buffer of 1000 float64",
        "from array import array; f = module.sum_buffer; x = array('d', range(1000))",
        "f(x)",
        stable_since=11,
    ),
    Case("Point(x, y)", "f = module.Point; x = 1.5; y = 2.5", "f(x, y)"),
    Case("Point(x=x, y=y)", "f = module.Point; x = 1.5; y = 2.5", "f(x=x, y=y)"),
    Case("p.norm()", "p = module.Point(1.5, 2.5)", "p.norm()"),
    Case("p.scaled(float)", "p = module.Point(1.5, 2.5); x = 2.5", "p.scaled(x)"),
    Case("p.x", "p = module.Point(1.5, 2.5)", "p.x"),
    Case("p.x = float", "p = module.Point(1.5, 2.5); x = 3.5", "p.x = x"),
    Case("p + q", "p = module.Point(1.5, 2.5); q = module.Point(2.5, 1.5)", "p + q"),
    Case("1000 steps of an iterator", "f = module.Countdown", "for _ in f(1000): pass"),
)

STABLE_ABI = 11
"""The oldest minor version of Python 3 for the stable ABI, where the interpreter is not older: it has all cases."""

_WORKER = BENCH / "harness" / "worker.py"


def measure(interpreter: Interpreter, zig: Zig, rounds: int, samples: int, *, with_peers: bool) -> Nanoseconds:
    """Build all columns and time all cases.

    Each round runs every column in a process of its own, in a new order. What is slow in one process, by the place
    where its memory happens to be or by what else the machine does, is fast in another: the least of all counts.

    Args:
        interpreter: which CPython.
        zig: which Zig.
        rounds: processes per column.
        samples: samples per process and case.
        with_peers: whether other libraries get columns.

    Raises:
        AllocondaError: the project cannot be built.
        subprocess.CalledProcessError: the yardstick cannot be compiled, or a module not be imported.
    """
    best: Nanoseconds = defaultdict(dict)
    with tempfile.TemporaryDirectory(prefix="alloconda-bench-") as folder:
        columns = _columns(interpreter, zig, Path(folder))
        if with_peers:
            columns += _peer_columns(interpreter, Path(folder))
        order = [column for column in columns if column.cases]
        for _ in range(rounds):
            random.shuffle(order)
            for column in order:
                for case, nanoseconds in _run(interpreter, column, samples).items():
                    best[column.title][case] = min(nanoseconds, best[column.title].get(case, nanoseconds))
    return {column.title: best[column.title] for column in columns}


def table(nanoseconds: Nanoseconds) -> str:
    """Lay out nanoseconds and, but for the first column, their ratio to it."""
    (first, yardstick), *others = nanoseconds.items()
    rows = [
        [
            case.title,
            f"{yardstick[case.title]:.1f}",
            *(_cell(column.get(case.title), yardstick[case.title]) for _, column in others),
        ]
        for case in CASES
    ]
    return markdown(["ns per call", first, *(title for title, _ in others)], rows)


def _cell(nanoseconds: float | None, yardstick: float) -> str:
    return "-" if nanoseconds is None else f"{nanoseconds:.1f} ({nanoseconds / yardstick:.2f}x)"


def caption(interpreter: Interpreter, zig: Zig) -> str:
    """Say what the figures were measured with."""
    built = "with" if interpreter.optimised else "without"
    return f"CPython {interpreter.version} ({built} --enable-optimizations), Zig {zig.version}, {compiler_version()}"


def _columns(interpreter: Interpreter, zig: Zig, folder: Path) -> list[Column]:
    """Build the columns, the yardstick first. A free-threaded Python has no stable ABI."""
    yardstick = compile_yardstick(interpreter, folder / "yardstick.so")
    native = build(zig, "calls", folder / "native", f"-Dpython-version={interpreter.target}")
    columns = [
        Column("C", "yardstick", yardstick),
        Column("C again", "yardstick", yardstick),
        Column("alloconda", "calls._native", native),
    ]
    if not interpreter.free_threaded:
        minor = min(interpreter.minor, STABLE_ABI)
        limited = compile_yardstick(interpreter, folder / "yardstick.abi3.so", limited_api(minor))
        stable = build(zig, "calls", folder / "stable", f"-Dstable-abi=3.{minor}")
        columns += [
            Column("C, stable ABI", "yardstick", limited, minor),
            Column("alloconda, stable ABI", "calls._native", stable, minor),
        ]
    return [*columns, Column("Python", "pure", BENCH / "calls" / "pure.py")]


def _peer_columns(interpreter: Interpreter, folder: Path) -> list[Column]:
    """Build the columns of the other libraries. What fails gets an empty column, and its reason is printed."""
    columns = []
    for peer in peers.PEERS:
        try:
            built = peers.build(peer, interpreter, folder)
        except peers.PeerError as error:
            print(f"warning: {error}", file=sys.stderr)
            columns.append(Column(peer.name, peer.module, None))
        else:
            columns.append(Column(f"{peer.name} {built.version}", peer.module, built.file))
    return columns


def _run(interpreter: Interpreter, column: Column, samples: int) -> dict[str, float]:
    cases = [(case.title, case.setup, case.statement) for case in column.cases]
    random.shuffle(cases)
    request = json.dumps({"module": column.module, "file": str(column.file), "samples": samples, "cases": cases})
    # Nothing of the user's environment, no site-packages, no bytecode written.
    command = [str(interpreter.executable), "-I", "-S", "-B", str(_WORKER), request]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    result: dict[str, float] = json.loads(done.stdout)
    return result
