"""ZON, the notation of ``build.zig.zon``: read into plain values, with the place of each string to write over it.

The grammar is that of Zig's language reference; all of it is read that stands in the manifests of packages.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from alloconda.errors import AllocondaError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

FILE_NAME = "build.zig.zon"

Value = str | bool | None | list["Value"] | dict[str, "Value"]
"""A struct is a dict, a tuple a list; numbers and enum literals are their own text."""
Place = tuple[str | int, ...]
"""The keys and indices that lead to a value."""

_TOKEN = re.compile(
    r"""
    (?P<blank>\s+|//[^\n]*)
    |(?P<line>\\\\[^\n]*)
    |(?P<text>"(?:[^"\\\n]|\\.)*")
    |(?P<open>\.\s*\{)
    |(?P<name>\.\s*(?:[A-Za-z_]\w*|@"(?:[^"\\\n]|\\.)*"))
    |(?P<word>[A-Za-z_]\w*|-?[0-9][\w.+-]*|'(?:[^'\\\n]|\\.)+')
    |(?P<mark>[{}=,])
    """,
    re.VERBOSE,
)
_ESCAPE = re.compile(rb"\\(?:x([0-9A-Fa-f]{2})|u\{([0-9A-Fa-f]{1,6})\}|(.))", re.DOTALL)
_SINGLE = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"\\": b"\\", b"'": b"'", b'"': b'"'}
_WORDS: dict[str, Value] = {"true": True, "false": False, "null": None}


@dataclass(frozen=True)
class Document:
    """A file in ZON."""

    text: str
    value: Value
    strings: Mapping[Place, tuple[int, int]]
    """Where the literal of each one-line string stands in the text: start, end."""

    def table(self, *keys: str) -> dict[str, Value]:
        """Return the struct that keys lead to; an empty one when there is none."""
        value = self.value
        for key in keys:
            value = value.get(key) if isinstance(value, dict) else None
        return value if isinstance(value, dict) else {}

    def with_strings(self, strings: Mapping[Place, str]) -> str:
        """Return the text with other values for some of its strings, and else as it is."""
        text = self.text
        for place in sorted(strings, key=lambda place: self.strings[place], reverse=True):
            start, end = self.strings[place]
            text = text[:start] + quoted(strings[place]) + text[end:]
        return text


def read(path: Path) -> Document:
    """Read a file.

    Raises:
        AllocondaError: the file cannot be read, or is not ZON.
    """
    try:
        return parse(path.read_bytes().decode())
    except OSError as error:
        raise AllocondaError(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise AllocondaError(f"{path} is not UTF-8 (byte {error.start}): Zig's files must be.") from None
    except _NotZonError as error:
        raise AllocondaError(f"{path} is not valid ZON: {error}.") from None
    except RecursionError:
        raise AllocondaError(f"{path} is not valid ZON: it is nested too deep.") from None


def parse(text: str) -> Document:
    """Read a text.

    Raises:
        ValueError: the text is not ZON; the message says where.
    """
    parser = _Parser(text)
    value = parser.value(())
    parser.expect_end()
    return Document(text, value, parser.strings)


def quoted(text: str) -> str:
    """Spell a string as a literal of Zig."""
    escaped = "".join(f"\\x{ord(char):02x}" if char < " " or char == "\x7f" else char for char in _escaped(text))
    return f'"{escaped}"'


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


class _NotZonError(ValueError):
    """A text that is not ZON."""


class _Token(NamedTuple):
    kind: str
    text: str
    start: int
    end: int


@dataclass
class _Parser:
    text: str
    strings: dict[Place, tuple[int, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._tokens = self._read_tokens()
        self._next = next(self._tokens)

    def value(self, place: Place) -> Value:
        token = self._take()
        if token.kind == "open":
            return self._members(place)
        if token.kind == "text":
            self.strings[place] = (token.start, token.end)
            return _unquoted(token.text)
        if token.kind == "line":
            lines = [token.text[2:]]
            while self._next.kind == "line":
                lines.append(self._take().text[2:])
            return "\n".join(lines)
        if token.kind == "name":
            return _name(token.text)
        if token.kind == "word":
            return _WORDS.get(token.text, token.text)
        raise self._error("a value is expected", token)

    def expect_end(self) -> None:
        if self._next.kind != "end":
            raise self._error("the end is expected", self._next)

    def _members(self, place: Place) -> Value:
        """Read a struct or a tuple behind its opening brace."""
        table: dict[str, Value] = {}
        items: list[Value] = []
        while not self._takes("}"):
            name = _name(self._next.text) if self._next.kind == "name" else None
            value = self.value((*place, len(items)))
            if name is not None and self._takes("="):
                if name in table:
                    raise self._error(f"'{name}' is there twice", self._next)
                table[name] = self.value((*place, name))
            else:
                items.append(value)
            if not self._takes(",") and self._next.text != "}":
                raise self._error("',' or '}' is expected", self._next)
        if table and items:
            raise self._error("a struct has fields with names only", self._next)
        return items or table

    def _takes(self, mark: str) -> bool:
        if self._next.kind == "mark" and self._next.text == mark:
            self._take()
            return True
        return False

    def _take(self) -> _Token:
        token = self._next
        if token.kind == "end":
            raise self._error("it ends too early", token)
        self._next = next(self._tokens)
        return token

    def _read_tokens(self) -> Iterator[_Token]:
        position = 0
        while position < len(self.text):
            match = _TOKEN.match(self.text, position)
            if match is None:
                raise self._error(
                    f"{self.text[position]!r} is not expected", _Token("mark", "", position, position + 1)
                )
            position = match.end()
            if match.lastgroup not in (None, "blank"):
                yield _Token(str(match.lastgroup), match[0], match.start(), match.end())
        yield _Token("end", "", position, position)

    def _error(self, sentence: str, token: _Token) -> _NotZonError:
        line = self.text.count("\n", 0, token.start) + 1
        return _NotZonError(f"{sentence} in line {line}")


def _name(text: str) -> str:
    bare = text[1:].lstrip()
    return _unquoted(bare[1:]) if bare.startswith("@") else bare


def _unquoted(literal: str) -> str:
    def character(match: re.Match[bytes]) -> bytes:
        if match[1]:
            return bytes([int(match[1], 16)])
        if match[2]:
            return chr(min(int(match[2], 16), 0x10FFFF)).encode(errors="replace")
        return _SINGLE.get(match[3], match[0])

    return _ESCAPE.sub(character, literal[1:-1].encode(errors="replace")).decode(errors="replace")
