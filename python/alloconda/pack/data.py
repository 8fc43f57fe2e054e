"""Files that installers put elsewhere than into site-packages: the wheel's ``.data`` folder (PEP 427)."""

from __future__ import annotations

import os
import stat
from fnmatch import fnmatchcase
from pathlib import Path

from alloconda.errors import AllocondaError
from alloconda.pack.files import PackageFile

SCHEMES = ("data", "headers", "platlib", "purelib", "scripts")
"""Where files of a wheel can be installed, by the names of the installation scheme."""


_JUNK_FOLDERS = ("__pycache__", ".git")
_JUNK_FILES = ("*.py[co]", ".DS_Store", "._*", "Thumbs.db", "desktop.ini", "*~")


def data_files(project_dir: Path, folder: str | None) -> list[PackageFile]:
    """List the files of the folder that the key ``data`` names, sorted by path.

    Args:
        project_dir: the project.
        folder: the folder, relative to the project; ``None`` for no files.

    Returns:
        Files whose paths begin with a scheme. Scripts are executable.

    Raises:
        AllocondaError: there is no such folder in the project, or it has something else than the schemes' folders.
    """
    if folder is None:
        return []
    root = project_dir / folder
    if Path(folder).is_absolute() or project_dir.resolve() not in root.resolve().parents or not root.is_dir():
        raise AllocondaError(
            f"'data' in [tool.alloconda] is '{folder}', and there is no such folder below the project."
        )
    files = []
    for parent, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if name not in _JUNK_FOLDERS)
        for name in names:
            if any(fnmatchcase(name, pattern) for pattern in _JUNK_FILES):
                continue
            source = Path(parent, name)
            path = source.relative_to(root)
            if path.parts[0] not in SCHEMES or len(path.parts) == 1:
                raise AllocondaError(
                    f"{source} has no place in the wheel's .data folder: put it below one of "
                    f"{', '.join(f'{folder}/{scheme}' for scheme in SCHEMES)}."
                )
            if not source.is_file():
                raise AllocondaError(f"{source} is not a regular file, and cannot go into a wheel.")
            executable = path.parts[0] == "scripts" or bool(source.stat().st_mode & stat.S_IXUSR)
            files.append(PackageFile(path.as_posix(), source, executable))
    return sorted(files, key=lambda file: file.path)
