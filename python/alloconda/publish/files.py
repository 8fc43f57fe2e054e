"""What is to be uploaded: files that the user names, or those of a build."""

from __future__ import annotations

import itertools
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from packaging.utils import (
    InvalidSdistFilename,
    InvalidWheelFilename,
    canonicalize_name,
    parse_sdist_filename,
    parse_wheel_filename,
)
from packaging.version import InvalidVersion, Version

from alloconda.errors import AllocondaError

if TYPE_CHECKING:
    from collections.abc import Iterable

SDIST_SUFFIX = ".tar.gz"


@dataclass(frozen=True, order=True)
class ReleaseFile:
    """A file of a release. Sorted in the order of uploads: the sdist first, so that no wheel is there without it."""

    is_wheel: bool
    file_name: str
    path: Path
    name: str
    """Of the project, normalised."""
    version: Version


def release_files(paths: Iterable[Path]) -> list[ReleaseFile]:
    """Read the names of files, and put them in the order of uploads.

    Args:
        paths: sdists and wheels of one release.

    Raises:
        AllocondaError: one is no such file, two have the same name, or they belong to several releases.
    """
    files = sorted(_release_file(path) for path in paths)
    for one, other in itertools.pairwise(files):
        if one.file_name == other.file_name:
            raise AllocondaError(f"{one.path} and {other.path} have the same name: publish one of them.")
    releases = sorted({f"{file.name} {file.version}" for file in files})
    if len(releases) > 1:
        raise AllocondaError(
            f"The files belong to several releases ({', '.join(releases)}): publish one at a time, for example with "
            f"dist/*-{max(file.version for file in files)}*."
        )
    return files


def build_sdist(project_dir: Path, out_dir: Path) -> Path:
    """Write the sdist of a project by the hook of PEP 517, as a front end would.

    Args:
        project_dir: the project.
        out_dir: where it goes; an existing folder, absolute.

    Raises:
        AllocondaError: it cannot be made.
    """
    from alloconda import build_backend

    # A hook runs in the project's folder.
    before = Path.cwd()
    os.chdir(project_dir)
    try:
        return out_dir / build_backend.build_sdist(str(out_dir))
    finally:
        os.chdir(before)


def _release_file(path: Path) -> ReleaseFile:
    if not path.is_file():
        raise AllocondaError(f"{path} is not a file.")
    try:
        if path.name.endswith(".whl"):
            name, version, _, _ = parse_wheel_filename(path.name)
            return ReleaseFile(True, path.name, path, name, version)  # noqa: FBT003 - the field's name says it
        if path.name.endswith(SDIST_SUFFIX):
            name, version = parse_sdist_filename(path.name)
            return ReleaseFile(False, path.name, path, name, version)  # noqa: FBT003 - the field's name says it
    except (InvalidWheelFilename, InvalidSdistFilename, InvalidVersion) as error:
        raise AllocondaError(f"{path} is not named as the standards want it ({error}): indexes refuse it.") from None
    raise AllocondaError(f"{path} is neither a wheel (.whl) nor an sdist (.tar.gz): only these are published.")


def sdist_stem(name: str, version: Version) -> str:
    """Spell ``name-version`` as PEP 625 wants it."""
    return f"{canonicalize_name(name).replace('-', '_')}-{version}"
