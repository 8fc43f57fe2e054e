"""The conversions of this package: what `docs/conversions.md` says of them, and values that show it."""

import ipaddress

from expect import Made, Row

THING = object()


def even(number):
    return number % 2 == 0


OBJECTS = "Objects, classes and your own types"

ROWS = [
    Row(OBJECTS, "any object", "py.Object", "both", "view", "sameObject", [THING, None, 1, [1]], []),
    Row(OBJECTS, "any object", "py.Owned", "out", "view", "owned", [((THING,), THING)], []),
    Row(
        OBJECTS,
        "collections.abc.Callable",
        "py.Callable(F)",
        "both",
        "view",
        "callable",
        [even, len, int],
        [(1, TypeError, ": expected Callable[[int], bool], got int")],
    ),
    Row(
        OBJECTS,
        "its class",
        "public struct",
        "both",
        "copy",
        "place",
        [Made(lambda native: native.Place(3))],
        [(3, TypeError, ": expected Place, got int"), ({"x": 3}, TypeError, ": expected Place, got dict")],
    ),
    Row(
        OBJECTS,
        "its class",
        "*const T, *T, py.Ref(T)",
        "both",
        "view",
        "samePlace",
        [Made(lambda native: native.Place(3))],
        [(None, TypeError, ": expected Place, got NoneType")],
    ),
    Row(
        OBJECTS,
        "enum.IntEnum, IntFlag or Enum",
        "public enum",
        "both",
        "copy",
        "level",
        [Made(lambda native: native.Level.low), Made(lambda native: native.Level.high)],
        [(0, TypeError, ": expected Level, got int"), ("low", TypeError, ": expected Level, got str")],
    ),
    Row(
        OBJECTS,
        "its class, derived ones for the variants",
        "public union(enum)",
        "both",
        "copy",
        "answer",
        [Made(lambda native: native.Answer.number(42)), Made(lambda native: native.Answer.unknown())],
        [(42, TypeError, ": expected Answer, got int")],
    ),
    Row(
        OBJECTS,
        "any",
        "a type with py.converter",
        "both",
        "copy",
        "sameAddress",
        [ipaddress.IPv4Address("10.1.2.3")],
        [
            ("10.1.2.3", TypeError, ": expected ipaddress.IPv4Address, got str"),
            (ipaddress.IPv4Address("8.8.8.8"), OverflowError, ": expected an address of the net 10"),
            (ipaddress.IPv4Address("127.0.0.1"), ValueError, ": an address of this machine"),
            (ipaddress.IPv4Address("0.0.0.1"), RuntimeError, None),
        ],
        [("anyAddress", (11,), ValueError)],
    ),
]
