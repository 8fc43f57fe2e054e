"""A process that dies while it unpacks headers: nobody finds half of them, and those who wait go on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from alloconda.headers.cache import Cache
from releases import TAG, Release, Server
from workbench import PATIENCE_SECONDS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TRIPLE = "x86_64-unknown-linux-gnu"
INCLUDE = "python/include/python3.13"
FILES = 8_000
pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows cannot stop a process")


@pytest.fixture
def server() -> Iterator[Server]:
    release = Release()
    members = {f"{INCLUDE}/{number}.h": b"#pragma once\n" for number in range(FILES)}
    release.add("3.13.0", TRIPLE, "install_only_stripped.tar.gz", {f"{INCLUDE}/Python.h": b"\n", **members})
    made = Server(release)
    yield made
    made.close()


def start(server: Server, cache: Path) -> subprocess.Popen[str]:
    fetch = ["python", "fetch", "--version", "3.13", "--pbs-target", TRIPLE, "--mirror", server.url]
    command = [sys.executable, "-m", "alloconda", *fetch, "--cache-dir", str(cache)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def stop_while_unpacking(process: subprocess.Popen[str], cache: Path) -> None:
    """Wait until a process unpacks, and stop it there."""
    half = f".alloconda-*/new/{INCLUDE.removeprefix('python/')}/1*.h"
    while process.poll() is None:
        if any(cache.glob(half)):
            process.send_signal(signal.SIGSTOP)
            return
        time.sleep(0.002)
    pytest.fail(f"it was over too soon: {process.communicate()}")


def check(process: subprocess.Popen[str], cache: Path) -> None:
    said, errors = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 0, errors
    include = cache / f"cpython-3.13.0+{TAG}-{TRIPLE}" / "include" / "python3.13"
    assert said == f"{include}\n"
    assert sum(1 for _ in include.iterdir()) == FILES + 1


@pytest.mark.parametrize("waits", [False, True], ids=["alone", "while another waits"])
def test_killed_while_unpacking(server: Server, tmp_path: Path, *, waits: bool) -> None:
    cache = tmp_path / "cache"
    first = start(server, cache)
    stop_while_unpacking(first, cache)
    assert Cache(cache).entries() == []
    second = start(server, cache) if waits else None
    if second:
        with pytest.raises(subprocess.TimeoutExpired):
            second.wait(timeout=2)
    first.kill()
    first.communicate()
    check(second or start(server, cache), cache)
    # The archive of the killed process was whole: nothing of it is sent again.
    (archive,) = (content for path, content in server.files.items() if path.endswith(".gz"))
    asked = [range_ for path, range_ in server.requests if path.endswith(".gz")]
    assert asked == [None, f"bytes={len(archive)}-"]
