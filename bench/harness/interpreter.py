"""The interpreters that calls are measured in."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

from alloconda.errors import AllocondaError

OLDEST_MINOR = 10

_QUESTION = """
import json, platform, sys, sysconfig
print(json.dumps({
    "version": platform.python_version(),
    "minor": sys.version_info.minor,
    "free_threaded": bool(sysconfig.get_config_var("Py_GIL_DISABLED")),
    "include": sysconfig.get_path("include"),
    "optimised": "--enable-optimizations" in (sysconfig.get_config_var("CONFIG_ARGS") or ""),
}))
"""


@dataclass(frozen=True)
class Interpreter:
    """A CPython, and what it says of itself."""

    executable: Path
    version: str
    """`3.13.0`"""
    minor: int
    free_threaded: bool
    include: Path
    """Where its `Python.h` is."""
    optimised: bool
    """Whether it was built with `--enable-optimizations`, which changes the share of a call that is ours."""

    @property
    def target(self) -> str:
        """The version as `-Dpython-version` takes it."""
        return f"3.{self.minor}{'t' if self.free_threaded else ''}"


def ask(executable: str) -> Interpreter:
    """Ask an interpreter for what it is.

    Raises:
        AllocondaError: it is too old.
        OSError: there is no such program.
        subprocess.CalledProcessError: it is no Python 3.
    """
    done = subprocess.run([executable, "-I", "-c", _QUESTION], check=True, stdout=subprocess.PIPE, text=True)
    answer = json.loads(done.stdout)
    if answer["minor"] < OLDEST_MINOR:
        raise AllocondaError(
            f"{executable} is Python {answer['version']}: name a CPython of 3.{OLDEST_MINOR} or newer."
        )
    return Interpreter(Path(executable), **{**answer, "include": Path(answer["include"])})
