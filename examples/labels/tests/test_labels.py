import inspect

import labels
import pytest


def test_signatures():
    assert str(inspect.signature(labels.number)) == "(value, unit=None, *, digits=2, plus=False)"
    assert str(inspect.signature(labels.listing)) == "(*parts, separator=', ', last=' and ')"
    assert str(inspect.signature(labels.fill)) == "(template, **values)"
    assert str(inspect.signature(labels.clip)) == "(text, limit=None, /)"
    assert str(inspect.signature(labels.scales.mega)) == "(value, /)"
    assert not hasattr(labels, "width")


def test_number():
    assert labels.number(-3, unit="m", plus=True) == "-3 m"
    assert labels.number(0.125, digits=3) == "0.125"
    with pytest.raises(TypeError, match=r"number\(\) argument 'value': expected int \| float, got str"):
        labels.number("7")
    with pytest.raises(OverflowError, match=r"number\(\) argument 'digits': expected an int from 0 to 255"):
        labels.number(7.0, digits=-1)


def test_listing():
    assert labels.listing() == ""
    assert labels.listing("one") == "one"
    assert labels.listing("a", "b", last=" or ") == "a or b"
    with pytest.raises(TypeError, match=r"listing\(\) argument 2: expected str, got int"):
        labels.listing("a", 2)


def test_fill():
    assert labels.fill("no name") == "no name"
    assert labels.fill("<a><a>", a=[1]) == "[1][1]"
    with pytest.raises(TypeError, match=r"fill\(\) missing the keyword argument 'b'"):
        labels.fill("<a><b>", a=1)
    with pytest.raises(ValueError, match="'<' has no '>' in '<b'"):
        labels.fill("<a> <b", a=1)


def test_clip():
    assert labels.clip("short") == "short"
    assert labels.clip("é" * 30) == "é" * (labels.default_width - 1) + "…"
    with pytest.raises(TypeError, match=r"clip\(\) takes no keyword arguments"):
        labels.clip(text="short")


def test_scales():
    from labels._native import scales

    assert scales.giga(5e9) == 5
    assert scales.kilo.__doc__ == "The value in units of 10**3."
