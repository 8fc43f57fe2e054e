"""Stubs that the build wrote (PEP 561): told apart from those that people wrote, which always win."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from alloconda import atomic
from alloconda.errors import AllocondaError

if TYPE_CHECKING:
    from alloconda.config import Config

_FIRST_LINE = b"# Written by alloconda"


def is_generated(path: Path) -> bool:
    """Tell whether a stub was written by a build; False for one that is not there or cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(len(_FIRST_LINE)) == _FIRST_LINE
    except OSError:
        return False


def install(source: Path, target: Path) -> bool:
    """Put a generated stub into the package's folder, unless somebody wrote one of their own.

    Returns:
        Whether ``target`` is the generated stub now.
    """
    if target.exists() and not is_generated(target):
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    atomic.copy(source, target)
    return True


def write(project_dir: Path, over: Config, output: Path | None) -> list[Path]:
    """Let Zig write the stubs of the project's extensions, without compiling a library.

    Args:
        project_dir: the project.
        over: what flags say.
        output: the folder that would be on ``sys.path``; ``None`` stands for where the project's packages are.

    Returns:
        The paths of the stubs, sorted. One that somebody wrote stays as it is, and is not among them.

    Raises:
        AllocondaError: the build fails, or a stub cannot be written.
    """
    from alloconda.builds import Workshop, writing
    from alloconda.toolchain.options import build_options

    workshop = Workshop.open(project_dir, over)
    with tempfile.TemporaryDirectory(prefix="alloconda-") as temporary:
        prefix = Path(temporary, "prefix")
        workshop.run(["stubs"], build_options(workshop.config), prefix)
        made = sorted((prefix / "stubs").rglob("*.pyi"))
        if not made:
            raise AllocondaError("zig build stubs wrote no stub: does build.zig call addExtension?")
        written = []
        for stub in made:
            path = stub.relative_to(prefix / "stubs")
            target = (output or _root_of(project_dir, workshop.config, path.parts[0])) / path
            with writing(target.parent):
                if install(stub, target):
                    written.append(target)
                else:
                    sys.stderr.write(f"left {target} as it is: somebody wrote it\n")
        return written


def _root_of(project_dir: Path, config: Config, top: str) -> Path:
    """Find the folder that a package lies in; the project for a module of its own."""
    if config.package_dir:
        return (project_dir / config.package_dir).parent
    for root in (project_dir / "python", project_dir / "src"):
        if (root / top).is_dir():
            return root
    return project_dir
