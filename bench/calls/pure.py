"""The functions that the benchmark calls, in Python."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def noop() -> None:
    """Do nothing."""


def add_ints(a: int, b: int) -> int:
    """Add two ints."""
    return a + b


def add_floats(a: float, b: float) -> float:
    """Add two floats."""
    return a + b


def echo(text: str) -> str:
    """Return the argument."""
    return text


def keywords(a: int, b: int | None = None, c: int | None = None) -> int:
    """Add up to three ints."""
    return a + (b or 0) + (c or 0)


def sum_ints(values: list[int]) -> int:
    """Add up a list of ints."""
    return sum(values)


sum_list = sum_ints


def halves(count: int) -> list[float]:
    """Return 0.0, 0.5, 1.0 and so on."""
    return [i / 2 for i in range(count)]


def scale(pair: tuple[int, float]) -> float:
    """Multiply the two."""
    whole, factor = pair
    return whole * factor


def sum_values(values: dict[str, int]) -> int:
    """Add up the values of a dict."""
    return sum(values.values())


def sum_buffer(values: Iterable[float]) -> float:
    """Add up a buffer of floats."""
    return sum(values)


class Point:
    """A point with slots."""

    __slots__ = ("x", "y")

    def __init__(self, x: float, y: float) -> None:
        self.x = x
        self.y = y

    def norm(self) -> float:
        """Return the distance to the origin."""
        return math.sqrt(self.x * self.x + self.y * self.y)

    def scaled(self, factor: float) -> Point:
        """Return a new point."""
        return Point(self.x * factor, self.y * factor)

    def __add__(self, other: object) -> Point:
        if not isinstance(other, Point):
            return NotImplemented
        return Point(self.x + other.x, self.y + other.y)


class Countdown:
    """An iterator."""

    __slots__ = ("left",)

    def __init__(self, left: int) -> None:
        self.left = left

    def __iter__(self) -> Countdown:
        return self

    def __next__(self) -> float:
        if self.left == 0:
            raise StopIteration
        self.left -= 1
        return float(self.left)
