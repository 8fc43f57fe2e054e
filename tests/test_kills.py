"""A command that is killed leaves nothing half-written, and the next one works as if nothing had been.

Each command runs many times on a project that changes between two states, so that each run has something to write, and
is killed at a random moment, with all that it has started. To share this with another command, add an `Operation`.
One project serves them all, so that Zig compiles each state once for each platform.
"""

from __future__ import annotations

import dataclasses
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
import requests
from indexes import PASSWORD, USER, Index, pypiserver

from interpreters import skip
from workbench import ROOT, Workbench, Zig, copy_project

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

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
    uploads: bool = False
    """Whether the files get to the index too."""


OPERATIONS = {
    "build": Operation(("build",), "hello/*.so", 10),
    "wheel": Operation(("wheel",), "dist/*.whl", 10),
    "sdist": Operation(("sdist",), "dist/*.tar.gz", 14),
    "develop": Operation(("develop", "--editable-rebuild", "--pip-arg=--no-deps"), "hello/*.so", 6),
    "publish": Operation(("publish", "--skip-existing"), "dist/*", 12, uploads=True),
}


@dataclass
class Scene:
    """A project in which commands run and die."""

    workbench: Workbench
    zig: Zig
    project: Path
    python: Path
    index: Index
    operation: Operation

    def switch(self, state: int) -> None:
        """Change the project, as for another release: the index has nothing of that yet."""
        source = self.project / "src" / "root.zig"
        text = source.read_text("utf-8")
        source.write_text(text.replace(STATES[1 - state], STATES[state]), "utf-8")
        for path in self.index.packages.iterdir():
            path.unlink()

    def start(self) -> subprocess.Popen[bytes]:
        login = {"TWINE_REPOSITORY_URL": self.index.address, "TWINE_USERNAME": USER, "TWINE_PASSWORD": PASSWORD}
        # A cache of its own: other tests must not find there what the killed have left.
        cache = self.project.parent / "zig-cache"
        environment = {"VIRTUAL_ENV": str(self.python.parents[1]), "ZIG_LOCAL_CACHE_DIR": str(cache)}
        return subprocess.Popen(
            [self.python, "-m", "alloconda", *self.operation.command],
            cwd=self.project,
            env=self.workbench.environment | self.zig.environment | login | environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )

    def finish(self) -> list[str]:
        """Run the command to its end; the digests of what it has written."""
        process = self.start()
        _, said = process.communicate()
        assert process.returncode == 0, said.decode()
        local = self.digests()
        assert local
        if self.operation.uploads:
            assert self.uploaded() == local
        return local

    def digests(self) -> list[str]:
        """The digests of the finished files."""
        return digests(
            path for path in self.project.glob(self.operation.output) if not path.name.startswith(".alloconda-")
        )

    def uploaded(self) -> list[str]:
        """The digests of what the index has."""
        # It does one thing after the other: once it answers, an upload that broke off has come to its end.
        assert requests.get(self.index.with_login, timeout=60).ok
        return digests(self.index.packages.iterdir())

    def leftovers(self) -> list[Path]:
        return [*self.project.glob(".alloconda-*"), *self.project.glob("*/.alloconda-*")]


def digests(files: Iterable[Path]) -> list[str]:
    return sorted(hashlib.sha256(path.read_bytes()).hexdigest() for path in files)


@pytest.fixture(scope="module")
def bare_scene(workbench: Workbench, zig: Zig, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    if not Path("/proc/self/stat").exists():
        skip("this system has no /proc, by which the children of a process are found")
    folder = tmp_path_factory.mktemp("kills")
    environment = folder / "environment"
    workbench.virtual_environment(environment)
    hello = copy_project(ROOT / "examples" / "hello", folder / "project with blanks, é")
    # What cannot be compressed takes long to write: many of the moments fall into it.
    (hello / "hello" / "large.bin").write_bytes(random.Random(0).randbytes(6_000_000))  # noqa: S311
    # One platform is enough for `publish`.
    with (hello / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write('\n[tool.alloconda]\ntargets = ["manylinux_2_17_x86_64"]\n')
    with pypiserver(folder) as index:
        yield Scene(workbench, zig, hello, environment / "bin" / "python", index, OPERATIONS["build"])


@pytest.fixture
def scene(request: pytest.FixtureRequest, bare_scene: Scene) -> Scene:
    scene = dataclasses.replace(bare_scene, operation=request.param)
    for path in scene.project.glob(scene.operation.output):
        path.unlink()
    return scene


@pytest.mark.xdist_group("kills")
@pytest.mark.parametrize("scene", OPERATIONS.values(), ids=OPERATIONS.keys(), indirect=True)
def test_killed_at_any_moment(scene: Scene) -> None:
    before = {name: (scene.project / name).read_bytes() for name in SURVIVORS}
    whole = []
    seconds = 0.0
    for state in (0, 1, 0):  # the second time around Zig has compiled it
        scene.switch(state)
        started = time.monotonic()
        whole.append(scene.finish())
        seconds = time.monotonic() - started
    assert whole[0] == whole[2]
    assert not set(whole[0]) & set(whole[1])
    known = {*whole[0], *whole[1]}

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
        assert set(scene.digests()) <= known, where
        assert set(scene.uploaded()) <= set(whole[state]), where
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
