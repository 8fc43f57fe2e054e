"""The conversions of this package: what `docs/conversions.md` says of them, and values that show it."""

import collections

from expect import Becomes, Made, Row


class Thing:
    name = "thing"


def people():
    from containers import people

    return people


class Letters:
    def __iter__(self):
        yield "a"
        yield "b"


SEQUENCES = "Sequences"
MAPPINGS = "Mappings and sets"
VIEWS = "Containers in place"
ITERATORS = "Iterators"
COMPOUND = "Unions and structs"

ROWS = [
    Row(
        SEQUENCES,
        "sequence in, list out",
        "[]const T, []T",
        "both",
        "copy",
        "ints",
        [[], [1, 2], Becomes((1, 2), [1, 2]), Becomes(range(3), [0, 1, 2]), Becomes(collections.deque([1]), [1])],
        [
            ("12", TypeError, ": expected Sequence[int], got str"),
            ({1}, TypeError, ": expected Sequence[int], got set"),
            ([1, "2"], TypeError, ", item 1: expected int, got str"),
        ],
    ),
    Row(
        SEQUENCES,
        "sequence in, list out",
        "[N]T",
        "both",
        "copy",
        "point",
        [[1.0, 2.0, 3.0], Becomes((1, 2, 3), [1.0, 2.0, 3.0])],
        [([1, 2], ValueError, ": expected 3 items, got 2"), (None, TypeError, ": expected Sequence[float], got NoneType")],
    ),
    Row(SEQUENCES, "list", "std.ArrayList(T)", "out", "copy", "arrayList", [((3,), [0, 1, 4])], []),
    Row(SEQUENCES, "str", "std.ArrayList(u8)", "out", "copy", "textList", [(("é",), "éé")], []),
    Row(
        SEQUENCES,
        "tuple",
        "struct { A, B }",
        "both",
        "copy",
        "pair",
        [(1, "a")],
        [
            ((1,), ValueError, ": expected 2 items, got 1"),
            ([1, "a"], TypeError, ": expected tuple[int, str], got list"),
            ((1, 2), TypeError, ", item 1: expected str, got int"),
        ],
    ),
    Row(
        MAPPINGS,
        "dict",
        "std.HashMap, StringHashMap, AutoHashMap",
        "both",
        "copy",
        "counts",
        [{}, {"a": 1, "b": 2}],
        [
            ([], TypeError, ": expected dict[str, int], got list"),
            ({1: 1}, TypeError, ", key 1: expected str, got int"),
            ({"a": None}, TypeError, ", value of 'a': expected int, got NoneType"),
        ],
    ),
    Row(
        MAPPINGS,
        "dict",
        "std.ArrayHashMap, StringArrayHashMap, AutoArrayHashMap",
        "both",
        "copy",
        "orderedByNumber",
        [{5: True, 1: False}],
        [({5: 1}, TypeError, ", value of 5: expected bool, got int")],
    ),
    Row(
        MAPPINGS,
        "set, frozenset in, set out",
        "hash map of void",
        "both",
        "copy",
        "numberSet",
        [set(), {1, 2}, Becomes(frozenset({1}), {1})],
        [([1], TypeError, ": expected set[int] | frozenset[int], got list"), ({"a"}, TypeError, ", key 'a': expected int, got str")],
    ),
    Row(VIEWS, "list", "py.List(T)", "both", "view", "sameList", [[1, "x"]], [((1,), TypeError, ": expected list[Any], got tuple")]),
    Row(VIEWS, "tuple", "py.Tuple(T)", "both", "view", "sameTuple", [(1, 2)], [([1], TypeError, ": expected tuple[int, ...], got list")]),
    Row(VIEWS, "dict", "py.Dict(K, V)", "both", "view", "sameDict", [{"a": 1}], [([], TypeError, ": expected dict[str, int], got list")]),
    Row(VIEWS, "set", "py.Set(T)", "both", "view", "sameSet", [{1}], [([1], TypeError, ": expected set[int], got list")]),
    Row(
        VIEWS,
        "frozenset",
        "py.FrozenSet(T)",
        "both",
        "view",
        "sameFrozenSet",
        [frozenset({1})],
        [({1}, TypeError, ": expected frozenset[int], got set")],
    ),
    Row(
        ITERATORS,
        "iterable",
        "py.Iterator(T)",
        "in",
        "view",
        "iterFirst",
        [Becomes(Letters(), "a"), Becomes(["x"], "x"), Becomes({"k": 1}, "k"), Becomes([], None)],
        [(5, TypeError, ": expected Iterable[str], got int"), ([1], TypeError, ", item 0: expected str, got int")],
    ),
    Row(ITERATORS, "iterator", "struct with next", "out", "view", "countdown", [((2,), [2, 1])], []),
    Row(
        COMPOUND,
        "any of the variants' types",
        "union(enum)",
        "both",
        "copy",
        "scalar",
        [None, True, 1, 1.5, "x"],
        [([], TypeError, ": expected None | bool | int | float | str, got list")],
    ),
    Row(
        COMPOUND,
        "dict",
        "struct",
        "both",
        "copy",
        "person",
        [{"name": "a", "age": 1, "tags": []}, Becomes({"name": "b"}, {"name": "b", "age": 18, "tags": []})],
        [
            ({}, TypeError, ": missing key 'name'"),
            ({"name": "a", "x": 1}, TypeError, ": unexpected key 'x'"),
            ({"name": 1}, TypeError, ", value of 'name': expected str, got int"),
        ],
    ),
    Row(
        COMPOUND,
        "object with attributes",
        "py.Attributes(T)",
        "in",
        "copy",
        "attributes",
        [Becomes(Thing(), {"name": "thing", "age": 18, "tags": []})],
        [(5, TypeError, ": missing attribute 'name'")],
    ),
    Row(
        COMPOUND,
        "dataclass, named tuple",
        "py.Dataclass(T, name)",
        "both",
        "copy",
        "dataclass",
        [Made(lambda native: people().Person("Ann")), Made(lambda native: people().Person("Bo", 3, ["x"]))],
        [
            ({"name": "Ann"}, TypeError, ": expected containers.people.Person, got dict"),
            (Thing(), TypeError, ": expected containers.people.Person, got Thing"),
        ],
    ),
]
