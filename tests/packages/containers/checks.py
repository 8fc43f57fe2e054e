"""What the module `containers` must do, checked in whatever interpreter runs this file: no packages are needed."""

import array
import collections
import gc
import sys
import sysconfig

import compound
import iterators

import containers._native as native
from expect import calls_of, check_each, keeps_all, raises, run_checks
from rows import ROWS
from samples import INT64, Dict, Floating, Index, List, Lying, Sequence, Text, fresh

FREE_THREADED = bool(sysconfig.get_config_var("Py_GIL_DISABLED"))


def check_rows():
    """What the page on conversions says."""
    check_each(ROWS, native)


def check_no_row_leaks():
    keeps_all(calls_of(ROWS, native))


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
    for call, where in (
        (lambda: native.texts(["a", "\ud800"]), "texts() argument 'values', item 1"),
        (lambda: native.nestedTexts([[], ["\ud800"]]), "nestedTexts() argument 'values', item 1, item 0"),
        (lambda: native.counts({"\ud800": 1}), "counts() argument 'value', key '\\ud800'"),
        (lambda: native.person({"name": "\ud800"}), "person() argument 'value', value of 'name'"),
        (lambda: native.intOrText("\ud800"), "intOrText() argument 'value'"),
        (lambda: native.restOf(1, "\ud800"), "restOf() argument 2"),
        (lambda: native.dictKeys({"\ud800": 1}), "dictKeys() argument 'values', key '\\ud800'"),
        (lambda: native.iterFirst(["\ud800"]), "iterFirst() argument 'values', item 0"),
    ):
        message = f"'utf-8' codec can't encode character '\\ud800' in position 0: surrogates not allowed in {where}"
        raises(UnicodeEncodeError, message, call)
    unencodable = UnicodeEncodeError("utf-8", "x", 0, 1, "mine")
    assert raises(UnicodeEncodeError, None, native.ints, [1, Index(unencodable)]) is unencodable
    assert raises(UnicodeEncodeError, None, native.nested, [[Index(unencodable)]]).reason == "mine"
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
    raises(TypeError, "numberSet() argument 'value': expected set[int] | frozenset[int], got list", native.numberSet, [1])


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
    iterators.check_iterators_in,
    iterators.check_iterators_out,
    compound.check_unions,
    compound.check_records,
    compound.check_what_is_held_is_given_back,
    compound.check_structs_of_defaults,
    compound.check_defaults_of_compound_types,
    compound.check_the_rest_of_the_arguments,
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


if __name__ == "__main__":
    run_checks(sys.modules["__main__"], iterators, compound)
