"""The conversions of this package, as in the package `values`; but a function returns the sum of a buffer's items, and so
each value stands beside its sum."""

import array

from expect import Row

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
        values=[(b"", 0.0), (b"\1\2", 3.0), (bytearray(b"\1\2"), 3.0), (memoryview(b"\1\2\3")[::2], 4.0)],
        refused=REFUSED,
    ),
    Row(
        *("Memory", "collections.abc.Buffer", "py.BufferMut(T)", "in", "view", "doubled"),
        values=[(bytearray(b"\1\2"), None)],
        refused=[*REFUSED, (b"a", TypeError, ": expected a writable buffer, got a read-only one")],
    ),
    Row(
        *("Memory", "memoryview", "py.Array(T)", "out", "view", "cube"),
        values=[],
        refused=[],
        unmade=[("grid", (2**31 - 1, 2**31 - 1), MemoryError)],
    ),
]
