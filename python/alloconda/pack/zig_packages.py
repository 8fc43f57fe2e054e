"""The Zig packages that a source distribution has to bring: the project, and what it depends on by a local path.

A dependency that lies outside the project cannot be reached from an unpacked source distribution. It gets a folder in
there, and the ``build.zig.zon`` of whoever depends on it names that folder in place of the old path.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from alloconda import zon
from alloconda.errors import AllocondaError
from alloconda.selection.tree import SourceTree, check_regular

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

FOLDER = "zig-dependencies"
"""The folder of a source distribution for packages from outside the project."""


@dataclass(frozen=True)
class ZigPackage:
    """A folder with Zig sources."""

    folder: Path
    """Where it is, resolved."""
    place: str
    """Where it is in the source distribution; empty for the project itself."""
    is_outside: bool
    """Whether it lies outside the project."""
    document: zon.Document | None
    """Its build.zig.zon."""

    def dependencies(self) -> Iterator[tuple[str, str]]:
        """Yield the name and the path of each dependency that is a local folder."""
        if self.document is not None:
            for name, table in self.document.table("dependencies").items():
                path = table.get("path") if isinstance(table, dict) else None
                if isinstance(path, str):
                    yield name, path

    def files(self) -> Iterator[tuple[str, Path]]:
        """Yield what belongs to the package: its path in the package, and the file.

        Raises:
            AllocondaError: a file cannot be packed.
        """
        tree = SourceTree.of(self.folder, zon.FILE_NAME)
        names = (*self.paths(), "build.zig", zon.FILE_NAME)
        for file, _ in tree.files(self.folder):
            path = file.relative_to(self.folder).as_posix()
            if any(name in (".", path) or path.startswith(f"{name}/") for name in names):
                check_regular(file, "a source distribution")
                yield path, file

    def paths(self) -> tuple[str, ...]:
        """List the files and folders that the package consists of; ``.`` stands for the whole folder."""
        listed = self.document.value.get("paths") if self.document and isinstance(self.document.value, dict) else None
        if not isinstance(listed, list):
            return (".",)
        return tuple(posixpath.normpath(name) for name in listed if isinstance(name, str))

    def rewritten_zon(self, packages: Mapping[Path, ZigPackage]) -> bytes | None:
        """Return build.zig.zon with the paths that lead to its dependencies in the source distribution.

        Args:
            packages: all packages by their resolved folder.

        Returns:
            The new content; nothing when all paths stay as they are.
        """
        changed: dict[zon.Place, str] = {}
        for name, path in self.dependencies():
            target = packages[(self.folder / path).resolve()]
            new = posixpath.relpath(target.place or ".", self.place or ".")
            if new != posixpath.normpath(path):
                changed["dependencies", name, "path"] = new
        return self.document.with_strings(changed).encode() if self.document and changed else None


def local_packages(project_dir: Path) -> dict[Path, ZigPackage]:
    """Find the project's package and, by way of local paths, all that it depends on.

    Args:
        project_dir: the project.

    Returns:
        The packages by their resolved folders, the project first.

    Raises:
        AllocondaError: a build.zig.zon cannot be read, or names a folder that is not there.
    """
    root = project_dir.resolve()
    packages = {root: ZigPackage(root, "", is_outside=False, document=_zon(root))}
    waiting = [packages[root]]
    while waiting:
        package = waiting.pop(0)
        for name, path in package.dependencies():
            folder = (package.folder / path).resolve()
            if folder in packages:
                continue
            if not folder.is_dir():
                raise AllocondaError(
                    f"{package.folder / zon.FILE_NAME} has the dependency '{name}' at {path}, and there is no such "
                    "folder: correct the path, or take the dependency out."
                )
            is_outside = root not in folder.parents
            places = [other.place for other in packages.values()]
            place = _free_place(root, name, places) if is_outside else folder.relative_to(root).as_posix()
            packages[folder] = ZigPackage(folder, place, is_outside, _zon(folder))
            waiting.append(packages[folder])
    return packages


def _zon(folder: Path) -> zon.Document | None:
    path = folder / zon.FILE_NAME
    return zon.read(path) if path.is_file() else None


def _free_place(root: Path, name: str, taken: list[str]) -> str:
    base = f"{FOLDER}/{re.sub(r'[^A-Za-z0-9_.-]', '_', name)}"
    place, number = base, 1
    while place in taken or (root / place).exists():
        number += 1
        place = f"{base}-{number}"
    return place
