"""Runs Zig: one process tree, its messages shown as it writes them, and nothing left behind."""

from __future__ import annotations

import contextlib
import os
import queue
import shlex
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, NoReturn, Protocol

from alloconda import messages
from alloconda.errors import AllocondaError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from types import FrameType

    from alloconda.toolchain.locate import Zig

_STDERR = 2
_GRACE_SECONDS = 3
_TICK_SECONDS = 0.1


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


def home_folder() -> Path:
    """Find the user's own folder.

    Raises:
        AllocondaError: the system knows none, as for a container's user of any number.
    """
    try:
        return Path.home()
    except RuntimeError:
        raise AllocondaError("This user has no home folder: set HOME to a folder that can be written.") from None


def user_cache_folder() -> Path:
    """Find the folder for files that may be deleted at any time, by the system's convention.

    Raises:
        AllocondaError: see `home_folder`.
    """
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or home_folder() / "AppData" / "Local"
    elif sys.platform == "darwin":
        base = home_folder() / "Library" / "Caches"
    else:
        base = os.environ.get("XDG_CACHE_HOME") or home_folder() / ".cache"
    return Path(base, "alloconda")


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
    command = [str(zig.executable), "build", *arguments]
    messages.detail(f"running {shlex.join(command)} in {project_dir}")
    status = run(command, project_dir, variables, listener)
    if status < 0:
        raise AllocondaError(f"zig build was ended by signal {-status} in {project_dir}.")
    if status != 0:
        raise BuildFailedError(f"zig build failed in {project_dir}; Zig's own messages are above.")


class BuildFailedError(AllocondaError):
    """Zig has run, and has failed."""


class Listener(Protocol):
    """Follows a build."""

    def heard(self, line: str) -> None:
        """Take a line that Zig has written, with its line end."""

    def tick(self) -> None:
        """Look around: called several times a second, and once when Zig has ended."""


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
    messages.detail(f"running {shlex.join([str(zig.executable), *arguments])}")
    with _signals_as_exceptions():
        process = subprocess.Popen(
            [zig.executable, *arguments],
            cwd=folder,
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=os.name == "posix",
        )
        with _ending_with_us(process):
            output, words = process.communicate()
    if process.returncode != 0:
        raise AllocondaError(f"zig {arguments[0]} failed: {words.decode(errors='replace').strip()}")
    return output.decode(errors="replace")


def run(command: Sequence[str], folder: Path, variables: Mapping[str, str], listener: Listener | None = None) -> int:
    """Run a command in a process group of its own, and end the whole group if we are interrupted.

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
    with _signals_as_exceptions():
        try:
            process = subprocess.Popen(
                command,
                cwd=folder,
                env=variables,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE if listener else _STDERR,
                stderr=subprocess.STDOUT if listener else None,
                start_new_session=os.name == "posix",
            )
        except OSError as error:
            raise AllocondaError(f"{command[0]} cannot be run: {error.strerror}.") from error
        with _ending_with_us(process):
            if listener:
                _listen(process, listener)
            return process.wait()


def _listen(process: subprocess.Popen[bytes], listener: Listener) -> None:
    """Pass on what a process writes until it ends. Its children may live on with the pipe open."""
    assert process.stdout is not None  # noqa: S101 - for the type checker
    lines: queue.SimpleQueue[str] = queue.SimpleQueue()
    reader = threading.Thread(target=_read_lines, args=(process.stdout, lines), daemon=True)
    reader.start()
    running = True
    while running:
        try:
            process.wait(_TICK_SECONDS)
            running = False
            reader.join(_GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            pass
        with contextlib.suppress(queue.Empty):
            while True:
                listener.heard(lines.get_nowait())
        listener.tick()


def _read_lines(stream: IO[bytes], lines: queue.SimpleQueue[str]) -> None:
    # Closed here and nowhere else: another thread would have to wait for the one that reads.
    with stream:
        for line in stream:
            lines.put(line.decode(errors="replace"))


@contextlib.contextmanager
def _ending_with_us(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """End a process, and all that it started, when the block is left by an exception."""
    try:
        yield
    except BaseException:
        _end(process, group=os.name == "posix")
        raise


def _end(process: subprocess.Popen[bytes], *, group: bool) -> None:
    """End a process, and with ``group`` all that it started; first politely."""
    # PermissionError: macOS says so of a group of which only zombies are left.
    gone = contextlib.suppress(ProcessLookupError, PermissionError)
    try:
        with gone:
            if group:
                os.killpg(process.pid, signal.SIGTERM)
            else:
                process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_GRACE_SECONDS)
    finally:  # also when the user presses Ctrl-C a second time
        with gone:
            if group:
                os.killpg(process.pid, signal.SIGKILL)
            else:
                process.kill()
        process.wait()
        if group:
            with gone:
                _await_group(process.pid)


def _await_group(number: int) -> None:
    """Wait for a group that has been killed: the last of them may be making a file in a folder that is to go."""
    deadline = time.monotonic() + _GRACE_SECONDS
    while time.monotonic() < deadline:
        os.killpg(number, 0)
        time.sleep(0.005)


@contextlib.contextmanager
def _signals_as_exceptions() -> Iterator[None]:
    """Turn a request to end into an exception, so that children are ended and temporary files removed."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    numbers = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    # A signal that is ignored (nohup) or handled by our caller stays so.
    previous = {
        number: signal.signal(number, _exit) for number in numbers if signal.getsignal(number) == signal.SIG_DFL
    }
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


def _exit(number: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(128 + number)
