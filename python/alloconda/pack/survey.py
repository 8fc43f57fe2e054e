"""What a wheel depends on beside its libraries, as text: as long as that stays the same, so does the wheel."""

from __future__ import annotations

import dataclasses
import hashlib
import os
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import alloconda
from alloconda.errors import AllocondaError
from alloconda.manifest import Extension
from alloconda.pack import sbom
from alloconda.pack.data import data_files
from alloconda.pack.files import package_files, wheel_folders

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from alloconda.config import Config
    from alloconda.project import Project


_END = "\n\n"
"""What ends a section."""


def survey(project: Project, modules: Sequence[str], configs: Sequence[Config]) -> str:
    """List what goes into the wheels of a project and who packs it, a line each, with SHA-256 digests.

    Args:
        project: whose wheels they are.
        modules: the names of the extensions.
        configs: what holds for the wheels; what `write_wheel` uses of them is used. Each makes a section.

    Raises:
        AllocondaError: anything that goes in is missing or cannot stand in a wheel.
    """
    sections = dict.fromkeys("\n".join(_content(project, modules, config)) for config in configs)
    return _END.join(["\n".join(_packer()), *sections, ""])


def covers(text: str, part: str) -> bool:
    """Tell whether a survey says the same as another one of fewer wheels."""
    return set(part.split(_END)) <= set(text.split(_END))


def _packer() -> Iterator[str]:
    # A checkout has one version in many states.
    sources = hashlib.sha256()
    for path in sorted(Path(alloconda.__file__).parent.rglob("*.py")):
        sources.update(path.read_bytes())
    yield f"alloconda {alloconda.__version__} {sources.hexdigest()}"
    yield f"zlib {zlib.ZLIB_RUNTIME_VERSION}"
    yield f"SOURCE_DATE_EPOCH {os.environ.get('SOURCE_DATE_EPOCH', '')}"


def _content(project: Project, modules: Sequence[str], config: Config) -> Iterator[str]:
    extensions = [Extension(module=module, file="", stubs=(), facts={}) for module in modules]
    yield f"sbom {config.sbom}"
    folders = wheel_folders(project, extensions, config)
    files = package_files(project.directory, folders, extensions, config)
    data = [
        dataclasses.replace(file, path=f"{project.stem}.data/{file.path}")
        for file in data_files(project.directory, config.data)
    ]
    for file in (*files, *data):
        try:
            content = file.source.read_bytes()
        except OSError as error:
            raise AllocondaError(f"{file.source} cannot be read: {error.strerror}.") from error
        # ASCII: a name need not be valid text.
        yield f"{hashlib.sha256(content).hexdigest()} {'x' if file.executable else '-'} {file.path!a}"
    # The version of Zig is in the manifest.
    documents = {**project.dist_info_files(), f"sboms/{sbom.FILE_NAME}": sbom.sbom(project, "")}
    for path, content in documents.items():
        yield f"{hashlib.sha256(content).hexdigest()} - {f'{project.dist_info}/{path}'!a}"
