"""A map from intervals to objects, asked by point or by interval."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intervals import _native
from intervals._native import Interval

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Interval", "IntervalMap"]


class IntervalMap(_native.IntervalMap):
    """A map from intervals to objects that can be made from intervals, copied and pickled.

    The data structure is in Zig; what is short in Python stays there.
    """

    __slots__ = ()

    def __init__(self, intervals: Iterable[Interval] = ()) -> None:
        """Add all `intervals`."""
        super().__init__()
        for interval in intervals:
            self.add(interval.start, interval.stop, interval.value)

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle the list of intervals."""
        return type(self), (list(self),)

    def __repr__(self) -> str:
        """Show all intervals."""
        return f"{type(self).__name__}({list(self)!r})"
