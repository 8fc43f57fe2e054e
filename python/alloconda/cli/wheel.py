"""``alloconda wheel``: wheels into a folder."""

from __future__ import annotations

from pathlib import Path

import click

from alloconda.cli.options import build_options, config_from_flags, platform_options, show


@click.command()
@build_options
@platform_options
@click.option(
    "--out-dir",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where the wheel goes. Default: dist in the project.",
)
def wheel(project_dir: Path, mode: str | None, out_dir: Path | None, **flags: object) -> None:
    """Build a wheel, and print its path."""
    from alloconda.builds import build_wheels

    folder = (out_dir or project_dir / "dist").absolute()
    for path in build_wheels(project_dir, folder, config_from_flags(mode, **flags)):
        show(path)
