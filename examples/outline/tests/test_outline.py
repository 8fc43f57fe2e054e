import dataclasses
import datetime as dt
import gc
import sys

import pytest
from outline import outline, total


@dataclasses.dataclass
class Person:
    name: str
    born: dt.date


def test_outline():
    assert outline(None) == "nothing\n"
    assert outline([1, 2**100, 0.5, False]) == f"  1\n  {2**100}\n  0.5\n  no\n"
    assert outline({}) == outline([]) == ""
    assert outline({1: {None: "x"}}) == "1:\n  None:\n    x\n"
    assert outline(Person("Ada", dt.date(1815, 12, 10))) == "name:\n  Ada\nborn:\n  datetime.date(1815, 12, 10)\n"
    assert outline(Person("Ada", dt.date.max), lambda person: person.name.upper()) == "ADA\n"


def test_errors():
    loop = []
    loop.append(loop)
    with pytest.raises(RecursionError, match="more than 100 levels"):
        outline(loop)
    with pytest.raises(ZeroDivisionError):
        outline([object()], lambda _: 1 / 0)
    with pytest.raises(ValueError, match=r"default\(\) has returned what it was called with"):
        outline([object()], lambda value: value)
    with pytest.raises(TypeError, match=r"outline\(\) argument 'default': expected Callable\[\[Any\], Any\] \| None"):
        outline([], 1)
    with pytest.raises(UnicodeEncodeError, match="surrogates not allowed"):
        outline(["\ud800"])


def test_total():
    assert total([1, 2.5], 0) == 3.5
    assert total(([n] for n in range(3)), []) == [0, 1, 2]
    with pytest.raises(TypeError, match="unsupported operand"):
        total([1, "a"], 0)


def test_nothing_is_kept():
    value = object()
    before = sys.getrefcount(value)
    for _ in range(100):
        outline({"a": [value, (value,)]}, repr)
        total([[value]], [])
    gc.collect()
    assert sys.getrefcount(value) == before
