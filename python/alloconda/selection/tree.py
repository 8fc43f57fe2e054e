"""The files of a folder that belong to the project, and not to what tools and builds leave behind."""

from __future__ import annotations

import fnmatch
import os
import stat
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from alloconda.atomic import PREFIX
from alloconda.errors import AllocondaError
from alloconda.selection.git import Listing, listing
from alloconda.selection.ignore_files import ignored_by_export, ignored_by_git

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NEVER_FOLDERS = (
    "__pycache__",
    ".git",
    ".hg",
    ".jj",
    ".svn",
    ".nox",
    ".tox",
    ".venv",
    ".zig-cache",
    "zig-cache",
    "zig-out",
    "zig-pkg",
)
"""Names of folders that nothing brings back. Virtual environments of any name are left out in the same way."""

JUNK_FOLDERS = (
    ".idea",
    ".vscode",
    ".ipynb_checkpoints",
    ".hypothesis",
    ".mypy_cache",
    ".pytest_cache",
    ".ruff_cache",
)
"""Names of folders that are left out unless ``include`` names them: what tools and editors leave behind."""

JUNK_FILES = (
    "*.pyc",
    "*.pyo",
    ".DS_Store",
    "._*",
    "Thumbs.db",
    "desktop.ini",
    "*~",
    "*.sw[op]",
    ".#*",
    "#*#",
    f"{PREFIX}*",
)
"""Patterns of file names that are left out unless ``include`` names them."""

_EXTENSION_SUFFIXES = (".so", ".pyd")


class Judge(Protocol):
    """Says which paths of a tree are part of it."""

    def keeps(self, path: str, *, folder: bool) -> bool:
        """Tell whether a path, relative to the tree's root and with ``/``, is part of the tree."""


@dataclass(frozen=True)
class SourceTree:
    """A folder that is a project or a Zig package, and who says which of its files count."""

    root: Path
    judges: tuple[Judge, ...]
    git: Listing | None = None
    is_sdist: bool = False
    """Whether the tree is an unpacked source distribution: all of its files have been chosen already."""
    _real_root: Path = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_real_root", self.root.resolve())

    @classmethod
    def of(cls, root: Path, anchor: str = "pyproject.toml") -> SourceTree:
        """Find out who says which files count: git, the .gitignore files, or, in an unpacked sdist, nobody.

        Args:
            root: the folder.
            anchor: a file of it that is sure to count.
        """
        if (root / "PKG-INFO").is_file() and not (root / ".git").exists():
            return cls(root, (), is_sdist=True)
        git = listing(root, anchor)
        return cls(root, (git or ignored_by_git(root), ignored_by_export(root)), git)

    def files(self, folder: Path, *, everything: bool = False) -> Iterator[tuple[Path, bool]]:
        """Yield each file below a folder, through symbolic links, and whether it is distributed by default.

        Args:
            folder: the root or a folder below it. One that is not part of the tree by itself, but has been asked for,
                is taken with all that is in it.
            everything: whether the files that are not distributed by default are of interest too.

        Raises:
            AllocondaError: a folder cannot be read, or a symbolic link leads back to where it is.
        """
        yield from self._walk(folder, self._place(folder), kept=True, everything=everything, parents=())

    def _place(self, folder: Path) -> str | None:
        """Return where a folder really lies in the tree; nothing when the judges do not know it."""
        real = folder.resolve()
        if real == self._real_root:
            return ""
        if self._real_root not in real.parents:
            return None
        place = real.relative_to(self._real_root).as_posix()
        steps = [place[:end] for end, character in enumerate(place) if character == "/"]
        return place if all(self._keeps(step, folder=True) for step in (*steps, place)) else None

    def _keeps(self, place: str, *, folder: bool) -> bool:
        return all(judge.keeps(place, folder=folder) for judge in self.judges)

    def _walk(
        self, folder: Path, place: str | None, *, kept: bool, everything: bool, parents: tuple[Path, ...]
    ) -> Iterator[tuple[Path, bool]]:
        """Yield the files of a folder.

        Args:
            folder: where to look.
            place: where it lies in the tree; nothing when the judges have no say.
            kept: whether the folder is distributed by default.
            everything: as for `files`.
            parents: the resolved folders on the way here, to see a link that leads back.
        """
        real = folder.resolve()
        if real in parents:
            raise AllocondaError(f"{folder} is a symbolic link to a folder that it is in: leave it out of the package.")
        try:
            children = sorted(folder.iterdir())
        except OSError as error:
            raise AllocondaError(f"{folder} cannot be read: {error.strerror}.") from error
        for child in children:
            is_link = child.is_symlink()
            is_folder = child.is_dir()
            child_place = None if place is None else f"{place}/{child.name}".lstrip("/")
            if _is_never(child, is_folder=is_folder):
                continue
            keep = (
                kept
                and not self._is_junk(child, child_place, is_folder=is_folder)
                and (child_place is None or self._keeps(child_place, folder=is_folder and not is_link))
            )
            if not (keep or everything):
                continue
            if is_folder:
                if is_link:
                    child_place = self._place(child)
                yield from self._walk(child, child_place, kept=keep, everything=everything, parents=(*parents, real))
            else:
                yield child, keep

    def _is_junk(self, path: Path, place: str | None, *, is_folder: bool) -> bool:
        if is_folder:
            return path.name in JUNK_FOLDERS or place == "dist"
        if any(fnmatch.fnmatchcase(path.name, pattern) for pattern in JUNK_FILES):
            return True
        return not self.is_sdist and not (self.git and place in self.git.tracked) and _is_extension_module(path)


def check_regular(file: Path, what: str) -> None:
    """Check that a file is one that can be packed.

    Args:
        file: the file; a symbolic link is followed.
        what: what it would be packed into, such as "a wheel".

    Raises:
        AllocondaError: it is not.
    """
    try:
        mode = file.stat().st_mode
    except OSError as error:
        wrong = "is a symbolic link that leads nowhere" if file.is_symlink() else f"cannot be read: {error.strerror}"
        raise AllocondaError(f"{file} {wrong}.") from error
    if not stat.S_ISREG(mode):
        raise AllocondaError(f"{file} is not a regular file, and cannot go into {what}.")


def is_executable(file: Path) -> bool:
    """Tell whether the owner of a file may run it."""
    return bool(file.stat().st_mode & stat.S_IXUSR)


def _is_never(path: Path, *, is_folder: bool) -> bool:
    if not is_folder:
        return path.name == ".git"  # of a submodule, or of one work tree among several
    return path.name in NEVER_FOLDERS or path.name.startswith(PREFIX) or (path / "pyvenv.cfg").is_file()


def _is_extension_module(path: Path) -> bool:
    """Tell whether a file is a library that Python would import: one that a build has left, unless git tracks it."""
    if path.suffix not in _EXTENSION_SUFFIXES:
        return False
    try:
        entry = b"PyInit_" + os.fsencode(path.name.partition(".")[0])
        return entry in path.read_bytes()
    except OSError:
        return False
