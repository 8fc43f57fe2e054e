"""Builds what is measured: projects with alloconda and Zig, and the yardstick with the C compiler."""

from __future__ import annotations

import os
import shlex
import subprocess
from typing import TYPE_CHECKING

from alloconda.errors import AllocondaError
from alloconda.toolchain import locate, run
from harness import BENCH

if TYPE_CHECKING:
    from pathlib import Path

    from alloconda.toolchain.locate import Zig
    from harness.interpreter import Interpreter

BuildError = AllocondaError
"""What is raised when Zig is missing or fails; its text is for the user."""

C_FLAGS = ("-O3", "-DNDEBUG", "-fPIC", "-shared")


def find_zigs(settings: list[str]) -> list[Zig]:
    """Find the Zig executables that are asked for; with none, the one that alloconda would use.

    Raises:
        AllocondaError: there is no usable Zig.
    """
    if settings:
        return [locate.locate(setting) for setting in settings]
    return [locate.locate(os.environ.get("ALLOCONDA_ZIG"))]


def build(zig: Zig, project: str, prefix: Path, *options: str) -> Path:
    """Build the one extension of a project in `bench/`.

    Args:
        zig: which Zig.
        project: its folder there.
        prefix: an empty folder for the result.
        options: what `zig build` gets beyond that.

    Raises:
        AllocondaError: the build fails; Zig has said why.
    """
    folder = BENCH / project
    run.build(zig, folder, ["--prefix", str(prefix), *options], run.environment(zig, folder))
    (extension,) = (path for path in prefix.glob(f"{project}/_native.*") if path.suffix != ".pyi")
    return extension


def compile_yardstick(interpreter: Interpreter, output: Path, *flags: str) -> Path:
    """Compile the yardstick against an interpreter's headers, with `$CC` or `cc`.

    Raises:
        subprocess.CalledProcessError: the compiler fails; it has said why.
    """
    source = BENCH / "calls" / "yardstick.c"
    compiler = shlex.split(os.environ.get("CC", "cc"))
    subprocess.run([*compiler, *C_FLAGS, *flags, f"-I{interpreter.include}", source, "-o", output], check=True)
    return output


def limited_api(minor: int) -> str:
    """Make the flag that restricts `Python.h` to the stable ABI of Python 3.`minor`."""
    return f"-DPy_LIMITED_API=0x03{minor:02X}0000"


def compiler_version() -> str:
    """Say which C compiler is used."""
    command = [*shlex.split(os.environ.get("CC", "cc")), "--version"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()[0]
