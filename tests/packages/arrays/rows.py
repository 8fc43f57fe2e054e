"""The conversions of this package: what `docs/conversions.md` says of them, and values that show it.

As in the package `values`, but that a function returns the sum of a buffer's items, which `Becomes` has; a function without
arguments has None in place of the value.
"""

import array
import struct


class Becomes:
    def __init__(self, before, after):
        self.before = before
        self.after = after


DOUBLES = array.array("d", range(10))
BYTES = b"shared" * 10

NO_BUFFER = (1, TypeError, ": expected collections.abc.Buffer, got int")
TEXT = ("1", TypeError, ": expected collections.abc.Buffer, got str")
NO_BYTES = (DOUBLES, TypeError, ": expected a buffer of u8 in this machine's byte order, got one of format 'd' with 8 bytes an item")
FOREIGN = ">" if struct.pack("=H", 1) == b"\1\0" else "<"

ROWS = [
    (
        "Memory", "collections.abc.Buffer", "py.Buffer(T)", "in", "view", "u8_",
        [Becomes(b"", 0.0), Becomes(b"\1\2", 3.0), Becomes(bytearray(b"\1\2"), 3.0), Becomes(memoryview(b"\1\2\3")[::2], 4.0)],
        [NO_BUFFER, TEXT, NO_BYTES],
    ),
    (
        "Memory", "collections.abc.Buffer", "py.BufferMut(T)", "in", "view", "doubled",
        [Becomes(bytearray(b"\1\2"), None)],
        [NO_BUFFER, (b"a", TypeError, ": expected a writable buffer, got a read-only one"), NO_BYTES],
    ),
    ("Memory", "memoryview", "py.Array(T)", "out", "view", "scalar", [], []),
]
