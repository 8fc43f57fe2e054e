"""What the module `containers` must do with unions and structs, and with the rest of the arguments."""

import collections
import dataclasses
import inspect
import types

import containers._native as native
from expect import raises
from samples import INT64, Dict, Floating, Index, Text, fresh


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


def check_dataclasses():
    from containers.people import Pair, Person, Strict

    @dataclasses.dataclass
    class Derived(Person):
        size: int = 0

    result = native.dataclass(Derived(fresh("Ann") * 3, tags=["x"]))
    assert result == Person("AnnAnnAnn", 18, ["x"]) and type(result) is Person
    raises(TypeError, "dataclass() argument 'value', field 'age': expected int, got str", native.dataclass, Person("x", "y"))
    raises(OverflowError, None, native.dataclass, Person("x", 256))
    assert native.namedTuples([Pair(1, 2.5), Pair(second=1, first=2)]) == [(1, 2.5), (2, 1.0)]
    assert type(native.namedTuples((Pair(1, 2),))[0]) is Pair
    assert native.strict("a") == Strict("a")
    raises(ValueError, "no name", native.strict, "")
    raises(TypeError, "namedTuples() argument 'values', item 1: expected containers.people.Pair, got tuple", native.namedTuples, [Pair(1, 2), (1, 2)])


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
