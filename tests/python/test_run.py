"""How a command that is run ends when we are interrupted."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest

from alloconda.toolchain.run import run

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
        run([sys.executable, "-c", FORKS], tmp_path, os.environ, Impatient(tmp_path))
    with pytest.raises(ProcessLookupError):
        os.killpg(int((tmp_path / "group").read_text()), 0)
