"""``alloconda python fetch``: headers for builds without a network, or ahead of them."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from alloconda.cli.options import mirror_option

FOLDER = click.Path(file_okay=False, path_type=Path)
FILE = click.Path(dir_okay=False, path_type=Path)


@click.group()
def python() -> None:
    """Headers of other Pythons.

    \b
    alloconda python fetch --version 3.14 --manylinux 2_28 --arch x86_64
    """  # noqa: D301 - \b is click's


@python.command()
@click.option("--version", "versions", multiple=True, metavar="VERSION", help="Such as 3.14 or 3.14t. Repeatable.")
@click.option("--all", "every_version", is_flag=True, help="Every final version that there is for the platform.")
@click.option("--manylinux", metavar="VERSION", help="For this manylinux, such as 2_28 or 2014.")
@click.option("--musllinux", metavar="VERSION", help="For this musllinux, such as 1_2.")
@click.option("--arch", metavar="ARCH", help="The architecture that goes with them. Default: this machine's.")
@click.option(
    "--platform-tag", "tags", multiple=True, metavar="TAG", help="For this platform, such as win_amd64. Repeatable."
)
@click.option("--pbs-target", metavar="TRIPLE", help="For this target of python-build-standalone.")
@click.option("--cache-dir", type=FOLDER, help="Where headers are kept. Default: ALLOCONDA_PBS_CACHE.")
@mirror_option
@click.option("--lock-file", type=FILE, help="Where the archives are locked. Default: alloconda.lock, if there is one.")
@click.option("--update", is_flag=True, help="Take newer patch releases than the locked ones.")
@click.option("--no-fetch", is_flag=True, help="Download nothing: only look whether the headers are there.")
def fetch(  # noqa: PLR0913 - an option each
    *,
    versions: tuple[str, ...],
    every_version: bool,
    manylinux: str | None,
    musllinux: str | None,
    arch: str | None,
    tags: tuple[str, ...],
    pbs_target: str | None,
    cache_dir: Path | None,
    mirror: str | None,
    lock_file: Path | None,
    update: bool,
    no_fetch: bool,
) -> None:
    """Fetch Python's headers, and print the folder of each Python.h.

    Extensions with C sources need them; builds fetch what is missing by themselves.

    \b
    alloconda python fetch --version 3.14 --manylinux 2_28 --arch x86_64
    alloconda python fetch --version 3.13 --version 3.14t --platform-tag win_amd64
    alloconda python fetch --all --platform-tag macosx_11_0_arm64
    """  # noqa: D301 - \b is click's
    from alloconda.config import Config
    from alloconda.headers.builds import Wanted
    from alloconda.headers.cache import Cache
    from alloconda.headers.lock import LockFile
    from alloconda.headers.session import fetching
    from alloconda.project import read_config

    if bool(versions) == every_version:
        raise click.UsageError("Give --version, such as --version 3.14, or --all.")
    triples = _triples(manylinux, musllinux, arch, tags, pbs_target)
    with fetching(
        Cache.at(cache_dir),
        read_config(Path.cwd(), Config(mirror=mirror)).mirror,
        sys.stderr,
        lock=LockFile(lock_file) if lock_file else None,
        project_dir=Path.cwd(),
        offline=no_fetch,
        update=update,
    ) as fetcher:
        wanted = [
            Wanted.read(version, triple)
            for triple in triples
            for version in (fetcher.versions(triple) if every_version else versions)
        ]
        entries = fetcher.entries(wanted)
    for entry in entries:
        click.echo(entry.include)


def _triples(
    manylinux: str | None, musllinux: str | None, arch: str | None, tags: tuple[str, ...], pbs_target: str | None
) -> list[str]:
    """Join the options that name a platform."""
    from alloconda.config import Config
    from alloconda.headers.builds import this_arch, this_platform, triples_of
    from alloconda.toolchain.options import platform_tag

    given = [bool(manylinux), bool(musllinux), bool(tags), bool(pbs_target)]
    if sum(given) > 1:
        raise click.UsageError("--manylinux, --musllinux, --platform-tag and --pbs-target exclude each other.")
    if arch and not (manylinux or musllinux):
        raise click.UsageError("--arch goes with --manylinux or --musllinux.")
    if pbs_target:
        return [pbs_target]
    if not any(given):
        return [this_platform()]
    if not tags:
        tags = (platform_tag(Config(manylinux=manylinux, musllinux=musllinux, arch=arch or this_arch())) or "",)
    # Several tags can stand for one build.
    return list(dict.fromkeys(triple for tag in tags for triple in triples_of(tag)))
