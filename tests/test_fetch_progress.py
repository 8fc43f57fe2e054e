"""What a download shows: a bar on a terminal, a line anywhere else."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from releases import TAG, Release, Server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TRIPLE = "x86_64-unknown-linux-gnu"
NAME = f"cpython-3.13.0+{TAG}-{TRIPLE}-install_only_stripped.tar.gz"
HEADER = "python/include/python3.13/Python.h"
pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no pseudo-terminals of this kind")


@pytest.fixture
def server() -> Iterator[Server]:
    release = Release()
    release.add("3.13.0", TRIPLE, "install_only_stripped.tar.gz", {HEADER: os.urandom(300_000)})
    made = Server(release)
    made.faults[f"/{TAG}/{NAME}"] = ["500"]
    yield made
    made.close()


def command(server: Server, cache: Path) -> list[str]:
    fetch = ["python", "fetch", "--version", "3.13", "--pbs-target", TRIPLE, "--mirror", server.url]
    return [sys.executable, "-m", "alloconda", *fetch, "--cache-dir", str(cache)]


def on_a_terminal(arguments: list[str]) -> tuple[str, str]:
    """Run a program whose standard error is a terminal, and return both outputs."""
    import pty

    master, terminal = pty.openpty()
    environment = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR")}
    environment |= {"TERM": "xterm-256color", "COLUMNS": "200"}
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=terminal, env=environment, text=True) as process:
        os.close(terminal)
        shown = b""
        while True:
            try:
                part = os.read(master, 4096)
            except OSError:  # the other end is closed
                break
            if not part:
                break
            shown += part
        assert process.stdout is not None
        said = process.stdout.read()
    os.close(master)
    assert process.returncode == 0, shown
    return said, shown.decode()


def test_a_terminal_shows_a_bar(server: Server, tmp_path: Path) -> None:
    said, shown = on_a_terminal(command(server, tmp_path / "cache"))
    assert said == f"{tmp_path}/cache/cpython-3.13.0+{TAG}-{TRIPLE}/include/python3.13\n"
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown)
    assert re.search(re.escape(NAME) + r" +━+ +300\.\d/300\.\d kB", plain), plain
    assert f"{NAME.replace('+', '%2B')}: the server says 500; trying again" in plain
    # What was drawn is erased when all is done.
    assert shown.rstrip().endswith(("\x1b[2K", "\x1b[?25h"))


def test_a_file_gets_a_line(server: Server, tmp_path: Path) -> None:
    done = subprocess.run(command(server, tmp_path / "cache"), capture_output=True, text=True, check=True)
    assert "\x1b" not in done.stderr
    lines = done.stderr.splitlines()
    assert lines == [
        f"{server.url}/{TAG}/{NAME.replace('+', '%2B')}: the server says 500; trying again",
        f"downloading {NAME} (0.3 MB)",
    ]
