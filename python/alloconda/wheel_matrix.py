"""Builds all wheels of a project in one Zig build, and tells what became of each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from alloconda import atomic
from alloconda.builds import Workshop, pack_foreign, prepare, writing
from alloconda.errors import AllocondaError
from alloconda.project import Project
from alloconda.toolchain.failures import plain, reasons
from alloconda.toolchain.options import matrix_options, pack_options
from alloconda.toolchain.run import BuildFailedError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from alloconda.config import Config
    from alloconda.foreign import Foreign
    from alloconda.matrix import PlannedWheel


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """What the user asked for beside the configuration."""

    include_musllinux: bool = False
    include_windows: bool = False
    jobs: int | None = None
    """How many steps Zig runs at once. Default: as many as there are processors."""
    colour: bool = False
    """Whether Zig's messages have colours."""

    def options(self) -> list[str]:
        """Join the options that choose platforms."""
        wanted = {"include-musllinux": self.include_musllinux, "include-windows": self.include_windows}
        return [f"-D{name}=true" for name, given in wanted.items() if given]


@dataclass(frozen=True)
class Outcome:
    """What became of a wheel."""

    wheel: PlannedWheel
    path: Path | None
    """Where it is; ``None`` when it was not written."""
    reason: str | None
    """Why it was not written."""

    def as_json(self) -> dict[str, object]:
        """Turn the outcome into what ``--json`` shows."""
        path = None if self.path is None else str(self.path)
        return {**self.wheel.as_json(), "path": path, "error": self.reason}


class Watcher(Protocol):
    """Follows the building of a matrix."""

    def building(self, wheels: Sequence[PlannedWheel]) -> None:
        """Take what is going to be built."""

    def said(self, line: str) -> None:
        """Take a line that Zig has written, with its line end."""

    def written(self, wheel: PlannedWheel, path: Path) -> None:
        """Take a wheel that is done."""


def plan_all(project_dir: Path, over: Config, wishes: Wishes) -> tuple[PlannedWheel, ...]:
    """Tell what would be built, and build nothing.

    Args:
        project_dir: the project.
        over: what flags say.
        wishes: what is asked for beside.

    Raises:
        AllocondaError: the options make no sense, or the project has no build.zig.
    """
    workshop = Workshop.open(project_dir, over, for_all=True)
    if foreign := workshop.foreign():
        return foreign.plan("wheel-all", wishes.options())
    return workshop.plan([*wishes.options(), *matrix_options(workshop.config)])


def build_all(project_dir: Path, out_dir: Path, over: Config, wishes: Wishes, watcher: Watcher) -> list[Outcome]:
    """Build all wheels. One that fails stops no other.

    Args:
        project_dir: the project.
        out_dir: where the wheels go, each when it is whole; made if it is not there.
        over: what flags say.
        wishes: what is asked for beside.
        watcher: who is told of what happens.

    Returns:
        What became of each wheel, in the order in which Zig plans them.

    Raises:
        AllocondaError: nothing could be built at all, or something else than a wheel failed.
    """
    project = Project.load(project_dir)
    workshop = Workshop.open(project_dir, over, for_all=True)
    options = [*wishes.options(), *matrix_options(workshop.config)]
    foreign = workshop.foreign()
    wheels = foreign.plan("wheel-all", wishes.options()) if foreign else workshop.plan(options)
    if not foreign:
        prepare(workshop, wheels)
    watcher.building(wheels)
    with writing(out_dir):
        out_dir.mkdir(parents=True, exist_ok=True)
        with atomic.scratch_folder(out_dir) as scratch:
            if foreign:
                return _foreign_outcomes(foreign, wheels, scratch, out_dir, watcher)
            following = _Following(
                {f"{project.stem}-{wheel.tags}.whl": wheel for wheel in wheels}, scratch / "wheels", out_dir, watcher
            )
            arguments = pack_options(over, following.wheel_dir)
            if wishes.jobs is not None:
                arguments.append(f"-j{wishes.jobs}")
            if wishes.colour:
                arguments += ["--color", "on"]
            failure = None
            for run in workshop.runs("wheel-all", options, wheels):
                try:
                    workshop.follow(run, arguments, scratch / "prefix", following)
                except BuildFailedError as error:
                    failure = error
            outcomes = following.outcomes()
    if failure and all(outcome.path for outcome in outcomes):
        raise failure  # not of a wheel: of the project's own build-step
    return outcomes


def _foreign_outcomes(
    foreign: Foreign, wheels: Sequence[PlannedWheel], scratch: Path, out_dir: Path, watcher: Watcher
) -> list[Outcome]:
    """Build the wheels of a project whose build.zig does not know alloconda, one after the other."""
    outcomes = []
    for wheel in wheels:
        try:
            packed = pack_foreign(foreign, wheel, scratch)
        except AllocondaError as error:
            outcomes.append(Outcome(wheel, None, str(error)))
            continue
        path = packed.replace(out_dir / packed.name)
        watcher.written(wheel, path)
        outcomes.append(Outcome(wheel, path, None))
    return outcomes


@dataclass
class _Following:
    """Moves wheels into place as they are done, and keeps what Zig says."""

    expected: dict[str, PlannedWheel]
    """By file name."""
    wheel_dir: Path
    out_dir: Path
    watcher: Watcher
    lines: list[str] = field(default_factory=list)
    written: dict[str, Path] = field(default_factory=dict)

    def heard(self, line: str) -> None:
        self.lines.append(line)
        self.watcher.said(line)

    def tick(self) -> None:
        if not self.wheel_dir.is_dir():
            return
        for path in sorted(self.wheel_dir.glob("*.whl")):
            wheel = self.expected.get(path.name)
            if wheel is None:
                raise AllocondaError(f"zig build wheel-all wrote {path.name}, which its own dry run does not name.")
            self.written[path.name] = path.replace(self.out_dir / path.name)
            self.watcher.written(wheel, self.written[path.name])

    def outcomes(self) -> list[Outcome]:
        missing = [wheel.label for name, wheel in self.expected.items() if name not in self.written]
        known = reasons(map(plain, self.lines), missing)
        return [
            Outcome(
                wheel,
                self.written.get(name),
                None if name in self.written else known.get(wheel.label, "zig build wheel-all did not write it"),
            )
            for name, wheel in self.expected.items()
        ]
