"""What the module `containers` must do, checked in whatever interpreter runs this file: no packages are needed."""

import array
import collections
import dataclasses
import gc
import inspect
import sys
import sysconfig
import threading
import traceback
import types
import weakref

import containers._native as native
from rows import ROWS, VIEWS, Becomes

FREE_THREADED = bool(sysconfig.get_config_var("Py_GIL_DISABLED"))
INT64 = "an int from -9223372036854775808 to 9223372036854775807"


class Index:
    """An int by `__index__`, which may do something on the way."""

    def __init__(self, value, action=None):
        self.value = value
        self.action = action

    def __index__(self):
        if self.action:
            self.action()
        if isinstance(self.value, BaseException):
            raise self.value
        return self.value


class Floating:
    def __init__(self, value, action=None):
        self.value = value
        self.action = action

    def __float__(self):
        if self.action:
            self.action()
        return self.value


class List(list):
    pass


class Dict(dict):
    pass


class Sequence:
    def __init__(self, items):
        self.items = items

    def __len__(self):
        return len(self.items)

    def __getitem__(self, index):
        item = self.items[index]
        if isinstance(item, Exception):
            raise item
        return item


class Text(str):
    pass


class Holder:
    """Something that can be referenced weakly."""


def raises(kind, message, function, *args, **kwargs):
    try:
        result = function(*args, **kwargs)
    except BaseException as error:
        assert type(error) is kind, f"{error!r} is not a {kind.__name__}"
        assert message is None or str(error) == message, f"{str(error)!r} is not {message!r}"
        return error
    raise AssertionError(f"returned {result!r}")


def fresh(text):
    """A str that nothing else holds."""
    return "".join(list(text))


def check_rows():
    """What the page on conversions says."""
    for row in ROWS:
        function = getattr(native, row.function)
        for value in row.values:
            if row.direction == "out":
                arguments, expected = value
                result = function(*arguments)
                assert (list(result) if row.python == "iterator" else result) == expected, row
                continue
            before, after = (value.before, value.after) if isinstance(value, Becomes) else (value, value)
            result = function(before)
            assert result == after and type(result) is type(after), (row, result)
            assert row.group != VIEWS or result is before, row
        for value, kind, message in row.refused:
            error = raises(kind, None, function, value)
            assert str(error).startswith(f"{row.function}() argument '") and str(error).endswith("'" + message), (row, error)


def check_sequences_in():
    for values in ([], [1], [1, -2, 2**63 - 1, -(2**63)], list(range(1000))):
        result = native.ints(values)
        assert result == values and type(result) is list and result is not values
        for same in (tuple(values), List(values), collections.deque(values), array.array("q", values), Sequence(values)):
            assert native.ints(same) == values, type(same)
    assert native.ints(range(5)) == [0, 1, 2, 3, 4]
    assert native.ints(memoryview(bytes([1, 2]))) == [1, 2]
    assert native.ints([True, Index(7), 3]) == [1, 7, 3]
    assert native.smallInts([1, -128, 127]) == [1, -128, 127]
    assert native.floats([1, 2.5, True, Floating(0.5)]) == [1.0, 2.5, 1.0, 0.5]
    assert native.bools([True, False]) == [True, False]
    assert native.texts(["a", "é", "", Text("b")]) == ["a", "é", "", "b"]
    assert native.optionals([None, 1]) == [None, 1]
    assert native.nested([[1, 2], (), range(2)]) == [[1, 2], [], [0, 1]]
    assert native.nestedTexts([["a"], (fresh("bc"),)]) == [["a"], ["bc"]]
    things = [object(), "x"]
    assert all(a is b for a, b in zip(native.objects(things), things))
    values = [3, 1, 2]
    assert native.sorted(values) == [1, 2, 3] and values == [3, 1, 2]
    assert native.unlocked([0.5] * 10) == 5.0


def check_ints_of_one_digit_and_others():
    """Ints are read four at a time where all are like most."""
    for odd in (0, -1, -(2**63), 2**30 - 1, 2**30, 2**62, True, Index(7)):
        for length in (1, 3, 4, 5, 31, 37, 70):
            for place in range(length):
                values = list(range(100, 100 + length))
                values[place] = odd
                assert native.ints(values) == [int(value.value if isinstance(value, Index) else value) for value in values]
    for place in (0, 5, 50):
        values = list(range(1, 60))
        values[place] = -1
        raises(OverflowError, f"unsignedInts() argument 'values', item {place}: expected an int from 0 to 4294967295", native.unsignedInts, values)
        values[place] = 2**32 - 1
        assert native.unsignedInts(values) == values
        values[place] = "x"
        raises(TypeError, f"ints() argument 'values', item {place}: expected int, got str", native.ints, values)


def check_tuples_of_numbers():
    """Those that are what they mostly are take a short way."""
    named = collections.namedtuple("named", "a b")
    for pair in ((3, 0.5), named(3, 0.5), (Index(3), 0.5), (3, Floating(0.5)), (True, 1)):
        expected = 2.0 if pair[0] is True else 3.0
        assert native.scaled(pair, 2) == native.scaled(pair, Index(2)) == native.scaled(value=pair, factor=2) == expected
    raises(TypeError, "scaled() argument 'value', item 1: expected float, got str", native.scaled, (1, "x"), 1)
    raises(TypeError, "scaled() argument 'factor': expected int, got float", native.scaled, (1, 1.0), 1.0)
    raises(OverflowError, f"scaled() argument 'value', item 0: expected {INT64}", native.scaled, (2**63, 1.0), 1)
    raises(ValueError, "scaled() argument 'value': expected 2 items, got 3", native.scaled, (1, 1.0, 2), 1)
    raises(TypeError, "scaled() argument 'value': expected tuple[int, float], got list", native.scaled, [1, 1.0], 1)
    raises(ZeroDivisionError, "x", native.scaled, (Index(ZeroDivisionError("x")), 1.0), 1)


class Lying:
    """Says anything of its length, and may fail at an item."""

    def __init__(self, length, *items):
        self.length = length
        self.items = items

    def __len__(self):
        if isinstance(self.length, BaseException):
            raise self.length
        return self.length

    def __getitem__(self, index):
        if isinstance(self.items[index], BaseException):
            raise self.items[index]
        return self.items[index]


def check_sequences_that_lie():
    for length in (0, 1, 2, 1000):
        assert native.ints(Lying(length, 1, 2)) == [1, 2]
        raises(ValueError, "point() argument 'value': expected 3 items, got 2", native.point, Lying(length, 1, 2))
    raises(MemoryError, None, native.ints, Lying(sys.maxsize, 1, 2))
    for error in (KeyboardInterrupt("x"), MemoryError("x"), SystemExit("x"), RecursionError("x")):
        for sequence in (Lying(error, 1), Lying(2, 1, error), [1, Index(error)], (1, Index(error))):
            raises(type(error), "x", native.ints, sequence)


def check_containers_of_themselves():
    items = []
    items.append(items)
    raises(TypeError, "nested() argument 'values', item 0, item 0: expected int, got list", native.nested, items)
    table = {}
    table["a"] = table
    raises(TypeError, "counts() argument 'value', value of 'a': expected int, got dict", native.counts, table)
    raises(TypeError, "ordered() argument 'value', value of 'a': expected Sequence[float], got dict", native.ordered, table)


def check_keys_and_names_that_fail():
    class Key(str):
        def __hash__(self):
            return hash("name")

        def __eq__(self, other):
            raise ZeroDivisionError("eq")

    class Unprintable:
        def __repr__(self):
            raise KeyboardInterrupt("repr")

    raises(ZeroDivisionError, "eq", native.person, {Key("other"): 1})
    raises(ZeroDivisionError, "eq", native.dictGet, {Key("other"): 1}, "name")
    raises(KeyboardInterrupt, "repr", native.dictSum, {Unprintable(): 1})
    assert native.getKeyword(**{"\udc80": 1, "numbers": [2]}) == [2]
    assert native.getKeyword(**{"\udc80": 1}) is None


def check_what_is_no_sequence():
    wrong = ("12", b"12", bytearray(b"12"), {1: 2}, Dict(), {1}, frozenset(), 5, None, iter([1]), (i for i in [1]))
    for value in (*wrong, collections.UserDict({0: 1}), [1].__iter__(), {1: 2}.keys(), object()):
        message = f"ints() argument 'values': expected Sequence[int], got {type(value).__name__}"
        raises(TypeError, message, native.ints, value)
    raises(TypeError, "texts() argument 'values': expected Sequence[str], got str", native.texts, "abc")


def check_items_are_refused():
    raises(TypeError, "ints() argument 'values', item 2: expected int, got str", native.ints, [1, 2, "3"])
    raises(TypeError, "ints() argument 'values', item 1: expected int, got float", native.ints, (1, 2.0))
    raises(OverflowError, f"ints() argument 'values', item 1: expected {INT64}", native.ints, [1, 2**63])
    raises(OverflowError, "smallInts() argument 'values', item 0: expected an int from -128 to 127", native.smallInts, [128])
    raises(TypeError, "bools() argument 'values', item 1: expected bool, got int", native.bools, [True, 1])
    raises(TypeError, "optionals() argument 'values', item 0: expected int | None, got str", native.optionals, ["x"])
    raises(TypeError, "nested() argument 'values', item 1, item 0: expected int, got str", native.nested, [[], ["x"]])
    raises(TypeError, "nested() argument 'values', item 0: expected Sequence[int], got int", native.nested, [1])
    raises(KeyError, "'mine'", native.ints, [1, Index(KeyError("mine"))])
    raises(ValueError, "mine", native.ints, Sequence([1, ValueError("mine")]))
    raises(UnicodeEncodeError, None, native.texts, ["\ud800"])
    raises(MemoryError, None, native.ints, range(2**60)) if sys.maxsize > 2**32 else None


def check_code_that_changes_the_list_meanwhile():
    for change in ("clear", "grow", "replace"):
        values = [1, 2, 3, 4]

        def act(values=values, change=change):
            if change == "clear":
                values.clear()
            elif change == "grow":
                values.extend(range(1000))
            else:
                values[:] = ["x"] * len(values)

        values[1] = Index(20, act)
        assert native.ints(values) == [1, 20, 3, 4], change
        values[:] = [1.0, Floating(2.0, values.clear), 3.0]
        assert native.floats(values) == [1.0, 2.0, 3.0]
    values = [fresh("ab"), fresh("cd")]
    assert native.listKeeps(values) == "ab" and values == ["other", "cd"]
    mapping = {"a": 1}
    mapping["b"] = Index(2, mapping.clear)
    assert native.counts(mapping) == {"a": 1, "b": 2} and mapping == {}
    record = {"name": fresh("Ann")}
    record["age"] = Index(5, record.clear)
    assert native.person(record)["name"] == "Ann"
    numbers = [1, 2, 3]
    numbers[0] = Index(1, numbers.clear)
    assert native.listSum(numbers) == 1
    grows = {"a": 1, "b": 2}
    grows["a"] = Index(1, lambda: grows.update({str(i): i for i in range(100)}))
    raises(RuntimeError, "dictionary changed size during iteration", native.dictSum, grows)


def check_arrays_and_tuples():
    assert native.point([1, 2.5, True]) == [1.0, 2.5, 1.0]
    assert native.point((1.0, 2.0, 3.0)) == [1.0, 2.0, 3.0]
    assert native.grid([[1, 2], (3, 4)]) == [[1, 2], [3, 4]]
    assert native.names([fresh("ab"), "c"]) == ["ab", "c"]
    assert native.literalList() == [1, 2, 3]
    raises(ValueError, "point() argument 'value': expected 3 items, got 2", native.point, [1, 2])
    raises(ValueError, "point() argument 'value': expected 3 items, got 4", native.point, range(4))
    raises(ValueError, "grid() argument 'value', item 1: expected 2 items, got 0", native.grid, [[1, 2], []])
    raises(TypeError, "point() argument 'value': expected Sequence[float], got str", native.point, "abc")
    raises(TypeError, "point() argument 'value', item 0: expected float, got str", native.point, "a b c".split())
    assert native.pair((1, "a")) == (1, "a") and type(native.pair((1, "a"))) is tuple
    named = collections.namedtuple("named", "a b")
    assert native.pair(named(2, "b")) == (2, "b")
    assert native.single((True,)) == (True,)
    assert native.pairs([("a", 1), ("b", 2.5)]) == [("a", 1.0), ("b", 2.5)]
    raises(TypeError, "pair() argument 'value': expected tuple[int, str], got list", native.pair, [1, "a"])
    raises(ValueError, "pair() argument 'value': expected 2 items, got 3", native.pair, (1, "a", 2))
    raises(ValueError, "single() argument 'value': expected 1 item, got 0", native.single, ())
    raises(TypeError, "pair() argument 'value', item 1: expected str, got int", native.pair, (1, 2))
    raises(TypeError, "pairs() argument 'values', item 1, item 0: expected str, got int", native.pairs, [("a", 1), (2, 1)])


def check_array_lists_out():
    assert native.arrayList(5) == [0, 1, 4, 9, 16]
    assert native.arrayList(0) == []
    assert native.textList("é") == "éé"


def check_maps():
    for function in (native.counts, native.countsUnmanaged):
        name = function.__name__
        for value in ({}, {"a": 1}, {f"key {i}": i for i in range(500)}):
            result = function(value)
            assert result == value and type(result) is dict
        assert function(Dict(a=1)) == {"a": 1}
        assert function(collections.defaultdict(int, a=1)) == {"a": 1}
        raises(TypeError, f"{name}() argument 'value', value of 'a': expected int, got str", function, {"a": "x"})
        raises(TypeError, f"{name}() argument 'value', key 1: expected str, got int", function, {1: 1})
        raises(OverflowError, f"{name}() argument 'value', value of 'b': expected {INT64}", function, {"b": 2**63})
        raises(TypeError, f"{name}() argument 'value': expected dict[str, int], got list", function, [("a", 1)])
        raises(KeyError, "'mine'", function, {"a": Index(KeyError("mine"))})
    many = {f"k{i}": [float(i)] for i in range(100)}
    assert list(native.ordered(many).items()) == list(many.items())
    raises(TypeError, "ordered() argument 'value', value of 'a', item 1: expected float, got str", native.ordered, {"a": [1, "x"]})
    assert native.byNumber({1: "a", 65535: fresh("bc")}) == {1: "a", 65535: "bc"}
    raises(OverflowError, "byNumber() argument 'value', key 65536: expected an int from 0 to 65535", native.byNumber, {65536: ""})
    assert native.managedArrayMap({1: 2}) == {1: 2}
    assert native.orderedByNumber({5: True, -1: False}) == {5: True, -1: False}
    assert native.maps([{"a": 1}, {}]) == [{"a": 1}, {}]
    raises(TypeError, "maps() argument 'values', item 1, key 2: expected str, got int", native.maps, [{}, {2: 1}])


def check_sets():
    for value in (set(), {1, 2, 3}, set(range(300))):
        result = native.numberSet(value)
        assert result == value and type(result) is set
        assert native.numberSet(frozenset(value)) == value
    assert native.textSet({fresh("ab"), "é"}) == {"ab", "é"}
    raises(TypeError, "numberSet() argument 'value', key 'x': expected int, got str", native.numberSet, {"x"})
    raises(TypeError, "numberSet() argument 'value': expected set[int], got list", native.numberSet, [1])


def check_list_views():
    assert native.listSum([1, 2, Index(3), True]) == 7
    assert native.listSum(List([1])) == 1
    raises(TypeError, "listSum() argument 'values', item 2: expected int, got str", native.listSum, [1, 2, "3", 4])
    raises(OverflowError, f"listSum() argument 'values', item 0: expected {INT64}", native.listSum, [2**63])
    raises(KeyError, "'mine'", native.listSum, [Index(KeyError("mine"))])
    raises(TypeError, "listSum() argument 'values': expected list[int], got tuple", native.listSum, (1, 2))
    assert native.listGet([5, 6], 1) == 6
    raises(IndexError, "list index out of range", native.listGet, [5], 1)
    raises(IndexError, None, native.listGet, [5], 2 * sys.maxsize + 1)
    values = [1, 2]
    assert native.listSet(values, 1, 9) is values and values == [1, 9]
    raises(IndexError, "list assignment index out of range", native.listSet, values, 2, 0)
    texts = []
    native.listAppend(texts, "é")
    assert texts == ["é"]
    assert native.listContains([1, 2**62], 2**62) and not native.listContains([1.5], 1)
    assert native.listLen([None, 1, "x"]) == 3
    assert native.listMade(4) == [0, 1, 2, 3]
    assert native.listFrom(["a", "b"]) == ["a", "b"]
    assert native.tupleSum((1, 2.5)) == 3.5
    assert native.tupleGet((1.0,), 0) == 1.0
    raises(IndexError, "tuple index out of range", native.tupleGet, (1.0,), 1)
    raises(TypeError, "tupleSum() argument 'values', item 1: expected float, got str", native.tupleSum, (1.0, "x"))
    raises(TypeError, "tupleSum() argument 'values': expected tuple[float, ...], got list", native.tupleSum, [1.0])
    assert native.tupleMade([1, 2]) == (1, 2)


def check_dict_views():
    values = {"a": 1, "é": 2}
    assert native.dictGet(values, "é") == 2
    assert native.dictGet(values, "b") is None
    native.dictSet(values, "b", 3)
    assert values == {"a": 1, "é": 2, "b": 3}
    assert native.dictRemove(values, "b") and not native.dictRemove(values, "b")
    assert native.dictContains(values, "a") and not native.dictContains(values, "b")
    assert native.dictSum(values) == (3, 3)
    assert native.dictValues({1: 5, None: 6}) == 11
    assert native.dictValues({"a": Index(5)}) == 5
    assert native.dictKeys({fresh("ab"): object(), "c": 1}) == ["ab", "c"]
    assert native.dictMade(["x", "y"]) == {"x": 0, "y": 1}
    assert native.dictSum({}) == (0, 0)
    raises(TypeError, "dictGet() argument 'values', value of 'a': expected int, got str", native.dictGet, {"a": "x"}, "a")
    raises(TypeError, "dictSum() argument 'values', key 1: expected str, got int", native.dictSum, {1: 1})
    raises(TypeError, "dictValues() argument 'values', value of 'a': expected int, got str", native.dictValues, {"a": "x"})
    raises(RuntimeError, "dictionary changed size during iteration", native.dictGrows, {1: 1})
    raises(RuntimeError, "dictionary changed size during iteration", native.dictChanges, {1: 1, 2: 2, 3: 3}, 2, None)
    raises(RuntimeError, "dictionary changed size during iteration", native.dictChanges, {1: 1}, 0, 5)
    if not FREE_THREADED:  # There a copy is iterated over, whose keys stay.
        raises(RuntimeError, "dictionary keys changed during iteration", native.dictChanges, {1: 1, 2: 2, 3: 3}, 1, 4)
    assert native.dictChanges({1: 1, 2: 2, 3: 3}, 2, 4) == 3
    assert native.dictChanges({1: 1, 2: 2, 3: 3}, 4, None) == 3
    raises(TypeError, "dictGet() argument 'values': expected dict[str, int], got list", native.dictGet, [], "a")


def check_set_views():
    assert native.setSum({1, 2, 3}) == 9
    raises(TypeError, "setSum() argument 'values', item 0: expected int, got str", native.setSum, {"x"})
    values = {1}
    assert native.setChange(values, 2, 1) is True and values == {2}
    assert native.setChange(values, 2, 1) is False
    assert native.setContains({"a"}, "a") and not native.setContains({"a"}, "b")
    assert native.setMade([1, 1, 2]) == {1, 2}
    assert native.frozenSum(frozenset({1, 2})) == 3
    assert native.frozenMade([1, 2, 2]) == frozenset({1, 2}) and type(native.frozenMade([])) is frozenset
    raises(TypeError, "setSum() argument 'values': expected set[int], got frozenset", native.setSum, frozenset())
    raises(TypeError, "frozenSum() argument 'values': expected frozenset[int], got set", native.frozenSum, set())


def failing_generator(error):
    yield 1
    raise error


def check_iterators_in():
    assert native.iterSum(i for i in range(10)) == 45
    for values in ([1, 2], (1, 2), {1, 2}, {1: 0, 2: 0}, range(1, 3), iter([1, 2]), collections.deque([1, 2])):
        assert native.iterSum(values) == 3
    assert native.iterFirst("abc") == "a"
    assert native.iterFirst(fresh(str(i) * 3) for i in range(1000)) == "000"
    assert native.iterFirst([]) is None
    numbers = iter(range(10))
    assert native.iterTake(numbers, 3) == [0, 1, 2]
    assert next(numbers) == 3
    assert native.iterTake([1], 5) == [1]
    raises(ValueError, "mine", native.iterSum, failing_generator(ValueError("mine")))
    raises(TypeError, "iterSum() argument 'values', item 1: expected int, got str", native.iterSum, [1, "a"])
    raises(TypeError, "iterSum() argument 'values': expected Iterable[int], got int", native.iterSum, 5)

    class Refuses:
        def __iter__(self):
            raise TypeError("mine")

    raises(TypeError, "mine", native.iterSum, Refuses())
    raises(TypeError, None, native.iterSum, type("NoIter", (), {"__iter__": None})())


def check_iterators_out():
    assert list(native.countdown(4)) == [4, 3, 2, 1]
    numbers = native.countdown(3)
    assert iter(numbers) is numbers and next(numbers) == 3 and list(numbers) == [2, 1]
    raises(StopIteration, "", next, numbers)
    raises(StopIteration, "", next, numbers)
    assert native.maybeCountdown(None) is None and list(native.maybeCountdown(2)) == [2, 1]
    one, two = native.countdowns(2)
    assert list(zip(one, two)) == [(2, 3), (1, 2)]
    kind = type(numbers)
    assert kind.__name__ == "iterator" and kind.__module__ == "containers._native"
    assert type(native.countdown(1)) is kind
    raises(TypeError, None, kind)
    text = fresh("some words " * 50)
    words = native.words(text)
    expected = text.split()
    del text
    assert list(words) == expected
    values = native.failing(2)
    assert [next(values), next(values)] == [1, 0]
    raises(ValueError, "", next, values)
    raises(StopIteration, "", next, values)
    assert list(native.squares([1, 2, 3])) == [[1, 1], [2, 4], [3, 9]]
    assert len(list(native.squares(list(range(2000))))) == 2000
    assert list(native.doubled(i for i in range(4))) == [0, 2, 4, 6]
    raises(ValueError, "mine", list, native.doubled(failing_generator(ValueError("mine"))))
    raises(TypeError, "doubled() argument 'values', item 1: expected int, got str", list, native.doubled([1, "x"]))
    raises(LookupError, "", native.failsBefore, [1])


def check_iterators_give_back_what_they_hold():
    for end in ("exhaust", "drop", "fail"):
        holder = Holder()
        gone = weakref.ref(holder)
        values = native.closing(holder, 2)
        del holder
        next(values)
        gc.collect()
        assert gone() is not None
        if end == "exhaust":
            assert list(values) == [0]
        else:
            del values
        gc.collect()
        assert gone() is None, end
    holder = [1, 2]
    before = sys.getrefcount(holder)
    numbers = native.doubled(holder)
    assert sys.getrefcount(holder) > before
    list(numbers)
    assert sys.getrefcount(holder) == before
    numbers = native.doubled(holder)
    next(numbers)
    del numbers
    gc.collect()
    assert sys.getrefcount(holder) == before


def check_cycles_through_iterators_are_collected():
    class Source:
        def __iter__(self):
            return self

        def __next__(self):
            return 1

    source = Source()
    gone = weakref.ref(source)
    source.numbers = native.doubled(source)
    next(source.numbers)
    del source
    gc.collect()
    assert gone() is None


def check_iterators_are_not_entered_twice():
    class Source:
        def __iter__(self):
            return self

        def __next__(self):
            return next(self.numbers)

    source = Source()
    source.numbers = native.doubled(source)
    raises(ValueError, "iterator already executing", next, source.numbers)
    raises(StopIteration, "", next, source.numbers)


def check_threads():
    """Lists and dicts that other threads change meanwhile."""
    values = list(range(100))
    mapping = dict.fromkeys(map(str, range(100)), 1)
    stop = threading.Event()
    failures = []

    def change():
        while not stop.is_set():
            values.clear()
            values.extend(range(100))
            mapping.clear()
            mapping.update(dict.fromkeys(map(str, range(100)), 1))

    def read():
        try:
            for _ in range(300):
                native.ints(values)
                native.counts(mapping)
                native.sum(values)
                for function in (native.listSum, native.listGet):
                    try:
                        function(*((values,) if function is native.listSum else (values, 50)))
                    except IndexError:
                        pass
                try:
                    native.dictSum(mapping)
                except RuntimeError as error:
                    assert "changed size" in str(error)
        except BaseException as error:
            failures.append(error)

    readers = [threading.Thread(target=read) for _ in range(3)]
    changer = threading.Thread(target=change)
    for thread in (*readers, changer):
        thread.start()
    for thread in readers:
        thread.join()
    stop.set()
    changer.join()
    assert not failures, failures


def check_unions():
    for value, kind in ((None, "none"), (True, "flag"), (0, "whole"), (1, "whole"), (1.0, "real"), ("1", "text")):
        result = native.scalar(value)
        assert result == value and type(result) is type(value)
        assert native.scalarKind(value) == kind
    assert native.scalarKind(Index(3)) == "whole"
    assert native.scalarKind(Floating(3.0)) == "real"
    assert native.scalarKind(type("Int", (int,), {})(3)) == "whole"
    assert native.scalarKind(Text("x")) == "text"
    values = [None, False, 1, 1.5, "x"]
    assert [(type(v), v) for v in native.scalars(values)] == [(type(v), v) for v in values]
    expected = "expected None | bool | int | float | str, got list"
    raises(TypeError, f"scalarKind() argument 'value': {expected}", native.scalarKind, [])
    raises(TypeError, f"scalars() argument 'values', item 1: {expected}", native.scalars, [1, []])
    raises(OverflowError, None, native.scalarKind, 2**63)
    assert native.intOrText(True) == 1 and native.intOrTextKind(True) == "whole"
    raises(TypeError, "intOrText() argument 'value': expected int | str, got list", native.intOrText, [])
    raises(TypeError, "intOrText() argument 'value': expected int | str, got float", native.intOrText, 1.0)
    raises(OverflowError, f"intOrText() argument 'value': expected {INT64}, or str", native.intOrText, 2**63)
    raises(KeyError, "'mine'", native.intOrText, Index(KeyError("mine")))
    assert native.table({"a": 1, "b": "x"}) == {"a": 1, "b": "x"}
    raises(TypeError, "table() argument 'value', value of 'a': expected int | str, got float", native.table, {"a": 0.5})
    assert native.width(255) == "small" and native.width(256) == "big" and native.width(-1) == "big"
    raises(OverflowError, f"width() argument 'value': expected an int from 0 to 255, or {INT64}", native.width, 2**63)
    for value, kind in ((["a"], "texts"), ([1.5], "numbers"), ([], "texts"), ({}, "map"), ((1, 2, 3), "numbers"), (range(2), "numbers")):
        assert native.many(value) == kind, value
    anything = "Sequence[str] | Sequence[float] | dict[str, int] | tuple[int, int, int]"
    raises(TypeError, f"many() argument 'value': expected {anything}, got list", native.many, [[]])
    raises(TypeError, "many() argument 'value', value of 'a': expected int, got str", native.many, {"a": "x"})
    assert native.oneList(1) == 1 and native.oneList([1]) == [1]
    raises(TypeError, "oneList() argument 'value', item 1: expected int, got str", native.oneList, [1, "x"])


def check_records():
    full = {"name": "Ann", "age": 30, "tags": ["a", "b"]}
    assert native.person(full) == full
    assert native.person(Dict(name="Bo")) == {"name": "Bo", "age": 18, "tags": []}
    assert native.people([full, {"name": fresh("Cy")}])[1]["name"] == "Cy"
    where = "person() argument 'value'"
    raises(TypeError, f"{where}: missing key 'name'", native.person, {"age": 1})
    raises(TypeError, f"{where}: unexpected key 'size'", native.person, {"name": "x", "size": 1})
    raises(TypeError, f"{where}: unexpected key 1", native.person, {"name": "x", 1: 1})
    raises(TypeError, f"{where}, value of 'name': expected str, got int", native.person, {"name": 1})
    raises(OverflowError, f"{where}, value of 'age': expected an int from 0 to 255", native.person, {"name": "x", "age": 256})
    raises(TypeError, f"{where}, value of 'tags', item 0: expected str, got int", native.person, {"name": "x", "tags": [1]})
    raises(TypeError, f"{where}: expected dict[str, Any], got list", native.person, [])
    raises(TypeError, "people() argument 'values', item 0: missing key 'name'", native.people, [{}])


def check_attributes():
    @dataclasses.dataclass
    class Person:
        name: str
        age: int = 1

    assert native.attributes(Person(fresh("Ann"))) == {"name": "Ann", "age": 1, "tags": []}
    assert native.attributes(types.SimpleNamespace(name="x", tags=["y"], more=1))["tags"] == ["y"]
    assert native.attributes(collections.namedtuple("named", "name")("n"))["name"] == "n"

    class Computed:
        @property
        def name(self):
            return fresh("made") * 3

    assert native.attributes(Computed())["name"] == "mademademade"
    raises(TypeError, "attributes() argument 'value': missing attribute 'name'", native.attributes, 5)
    raises(TypeError, "attributes() argument 'value', field 'name': expected str, got int", native.attributes, Person(1))

    class Fails:
        @property
        def name(self):
            raise KeyError("mine")

    raises(KeyError, "'mine'", native.attributes, Fails())


def check_structs_of_defaults():
    assert native.settingsFirst({}, 2) == 6
    assert native.settingsFirst({"retries": 5, "verbose": True}, 2) == 11
    assert native.settingsLast(2, retries=5, verbose=True) == 11
    raises(TypeError, "settingsFirst() argument 'settings': unexpected key 'x'", native.settingsFirst, {"x": 1}, 2)
    assert str(inspect.signature(native.settingsFirst)) == "(settings, scale)"
    assert str(inspect.signature(native.settingsLast)) == "(scale, *, retries=3, verbose=False)"


def check_defaults_of_compound_types():
    assert str(inspect.signature(native.compoundDefaults)) == (
        "(first, *, numbers=[1, 2], corner=[0.0, 0.5], pair=(1, 'a'), either='x', "
        "person={'name': 'Ann', 'age': 18, 'tags': []}, nothing=None)"
    )
    assert native.compoundDefaults(1) == 3
    assert native.compoundDefaults(1, numbers=[10], pair=(5, ""), either=3, person={"name": ""}, nothing=["x"]) == 16


def check_what_is_held_is_given_back():
    cases = [
        (native.countedList, [2, 4, 6], 3, [2, 4, 5]),
        (native.countedArray, [2, 4], 2, [2, 5]),
        (native.countedTuple, (2, 0, 4), 2, (2, 0, 5)),
        (native.countedTuple, (2, 0, None), 1, (2, "x", 4)),
        (native.countedStruct, {"a": 2, "b": [4, 6], "c": 0}, 3, {"a": 2, "b": [4, 6], "c": "x"}),
        (native.countedStruct, {"a": 2, "b": [], "c": 0}, 1, {"a": 2, "b": [4, 6]}),
        (native.countedStruct, {"a": 2, "b": [], "c": 0}, 1, {"a": 2, "b": [4], "c": 1, "d": 2}),
        (native.countedAttributes, 2 + 0j, 1, 2.5),
        (native.countedUnion, 2, 1, 3),
        (native.countedUnion, [2, 4], 2, [2, 4, 5]),
        (native.countedUnion, "x", 0, {}),
    ]
    for function, taken, held, refused in cases:
        if function is native.countedAttributes:
            taken, refused = types.SimpleNamespace(real=2, imag=0), types.SimpleNamespace(real=2, imag="x")
        assert function(taken) == held, function
        assert native.heldNow() == 0, function
        raises(TypeError, None, function, refused)
        assert native.heldNow() == 0, (function, refused)
    assert native.countedNested([[2], [4, 6]], 1) == 3
    raises(TypeError, None, native.countedNested, [[2], [4, 6]], "x")
    raises(TypeError, None, native.countedNested, [[2], [4, 5]], 1)
    assert native.heldNow() == 0


def check_the_rest_of_the_arguments():
    assert native.getRest(1, 2, 3) == 6
    raises(TypeError, "getRest() argument 3: expected int, got str", native.getRest, 1, 2, "x")
    raises(OverflowError, f"getRest() argument 2: expected {INT64}", native.getRest, 1, 2**63)
    assert native.unlockedRest(1, 2.5) == 3.5 and native.unlockedRest() == 0
    assert native.restOf(1) == [] and native.restOf(1, "a", "b") == ["a", "b"]
    raises(TypeError, "restOf() argument 3: expected str, got int", native.restOf, 1, "a", 2)
    assert str(inspect.signature(native.restOf)) == "(first, *args)"
    assert native.getKeyword(numbers=[1]) == [1] and native.getKeyword(other=1) is None
    raises(TypeError, "getKeyword() argument 'numbers': expected Sequence[int], got int", native.getKeyword, numbers=3)
    where = "getKeyword() argument 'numbers', item 1"
    raises(TypeError, f"{where}: expected int, got str", native.getKeyword, numbers=[1, "x"])


def check_positional_only_passed_as_keyword():
    """The words are those that CPython has for a function in Python."""
    space = {}
    exec("def partlyPositional(a, b, /, c): pass", space)
    for keywords in ({"b": 2}, {"a": 1, "b": 2}, {"c": 3, "b": 2, "x": 4}, {"x": 1}):
        expected = raises(TypeError, None, space["partlyPositional"], 1, 2, **keywords)
        raises(TypeError, str(expected), native.partlyPositional, 1, 2, **keywords)
    assert native.partlyPositional(1, 2, c=3) == 123


LEAK_CHECKS = [
    check_sequences_in,
    check_what_is_no_sequence,
    check_items_are_refused,
    check_code_that_changes_the_list_meanwhile,
    check_arrays_and_tuples,
    check_array_lists_out,
    check_maps,
    check_sets,
    check_list_views,
    check_dict_views,
    check_set_views,
    check_iterators_in,
    check_iterators_out,
    check_unions,
    check_records,
    check_what_is_held_is_given_back,
    check_structs_of_defaults,
    check_defaults_of_compound_types,
    check_the_rest_of_the_arguments,
]


def check_nothing_leaks():
    """References to shared objects and allocated blocks stay as they are, whatever happens to a call.

    The interpreter's own caches fill up for a while, so that the counts settle; a leak gains one a round or more, for
    ever.
    """
    shared = [1 << 70, "text" * 10, [1, 2], {"a": 1}, ("x", 1), Index(5), frozenset({1})]
    rounds = 20

    def use():
        for check in LEAK_CHECKS:
            check()
        number, text, values, mapping, pair, index, frozen = shared
        for _ in range(10):
            native.texts([text])
            native.objects([number, text, values])
            native.ints([index])
            native.listSum(values)
            native.counts(mapping)
            native.dictSum(mapping)
            native.iterSum(values)
            native.frozenSum(frozen)
            native.scalar(text)
            list(native.words(text))
            next(native.doubled(values))
            raises(TypeError, None, native.texts, [text, number])
            raises(TypeError, None, native.pair, pair)
            raises(TypeError, None, native.counts, {text: text})
            raises(OverflowError, None, native.ints, [1, number])
            raises(TypeError, None, native.attributes, index)

    def count():
        gc.collect()
        return [*(sys.getrefcount(shared[i]) for i in range(len(shared))), sys.getallocatedblocks()]

    history = [count()]
    for _ in range(20):
        for _ in range(rounds):
            use()
        history.append(count())
        changes = [after - before for before, after in zip(history[-2], history[-1])]
        assert not any(changes[:-1]), history
        # The counts of free-threaded builds go up and down.
        if any(history[-1][-1] - before[-1] < rounds // 2 for before in history[1:-1]):
            return
    raise AssertionError(history)


def main():
    failed = 0
    checks = [(name, check) for name, check in sorted(globals().items()) if name.startswith("check_")]
    for name, check in checks:
        try:
            check()
        except BaseException:
            failed += 1
            print(f"{name} in {sys.version}")
            traceback.print_exc(file=sys.stdout)
    print(f"{len(checks) - failed} checks passed, {failed} failed")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
