"""Round trips of the packages `functions`, `values` and `arrays`, with NumPy and hypothesis."""

from __future__ import annotations

import datetime as dt
import decimal
import fractions
import importlib
import sys
import uuid
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from hypothesis.extra import numpy as arrays

from workbench import ROOT, Workbench, Zig

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

PACKAGES = ROOT / "tests" / "packages"
unhurried = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def imported(workbench: Workbench, wheel_of: tuple[Any, ...], module: str, zig: Zig) -> Iterator[ModuleType]:
    project, *options = wheel_of
    path = str(workbench.unpacked(workbench.wheel(project, *options, zig=zig)))
    sys.path.insert(0, path)
    try:
        yield importlib.import_module(module)
    finally:
        sys.path.remove(path)


@pytest.fixture(scope="module")
def values(workbench: Workbench, zig: Zig) -> Iterator[ModuleType]:
    yield from imported(workbench, (PACKAGES / "values",), "values._native", zig)


@pytest.fixture(scope="module")
def buffers(workbench: Workbench, zig: Zig) -> Iterator[ModuleType]:
    yield from imported(workbench, (PACKAGES / "arrays", "--stable-abi", "3.11"), "arrays._native", zig)


@pytest.fixture(scope="module")
def functions(workbench: Workbench, zig: Zig) -> Iterator[ModuleType]:
    yield from imported(workbench, (PACKAGES / "functions",), "functions._native", zig)


WIDTHS = ("i7", "i8", "u8", "i32", "u63", "i64", "u64", "i65", "u65", "i128", "u128")


@unhurried
@given(data=some.data(), width=some.sampled_from(WIDTHS))
def test_integers_of_every_width_come_back_or_do_not_fit(
    functions: ModuleType, data: some.DataObject, width: str
) -> None:
    bits = int(width[1:])
    low, high = (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if width[0] == "i" else (0, 2**bits - 1)
    near = some.sampled_from([low, high]).flatmap(lambda edge: some.integers(edge - 2, edge + 2))
    number = data.draw(near | some.integers(low, high) | some.integers(-(2 ** (bits + 1)), 2 ** (bits + 1)))
    function = getattr(functions, f"{width}_")
    if low <= number <= high:
        assert function(number) == number
    else:
        with pytest.raises(OverflowError, match=f"expected an int from {low} to {high}"):
            function(number)


@unhurried
@given(number=some.floats() | some.floats(width=32) | some.floats(width=16))
def test_floats_of_every_width_come_back_rounded(functions: ModuleType, number: float) -> None:
    assert repr(functions.f64_(number)) == repr(number)
    for kind, function in ((np.float32, functions.f32_), (np.float16, functions.f16_)):
        with np.errstate(over="ignore"):
            rounded = float(kind(number))
        if np.isinf(rounded) and np.isfinite(number):
            with pytest.raises(OverflowError):
                function(number)
        else:
            assert repr(function(number)) == repr(rounded)


@unhurried
@given(text=some.text(some.characters(exclude_categories=[]) | some.sampled_from("\0\ud800\udfff")))
def test_texts_come_back_or_name_their_argument(functions: ModuleType, text: str) -> None:
    if any("\ud800" <= character <= "\udfff" for character in text):
        for function in (functions.text, functions.terminated):
            with pytest.raises(UnicodeEncodeError, match="surrogates not allowed in .* argument 'value'"):
                function(text)
        return
    assert functions.text(text) == text
    if "\0" in text:
        with pytest.raises(ValueError, match=r"terminated\(\) argument 'value': embedded null character"):
            functions.terminated(text)
    else:
        assert functions.terminated(text) == text


def test_numpy_takes_arrays_without_a_copy(buffers: ModuleType) -> None:
    view = buffers.grid(np.int64(2), np.uint8(3))
    array = np.asarray(view)
    array[0, 0] = 9
    assert view[0, 0] == 9
    assert not array.flags.owndata
    del view
    assert array.sum() == 24
    assert np.asarray(buffers.complexes()).tolist() == [1j, 1 + 1j, 2 + 1j]
    assert np.asarray(buffers.longs()).dtype == np.int64
    assert np.asarray(buffers.transposed(2, 3)).flags.f_contiguous
    assert not np.asarray(buffers.fixed()).flags.writeable
    assert np.from_dlpack(buffers.transposed(2, 3).obj).tolist() == [[0, 3], [1, 4], [2, 5]]
    with pytest.raises(BufferError):
        np.from_dlpack(buffers.fixed().obj)
    for array in (buffers.scalar(), buffers.halves(), buffers.complexes(), buffers.bytes(0), buffers.everySecond()):
        taken = np.from_dlpack(array.obj)
        assert taken.dtype == np.asarray(array).dtype
        assert np.array_equal(taken, np.asarray(array))


def test_scalars_of_numpy(functions: ModuleType) -> None:
    for kind in (np.int8, np.uint16, np.int32, np.int64, np.uint64):
        assert functions.i64_(kind(5)) == functions.u8_(kind(5)) == functions.i128_(kind(5)) == 5
    with pytest.raises(OverflowError, match=r"u8_\(\) argument 'value': expected an int from 0 to 255"):
        functions.u8_(np.int64(300))
    for number in (np.float16(0.5), np.float32(0.5), np.float64(0.5)):
        assert functions.f64_(number) == functions.f32_(number) == 0.5
        with pytest.raises(TypeError, match="expected int, got float"):
            functions.i64_(number)
    with pytest.raises(TypeError, match="expected bool, got bool"):
        functions.boolean(np.bool_(True))  # noqa: FBT003
    assert functions.text(np.str_("é")) == "é"


def test_many_dimensions(buffers: ModuleType) -> None:
    for rank in (9, 32):
        array = np.arange(6.0).reshape((2, *[1] * (rank - 2), 3)).transpose()
        assert buffers.f64_(array) == 15
        assert np.array_equal(np.asarray(buffers.copied(array)), array)


def test_items_that_lie_in_one_place(buffers: ModuleType) -> None:
    """Strides of 0: each row is the same memory."""
    row = np.arange(3.0)
    assert buffers.f64_(np.broadcast_to(row, (4, 3))) == 12
    assert buffers.f64_(np.broadcast_to(row[1], (2, 5))) == 10
    assert np.asarray(buffers.copied(np.broadcast_to(row, (2, 3)))).tolist() == [[0, 1, 2], [0, 1, 2]]
    with pytest.raises(TypeError, match="expected a writable buffer"):
        buffers.increase(np.broadcast_to(row, (4, 3)), 1)


def test_what_numpy_arrays_may_not_be(buffers: ModuleType) -> None:
    for array in (np.arange(3), np.arange(3.0).astype(">f8"), np.zeros(2, "f8,i4"), np.array(["a"])):
        with pytest.raises(TypeError, match=r"f64_\(\) argument 'value': expected a buffer of f64 in this machine's"):
            buffers.f64_(array)
    frozen = np.arange(3.0)
    frozen.flags.writeable = False
    with pytest.raises(TypeError, match="expected a writable buffer, got a read-only one"):
        buffers.increase(frozen, 1)


@unhurried
@given(data=some.data())
def test_every_view_of_an_array_has_its_sum(buffers: ModuleType, data: some.DataObject) -> None:
    """Odd strides: steps, reversals, exchanged axes, parts, dimensions of length 0 and 1."""
    shape = data.draw(arrays.array_shapes(min_dims=1, max_dims=4, min_side=0, max_side=4))
    whole = np.arange(np.prod(shape), dtype="f8").reshape(shape)
    index = data.draw(arrays.basic_indices(shape, allow_newaxis=True, allow_ellipsis=True))
    part = np.asarray(whole[index])
    view = part.transpose(data.draw(some.permutations(range(part.ndim))))
    assert buffers.f64_(view) == view.sum()
    assert np.array_equal(np.asarray(buffers.copied(view)), view)
    wanted = view + 1
    buffers.increase(view, 1)
    assert np.array_equal(view, wanted)


@unhurried
@given(number=some.integers() | some.integers(-(2**2000), 2**2000))
def test_integers_come_back(values: ModuleType, number: int) -> None:
    assert values.bigConst(number) == number
    assert values.bigManaged(number) == number + 1
    assert values.square(number) == number * number


@unhurried
@given(number=some.floats(), other=some.floats())
def test_floats_come_back(values: ModuleType, number: float, other: float) -> None:
    for function in (values.f80_, values.f128_, values.longDouble):
        assert repr(function(number)) == repr(number)
    assert repr(values.complex128(complex(number, other))) == repr(complex(number, other))


ZONES = some.none() | some.timezones()


@unhurried
@given(
    when=some.datetimes(timezones=ZONES),
    clock=some.times(timezones=ZONES),
    day=some.dates(),
    delta=some.timedeltas(),
)
def test_dates_come_back(
    values: ModuleType, when: dt.datetime, clock: dt.time, day: dt.date, delta: dt.timedelta
) -> None:
    result = values.datetime(when)
    assert result.replace(tzinfo=None) == when.replace(tzinfo=None)
    assert (result.utcoffset(), result.fold) == (when.utcoffset(), when.fold)
    result = values.time(clock)
    assert result.replace(tzinfo=None) == clock.replace(tzinfo=None)
    assert (result.utcoffset(), result.fold) == (clock.utcoffset(), clock.fold)
    assert values.date(day) == day
    assert values.fromDayNumber(values.dayNumber(day)) == day
    assert values.timedelta(delta) == delta


@unhurried
@given(number=some.decimals(), ratio=some.fractions(), identifier=some.uuids(), octets=some.binary())
def test_other_values_come_back(
    values: ModuleType, number: decimal.Decimal, ratio: fractions.Fraction, identifier: uuid.UUID, octets: bytes
) -> None:
    assert values.decimal(number).as_tuple() == number.as_tuple()
    assert values.fraction(ratio) == ratio
    assert values.uuid(identifier) == identifier
    assert values.bytes(octets) == octets
    assert values.byteArray(bytearray(octets)) == octets


@unhurried
@given(
    name=some.text(some.characters(exclude_characters="\0", exclude_categories=["Cs"])), tail=some.binary(max_size=3)
)
def test_paths_come_back(values: ModuleType, name: str, tail: bytes) -> None:
    path = name.encode() + tail.replace(b"\0", b"")
    assert values.pathBytes(path) == path
    assert values.path(values.path(path)) == values.path(path)


def test_buffers_below_their_floor_are_refused_with_a_sentence(workbench: Workbench, zig: Zig) -> None:
    done = workbench.alloconda("wheel", "--project-dir", PACKAGES / "arrays", zig=zig, status=1)
    sentence = (
        "py.Buffer needs Python 3.11, but this build is for 3.10 and newer (stable ABI): "
        "build with the stable ABI of 3.11 (-Dstable-abi=3.11) or for one version (-Dpython-version=3.10)"
    )
    assert sentence in done.stderr
