"""What the user says about where a release goes and who uploads it."""

from __future__ import annotations

from dataclasses import dataclass, field

CONNECT_SECONDS = 30
ANSWER_SECONDS = 300
"""PyPI reads a large wheel whole before it answers."""


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """The options of ``publish`` beside the files."""

    repository: str = "pypi"
    """A section of the configuration file; "pypi" and "testpypi" need none."""
    repository_url: str | None = field(default=None, repr=False)
    """Where to upload to, in place of ``repository``; may carry a login."""
    config_file: str = "~/.pypirc"
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    trusted_publishing: str = "auto"
    """"auto" (with PyPI, when there is no password), "always" or "never"."""
    certificates: str | None = None
    """The file of certificate authorities to trust."""
    skip_existing: bool = False
    strict: bool = True
    """Whether what ``twine check`` warns of is wrong."""
    zig: str | None = None
    timeouts_seconds: tuple[float, float] = (CONNECT_SECONDS, ANSWER_SECONDS)
    """To connect, and to answer."""
