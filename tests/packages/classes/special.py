"""Special methods."""

import asyncio
import copy
import gc
import math
import operator
import sys

from classes._native import protocols
from expect import keeps_memory, raises

Mod, Numbers, Manager, Doubled = protocols.Mod, protocols.Numbers, protocols.Manager, protocols.Doubled
Dynamic, Ticket, Generic, Pixels = protocols.Dynamic, protocols.Ticket, protocols.Generic, protocols.Pixels


class Other:
    """Answers every operator."""

    def __radd__(self, other):
        return "radd"

    def __rsub__(self, other):
        return "rsub"

    def __rpow__(self, other):
        return "rpow"

    def __eq__(self, other):
        return "eq"

    def __gt__(self, other):
        return "gt"

    __hash__ = None


class Odd(int):
    def __radd__(self, other):
        return "odd"


def check_operators():
    a, b = Mod(90), Mod(10)
    for expected, got in [
        (3, a + b),
        (93, 3 + a),
        (80, a - b),
        (7, 97 - a),
        (900 % 97, a * b),
        (7, -a),
    ]:
        assert type(got) is Mod and int(got) == expected, (expected, got)
    assert a @ b == 900 and a / b == 9.0 and a // b == 9 and a % 7 == 6 and divmod(a, 7) == 12
    assert b**3 == 1000 % 97 and pow(b, 3, 7) == 1000 % 7 and 2**b == 2 + 10_000
    assert b << 2 == 40 and b >> 1 == 5 and a & b == 90 & 10 and a | b == 90 | 10 and a ^ b == 90 ^ 10
    assert +a is a and abs(a) == 90 and ~a == ~90
    assert int(a) == operator.index(a) == 90 and float(a) == 90.0 and [0] * 91 and list(range(91))[a] == 90
    assert bool(a) and not Mod(0) and round(a) == 90 and round(a, 2) == 92
    raises(ZeroDivisionError, "", lambda: a / Mod(0))
    raises(ZeroDivisionError, "DivisionByZero", lambda: a // Mod(0))


def check_foreign_operands():
    a = Mod(5)
    for name in ("add", "sub", "mul", "matmul", "truediv", "floordiv", "mod", "divmod", "pow", "lshift", "and", "or", "xor"):
        assert getattr(a, f"__{name}__")("text") is NotImplemented, name
    assert a.__radd__("text") is NotImplemented and a.__iadd__("text") is NotImplemented
    assert a + Other() == "radd" and a - Other() == "rsub" and a ** Other() == "rpow"
    assert (a == Other()) == "eq" and (a < Other()) == "gt"
    raises(TypeError, "unsupported operand type(s) for +: 'classes._native.protocols.Mod' and 'str'", lambda: a + "text")
    raises(TypeError, None, lambda: "text" + a)
    raises(TypeError, None, lambda: 1.5 + a)
    raises(OverflowError, "__lshift__() argument 'b': expected an int from 0 to 31", lambda: a << 32)
    raises(TypeError, None, lambda: a < 5)
    assert a != 5 and a != "text" and not a == None  # noqa: E711


def check_operands_that_a_method_declines():
    even, Even = protocols.Even(10), protocols.Even
    assert even + 2 == 12 and 2 + even == 8 and even**4 == 40 and even == 10 and even != 4
    for declined in (even.__add__(3), even.__radd__(3), even.__iadd__(3), even.__pow__(3), even.__eq__(3), even.__ne__(3)):
        assert declined is NotImplemented
    name = f"{Even.__module__}.Even"
    raises(TypeError, f"unsupported operand type(s) for +: '{name}' and 'int'", lambda: even + 3)
    raises(TypeError, f"unsupported operand type(s) for +: 'int' and '{name}'", lambda: 3 + even)
    assert even + Other() == "radd" and even != 3

    assert even + Odd(3) == "odd" and even + Odd(4) == 14
    same = even
    even += 4
    assert even is same and even == 14


def check_in_place():
    a = same = Mod(5)
    a += 95
    assert a is same and int(a) == 3
    a *= 2
    assert a is not same and int(a) == 6
    try:
        a += "text"
    except TypeError as error:
        assert str(error) == "unsupported operand type(s) for +=: 'classes._native.protocols.Mod' and 'str'"
    try:
        a -= -1
    except ValueError:
        assert int(a) == 6
    else:
        raise AssertionError


def check_call():
    a = Mod(5)
    assert a(1) == 6 and a(1, 2) == a(x=1, y=2) == 8 and a(1, y=2, twice=True) == 16
    raises(TypeError, "__call__() missing 1 required positional argument: 'x'", a)
    raises(TypeError, "__call__() got an unexpected keyword argument 'z'", a, 1, z=2)
    raises(TypeError, "__call__() takes from 1 to 2 positional arguments but 30 were given", a, *range(30))
    assert a(*[1], **{"y": 2}) == 8


def check_order_hash_and_format():
    a, b = Mod(1), Mod(2)
    assert a < b and a <= b and b > a and b >= a and a == Mod(98) and a != b and max(a, b) is b
    assert hash(a) == hash(Mod(98)) == 1 and {a, Mod(98)} == {a}
    assert str(a) == "1 mod 97" and repr(a) == "Mod(value=1)" and f"{a}" == "1 mod 97"


def check_containers():
    numbers = Numbers(5)
    assert len(numbers) == 5 and numbers[0] == 0 and numbers[-1] == 4 and list(numbers) == [0, 1, 2, 3, 4]
    numbers[1] = 10
    del numbers[0]
    assert list(numbers) == [10, 2, 3, 4] and list(reversed(numbers)) == [4, 3, 2, 10]
    assert 10 in numbers and 11 not in numbers and "x" not in numbers and 2**70 not in numbers
    raises(IndexError, "index 9 is out of range", lambda: numbers[9])
    for index in (2**100, -(2**100)):
        for use in (lambda: numbers[index], lambda: numbers.__setitem__(index, 1), lambda: numbers.__delitem__(index)):
            raises(IndexError, "cannot fit 'int' into an index-sized integer", use)
    raises(TypeError, "__getitem__() argument 'index': expected int, got str", lambda: numbers["x"])
    raises(TypeError, "__setitem__() argument 'value': expected int, got str", numbers.__setitem__, 0, "x")
    raises(IndexError, "index -9 is out of range", numbers.__delitem__, -9)
    assert numbers.part(slice(None)) == 19 and numbers.part(slice(None, None, -2)) == 6 and numbers.part(slice(1, 100)) == 9
    raises(ValueError, "slice step cannot be zero", numbers.part, slice(0, 1, 0))
    raises(TypeError, "part() argument 'slice': expected slice, got int", numbers.part, 3)
    assert operator.length_hint(numbers) == 4 and not Numbers(0) and numbers
    first, *rest = numbers
    assert first == 10 and rest == [2, 3, 4]
    iterator = iter(numbers)
    assert iter(iterator) is iterator and next(iterator) == 10
    del numbers
    gc.collect()
    numbers = None
    assert list(iterator) == [2, 3, 4] and next(iterator, "end") == "end"
    growing = Numbers(2)
    seen = []
    for number in growing:
        seen.append(number)
        if number < 5:
            growing.append(number + 2)
    assert seen == [0, 1, 2, 3, 4, 5, 6]
    raises(TypeError, None, Numbers, "x")
    raises(OverflowError, None, Numbers, -1)


def check_sequence_protocol():
    """Without `__iter__`, the interpreter asks for items until IndexError."""
    numbers = Numbers(3)
    assert operator.countOf(numbers, 1) == 1 and list(map(lambda x: x, numbers)) == [0, 1, 2]
    assert list(zip(numbers, numbers)) == [(0, 0), (1, 1), (2, 2)]
    assert operator.getitem(numbers, -1) == 2


def check_context_managers():
    manager = Manager()
    with manager as entered:
        assert entered is manager and manager.entered() == 1
    assert manager.entered() == 0
    try:
        with manager:
            raise KeyError("x")
    except KeyError:
        assert manager.entered() == 0
    with Manager(swallow=True):
        raise KeyError("x")


def check_descriptors():
    class Holder:
        attribute = Doubled()

    holder = Holder()
    assert Holder.attribute == -1 and holder.attribute == 0
    holder.attribute = 21
    assert holder.attribute == 42
    del holder.attribute
    assert holder.attribute == -2
    raises(TypeError, "__set__() argument 'value': expected int, got str", setattr, holder, "attribute", "x")


def check_dynamic_attributes():
    dynamic = Dynamic()
    assert dynamic.real == 1 and dynamic.four == 4 and getattr(dynamic, "missing", None) is None
    raises(AttributeError, "no missing", lambda: dynamic.missing)
    dynamic.okay = 5
    assert dynamic.last() == 5
    raises(AttributeError, "cannot set bad", setattr, dynamic, "bad", 1)
    raises(AttributeError, None, delattr, dynamic, "okay")


def check_awaiting():
    async def main():
        assert await Ticket(0) is None and await Ticket(3) is None
        seen = []
        async for value in Ticket(3):
            seen.append(value)
        return len(seen)

    ticket = Ticket(2)
    assert type(ticket.__await__()) is Ticket.Steps
    assert ticket.__aiter__() is ticket
    coroutine = main()
    try:
        while True:
            coroutine.send(None)
    except StopIteration as stop:
        assert stop.value == 3
    assert asyncio.iscoroutinefunction(main)


def check_other_special_methods():
    assert Generic[int] is Generic and f"{Generic(3):>5}" == "3:>5" and format(Generic(1)) == "1:"
    assert sys.getsizeof(Generic()) in (4096, 4096 + 2 * tuple.__itemsize__)
    assert copy.copy(Generic()).width == 99 and copy.deepcopy(Generic()).width == 100
    raises(OverflowError, "Generic.width: expected an int from 0 to 255", setattr, Generic(), "width", 256)
    raises(TypeError, None, complex, Generic())


def check_writable_buffers():
    pixels = Pixels(4)
    with memoryview(pixels) as view:
        assert not view.readonly and view.format == "B"
        view[1] = 7
        raises(RuntimeError, "Pixels is in use by a running call and cannot be changed", pixels.clear)
    assert bytes(pixels) == b"\0\7\0\0"
    pixels.clear()
    assert bytes(pixels) == b"\0\0\0\0"


def check_derived_in_python():
    class Twice(Mod):
        def __add__(self, other):
            return super().__add__(other) + Mod(1)

        def __len__(self):
            return 12

        def __bool__(self):
            return False

    assert int(Twice(1) + Mod(1)) == 3 and len(Twice(1)) == 12 and not Twice(1) and math.isclose(Twice(2) / Mod(1), 2)

    class Backwards(Numbers):
        def __iter__(self):
            return reversed(self)

    assert list(Backwards(3)) == [2, 1, 0]


def check_nothing_leaks():
    item = Mod(5)

    def every_path():
        check_operators()
        check_foreign_operands()
        check_operands_that_a_method_declines()
        check_in_place()
        check_call()
        check_order_hash_and_format()
        check_containers()
        check_context_managers()
        check_dynamic_attributes()
        check_awaiting()
        check_other_special_methods()
        check_writable_buffers()
        item + item
        item.__add__(3)

    keeps_memory(every_path, [item, Mod, Numbers, Numbers.Iterator, Ticket], rounds=100)
