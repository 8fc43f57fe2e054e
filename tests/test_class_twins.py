"""Classes of `packages/classes` beside classes that do the same in Python: Hypothesis looks for a difference."""

from __future__ import annotations

import copy
import dataclasses
import importlib
import pickle
import sys
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from workbench import ROOT, Workbench, Zig

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType


@pytest.fixture(scope="module")
def native(workbench: Workbench, zig: Zig) -> Iterator[ModuleType]:
    """The extension, in this process."""
    path = workbench.unpacked(workbench.wheel(ROOT / "tests" / "packages" / "classes", zig=zig))
    sys.path.insert(0, str(path))
    module = importlib.import_module("classes._native")
    sys.path.remove(str(path))
    yield module
    for name in [name for name in sys.modules if name.partition(".")[0] == "classes"]:
        del sys.modules[name]


@dataclasses.dataclass
class Point:
    """The twin of `Point`, for floats."""

    x: float
    y: float = 0.0

    def __post_init__(self) -> None:
        self.x, self.y = float(self.x), float(self.y)

    def move(self, dx: float, dy: float | None = None) -> Point:
        self.x += dx
        self.y += dy or 0.0
        return self

    def scaled(self, factor: float) -> Point:
        return Point(self.x * factor, self.y * factor)

    def __add__(self, other: object) -> Point:
        return Point(self.x + other.x, self.y + other.y) if isinstance(other, Point) else NotImplemented

    def __mul__(self, factor: object) -> Point:
        return self.scaled(factor) if isinstance(factor, (int, float)) else NotImplemented

    __rmul__ = __mul__


class Numbers:
    """The twin of `Numbers`."""

    def __init__(self, count: int) -> None:
        self.items = list(range(count))

    def append(self, value: int) -> None:
        self.items.append(value)

    def part(self, part: slice) -> int:
        return sum(self.items[part])

    def __len__(self) -> int:
        return len(self.items)

    def __getitem__(self, index: int) -> int:
        return self.items[index]

    def __setitem__(self, index: int, value: int) -> None:
        self.items[index] = value

    def __delitem__(self, index: int) -> None:
        del self.items[index]

    def __contains__(self, value: object) -> bool:
        return value in self.items


def outcome(function: Callable[[], Any]) -> object:
    """The result, or the exception's type."""
    try:
        return function()
    except Exception as error:  # noqa: BLE001 - whatever it is, the twin must raise it too.
        return type(error)


def same(mine: object, other: object) -> bool:
    """Whether results agree; points by their repr, which has all of them."""
    if type(mine).__name__ == type(other).__name__ == "Point":
        return repr(mine) == repr(other)
    return mine == other or repr(mine) == repr(other)


NUMBERS = st.floats(width=32) | st.integers(-(2**31), 2**31)
ANYTHING = NUMBERS | st.none() | st.text(max_size=2) | st.booleans()
INDICES = st.integers(-12, 12) | st.sampled_from([2**63, -(2**70)])


def test_points(native: ModuleType) -> None:  # noqa: C901 - a machine of small rules.
    class Machine(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.mine, self.twin = native.Point(1.5, 2.5), Point(1.5, 2.5)

        def check(self, function: Callable[[Any], Any]) -> None:
            mine, twin = outcome(lambda: function(self.mine)), outcome(lambda: function(self.twin))
            assert same(mine, twin), (mine, twin)

        @rule(x=NUMBERS, y=NUMBERS)
        def make(self, x: float, y: float) -> None:
            self.mine, self.twin = native.Point(x, y=y), Point(x, y=y)

        @rule(dx=NUMBERS, dy=st.none() | NUMBERS)
        def move(self, dx: float, dy: float | None) -> None:
            assert self.mine.move(dx, dy) is self.mine
            self.twin.move(dx, dy)

        @rule(factor=ANYTHING)
        def multiply(self, factor: Any) -> None:  # noqa: ANN401
            self.check(lambda point: point * factor)
            self.check(lambda point: factor * point)

        @rule(other=ANYTHING)
        def compare(self, other: Any) -> None:  # noqa: ANN401
            self.check(lambda point: (point == other, point != other))
            self.check(lambda point: (point < point, point))  # noqa: PLR0124 - no order.
            self.check(lambda point: point + other)
            self.check(hash)

        @rule(name=st.sampled_from(["x", "y"]), value=NUMBERS)
        def assign(self, name: str, value: float) -> None:
            setattr(self.mine, name, value)
            setattr(self.twin, name, float(value))

        @rule(name=st.sampled_from(["x", "y", "z"]))
        def read(self, name: str) -> None:
            self.check(lambda point: getattr(point, name))

        @rule()
        def copies(self) -> None:
            self.check(copy.copy)
            self.check(copy.deepcopy)
            self.check(lambda point: pickle.loads(pickle.dumps(point)))  # noqa: S301 - our own.
            self.check(lambda point: point + point == point * 2)

        @invariant()
        def agree(self) -> None:
            assert repr(self.mine) == repr(self.twin)
            assert (self.mine == copy.copy(self.mine)) == (
                tuple(map(float, (self.mine.x, self.mine.y))) == (self.twin.x, self.twin.y)
            )

    run_state_machine_as_test(Machine, settings=settings(max_examples=40, stateful_step_count=20))


def test_numbers(native: ModuleType) -> None:
    class Machine(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.mine, self.twin = native.protocols.Numbers(4), Numbers(4)

        def check(self, function: Callable[[Any], Any]) -> None:
            mine, twin = outcome(lambda: function(self.mine)), outcome(lambda: function(self.twin))
            assert mine == twin, (mine, twin)

        @rule(value=st.integers(-100, 100))
        def append(self, value: int) -> None:
            self.check(lambda numbers: numbers.append(value))

        @rule(index=INDICES | st.none() | st.text(max_size=1), value=st.integers(-100, 100))
        def items(self, index: Any, value: int) -> None:  # noqa: ANN401
            self.check(lambda numbers: numbers[index])
            self.check(lambda numbers: numbers.__setitem__(index, value))

        @rule(index=INDICES)
        def delete(self, index: int) -> None:
            self.check(lambda numbers: numbers.__delitem__(index))

        @rule(start=INDICES | st.none(), stop=INDICES | st.none(), step=INDICES | st.none())
        def part(self, start: int | None, stop: int | None, step: int | None) -> None:
            self.check(lambda numbers: numbers.part(slice(start, stop, step)))

        @rule(value=st.integers() | st.text(max_size=1) | st.none())
        def contains(self, value: Any) -> None:  # noqa: ANN401
            self.check(lambda numbers: value in numbers)

        @invariant()
        def agree(self) -> None:
            self.check(lambda numbers: (list(numbers), list(reversed(numbers)), len(numbers), bool(numbers)))
            self.check(lambda numbers: list(zip(numbers, numbers, strict=False)))

    run_state_machine_as_test(Machine, settings=settings(max_examples=40, stateful_step_count=20))


def test_scores(native: ModuleType) -> None:
    """A class that gets most of its methods from `collections.abc.MutableMapping`, beside a dict."""
    names = st.sampled_from(["", "a", "b", "ü", "a\0b"])
    values = st.integers(-(2**65), 2**65)

    class Machine(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.mine = native.shapes.Scores()
            self.twin: dict[str, int] = {}

        def check(self, function: Callable[[Any], Any]) -> None:
            mine, twin = outcome(lambda: function(self.mine)), outcome(lambda: function(self.twin))
            assert mine == twin, (mine, twin)

        @rule(name=names, value=st.integers(-(2**63), 2**63 - 1))
        def store(self, name: str, value: int) -> None:
            self.check(lambda scores: scores.__setitem__(name, value))
            self.check(lambda scores: scores.setdefault(name, 7))

        @rule(name=names, value=values)
        def update(self, name: str, value: int) -> None:
            if -(2**63) <= value < 2**63:
                self.check(lambda scores: scores.update({name: value}, b=1))
            else:
                assert outcome(lambda: self.mine.update({name: value})) is OverflowError

        @rule(name=names)
        def remove(self, name: str) -> None:
            self.check(lambda scores: scores.pop(name))
            self.check(lambda scores: scores.__delitem__(name))
            self.check(lambda scores: scores.pop(name, None))

        @rule()
        def clear(self) -> None:
            self.check(lambda scores: scores.clear())

        @rule(name=names)
        def read(self, name: str) -> None:
            self.check(lambda scores: (name in scores, scores.get(name), scores.get(name, 3)))
            self.check(lambda scores: scores[name])

        @invariant()
        def agree(self) -> None:
            assert self.mine == self.twin
            self.check(
                lambda scores: (list(scores), list(scores.items()), list(scores.values()), len(scores), bool(scores))
            )

    run_state_machine_as_test(Machine, settings=settings(max_examples=30, stateful_step_count=20))
