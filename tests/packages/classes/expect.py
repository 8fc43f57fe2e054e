"""What the checks share."""

import gc
import sys


def raises(kind, message, function, *args, **kwargs):
    """Call a function that must raise exactly this."""
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
