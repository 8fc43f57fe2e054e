"""``alloconda publish``: a release to a package index."""

from __future__ import annotations

import functools
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from alloconda import messages

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from alloconda.publish.checks import Checked
    from alloconda.publish.hiding import Secrets
    from alloconda.publish.upload import Result
    from alloconda.publish.wishes import Wishes


@click.command()
@click.argument("files", nargs=-1, metavar="[FILE]...", type=click.Path(path_type=Path))
@click.option(
    "-r", "--repository", default="pypi", show_default=True, envvar="TWINE_REPOSITORY", show_envvar=True,
    metavar="NAME", help="pypi, testpypi, or a section of ~/.pypirc.",
)  # fmt: skip
@click.option(
    "--repository-url", envvar="TWINE_REPOSITORY_URL", show_envvar=True, metavar="URL",
    help="Upload to this address, in place of --repository.",
)  # fmt: skip
@click.option(
    "--token", envvar="ALLOCONDA_PUBLISH_TOKEN", show_envvar=True,
    help="An API token: the same as the user name __token__ with it as the password.",
)  # fmt: skip
@click.option("-u", "--username", envvar="TWINE_USERNAME", show_envvar=True, help="Who uploads.")
@click.option("-p", "--password", envvar="TWINE_PASSWORD", show_envvar=True, help="The password, or a token.")
@click.option(
    "--trusted-publishing", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True,
    help="Get a token by OpenID Connect from the CI service that runs this. auto: with PyPI, without a password.",
)  # fmt: skip
@click.option("--config-file", metavar="FILE", default="~/.pypirc", show_default=True, help="Repositories and logins.")
@click.option("--cert", envvar="TWINE_CERT", show_envvar=True, metavar="FILE", help="Certificate authorities to trust.")
@click.option("--skip-existing", is_flag=True, help="Leave out files that the index has.")
@click.option("--no-strict", is_flag=True, help="Show what 'twine check --strict' finds, and go on.")
@click.option("--dry-run", is_flag=True, help="Build and check, and upload nothing.")
@click.option("--json", "as_json", is_flag=True, help="Show the result as JSON.")
@click.option(
    "--project-dir", type=click.Path(exists=True, file_okay=False, path_type=Path), default=Path(),
    help="The project to build, when no FILE is named. Default: the current folder.",
)  # fmt: skip
@click.option(
    "--out-dir", type=click.Path(file_okay=False, path_type=Path),
    help="Where what is built goes. Default: dist in the project.",
)  # fmt: skip
@click.option("--zig", metavar="PATH", help="The Zig executable to use.")
def publish(  # noqa: PLR0913 - an option each
    *,
    files: tuple[Path, ...],
    repository: str,
    repository_url: str | None,
    token: str | None,
    username: str | None,
    password: str | None,
    trusted_publishing: str,
    config_file: str,
    cert: str | None,
    skip_existing: bool,
    no_strict: bool,
    dry_run: bool,
    as_json: bool,
    project_dir: Path,
    out_dir: Path | None,
    zig: str | None,
) -> None:
    """Check the files of a release, and upload them: the sdist first, then the wheels.

    With no FILE, all of the project is built: its sdist, and the wheels of 'alloconda wheel-all'.

    Nothing is uploaded before every file has passed every check: those of 'alloconda inspect --verify', PyPI's rules
    for uploads, and 'twine check --strict'. When an upload breaks off, the same command with --skip-existing goes on.

    Name and password, or a token, come from the options, their environment variables, the address, ~/.pypirc, the
    keyring, trusted publishing, or are asked for on a terminal. They are never shown. What stands on a command line
    is seen by others on the machine: prefer the environment variables.

    \b
    alloconda publish                                   build, check and upload to PyPI
    alloconda publish --dry-run                         all but the upload
    alloconda publish dist/* --repository testpypi
    alloconda publish dist/* --repository-url https://index.example.com/legacy/ --username me
    alloconda publish dist/* --skip-existing            go on after an upload that broke off
    """  # noqa: D301 - \b is click's
    from alloconda.errors import AllocondaError
    from alloconda.publish.destination import require_twine
    from alloconda.publish.hiding import Secrets
    from alloconda.publish.wishes import Wishes

    if _is_given("token") and (_is_given("username") or _is_given("password")):
        raise click.UsageError("--token stands for a user name and a password: give it alone.")
    if _is_given("username") or _is_given("password"):
        token = None  # that of the environment
    if _is_given("repository") and not _is_given("repository_url"):
        repository_url = None
    secrets = Secrets.of_environment()
    secrets.add(token, "__token__")
    secrets.add(password, username)
    wishes = Wishes(
        repository=repository,
        repository_url=repository_url,
        config_file=config_file,
        username="__token__" if token else username,
        password=token or password,
        trusted_publishing=trusted_publishing,
        certificates=cert,
        skip_existing=skip_existing,
        strict=not no_strict,
        zig=zig,
    )
    require_twine()
    results: list[Result] = []
    try:
        for result in _publish(files, project_dir.absolute(), out_dir, wishes, secrets, dry_run=dry_run):
            results.append(result)
            if not as_json:
                click.echo(f"{result.file}  {result.result}")
    except AllocondaError as error:
        raise AllocondaError(secrets.hide(str(error))) from None
    finally:
        if as_json:
            click.echo(json.dumps({"publish": 1, "files": [asdict(result) for result in results]}, indent=2))


def _is_given(option: str) -> bool:
    """Tell whether an option stands on the command line, and not only in the environment."""
    return click.get_current_context().get_parameter_source(option) is ParameterSource.COMMANDLINE


def _publish(  # noqa: PLR0913 - what the options say
    files: tuple[Path, ...], project_dir: Path, out_dir: Path | None, wishes: Wishes, secrets: Secrets, *, dry_run: bool
) -> Iterator[Result]:
    """Do it, and yield what becomes of each file."""
    from alloconda.publish.checks import check_all
    from alloconda.publish.destination import find_destination
    from alloconda.publish.files import release_files
    from alloconda.publish.login import log_in
    from alloconda.publish.upload import Result, showing_log, upload_all
    from alloconda.toolchain.host import Host

    with showing_log(secrets):
        destination = find_destination(wishes, secrets)
        paths = files or _build(project_dir, out_dir or project_dir / "dist", wishes.zig)
        checked = check_all(
            release_files(paths),
            functools.cache(lambda: Host.found(wishes.zig)),
            for_pypi=destination.is_pypi,
            strict=wishes.strict,
        )
        _show(checked)
        messages.note(f"{len(checked)} file{'' if len(checked) == 1 else 's'} checked, for {destination.address}")
        if dry_run:
            yield from (Result(str(one.file.path), "would be uploaded") for one in checked)
            return
        yield from upload_all(checked, destination, log_in(destination, wishes, secrets), wishes)


def _show(checked: Sequence[Checked]) -> None:
    """Say what was found, and fail when anything is wrong."""
    from alloconda.errors import AllocondaError

    for one in checked:
        for note in one.notes:
            messages.note(f"note: {one.file.path}: {note}")
    wrong = [one for one in checked if one.problems]
    if wrong:
        lines = [f"  {one.file.path}: {problem}" for one in wrong for problem in one.problems]
        raise AllocondaError(
            "\n".join([f"Nothing was uploaded: {len(wrong)} of {len(checked)} files cannot be published.", *lines])
        )


def _build(project_dir: Path, out_dir: Path, zig: str | None) -> list[Path]:
    """Build the sdist and all wheels of a project."""
    from alloconda import wheel_matrix
    from alloconda.builds import writing
    from alloconda.cli.progress import watcher_for
    from alloconda.config import Config
    from alloconda.errors import AllocondaError
    from alloconda.publish.files import build_sdist

    out_dir = out_dir.absolute()
    with writing(out_dir):
        out_dir.mkdir(parents=True, exist_ok=True)
    sdist = build_sdist(project_dir, out_dir)
    with watcher_for(sys.stderr) as watcher:
        outcomes = wheel_matrix.build_all(project_dir, out_dir, Config(zig=zig), wheel_matrix.Wishes(), watcher)
    wheels = [outcome.path for outcome in outcomes if outcome.path]
    if len(wheels) < len(outcomes):
        watcher.summary(outcomes)
        raise AllocondaError("Nothing was uploaded: not all wheels could be built.")
    return [sdist, *wheels]
