"""``alloconda pack``: the step of a Zig build that writes the wheel."""

from __future__ import annotations

import os
from pathlib import Path

import click

PACK_QUIETLY = "ALLOCONDA_PACK_QUIETLY"
"""The variable of the environment by which the commands that run a build keep the packer from naming its wheel."""


@click.command()
@click.option("--manifest", required=True, type=click.Path(path_type=Path), help="manifest.json of the build.")
@click.option("--project-dir", required=True, type=click.Path(path_type=Path), help="Folder with pyproject.toml.")
@click.option("--wheel-dir", required=True, type=click.Path(path_type=Path), help="Where the wheel goes.")
@click.option("--option", "options", multiple=True, metavar="KEY=VALUE", help="A key of [tool.alloconda]. Repeatable.")
def pack(manifest: Path, project_dir: Path, wheel_dir: Path, options: tuple[str, ...]) -> None:
    """Write the wheel of a build that has run. The build's own 'wheel' step does this."""
    from alloconda.config import Config
    from alloconda.manifest import Manifest
    from alloconda.pack.wheel import write_wheel
    from alloconda.project import Project, read_config

    settings: dict[str, list[str]] = {}
    for option in options:
        key, equals, value = option.partition("=")
        if not equals:
            raise click.BadParameter(f"'{option}' is not KEY=VALUE.", param_hint="--option")
        settings.setdefault(key, []).append(value)
    over = Config.from_settings(settings, "--option")
    built = Manifest.load(manifest)
    config = read_config(project_dir.absolute(), over).for_wheel(str(built.tags), over)
    wheel = write_wheel(built, Project.load(project_dir.absolute()), config, wheel_dir)
    if PACK_QUIETLY not in os.environ:
        click.echo(wheel)
