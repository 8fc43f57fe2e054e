"""``alloconda wheel-all``: wheels for many platforms and versions, in one build."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

from alloconda import messages
from alloconda.cli.options import audit_option, build_options, config_from_flags, header_options, out_dir_option, show

if TYPE_CHECKING:
    from pathlib import Path


@click.command("wheel-all")
@build_options
@click.option(
    "--python-version",
    multiple=True,
    metavar="VERSION",
    help="Build for this version, such as 3.13 or 3.14t, and not for the stable ABI. Repeatable.",
)
@click.option("--all", "every_version", is_flag=True, help="Build for every supported version.")
@click.option(
    "--target",
    "targets",
    multiple=True,
    metavar="TAG",
    help="Build for this platform tag, and not for the default ones. Repeatable.",
)
@click.option("--include-musllinux", is_flag=True, help="Add musllinux to the default platforms.")
@click.option("--include-windows", is_flag=True, help="Add Windows to the default platforms.")
@audit_option
@header_options
@out_dir_option
@click.option("--jobs", type=click.IntRange(min=1), metavar="N", help="How many steps run at once.")
@click.option("--dry-run", is_flag=True, help="Show what would be built, and build nothing.")
@click.option("--json", "as_json", is_flag=True, help="Show the result as JSON.")
def wheel_all(  # noqa: PLR0913 - an option each
    *,
    project_dir: Path,
    mode: str | None,
    python_version: tuple[str, ...],
    every_version: bool,
    include_musllinux: bool,
    include_windows: bool,
    out_dir: Path | None,
    jobs: int | None,
    dry_run: bool,
    as_json: bool,
    **flags: object,
) -> int:
    """Build wheels for macOS and Linux, x86_64 and arm64, and print their paths.

    One that fails stops no other; the exit status is 1 then.

    \b
    alloconda wheel-all --include-musllinux --include-windows
    alloconda wheel-all --target win_amd64 --target manylinux_2_17_x86_64 --python-version 3.13
    alloconda wheel-all --dry-run --json
    """  # noqa: D301 - \b is click's
    from alloconda.cli.progress import planned_table, watcher_for
    from alloconda.wheel_matrix import Wishes, build_all, plan_all

    if every_version and python_version:
        raise click.UsageError("--all and --python-version exclude each other: give one of them.")
    over = config_from_flags(mode, python_version=("all",) if every_version else python_version, **flags)
    wishes = Wishes(
        include_musllinux=include_musllinux,
        include_windows=include_windows,
        jobs=jobs,
        colour=messages.wants_colour(),
    )
    if dry_run:
        wheels = plan_all(project_dir, over, wishes)
        if as_json:
            click.echo(json.dumps({"matrix": 1, "wheels": [wheel.as_json() for wheel in wheels]}, indent=2))
        else:
            click.echo(planned_table(wheels))
        return 0
    with watcher_for(sys.stderr) as watcher:
        outcomes = build_all(project_dir, (out_dir or project_dir / "dist").absolute(), over, wishes, watcher)
    watcher.summary(outcomes)
    if as_json:
        click.echo(json.dumps({"wheels": [outcome.as_json() for outcome in outcomes]}, indent=2))
    else:
        for outcome in outcomes:
            if outcome.path:
                show(outcome.path)
    return 1 if any(outcome.reason for outcome in outcomes) else 0
