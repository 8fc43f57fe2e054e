"""Who uploads: options, ``.pypirc``, the keyring, trusted publishing, and at last a question on the terminal.

The order is twine's, whose resolver does the work. Trusted publishing is a short-lived token that the index gives for
a statement of the CI service about the job that runs (OpenID Connect); twine gets the statement by the library ``id``.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click
import requests
import requests.auth
from twine import auth, exceptions

from alloconda.errors import AllocondaError
from alloconda.publish.failures import failure_of_connection
from alloconda.publish.hiding import clean

if TYPE_CHECKING:
    from alloconda.publish.destination import Destination
    from alloconda.publish.hiding import Secrets
    from alloconda.publish.wishes import Wishes


def log_in(destination: Destination, wishes: Wishes, secrets: Secrets) -> requests.auth.AuthBase | None:
    """Find out who uploads.

    Args:
        destination: the index.
        wishes: what the user asked for.
        secrets: takes in what is found.

    Returns:
        What adds the login to a request; ``None`` when name and password are empty, for indexes that want none.

    Raises:
        AllocondaError: there is no login, or the index gives no token.
    """
    resolver = _Resolver(destination, wishes)
    try:
        if wishes.trusted_publishing == "always":
            return _TrustedPublishing(resolver, secrets)
        username, password = resolver.username, resolver.password
        secrets.add(password, username)
        if resolver.has_token:
            return _TrustedPublishing(resolver, secrets)
    except exceptions.TrustedPublishingFailure as error:
        raise AllocondaError(f"{destination.host} gives no token to this job: {clean(str(error))}.") from None
    except requests.RequestException as error:
        raise AllocondaError(failure_of_connection(error, destination.host)) from None
    except _NoLoginError:
        if destination.config.get("client_cert"):
            return None
        raise
    return requests.auth.HTTPBasicAuth(username or "", password or "") if username or password else None


class _NoLoginError(AllocondaError):
    """Nobody can be asked."""


class _Resolver(auth.Resolver):
    """twine's resolver, which asks on standard error, and knows when nobody is there to answer."""

    def __init__(self, destination: Destination, wishes: Wishes) -> None:
        super().__init__(destination.config, auth.CredentialInput(wishes.username, wishes.password))
        self._host = destination.host
        self._tries_trusted_publishing = wishes.trusted_publishing != "never"
        self.has_token = False
        """Whether the password is a token of trusted publishing."""

    def make_trusted_publishing_token(self) -> str | None:
        token = super().make_trusted_publishing_token() if self._tries_trusted_publishing else None
        self.has_token = token is not None
        return token

    def prompt(self, what: str, how: Any = None) -> str:  # noqa: ANN401, ARG002 - twine's signature
        if not sys.stdin.isatty():
            raise _NoLoginError(
                f"There is no {what} for {self._host}, and no terminal to ask for it: give --token or --username and "
                "--password (or their environment variables), or put them into the keyring or ~/.pypirc."
            )
        answer: str = click.prompt(f"{what} for {self._host}", err=True, hide_input=what != "username")
        return answer


class _TrustedPublishing(requests.auth.AuthBase):
    """Logs in with a token that is renewed when it grows old: it lives for a quarter of an hour."""

    def __init__(self, resolver: _Resolver, secrets: Secrets) -> None:
        self._resolver = resolver
        self._secrets = secrets
        self._token()

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Add the login to a request."""
        return requests.auth.HTTPBasicAuth(auth.TOKEN_USERNAME, self._token())(request)

    def _token(self) -> str:
        token = self._resolver.make_trusted_publishing_token()
        if token is None:
            raise AllocondaError(
                "Trusted publishing was asked for, and this is no job of a CI service that has it, or one without the "
                "right to: in GitHub Actions give the job 'permissions: id-token: write', in GitLab 'id_tokens'."
            )
        self._secrets.add(token, auth.TOKEN_USERNAME)
        return token
