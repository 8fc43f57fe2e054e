"""What ``--interpreter`` names: the Python version to build for."""

from __future__ import annotations

import json
import re
import shutil
import subprocess

from alloconda.errors import AllocondaError

_QUESTION = (
    "import json, sys, sysconfig; print(json.dumps([sys.implementation.name, list(sys.version_info[:2]), "
    "bool(sysconfig.get_config_var('Py_GIL_DISABLED'))]))"
)
_TIMEOUT_SECONDS = 60


def version_of(interpreter: str) -> str:
    """Tell the version of an interpreter as ``python-version`` has it: "3.13", "3.13t".

    Args:
        interpreter: a path, the name of a program on PATH, or a version, which need not be installed.

    Raises:
        AllocondaError: there is no such program, or it is no CPython.
    """
    if match := re.fullmatch(r"(3\.[0-9]+)(?:\.[0-9]+)?(t?)", interpreter, re.ASCII):
        return match[1] + match[2]
    program = shutil.which(interpreter)
    if program is None:
        raise AllocondaError(
            f"There is no interpreter '{interpreter}': give a path, the name of a program on PATH, or a version "
            "such as 3.13."
        )
    try:
        done = subprocess.run(
            [program, "-I", "-c", _QUESTION],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=_TIMEOUT_SECONDS,
        )
        name, (major, minor), free_threaded = json.loads(done.stdout)
    except (OSError, ValueError, TypeError, subprocess.TimeoutExpired):
        raise AllocondaError(f"{program} does not answer as a Python interpreter does.") from None
    if name != "cpython":
        raise AllocondaError(f"{program} is {name}, and alloconda builds for CPython.")
    return f"{major}.{minor}{'t' if free_threaded else ''}"
