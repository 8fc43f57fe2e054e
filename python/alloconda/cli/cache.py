"""``alloconda cache``: the headers that were fetched."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from alloconda.headers.cache import Cache

_cache_dir = click.option(
    "--cache-dir",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where headers are kept. Default: ALLOCONDA_PBS_CACHE.",
)


@click.group()
def cache() -> None:
    """Headers that were fetched.

    \b
    alloconda cache list
    alloconda cache clear
    """  # noqa: D301 - \b is click's


@cache.command()
@_cache_dir
def path(cache_dir: Path | None) -> None:
    """Print the cache's folder."""
    click.echo(_opened(cache_dir).root)


@cache.command("list")
@_cache_dir
def list_(cache_dir: Path | None) -> None:
    """Print what is in the cache, with sizes in megabytes."""
    for entry in _opened(cache_dir).entries():
        click.echo(f"{entry.size / 1_000_000:6.1f} MB  {entry.folder.name}")


@cache.command()
@_cache_dir
def clear(cache_dir: Path | None) -> None:
    """Remove all headers. The next build fetches the same bytes again."""
    freed = _opened(cache_dir).clear()
    click.echo(f"{freed / 1_000_000:.1f} MB removed")


def _opened(cache_dir: Path | None) -> Cache:
    from alloconda.headers.cache import Cache

    return Cache.at(cache_dir)
