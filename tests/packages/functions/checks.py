"""What the module `functions` must do, checked in whatever interpreter runs this file: no packages are needed."""

import gc
import inspect
import math
import sys

import functions._native as native
from expect import calls_of, check_each, keeps_all, raises, run_checks
from rows import ROWS, Index

WIDTHS = {
    "i8_": (-(2**7), 2**7 - 1),
    "u8_": (0, 2**8 - 1),
    "i7_": (-(2**6), 2**6 - 1),
    "i32_": (-(2**31), 2**31 - 1),
    "i64_": (-(2**63), 2**63 - 1),
    "u63_": (0, 2**63 - 1),
    "u64_": (0, 2**64 - 1),
    "i65_": (-(2**64), 2**64 - 1),
    "u65_": (0, 2**65 - 1),
    "i128_": (-(2**127), 2**127 - 1),
    "u128_": (0, 2**128 - 1),
    "usize_": (0, 2 * sys.maxsize + 1),
}


class Floating:
    def __init__(self, value):
        self.value = value

    def __float__(self):
        if isinstance(self.value, Exception):
            raise self.value
        return self.value


class NoTruth:
    def __bool__(self):
        raise KeyError("mine")


class Int(int):
    pass


class Text(str):
    pass


def check_every_row():
    check_each(ROWS, native)


def check_no_row_leaks():
    keeps_all(calls_of(ROWS, native))


def check_integers_at_the_edges():
    edges = {0, 1, -1, 255, 256}
    for bits in (7, 8, 15, 16, 29, 30, 31, 32, 59, 60, 61, 62, 63, 64, 65, 66, 127, 128, 129, 200):
        edges |= {2**bits - 1, 2**bits, 2**bits + 1, -(2**bits) - 1, -(2**bits), -(2**bits) + 1}
    for name, (low, high) in WIDTHS.items():
        function = getattr(native, name)
        message = f"{name}() argument 'value': expected an int from {low} to {high}"
        for value in edges:
            if low <= value <= high:
                result = function(value)
                assert result == value and type(result) is int, (name, value, result)
                assert function(Index(value)) == value
                assert function(Int(value)) == value
            else:
                raises(OverflowError, message, function, value)
                raises(OverflowError, message, function, Index(value))


def check_what_is_no_integer():
    for name in WIDTHS:
        function = getattr(native, name)
        for value, kind in ((1.0, "float"), ("1", "str"), (None, "NoneType"), (b"1", "bytes"), (1j, "complex")):
            raises(TypeError, f"{name}() argument 'value': expected int, got {kind}", function, value)
        assert function(True) == 1
        raises(KeyError, "'mine'", function, Index(KeyError("mine")))
        raises(TypeError, "mine", function, Index(TypeError("mine")))
        raises(TypeError, None, function, Index("no int"))


def check_booleans():
    assert native.boolean(True) is True
    assert native.boolean(False) is False
    for value, kind in ((1, "int"), (None, "NoneType"), ("", "str")):
        raises(TypeError, f"boolean() argument 'value': expected bool, got {kind}", native.boolean, value)
    raises(TypeError, "boolean() argument 'value': expected bool, got NoTruth", native.boolean, NoTruth())


def check_objects_that_come_back():
    item = Text("shared")
    before = sys.getrefcount(item)
    kept = [native.identity(item) for _ in range(100)]
    assert kept.count(item) == 100 and sys.getrefcount(item) == before + 100
    del kept
    assert native.identity(None) is None and native.identity(value=item) is item and sys.getrefcount(item) == before


def check_floats():
    for value in (0.0, -0.0, 1.5, -1.0, 5e-324, sys.float_info.max, math.inf, -math.inf):
        result = native.f64_(value)
        assert result == value and math.copysign(1, result) == math.copysign(1, value)
    for function in (native.f16_, native.f32_, native.f64_):
        assert math.isnan(function(math.nan))
        assert function(math.inf) == math.inf
        assert function(-1) == -1.0 and type(function(-1)) is float
        assert function(-1.0) == -1.0
        assert function(Floating(2.5)) == 2.5
        assert function(Index(3)) == 3.0
        assert function(True) == 1.0
        name = function.__name__
        for value, kind in (("1", "str"), (None, "NoneType"), (1j, "complex"), (b"1", "bytes")):
            raises(TypeError, f"{name}() argument 'value': expected float, got {kind}", function, value)
        raises(TypeError, "mine", function, Floating(TypeError("mine")))
        raises(ValueError, "mine", function, Floating(ValueError("mine")))
        name = function.__name__
        message = f"{name}() argument 'value': expected a float within the range of {name.strip('_')}"
        raises(OverflowError, message, function, 10**400)
        raises(OverflowError, message, function, -(10**400))
    assert native.f32_(0.1) == 0.10000000149011612
    assert native.f16_(0.1) == 0.0999755859375
    range32 = "f32_() argument 'value': expected a float within the range of f32"
    raises(OverflowError, range32, native.f32_, 3.5e38)
    range16 = "f16_() argument 'value': expected a float within the range of f16"
    raises(OverflowError, range16, native.f16_, 65520.0)
    assert native.f16_(65504.0) == 65504.0


def check_texts():
    for value in ("", "plain", "é", "日本", "\U0001f40d", "a\0b", "x" * 100_000, Text("sub")):
        result = native.text(value)
        assert result == value and type(result) is str
    for function in (native.text, native.terminated, native.maybeText):
        name = function.__name__
        message = f"'utf-8' codec can't encode character '\\ud800' in position 1: surrogates not allowed in {name}() argument 'value'"
        for value in ("a\ud800b", Text("a\ud800b")):
            error = raises(UnicodeEncodeError, message, function, value)
            assert (error.object, error.start, error.end) == ("a\ud800b", 1, 2)
    for value, kind in ((b"x", "bytes"), (1, "int"), (None, "NoneType")):
        raises(TypeError, f"text() argument 'value': expected str, got {kind}", native.text, value)
    assert native.terminated("é") == "é"
    raises(ValueError, "terminated() argument 'value': embedded null character", native.terminated, "a\0b")
    assert native.literal() == "fixed"
    raises(UnicodeDecodeError, None, native.notUtf8)


def check_optionals():
    assert native.maybeInt(None) is None and native.maybeInt() is None
    assert native.maybeInt(5) == 5
    raises(TypeError, "maybeInt() argument 'value': expected int | None, got str", native.maybeInt, "x")
    raises(
        OverflowError,
        "maybeInt() argument 'value': expected an int from -2147483648 to 2147483647 or None",
        native.maybeInt,
        2**31,
    )
    assert native.maybeText("é") == "é" and native.maybeText(None) is None
    assert native.optionalTail(1) == 123
    assert native.optionalTail(1, 2) == 105
    assert native.optionalTail(1, c=4) == 124
    assert native.optionalTail(1, None, 4) == 124
    assert native.optionalFirst(None, 2) == 2
    raises(TypeError, "optionalFirst() missing 2 required positional arguments: 'a' and 'b'", native.optionalFirst)


def check_keyword_only():
    assert native.options(1) == 8
    assert native.options(1, count=2, nothing=3) == 6
    in_order = {"count": 2, "ratio": 1.0, "whole": 1.0, "flag": True, "nothing": 3}
    assert native.options(1, text="x", **in_order) == native.options(first=1, text="x", **in_order) == 6
    assert native.options(1, **in_order, text="x") == 6
    raises(
        TypeError,
        "options() takes 1 positional argument but 2 positional arguments (and 5 keyword-only arguments) were given",
        lambda: native.options(1, "x", **in_order),
    )
    raises(ValueError, "", native.options, 1, flag=False)
    raises(TypeError, "options() argument 'count': expected int, got str", native.options, 1, count="x")
    assert native.onlyOptions() == 1
    assert native.onlyOptions(lambda_=5) == 5
    assert native.keywordNames(from_=3, class_=1) == 2


def python_twin(a, b, c, d):
    return a + b + c + d


def python_options(first, *, text="", count=7, ratio=0.5, whole=2.0, flag=True, nothing=None):
    return first + count


def python_tail(a, b=None, c=None):
    return a


def check_wording_is_that_of_python():
    """The same calls of functions in Python and in Zig end in the same words."""
    calls = [
        ((), {}),
        ((1,), {}),
        ((1, 2), {}),
        ((1, 2, 3), {}),
        ((1, 2, 3, 4, 5), {}),
        ((1, 2, 3, 4, 5, 6), {"a": 1}),
        ((1, 2, 3, 4), {"zzz": 1}),
        ((1, 2, 3, 4), {"a": 1}),
        ((1,), {"a": 1, "b": 2}),
        ((), {"b": 1, "d": 2}),
        ((), {"a": 1, "b": 1, "c": 1}),
        ((), {"first": 1, "zzz": 1}),
        ((1, 2), {"count": 1}),
        ((1, 2, 3), {"count": 1, "flag": True}),
    ]
    twins = [(native.four, python_twin), (native.options, python_options), (native.optionalTail, python_tail)]
    for function, twin in twins:
        twin.__name__ = twin.__qualname__ = function.__name__
        for args, kwargs in calls:
            outcomes = []
            for one in (twin, function):
                try:
                    one(*args, **kwargs)
                    outcomes.append(None)
                except TypeError as error:
                    # 3.13 adds a guess at what was meant.
                    outcomes.append(str(error).partition(". Did you mean")[0])
            assert outcomes[0] == outcomes[1], (args, kwargs, outcomes)
    assert native.four(**{"a": 1, "b": 2, "c": 3, "d": 4}) == 10
    assert native.four(1, 2, **{"".join(["c"]): 3, "".join(["d"]): 4}) == 10
    assert native.four(1, 2, 3, **{Text("d"): 4}) == 10


def check_names_and_docs():
    def signature(name):
        return str(inspect.signature(getattr(native, name)))

    assert signature("four") == "(a, b, c, d)"
    assert signature("alias") == "(a, b, c, d)"
    assert signature("imported") == "(there)"
    assert signature("noop") == "()"
    assert signature("optionalTail") == "(a, b=None, c=None)"
    assert signature("optionalFirst") == "(a, b)"
    assert signature("repeat") == "(value, count)"
    assert signature("lateArena") == "(value)"
    assert signature("keywordNames") == "(from_, class_)"
    assert signature("onlyOptions") == "(*, lambda_=1)"
    assert signature("made") == "(arg0, /)"
    assert signature("unnamed") == "(arg0, arg1, /)"
    parameters = inspect.signature(native.options).parameters
    defaults = {name: parameter.default for name, parameter in parameters.items() if name != "first"}
    assert defaults == {
        "text": "it's \\ \"é\"\n",
        "count": 7,
        "ratio": 0.5,
        "whole": 2.0,
        "flag": True,
        "nothing": None,
    }
    assert type(defaults["whole"]) is float
    assert native.__doc__ == "Every conversion and every kind of parameter, for the tests."
    assert native.four.__doc__ == "Four parameters, for the wording of errors."
    assert native.imported.__doc__ == "From another file."
    assert native.imported(there=1) == 2
    assert native.made.__doc__ == "Made by a comptime call: its parameter names cannot be known."
    assert native.made(4) == 8
    raises(TypeError, "made() takes 1 positional argument but 2 were given", native.made, 1, 2)
    raises(TypeError, "made() argument 'arg0': expected int, got str", native.made, "x")
    assert not hasattr(native, "hidden")
    assert native.__name__ == "functions._native"
    assert native.four.__module__ == "functions._native"


def check_what_is_added_at_run_time():
    import functions._native.tables.deepest as deepest

    assert native.pointer_bits == sys.maxsize.bit_length() + 1
    assert native.quadruple(3) == 12 and native.quadruple.__doc__ == "Four times."
    assert str(inspect.signature(native.quadruple)) == "(value, /)"
    assert native.quadruple.__module__ == "functions._native"
    raises(TypeError, "quadruple() argument 'value': expected int, got str", native.quadruple, "x")
    raises(TypeError, None, native.quadruple, value=1)
    raises(OverflowError, "Overflow", native.quadruple, 2**62)
    tables = native.tables
    assert (tables.__name__, tables.__doc__) == ("functions._native.tables", "Made at run time.")
    assert (tables.two("ab"), tables.three("ab"), tables.two.__module__) == ("abab", "ababab", tables.__name__)
    raises(TypeError, "two() argument 'text': expected str, got int", tables.two, 1)
    assert deepest is tables.deepest and deepest.names == ["two", "three"]
    assert deepest.total(1, 2, x=5, y=6) == 5
    raises(TypeError, "total() argument 2: expected int, got str", deepest.total, 1, "x")


def check_arena():
    assert native.repeat("ab", 3) == "ababab"
    assert native.repeat("é", 50_000) == "é" * 50_000
    assert native.lateArena("x") == "x"
    raises(OverflowError, "Overflow", native.repeat, "ab", sys.maxsize * 2)
    raises(MemoryError, "OutOfMemory", native.repeat, "ab", sys.maxsize)


def check_errors():
    for which, kind in enumerate((ValueError, KeyError, StopIteration, NotImplementedError)):
        error = raises(kind, "", native.raiseNamed, which)
        assert error.args == ()
    assert native.raiseNamed(9) is None
    usual = (
        (MemoryError, "OutOfMemory"),
        (OverflowError, "Overflow"),
        (ZeroDivisionError, "DivisionByZero"),
        (FileNotFoundError, "FileNotFound"),
        (PermissionError, "AccessDenied"),
        (EOFError, "EndOfStream"),
        (RuntimeError, "Peculiar"),
    )
    for which, (kind, message) in enumerate(usual):
        raises(kind, message, native.raiseUsual, which)
    raises(ValueError, "", native.raiseAny, 0)
    raises(FileNotFoundError, "FileNotFound", native.raiseAny, 1)
    raises(RuntimeError, "Peculiar", native.raiseAny, 2)
    raises(LookupError, "any", native.raiseAny, 3)
    raises(ValueError, "é: -3", native.raiseMessage, "é", -3)
    raises(ValueError, "x" * 5000 + ": 1", native.raiseMessage, "x" * 5000, 1)
    raises(ValueError, "", native.neverReturns)


def every_path():
    """Each function once or more, with results and with every kind of error."""
    check_what_is_no_integer()
    check_booleans()
    check_texts()
    check_optionals()
    check_keyword_only()
    check_errors()
    check_arena()
    for name, (low, high) in WIDTHS.items():
        function = getattr(native, name)
        function(low)
        function(high)
        function(Index(high))
        for value in (low - 1, high + 1, 2**200):
            raises(OverflowError, None, function, value)
    for function in (native.f16_, native.f32_, native.f64_):
        function(0.5)
        function(Floating(0.5))
        raises(TypeError, None, function, "x")
        raises(TypeError, None, function, Floating(TypeError()))
        raises(OverflowError, None, function, 10**400)
    raises(OverflowError, None, native.f32_, 1e300)
    raises(TypeError, None, native.four, 1, 2, 3)
    raises(TypeError, None, native.four, 1, 2, 3, 4, 5)
    raises(TypeError, None, native.four, 1, 2, 3, 4, zzz=5)
    native.four(1, 2, c=3, d=4)


def check_no_call_leaks():
    """Wrong calls, and each way in which Zig fails; each width of ints."""

    def with_keywords(function, *args, **keywords):
        return lambda: function(*args, **keywords)

    class Failing:
        """Each exception is a new one: that of an object would get a longer traceback each time."""

        def __index__(self):
            raise KeyError("mine")

        __float__ = __index__

    calls = [
        (native.four, (1, 2, 3)),
        (native.four, (1, 2, 3, 4, 5)),
        (with_keywords(native.four, 1, 2, 3, 4, zzz=5), ()),
        (with_keywords(native.four, 1, 2, 3, 4, a=5), ()),
        (with_keywords(native.four, 1, 2, c=3, d=4), ()),
        (with_keywords(native.options, 1, count="x"), ()),
        (with_keywords(native.options, 1, text="x" * 100, flag=False), ()),
        (with_keywords(native.keywords, 1, extra="x", other=2), ()),
        (with_keywords(native.keywords, 1, extra=2, scale=3), ()),
        (native.count_rest, (1, 2, "x")),
        (native.repeat, ("ab", 100)),
        (native.repeat, ("ab", sys.maxsize)),
        (native.lateArena, ("ab" * 1000,)),
        (native.raiseMessage, ("x" * 1000, 1)),
        (native.neverReturns, ()),
        (native.i64_, (Failing(),)),
        (native.f64_, (Failing(),)),
        (native.quadruple, (2**62,)),
        (native.tables.three, ("ab" * 500,)),
    ]
    calls += [(native.raiseNamed, (which,)) for which in range(4)]
    calls += [(native.raiseUsual, (which,)) for which in range(7)]
    calls += [(native.raiseAny, (which,)) for which in range(4)]
    for name, (low, high) in WIDTHS.items():
        calls += [(getattr(native, name), (value,)) for value in (low, high, low - 1, high + 1, Index(high), "x")]
    for function in (native.f16_, native.f32_, native.f64_):
        calls += [(function, (value,)) for value in (0.5, 10**400, Floating(0.5), None)]
    keeps_all(calls)


def check_nothing_leaks():
    """References to shared objects and allocated blocks stay as they are, whatever happens to a call.

    The interpreter's own caches fill up for a while, so that the counts settle; a leak gains one a round or more, for
    ever.
    """
    shared = [None, True, False, 1 << 70, "text" * 10, Index(5)]
    rounds = 100

    def count():
        gc.collect()
        counts = []
        for i in range(len(shared)):
            counts.append(sys.getrefcount(shared[i]))
        return [*counts, sys.getallocatedblocks()]

    history = [count()]
    for _ in range(20):
        for _ in range(rounds):
            every_path()
            native.boolean(True)
            native.maybeInt(None)
            native.i128_(shared[3])
            native.text(shared[4])
            native.i64_(shared[5])
        history.append(count())
        changes = [after - before for before, after in zip(history[-2], history[-1])]
        assert changes[3:6] == [0, 0, 0], history
        if all(abs(change) < rounds // 2 for change in changes):
            return
    raise AssertionError(history)


def check_loads_again():
    """A second module object has a state of its own (PEP 489)."""
    from importlib.util import module_from_spec, spec_from_file_location

    spec = spec_from_file_location("functions._native", native.__file__)
    for _ in range(50):
        again = module_from_spec(spec)
        spec.loader.exec_module(again)
        assert again is not native
        assert again.four(1, 2, c=3, d=4) == 10
        del again
    gc.collect()
    assert native.four(1, 2, c=3, d=4) == 10


if __name__ == "__main__":
    run_checks(sys.modules["__main__"])
