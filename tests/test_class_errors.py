"""Classes that cannot be: what the compiler says of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from workbench import Workbench, Zig

CASES = {
    "pointer": (
        "pub const Bad = struct { to: *u8, pub fn init() !Bad { return error.No; } };",
        "field 'to': a value of type *u8 may point to memory that is not the instance's, and cannot be copied",
    ),
    "borrowed with deinit": (
        "pub const Bad = struct { to: py.Object, pub fn init(to: py.Object) Bad { return .{ .to = to }; } "
        "pub fn deinit(_: *Bad) void {} };",
        "field 'to': a struct with 'deinit' owns what it holds; use py.Owned for Python objects",
    ),
    "special method": (
        "pub const Bad = struct { x: u8, pub fn __add__(a: Bad) Bad { return a; } };",
        "special method Bad.__add__ takes 0 arguments after the instance, and Python calls it with 1",
    ),
    "base without a field": (
        "pub const Base = struct { x: u8 }; pub const Bad = struct { y: u8, pub const python = .{ .base = Base }; };",
        "and has no field of that type; add 'base: ",
    ),
    "init of another type": (
        "pub const Bad = struct { x: u8, pub fn init() u8 { return 1; } };",
        "returns u8; return the struct itself, or an error union of it",
    ),
    "weak reference": (
        "pub const Bad = struct { x: u8 }; pub fn use(_: py.Weak(Bad)) void {}",
        "instances of Bad cannot be referenced weakly; write '.weakref = true' in the python options of the struct",
    ),
    "unknown option": (
        "pub const Bad = struct { x: u8, pub const python = .{ .forzen = true }; };",
        "has the unknown option 'forzen'; the options are frozen, dict, weakref",
    ),
    "property without get": (
        "pub const Bad = struct { x: u8, pub const y = py.property(.{ .set = set }); fn set(_: *Bad, _: u8) void {} };",
        "py.property needs a function 'get'",
    ),
    "changing a variant": (
        "pub const Bad = union(enum) { a: u8, b, pub fn change(_: *Bad) void {} };",
        "instances of variants cannot be changed; take the union itself or *const",
    ),
    "classes that hold each other": (
        "pub const One = struct { all: []const Two = &.{} }; pub const Two = struct { _all: []const One = &.{} };",
        "contains itself by value, which would have no end; hold its instances by py.Ref(root.",
    ),
    "raising what is no exception": (
        'pub const Bad = struct { x: u8 }; pub fn use() !void { return py.raise(Bad{ .x = 1 }, "", .{}); }',
        "class root.Bad is no exception: give it the option .python_base",
    ),
    "overridable text without memory": (
        'pub const Bad = struct { x: u8, pub fn name(_: *const Bad) []const u8 { return ""; } '
        "pub fn use(self: py.Ref(Bad)) ![]const u8 { return self.call(.name, .{}); } };",
        "needs memory where a method in Python returns it; give the method a parameter of type std.mem.Allocator",
    ),
    "no copy of what frees itself": (
        "pub const Bad = struct { pub fn init() Bad { return .{ .x = 1 }; } pub fn deinit(_: *Bad) void {} x: u8 }; "
        "pub fn use(_: Bad) void {}",
        "cannot come from Python; take *const root.Bad, since a struct with 'deinit' is not copied",
    ),
}


@pytest.mark.parametrize(("source", "sentence"), CASES.values(), ids=CASES)
def test_the_compiler_says_why(
    workbench: Workbench, zig: Zig, project: Callable[[str], Path], source: str, sentence: str
) -> None:
    hello = project("examples/hello")
    (hello / "src" / "root.zig").write_text(f'const py = @import("alloconda");\n{source}\n', encoding="utf-8")
    done = workbench.alloconda("build", "--project-dir", hello, zig=zig, status=1)
    assert sentence in done.stderr
