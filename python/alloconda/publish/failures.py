"""What can go wrong between us and an index, as sentences."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

import requests

from alloconda.publish.hiding import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

_WORDS_MAX = 300
"""Characters of a server's own words that are shown."""
_SERVER_FAILURE = 500
_TAG = re.compile(r"<(script|style|head)\b.*?</\1>|<[^>]*>", re.DOTALL | re.IGNORECASE)

_BROKEN = {
    "SSLError": "{host} cannot be trusted: the TLS connection failed ({why}). For an index with certificates of its "
    "own, name the file of its certificate authority with --cert.",
    "ProxyError": "The proxy before {host} does not let us through ({why}): check HTTPS_PROXY.",
    "ConnectTimeout": "{host} does not answer: check the address and the network.",
    "Timeout": "{host} did not answer in time: look there whether the file has arrived, and go on with "
    "--skip-existing.",
    "NameResolutionError": "The name {host} cannot be resolved: check the address and the network.",
    "NewConnectionError": "{host} cannot be reached ({why}): check the address and the network.",
    "JSONDecodeError": "{host} does not answer in JSON: it may not be an index with trusted publishing.",
}
"""What stands in the pile of exceptions, the first that fits counts, and what it means."""


def exists_already(response: requests.Response) -> bool:
    """Tell whether an upload is refused because the index has a file of that name: PyPI says 400, others 409."""
    if response.status_code == requests.codes.conflict:
        return True
    return response.status_code == requests.codes.bad_request and "already exist" in _words(response).lower()


def failure_of_response(response: requests.Response, file: str, host: str) -> str:
    """Put into words why an index did not take a file.

    Args:
        response: its answer, with any status but 200.
        file: the name of the file.
        host: what the index is called.
    """
    status = response.status_code
    answer = f"{host} answers {status}"
    words = _words(response)
    said = f"{answer} ({words})" if words else answer
    if exists_already(response):
        return (
            f"{said}: it has {file} already. A file that was published cannot be replaced: raise the version, or leave "
            "out what is there with --skip-existing."
        )
    if response.is_redirect or response.is_permanent_redirect:
        return f"{answer}: uploads go to another address. Give that one with --repository-url."
    advice = {
        400: f"It refuses {file}.",
        401: "It does not know the user name and the password, or the token.",
        403: "It does not accept the token or the password, or it does not let this user upload to the project.",
        404: "The address is not one for uploads: check --repository-url.",
        405: "The address is not one for uploads: check --repository-url.",
        410: "The address is not one for uploads any more: check --repository-url.",
        413: f"{file} is too large for it.",
        429: "That was too much in too short a time: wait, and go on with --skip-existing.",
    }
    if status in advice:
        return f"{said}. {advice[status]}"
    if status >= _SERVER_FAILURE:
        return f"{said}. The failure is the index's own: try again later, with --skip-existing."
    return f"{said}. It did not take {file}."


def failure_of_connection(error: requests.RequestException, host: str) -> str:
    """Put into words why an index cannot be reached, or stopped listening.

    Args:
        error: what requests raised.
        host: what the index is called.
    """
    why = _why(error)
    if isinstance(error, requests.exceptions.HTTPError) and error.response is not None:
        return f"{host} answers {error.response.status_code} ({clean(error.response.reason or '')})."
    words = " ".join(f"{type(cause).__name__} {cause}" for cause in _causes(error))
    for sign, sentence in _BROKEN.items():
        if sign in words:
            return sentence.format(host=host, why=why)
    return f"The connection to {host} broke ({why}): go on with --skip-existing."


def _why(error: BaseException) -> str:
    """Find the words of the system, which are at the bottom of a pile of exceptions."""
    for cause in reversed(list(_causes(error))):
        if isinstance(cause, OSError) and cause.strerror:
            return clean(cause.strerror)
    innermost = list(_causes(error))[-1]
    return clean(str(innermost) or type(innermost).__name__)[:_WORDS_MAX]


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Walk down to what started it. urllib3 hands causes on as arguments as well."""
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield current
        inner = [argument for argument in (*current.args, getattr(current, "reason", None)) if _is_error(argument)]
        current = inner[0] if inner else current.__cause__ or current.__context__


def _is_error(value: object) -> bool:
    return isinstance(value, BaseException)


def _words(response: requests.Response) -> str:
    """Read what a server says about a refusal: in the status line (PyPI), or in a body of text or HTML."""
    body = response.text if len(response.content) <= 1 << 20 else ""
    text = clean(html.unescape(_TAG.sub(" ", body)))
    reason = clean(response.reason or "")
    if reason and reason.lower() not in text.lower():
        text = f"{reason}: {text}" if text else reason
    return text[:_WORDS_MAX].rstrip(". ")
