"""``alloconda generate-ci``: a workflow that builds, tests and publishes."""

from __future__ import annotations

from pathlib import Path

import click

from alloconda.cli.options import show


@click.command("generate-ci")
@click.argument("service", type=click.Choice(["github"]))
@click.option(
    "--project-dir",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=Path(),
    help="The project's folder. Default: the current one.",
)
@click.option("--include-musllinux", is_flag=True, help="Add musllinux to the default platforms.")
@click.option("--include-windows", is_flag=True, help="Add Windows to the default platforms.")
@click.option(
    "--environment", metavar="NAME", default="pypi", show_default=True, help="The environment that publishes."
)
@click.option("--force", is_flag=True, help="Replace the file if it is there.")
@click.option("--stdout", "to_stdout", is_flag=True, help="Show the workflow, and write no file.")
@click.option("--zig", metavar="PATH", help="The Zig executable to use.")
def generate_ci(  # noqa: PLR0913 - an option each
    *,
    service: str,
    project_dir: Path,
    include_musllinux: bool,
    include_windows: bool,
    environment: str,
    force: bool,
    to_stdout: bool,
    zig: str | None,
) -> None:
    """Write a workflow for GitHub Actions to .github/workflows/wheels.yml.

    One Linux machine builds the sdist and the wheels of 'alloconda wheel-all' for every platform; the wheels are then
    installed and tested on the real systems, with every Python that the project supports; a tag such as v1.2.3
    publishes them to PyPI by trusted publishing, with attestations. Which platforms and Pythons there are is read out
    of the project when the workflow is written.

    \b
    alloconda generate-ci github
    alloconda generate-ci github --include-musllinux --include-windows --force
    alloconda generate-ci github --stdout
    """  # noqa: D301 - \b is click's
    from alloconda.ci.generate import github_workflow, write_workflow
    from alloconda.wheel_matrix import Wishes

    assert service == "github"  # noqa: S101 - click lets no other through
    wishes = Wishes(include_musllinux=include_musllinux, include_windows=include_windows)
    flags = [option.removeprefix("-D").partition("=")[0] for option in wishes.options()]
    folder = project_dir.absolute()
    text = github_workflow(folder, wishes, [f"--{flag}" for flag in flags], environment, zig)
    if to_stdout:
        click.echo(text, nl=False)
    else:
        show(write_workflow(folder, text, force=force))
