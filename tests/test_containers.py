"""What goes into `packages/containers` comes out of it: Hypothesis looks for something that does not."""

from __future__ import annotations

import sys
from importlib.util import module_from_spec, spec_from_file_location
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench import ROOT, Workbench, Zig

if TYPE_CHECKING:
    from types import ModuleType

CONTAINERS = ROOT / "tests" / "packages" / "containers"


@pytest.fixture(scope="module")
def native(workbench: Workbench, zig: Zig) -> ModuleType:
    """The extension, loaded into this process."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    path = workbench.unpacked(workbench.wheel(CONTAINERS, "--python-version", version, zig=zig))
    (file,) = (path / "containers").glob("_native*.so")
    spec = spec_from_file_location("containers._native", file)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


INT64 = st.integers(-(2**63), 2**63 - 1)
TEXT = st.text(st.characters(exclude_categories=["Cs"]))
SCALAR = st.none() | st.booleans() | INT64 | st.floats(allow_nan=False) | TEXT


@pytest.mark.parametrize(
    ("function", "values"),
    [
        ("ints", st.lists(INT64)),
        ("floats", st.lists(st.floats(allow_nan=False))),
        ("texts", st.lists(TEXT)),
        ("nestedTexts", st.lists(st.lists(TEXT, max_size=3), max_size=5)),
        ("optionals", st.lists(st.none() | st.integers(-(2**31), 2**31 - 1))),
        ("pairs", st.lists(st.tuples(TEXT, st.floats(allow_nan=False)))),
        ("counts", st.dictionaries(TEXT, INT64)),
        ("ordered", st.dictionaries(TEXT, st.lists(st.floats(allow_nan=False), max_size=3))),
        ("orderedByNumber", st.dictionaries(st.integers(-(2**31), 2**31 - 1), st.booleans())),
        ("numberSet", st.sets(INT64)),
        ("textSet", st.sets(TEXT)),
        ("scalars", st.lists(SCALAR)),
        ("table", st.dictionaries(TEXT, INT64 | TEXT)),
    ],
)
def test_what_goes_in_comes_out(native: ModuleType, function: str, values: st.SearchStrategy[object]) -> None:
    @settings(max_examples=200)
    @given(values)
    def check(value: object) -> None:
        # `repr` tells True from 1 and 0.0 from -0.0; sets have no order of their own.
        result = getattr(native, function)(value)
        assert result == value
        assert isinstance(value, (set, dict)) or repr(result) == repr(value)

    check()
