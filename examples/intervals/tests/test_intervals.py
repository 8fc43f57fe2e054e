"""The map against a list that is gone through from end to end."""

from __future__ import annotations

import copy
import gc
import pickle
import random
import weakref

import pytest
from intervals import Interval, IntervalMap


def example() -> IntervalMap:
    return IntervalMap([Interval(0, 10, "a"), Interval(2, 3, "b"), Interval(2, 9, "c"), Interval(20, 21)])


def test_intervals() -> None:
    interval = Interval(1, stop=2.5, value=[3])
    assert (interval.start, interval.stop, interval.value, interval.length) == (1.0, 2.5, [3], 1.5)
    assert 1 in interval
    assert 2.5 not in interval
    assert "x" not in interval
    assert interval.overlaps(Interval(2, 9))
    assert not interval.overlaps(Interval(2.5, 9))
    assert Interval(1, 2, "x") == Interval(1, 2, "y")
    assert Interval(1, 2) < Interval(1, 3) < Interval(2, 0)
    assert hash(Interval(0.0, 1)) == hash(Interval(-0.0, 1))
    with pytest.raises(AttributeError):
        interval.start = 3
    match interval:
        case Interval(start, stop, [three]):
            assert (start, stop, three) == (1.0, 2.5, 3)


def test_a_map_is_a_sequence_of_intervals() -> None:
    found = example()
    assert len(found) == 4
    assert [i.value for i in found] == ["a", "b", "c", None]
    assert found[0].value == "a"
    assert found[-1].start == 20.0
    assert 20.5 in found
    assert 15 not in found
    for index in (4, -5, 2**100):
        with pytest.raises(IndexError):
            found[index]
    with pytest.raises(ValueError, match="an interval from 3 to 3 is empty"):
        found.add(3, 3)
    with pytest.raises(ValueError, match="is empty"):
        found.add(float("nan"), 3)


def test_slices() -> None:
    found = example()
    everything = list(found)
    bounds = (None, -9, -2, 0, 1, 3, 9)
    for start in bounds:
        for stop in bounds:
            for step in (None, -3, -1, 1, 2):
                part = slice(start, stop, step)
                assert [i.value for i in found[part]] == [i.value for i in everything[part]]
    assert isinstance(found[:1], list)
    with pytest.raises(ValueError, match="slice step cannot be zero"):
        found[::0]
    with pytest.raises(TypeError, match=r"expected int \| slice, got str"):
        found["x"]


def test_columns_are_read_in_place() -> None:
    found = example()
    starts = found.starts
    view = memoryview(starts)
    assert (view.format, view.shape, view.readonly) == ("d", (4,), True)
    found.clear()
    assert view.tolist() == [0.0, 2.0, 2.0, 20.0]
    assert memoryview(example().stops).tolist() == [10.0, 3.0, 9.0, 21.0]
    assert len(starts) == 4
    assert len(found.starts) == 0
    del starts, found
    gc.collect()
    assert sum(view) == 24.0


def test_searches() -> None:
    found = example()
    assert [i.value for i in found.at(2.5)] == ["c", "b", "a"]
    assert [i.value for i in found.overlapping(9.5, 20)] == ["a"]
    assert list(found.at(10)) == []
    assert list(found.overlapping(15, 16)) == []
    assert found.pop(2, 9) == "c"
    assert [i.value for i in found.at(2.5)] == ["b", "a"]
    with pytest.raises(KeyError, match="no interval from 2 to 9"):
        found.pop(2, 9)


def test_random_maps_agree_with_a_list() -> None:
    dice = random.Random(7)  # noqa: S311 - no secret.
    for _ in range(50):
        found, plain = IntervalMap(), []
        for value in range(dice.randrange(60)):
            start = dice.randrange(100)
            stop = start + dice.randrange(1, 30)
            found.add(start, stop, value)
            plain.append((start, stop, value))
            if dice.random() < 0.2:
                start, stop, _ = dice.choice(plain)
                plain.remove((start, stop, found.pop(start, stop)))
        assert sorted((i.start, i.stop, i.value) for i in found) == sorted(plain)
        for point in range(0, 130, 3):
            expected = {value for start, stop, value in plain if start <= point < stop}
            assert {i.value for i in found.at(point)} == expected
            assert (point in found) == bool(expected)
            overlapping = {value for start, stop, value in plain if start < point + 5 and point < stop}
            assert {i.value for i in found.overlapping(point, point + 5)} == overlapping


def test_a_map_may_change_while_it_is_searched() -> None:
    found = example()
    search, iterator = found.at(2.5), iter(found)
    assert next(search).value == "c"
    assert next(iterator).value == "a"
    found.clear()
    assert list(search) == []
    assert list(iterator) == []
    assert len(found) == 0


def test_copies_and_pickles() -> None:
    found = example()
    for made in (copy.copy(found), copy.deepcopy(found), pickle.loads(pickle.dumps(found))):
        assert list(made) == list(found)
        assert [i.value for i in made] == [i.value for i in found]
        assert repr(made) == repr(found)


def test_cycles_are_collected() -> None:
    class Value:
        pass

    value = Value()
    alive = weakref.ref(value)
    value.map = IntervalMap([Interval(0, 1, value)])
    value.search = value.map.at(0.5)
    del value
    gc.collect()
    assert alive() is None
