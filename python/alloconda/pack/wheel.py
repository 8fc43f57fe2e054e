"""Puts a wheel together: package files, extensions, metadata."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alloconda import __version__
from alloconda.errors import AllocondaError
from alloconda.pack import sbom
from alloconda.pack.archive import Archive
from alloconda.pack.data import data_files
from alloconda.pack.files import package_files, wheel_folders
from alloconda.stubs import is_generated

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

    from alloconda.config import Config
    from alloconda.manifest import Extension, Manifest, Tags
    from alloconda.project import Project


def write_wheel(manifest: Manifest, project: Project, config: Config, wheel_dir: Path) -> Path:
    """Write the wheel of a manifest and a project.

    Args:
        manifest: what was built.
        project: whose metadata the wheel has.
        config: what holds for this wheel; ``package-dir``, ``include``, ``exclude``,
            ``wheel-exclude``, ``data`` and ``sbom`` are used.
        wheel_dir: where the wheel goes; made if it is not there.

    Returns:
        The path of the wheel.

    Raises:
        AllocondaError: anything that goes in is missing or cannot stand in a wheel; the previous wheel is untouched.
    """
    archive = Archive(project.dist_info)
    folders = wheel_folders(project, manifest.extensions, config)
    # Libraries in the package's folder are those of an older build.
    files = [
        file
        for file in package_files(project.directory, folders, manifest.extensions, config)
        if file.path not in manifest.libraries
    ]
    written_by_hand = {file.path for file in files}
    for extension in manifest.extensions:
        origin = "the build"
        archive.add(extension.file, manifest.folder / extension.file, origin=origin, executable=True)
        stubs = {
            place: stub for stub in extension.stubs if (place := extension.stub_place(stub)) not in written_by_hand
        }
        for place, stub in stubs.items():
            archive.add(place, manifest.folder / stub, origin=origin)
        marker = _marker(extension, written_by_hand)
        # Those of an earlier build go with a library of that build.
        typed = stubs or any(extension.is_stub(file.path) and is_generated(file.source) for file in files)
        if typed and marker is not None and marker not in written_by_hand:
            # Without it type checkers pass by the stubs of an installed package (PEP 561).
            archive.add(marker, b"", origin=origin)
            written_by_hand.add(marker)
    for path in manifest.libraries:
        archive.add(path, manifest.folder / path, origin="the build", executable=True)
    for file in files:
        origin = str(file.source.relative_to(project.directory))
        archive.add(file.path, file.source, origin=origin, executable=file.executable)
    programs = [manifest.folder / program.file for program in manifest.programs]
    add_data(archive, programs, project, config)
    if manifest.zig_version and config.sbom is not False:
        document = sbom.sbom(project, manifest.zig_version)
        archive.add(f"{project.dist_info}/sboms/{sbom.FILE_NAME}", document, origin="build.zig.zon")
    add_metadata(archive, project, manifest.tags)

    try:
        wheel_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise AllocondaError(f"The folder {wheel_dir} cannot be made: {error.strerror}.") from error
    wheel = wheel_dir / f"{project.stem}-{manifest.tags}.whl"
    archive.write(wheel)
    return wheel


def _marker(extension: Extension, paths: Collection[str]) -> str | None:
    """Name the ``py.typed`` of a module: in its outermost package that is no namespace, which several may share."""
    parts = extension.module.split(".")[:-1]
    folders = ["/".join(parts[:end]) for end in range(1, len(parts) + 1)]
    regular = [folder for folder in folders if f"{folder}/__init__.py" in paths]
    return f"{(regular or folders[-1:])[0]}/py.typed" if folders else None


def add_data(archive: Archive, programs: Iterable[Path], project: Project, config: Config) -> None:
    """Add what installers put elsewhere: programs, and the files of the folder that ``data`` names."""
    folder = f"{project.stem}.data"
    for program in programs:
        archive.add(f"{folder}/scripts/{program.name}", program, origin="the build", executable=True)
    for file in data_files(project.directory, config.data):
        origin = str(file.source.relative_to(project.directory))
        archive.add(f"{folder}/{file.path}", file.source, origin=origin, executable=file.executable)


def add_metadata(archive: Archive, project: Project, tags: Tags) -> None:
    """Add the metadata folder, but for RECORD."""
    for path, content in project.dist_info_files().items():
        archive.add(f"{project.dist_info}/{path}", content, origin="pyproject.toml")
    archive.add(f"{project.dist_info}/WHEEL", wheel_metadata(tags).encode(), origin="the manifest")


def wheel_metadata(tags: Tags) -> str:
    """Write the file WHEEL, version 1.0 of the wheel format."""
    lines = [
        "Wheel-Version: 1.0",
        f"Generator: alloconda {__version__}",
        "Root-Is-Purelib: false",
        *(f"Tag: {tag}" for tag in tags.expanded()),
    ]
    return "".join(f"{line}\n" for line in lines)
