"""What a user of the classes writes, for type checkers: a comment that silences one is an error that it must find."""

import asyncio
import copy

from classes._native import Frozen, Point, memory, protocols, shapes, tickets, values

numbers = protocols.Numbers(3)
items: list[int] = list(numbers)
both = [a + b for a, b in zip(numbers, reversed(numbers), strict=True)]
first: int = next(iter(numbers)) + sum(numbers)
found: bool = "text" in numbers

ordered: list[Frozen] = sorted([Frozen("b"), Frozen("a")])
larger: bool = Frozen("a") < Frozen("b")
larger = Frozen("a") < 3 if found else False  # type: ignore[operator]
larger = Point(1) < Point(2) if found else False  # type: ignore[operator]
largest: protocols.Mod = max(protocols.Mod(1), protocols.Mod(2))
mapping: dict[Frozen, int] = {Frozen("a"): 1}

mod = protocols.Mod(3)
mod += 3
mod = -mod + mod
number: float = float(mod) + int(mod)
letter: str = "abc"[protocols.Mod(0)]
number = mod(1, y=2, twice=True)
twice: Point = Point(1) + Point(2) * 2.0 + 2.0 * copy.copy(Point(1))

match Point(1, 2):
    case Point(x, y):
        number = x + y
figure: values.Figure = values.Figure.circle(2)
match figure:
    case values.Figure.circle(radius, label):
        letter = label
    case values.Figure.square(side):
        number = side

with protocols.Manager() as manager:
    entered: int = manager.entered()

scores = shapes.Scores()
scores.update(a=1)
number = scores["a"]
names: list[str] = list(scores)

view = memoryview(memory.Stack(3))
node = memory.Node(None)
node.next = node
color: values.Color = values.Color.red.inverted()
pair: tuple[memory.Ticket, protocols.Ticket] = tickets(memory.Ticket(1), protocols.Ticket(2))
try:
    shapes.fail(3, None)
except shapes.Failure as failure:
    number = failure.code


class Square(shapes.Shape):
    def area(self) -> float:
        return 3


shape: shapes.Shape = Square("s")
circle = shapes.Circle("c", 2)
circle.diameter = 4
del circle.diameter


async def main() -> None:
    await protocols.Ticket(1)
    count = 0
    async for _ in protocols.Ticket(3):
        count += 1
    assert count == 3


asyncio.run(main())
