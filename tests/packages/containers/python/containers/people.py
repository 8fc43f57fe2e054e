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


@dataclass
class Strict(Person):
    """A person with a name."""

    def __post_init__(self) -> None:
        """Refuse an empty name."""
        if not self.name:
            raise ValueError("no name")
