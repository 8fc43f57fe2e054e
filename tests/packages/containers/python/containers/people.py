"""Classes that Zig knows by their names."""

from dataclasses import dataclass, field
from typing import NamedTuple


@dataclass
class Person:
    """A person."""

    name: str
    age: int = 18
    tags: list[str] = field(default_factory=list)


class Pair(NamedTuple):
    """Two numbers."""

    first: int
    second: float
