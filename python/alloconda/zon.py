"""Reads ZON, Zig's object notation: the language of ``build.zig.zon``.

The grammar is that of Zig's own ``std.zig.ZonGen``: anonymous struct and tuple literals, strings, numbers, characters,
enum literals and a few names. Nothing is evaluated.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from alloconda.errors import AllocondaError

if TYPE_CHECKING:
    from pathlib import Path

_TOKEN = re.compile(
    r"""
    (?P<space>\s+|//[^\n]*)
    |(?P<lines>(?:\\\\[^\n]*(?:\n\s*(?://[^\n]*\n\s*)*(?=\\\\))?)+)
    |(?P<text>"(?:[^"\\\n]|\\.)*")
    |(?P<character>'(?:[^'\\\n]|\\.)+')
    |(?P<number>-?\d[\w.]*(?:(?<=[eEpP])[+-]\w+)?)
    |(?P<name>@"(?:[^"\\\n]|\\.)*"|[A-Za-z_]\w*)
    |(?P<sign>\.\{|[{}=,.&-])
    """,
    re.VERBOSE,
)
_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u\{([0-9a-fA-F]{1,6})\}|(.))")
_SIMPLE = {"n": "\n", "r": "\r", "t": "\t", "\\": "\\", "'": "'", '"': '"'}
_WORDS = {"true": True, "false": False, "null": None, "undefined": None, "inf": float("inf"), "nan": float("nan")}
_DEPTH_MAX = 100


def read_zon(path: Path) -> dict[str, Any]:
    """Read a file that holds one struct, as ``build.zig.zon`` does.

    Returns:
        The fields by name; a struct is a dict, a tuple a list, an enum literal its name.

    Raises:
        AllocondaError: the file cannot be read, or is not such a file.
    """
    try:
        value = parse_zon(path.read_bytes().decode())
    except OSError as error:
        raise AllocondaError(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise AllocondaError(f"{path} is not UTF-8 (byte {error.start}): Zig's files must be.") from None
    except ZonError as error:
        raise AllocondaError(f"{path} is not valid: line {error.line}: {error.reason}.") from None
    if not isinstance(value, dict):
        raise AllocondaError(f"{path} is not valid: it must be one struct, .{{ .name = ... }}.")
    return value


class ZonError(Exception):
    """The text is not ZON."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(f"line {line}: {reason}")
        self.line = line
        self.reason = reason


def parse_zon(text: str) -> Any:  # noqa: ANN401 - what the text says
    """Parse a text.

    Raises:
        ZonError: it is not ZON.
    """
    parser = _Parser(text, list(_tokens(text)))
    value = parser.value()
    parser.expect("end")
    return value


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    start: int


def _tokens(text: str) -> list[_Token]:
    tokens = []
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise ZonError(_line(text, position), f"'{text[position]}' is not expected here")
        if match.lastgroup != "space":
            tokens.append(_Token(str(match.lastgroup), match[0], position))
        position = match.end()
    return [*tokens, _Token("end", "the end", len(text))]


def _line(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


class _Parser:
    def __init__(self, text: str, tokens: list[_Token]) -> None:
        self._text = text
        self._tokens = tokens
        self._next = 0
        self._depth = 0

    def value(self) -> Any:  # noqa: ANN401 - what the text says
        token = self._take()
        if token.text == ".{":
            return self._container(token)
        if token.text == ".":
            return _name(self._expect_kind("name").text)
        if token.text == "-":
            return _negative(self.value())
        if token.kind == "name" and token.text in _WORDS:
            return _WORDS[token.text]
        if token.kind == "text":
            return self._unescaped(token)
        if token.kind == "lines":
            return "\n".join(line.strip()[2:] for line in token.text.split("\n") if line.strip().startswith("\\\\"))
        if token.kind == "character":
            return ord(self._unescaped(token))
        if token.kind == "number":
            return self._number(token)
        raise self._error(token)

    def expect(self, kind: str) -> None:
        """Take a token of this kind, or of this text."""
        token = self._take()
        if kind not in (token.kind, token.text):
            raise self._error(token)

    def _container(self, opening: _Token) -> dict[str, Any] | list[Any]:
        self._depth += 1
        if self._depth > _DEPTH_MAX:
            raise ZonError(_line(self._text, opening.start), "it is nested too deeply")
        fields: dict[str, Any] = {}
        items: list[Any] = []
        while self._peek().text != "}":
            token = self._peek()
            if self._peek().text == "." and self._peek(2).text == "=":
                self._take()
                name = _name(self._expect_kind("name").text)
                self.expect("=")
                if name in fields:
                    raise ZonError(_line(self._text, token.start), f"the field '{name}' is given twice")
                fields[name] = self.value()
            else:
                items.append(self.value())
            if fields and items:
                raise ZonError(_line(self._text, token.start), "fields with and without names cannot be mixed")
            if self._peek().text != "}":
                self.expect(",")
        self._take()
        self._depth -= 1
        return fields if fields or not items else items

    def _number(self, token: _Token) -> int | float:
        text = token.text.replace("_", "").lower()
        try:
            if "0x" in text:
                return float.fromhex(text) if any(sign in text for sign in ".p") else int(text, 16)
            return float(text) if any(sign in text for sign in ".e") else int(text, 0)
        except ValueError:
            raise ZonError(_line(self._text, token.start), f"'{token.text}' is not a number") from None

    def _unescaped(self, token: _Token) -> str:
        def replaced(match: re.Match[str]) -> str:
            if match[1] or match[2]:
                point = int(match[1] or match[2], 16)
                if point <= 0x10FFFF:  # noqa: PLR2004 - the end of Unicode
                    return chr(point)
            elif match[3] in _SIMPLE:
                return _SIMPLE[match[3]]
            raise ZonError(_line(self._text, token.start), f"'{match[0]}' is no escape")

        text = _ESCAPE.sub(replaced, token.text[1:-1])
        if token.kind == "character" and len(text) != 1:
            raise ZonError(_line(self._text, token.start), f"{token.text} is not one character")
        return text

    def _peek(self, ahead: int = 0) -> _Token:
        return self._tokens[min(self._next + ahead, len(self._tokens) - 1)]

    def _take(self) -> _Token:
        token = self._peek()
        self._next += 1
        return token

    def _expect_kind(self, kind: str) -> _Token:
        token = self._take()
        if token.kind != kind:
            raise self._error(token)
        return token

    def _error(self, token: _Token) -> ZonError:
        shown = token.text if token.kind == "end" else f"'{token.text}'"
        return ZonError(_line(self._text, token.start), f"{shown} is not expected here")


def _name(text: str) -> str:
    return text[2:-1] if text.startswith("@") else text


def _negative(value: object) -> int | float:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return -value
    raise ZonError(0, "'-' stands before something that is not a number")
