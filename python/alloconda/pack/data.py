"""Files that installers put elsewhere than into site-packages: the wheel's ``.data`` folder (PEP 427)."""

from __future__ import annotations

from pathlib import Path

from alloconda.errors import AllocondaError
from alloconda.pack.files import PackageFile
from alloconda.selection.tree import SourceTree, check_regular, is_executable

SCHEMES = ("data", "headers", "platlib", "purelib", "scripts")
"""Where files of a wheel can be installed, by the names of the installation scheme."""


def data_files(project_dir: Path, folder: str | None) -> list[PackageFile]:
    """List the files of the folder that the key ``data`` names, sorted by path: those that `SourceTree` takes.

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
    for source, _ in SourceTree.of(project_dir).files(root):
        path = source.relative_to(root)
        if path.parts[0] not in SCHEMES or len(path.parts) == 1:
            raise AllocondaError(
                f"{source} has no place in the wheel's .data folder: put it below one of "
                f"{', '.join(f'{folder}/{scheme}' for scheme in SCHEMES)}."
            )
        check_regular(source, "a wheel")
        executable = path.parts[0] == "scripts" or is_executable(source)
        files.append(PackageFile(path.as_posix(), source, executable))
    return sorted(files, key=lambda file: file.path)
