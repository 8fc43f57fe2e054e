"""Makes an editable install: builds with Zig's messages in full view, then lets pip or uv do what they do."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from alloconda.build_backend import BUILT, told
from alloconda.builds import InPlace, Workshop, build_in_place, built_libraries
from alloconda.config import Config
from alloconda.editable.environment import Environment, Wishes, install_command
from alloconda.errors import AllocondaError
from alloconda.project import Project
from alloconda.toolchain.run import run

if TYPE_CHECKING:
    from collections.abc import Mapping


def develop(project_dir: Path, settings: Mapping[str, object], wishes: Wishes) -> dict[str, Path]:
    """Install a project so that its package is imported from the project's own folder.

    Args:
        project_dir: the project.
        settings: what flags say, as ``--config-settings`` would.
        wishes: what is asked for beside.

    Returns:
        The path of each library by the module's name; nothing when another interpreter has built them.

    Raises:
        AllocondaError: there is no environment or no installer, or the build or the install fails.
    """
    over = Config.from_settings(dict(settings), "the command line")
    project = Project.load(project_dir)
    environment = Environment.find(project_dir, system=wishes.system)
    name = project.metadata.canonical_name
    command = install_command(environment, project_dir, name, settings, wishes)
    variables = dict(os.environ)
    built = None
    with tempfile.TemporaryDirectory(prefix="alloconda-") as programs:
        if wishes.skip_build:
            built = _there_already(Workshop.open(project_dir, over))
        elif environment.is_ours:
            built = build_in_place(project_dir, over, Path(programs))
        if built:
            variables[BUILT] = told(project_dir, built)
        sys.stderr.write(f"installing {name} into {environment.prefix}\n")
        status = run(command, project_dir, variables)
    if status != 0:
        raise AllocondaError(f"{name} is not installed: the installer ended with status {status}; its words are above.")
    return built.libraries if built else {}


def _there_already(workshop: Workshop) -> InPlace:
    """Find the libraries of an earlier build. Programs are not kept in the project."""
    if foreign := workshop.foreign(skip_build=True):
        return InPlace(dict([foreign.built()]))
    wheels = workshop.plan([])
    libraries = built_libraries(workshop, wheels)
    if any(wheel.programs for wheel in wheels):
        sys.stderr.write("the programs of build.zig are not installed, since --skip-build builds none\n")
    return InPlace({module: workshop.project_dir / path for module, path in libraries.items()})
