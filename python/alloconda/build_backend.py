"""The PEP 517 build backend: ``build-backend = "alloconda.build_backend"``.

The keys of ``config_settings`` are those of ``[tool.alloconda]``. A failure that is the user's to mend is printed as
one sentence and ends the process, so that the front end shows the sentence and no traceback.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from alloconda.errors import AllocondaError, sentence_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from alloconda.builds import InPlace
    from alloconda.config import Config

BUILT = "ALLOCONDA_BUILT"
"""The variable of the environment by which ``alloconda develop`` tells what it has built: see `told`."""

__all__ = [
    "build_editable",
    "build_sdist",
    "build_wheel",
    "get_requires_for_build_editable",
    "get_requires_for_build_sdist",
    "get_requires_for_build_wheel",
    "prepare_metadata_for_build_editable",
    "prepare_metadata_for_build_wheel",
]


def get_requires_for_build_sdist(config_settings: Mapping[str, object] | None = None) -> list[str]:
    """Ask for what computes the metadata; a source distribution is made without Zig."""
    from alloconda.dynamic import required_by_providers

    with _failing_with_a_sentence():
        return required_by_providers(_config(config_settings).metadata or {}, Path.cwd())


def build_sdist(sdist_directory: str, config_settings: Mapping[str, object] | None = None) -> str:
    """Write the source distribution."""
    from alloconda.pack.sdist import write_sdist
    from alloconda.project import Project

    with _failing_with_a_sentence():
        config = _config(config_settings)
        return write_sdist(Project.load(Path.cwd()), config, Path(sdist_directory)).name


def get_requires_for_build_wheel(config_settings: Mapping[str, object] | None = None) -> list[str]:
    """Ask for ``ziglang`` when no Zig can be used."""
    return _requirements(config_settings)


def get_requires_for_build_editable(config_settings: Mapping[str, object] | None = None) -> list[str]:
    """Ask for ``ziglang`` when no Zig can be used, and one is needed."""
    return get_requires_for_build_sdist(config_settings) if _built() else _requirements(config_settings)


def _requirements(config_settings: Mapping[str, object] | None) -> list[str]:
    from alloconda.dynamic import required_by_providers
    from alloconda.toolchain.locate import REQUIREMENT, locate

    with _failing_with_a_sentence():
        config = _config(config_settings)
        required = required_by_providers(config.metadata or {}, Path.cwd())
        if config.zig:
            return required
        try:
            locate()
        except AllocondaError:
            return [REQUIREMENT, *required]
        return required


def prepare_metadata_for_build_wheel(
    metadata_directory: str, config_settings: Mapping[str, object] | None = None
) -> str:
    """Write the metadata that the wheel will have, byte for byte, and compile nothing.

    WHEEL is not among it: the tags are known when the extension is built.
    """
    from alloconda.project import Project

    with _failing_with_a_sentence():
        _config(config_settings)
        project = Project.load(Path.cwd())
        folder = Path(metadata_directory, project.dist_info)
        for name, content in project.dist_info_files().items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        return project.dist_info


def build_wheel(
    wheel_directory: str,
    config_settings: Mapping[str, object] | None = None,
    metadata_directory: str | None = None,  # noqa: ARG001 - both are computed from the same files
) -> str:
    """Build the one wheel that the running interpreter is to install."""
    from alloconda.builds import build_wheels
    from alloconda.config import Config

    with _failing_with_a_sentence():
        settings = Config.from_settings(config_settings)
        config = _config(config_settings)
        wheels = build_wheels(Path.cwd(), Path(wheel_directory), _for_one_wheel(config, settings), only_one=True)
        return wheels[0].name


def prepare_metadata_for_build_editable(
    metadata_directory: str, config_settings: Mapping[str, object] | None = None
) -> str:
    """Write the metadata of an editable install, which is that of the wheel."""
    return prepare_metadata_for_build_wheel(metadata_directory, config_settings)


def build_editable(
    wheel_directory: str,
    config_settings: Mapping[str, object] | None = None,
    metadata_directory: str | None = None,  # noqa: ARG001 - both are computed from the same files
) -> str:
    """Build the extension into the package's own folder, and a wheel that leads there (PEP 660)."""
    from alloconda.builds import build_in_place
    from alloconda.config import Config
    from alloconda.editable.wheel import write_editable_wheel
    from alloconda.project import Project

    with _failing_with_a_sentence():
        project = Project.load(Path.cwd())
        settings = Config.from_settings(config_settings)
        config = _config(config_settings)
        options = [
            f"{key}={value}"
            for key, given in (config_settings or {}).items()
            for value in (given if isinstance(given, list) else [given])
        ]
        with tempfile.TemporaryDirectory(prefix="alloconda-") as programs:
            built = _built() or build_in_place(Path.cwd(), _for_one_wheel(config, settings), Path(programs))
            return write_editable_wheel(project, config, built, Path(wheel_directory), options).name


def told(project_dir: Path, built: InPlace) -> str:
    """Spell for the variable what has been built: JSON."""
    return json.dumps(
        {
            "project": str(project_dir),
            "libraries": {module: str(path) for module, path in built.libraries.items()},
            "programs": [str(path) for path in built.programs],
            "platform": built.platform,
        }
    )


def _built() -> InPlace | None:
    """Read what ``alloconda develop`` has built, unless it is of another project than the current folder's."""
    from alloconda.builds import InPlace

    document = json.loads(os.environ.get(BUILT) or "null")
    if document is None or Path(document["project"]).resolve() != Path.cwd().resolve():
        return None
    libraries = {module: Path(path) for module, path in document["libraries"].items()}
    return InPlace(libraries, tuple(map(Path, document["programs"])), document["platform"])


def _config(config_settings: Mapping[str, object] | None) -> Config:
    from alloconda.config import Config
    from alloconda.project import read_config

    return read_config(Path.cwd(), Config.from_settings(config_settings))


def _for_one_wheel(config: Config, settings: Config) -> Config:
    """Choose the running interpreter's version where the project lists several; ``alloconda wheel`` builds them all."""
    from alloconda.builds import this_python_version

    versions = config.python_version or ()
    if len(versions) > 1 and settings.python_version is None and this_python_version() in versions:
        return dataclasses.replace(settings, python_version=(this_python_version(),))
    return settings


@contextlib.contextmanager
def _failing_with_a_sentence() -> Iterator[None]:
    try:
        yield
    except (AllocondaError, OSError) as error:
        sentence = sentence_of(error) if isinstance(error, OSError) else error
        sys.stderr.write(f"error: {sentence}\n")
        raise SystemExit(1) from None
