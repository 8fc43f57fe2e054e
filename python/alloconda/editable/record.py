"""Remembers from which sources the extensions in the package's folder were built, for the hook that follows imports."""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING

from alloconda import zon
from alloconda.atomic import replacing
from alloconda.editable.hook import STATE_FILE, STATE_FOLDER, snapshot
from alloconda.errors import AllocondaError
from alloconda.pack.zig_packages import local_packages

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextlib.contextmanager
def recording(project_dir: Path) -> Iterator[None]:
    """Take down the state of the sources when the block begins, and keep it when the block ends well.

    What is edited while Zig compiles is then newer than what is kept.

    Args:
        project_dir: the project.

    Raises:
        AllocondaError: a build.zig.zon cannot be read, or the state cannot be written.
    """
    watched = watched_paths(project_dir)
    files = snapshot(watched)
    yield
    state = json.dumps({"watched": watched, "files": files}, indent=1)
    folder = project_dir.joinpath(*STATE_FOLDER)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with replacing(folder / STATE_FILE) as file:
            file.write(state.encode())
    except OSError as error:
        raise AllocondaError(f"{folder} cannot be written: {error.strerror}.") from error


def watched_paths(project_dir: Path) -> list[str]:
    """List the files and folders that an extension is built from: what the Zig packages list in ``.paths``.

    Args:
        project_dir: the project.
    """
    paths = [project_dir / "pyproject.toml"]
    for package in local_packages(project_dir).values():
        paths += [package.folder / name for name in (*package.paths(), "build.zig", zon.FILE_NAME)]
    return list(dict.fromkeys(str(path) for path in paths))
