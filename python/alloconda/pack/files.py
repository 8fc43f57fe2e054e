"""Which files of the Python package go into a wheel."""

from __future__ import annotations

import fnmatch
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from alloconda.errors import AllocondaError
from alloconda.stubs import is_generated

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pathspec import GitIgnoreSpec

    from alloconda.config import Config
    from alloconda.manifest import Extension

JUNK_FOLDERS = (
    "__pycache__",
    ".git",
    ".hg",
    ".svn",
    ".idea",
    ".vscode",
    ".ipynb_checkpoints",
    ".mypy_cache",
    ".pytest_cache",
    ".ruff_cache",
    ".zig-cache",
    "zig-cache",
    "zig-out",
    "zig-pkg",
)
"""Names of folders that are left out: what tools and editors leave behind."""

JUNK_FILES = ("*.pyc", "*.pyo", ".DS_Store", "._*", "Thumbs.db", "desktop.ini", "*~", "*.sw[op]", ".#*", "#*#")
"""Patterns of file names that are left out."""


@dataclass(frozen=True)
class PackageFile:
    """A file of the package."""

    path: str
    """Where it goes in the wheel."""
    source: Path
    executable: bool


def package_folders(project_dir: Path, extensions: Sequence[Extension], config: Config) -> dict[str, Path]:
    """Find the folder of each top-level package that an extension belongs to.

    Args:
        project_dir: the project.
        extensions: the extensions of the wheel.
        config: ``package-dir`` is used.

    Returns:
        The folder of each package by the package's name. An extension that is a module of its own has none; when
        ``package-dir`` is given with such extensions only, that folder is a package beside them.

    Raises:
        AllocondaError: a folder is missing, or lies outside the project.
    """
    packages = {extension.package: extension for extension in extensions if extension.package is not None}
    if config.package_dir is None:
        folders = {name: _found(project_dir, name, extension.module) for name, extension in packages.items()}
    else:
        folder = _configured(project_dir, config.package_dir)
        if len(packages) > 1:
            raise AllocondaError(
                f"'package-dir' is one folder, and the extensions belong to the packages {', '.join(sorted(packages))}:"
                " leave it out and put each under python/ or src/."
            )
        folders = {next(iter(packages), folder.name): folder}
    for extension in extensions:
        _check_parents(project_dir, extension, folders)
    return folders


def _found(project_dir: Path, package: str, module: str) -> Path:
    candidates = [project_dir / "python" / package, project_dir / "src" / package, project_dir / package]
    for folder in candidates:
        if folder.is_dir():
            return folder
    raise AllocondaError(
        f"The extension {module} belongs to the package {package}, and {project_dir} has none of python/{package}, "
        f"src/{package} and {package}: make python/{package}/__init__.py, or set 'package-dir' in [tool.alloconda]."
    )


def _configured(project_dir: Path, package_dir: str) -> Path:
    root = project_dir.resolve()
    folder = (root / package_dir).resolve()
    if root not in folder.parents or Path(package_dir).is_absolute():
        raise AllocondaError(f"'package-dir' is '{package_dir}', and must lead to a folder below the project {root}.")
    if not folder.is_dir():
        raise AllocondaError(f"'package-dir' is '{package_dir}', and there is no such folder in {root}.")
    return project_dir / package_dir


def _check_parents(project_dir: Path, extension: Extension, folders: dict[str, Path]) -> None:
    """Check that each package on the way to the module is there: ``a.b._native`` needs ``a/b``."""
    if extension.package is None:
        return
    folder = folders[extension.package].joinpath(*extension.module.split(".")[1:-1])
    if not folder.is_dir():
        shown = os.path.relpath(folder, project_dir)
        raise AllocondaError(
            f"The extension {extension.module} belongs to a package that is not there: make {shown}/__init__.py, or "
            "correct the name in build.zig."
        )


def package_files(
    project_dir: Path, folders: dict[str, Path], extensions: Sequence[Extension], config: Config
) -> list[PackageFile]:
    """List the files of the packages that go into the wheel, sorted by path.

    All files go in but for what tools leave behind and older builds of the extensions; ``include`` brings back what
    is left out so, and ``exclude`` leaves out more. A pattern is read as in a .gitignore, and compared with the path
    in the project, in the wheel and in the package.

    Args:
        project_dir: the project.
        folders: what `package_folders` found.
        extensions: the extensions of the wheel.
        config: ``include`` and ``exclude`` are used.

    Raises:
        AllocondaError: a file cannot go into a wheel, or a pattern is not valid.
    """
    include = _Patterns("include", config.include)
    exclude = _Patterns("exclude", config.exclude)
    files = []
    for package, folder in folders.items():
        for source, by_default in _walk(folder, prune=config.include is None):
            in_package = source.relative_to(folder).as_posix()
            path = f"{package}/{in_package}"
            paths = (path, in_package, source.relative_to(project_dir).as_posix())
            stale = any(
                extension.is_build_of(path) or (extension.is_stub(path) and is_generated(source))
                for extension in extensions
            )
            wanted = include.match(*paths) or (by_default and not stale)
            if wanted and not exclude.match(*paths):
                files.append(PackageFile(path, source, executable=bool(source.stat().st_mode & stat.S_IXUSR)))
    include.check_all_used()
    return sorted(files, key=lambda file: file.path)


def _walk(folder: Path, *, prune: bool, parents: tuple[Path, ...] = ()) -> Iterator[tuple[Path, bool]]:
    """Yield each file below ``folder``, through symbolic links, and whether it is packed by default.

    Args:
        folder: where to start.
        prune: whether to pass by the folders that are not packed by default.
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
        if child.is_dir():
            junk = child.name in JUNK_FOLDERS
            if not (junk and prune):
                for file, by_default in _walk(child, prune=prune, parents=(*parents, real)):
                    yield file, by_default and not junk
        else:
            junk = any(fnmatch.fnmatchcase(child.name, pattern) for pattern in JUNK_FILES)
            if not junk:
                _check_regular(child)
            yield child, not junk


def _check_regular(file: Path) -> None:
    try:
        mode = file.stat().st_mode
    except OSError as error:
        what = "is a symbolic link that leads nowhere" if file.is_symlink() else f"cannot be read: {error.strerror}"
        raise AllocondaError(f"{file} {what}.") from error
    if not stat.S_ISREG(mode):
        raise AllocondaError(f"{file} is not a regular file, and cannot go into a wheel.")


class _Patterns:
    """The patterns of ``include`` or ``exclude``: as in a .gitignore, the last one that matches decides."""

    def __init__(self, key: str, patterns: tuple[str, ...] | None) -> None:
        self._key = key
        self._patterns = [_Pattern.read(key, pattern) for pattern in patterns or ()]
        self._used: set[str] = set()

    def match(self, *paths: str) -> bool:
        """Tell whether a file that has all these paths, each from another folder, is meant."""
        matched = False
        for pattern in self._patterns:
            if any(pattern.specification.match_file(path) for path in paths):
                matched = not pattern.negated
                self._used.add(pattern.text)
        return matched

    def check_all_used(self) -> None:
        """Refuse a pattern that has matched nothing."""
        for pattern in self._patterns:
            if not (pattern.negated or pattern.text.startswith("#") or pattern.text in self._used):
                raise AllocondaError(
                    f"'{self._key}' in [tool.alloconda] has '{pattern.text}', and no file of the package matches it; a "
                    "wheel takes files from the package's folder only."
                )


@dataclass(frozen=True)
class _Pattern:
    text: str
    negated: bool
    specification: GitIgnoreSpec

    @classmethod
    def read(cls, key: str, text: str) -> _Pattern:
        from pathspec import GitIgnoreSpec

        try:
            specification = GitIgnoreSpec.from_lines([text.removeprefix("!")])
        except ValueError as error:
            raise AllocondaError(
                f"'{key}' in [tool.alloconda] has '{text}', which is no pattern of a .gitignore: {error}."
            ) from None
        return cls(text, text.startswith("!"), specification)
