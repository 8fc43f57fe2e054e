"""What is said beside the results: on standard error, as much of it as was asked for, and in colour where it may be.

Results go to standard output and are not the business of this file.
"""

from __future__ import annotations

import enum
import os
import sys
from typing import IO


class Loudness(enum.IntEnum):
    """How much is said."""

    QUIET = 0
    """Warnings and errors."""
    USUAL = 1
    VERBOSE = 2
    """Also what is run, and where things were found."""


class _State:
    loudness = Loudness.USUAL


def set_loudness(loudness: Loudness) -> None:
    """Choose for this process how much is said."""
    _State.loudness = loudness


def is_quiet() -> bool:
    """Tell whether only warnings and errors are wanted."""
    return _State.loudness == Loudness.QUIET


def is_verbose() -> bool:
    """Tell whether details are wanted."""
    return _State.loudness == Loudness.VERBOSE


def note(text: str) -> None:
    """Say what happens, unless the user wants quiet."""
    if not is_quiet():
        _write(text)


def detail(text: str) -> None:
    """Say what only a user who searches for a mistake wants to know."""
    if is_verbose():
        _write(text)


def error(sentence: object) -> None:
    """Say why the command ends."""
    mark = "\x1b[1;31merror:\x1b[0m" if wants_colour() else "error:"
    _write(f"{mark} {sentence}")


def choose_colour(choice: str) -> None:
    """Apply ``--color``, for this process and for those that it starts.

    Args:
        choice: "auto", "always" or "never". The two latter are told by the variables that Zig, Rich and others read.
    """
    if choice == "always":
        os.environ.pop("NO_COLOR", None)
        os.environ.update(FORCE_COLOR="1", CLICOLOR_FORCE="1")
    elif choice == "never":
        os.environ["NO_COLOR"] = "1"
        for name in ("FORCE_COLOR", "CLICOLOR_FORCE"):
            os.environ.pop(name, None)


def wants_colour(stream: IO[str] | None = None) -> bool:
    """Tell whether what is written may be coloured: NO_COLOR is stronger than FORCE_COLOR, and both than a terminal.

    Args:
        stream: where it is written. Default: standard error.
    """
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or (stream or sys.stderr).isatty()


def _write(text: str) -> None:
    sys.stderr.write(f"{text}\n")
