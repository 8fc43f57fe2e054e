"""What the checks of all packages share. They run in any interpreter: no packages are needed."""

import gc
import sys
import traceback
import typing


class Row(typing.NamedTuple):
    """A line of the tables in `docs/conversions.md`, with values that show it.

    `values` go through `function` and come back as they are, or as `Becomes` says. `refused` is what raises as an
    argument: the value, the exception, and the end of its message. `unmade` is what raises as a result: a function, its
    arguments, and the exception.
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

    With `quick` among the program's arguments, those are left out that take minutes in an emulator; with `collect`, the
    garbage collector runs at every allocation that it counts.
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
