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
from alloconda.pack.wheel import add_metadata

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from alloconda.project import Project


def write_editable_wheel(
    project: Project, libraries: Mapping[str, Path], wheel_dir: Path, *, rebuild: bool, options: Sequence[str]
) -> Path:
    """Write the wheel.

    Args:
        project: whose metadata the wheel has.
        libraries: the path of each extension in the package's own folder, by the module's name.
        wheel_dir: an existing folder.
        rebuild: whether an import builds the extension again when its sources have changed.
        options: settings for that, as KEY=VALUE.

    Returns:
        The path of the wheel.

    Raises:
        AllocondaError: a library is not for the running interpreter, or the wheel cannot be written.
    """
    layout = Layout.of(libraries)
    archive = Archive(project.dist_info)
    name = f"_editable_{project.stem.partition('-')[0]}"
    lines = [_pth_line(folder) for folder in layout.search_path]
    if rebuild or layout.packages:
        archive.add(f"{name}.py", _hook(project, layout, options, rebuild=rebuild).encode(), origin="alloconda")
        lines.append(f"import {name}")
    archive.add(f"{name}.pth", os.fsencode("".join(f"{line}\n" for line in lines)), origin="alloconda")
    tags = _tags()
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
            libraries: as for `write_editable_wheel`.

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


def _tags() -> Tags:
    """Name the interpreter that the wheel is for: it has been asked to install here, and holds no library."""
    is_cpython = sys.implementation.name == "cpython"
    version = f"{sys.version_info.major}{sys.version_info.minor}"
    return Tags(f"cp{version}" if is_cpython else f"py{version}", "none", "any")
