"""``alloconda stubs``: type stubs out of the Zig sources."""

from __future__ import annotations

from pathlib import Path

import click

from alloconda.cli.options import build_options, config_from_flags, show


@click.command()
@build_options
@click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Write below this folder. Default: beside the Python packages of the project.",
)
def stubs(project_dir: Path, mode: str | None, output: Path | None, **flags: object) -> None:
    """Write type stubs (.pyi) of the extensions, for editors and type checkers.

    Wheels get them in any case. A stub that somebody wrote by hand stays as it is.

    \b
    alloconda stubs
    alloconda stubs --output typings
    """  # noqa: D301 - \b is click's
    from alloconda.stubs import write

    for path in write(project_dir, config_from_flags(mode, **flags), output):
        show(path)
