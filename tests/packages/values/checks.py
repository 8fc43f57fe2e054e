"""What the module `values` must do, checked in whatever interpreter runs this file: no packages are needed."""

import cmath
import datetime
import decimal
import gc
import math
import os
import sys
import uuid

import values._native as native
from expect import calls_of, check_each, keeps_all, passed, raises, run_checks
from rows import AWARE, ROWS, WIDE, Index, utc


def same(one, other):
    """Equal in all that a value has, not only in what `==` compares."""
    if isinstance(one, datetime.datetime | datetime.time):
        return one == other and one.fold == other.fold and one.utcoffset() == other.utcoffset()
    if isinstance(one, decimal.Decimal):
        return one.as_tuple() == other.as_tuple()
    return type(one) is type(other) and repr(one) == repr(other)


def check_every_row():
    check_each(ROWS, native, same)
    for row in ROWS:
        for arguments, expected in passed(row, native):
            assert same(expected, getattr(native, row.function)(value=arguments[0]))


def check_integers_at_the_edges():
    for bits in (7, 29, 30, 31, 32, 59, 60, 61, 62, 63, 64, 65, 127, 128, 129, 200, 255, 256, 257, 999, 1000, 5000, 10_000):
        for value in (2**bits - 1, 2**bits, 2**bits + 1):
            for signed in (value, -value):
                assert native.bigConst(signed) == signed
                assert native.bigManaged(signed) == signed + 1
                assert native.square(signed) == signed * signed
                for name, low, high in (
                    ("i129_", -(2**128), 2**128 - 1),
                    ("u256_", 0, 2**256 - 1),
                    ("i1000_", -(2**999), 2**999 - 1),
                ):
                    function = getattr(native, name)
                    if low <= signed <= high:
                        assert function(signed) == signed
                    else:
                        raises(OverflowError, None, function, signed)
    for zero in (0, False, Index(0)):
        assert repr(native.bigConst(zero)) == "0" and native.bigManaged(zero) == 1
    assert native.bigConst(Index(-(2**10_000))) == -(2**10_000) and native.bigManaged(True) == 2
    for function in (native.bigConst, native.bigManaged, native.i129_):
        raises(KeyError, "'mine'", function, Raising(KeyError("mine")))
        raises(TypeError, "__index__ returned non-int (type str)", function, Index("x"))
    raises(KeyError, "'mine'", native.ratio, 2**10_000, Raising(KeyError("mine")))
    assert native.googol == 2 ** (64 if sys.maxsize > 2**32 else 32)


class Raising:
    """Raises in all that a conversion may call."""

    def __init__(self, error):
        self.error = error

    def raise_(self, *_arguments):
        raise self.error

    __index__ = __float__ = __complex__ = __fspath__ = raise_


class Calling:
    """Runs a function in the middle of a conversion."""

    def __init__(self, function):
        self.function = function

    def __index__(self):
        self.function()
        return 0


def check_errors_of_python_code_come_through():
    for error in (KeyError("mine"), TypeError("mine"), ValueError("mine")):
        for function in (native.bigConst, native.u256_, native.f128_, native.complex128, native.path):
            assert raises(type(error), None, function, Raising(error)) is error


def check_wide_floats():
    assert math.isnan(native.f80_(math.nan)) and math.isnan(native.f128_(math.nan))
    raises(OverflowError, "the result is beyond the range of a Python float", native.f80Beyond)
    raises(OverflowError, "the result is beyond the range of a Python float", native.f128Beyond)
    assert math.copysign(1, native.f80_(-0.0)) == -1


def check_ints_that_are_no_floats():
    """What is said names the argument, and a type that can be reached: every float goes by f64."""
    for function, kind in (
        (native.f80_, "a float within the range of f64"),
        (native.f128_, "a float within the range of f64"),
        (native.complex64, "a complex number with parts within the range of f32"),
        (native.complex128, "a complex number with parts within the range of f64"),
    ):
        raises(OverflowError, f"{function.__name__}() argument 'value': expected {kind}", function, 10**400)


def check_complex_numbers():
    assert cmath.isnan(native.complex128(complex(math.nan, 0)))
    assert math.copysign(1, native.complex128(complex(0, -0.0)).imag) == -1

    class Derived(complex):
        pass

    assert native.complex128(Derived(1, 2)) == 1 + 2j

    class Wrong:
        def __complex__(self):
            return "1"

    raises(TypeError, None, native.complex128, Wrong())


def check_bytes():
    class Derived(bytes):
        pass

    assert native.bytes(Derived(b"abc")) == b"abc"
    assert native.maybeBytes(None) is None and native.maybeBytes(b"") == b""
    data = bytearray(100)
    native.fill(data, 7)
    assert data == b"\7" * 100
    raises(BufferError, None, native.fill, data, Calling(lambda: data.extend(data)))
    raises(BufferError, None, native.fill, data, Calling(data.clear))
    data.extend(b"again")
    assert len(data) == 105


def check_paths():
    for name in ("a", "gr\N{LATIN SMALL LETTER U WITH DIAERESIS}n", "\udcff" if os.name == "posix" else "\ud800"):
        assert native.pathBytes(name) == os.fsencode(name)
        assert native.path(name) == native.path(os.fsencode(name)) == name
    if os.name == "posix":
        raises(UnicodeEncodeError, None, native.path, "\ud800")
    assert native.paths("abc", b"de") == 5 and native.paths("abc") == 3
    raises(ValueError, "paths() argument 'second': a path cannot have a NUL character in it", native.paths, "a", b"b\0")
    raises(
        TypeError, "paths() argument 'second': expected str | bytes | os.PathLike[str] | None, got int", native.paths, "a", 1
    )

    class Nowhere:
        def __fspath__(self):
            return 5

    raises(TypeError, None, native.path, Nowhere())


class Zone(datetime.tzinfo):
    """A zone that knows its offset only with a date, as those of `zoneinfo` do."""

    offset = datetime.timedelta(hours=1)

    def utcoffset(self, when):
        return None if when is None else self.offset + datetime.timedelta(hours=1 - when.fold)

    def dst(self, when):
        return None

    def tzname(self, when):
        return None


class Liar(datetime.datetime):
    month = 200


class Slow(datetime.datetime):
    def utcoffset(self):
        return datetime.timedelta.max


def check_dates_and_times():
    assert native.dayNumber(datetime.date(1970, 1, 1)) == 0
    for ordinal in (1, 59, 60, 61, 365, 366, 719_163, 730_179, 3_652_059):
        day = datetime.date.fromordinal(ordinal)
        assert native.dayNumber(day) == ordinal - 719_163
        assert native.fromDayNumber(ordinal - 719_163) == day
    raises(OverflowError, "Overflow", native.fromDayNumber, 3_652_060 - 719_163)
    for wrong in ((0, 1, 1), (2023, 2, 29), (10_000, 1, 1), (2024, 13, 1), (2024, 1, 0)):
        raises(ValueError, None, native.anyDate, *wrong)
    raises(ValueError, None, native.anyTime, 24, 0)
    raises(ValueError, None, native.anyTime, 0, 1_000_000)
    raises(ValueError, None, native.anyTime, 0, 0, datetime.timedelta(days=1))
    assert native.anyTime(0, 0, datetime.timedelta(0)).tzinfo is datetime.timezone.utc

    class Derived(datetime.datetime):
        pass

    assert native.datetime(Derived(2024, 1, 1)) == datetime.datetime(2024, 1, 1)
    assert native.maybeDatetime(None) is None
    raises(
        TypeError,
        "maybeDatetime() argument 'value': expected datetime.datetime | None, got int",
        native.maybeDatetime,
        1,
    )
    raises(ValueError, "year, month or day is out of range", native.datetime, Liar(2024, 1, 1))
    assert native.datetime(datetime.datetime(2024, 1, 1, tzinfo=Zone())).utcoffset() == datetime.timedelta(hours=2)
    assert native.datetime(datetime.datetime(2024, 1, 1, tzinfo=Zone(), fold=1)).utcoffset() == datetime.timedelta(
        hours=1
    )
    assert native.time(datetime.time(1, tzinfo=Zone())) == datetime.time(1)
    Zone.offset = datetime.timedelta(days=2)
    raises(ValueError, None, native.datetime, datetime.datetime(2024, 1, 1, tzinfo=Zone()))
    Zone.offset = datetime.timedelta(hours=1)


def check_points_in_time():
    for value in (
        AWARE,
        datetime.datetime(1, 1, 1, tzinfo=utc(23)),
        datetime.datetime(9999, 12, 31, tzinfo=utc(-23, -59)),
    ):
        microseconds = (value - datetime.datetime(1970, 1, 1, tzinfo=utc(0))) // datetime.timedelta(microseconds=1)
        assert native.unixMicroseconds(value) == microseconds
        again = native.fromUnixMicroseconds(microseconds, value.utcoffset())
        assert again == value and again.utcoffset() == value.utcoffset()
    assert native.unixMicroseconds(datetime.datetime(1970, 1, 1)) is None
    assert native.unixMicroseconds(Slow(1970, 1, 1)) == -(2**63)
    raises(OverflowError, "Overflow", native.fromUnixMicroseconds, 2**63 - 1, datetime.timedelta(0))


def check_durations():
    for value in (datetime.timedelta.min, datetime.timedelta.max, datetime.timedelta(microseconds=-1)):
        total = value // datetime.timedelta(microseconds=1)
        assert native.totalMicroseconds(value) == total
        assert native.fromMicroseconds(total) == value
    raises(OverflowError, "Overflow", native.fromMicroseconds, 10**9 * 86_400 * 10**6)
    raises(OverflowError, None, native.anyTimedelta, 2**31 - 1, 0, 0)
    assert native.anyTimedelta(0, 90_000, 2_000_000) == datetime.timedelta(1, 3602)


def check_decimals():
    assert native.decimalText(decimal.Decimal("-1.50")) == "-150E-2"
    for text in ("NaN", "-NaN", "sNaN", "NaN123", "-sNaN7"):
        value = decimal.Decimal(text)
        assert native.decimal(value).as_tuple() == value.as_tuple()

    class Derived(decimal.Decimal):
        def __str__(self):
            return "mine"

    assert native.decimal(Derived("1.5")) == decimal.Decimal("1.5")
    assert native.anyDecimal(True, "0012", -2).as_tuple() == decimal.Decimal("-0.12").as_tuple()
    for wrong in ("", "1x", "-1", "1.5", "1_0", " 1"):
        raises(
            ValueError,
            "the digits of a py.Decimal must be from 0 to 9, at least one",
            native.anyDecimal,
            False,
            wrong,
            0,
        )
    with decimal.localcontext() as context:
        context.prec = 3
        context.capitals = 0
        exact = decimal.Decimal("12345678.9E+100")
        assert native.decimal(exact).as_tuple() == exact.as_tuple()
        for trap in (True, False):
            context.traps[decimal.InvalidOperation] = trap
            raises(
                OverflowError, "the result is beyond the range of decimal.Decimal", native.anyDecimal, False, "1", 2**62
            )


def check_ratios():
    assert native.ratio(6, -4).denominator == 2
    assert native.ratio(-WIDE, WIDE) == -1


def check_identifiers():
    class Short(uuid.UUID):
        bytes = b"too short"

    raises(ValueError, "uuid() argument 'value': a UUID must have 16 bytes", native.uuid, Short(int=1))
    raises(TypeError, "uuid() argument 'value': expected uuid.UUID, got bytes", native.uuid, bytes(16))


def check_arrays_at_every_floor():
    result = native.array(0.5)
    assert result.tolist() == [[0.5, 1.5, 2.5], [3.5, 4.5, 5.5]]
    result[1, 2] = 7
    view = memoryview(result.obj)
    del result
    gc.collect()
    assert view[1, 2] == 7 and view.contiguous


def check_options():
    assert native.options() == 7
    assert native.options(wide=2**199, when=datetime.date(2024, 1, 31)) == 2**199 + 31
    assert native.unlocked(b"abc", datetime.datetime(2024, 1, 1)) == 2027


def every_path():
    check_every_row()
    check_errors_of_python_code_come_through()
    native.array(1)
    raises(ValueError, None, native.paths, "a", "b\0")
    raises(ValueError, None, native.anyTime, 0, 0, datetime.timedelta(days=1))
    raises(BufferError, None, native.fill, SHARED[2], Calling(SHARED[2].clear))


SHARED = [
    WIDE,
    b"shared" * 100,
    bytearray(100),
    AWARE,
    AWARE.tzinfo,
    uuid.UUID(int=5),
    decimal.Decimal("1.5"),
    "text" * 10,
]


def check_no_row_leaks():
    keeps_all(calls_of(ROWS, native))


def check_no_error_leaks():
    """What Python's code raises in the middle, and what is beyond a range, after other arguments were converted."""
    raising = Raising(KeyError)
    keeps_all(
        [
            (native.ratio, (WIDE, raising)),
            (native.ratio, (2**10_000, WIDE)),
            (native.square, (-(2**10_000),)),
            (native.i1000_, (2**10_000,)),
            (native.paths, ("a" * 1000, "b\0")),
            (native.paths, ("a" * 1000, raising)),
            (native.path, ("\ud800",)),
            (native.anyTime, (0, 0, datetime.timedelta(days=1))),
            (native.anyDecimal, (False, "9" * 500, 2**62)),
            (native.fill, (SHARED[2], raising)),
            (native.array, (1.0,)),
            (native.uuid, (raising,)),
            *((function, (raising,)) for function in (native.bigConst, native.bigManaged, native.u256_, native.f128_)),
            *((function, (raising,)) for function in (native.f80_, native.complex128, native.complex64, native.path)),
        ]
    )


def check_nothing_leaks():
    """References to shared objects and allocated blocks stay as they are, whatever happens to a call.

    The interpreter's own caches fill up for a while, so that the counts settle; a leak gains one a round or more, for
    ever.
    """
    rounds = 60

    def count():
        gc.collect()
        return [*(sys.getrefcount(value) for value in SHARED), sys.getallocatedblocks()]

    history = [count()]
    for _ in range(20):
        for _ in range(rounds):
            every_path()
            native.bigConst(SHARED[0])
            native.bytes(SHARED[1])
            native.byteArray(SHARED[2])
            native.datetime(SHARED[3])
            native.uuid(SHARED[5])
            native.decimal(SHARED[6])
            native.path(SHARED[7])
        history.append(count())
        changes = [after - before for before, after in zip(history[-2], history[-1])]
        assert changes[:-1] == [0] * len(SHARED), history
        if abs(changes[-1]) < rounds // 2:
            return
    raise AssertionError(history)


if __name__ == "__main__":
    run_checks(sys.modules["__main__"])
