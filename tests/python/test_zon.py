"""build.zig.zon is read as Zig reads it."""

from __future__ import annotations

from pathlib import Path

import pytest

from alloconda import zon
from alloconda.errors import AllocondaError


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (".{}", {}),
        (".{ .a = 1, .b = .two, .c = true, .d = null }", {"a": "1", "b": "two", "c": True, "d": None}),
        ('.{ "x", "y", }', ["x", "y"]),
        ('.{ .@"a-b" = .{ .path = "../c d" } }', {"a-b": {"path": "../c d"}}),
        (r'.{ .s = "\x41\u{e9}\n\"\\" }', {"s": 'Aé\n"\\'}),
        (".{ .s = \\\\one\n\\\\two\n}", {"s": "one\ntwo"}),
        (".{ // not .{ this\n .a = 0x3610a6868297e5c4, .b = -1.5e+3, .c = '\\n' }", {"a": "0x3610a6868297e5c4",
         "b": "-1.5e+3", "c": "'\\n'"}),
        (".{ .a = .{ .{ .b = .{} } } }", {"a": [{"b": {}}]}),
    ],
)  # fmt: skip
def test_values(text: str, value: object) -> None:
    assert zon.parse(text).value == value


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "it ends too early in line 1"),
        (".{\n .a = \n}", "a value is expected in line 3"),
        (".{ .a = 1 .b = 2 }", "',' or '}' is expected in line 1"),
        ('.{ .a = 1, "b" }', "a struct has fields with names only in line 1"),
        (".{ .a = 1, .a = 2 }", "'a' is there twice in line 1"),
        ('.{ "open }', "'\"' is not expected in line 1"),
        (".{} .{}", "the end is expected in line 1"),
        ("." + "{." * 5000, "is not"),
    ],
)
def test_refused(tmp_path: Path, text: str, sentence: str) -> None:
    path = tmp_path / "build.zig.zon"
    path.write_text(text, "utf-8")
    with pytest.raises(AllocondaError, match=sentence.replace("(", r"\(")) as caught:
        zon.read(path)
    assert str(caught.value).startswith(f"{path} is not valid ZON: ")


def test_a_string_is_written_over() -> None:
    document = zon.parse('.{\n  .a = .{ .path = "x" }, // "x"\n  .b = .{ "x" },\n}')
    assert document.with_strings({("a", "path"): 'q"\\\n', ("b", 0): "long"}) == (
        '.{\n  .a = .{ .path = "q\\"\\\\\\x0a" }, // "x"\n  .b = .{ "long" },\n}'
    )


def test_what_is_nested_too_deep(tmp_path: Path) -> None:
    path = tmp_path / "build.zig.zon"
    path.write_text(".{ .a = " * 100_000, "utf-8")
    with pytest.raises(AllocondaError, match="nested too deep"):
        zon.read(path)
