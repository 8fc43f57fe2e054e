"""Where a release goes: an address on the command line, or a section of ``.pypirc``."""

from __future__ import annotations

import configparser
import contextlib
import os
import urllib.parse
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from alloconda.errors import AllocondaError

if TYPE_CHECKING:
    from alloconda.publish.hiding import Secrets
    from alloconda.publish.wishes import Wishes

_PYPI_HOSTS = ("upload.pypi.org", "test.pypi.org")


@dataclass(frozen=True)
class Destination:
    """An index that takes uploads."""

    address: str
    """Without a login."""
    config: dict[str, str | None] = field(repr=False)
    """As twine has it: the login and the certificates that go with the address."""

    @property
    def host(self) -> str:
        """What to call it in sentences."""
        return urllib.parse.urlsplit(self.address).netloc

    @property
    def is_pypi(self) -> bool:
        """Whether it is PyPI or its test instance, whose rules are known."""
        return self.host in _PYPI_HOSTS


def require_twine() -> None:
    """Check that the uploader is installed.

    Raises:
        AllocondaError: it is not.
    """
    import importlib.util

    if importlib.util.find_spec("twine") is None:
        raise AllocondaError("Uploads need twine, and it is not installed: pip install 'alloconda[publish]'.")


def find_destination(wishes: Wishes, secrets: Secrets) -> Destination:
    """Find where to upload to.

    Args:
        wishes: what the user asked for.
        secrets: takes in the passwords that are found.

    Raises:
        AllocondaError: the address or the configuration file cannot be used.
    """
    from twine import exceptions, utils

    if wishes.repository_url:
        secrets.add_address(wishes.repository_url)
        _check(wishes.repository_url, "--repository-url")
    try:
        config = utils.get_repository_from_config(wishes.config_file, wishes.repository, wishes.repository_url)
    except configparser.Error:
        # It quotes the line that it cannot read, which may be the password.
        raise AllocondaError(f"{wishes.config_file} cannot be read: it is not in the form of an INI file.") from None
    except (exceptions.TwineException, KeyError, ValueError) as error:
        reason = "its section has no 'repository'" if isinstance(error, KeyError) else _first_line(error)
        raise AllocondaError(
            f"'{wishes.repository}' is not a repository that {wishes.config_file} describes ({reason}): add a section "
            f"with its address there, or give --repository-url."
        ) from None
    secrets.add(config.get("password"), config.get("username"))
    address = config["repository"] or ""
    # An address in the file may carry a login too; twine takes it out of those on the command line only.
    secrets.add_address(address)
    parts = _check(address, wishes.config_file)
    if parts.username:
        config["username"] = config.get("username") or urllib.parse.unquote(parts.username)
        config["password"] = config.get("password") or urllib.parse.unquote(parts.password or "")
        address = urllib.parse.urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
    for key in ("username", "password"):
        if config.get(key) and wishes.repository_url:
            config[key] = urllib.parse.unquote(config[key] or "")
    for file in (wishes.certificates, config.get("ca_cert"), config.get("client_cert")):
        if file and not Path(file).is_file():
            raise AllocondaError(f"The certificates in {file} cannot be used: there is no such file.")
    if authorities := wishes.certificates or config.get("ca_cert"):
        # Where requests looks first, whatever it is told otherwise; so do twine's own requests for a token.
        os.environ["REQUESTS_CA_BUNDLE"] = authorities
    return Destination(address, {**config, "repository": address})


def _check(address: str, where: str) -> urllib.parse.SplitResult:
    """Take an address apart; errors do not repeat it, since what is wrong may be the password in it."""
    with contextlib.suppress(ValueError):
        parts = urllib.parse.urlsplit(address)
        if parts.scheme in ("http", "https") and parts.hostname and parts.port != 0:
            return parts
    raise AllocondaError(
        f"The address of the repository in {where} cannot be used: it must read like https://host/path; letters such "
        "as '@', '/' and ':' in a password are written as %40, %2F and %3A."
    )


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0].rstrip(". ")
