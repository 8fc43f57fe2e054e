"""How a program that is run ends when we are interrupted."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from alloconda.processes import supervise
from workbench import PATIENCE_SECONDS

if TYPE_CHECKING:
    from pathlib import Path

CHILDREN = 20
# Each holds memory, so that the system takes a while to end it.
FORKS = f"""
import os, pathlib, signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
for i in range({CHILDREN}):
    if os.fork() == 0:
        memory = bytearray(b"x") * (20 << 20)
        pathlib.Path(str(i)).touch()
        time.sleep(60)
signal.signal(signal.SIGTERM, signal.SIG_DFL)
pathlib.Path("group").write_text(str(os.getpid()))
time.sleep(60)
"""

# Interrupts itself at each line that the main thread runs, in ours and in the standard library's modules, one after the
# other, until a program has ended by itself before that line. `Popen._fork_exec` is where a child comes into being.
EVERY_LINE = """
import os, signal, subprocess, sys
from alloconda import processes

class Heard:
    def heard(self, line): pass
    def tick(self): pass

def at_line(number):
    left = number
    def trace(frame, event, _):
        nonlocal left
        if not frame.f_code.co_filename.endswith(("subprocess.py", "threading.py", "processes.py")):
            return None
        if event == "line":
            left -= 1
            if left == 0:
                sys.settrace(None)
                os.kill(os.getpid(), signal.{name})
        return trace
    sys.settrace(trace)

started = []
class Noted(subprocess.Popen):
    def __init__(self, *arguments, **options):
        started.append(self)
        super().__init__(*arguments, **options)

def leave(number, _):
    raise SystemExit(128 + number)

processes.subprocess.Popen = Noted
signal.signal(signal.SIGTERM, leave)
handlers = {{number: signal.getsignal(number) for number in signal.Signals}}
number = 0
while True:
    number += 1
    started.clear()
    at_line(number)
    try:
        status = processes.supervise(
            ["sleep", "0.05"], variables={{"PATH": os.environ["PATH"]}}, listener=Heard() if {listening} else None
        )
    except {exception}:
        pass
    else:
        sys.settrace(None)
        assert status == 0, status
        print(number)
        break
    assert {{number: signal.getsignal(number) for number in signal.Signals}} == handlers, number
    for process in started:
        try:
            os.killpg(process.pid, 0)
        except (ProcessLookupError, AttributeError):
            continue
        raise SystemExit(f"line {{number}}: a child lives on")
"""


class Impatient:
    """Interrupts when all children run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def heard(self, line: str) -> None:
        raise AssertionError(line)

    def tick(self) -> None:
        if len(list(self.folder.iterdir())) > CHILDREN:
            raise KeyboardInterrupt


@pytest.mark.skipif(os.name != "posix", reason="process groups")
def test_all_have_ended_when_it_returns(tmp_path: Path) -> None:
    """One that still ran could write into a folder that is being removed."""
    with pytest.raises(KeyboardInterrupt):
        supervise([sys.executable, "-c", FORKS], folder=tmp_path, listener=Impatient(tmp_path))
    with pytest.raises(ProcessLookupError):
        os.killpg(int((tmp_path / "group").read_text()), 0)


@pytest.mark.skipif(os.name != "posix", reason="signals")
@pytest.mark.parametrize("listening", [False, True])
@pytest.mark.parametrize(("name", "exception"), [("SIGINT", "KeyboardInterrupt"), ("SIGTERM", "SystemExit")])
def test_a_signal_at_any_line(name: str, exception: str, listening: object) -> None:
    """A child that was being started is not lost, and no lock stays held."""
    code = EVERY_LINE.format(name=name, exception=exception, listening=listening)
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=PATIENCE_SECONDS
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert int(done.stdout) > 100


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_a_caller_that_goes_on() -> None:
    """A signal that our caller handles is handled, and ends nothing unless the handler says so."""
    code = """if True:
        import os, signal, threading
        from alloconda.processes import supervise
        seen = []
        signal.signal(signal.SIGTERM, lambda number, _: seen.append(number))
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGTERM)).start()
        threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGHUP)).start()
        print(supervise(["sleep", "1"]), seen == [signal.SIGTERM])
    """
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("0 True\n", "")


def test_too_long() -> None:
    assert supervise([sys.executable, "-c", "import time; time.sleep(600)"], timeout_seconds=0.5) is None
