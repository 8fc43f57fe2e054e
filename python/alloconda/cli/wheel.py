"""``alloconda wheel``: wheels into a folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from alloconda.cli.options import audit_option, config_from_flags, one_target_options, out_dir_option, show, tag_options

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@one_target_options
@tag_options
@audit_option
@out_dir_option
@click.option("--skip-build", is_flag=True, help="Pack the libraries that are in the package's folder.")
def wheel(*, project_dir: Path, mode: str | None, out_dir: Path | None, skip_build: bool, **flags: object) -> None:
    """Build a wheel, and print its path.

    \b
    alloconda wheel
    alloconda wheel --platform-tag win_amd64 --python-version 3.14
    alloconda wheel --manylinux 2_28 --arch aarch64
    """  # noqa: D301 - \b is click's
    from alloconda.builds import build_wheels

    folder = (out_dir or project_dir / "dist").absolute()
    for path in build_wheels(project_dir, folder, config_from_flags(mode, **flags), skip_build=skip_build):
        show(path)
