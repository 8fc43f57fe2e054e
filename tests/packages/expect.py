"""What the checks of all packages share. They run in any interpreter: no packages are needed."""

import gc
import itertools
import sys
import traceback
import typing


class Row(typing.NamedTuple):
    """A line of the tables in `docs/conversions.md`, with values that show it.

    `values` go through `function` and come back as they are, or as `Becomes` says; of the direction "out" they are
    arguments and what comes of them. `refused` is what raises as an argument: the value, the exception, and the end of
    its message, or None. `unmade` is what raises as a result: a function, its arguments, and the exception.
    """

    group: str
    python: str
    zig: str
    direction: str
    cost: str
    function: str
    values: list
    refused: list
    unmade: list = []


class Becomes:
    """A value that comes back as another one."""

    def __init__(self, before, after):
        self.before = before
        self.after = after


class Made:
    """A value that only the extension's module can make."""

    def __init__(self, make):
        self.make = make


def passed(row, native):
    """The calls that a row shows: their arguments, and what comes back."""
    for value in row.values:
        if row.direction == "out":
            yield value
        elif isinstance(value, Made):
            made = value.make(native)
            yield (made,), made
        elif isinstance(value, Becomes):
            yield (value.before,), value.after
        else:
            yield (value,), value


def alike(one, other):
    """Equal, of the same type, and with the same sign of zero."""
    return one == other and type(one) is type(other) and (not isinstance(one, (float, complex)) or repr(one) == repr(other))


def check_each(rows, native, same=alike):
    """Functions of `native` do what the rows say. `same` compares results."""
    for row in rows:
        function = getattr(native, row.function)
        for arguments, expected in passed(row, native):
            result = function(*arguments)
            assert same(list(result) if row.python == "iterator" else result, expected), (row.function, arguments, result)
            assert row.cost != "view" or row.direction != "both" or result is arguments[0], (row.function, arguments)
        for value, kind, message in row.refused:
            error = str(raises(kind, None, function, value))
            if message is not None:
                assert f"{row.function}() argument '" in error and error.endswith(message), (row.function, value, error)
                assert message[0] not in ":," or error.startswith(row.function), error
        for name, arguments, kind in row.unmade:
            raises(kind, None, getattr(native, name), *arguments)


def calls_of(rows, native):
    """All that the rows show, and each of their errors: a function and its arguments."""
    for row in rows:
        function = getattr(native, row.function)
        yield from ((function, arguments) for arguments, _result in passed(row, native))
        yield from ((function, (value,)) for value, _kind, _message in row.refused)
        yield from ((getattr(native, name), arguments) for name, arguments, _kind in row.unmade)


def heap():
    """A function that says how many bytes the C library has given out, where it can say so: glibc since 2.33."""
    try:
        import ctypes

        mallinfo = ctypes.CDLL(None).mallinfo2
    except (ImportError, OSError, TypeError, AttributeError):
        return lambda: 0
    fields = "arena ordblks smblks hblks hblkhd usmblks fsmblks uordblks fordblks keepcost"
    mallinfo.restype = type("mallinfo2", (ctypes.Structure,), {"_fields_": [(name, ctypes.c_size_t) for name in fields.split()]})

    def count():
        info = mallinfo()
        return info.uordblks + info.hblkhd

    return count


def keeps_all(calls, rounds=200 if "brief" in sys.argv else 10_000):
    """No call gains a reference to its arguments, a block of Python's memory or bytes of C's in so many rounds.

    `calls` are functions and their arguments; what they raise is caught. The interpreter and its caches may take something
    now and then, and a free-threaded one takes a block a call until its memory has settled; a leak takes something in every
    round, for ever.
    """
    bytes_used = heap()
    for function, arguments in calls:
        for _ in range(20):
            gc.collect()
            before = [*map(sys.getrefcount, arguments)], sys.getallocatedblocks(), bytes_used()
            for _ in itertools.repeat(None, rounds):
                try:
                    function(*arguments)
                except Exception:
                    pass
            gc.collect()
            after = [*map(sys.getrefcount, arguments)], sys.getallocatedblocks(), bytes_used()
            gained = sum(after[0]) - sum(before[0]), after[1] - before[1], after[2] - before[2]
            if gained[0] < 10 and gained[1] < 20 and gained[2] < rounds:
                break
        else:
            raise AssertionError(f"{function.__name__}{arguments!r:.200} gains references, blocks and bytes: {gained}")


def raises(kind, message, function, *args, **kwargs):
    """Call a function that must raise exactly this, and return the exception."""
    try:
        result = function(*args, **kwargs)
    except BaseException as error:
        assert type(error) is kind, f"{error!r} is not a {kind.__name__}"
        assert message is None or str(error) == message, f"{str(error)!r} is not {message!r}"
        return error
    raise AssertionError(f"returned {result!r}")


def keeps_memory(function, shared=(), rounds=200):
    """Call a function often: references to `shared`, and allocated blocks, must stay.

    The interpreter's own caches fill up for a while, so that blocks settle; a leak gains one a round or more, for ever.
    """
    history = []
    for _ in range(20):
        for _ in range(rounds):
            function()
        gc.collect()
        history.append([*(sys.getrefcount(item) for item in shared), sys.getallocatedblocks()])
        if len(history) < 2:
            continue
        changes = [after - before for before, after in zip(history[-2], history[-1])]
        assert all(abs(change) < 10 for change in changes[:-1]), history
        if abs(changes[-1]) < rounds // 2:
            return
    raise AssertionError(history)


def run_checks(*modules):
    """Run all functions of modules that are named `check_`, say what fails, and end the program.

    With `quick` among the program's arguments, those are left out that take minutes in an emulator; with `brief`, leaks are
    looked for in fewer calls, for emulators and Debug builds; with `collect`, the garbage collector runs at every
    allocation that it counts.
    """
    if "collect" in sys.argv:
        gc.set_threshold(1, 1, 1)
    passed = failed = 0
    for module in modules:
        for name, check in sorted(vars(module).items()):
            if not name.startswith("check_") or check.__module__ != module.__name__:
                continue
            if "quick" in sys.argv and name.endswith(("leaks", "million_instances")):
                continue
            try:
                check()
                passed += 1
            except BaseException:
                failed += 1
                print(f"{module.__name__}.{name} in {sys.version}")
                traceback.print_exc(file=sys.stdout)
    print(f"{passed} checks passed, {failed} failed")
    sys.exit(failed > 0)
