"""``alloconda rebuild``: what the hook of an editable install runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from alloconda.cli.options import project_dir_option

if TYPE_CHECKING:
    from pathlib import Path


@click.command(hidden=True)
@project_dir_option
@click.option("--option", "options", multiple=True, metavar="KEY=VALUE", help="A key of [tool.alloconda]. Repeatable.")
def rebuild(project_dir: Path, options: tuple[str, ...]) -> None:
    """Build the extension in place as an editable install has built it."""
    import dataclasses

    from alloconda.builds import build_in_place
    from alloconda.config import Config

    settings: dict[str, list[str]] = {}
    for option in options:
        key, _, value = option.partition("=")
        settings.setdefault(key, []).append(value)
    config = Config.from_settings(settings, "the editable install")
    build_in_place(project_dir, dataclasses.replace(config, editable_rebuild=True))
