"""Runs programs so that none outlives us: each in a process group of its own, which is ended as a whole."""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import subprocess
import threading
import time
from typing import IO, TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from typing_extensions import Self

_GRACE_SECONDS = 3
_TICK_SECONDS = 0.1

_Events = queue.SimpleQueue["str | int | None"]
"""What happens while a program runs: a line that it wrote, the number of a signal to us, or ``None`` for its end."""


class Listener(Protocol):
    """Follows a program."""

    def heard(self, line: str) -> None:
        """Take a line that it has written, with its line end."""

    def tick(self) -> None:
        """Look around: called several times a second, and once when it has ended."""


def supervise(  # noqa: PLR0913 - what a process has
    command: Sequence[str | os.PathLike[str]],
    *,
    folder: Path | None = None,
    variables: Mapping[str, str] | None = None,
    output: int | IO[bytes] = subprocess.DEVNULL,
    errors: int | IO[bytes] = subprocess.DEVNULL,
    listener: Listener | None = None,
    timeout_seconds: float | None = None,
) -> int | None:
    """Run a program without input, and end it with all that it has started if we are interrupted.

    Args:
        command: the program and its arguments.
        folder: its current folder. Default: ours.
        variables: its environment. Default: ours.
        output: a file for what it writes. Not a pipe: what it leaves behind could hold one open for ever.
        errors: the same, for standard error.
        listener: who gets the lines of both, in place of the files.
        timeout_seconds: how long it may take.

    Returns:
        The exit status, or a negative signal number; ``None`` if it took too long and was ended.

    Raises:
        OSError: it cannot be run.
    """
    events: _Events = queue.SimpleQueue()
    deadline = time.monotonic() + (float("inf") if timeout_seconds is None else timeout_seconds)
    with _Requests(events) as requests:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if listener else output,
            stderr=subprocess.STDOUT if listener else errors,
            start_new_session=os.name == "posix",
        )
        try:
            if _follow(process, events, requests, listener, deadline):
                return process.returncode
        except BaseException:
            _end(process, events)
            raise
        _end(process, events)
        return None


class _Requests:
    """Keeps signals that ask us to end for a moment in which nothing is half done.

    An exception that a signal's handler raises inside of `subprocess` can lose a child that has just been started, and
    leave a lock held that is then waited for for ever.
    """

    def __init__(self, events: _Events) -> None:
        self._events = events
        self._handlers: dict[int, Any] = {}

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            try:
                for name in ("SIGINT", "SIGTERM", "SIGHUP"):
                    number = getattr(signal, name, None)
                    # One that is ignored (nohup) stays so; None is one that Python does not handle.
                    if number is not None and signal.getsignal(number) not in (signal.SIG_IGN, None):
                        self._handlers[number] = signal.getsignal(number)
                        signal.signal(number, self._keep)
            except BaseException:
                self._restore(dict(self._handlers))
                raise
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._restore(dict(self._handlers))
        with contextlib.suppress(queue.Empty):
            while kind is None:
                event = self._events.get_nowait()
                if isinstance(event, int):
                    self.grant(event)

    def _restore(self, handlers: dict[int, Any]) -> None:
        try:
            for number, handler in tuple(handlers.items()):
                signal.signal(number, handler)
                del handlers[number]
        finally:
            # A signal whose handler was put back may have come at once.
            if handlers:
                self._restore(handlers)

    def _keep(self, number: int, _frame: object) -> None:
        self._events.put(number)

    def grant(self, number: int) -> None:
        """Do what our caller does at that signal; where that is nothing, leave by an exception, which cleans up."""
        handler = self._handlers[number]
        if not callable(handler):
            raise SystemExit(128 + number)
        handler(number, None)


def _follow(
    process: subprocess.Popen[bytes],
    events: _Events,
    requests: _Requests,
    listener: Listener | None,
    deadline: float,
) -> bool:
    """Wait for a process to end, and pass on what happens; tell whether it ended before the deadline."""

    def pass_on(seconds: float) -> bool:
        running = True
        for event in _arrived(events, seconds):
            if event is None:
                running = False
            elif isinstance(event, int):
                requests.grant(event)
            elif listener:
                listener.heard(event)
        if listener:
            listener.tick()
        return running

    _start(_announce_end, process, events)
    reader = _start(_read_lines, process, events) if listener else None
    while pass_on(_TICK_SECONDS):
        if time.monotonic() > deadline:
            return False
    if reader:
        # What the process has left behind may live on with the pipe open.
        reader.join(_GRACE_SECONDS)
        pass_on(0)
    return True


def _arrived(events: _Events, seconds: float) -> Iterator[str | int | None]:
    """Wait for the next event, and take all that have happened by then."""
    with contextlib.suppress(queue.Empty):
        yield events.get(timeout=seconds)
        while True:
            yield events.get_nowait()


def _start(
    work: Callable[[subprocess.Popen[bytes], _Events], None], process: subprocess.Popen[bytes], events: _Events
) -> threading.Thread:
    thread = threading.Thread(target=work, args=(process, events), daemon=True)
    thread.start()
    return thread


def _announce_end(process: subprocess.Popen[bytes], events: _Events) -> None:
    process.wait()
    events.put(None)


def _read_lines(process: subprocess.Popen[bytes], events: _Events) -> None:
    assert process.stdout is not None  # noqa: S101 - for the type checker
    # Closed here and nowhere else: another thread would have to wait for the one that reads.
    with process.stdout as stream:
        for line in stream:
            events.put(line.decode(errors="replace"))


def _end(process: subprocess.Popen[bytes], events: _Events) -> None:
    """End a process and all that it has started; first politely, until we are asked a second time."""
    is_group = os.name == "posix"
    # PermissionError: macOS says so of a group of which only zombies are left.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if is_group:
            os.killpg(process.pid, signal.SIGTERM)
        else:
            process.terminate()
    deadline = time.monotonic() + _GRACE_SECONDS
    with contextlib.suppress(queue.Empty):
        while process.returncode is None and isinstance(events.get(timeout=max(deadline - time.monotonic(), 0)), str):
            pass
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if is_group:
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    process.wait()
    if is_group:
        _await_group(process.pid)


def _await_group(number: int) -> None:
    """Wait for a group that has been killed: the last of them may be making a file in a folder that is to go."""
    deadline = time.monotonic() + _GRACE_SECONDS
    with contextlib.suppress(ProcessLookupError, PermissionError):
        while time.monotonic() < deadline:
            os.killpg(number, 0)
            time.sleep(0.005)
