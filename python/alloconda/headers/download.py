"""Downloads: with retries, going on where an interrupted one has stopped, and checked before anybody reads them."""

from __future__ import annotations

import contextlib
import hashlib
import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

import urllib3

from alloconda.errors import AllocondaError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_Result = TypeVar("_Result")
_CHUNK = 1 << 16
_OK, _PARTIAL, _RANGE_NOT_SATISFIABLE, _TOO_MANY = 200, 206, 416, 429
_NOT_THERE = (404, 410)
_SERVER_ERRORS = range(500, 600)
_INDEX_SIZE_MAX = 16 << 20
_ARCHIVE_SIZE_MAX = 1 << 30


class Meter(Protocol):
    """Shows how far a download is."""

    def at(self, name: str, done: int, total: int | None) -> None:
        """Take the state of one download, in bytes."""

    def said(self, sentence: str) -> None:
        """Take something that the user may want to know."""


@dataclass(frozen=True)
class Patience:
    """How long to wait for a server, in seconds, and how often to ask again."""

    connect: float = 10
    read: float = 30
    attempts: int = 5
    pause: float = 0.5
    """Before the second attempt; it doubles each time."""


class _TryAgainError(Exception):
    """An attempt has failed in a way that may pass. The text is the reason."""


class NotThereError(AllocondaError):
    """A server has no such file."""


@dataclass(frozen=True)
class Downloader:
    """Gets files from servers."""

    meter: Meter
    patience: Patience = Patience()

    def text(self, url: str) -> str:
        """Get a small text file.

        Raises:
            NotThereError: the server has none.
            AllocondaError: it cannot be had.
        """

        def attempt() -> str:
            with self._opened(url, {}) as response:
                _check_status(response, url)
                data = b""
                for chunk in response.stream(_CHUNK):
                    data += chunk
                    if len(data) > _INDEX_SIZE_MAX:
                        raise AllocondaError(f"{url} is larger than any index: it is not what it should be.")
                return data.decode("utf-8", "replace")

        return self._persist(url, attempt)

    def file(self, url: str, path: Path, sha256: str) -> None:
        """Get a file, and check its bytes. What an earlier attempt has left in ``path`` is not asked for again.

        Args:
            url: the address.
            path: where it goes; its folder must exist. The file is removed when its bytes are wrong.
            sha256: what its bytes must be, in hexadecimal digits.

        Raises:
            AllocondaError: it cannot be had, or its bytes are wrong.
        """
        went_on = path.exists() and path.stat().st_size > 0
        self._persist(url, lambda: self._get_rest(url, path))
        if _sha256(path) != sha256 and went_on:
            # The beginning may be that of another file.
            path.unlink()
            self._persist(url, lambda: self._get_rest(url, path))
        found = _sha256(path)
        if found != sha256:
            path.unlink()
            raise AllocondaError(
                f"{url} has the SHA-256 {found}, and must have {sha256}: it is damaged or not what was locked. Try "
                "again, or use another mirror."
            )

    def _get_rest(self, url: str, path: Path) -> None:
        """Make one attempt to complete a file."""
        have = path.stat().st_size if path.exists() else 0
        with self._opened(url, {"Range": f"bytes={have}-"} if have else {}) as response:
            if response.status == _RANGE_NOT_SATISFIABLE:
                # Nothing is missing, or the file is another: the checksum tells, and then it starts again.
                return
            _check_status(response, url)
            if response.status == _OK:
                have = 0
            length = response.headers.get("Content-Length", "")
            total = have + int(length) if length.isdigit() else None
            with path.open("r+b" if have else "wb") as file:
                file.seek(have)
                for chunk in response.stream(_CHUNK, decode_content=False):
                    file.write(chunk)
                    have += len(chunk)
                    if have > _ARCHIVE_SIZE_MAX:
                        raise AllocondaError(f"{url} is larger than 1 GiB: it is not what it should be.")
                    self.meter.at(path.name, have, total)

    @contextlib.contextmanager
    def _opened(self, url: str, headers: dict[str, str]) -> Iterator[urllib3.BaseHTTPResponse]:
        """Send a request. Redirections are followed, and errors of the network are told apart."""
        timeout = urllib3.Timeout(connect=self.patience.connect, read=self.patience.read)
        # Compressed once more, a file could not be continued.
        headers = {"User-Agent": "alloconda", "Accept-Encoding": "identity", **headers}
        try:
            with _pool(url) as pool:
                retries = urllib3.Retry(total=None, connect=0, read=0, redirect=10, status=0, other=0)
                response = pool.request(
                    "GET", url, headers=headers, timeout=timeout, retries=retries, preload_content=False
                )
                try:
                    yield response
                finally:
                    response.close()
        except urllib3.exceptions.LocationValueError as error:
            raise AllocondaError(f"'{url}' is not an address: {error}.") from None
        except urllib3.exceptions.SSLError as error:
            raise AllocondaError(f"{url} cannot be read: {error}.") from None
        except urllib3.exceptions.HTTPError as error:
            reason = getattr(error, "reason", None) or error
            raise _TryAgainError(_short(reason)) from None

    def _persist(self, url: str, attempt: Callable[[], _Result]) -> _Result:
        """Make attempts until one succeeds."""
        reason = ""
        for number in range(1, self.patience.attempts + 1):
            try:
                return attempt()
            except _TryAgainError as error:
                reason = str(error)
            if number < self.patience.attempts:
                pause = self.patience.pause * 2 ** (number - 1)
                self.meter.said(f"{url}: {reason}; trying again")
                time.sleep(pause)
        raise AllocondaError(
            f"{url} cannot be read ({reason}, {self.patience.attempts} attempts): check the network, or name a mirror "
            "with --mirror or ALLOCONDA_PYTHON_MIRROR."
        )


def _pool(url: str) -> urllib3.PoolManager:
    """Make a pool of connections that goes through the proxy of the environment, if there is one."""
    import urllib.parse
    import urllib.request

    parts = urllib.parse.urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise AllocondaError(f"'{url}' is not an address: it must start with https:// and name a server.")
    proxy = urllib.request.getproxies().get(parts.scheme)
    if proxy and not urllib.request.proxy_bypass(parts.hostname):
        return urllib3.ProxyManager(proxy)
    return urllib3.PoolManager()


def _check_status(response: urllib3.BaseHTTPResponse, url: str) -> None:
    status = response.status
    if status in (_OK, _PARTIAL):
        return
    if status in _SERVER_ERRORS or status == _TOO_MANY:
        raise _TryAgainError(f"the server says {status}")
    kind = NotThereError if status in _NOT_THERE else AllocondaError
    raise kind(f"{url} cannot be read: the server says {status} {response.reason or ''}".rstrip() + ".")


def _short(reason: object) -> str:
    """Shorten the words of an error of the network: without the object that they begin with."""
    return re.sub(r"^(<[^>]*>|\w+\(host=[^)]*\)): ", "", str(reason)).rstrip(".")


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()
