"""``alloconda develop``: an editable install."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from alloconda.cli.options import one_target_options, settings_from_flags, show

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@one_target_options
@click.option("--skip-build", is_flag=True, help="Take the libraries that are in the package's folder.")
@click.option("--editable-rebuild/--no-editable-rebuild", default=None, help="Build again at import what was edited.")
@click.option("--uv", is_flag=True, help="Install with uv. Default: with pip, or with uv when pip is missing.")
@click.option(
    "--pip-arg", "pip_args", multiple=True, metavar="ARG", help="One more argument for pip or uv. Repeatable."
)
@click.option("--system", is_flag=True, help="Install even when there is no virtual environment.")
def develop(  # noqa: PLR0913 - one for each option
    *,
    project_dir: Path,
    mode: str | None,
    skip_build: bool,
    uv: bool,
    pip_args: tuple[str, ...],
    system: bool,
    **flags: object,
) -> None:
    """Install the project so that edits of its Python files are seen at once, and print the libraries built.

    The extension is built into the package's own folder. After an edit of Zig code run 'alloconda build', or let the
    import do it with --editable-rebuild.

    \b
    alloconda develop
    alloconda develop --debug --editable-rebuild
    alloconda develop --pip-arg=--no-deps
    """  # noqa: D301 - \b is click's
    from alloconda.editable.develop import develop as install
    from alloconda.editable.environment import Wishes

    wishes = Wishes(skip_build=skip_build, uv=uv, system=system, pip_args=pip_args)
    for path in install(project_dir, settings_from_flags(mode, **flags), wishes).values():
        show(path)
