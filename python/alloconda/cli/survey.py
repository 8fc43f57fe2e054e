"""``alloconda survey``: the step of a Zig build that says whether wheels have to be packed again."""

from __future__ import annotations

from pathlib import Path

import click

from alloconda.cli.pack import configs_of, project_options


@click.command(hidden=True)
@project_options
@click.option("--module", "modules", multiple=True, help="Name of an extension. Repeatable.")
@click.option("--wheel", "wheels", multiple=True, metavar="TAGS", help="The tags of a wheel. Repeatable.")
@click.option("--output", required=True, type=click.Path(path_type=Path), help="Where the text goes.")
def survey(
    project_dir: Path, options: tuple[str, ...], modules: tuple[str, ...], wheels: tuple[str, ...], output: Path
) -> None:
    """Write what the wheels of a build depend on beside its libraries."""
    from alloconda import atomic
    from alloconda.manifest import Tags
    from alloconda.pack.survey import survey as survey_of
    from alloconda.project import Project

    tags = [Tags.parse(wheel) if modules else Tags.parse(wheel).of_programs() for wheel in wheels]
    configs = configs_of(project_dir, options, tags)
    text = survey_of(Project.load(project_dir.absolute()), modules, configs).encode()
    # To Zig 0.17 a file that has been written again is another one, whatever is in it.
    if not output.is_file() or output.read_bytes() != text:
        with atomic.replacing(output) as file:
            file.write(text)
