"""The PEP 517 build backend: ``build-backend = "alloconda.build_backend"``.

The keys of ``config_settings`` are those of ``[tool.alloconda]``. A failure that is the user's to mend is printed as
one sentence and ends the process, so that the front end shows the sentence and no traceback.
"""

from __future__ import annotations

import contextlib
import dataclasses
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from alloconda.errors import AllocondaError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from alloconda.config import Config

__all__ = ["build_wheel", "get_requires_for_build_wheel", "prepare_metadata_for_build_wheel"]


def get_requires_for_build_wheel(config_settings: Mapping[str, object] | None = None) -> list[str]:
    """Ask for ``ziglang`` when no Zig can be used."""
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
    except AllocondaError as error:
        sys.stderr.write(f"error: {error}\n")
        raise SystemExit(1) from None
