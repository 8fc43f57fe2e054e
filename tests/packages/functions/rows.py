"""The conversions of this package: what `docs/conversions.md` says of them, and values that show it."""

from expect import Becomes, Row


class Index:
    def __init__(self, value):
        self.value = value

    def __index__(self):
        if isinstance(self.value, Exception):
            raise self.value
        return self.value


NUMBERS = "Numbers"
TEXT = "Text and None"

UNENCODABLE = ("a\ud800", UnicodeEncodeError, "argument 'value'")

ROWS = [
    Row(
        NUMBERS,
        "bool",
        "bool",
        "both",
        "copy",
        "boolean",
        [True, False],
        [(1, TypeError, ": expected bool, got int"), (None, TypeError, ": expected bool, got NoneType")],
    ),
    Row(
        NUMBERS,
        "int",
        "i0 to i128, u0 to u128, isize, usize",
        "both",
        "copy",
        "i128_",
        [0, -1, 2**63, -(2**127), 2**127 - 1, Becomes(True, 1), Becomes(Index(7), 7)],
        [
            (1.0, TypeError, ": expected int, got float"),
            (2**127, OverflowError, f": expected an int from {-(2**127)} to {2**127 - 1}"),
        ],
    ),
    Row(
        NUMBERS,
        "float",
        "f16, f32",
        "both",
        "copy",
        "f32_",
        [0.0, -0.0, 1.5, float("inf"), Becomes(3, 3.0), Becomes(0.1, 0.10000000149011612)],
        [
            ("1", TypeError, ": expected float, got str"),
            (1e300, OverflowError, ": expected a float within the range of f32"),
        ],
    ),
    Row(
        NUMBERS,
        "float",
        "f64",
        "both",
        "copy",
        "f64_",
        [0.0, -0.0, 5e-324, float("inf"), Becomes(3, 3.0), Becomes(Index(2), 2.0)],
        [
            (b"1", TypeError, ": expected float, got bytes"),
            (10**400, OverflowError, ": expected a float within the range of f64"),
        ],
    ),
    Row(
        TEXT,
        "str",
        "[]const u8",
        "both",
        "view in, copy out",
        "text",
        ["", "plain", "é", "a\0b", "\U0001f40d" * 100],
        [(b"x", TypeError, ": expected str, got bytes"), UNENCODABLE],
        [("notUtf8", (), UnicodeDecodeError)],
    ),
    Row(
        TEXT,
        "str",
        "[:0]const u8",
        "both",
        "view in, copy out",
        "terminated",
        ["", "é" * 100],
        [(1, TypeError, ": expected str, got int"), ("a\0b", ValueError, ": embedded null character"), UNENCODABLE],
    ),
    Row(TEXT, "str", "[]u8, *const [N:0]u8", "out", "copy", "literal", [((), "fixed")], []),
    Row(TEXT, "None", "void", "out", "copy", "noop", [((), None)], []),
    Row(
        TEXT,
        "None, or as for T",
        "?T",
        "both",
        "as for T",
        "maybeInt",
        [None, 5, -(2**31)],
        [
            ("x", TypeError, ": expected int | None, got str"),
            (2**31, OverflowError, ": expected an int from -2147483648 to 2147483647 or None"),
        ],
    ),
]
