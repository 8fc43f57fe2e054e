"""What the module `arrays` must do, checked in whatever interpreter runs this file: no packages are needed."""

import array
import gc
import struct
import sys

try:
    import ctypes
except ImportError:  # A Python may be built without it.
    ctypes = None

import arrays._native as native
from expect import calls_of, check_each, keeps_all, raises, run_checks
from rows import BYTES, DOUBLES, ROWS


class Raising:
    def __float__(self):
        raise KeyError("mine")

    __index__ = __float__


class Calling:
    """Runs a function in the middle of a conversion."""

    def __init__(self, function):
        self.function = function

    def __float__(self):
        self.function()
        return 0.0

    __index__ = __float__


def check_every_row():
    check_each(ROWS, native)


WIDTHS = {"i8_": "b", "u8_": "B", "i16_": "h", "u16_": "H", "i32_": "i", "u32_": "I", "i64_": "q", "u64_": "Q"}
WIDTHS |= {"f32_": "f", "f64_": "d"}


def check_every_item_in_every_format():
    for name, code in WIDTHS.items():
        function = getattr(native, name)
        for other in "bBhHiIlLqQfd":
            data = array.array(other, [1, 2, 3])
            kind = "f" if other in "fd" else "u" if other.isupper() else "i"
            fits = name.rstrip("_") == f"{kind}{8 * data.itemsize}"
            if fits:
                assert function(data) == 6.0
                assert function(memoryview(data)[::2]) == 4.0
                assert function(memoryview(data)[::-1]) == 6.0
            else:
                message = (
                    f"{name}() argument 'value': expected a buffer of {name[:-1]} in this machine's byte order, "
                    f"got one of format '{other}' with {data.itemsize} bytes an item"
                )
                raises(TypeError, message, function, data)
        assert function(memoryview(struct.pack(f"3{code}", 1, 2, 3)).cast(code)) == 6.0
    assert native.f16_(native.halves()) == 3.0
    assert native.u8_(memoryview(b"\0\1\1").cast("?")) == 2.0
    assert native.u8_(memoryview(b"\1\2").cast("c")) == 3.0


def check_shapes():
    base = memoryview(array.array("d", range(24)))
    described = native.describe
    width = struct.calcsize("d")
    assert described(base) == "{ 24 } { %d } true" % width
    assert described(base[::2]) == "{ 12 } { %d } false" % (2 * width)
    assert described(base[::-1]) == "{ 24 } { %d } false" % -width
    assert described(base[:0]).endswith("true")
    assert described(base[5:6]).endswith("true")
    cast = base.cast("B").cast("d", [2, 3, 4])
    assert described(cast) == "{ 2, 3, 4 } { %d, %d, %d } true" % (12 * width, 4 * width, width)
    assert native.f64_(cast) == sum(range(24))
    # As many dimensions as a memoryview may have.
    deep = base.cast("B").cast("d", [1] * 63 + [24])
    assert described(deep).startswith("{ 1, 1, 1, ") and native.f64_(deep) == sum(range(24))
    scalar = memoryview(struct.pack("d", 2.5)).cast("d", [])
    assert described(scalar).replace(" ", "") == "{}{}true"
    assert native.f64_(scalar) == 2.5
    if ctypes:
        # A shape and no strides.
        nested = (ctypes.c_double * 3 * 2)((0, 1, 2), (3, 4, 5))
        assert described(nested) == "{ 2, 3 } { %d, %d } true" % (3 * width, width)
        assert native.f64_(nested) == 15.0
    # Not aligned: no slice, but all else.
    unaligned = memoryview(b"x" + struct.pack("3d", 1, 2, 3))[1:].cast("d")
    assert native.f64_(unaligned) == 6.0
    assert native.copied(unaligned).tolist() == [1.0, 2.0, 3.0]
    assert native.copied(base[::-2]).tolist() == [float(i) for i in range(23, 0, -2)]


def check_byte_order_and_zero_strides():
    if not ctypes:
        return
    other = ctypes.c_double.__ctype_be__ if sys.byteorder == "little" else ctypes.c_double.__ctype_le__
    message = "f64_() argument 'value': expected a buffer of f64 in this machine's byte order, got one of format "
    error = raises(TypeError, None, native.f64_, (other * 3)(1, 2, 3))
    assert str(error).startswith(message), error
    # A byte has no order.
    assert native.u8_((ctypes.c_ubyte * 2)(1, 2)) == 3.0
    # One item of a structure, and no item at all.
    raises(TypeError, None, native.f64_, (type("Pair", (ctypes.Structure,), {"_fields_": [("x", ctypes.c_double)]}) * 2)())
    assert native.f64_((ctypes.c_double * 0)()) == 0.0 and native.f64_((ctypes.c_double * 3 * 0)()) == 0.0


def check_writing():
    data = array.array("d", [1, 2, 3, 4])
    native.increase(data, 1)
    native.increase(memoryview(data)[::2], 10)
    assert data.tolist() == [12, 3, 14, 5]
    grid = native.grid(2, 2)
    native.increase(grid, 5)
    native.increase(native.transposed(2, 2), 5)
    assert grid.tolist() == [[5, 6], [7, 8]]
    message = "increase() argument 'value': expected a writable buffer, got a read-only one"
    for value in (
        memoryview(data).toreadonly(),
        struct.pack("d", 1),
        native.fixed(),
        memoryview(struct.pack("d", 1)).cast("d"),
    ):
        raises(TypeError, message, native.increase, value, 1)
    raises(
        TypeError, "increase() argument 'value': expected collections.abc.Buffer, got list", native.increase, [1.0], 1
    )


def check_buffers_are_given_back():
    """A bytearray with a view that was not given back cannot change its size."""
    data = bytearray(8)
    raises(BufferError, None, native.two, data, data, Calling(lambda: data.append(1)))
    for arguments in (
        (data, data, 1),
        (data, data, "no int"),
        (data, 1, 1),
        (data, array.array("d"), 1),
        (data, data, Raising()),
        (1, data, 1),
    ):
        try:
            native.two(*arguments)
        except (TypeError, KeyError):
            pass
        data.append(1)
    released = memoryview(data)
    released.release()
    raises(ValueError, None, native.maybe, released)
    raises(ValueError, None, native.two, released, data, 1)
    assert native.maybe(None) is None and native.maybe(data) == len(data) and native.maybe() is None
    data.append(1)
    raises(TypeError, "maybe() argument 'value': expected collections.abc.Buffer | None, got int", native.maybe, 1)


def check_exporters_in_python():
    """`__buffer__` of Python classes (PEP 688)."""
    if sys.version_info < (3, 12):
        return
    released = []

    class Exporter:
        def __buffer__(self, flags):
            return memoryview(DOUBLES)

        def __release_buffer__(self, view):
            released.append(view)
            view.release()

    assert native.f64_(Exporter()) == sum(DOUBLES)
    raises(TypeError, None, native.i8_, Exporter())
    assert len(released) == 2

    class Failing:
        def __buffer__(self, flags):
            raise KeyError("mine")

    raises(KeyError, "'mine'", native.f64_, Failing())
    raises(KeyError, "'mine'", native.increase, Failing(), 1)


def check_arrays():
    grid = native.grid(2, 3)
    assert type(grid) is memoryview and not grid.readonly
    assert grid.shape == (2, 3) and grid.format == "d" and grid.c_contiguous
    assert grid.tolist() == [[0, 1, 2], [3, 4, 5]]
    grid[1, 1] = 44
    assert native.f64_(grid) == 55
    assert native.cube().tolist()[1][2] == [20, 21, 22, 23]
    assert native.scalar().shape == () and native.scalar()[()] == 0.0
    assert native.bytes(0).tolist() == [] and bytes(native.bytes(5)) == b"\0\1\2\3\4"
    assert native.grid(0, 5).tolist() == [] and native.grid(3, 0).tolist() == [[], [], []]
    assert native.halves().format == "e" and native.longs().tolist() == [0, 1, 2]
    assert native.complexes().format == "Zd" and native.complexes().nbytes == 48
    assert native.complex128(native.complexes()) == 3003.0
    assert native.transposed(2, 3).tolist() == [[0, 3], [1, 4], [2, 5]]
    assert native.transposed(2, 3).f_contiguous and not native.transposed(2, 3).c_contiguous
    assert native.everySecond().tolist() == [0, 2, 4, 6, 8]
    assert native.describe(native.transposed(2, 3)).endswith("false")
    assert native.copied(native.transposed(2, 3)).tolist() == [[0, 3], [1, 4], [2, 5]]
    for shape, stride in (
        (11, 1),
        (6, 2),
        (sys.maxsize // 2, 2**10),
        (sys.maxsize, 1),
        (0, sys.maxsize * 2 + 1),
        (2, 10),
    ):
        raises(ValueError, "InvalidArgument", native.misfit, shape, stride)
    assert native.misfit(5, 2).shape == (5, 1) and native.misfit(0, 1).nbytes == 0
    raises(MemoryError, None, native.grid, sys.maxsize, sys.maxsize)
    raises(MemoryError, None, native.grid, sys.maxsize // 8 + 1, 1)
    raises(ValueError, "no", native.failing)
    assert native.fixed().readonly and native.fixed().tolist() == [1, 2, 3]


def check_views_keep_memory():
    view = native.bytes(100)[10:20]
    gc.collect()
    assert view.tolist() == list(range(10, 20))
    again = memoryview(view.obj)
    del view
    gc.collect()
    assert again.tolist() == list(range(100))
    exporter = again.obj
    assert type(exporter).__name__ == "Array" and type(exporter).__module__ == "arrays._native"
    raises(TypeError, None, type(exporter))
    raises(TypeError, None, setattr, type(exporter), "x", 1)


class Node:
    pass


def check_what_is_kept_alive():
    import weakref

    node = Node()
    alive = weakref.ref(node)
    view = native.kept(node)
    assert view.readonly and bytes(view) == b"abc"
    del node
    gc.collect()
    assert alive() is not None
    del view
    gc.collect()
    assert alive() is None
    # In a cycle.
    node = Node()
    alive = weakref.ref(node)
    node.view = native.kept(node)
    del node
    gc.collect()
    assert alive() is None


def check_contiguity_of_exports():
    """What an exporter must refuse (PEP 3118, the requests of `PyObject_GetBuffer`)."""
    transposed = native.transposed(2, 3).obj
    assert bytes(memoryview(transposed)) == struct.pack("6d", 0, 3, 1, 4, 2, 5)
    # `struct` asks for plain bytes, to read or to write.
    for array_ in (native.everySecond().obj, transposed):
        raises(BufferError, "the array is not contiguous", struct.unpack_from, "B", array_)
    assert struct.unpack_from("B", native.bytes(3).obj, 2) == (2,)
    raises(TypeError, None, struct.pack_into, "d", native.fixed().obj, 0, 1.0)


def check_dlpack():
    exporter = native.grid(2, 3).obj
    assert exporter.__dlpack_device__() == (1, 0)
    for _ in range(100):
        capsule = exporter.__dlpack__(stream=None, max_version=(1, 0), copy=False)
        assert type(capsule).__name__ == "PyCapsule" and "dltensor" in repr(capsule)
    raises(BufferError, "the array is passed without a copy only", exporter.__dlpack__, copy=True)
    raises(BufferError, "a read-only array cannot be passed on by DLPack 0", native.fixed().obj.__dlpack__)


def every_path():
    check_every_row()
    check_buffers_are_given_back()
    check_writing()
    check_dlpack()
    check_what_is_kept_alive()
    for function in (native.cube, native.scalar, native.transposed, native.everySecond, native.fixed, native.dropped):
        function(*(2, 3) if function is native.transposed else ())
    native.kept(DOUBLES)
    native.grid(100, 100)
    native.unlocked(DOUBLES)
    native.copied(memoryview(DOUBLES)[::2])
    raises(ValueError, None, native.misfit, 11, 1)
    raises(ValueError, None, native.failing)
    raises(MemoryError, None, native.grid, sys.maxsize, sys.maxsize)


def check_no_row_leaks():
    keeps_all(calls_of(ROWS, native))


def check_nothing_leaks():
    """References to shared objects and allocated blocks stay as they are, whatever happens to a call.

    The interpreter's own caches fill up for a while, so that the counts settle; a leak gains one a round or more, for
    ever.
    """
    shared = [DOUBLES, BYTES, memoryview(DOUBLES)]
    rounds = 60

    def count():
        gc.collect()
        return [*(sys.getrefcount(value) for value in shared), sys.getallocatedblocks()]

    history = [count()]
    for _ in range(20):
        for _ in range(rounds):
            every_path()
            native.f64_(shared[2])
            native.u8_(shared[1])
        history.append(count())
        changes = [after - before for before, after in zip(history[-2], history[-1])]
        assert changes[:-1] == [0] * len(shared), history
        if abs(changes[-1]) < rounds // 2:
            return
    raise AssertionError(history)


def resident():
    """Bytes of memory that the process has, where the system tells."""
    try:
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * 4096
    except OSError:
        return 0


def check_memory_of_arrays_is_freed():
    for _ in range(100):
        native.grid(1000, 1000)
    before = resident()
    for _ in range(200):
        native.grid(1000, 1000)
        native.transposed(100, 1000)
    assert resident() - before < 100 * 2**20


if __name__ == "__main__":
    run_checks(sys.modules["__main__"])
