"""The conversions of this package: what `docs/conversions.md` says of them, and values that show it.

Each function returns its argument, so that what comes out is what went in, or what `Becomes` says.
"""

import datetime
import decimal
import fractions
import math
import pathlib
import uuid

from expect import Becomes, Row

WIDE = 2**70 + 12345678901234567890


class Index:
    def __init__(self, value):
        self.value = value

    def __index__(self):
        return self.value


class Odd(int):
    """A class derived from int whose methods must not be asked."""

    def __abs__(self):
        raise RuntimeError

    def bit_length(self):
        raise RuntimeError

    def to_bytes(self, *_arguments):
        raise RuntimeError


class Turning:
    def __complex__(self):
        return 1j


class Located:
    def __fspath__(self):
        return "there"


def utc(hours, minutes=0, seconds=0, microseconds=0):
    delta = datetime.timedelta(hours=hours, minutes=minutes, seconds=seconds, microseconds=microseconds)
    return datetime.timezone(delta)


AWARE = datetime.datetime(2024, 2, 29, 23, 59, 59, 999_999, utc(5, 30))
WHOLE = [0, 1, -1, 2**31, -(2**31), 2**63 - 1, 2**63, -(2**63), -(2**63) - 1, 2**64 - 1, 2**64, -(2**64), 2**127]
LARGE = [
    2**128,
    WIDE,
    -WIDE,
    10**300,
    -(10**300),
    Becomes(True, 1),
    Becomes(Index(WIDE), WIDE),
    Becomes(Odd(WIDE), WIDE),
]
NO_INT = [(1.0, TypeError, ": expected int, got float"), ("1", TypeError, ": expected int, got str")]
FLOATS = [0.0, 1.5, -1.0, 5e-324, 1e-310, 1.7976931348623157e308, math.inf, -math.inf]
FLOATS += [Becomes(3, 3.0), Becomes(Index(2), 2.0)]
NO_FLOAT = [("1", TypeError, ": expected float, got str"), (10**400, OverflowError, None)]
COMPLEX = [0j, 1 + 2j, complex(math.inf, -1)]
COMPLEX += [Becomes(2, 2 + 0j), Becomes(2.5, 2.5 + 0j), Becomes(Turning(), 1j), Becomes(Index(4), 4 + 0j)]
NO_COMPLEX = [("1j", TypeError, ": expected complex, got str"), (None, TypeError, ": expected complex, got NoneType")]
DECIMALS = ["0", "-0.00", "1.20E+5", "1E-100", "123456789012345678901234567890.5", "Infinity", "-Infinity", "1E+999999"]

ROWS = [
    Row(
        *("Numbers", "int", "std.math.big.int.Const", "both", "copy", "bigConst"),
        values=WHOLE + LARGE,
        refused=NO_INT,
    ),
    Row(
        *("Numbers", "int", "std.math.big.int.Managed", "both", "copy", "bigManaged"),
        values=[Becomes(WIDE, WIDE + 1), Becomes(-1, 0), Becomes(2**64 - 1, 2**64), Becomes(2**192 - 1, 2**192)],
        refused=NO_INT,
    ),
    Row(
        *("Numbers", "int", "i129 and wider", "both", "copy", "i129_"),
        values=[*WHOLE, 2**128 - 1, -(2**128), Becomes(Index(7), 7)],
        refused=[
            *NO_INT,
            (2**128 + 1, OverflowError, ": expected an int from -2**128 to 2**128 - 1"),
            (-(10**300), OverflowError, None),
        ],
    ),
    Row(
        *("Numbers", "int", "u129 and wider", "both", "copy", "u256_"),
        values=[0, 1, 2**64, 2**256 - 1, Becomes(Odd(WIDE), WIDE)],
        refused=[
            *NO_INT,
            (2**256, OverflowError, ": expected an int from 0 to 2**256 - 1"),
            (-1, OverflowError, None),
        ],
    ),
    Row(*("Numbers", "float", "f80", "both", "copy", "f80_"), FLOATS, NO_FLOAT, [("f80Beyond", (), OverflowError)]),
    Row(
        *("Numbers", "float", "f128", "both", "copy", "f128_"),
        FLOATS,
        NO_FLOAT,
        [("f128Beyond", (), OverflowError)],
    ),
    Row(*("Numbers", "float", "c_longdouble", "both", "copy", "longDouble"), FLOATS, NO_FLOAT),
    Row(
        *("Numbers", "complex", "std.math.Complex(f64)", "both", "copy", "complex128"),
        values=COMPLEX,
        refused=[*NO_COMPLEX, (10**400, OverflowError, None)],
    ),
    Row(
        *("Numbers", "complex", "std.math.Complex(f32)", "both", "copy", "complex64"),
        values=[*COMPLEX, Becomes(0.1j, 0.10000000149011612j)],
        refused=[
            *NO_COMPLEX,
            (1e300j, OverflowError, ": expected a complex number with parts within the range of f32"),
        ],
    ),
    Row(
        *("Numbers", "decimal.Decimal", "py.Decimal", "both", "copy", "decimal"),
        values=[decimal.Decimal(text) for text in DECIMALS],
        refused=[
            (1, TypeError, ": expected decimal.Decimal, got int"),
            (1.5, TypeError, ": expected decimal.Decimal, got float"),
        ],
        unmade=[("anyDecimal", (False, "1x", 0), ValueError), ("anyDecimal", (True, "1", 2**62), OverflowError)],
    ),
    Row(
        *("Numbers", "fractions.Fraction", "py.Fraction", "both", "copy", "fraction"),
        values=[fractions.Fraction(1, 3), fractions.Fraction(-WIDE, 10**50), fractions.Fraction(0)],
        refused=[(0.5, TypeError, ": expected fractions.Fraction, got float")],
        unmade=[("ratio", (WIDE, 0), ZeroDivisionError)],
    ),
    Row(
        *("Bytes and paths", "bytes", "py.Bytes", "both", "view in, copy out", "bytes"),
        values=[b"", b"a\0b", bytes(range(256)) * 100],
        refused=[
            ("a", TypeError, ": expected bytes, got str"),
            (bytearray(b"a"), TypeError, ": expected bytes, got bytearray"),
        ],
    ),
    Row(
        *("Bytes and paths", "bytearray", "py.ByteArray", "both", "view in, copy out", "byteArray"),
        values=[bytearray(), bytearray(b"a\0b")],
        refused=[(b"a", TypeError, ": expected bytearray, got bytes")],
    ),
    Row(
        *("Bytes and paths", "str, bytes, os.PathLike", "py.Path", "in", "copy", "path"),
        values=[
            *("", "a/b", "gr\N{LATIN SMALL LETTER U WITH DIAERESIS}n"),
            Becomes(b"a/b", "a/b"),
            Becomes(Located(), "there"),
            Becomes(pathlib.PurePosixPath("a", "b"), "a/b"),
        ],
        refused=[
            (1, TypeError, ": expected str | bytes | os.PathLike[str], got int"),
            ("a\0b", ValueError, ": a path cannot have a NUL character in it"),
        ],
    ),
    Row(*("Bytes and paths", "str", "py.Path", "out", "copy", "path"), values=[(("a",), "a"), ((b"b",), "b")], refused=[]),
    Row(
        *("Dates and times", "datetime.date", "py.Date", "both", "copy", "date"),
        values=[datetime.date.min, datetime.date.max, datetime.date(2024, 2, 29)],
        refused=[
            (datetime.datetime(2024, 1, 1), TypeError, ": expected datetime.date, got datetime"),
            ("2024-01-01", TypeError, ": expected datetime.date, got str"),
        ],
        unmade=[("anyDate", (2023, 2, 29), ValueError)],
    ),
    Row(
        *("Dates and times", "datetime.time", "py.Time", "both", "copy", "time"),
        values=[
            datetime.time.min,
            datetime.time.max,
            datetime.time(1, 2, 3, 4, utc(-11, -30)),
            datetime.time(2, fold=1),
        ],
        refused=[(datetime.datetime(2024, 1, 1), TypeError, ": expected datetime.time, got datetime")],
        unmade=[("anyTime", (24, 0), ValueError)],
    ),
    Row(
        *("Dates and times", "datetime.datetime", "py.DateTime", "both", "copy", "datetime"),
        values=[
            datetime.datetime.min,
            datetime.datetime.max,
            AWARE,
            datetime.datetime(2024, 10, 27, 2, fold=1),
            datetime.datetime(1900, 1, 1, tzinfo=utc(0, 19, 32, 130_000)),
            datetime.datetime(1, 1, 1, tzinfo=utc(14)),
        ],
        refused=[
            (datetime.date(2024, 1, 1), TypeError, ": expected datetime.datetime, got date"),
            (0, TypeError, ": expected datetime.datetime, got int"),
        ],
        unmade=[("anyDatetime", (0,), ValueError)],
    ),
    Row(
        *("Dates and times", "datetime.timedelta", "py.TimeDelta", "both", "copy", "timedelta"),
        values=[
            datetime.timedelta.min,
            datetime.timedelta.max,
            datetime.timedelta(microseconds=-1),
            datetime.timedelta(0),
        ],
        refused=[(1, TypeError, ": expected datetime.timedelta, got int")],
        unmade=[("anyTimedelta", (2**31 - 1, 0, 0), OverflowError)],
    ),
    Row(
        *("Other", "uuid.UUID", "py.Uuid", "both", "copy", "uuid"),
        values=[uuid.UUID(int=0), uuid.UUID("12345678-1234-5678-9abc-def012345678")],
        refused=[("12345678-1234-5678-9abc-def012345678", TypeError, ": expected uuid.UUID, got str")],
    ),
]
