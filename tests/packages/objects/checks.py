"""What the module `objects` must do, checked in whatever interpreter runs this file: no packages are needed."""

import gc
import pickle
import signal
import sys
import threading
import warnings
import weakref

import objects._native as native
from expect import calls_of, check_each, keeps_all, run_checks
from rows import ROWS


def raised(function, *args):
    try:
        result = function(*args)
    except BaseException as error:
        return error
    raise AssertionError(f"{result!r} came back")


class Plain:
    pass


def check_every_row():
    check_each(ROWS, native)


def check_no_row_leaks():
    keeps_all(calls_of(ROWS, native))


def check_exception_classes():
    error = raised(native.fail, "custom")
    assert type(error) is native.BadLine
    assert isinstance(error, ValueError)
    assert (str(error), error.line, error.column) == ("line 3 has no value", 3, 1)
    assert native.BadLine.__module__ == "objects._native"
    assert native.BadLine.__doc__ == "A line that cannot be read."
    assert native.BadLine.column == 1
    derived = raised(native.fail, "derived")
    assert type(derived) is native.WorseLine
    assert isinstance(derived, native.BadLine)
    copy = pickle.loads(pickle.dumps(error))
    assert (type(copy), copy.args, copy.line) == (native.BadLine, error.args, 3)


def check_table_of_errors():
    for function in native.fail, native.fail_anyhow:
        assert repr(raised(function, "NotPrime")) == "ArithmeticError('NotPrime')"
        assert repr(raised(function, "Empty")) == "LookupError('there is nothing')"
        assert repr(raised(function, "other")).startswith("RuntimeError('Strange'")


def check_chaining():
    cause = KeyError("k")
    error = raised(native.chained, cause)
    assert error.__cause__ is cause
    assert error.__suppress_context__
    error = raised(native.during, {}, "k")
    assert repr(error.__context__) == "KeyError('k')"
    assert error.__cause__ is None


def check_catching():
    assert native.item_or({"a": 1}, "a", 2) == 1
    assert native.item_or({}, "a", 2) == 2
    assert native.item_or([], 0, 2) == 2
    assert type(raised(native.item_or, [], "a", 2)) is TypeError
    assert native.catch_custom(lambda: native.fail("custom")) == 3
    assert native.catch_custom(lambda: None) is None
    assert type(raised(native.catch_custom, lambda: 1 / 0)) is ZeroDivisionError


def check_warnings():
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert native.deprecated() == 1
    (warning,) = caught
    assert (warning.category, str(warning.message)) == (DeprecationWarning, "use other")
    assert warning.filename == __file__
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert type(raised(native.deprecated)) is DeprecationWarning


def check_attributes_and_calls():
    plain = Plain()
    assert native.attributes(plain) == 42
    assert not hasattr(plain, "x")
    assert type(raised(native.attributes, 1)) is AttributeError
    assert native.call_with(lambda value, key, flag: (value, key, flag), 7) == (7, "text", True)
    assert native.dumps({"a": [1, None]}) == '{"a": [1, null]}'
    assert type(raised(native.dumps, object())) is TypeError


def check_typed_callables():
    assert native.apply(lambda a, b: a * int(b), 6, 7.0) == 42
    assert str(raised(native.apply, 1, 1, 1.0)) == (
        "apply() argument 'function': expected Callable[[int, float], int], got int"
    )
    assert str(raised(native.apply, lambda a, b: "text", 1, 1.0)) == "value: expected int, got str"


def check_iteration_and_operators():
    assert native.add_all([1, 2, 3.5]) == 6.5
    assert native.add_all(iter(range(4))) == 6
    assert type(raised(native.add_all, [1, "a"])) is TypeError
    assert type(raised(native.add_all, (1 // x for x in (1, 0)))) is ZeroDivisionError
    assert native.operators(2, 3) == pow(-6, 3, 1000)
    assert native.operators(-2, 3) == "6"
    assert [native.hash_of(item) for item in ("text", 5, -1, [])] == [hash("text"), 5, -2, None]
    assert native.containers({1: 2})
    assert native.containers({})
    no_truth = type("NoTruth", (dict,), {"__bool__": lambda self: self["mine"]})()
    assert repr(raised(native.containers, no_truth)) == "KeyError('mine')"


class Failing(dict):
    """Fails wherever Python asks it something."""

    def fail(self, *_arguments):
        raise KeyError("mine")

    __bool__ = __lt__ = __neg__ = __iter__ = __len__ = fail


def check_what_objects_raise_comes_through():
    for call in (
        lambda: native.containers(type("Truthless", (dict,), {"__bool__": Failing.fail})()),
        lambda: native.containers(Failing()),
        lambda: native.operators(Failing(), 1),
        lambda: native.operators(type("Negative", (), {"__neg__": lambda self: Incomparable()})(), 1),
        lambda: native.add_all(Failing()),
        lambda: native.attributes(type("Slots", (), {"__setattr__": Failing.fail})()),
        lambda: native.apply(Failing.fail, 1, 1.0),
    ):
        error = raised(call)
        assert repr(error) == "KeyError('mine')", error


class Incomparable:
    def __mul__(self, other):
        return self

    def __lt__(self, other):
        raise KeyError("mine")


def check_threads():
    assert native.release(1000) == sum(range(1000))
    seen = []
    native.from_thread(lambda: seen.append(threading.current_thread().ident))
    assert len(seen) == 1
    assert seen[0] != threading.get_ident()


def check_signals():
    if sys.platform == "win32" or not hasattr(signal, "setitimer"):
        return
    previous = signal.signal(signal.SIGALRM, signal.default_int_handler)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.2)
        assert type(raised(native.forever)) is KeyboardInterrupt
    finally:
        signal.signal(signal.SIGALRM, previous)


def check_lifetimes():
    owner, kept = Plain(), Plain()
    watch = weakref.ref(kept)
    native.tie(owner, kept)
    del kept
    assert watch() is not None
    del owner
    gc.collect()
    assert watch() is None
    assert type(raised(native.tie, 1, 2)) is TypeError


def deprecation():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        raised(native.deprecated)


def check_leaks():
    shared = Plain()
    calls = [
        lambda: raised(native.fail, "custom"),
        lambda: raised(native.fail, "Empty"),
        lambda: raised(native.chained, KeyError("k")),
        lambda: raised(native.during, {}, "k"),
        lambda: native.item_or({}, "a", shared),
        lambda: native.catch_custom(lambda: native.fail("custom")),
        lambda: native.attributes(shared),
        lambda: native.call_with(lambda value, key, flag: shared, 7),
        lambda: raised(native.call_with, lambda: None, 7),
        lambda: native.apply(lambda a, b: 1, 6, 7.0),
        lambda: raised(native.apply, lambda a, b: "text", 1, 1.0),
        lambda: native.add_all([1, 2, 3]),
        lambda: raised(native.add_all, [1, "a"]),
        lambda: native.operators(2, 3),
        lambda: native.containers({}),
        lambda: native.tie(Plain(), shared),
        lambda: raised(native.fail, "derived"),
        lambda: raised(native.fail, "NotPrime"),
        lambda: raised(native.fail_anyhow, "other"),
        lambda: raised(native.item_or, [], "a", 2),
        lambda: raised(native.catch_custom, lambda: 1 / 0),
        lambda: raised(native.attributes, 1),
        lambda: native.dumps({"a": [1, None]}),
        lambda: raised(native.dumps, shared),
        lambda: raised(native.tie, 1, shared),
        deprecation,
    ]

    before = sys.getrefcount(shared)
    keeps_all((call, ()) for call in calls)
    assert sys.getrefcount(shared) == before


if __name__ == "__main__":
    run_checks(sys.modules["__main__"])
