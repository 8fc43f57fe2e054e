"""Runs Zig: in which environment, and where its messages go."""

from __future__ import annotations

import os
import shlex
import tempfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from alloconda import messages
from alloconda.errors import AllocondaError
from alloconda.folders import user_cache_folder
from alloconda.processes import supervise

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from alloconda.processes import Listener
    from alloconda.toolchain.locate import Zig

_STDERR = 2


def environment(zig: Zig, project_dir: Path) -> dict[str, str]:
    """Compute the environment that Zig runs in: ours, with what its version and the project need.

    Args:
        zig: which Zig.
        project_dir: the project; one that cannot be written has its cache in the user's cache folder.
    """
    variables = dict(os.environ)
    if zig.release >= (0, 17, 0):
        # Zig 0.17 compiles its own build runner first; in debug mode that takes 13 s and not 106 s.
        variables.setdefault("ZIG_DEBUG_CMD", "1")
    if not os.access(project_dir, os.W_OK):
        variables.setdefault("ZIG_LOCAL_CACHE_DIR", str(user_cache_folder() / "zig-cache"))
        # Where Zig 0.17 unpacks dependencies. 0.16 does so in the project and nowhere else; 0.15 needs no such folder.
        variables.setdefault("ZIG_LOCAL_PKG_DIR", str(user_cache_folder() / "zig-pkg"))
    return variables


def build(
    zig: Zig,
    project_dir: Path,
    arguments: Sequence[str],
    variables: Mapping[str, str],
    listener: Listener | None = None,
) -> None:
    """Run one ``zig build`` in a project. All that it prints goes to standard error, or to a listener.

    Args:
        zig: which Zig.
        project_dir: the folder with build.zig.
        arguments: what comes after ``zig build``.
        variables: see `environment`.
        listener: who gets the lines that Zig writes. Default: they go to standard error.

    Raises:
        AllocondaError: there is no build.zig, or the build fails; then Zig has said why.
    """
    if not (project_dir / "build.zig").is_file():
        raise AllocondaError(f"There is no build.zig in {project_dir}: add one that declares the extension.")
    # Without the tree of all steps below the errors, unless it is asked for: a later --summary wins.
    terse = ("--summary", "none") if not listener and not messages.is_verbose() else ()
    command = [str(zig.executable), "build", *terse, *arguments]
    messages.detail(f"running {shlex.join(command)} in {project_dir}")
    status = run(command, project_dir, variables, listener)
    if status < 0:
        raise AllocondaError(f"zig build was ended by signal {-status} in {project_dir}.")
    if status != 0:
        raise BuildFailedError(f"zig build failed in {project_dir}; Zig's own messages are above.")


class BuildFailedError(AllocondaError):
    """Zig has run, and has failed."""


@dataclass
class Silence:
    """Keeps what Zig says, for the case that it fails."""

    lines: list[str] = field(default_factory=list)

    def heard(self, line: str) -> None:
        """Keep a line."""
        self.lines.append(line)

    def tick(self) -> None:
        """Nothing is waited for."""

    def words(self) -> str:
        """Join what Zig has said."""
        return "".join(self.lines)


def ask(zig: Zig, arguments: Sequence[str], folder: Path, variables: Mapping[str, str]) -> str:
    """Run a Zig command that answers on standard output.

    Args:
        zig: which Zig.
        arguments: what comes after ``zig``.
        folder: the current folder of the command.
        variables: see `environment`.

    Returns:
        The answer.

    Raises:
        AllocondaError: Zig refuses; the sentence has its words.
    """
    command = [str(zig.executable), *arguments]
    messages.detail(f"running {shlex.join(command)}")
    with tempfile.TemporaryFile() as answer, tempfile.TemporaryFile() as words:
        status = supervise(command, folder=folder, variables=variables, output=answer, errors=words)
        for stream in (answer, words):
            stream.seek(0)
        if status != 0:
            raise AllocondaError(f"zig {arguments[0]} failed: {words.read().decode(errors='replace').strip()}")
        return answer.read().decode(errors="replace")


def run(command: Sequence[str], folder: Path, variables: Mapping[str, str], listener: Listener | None = None) -> int:
    """Run a command, and end all that it started if we are interrupted.

    Args:
        command: the program and its arguments.
        folder: its current folder.
        variables: its environment.
        listener: who gets the lines that it writes. Default: they go to standard error.

    Returns:
        The exit status, or a negative signal number.

    Raises:
        AllocondaError: it cannot be run.
    """
    try:
        status = supervise(
            command, folder=folder, variables=variables, output=_STDERR, errors=_STDERR, listener=listener
        )
    except OSError as error:
        raise AllocondaError(f"{command[0]} cannot be run: {error.strerror}.") from error
    assert status is not None  # noqa: S101 - for the type checker: no time limit was given
    return status
