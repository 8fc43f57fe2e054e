"""Benchmarks of alloconda: `python bench/run.py calls|builds|matrix|sizes|startup`. See README.md beside this file."""

from __future__ import annotations

import argparse
import itertools
import json
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from harness import builds, calls, extensions, interpreter, matrix, sizes, startup
from harness.table import machine

if TYPE_CHECKING:
    from alloconda.toolchain.locate import Zig


def main() -> int:
    """Run what the command line asks for, print tables, and return the exit status."""
    options = _parser().parse_args()
    raw: dict[str, object] = {"benchmark": options.benchmark, "machine": machine()}
    print(f"{raw['machine']}\n")
    try:
        zigs = extensions.find_zigs(options.zig)
        if options.benchmark == "calls":
            raw["results"] = _calls(options, zigs)
        elif options.benchmark == "builds":
            seconds = {zig.version: builds.measure(zig, options.repeat) for zig in zigs}
            print(builds.table(seconds))
            raw["seconds"] = {version: {case: asdict(s) for case, s in row.items()} for version, row in seconds.items()}
        elif options.benchmark == "matrix":
            wheels = {zig.version: matrix.measure(zig, options.wheels or matrix.SIZES) for zig in zigs}
            for version, row in wheels.items():
                print(f"Zig {version}\n\n{matrix.table(row)}\n")
            raw["seconds"] = {
                version: {size: {case: asdict(s) for case, s in cases.items()} for size, cases in row.items()}
                for version, row in wheels.items()
            }
        elif options.benchmark == "startup":
            times = startup.measure(zigs, options.repeat)
            print(startup.table(times))
            raw["milliseconds"] = {name: one and asdict(one) for name, one in times.items()}
        else:
            raw["bytes"] = sizes_by_version = {zig.version: sizes.measure(zig) for zig in zigs}
            print(sizes.table(sizes_by_version))
    except (extensions.BuildError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as error:
        print(f"error: {error.cmd[0]} failed; its own messages are above.", file=sys.stderr)
        return 1
    if options.json:
        options.json.write_text(json.dumps(raw, indent=2) + "\n", encoding="utf-8")
    return 0


def _calls(options: argparse.Namespace, zigs: list[Zig]) -> list[dict[str, object]]:
    """Measure in one interpreter after the other, and print each table as soon as it is there."""
    results: list[dict[str, object]] = []
    pythons = [interpreter.ask(executable) for executable in options.python or [sys.executable]]
    for python, zig in itertools.product(pythons, zigs):
        nanoseconds = calls.measure(python, zig, options.rounds, options.samples, with_peers=options.peers)
        caption = calls.caption(python, zig)
        print(f"{caption}\n\n{calls.table(nanoseconds)}\n", flush=True)
        results.append({"caption": caption, "python": python.version, "zig": zig.version, "nanoseconds": nanoseconds})
    return results


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="bench/run.py", description="Benchmarks of alloconda, as Markdown tables.")
    commands = parser.add_subparsers(dest="benchmark", required=True, metavar="calls|builds|matrix|sizes|startup")
    command = commands.add_parser("calls", help="ns per call, beside a hand-written C extension and Python")
    interpreters = "interpreter to measure in; may be repeated (default: the one that runs this)"
    command.add_argument("--python", action="append", metavar="PYTHON", help=interpreters)
    command.add_argument("--rounds", type=int, default=16, help="processes per column (default: 16)")
    command.add_argument("--samples", type=int, default=12, help="samples per process and case (default: 12)")
    command.add_argument("--peers", action="store_true", help="columns for other libraries, installed from PyPI")

    command = commands.add_parser("builds", help="seconds for zig build of examples/hello: cold, warm, after an edit")
    command.add_argument("--repeat", type=int, default=3, help="runs, of which the fastest counts (default: 3)")

    command = commands.add_parser("matrix", help="seconds for the wheels of many platforms: one graph, and in sequence")
    numbers = range(1, len(matrix.PLATFORMS) + 1)
    how_many = "how many, up to 16; may be repeated (default: 4, 8, 16)"
    command.add_argument("--wheels", type=int, action="append", choices=numbers, metavar="N", help=how_many)
    commands.add_parser("sizes", help="bytes of a stripped extension with one function")

    command = commands.add_parser("startup", help="milliseconds of commands that have next to nothing to do")
    command.add_argument("--repeat", type=int, default=20, help="runs of each command (default: 20)")

    each_zig = "path or name of a Zig; may be repeated (default: the one that alloconda finds)"
    for command in commands.choices.values():
        command.add_argument("--zig", action="append", default=[], metavar="ZIG", help=each_zig)
        command.add_argument("--json", type=Path, metavar="FILE", help="where to write the raw numbers")
    return parser


if __name__ == "__main__":
    sys.exit(main())
