"""Finds a Zig that alloconda can use."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from alloconda.errors import AllocondaError

if TYPE_CHECKING:
    from collections.abc import Iterator

VERSION_MIN = (0, 15, 2)
VERSION_END = (0, 18, 0)
"""The first version that is too new."""
REQUIREMENT = "ziglang>=0.15.2,<0.18"
"""What to install: the range above as a requirement on the package index."""

_VERSION_TIMEOUT_SECONDS = 60


@dataclass(frozen=True)
class Zig:
    """A Zig executable whose version is known to be right."""

    executable: Path
    version: str

    @property
    def release(self) -> tuple[int, int, int]:
        """The version's numbers."""
        release = _release(self.version)
        assert release is not None  # noqa: S101 - `locate` makes no other
        return release


def locate(setting: str | None = None) -> Zig:
    """Find Zig: the explicit setting, else the ``ziglang`` package, else ``zig`` on PATH.

    Args:
        setting: path or name of the executable, from the ``zig`` key or ALLOCONDA_ZIG. When it is given nothing else
            is tried.

    Raises:
        AllocondaError: no Zig in the supported range; the sentence lists what was found.
    """
    found = []
    for executable, where in _explicit(setting) if setting else _candidates():
        version = _version(executable)
        if isinstance(version, Zig):
            return version
        found.append(f"{where} {version}")
    remedy = f"pip install '{REQUIREMENT}', or set ALLOCONDA_ZIG to a Zig of that range"
    if not found:
        raise AllocondaError(f"Zig is not installed: there is no ziglang package and no zig on PATH; {remedy}.")
    raise AllocondaError(f"No usable Zig was found: {'; '.join(found)}. To go on, {remedy}.")


def _explicit(setting: str) -> Iterator[tuple[Path, str]]:
    path = shutil.which(os.path.expanduser(setting))  # noqa: PTH111 - a bare name must stay a bare name
    if path is None:
        raise AllocondaError(
            f"The Zig that was asked for, '{setting}' (key 'zig' or ALLOCONDA_ZIG), is not an executable file."
        )
    yield Path(path), path


def _candidates() -> Iterator[tuple[Path, str]]:
    """Yield executables in the order in which they are preferred, with what to call them."""
    specification = importlib.util.find_spec("ziglang")
    for folder in (specification.submodule_search_locations if specification else None) or []:
        for name in ("zig", "zig.exe"):
            executable = Path(folder, name)
            if executable.is_file():
                yield executable, f"the ziglang package ({executable})"
    if path := shutil.which("zig"):
        yield Path(path), f"zig on PATH ({path})"


def _version(executable: Path) -> Zig | str:
    """Ask an executable for its version; text says what is wrong with it."""
    try:
        done = subprocess.run(
            [executable, "version"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=_VERSION_TIMEOUT_SECONDS,
        )
    except OSError as error:
        return f"cannot be run ({error.strerror})"
    except subprocess.TimeoutExpired:
        return f"does not tell its version within {_VERSION_TIMEOUT_SECONDS} seconds"
    version = done.stdout.decode(errors="replace").strip()
    release = _release(version)
    if done.returncode != 0 or release is None:
        return "does not tell its version, as 'zig version' does"
    before_release = "-" in version.partition("+")[0]
    if not VERSION_MIN <= release < VERSION_END or (release == VERSION_MIN and before_release):
        return f"is version {version}"
    return Zig(executable.absolute(), version)


def _release(version: str) -> tuple[int, int, int] | None:
    match = re.fullmatch(r"(\d{1,4})\.(\d{1,4})\.(\d{1,4})([-+].*)?", version, re.ASCII)
    return (int(match[1]), int(match[2]), int(match[3])) if match else None
