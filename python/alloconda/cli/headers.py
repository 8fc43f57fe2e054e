"""``alloconda headers``: steps of the build graph that need Python. No command for people."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from alloconda.config import MIRROR

_PATH = click.Path(path_type=Path)


@click.group(hidden=True)
def headers() -> None:
    """Find headers for a build that runs."""


@headers.command()
@click.option("--output", required=True, type=_PATH)
def native(output: Path) -> None:
    """Write what this interpreter is."""
    from alloconda.headers.native import facts

    output.write_text(json.dumps(facts(), indent=2) + "\n", "utf-8")


@headers.command()
@click.option("--choice", required=True, type=_PATH)
@click.option("--project-dir", required=True, type=_PATH)
@click.option("--pbs-target", metavar="TRIPLE")
@click.option("--no-fetch", is_flag=True)
@click.option("--mirror", metavar="URL", envvar=MIRROR)
@click.option("--output", required=True, type=_PATH)
def provide(  # noqa: PLR0913 - an option each
    *, choice: Path, project_dir: Path, pbs_target: str | None, no_fetch: bool, mirror: str | None, output: Path
) -> None:
    """Put the chosen headers into a folder."""
    from alloconda.headers.cache import Cache
    from alloconda.headers.provide import Choice
    from alloconda.headers.provide import provide as copy
    from alloconda.headers.session import fetching

    with fetching(Cache.at(None), mirror, sys.stderr, project_dir=project_dir, offline=no_fetch) as fetcher:
        copy(Choice.load(choice), fetcher, pbs_target, output)


@headers.command()
@click.option("--output", required=True, type=_PATH)
def numpy(output: Path) -> None:
    """Put NumPy's headers into a folder."""
    from alloconda.headers.provide import provide_numpy

    provide_numpy(output)
