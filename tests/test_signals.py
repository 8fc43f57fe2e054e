"""Ctrl-C and SIGTERM while Zig compiles: the right status, nothing half-written, and nobody left behind."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from workbench import PATIENCE_SECONDS, Workbench, Zig

pytestmark = pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks for processes in /proc")

MARK = "ALLOCONDA_TEST_MARK"


def marked(mark: str) -> dict[int, str]:
    """The processes that run with a mark in their environment, with their command lines."""
    found = {}
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            if f"{MARK}={mark}".encode() in (folder / "environ").read_bytes().split(b"\0"):
                found[int(folder.name)] = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
    return found


def wait_until(condition: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.02)


def interrupt(workbench: Workbench, zig: Zig, arguments: list[str], cwd: Path, *, number: int, depth: int) -> int:
    """Run a command with caches of its own, send it a signal when so many processes run, and return its status."""
    mark = secrets.token_hex(8)
    process = subprocess.Popen(
        [sys.executable, "-m", "alloconda", *arguments],
        cwd=cwd,
        env=workbench.environment
        | zig.environment
        | {
            MARK: mark,
            "ZIG_LOCAL_CACHE_DIR": str(cwd.parent / "local cache"),
            "ZIG_GLOBAL_CACHE_DIR": str(cwd.parent / "global cache"),
            "XDG_CACHE_HOME": str(cwd.parent / "user cache"),
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        # A session of its own: the signal goes to this process alone, and not, as from a terminal, to all.
        start_new_session=True,
    )
    try:
        wait_until(lambda: len(marked(mark)) >= depth or process.poll() is not None, "nothing was started")
        assert process.poll() is None, process.communicate()[1]
        os.kill(process.pid, number)
        _, words = process.communicate(timeout=PATIENCE_SECONDS)
        assert "Traceback" not in words
        wait_until(lambda: not marked(mark), f"still running: {marked(mark)}")
    finally:
        process.kill()
    return process.returncode


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize("depth", [2, 3], ids=["zig runs", "what zig started runs"])
def test_a_wheel(  # noqa: PLR0917 - fixtures
    workbench: Workbench, zig: Zig, project: Callable[[str], Path], number: int, status: int, depth: int
) -> None:
    hello = project("examples/hello")
    (hello / "dist").mkdir()
    (hello / "dist" / "hello-0.1.0-cp310-abi3-manylinux_2_17_x86_64.whl").write_bytes(b"as it was")
    before = sorted(path.relative_to(hello) for path in hello.rglob("*"))
    assert interrupt(workbench, zig, ["wheel"], hello, number=number, depth=depth) == status
    left = {path.relative_to(hello) for path in hello.rglob("*")} - set(before)
    assert {path.parts[0] for path in left} <= {"zig-pkg", ".zig-cache"}
    assert (hello / "dist" / "hello-0.1.0-cp310-abi3-manylinux_2_17_x86_64.whl").read_bytes() == b"as it was"


@pytest.mark.parametrize("arguments", [["wheel-all"], ["list-python"]], ids=["wheel-all", "list-python"])
def test_other_commands_that_run_zig(
    workbench: Workbench, zig: Zig, project: Callable[[str], Path], arguments: list[str]
) -> None:
    hello = project("examples/hello")
    assert interrupt(workbench, zig, arguments, hello, number=signal.SIGINT, depth=3) == 130
    assert not (hello / "dist").exists() or list((hello / "dist").iterdir()) == []


def test_what_was_interrupted_can_be_built_again(
    workbench: Workbench, zig: Zig, project: Callable[[str], Path]
) -> None:
    hello = project("examples/hello")
    interrupt(workbench, zig, ["wheel"], hello, number=signal.SIGINT, depth=3)
    cache = str(hello.parent / "local cache")
    workbench.alloconda("wheel", zig=zig, cwd=hello, ZIG_LOCAL_CACHE_DIR=cache)
    assert [path.suffix for path in (hello / "dist").iterdir()] == [".whl"]
