"""``alloconda pack``: the step of a Zig build that writes the wheel."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from alloconda.config import Config
    from alloconda.manifest import Tags

Command = TypeVar("Command", bound="Callable[..., None]")


def _checked(_context: click.Context, _parameter: click.Parameter, options: tuple[str, ...]) -> tuple[str, ...]:
    for option in options:
        if "=" not in option:
            raise click.BadParameter(f"'{option}' is not KEY=VALUE.")
    return options


def project_options(command: Command) -> Command:
    """Add the options that say which project is packed, and how."""
    command = click.option(
        "--option",
        "options",
        multiple=True,
        metavar="KEY=VALUE",
        callback=_checked,
        help="A key of [tool.alloconda]. Repeatable.",
    )(command)
    return click.option(
        "--project-dir", required=True, type=click.Path(path_type=Path), help="Folder with pyproject.toml."
    )(command)


def configs_of(project_dir: Path, options: tuple[str, ...], wheels: Iterable[Tags]) -> list[Config]:
    """Compute the configurations of wheels, each once, with what ``--option`` says.

    Args:
        project_dir: the project.
        options: settings that no file and no override changes, as KEY=VALUE.
        wheels: the tags of the wheels.
    """
    from alloconda.config import Config
    from alloconda.project import read_config

    settings: dict[str, list[str]] = {}
    for option in options:
        key, _, value = option.partition("=")
        settings.setdefault(key, []).append(value)
    over = Config.from_settings(settings, "--option")
    config = read_config(project_dir.absolute(), over)
    configs: list[Config] = []
    for tags in wheels:
        of_wheel = config.for_wheel(str(tags), over)
        if of_wheel not in configs:
            configs.append(of_wheel)
    return configs


@click.command()
@project_options
@click.option("--manifest", required=True, type=click.Path(path_type=Path), help="manifest.json of the build.")
@click.option("--wheel-dir", required=True, type=click.Path(path_type=Path), help="Where the wheel goes.")
@click.option("--survey", type=click.Path(path_type=Path), help="What 'alloconda survey' wrote, which must hold still.")
@click.option("--name-file", type=click.Path(path_type=Path), help="Where its name goes; else the path is printed.")
def pack(  # noqa: PLR0913 - a parameter each
    *,
    project_dir: Path,
    options: tuple[str, ...],
    manifest: Path,
    wheel_dir: Path,
    survey: Path | None,
    name_file: Path | None,
) -> None:
    """Write the wheel of a build that has run. The build's own 'wheel' step does this."""
    from alloconda.errors import AllocondaError
    from alloconda.manifest import Manifest
    from alloconda.pack.survey import covers
    from alloconda.pack.survey import survey as survey_of
    from alloconda.pack.wheel import write_wheel
    from alloconda.project import Project

    built = Manifest.load(manifest)
    (config,) = configs_of(project_dir, options, [built.tags])
    project = Project.load(project_dir.absolute())
    wheel = write_wheel(built, project, config, wheel_dir)
    if survey is not None:
        modules = [extension.module for extension in built.extensions]
        # Zig would keep the wheel as that of the files which were there before.
        if not covers(survey.read_text(encoding="utf-8"), survey_of(project, modules, [config])):
            raise AllocondaError(f"Files of the package in {project_dir} have changed during the build: build again.")
    if name_file is None:
        click.echo(wheel)
    else:
        name_file.write_text(f"{wheel.name}\n", encoding="utf-8")
