"""The environment that ``alloconda develop`` installs into, and the installer that does it."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from alloconda.errors import AllocondaError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_PROBE = """
import importlib.util, json, sys
print(json.dumps([sys.prefix, *(importlib.util.find_spec(name) is not None for name in ("pip", "alloconda"))]))
"""
_PROBE_TIMEOUT_SECONDS = 60
_TOOL_FILES = ("pipx_metadata.json", "uv-receipt.toml")
"""Files by which pipx and uv mark an environment that is a tool's own."""


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """How to install."""

    skip_build: bool = False
    """Whether the libraries that are in the package's folder will do."""
    uv: bool = False
    """Whether uv is to install and not pip."""
    system: bool = False
    """Whether an environment that is not virtual will do."""
    pip_args: tuple[str, ...] = ()
    """More arguments for pip or uv."""


@dataclass(frozen=True)
class Environment:
    """An environment with an interpreter that runs."""

    python: Path
    prefix: Path
    has_pip: bool
    has_alloconda: bool

    @property
    def is_ours(self) -> bool:
        """Whether it is the one that this program runs in."""
        return self.prefix.resolve() == Path(sys.prefix).resolve()

    @classmethod
    def find(cls, project_dir: Path, *, system: bool) -> Environment:
        """Find the environment to install into.

        The first of these counts: the active one (VIRTUAL_ENV), the one that this program runs in unless that is a
        tool's own, ``.venv`` in the project, conda's (CONDA_PREFIX).

        Args:
            project_dir: the project.
            system: whether the running interpreter will do when there is none of these.

        Raises:
            AllocondaError: there is none, or its interpreter does not run.
        """
        for prefix in _virtual_environments(project_dir):
            return cls.probed(_python(prefix))
        if system:
            return cls.probed(Path(sys.executable))
        raise AllocondaError(
            "There is no virtual environment to install into: make one with 'python -m venv .venv' and activate it, or "
            "give --system to install into the Python that runs alloconda."
        )

    @classmethod
    def probed(cls, python: Path) -> Environment:
        """Ask an interpreter what it has."""
        try:
            done = subprocess.run(
                [python, "-c", _PROBE],
                cwd=python.parent,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                check=True,
                timeout=_PROBE_TIMEOUT_SECONDS,
            )
            prefix, has_pip, has_alloconda = json.loads(done.stdout)
        except (OSError, subprocess.SubprocessError, ValueError) as error:
            raise AllocondaError(f"{python} does not run ({error}): make the virtual environment anew.") from None
        return cls(python, Path(prefix), has_pip, has_alloconda)

    def installer(self, *, uv: bool) -> list[str]:
        """Choose what installs: pip, or uv when it is asked for or pip is missing.

        Args:
            uv: whether uv is asked for.

        Returns:
            The beginning of a command.

        Raises:
            AllocondaError: it is not there.
        """
        if self.has_pip and not uv:
            return [str(self.python), "-m", "pip", "install"]
        if found := _uv():
            return [*found, "pip", "install", "--python", str(self.python)]
        if uv:
            raise AllocondaError("uv is asked for, and it is neither on PATH nor a package of this Python: install it.")
        raise AllocondaError(
            f"There is neither pip in {self.prefix} nor uv on PATH: run '{self.python} -m ensurepip', or install uv."
        )


def install_command(
    environment: Environment, project_dir: Path, name: str, settings: Mapping[str, object], wishes: Wishes
) -> list[str]:
    """Put the command together that makes an editable install.

    Args:
        environment: where to install.
        project_dir: the project.
        name: the name of its distribution.
        settings: what the backend is told, as ``--config-settings`` has it.
        wishes: what is asked for beside.

    Raises:
        AllocondaError: there is no installer.
    """
    command = environment.installer(uv=wishes.uv)
    if "--python" in command:
        # What uv knows by the same version it takes for up to date.
        command += ["--reinstall-package", name]
    if environment.has_alloconda:
        # Else the installer gets alloconda as any other build requirement, into an environment of its own.
        command.append("--no-build-isolation")
    for key, given in settings.items():
        for value in given if isinstance(given, list | tuple) else (given,):
            command += ["--config-settings", f"{key}={value}"]
    return [*command, "--editable", str(project_dir), *wishes.pip_args]


def _virtual_environments(project_dir: Path) -> Iterator[Path]:
    if active := os.environ.get("VIRTUAL_ENV"):
        yield Path(active)
    own = Path(sys.prefix)
    if sys.prefix != sys.base_prefix and not any((own / name).exists() for name in _TOOL_FILES):
        yield own
    if (project_dir / ".venv" / "pyvenv.cfg").is_file():
        yield project_dir / ".venv"
    if conda := os.environ.get("CONDA_PREFIX"):
        yield Path(conda)


def _python(prefix: Path) -> Path:
    if os.name == "nt":
        candidates = [prefix / "Scripts" / "python.exe", prefix / "python.exe"]
    else:
        candidates = [prefix / "bin" / "python"]
    for python in candidates:
        if python.exists():
            return python
    raise AllocondaError(f"The virtual environment {prefix} has no {candidates[0].name}: make it anew.")


def _uv() -> list[str] | None:
    if found := shutil.which("uv"):
        return [found]
    return [sys.executable, "-m", "uv"] if importlib.util.find_spec("uv") else None
