"""What a wheel depends on beside its libraries, as text: as long as that stays the same, so does the wheel."""

from __future__ import annotations

import hashlib
import os
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import alloconda
from alloconda.errors import AllocondaError
from alloconda.manifest import Extension
from alloconda.pack.files import package_files, package_folders

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from alloconda.config import Config
    from alloconda.project import Project


def survey(project: Project, modules: Sequence[str], config: Config) -> str:
    """List what goes into the wheels of a project and who packs it, a line each, with SHA-256 digests.

    Args:
        project: whose wheels they are.
        modules: the names of the extensions.
        config: ``package-dir``, ``include`` and ``exclude`` are used.

    Raises:
        AllocondaError: anything that goes in is missing or cannot stand in a wheel.
    """
    return "".join(f"{line}\n" for line in (*_packer(), *_content(project, modules, config)))


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
    folders = package_folders(project.directory, extensions, config)
    for file in package_files(project.directory, folders, extensions, config):
        try:
            content = file.source.read_bytes()
        except OSError as error:
            raise AllocondaError(f"{file.source} cannot be read: {error.strerror}.") from error
        # ASCII: a name need not be valid text.
        yield f"{hashlib.sha256(content).hexdigest()} {'x' if file.executable else '-'} {file.path!a}"
    for path, content in project.dist_info_files().items():
        yield f"{hashlib.sha256(content).hexdigest()} - {f'{project.dist_info}/{path}'!a}"
