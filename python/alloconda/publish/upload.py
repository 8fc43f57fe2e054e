"""Sends the files of a release to an index, one after the other, by twine."""

from __future__ import annotations

import contextlib
import io
import logging
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import requests
import requests.adapters
from twine.repository import Repository

from alloconda import messages
from alloconda.errors import AllocondaError
from alloconda.publish.failures import exists_already, failure_of_connection, failure_of_response
from alloconda.publish.hiding import HidingHandler

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from requests.auth import AuthBase
    from twine.package import PackageFile

    from alloconda.publish.checks import Checked
    from alloconda.publish.destination import Destination
    from alloconda.publish.hiding import Secrets
    from alloconda.publish.wishes import Wishes

_TRIES_MAX = 3
"""How often a file is sent when the index answers that it has a failure of its own."""

UPLOADED = "uploaded"
THERE = "there already"


@dataclass(frozen=True)
class Result:
    """What became of a file."""

    file: str
    """The path, as the user named it."""
    result: str


class _Patient(requests.adapters.HTTPAdapter):
    """Waits for an index, but not for ever."""

    def __init__(self, timeouts_seconds: tuple[float, float]) -> None:
        self._timeouts_seconds = timeouts_seconds
        super().__init__()

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:  # noqa: ANN401
        options["timeout"] = options.get("timeout") or self._timeouts_seconds
        return super().send(request, *args, **options)


def upload_all(
    files: Sequence[Checked],
    destination: Destination,
    login: AuthBase | None,
    wishes: Wishes,
) -> Iterator[Result]:
    """Upload files in their order.

    Args:
        files: what has been checked, and has no problems.
        destination: the index.
        login: who uploads.
        wishes: what the user asked for.

    Yields:
        What became of each file, as soon as it is known.

    Raises:
        AllocondaError: the index does not take a file, or cannot be reached. The sentence says how far it went.
    """
    with contextlib.closing(_repository(destination, login, wishes)) as repository:
        for number, one in enumerate(files, 1):
            assert one.package is not None  # noqa: S101 - a file that twine cannot read has a problem
            messages.note(f"[{number}/{len(files)}] {one.file.file_name}")
            try:
                response = _send(repository, one.package)
            except requests.RequestException as error:
                raise _stopped(failure_of_connection(error, destination.host), number, files) from None
            if response.status_code == requests.codes.ok:
                yield Result(str(one.file.path), UPLOADED)
            elif wishes.skip_existing and exists_already(response):
                messages.note(f"{one.file.file_name} is there already, and stays as it is")
                yield Result(str(one.file.path), THERE)
            else:
                sentence = failure_of_response(response, one.file.file_name, destination.host)
                raise _stopped(sentence, number, files)


def _repository(destination: Destination, login: AuthBase | None, wishes: Wishes) -> Repository:
    shows_bar = sys.stderr.isatty() and not messages.is_quiet()
    repository = Repository(destination.address, None, None, disable_progress_bar=not shows_bar)
    repository.session.auth = login
    for scheme in ("http://", "https://"):
        repository.session.mount(scheme, _Patient(wishes.timeouts_seconds))
    repository.set_client_certificate(destination.config.get("client_cert"))
    return repository


def _send(repository: Repository, package: PackageFile) -> requests.Response:
    """Let twine send a file. It writes to standard output, which is for results."""
    shown = io.StringIO() if repository.disable_progress_bar else sys.stderr
    with contextlib.redirect_stdout(shown):
        return repository.upload(package, max_redirects=_TRIES_MAX)


def _stopped(sentence: str, number: int, files: Sequence[Checked]) -> AllocondaError:
    """Say how far it went."""
    name = files[number - 1].file.file_name
    place = f"the first of {len(files)} files" if number == 1 else f"after {number - 1} of {len(files)} files"
    return AllocondaError(f"{sentence} It happened with {name}, {place}.")


@contextlib.contextmanager
def showing_log(secrets: Secrets) -> Iterator[None]:
    """Show what twine logs, without secrets."""
    logger = logging.getLogger("twine")
    handler = HidingHandler(secrets)
    level, propagated = logger.level, logger.propagate
    logger.addHandler(handler)
    logger.setLevel(logging.INFO if messages.is_verbose() else logging.WARNING)
    logger.propagate = False
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
        logger.propagate = propagated
