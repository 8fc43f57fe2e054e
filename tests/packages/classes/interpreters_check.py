"""Sub-interpreters that share the interpreter's lock, and module objects made anew: `python interpreters_check.py`."""

import gc
import importlib
import importlib.util
import sys

CODE = """
import classes._native as native
point = native.Point(1, 2).scaled(2)
assert repr(point) == "Point(x=2.0, y=4.0)" and native.norm_of(native.Point(3, 4)) == 5.0
assert native.values.Color.red.inverted() is native.values.Color.green
assert native.values.area(native.values.Figure.circle(2)) == 12.0
assert list(native.protocols.Numbers(3)) == [0, 1, 2]
node = native.memory.Node(None)
node.value = node
class Sub(native.shapes.Shape):
    def area(self):
        return 7
assert Sub("s").describe() == "s: 7"
kept = [native.Point.origin, Sub("x")]
"""


def subinterpreters():
    """Run the code in 100 interpreters, one after the other, and in several at once."""
    name = "_interpreters" if sys.version_info >= (3, 13) else "_xxsubinterpreters"
    interpreters = importlib.import_module(name)
    legacy = ("legacy",) if sys.version_info >= (3, 13) else ()
    options = {"isolated": False} if not legacy else {}

    def run(identity, code):
        failed = interpreters.run_string(identity, code)
        assert failed is None, failed

    path = f"import sys; sys.path[:] = {sys.path!r}\n"
    for _ in range(100):
        identity = interpreters.create(*legacy, **options)
        run(identity, path + CODE)
        interpreters.destroy(identity)
    several = [interpreters.create(*legacy, **options) for _ in range(5)]
    for identity in several:
        run(identity, path + CODE)
    exec(CODE, {})
    for identity in several:
        run(identity, CODE)
        interpreters.destroy(identity)


def interpreters_with_a_lock_of_their_own():
    """They are refused, and nothing else happens to them or to this one."""
    if sys.version_info < (3, 12):
        return
    name = "_interpreters" if sys.version_info >= (3, 13) else "_xxsubinterpreters"
    interpreters = importlib.import_module(name)
    code = f"""
import sys
sys.path[:] = {sys.path!r}
try:
    import classes._native
except ImportError as error:
    assert str(error) == "module classes._native does not support loading in subinterpreters", error
else:
    raise AssertionError
"""
    identity = interpreters.create()
    assert interpreters.run_string(identity, code) is None
    interpreters.destroy(identity)


def modules_made_anew():
    """Each module object has classes of its own, which go with it."""
    import classes._native as native

    spec = importlib.util.spec_from_file_location("classes._native", native.__file__)
    counts = []
    for i in range(60):
        again = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(again)
        assert again.Point is not native.Point and again.Point(1).x == 1.0
        exec(CODE.split("\n", 2)[2], {"native": again})
        # Memory that is kept for instances goes with the module.
        for make in (again.Point, again.memory.Node, again.memory.Open):
            instances = [make(1) for _ in range(200)]
            del instances
        del again
        if i % 10 == 9:
            gc.collect()
            gc.collect()
            counts.append(sys.getallocatedblocks())
    assert max(counts[-3:]) - min(counts[-3:]) < 300, counts
    assert native.Point(1).scaled(2) == native.Point(2)


if __name__ == "__main__":
    modules_made_anew()
    interpreters_with_a_lock_of_their_own()
    subinterpreters()
    print("interpreters passed")
