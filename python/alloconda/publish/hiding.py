"""Keeps passwords and tokens out of everything that is shown."""

from __future__ import annotations

import base64
import logging
import os
import urllib.parse
from dataclasses import dataclass, field

from alloconda import messages

_PROXY_VARIABLES = ("http_proxy", "https_proxy", "all_proxy")


@dataclass(repr=False)
class Secrets:
    """All that must not be shown, in each form in which it can turn up."""

    texts: set[str] = field(default_factory=set)

    @classmethod
    def of_environment(cls) -> Secrets:
        """Begin with the logins of proxies, which errors of the network may quote."""
        secrets = cls()
        for name in _PROXY_VARIABLES:
            for address in (os.environ.get(name), os.environ.get(name.upper())):
                secrets.add_address(address or "")
        return secrets

    def add(self, secret: str | None, username: str | None = None) -> None:
        """Take in a password or a token.

        Args:
            secret: the text; nothing happens without one.
            username: whom it belongs to: a server may send back the header that both are in.
        """
        if not secret:
            return
        header = base64.b64encode(f"{username or ''}:{secret}".encode()).decode()
        self.texts |= {secret, urllib.parse.quote(secret), urllib.parse.quote(secret, safe=""), header}

    def add_address(self, address: str) -> None:
        """Take in the password of an address, if it has one."""
        userinfo, at, _ = address.partition("://")[2].rpartition("@")
        if at:
            # Taken apart by hand: an address that the standard library refuses has a secret all the same.
            username, _, password = userinfo.partition(":")
            secret = password or username
            self.add(secret, username)
            self.add(urllib.parse.unquote(secret), urllib.parse.unquote(username))

    def hide(self, text: str) -> str:
        """Put asterisks in the place of every secret."""
        for secret in sorted(self.texts, key=len, reverse=True):
            text = text.replace(secret, "********")
        return text


class HidingHandler(logging.Handler):
    """Shows what a library logs: warnings, and with ``--verbose`` more, without tracebacks and secrets."""

    def __init__(self, secrets: Secrets) -> None:
        super().__init__()
        self._secrets = secrets

    def emit(self, record: logging.LogRecord) -> None:
        """Show a record."""
        show = messages.note if record.levelno >= logging.WARNING else messages.detail
        reason = record.exc_info[1] if record.exc_info else None
        text = f"{record.getMessage()} ({reason})" if reason else record.getMessage()
        show(f"{record.name.partition('.')[0]}: {clean(self._secrets.hide(text))}")


def clean(text: str) -> str:
    """Take out of a stranger's text what could move the cursor of a terminal, and put it on one line."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())
