"""Stubs that the build wrote (PEP 561): told apart from those that people wrote, which always win."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from alloconda import atomic
from alloconda.errors import AllocondaError
from alloconda.layout import find_package

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    from alloconda.pack.files import root_of
    from alloconda.toolchain.options import build_options

    workshop = Workshop.open(project_dir, over)
    with tempfile.TemporaryDirectory(prefix="alloconda-") as temporary:
        prefix = Path(temporary, "prefix")
        workshop.run(["stubs"], build_options(workshop.config), prefix)
        made = [path.relative_to(prefix / "stubs") for path in sorted((prefix / "stubs").rglob("*.pyi"))]
        if not made:
            raise AllocondaError("zig build stubs wrote no stub: does build.zig call addExtension?")
        written = []
        folders = {} if output else _folders(project_dir, workshop.config, made)
        for stub in made:
            folder = folders.get(stub.parts[0])
            target = folder.joinpath(*stub.parts[1:]) if folder else (output or root_of(folders, project_dir)) / stub
            with writing(target.parent):
                if install(prefix / "stubs" / stub, target):
                    written.append(target)
                else:
                    sys.stderr.write(f"left {target} as it is: somebody wrote it\n")
        return written


def _folders(project_dir: Path, config: Config, stubs: Sequence[Path]) -> dict[str, Path]:
    """Find the folders of the packages that stubs are for; a module of its own is in none."""
    # Only such a module, if it has submodules, has a stub of this name at the top.
    modules = {stub.parts[0] for stub in stubs if stub.parts[1:] == ("__init__.pyi",)}
    packages = [stub.parts[0] for stub in stubs if len(stub.parts) > 1 and stub.parts[0] not in modules]
    if config.package_dir:
        folder = project_dir / config.package_dir
        return dict.fromkeys(packages or [folder.name], folder)
    return {package: find_package(project_dir, package) or project_dir / package for package in packages}
