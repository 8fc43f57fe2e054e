"""The files of a distribution, before they are written: each with where it comes from, no two on one path."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING

from alloconda.errors import AllocondaError
from alloconda.manifest import is_safe_path

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True)
class Entry:
    """A file to be written."""

    content: bytes | Path
    executable: bool
    origin: str
    """Where the file comes from, for errors."""

    def read(self) -> bytes:
        """Return the file's bytes.

        Raises:
            AllocondaError: the file cannot be read.
        """
        if isinstance(self.content, bytes):
            return self.content
        try:
            return self.content.read_bytes()
        except OSError as error:
            raise AllocondaError(f"{self.content} cannot be read: {error.strerror}.") from error


class Entries:
    """Collects files."""

    def __init__(self, kind: str) -> None:
        """Begin.

        Args:
            kind: what the files are for, for errors: "wheel" or "source distribution".
        """
        self._kind = kind
        self._entries: dict[str, Entry] = {}
        self._paths_by_folded: dict[str, str] = {}

    def add(self, path: str, content: bytes | Path, *, origin: str, executable: bool = False) -> None:
        """Take a file in.

        Args:
            path: where it goes, with ``/``.
            content: its bytes, or the file that has them.
            origin: where it comes from, for errors.
            executable: whether it gets mode 0755 and not 0644.

        Raises:
            AllocondaError: the path cannot stand in a distribution, or another file has it.
        """
        if not is_safe_path(path):
            raise AllocondaError(
                f"{origin} cannot go into a {self._kind} as {path!r}: a file name must be UTF-8, with no control "
                "characters and none of '\\' and ':'."
            )
        folded = _folded(path)
        if other := self._paths_by_folded.get(folded):
            spelling = "" if other == path else f", spelt {other} there (some file systems see no difference)"
            raise AllocondaError(
                f"{path} would be in the {self._kind} twice: from {origin} and from "
                f"{self._entries[other].origin}{spelling}."
            )
        self._paths_by_folded[folded] = path
        self._entries[path] = Entry(content, executable, origin)

    def replace(self, path: str, content: bytes) -> None:
        """Give a file that has been taken in another content."""
        self._entries[path] = dataclasses.replace(self._entries[path], content=content)

    def __contains__(self, path: str) -> bool:
        return path in self._entries

    def __getitem__(self, path: str) -> Entry:
        return self._entries[path]

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def check_folders(self) -> None:
        """Refuse a file that has the path of another file's folder.

        Raises:
            AllocondaError: there is one.
        """
        for path in self._entries:
            folded = _folded(path)
            for end, character in enumerate(folded):
                if character == "/" and (file := self._paths_by_folded.get(folded[:end])):
                    raise AllocondaError(
                        f"{file} (from {self._entries[file].origin}) would be both a file and the folder of {path} in "
                        f"the {self._kind}."
                    )


def _folded(path: str) -> str:
    """Return what file systems compare that take no notice of case and of how accents are written."""
    if path.isascii():
        return path.lower()
    import unicodedata

    return unicodedata.normalize("NFC", path).casefold()
