"""The conversions of this package: what `docs/conversions.md` says of them, and values that show it. A function returns the
sum of a buffer's items."""

import array

from expect import Becomes, Row

DOUBLES = array.array("d", range(10))
BYTES = b"shared" * 10

REFUSED = [
    (1, TypeError, ": expected collections.abc.Buffer, got int"),
    ("1", TypeError, ": expected collections.abc.Buffer, got str"),
    (
        DOUBLES,
        TypeError,
        ": expected a buffer of u8 in this machine's byte order, got one of format 'd' with 8 bytes an item",
    ),
]

ROWS = [
    Row(
        *("Memory", "collections.abc.Buffer", "py.Buffer(T)", "in", "view", "u8_"),
        values=[
            Becomes(b"", 0.0),
            Becomes(b"\1\2", 3.0),
            Becomes(bytearray(b"\1\2"), 3.0),
            Becomes(memoryview(b"\1\2\3")[::2], 4.0),
        ],
        refused=REFUSED,
    ),
    Row(
        *("Memory", "collections.abc.Buffer", "py.BufferMut(T)", "in", "view", "doubled"),
        values=[Becomes(bytearray(b"\1\2"), None)],
        refused=[*REFUSED, (b"a", TypeError, ": expected a writable buffer, got a read-only one")],
    ),
    Row(
        *("Memory", "memoryview", "py.Array(T)", "out", "view", "bytes"),
        values=[((3,), memoryview(b"\0\1\2"))],
        refused=[],
        unmade=[("grid", (2**31 - 1, 2**31 - 1), MemoryError)],
    ),
]
