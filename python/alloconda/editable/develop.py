"""Makes an editable install: builds with Zig's messages in full view, then lets pip or uv do what they do."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING

from alloconda.build_backend import BUILT
from alloconda.builds import Workshop, build_in_place, built_libraries
from alloconda.config import Config
from alloconda.editable.environment import Environment, Wishes, install_command
from alloconda.errors import AllocondaError
from alloconda.project import Project
from alloconda.toolchain.run import run

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


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
    libraries: dict[str, Path] = {}
    if wishes.skip_build:
        libraries = {
            module: project_dir / path for module, path in built_libraries(Workshop.open(project_dir, over)).items()
        }
    elif environment.is_ours:
        libraries = build_in_place(project_dir, over)
    variables = dict(os.environ)
    if libraries:
        variables[BUILT] = json.dumps({module: str(path) for module, path in libraries.items()})
    sys.stderr.write(f"installing {name} into {environment.prefix}\n")
    status = run(command, project_dir, variables)
    if status != 0:
        raise AllocondaError(f"{name} is not installed: the installer ended with status {status}; its words are above.")
    return libraries
