"""``alloconda init``: a new project."""

from __future__ import annotations

from pathlib import Path

import click

from alloconda import messages
from alloconda.cli.options import show


@click.command()
@click.argument("folder", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@click.option("--dir", "dir_option", metavar="DIR", type=click.Path(path_type=Path), help="The same as the argument.")
@click.option("--name", help="The project's name. Default: that of pyproject.toml, else the folder's.")
@click.option("--module-name", metavar="NAME", help="What Python imports. Default: the name with '_'.")
@click.option(
    "--alloconda-path",
    metavar="DIR|URL",
    help="Take the Zig package alloconda from a checkout, or from an address that Zig fetches.",
)
@click.option("--force", is_flag=True, help="Replace files that are in the way.")
@click.option("--zig", metavar="PATH", help="The Zig executable to use.")
def init(  # noqa: PLR0913 - an option each
    *,
    folder: Path | None,
    dir_option: Path | None,
    name: str | None,
    module_name: str | None,
    alloconda_path: str | None,
    force: bool,
    zig: str | None,
) -> None:
    """Make a project in DIR (default: the current folder), ready to be built, tested and imported.

    In a folder with a pyproject.toml, the tables that it lacks are added at its end; all else in it stays.

    \b
    alloconda init geometry
    cd geometry
    alloconda build && pytest
    """  # noqa: D301 - \b is click's
    from alloconda.scaffold.project import Wishes, create

    if folder and dir_option:
        raise click.UsageError("DIR and --dir are the same: give one of them.")
    wishes = Wishes(name=name, module_name=module_name, alloconda_path=alloconda_path, force=force, zig=zig)
    created = create(folder or dir_option or Path(), wishes)
    for path in created.written:
        show(path.absolute())
    if created.package_kept:
        messages.note(f"{created.package_kept} is as it was: import there what you need from ._native")
