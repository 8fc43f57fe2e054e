"""The patterns that users write into ``[tool.alloconda]``: as in a .gitignore, the last one that matches decides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from alloconda.errors import AllocondaError

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


class Patterns:
    """The patterns of one key."""

    def __init__(self, key: str, patterns: tuple[str, ...] | None) -> None:
        """Read the patterns.

        Raises:
            AllocondaError: one is not valid.
        """
        self._key = key
        self._patterns = [_Pattern.read(key, pattern) for pattern in patterns or ()]
        self._used: set[str] = set()

    def __bool__(self) -> bool:
        return bool(self._patterns)

    def match(self, *paths: str) -> bool:
        """Tell whether a file that has all these paths, each from another folder, is meant."""
        matched = False
        for pattern in self._patterns:
            if any(pattern.specification.match_file(path) for path in paths):
                matched = not pattern.negated
                self._used.add(pattern.text)
        return matched

    def check_all_used(self, whose: str) -> None:
        """Refuse a pattern that has matched nothing.

        Args:
            whose: what has been matched, and what to do: the end of a sentence that begins with "no file of".
        """
        for pattern in self._patterns:
            if not (pattern.negated or pattern.text.startswith("#") or pattern.text in self._used):
                raise AllocondaError(f"'{self._key}' in [tool.alloconda] has '{pattern.text}', and no file of {whose}.")


@dataclass(frozen=True)
class _Pattern:
    text: str
    negated: bool
    specification: GitIgnoreSpec

    @classmethod
    def read(cls, key: str, text: str) -> _Pattern:
        from pathspec import GitIgnoreSpec

        try:
            specification = GitIgnoreSpec.from_lines([text.removeprefix("!")])
        except ValueError as error:
            raise AllocondaError(
                f"'{key}' in [tool.alloconda] has '{text}', which is no pattern of a .gitignore: {error}."
            ) from None
        return cls(text, text.startswith("!"), specification)
