"""Which files of the Python package go into a wheel."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from alloconda.errors import AllocondaError
from alloconda.layout import find_package
from alloconda.selection.patterns import Patterns
from alloconda.selection.tree import SourceTree, check_regular, is_executable
from alloconda.stubs import is_generated

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from alloconda.config import Config
    from alloconda.manifest import Extension
    from alloconda.project import Project


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


def wheel_folders(project: Project, extensions: Sequence[Extension], config: Config) -> dict[str, Path]:
    """Find the folders of the packages of a wheel.

    These are those of `package_folders`; programs alone may have a package of the project's name beside them.
    """
    folders = package_folders(project.directory, extensions, config)
    if not folders and not extensions:
        name = project.metadata.canonical_name.replace("-", "_")
        folder = find_package(project.directory, name)
        if folder and (folder / "__init__.py").is_file():
            return {name: folder}
    return folders


def root_of(folders: Mapping[str, Path], project_dir: Path) -> Path:
    """Find what would have to be on sys.path: the parent of the package's folder."""
    return next(iter(folders.values())).parent if folders else project_dir


def _found(project_dir: Path, package: str, module: str) -> Path:
    if folder := find_package(project_dir, package):
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

    These are the files that `SourceTree` takes, but for older builds of the extensions; ``include`` brings back what is
    left out so, and ``exclude`` and ``wheel-exclude`` leave out more. A pattern is read as in a .gitignore, and
    compared with the path in the project, in the wheel and in the package. Stubs of a module that is in no package
    are taken in any case.

    Args:
        project_dir: the project.
        folders: what `package_folders` found.
        extensions: the extensions of the wheel.
        config: ``include``, ``exclude`` and ``wheel-exclude`` are used.

    Raises:
        AllocondaError: a file cannot go into a wheel, or a pattern is not valid.
    """
    tree = SourceTree.of(project_dir)
    include = Patterns("include", config.include)
    excludes = (Patterns("exclude", config.exclude), Patterns("wheel-exclude", config.wheel_exclude))
    files = []
    for package, folder in folders.items():
        for source, by_default in tree.files(folder, everything=bool(include)):
            in_package = source.relative_to(folder).as_posix()
            path = f"{package}/{in_package}"
            paths = (path, in_package, source.relative_to(project_dir).as_posix())
            stale = any(
                # Those of an earlier build, unless that build is what is packed.
                extension.is_build_of(path) or (extension.stubs and extension.is_stub(path) and is_generated(source))
                for extension in extensions
            )
            wanted = include.match(*paths) or (by_default and not stale)
            if wanted and not any(exclude.match(*paths) for exclude in excludes):
                check_regular(source, "a wheel")
                files.append(PackageFile(path, source, executable=is_executable(source)))
    files += _stubs_of_modules(root_of(folders, project_dir), extensions)
    include.check_all_used(
        "the package matches it: a wheel takes files from the package's folder only; what only the sdist is to have "
        "goes into 'sdist-include'"
    )
    return sorted(files, key=lambda file: file.path)


def _stubs_of_modules(root: Path, extensions: Sequence[Extension]) -> Iterator[PackageFile]:
    """Find the stubs of modules of their own that are in the project, but for those of an earlier build."""
    for extension in extensions:
        if extension.package is None:
            for source in (root / f"{extension.module}.pyi", *sorted((root / extension.module).rglob("*.pyi"))):
                if source.is_file() and not (extension.stubs and is_generated(source)):
                    place = extension.stub_place(source.relative_to(root).as_posix())
                    yield PackageFile(place, source, executable=False)
