"""``alloconda sdist``: the source distribution."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from alloconda.cli.options import out_dir_option, project_dir_option, show

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@project_dir_option
@out_dir_option
def sdist(project_dir: Path, out_dir: Path | None) -> None:
    """Write the source distribution, and print its path.

    In it are the files that git tracks or would track, the licence files, and the Zig packages that build.zig.zon names
    by a path. 'include', 'sdist-include' and 'exclude' in [tool.alloconda] change what is in it.

    \b
    alloconda sdist
    alloconda sdist --out-dir wheelhouse
    """  # noqa: D301 - \b is click's
    from alloconda.pack.sdist import write_sdist
    from alloconda.project import Project, read_config

    folder = (out_dir or project_dir / "dist").absolute()
    show(write_sdist(Project.load(project_dir), read_config(project_dir), folder))
