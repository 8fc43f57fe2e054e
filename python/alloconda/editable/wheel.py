"""The wheel of an editable install: metadata, and a .pth file that leads to the project's own folder."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path
from typing import TYPE_CHECKING

from alloconda.editable import hook
from alloconda.errors import AllocondaError
from alloconda.manifest import Tags
from alloconda.pack.archive import Archive
from alloconda.pack.files import wheel_folders
from alloconda.pack.wheel import add_data, add_metadata

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from alloconda.builds import InPlace
    from alloconda.config import Config
    from alloconda.project import Project


def write_editable_wheel(
    project: Project, config: Config, built: InPlace, wheel_dir: Path, options: Sequence[str]
) -> Path:
    """Write the wheel. Programs and the files that ``data`` names are in it; only imports can be led elsewhere.

    Args:
        project: whose metadata the wheel has.
        config: what holds for the wheel; ``data``, ``package-dir`` and ``editable-rebuild`` are used.
        built: the extensions and programs.
        wheel_dir: an existing folder.
        options: settings of the build for a later one by an import, as KEY=VALUE.

    Returns:
        The path of the wheel.

    Raises:
        AllocondaError: a library is not for the running interpreter, or the wheel cannot be written.
    """
    layout = Layout.of(built.libraries)
    search_path = layout.search_path
    if not built.libraries:
        search_path = tuple(str(folder.parent) for folder in wheel_folders(project, (), config).values())
    rebuild = bool(config.editable_rebuild)
    archive = Archive(project.dist_info)
    name = f"_editable_{project.stem.partition('-')[0]}"
    lines = [_pth_line(folder) for folder in search_path]
    if rebuild or layout.packages:
        archive.add(f"{name}.py", _hook(project, layout, options, rebuild=rebuild).encode(), origin="alloconda")
        lines.append(f"import {name}")
    if lines:
        archive.add(f"{name}.pth", os.fsencode("".join(f"{line}\n" for line in lines)), origin="alloconda")
    add_data(archive, built.programs, project, config)
    tags = _tags(built.platform)
    add_metadata(archive, project, tags)
    wheel = wheel_dir / f"{project.stem}-{tags}.whl"
    archive.write(wheel)
    return wheel


@dataclass(frozen=True)
class Layout:
    """Where an interpreter has to look for the packages and modules of a project."""

    search_path: tuple[str, ...]
    """Folders for sys.path."""
    packages: Mapping[str, str]
    """The folder of each package whose folder has another name than the package."""
    bases: Mapping[str, str]
    """The path of each extension, without suffix."""

    @classmethod
    def of(cls, libraries: Mapping[str, Path]) -> Layout:
        """Find out the layout from the places of the extensions.

        Args:
            libraries: the path of each extension in the package's own folder, by the module's name.

        Raises:
            AllocondaError: a library is not for the running interpreter.
        """
        search_path: dict[str, None] = {}
        packages: dict[str, str] = {}
        bases: dict[str, str] = {}
        for module, library in libraries.items():
            parts = module.split(".")
            if library.name.removeprefix(parts[-1]) not in EXTENSION_SUFFIXES:
                raise AllocondaError(
                    f"{library.name} is not a library that this Python imports ({', '.join(EXTENSION_SUFFIXES)}): "
                    "build for the version that runs, and for this machine."
                )
            bases[module] = str(library.with_name(parts[-1]))
            # The folder of the module's top-level package, or of the module itself.
            folder = library.parents[len(parts) - 2] if len(parts) > 1 else library.parent
            if len(parts) == 1 or folder.name == parts[0]:
                search_path[str(folder.parent if len(parts) > 1 else folder)] = None
            else:
                packages[parts[0]] = str(folder)
        return cls(tuple(search_path), packages, bases)


def _pth_line(folder: str) -> str:
    """Spell a folder for a .pth file: as it is, which type checkers read too, or as a statement where that may fail.

    Python before 3.13 reads the file in the locale's encoding, which on Windows need not have every letter.
    """
    if (folder.isascii() or os.name == "posix") and folder == folder.strip() and folder.isprintable():
        return folder
    return f"import sys; sys.path.append({folder!a})"


def _hook(project: Project, layout: Layout, options: Sequence[str], *, rebuild: bool) -> str:
    source = Path(hook.__file__).read_text(encoding="utf-8")
    arguments = ", ".join(
        ascii(argument)
        for argument in (
            str(project.directory),
            dict(layout.packages),
            dict(layout.bases) if rebuild else {},
            list(options),
        )
    )
    return f"{source}\n\nsys.meta_path.insert(0, EditableFinder({arguments}))\n"


def _tags(platform: str) -> Tags:
    """Name the interpreter that has been asked to install here; ``platform`` is that of programs, or any."""
    is_cpython = sys.implementation.name == "cpython"
    version = f"{sys.version_info.major}{sys.version_info.minor}"
    return Tags(f"cp{version}" if is_cpython else f"py{version}", "none", platform)
