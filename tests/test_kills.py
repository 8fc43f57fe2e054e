"""A command that is killed leaves nothing half-written, and the next one works as if nothing had been.

Each command runs many times on a project that changes between two states, so that each run has something to write, and
is killed at a random moment, with all that it has started. To share this with another command, add an `Operation`.
"""

from __future__ import annotations

import hashlib
import os
import random
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from interpreters import skip
from workbench import Workbench, Zig

if TYPE_CHECKING:
    from collections.abc import Callable

STATES = ("std.math.add(i64, a, b)", "std.math.add(i64, b, a)")
SURVIVORS = ("pyproject.toml", "build.zig", "build.zig.zon", "hello/__init__.py")
"""Files of the project that no command may touch."""


@dataclass(frozen=True)
class Operation:
    """A command that writes."""

    command: tuple[str, ...]
    output: str
    """Pattern of the files that it writes, in the project."""
    kills: int


OPERATIONS = {
    "build": Operation(("build",), "hello/*.so", 15),
    "wheel": Operation(("wheel",), "dist/*", 15),
    "sdist": Operation(("sdist",), "dist/*", 15),
    "develop": Operation(("develop", "--editable-rebuild", "--pip-arg=--no-deps"), "hello/*.so", 8),
}


@dataclass
class Scene:
    """A project in which commands run and die."""

    workbench: Workbench
    zig: Zig
    project: Path
    python: Path
    operation: Operation

    def switch(self, state: int) -> None:
        source = self.project / "src" / "root.zig"
        text = source.read_text("utf-8")
        source.write_text(text.replace(STATES[1 - state], STATES[state]), "utf-8")

    def start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [self.python, "-m", "alloconda", *self.operation.command],
            cwd=self.project,
            env=self.workbench.environment | self.zig.environment | {"VIRTUAL_ENV": str(self.python.parents[1])},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )

    def finish(self) -> str:
        """Run the command to its end; the digest of what it has written."""
        process = self.start()
        _, said = process.communicate()
        assert process.returncode == 0, said.decode()
        (digest,) = self.digests()
        return digest

    def digests(self) -> list[str]:
        """The digests of the finished files."""
        files = [path for path in self.project.glob(self.operation.output) if not path.name.startswith(".alloconda-")]
        return [hashlib.sha256(path.read_bytes()).hexdigest() for path in files]

    def leftovers(self) -> list[Path]:
        return [*self.project.glob(".alloconda-*"), *self.project.glob("*/.alloconda-*")]


@pytest.fixture
def scene(
    request: pytest.FixtureRequest, workbench: Workbench, zig: Zig, project: Callable[[str], Path], tmp_path: Path
) -> Scene:
    if not Path("/proc/self/stat").exists():
        skip("this system has no /proc, by which the children of a process are found")
    environment = tmp_path / "environment"
    workbench.virtual_environment(environment)
    hello = project("examples/hello")
    # What cannot be compressed takes long to write: many of the moments fall into it.
    (hello / "hello" / "large.bin").write_bytes(random.Random(0).randbytes(6_000_000))  # noqa: S311
    operation: Operation = request.param
    return Scene(workbench, zig, hello, environment / "bin" / "python", operation)


@pytest.mark.parametrize("scene", OPERATIONS.values(), ids=OPERATIONS.keys(), indirect=True)
def test_killed_at_any_moment(scene: Scene) -> None:
    before = {name: (scene.project / name).read_bytes() for name in SURVIVORS}
    whole = []
    seconds = 0.0
    for state in (0, 1, 0, 1):  # the second time around Zig has compiled both
        scene.switch(state)
        started = time.monotonic()
        whole.append(scene.finish())
        seconds = time.monotonic() - started
    assert whole[:2] == whole[2:]
    assert len(set(whole)) == 2

    seed = random.SystemRandom().randrange(1 << 32)
    moments = random.Random(seed)  # noqa: S311 - any moment will do
    for count in range(scene.operation.kills):
        state = count % 2
        scene.switch(state)
        moment = moments.uniform(0, seconds)
        process = scene.start()
        time.sleep(moment)
        kill_tree(process)
        where = f"killed after {moment:.3f} of {seconds:.3f} s, seed {seed}"
        assert set(scene.digests()) <= set(whole), where
        assert {name: (scene.project / name).read_bytes() for name in SURVIVORS} == before, where
        if count % 5 == 4:
            assert scene.finish() == whole[state], where

    # What the killed have left is removed once it is old enough to be nobody's.
    scene.switch(0)
    for path in scene.leftovers():
        os.utime(path, (1, 1))
    assert scene.finish() == whole[0]
    assert scene.leftovers() == []


def kill_tree(process: subprocess.Popen[bytes]) -> None:
    """Kill a process and all that comes from it, at once and with no warning."""
    doomed = {process.pid}
    # A process may start others while we look.
    while found := children(doomed) - doomed:
        doomed |= found
    for pid in doomed:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    # Not communicate: a child that we have missed would keep the pipe open.
    process.wait()
    assert process.stderr is not None
    process.stderr.close()


def children(parents: set[int]) -> set[int]:
    found = set()
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            # pid (name) state ppid ...: the name may hold anything.
            fields = status.read_bytes().rpartition(b")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(fields[1]) in parents:
            found.add(int(status.parent.name))
    return found
