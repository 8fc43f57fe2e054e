"""``alloconda build``: the extension into the package's own folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from alloconda.cli.options import config_from_flags, one_target_options, show

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@one_target_options
def build(project_dir: Path, mode: str | None, **flags: object) -> None:
    """Build the extension and put it into the Python package's folder, ready to be imported.

    A build.zig that does not use alloconda is fine: the library that it installs is found by its PyInit_ function.

    \b
    alloconda build && pytest
    alloconda build --debug
    alloconda build --zig-arg=-Dmine=true        an option of the project's own build.zig
    alloconda build --lib zig-out/lib/libnative.so --module geometry._native
    """  # noqa: D301 - \b is click's
    from alloconda.builds import build_in_place

    for path in build_in_place(project_dir, config_from_flags(mode, **flags)).libraries.values():
        show(path)
