"""What goes wrong says so in one sentence, ends with status 1 and leaves what was there."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from workbench import Workbench, Zig

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def hello(project: Callable[[str], Path]) -> Path:
    return project("examples/hello")


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def refused(workbench: Workbench, hello: Path, zig: Zig, *options: str, **environment: str) -> str:
    """Standard error of `alloconda wheel`, which must fail, and keep the wheel that was there."""
    dist = hello / "dist"
    dist.mkdir(exist_ok=True)
    (dist / "kept.whl").write_bytes(b"kept")
    done = workbench.alloconda("wheel", *options, zig=zig, cwd=hello, status=1, **environment)
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert [path.name for path in dist.iterdir()] == ["kept.whl"]
    return done.stderr


def test_no_build_zig(workbench: Workbench, zig: Zig, hello: Path) -> None:
    (hello / "build.zig").unlink()
    assert "error: There is no build.zig in" in refused(workbench, hello, zig)


def test_no_project_table(workbench: Workbench, zig: Zig, hello: Path) -> None:
    (hello / "pyproject.toml").write_text('[build-system]\nrequires = ["alloconda"]\n', "utf-8")
    error = refused(workbench, hello, zig)
    assert error.startswith("error: ")
    assert "[project]" in error
    assert len(error.splitlines()) == 1


@pytest.mark.xdist_group("names of modules")
@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("hello.2native", "error: 'hello.2native' is not the name of a Python module: '2native' is not an identifier"),
        ("hello-native", "error: 'hello-native' is not the name of a Python module: 'hello-native' is not"),
        ("hello..native", "error: 'hello..native' is not the name of a Python module: '' is not an identifier"),
        ("other._native", "error: The extension other._native belongs to the package other, and"),
    ],
)
def test_module_name(workbench: Workbench, any_zig: Zig, hello: Path, name: str, sentence: str) -> None:
    # One build.zig for all names: Zig compiles it for seconds.
    edit(hello / "build.zig", '"hello._native"', 'b.option([]const u8, "name", "Of the module").?')
    said = refused(workbench, hello, any_zig, f"--zig-arg=-Dname={name}")
    assert sentence in said
    # Nor what would come of it.
    assert "the package has no extension" not in said


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--python-version", "3.9"), "error: Python 3.9 is too old"),
        (("--python-version", "3.99"), "error: Python 3.99 is"),
        (("--python-version", "three"), "error: 'three' is not"),
        (("--stable-abi", "2.7"), "error: stable-abi: "),
        (("--stable-abi", "3.12", "--python-version", "3.11"), "error: the stable ABI is asked for from Python 3.12"),
        (("--stable-abi", "true", "--python-version", "3.13t"), "error: free-threaded Python 3.13t has no stable ABI"),
        (("--manylinux", "2_3"), "error: "),
        (("--zig-arg", "-Dplatform=plan9_x86_64"), "error: 'plan9_x86_64' is not"),
        (("--zig-arg", "-Dtarget=x86_64-linux-nolibc"), "error: 'x86_64-linux-nolibc' is not a Zig target"),
    ],
)
def test_versions_and_tags(
    workbench: Workbench, zig: Zig, hello: Path, options: tuple[str, ...], sentence: str
) -> None:
    assert sentence in refused(workbench, hello, zig, *options)


def test_options_that_contradict_each_other(workbench: Workbench, zig: Zig, hello: Path) -> None:
    sentences = [
        (("--stable-abi", "3.12", "--python-tag=cp311"), "error: -Dstable-abi=3.12 and -Dpython-tag=cp311 contradict"),
        (("--stable-abi", "--abi-tag=cp312"), "error: -Dstable-abi=true and -Dabi-tag=cp312 contradict each other"),
        (
            ("--stable-abi=false", "--abi-tag=abi3"),
            "error: -Dstable-abi=false and -Dabi-tag=abi3 contradict each other",
        ),
        (
            ("--stable-abi=3.12", "--python-tag=cp311", "--abi-tag=abi3"),
            "error: -Dstable-abi=3.12 and -Dpython-tag=cp311 contradict each other: keep one",
        ),
        (("--arch", "aarch64"), "error: 'arch' goes with 'manylinux' or 'musllinux', and neither is given"),
        (
            ("--module", "_other"),
            "error: 'module-name' is '_other', and build.zig declares hello._native: make the names agree",
        ),
    ]
    for options, sentence in sentences:
        assert sentence in refused(workbench, hello, zig, *options)


def test_stable_abi_off_needs_a_version(workbench: Workbench, zig: Zig, hello: Path) -> None:
    done = workbench.zig_build("-Dstable-abi=false", zig=zig, cwd=hello, status=1)
    assert "error: stable-abi is false, so a Python version must be named" in done.stderr


def test_zig_is_missing(workbench: Workbench, zig: Zig, hello: Path) -> None:
    error = refused(workbench, hello, zig, ALLOCONDA_ZIG=str(hello / "no" / "zig"))
    assert error.startswith("error: ")
    assert len(error.splitlines()) == 1


def test_zig_is_too_old(workbench: Workbench, zig: Zig, hello: Path) -> None:
    old = hello / "old-zig"
    old.write_text("#!/bin/sh\necho 0.13.0\n", "utf-8")
    old.chmod(0o755)
    error = refused(workbench, hello, zig, ALLOCONDA_ZIG=str(old))
    assert "0.13.0" in error
    assert "0.15.2" in error
    assert len(error.splitlines()) == 1


def test_a_compile_error_is_shown_as_zig_wrote_it(workbench: Workbench, any_zig: Zig, hello: Path) -> None:
    edit(hello / "src" / "root.zig", "std.math.add(i64, a, b)", "std.math.add(i64, a, missing)")
    error = refused(workbench, hello, any_zig)
    assert "src/root.zig:8:33: error: use of undeclared identifier 'missing'" in error
    edit(hello / "src" / "root.zig", "pub fn greet", "pub fn fn greet")
    assert "src/root.zig:12:8: error: expected" in refused(workbench, hello, any_zig)


@pytest.mark.parametrize(
    ("function", "sentence"),
    [
        (
            "pub fn bad(first: u8, second: std.Thread) void { _ = .{ first, second }; }",
            "error: function 'bad', parameter 'second': type Thread cannot come from Python, since its field 'impl'",
        ),
        (
            "pub fn bad() std.Thread { unreachable; }",
            "error: function 'bad', return type Thread: type Thread cannot go to Python, since its field 'impl'",
        ),
        (
            "pub fn bad() !py.Array(u24) { return error.OutOfMemory; }",
            "error: a buffer of u24 is not known to Python: use an integer or float of 8, 16, 32 or 64 bits",
        ),
        (
            "pub fn bad(rest: py.Args) !void { _ = try rest.get(py.ByteArray, 0); }",
            "has to be given back after the call: make it a parameter of its own",
        ),
        ("pub fn bad(value: anytype) void { _ = value; }", "error: function 'bad' is generic: parameter 1 has no type"),
        (
            "pub fn bad(a: u8, o: struct { a: u8 = 1 }) void { _ = .{ a, o }; }",
            "error: function 'bad' has two parameters that Python would call 'a'",
        ),
        (
            "pub fn bad(s: *py.Scope) void { _ = s; }\n"
            "pub const python = .{ .members = .{ .bad = .{ .release_gil = true } } };",
            "error: function 'bad' has the option release_gil, and its parameter of type *",
        ),
        (
            "const Tree = struct { leaves: []const Tree };\npub fn bad(tree: Tree) void { _ = tree; }",
            "error: function 'bad', parameter 'tree': type root.Tree contains itself",
        ),
        (
            "const Json = union(enum) { number: f64, items: []const Json };\n"
            "pub fn bad(values: py.List(Json)) usize { return values.len(); }",
            "error: type root.Json contains itself, which cannot be converted by itself; take or return a py.Object",
        ),
        (
            "const Tree = struct { leaves: []const Tree };\n"
            "pub fn bad(tree: py.Object) !void { _ = try tree.to(Tree); }",
            "error: type root.Tree contains itself",
        ),
        (
            "pub const Tree = struct { n: f64, leaves: []const Tree = &.{} };",
            "error: class root.Tree contains itself by value, which would have no end; hold its instances by py.Ref(",
        ),
        (
            "pub fn bad(values: []const *u8) void { _ = values; }",
            "parameter 'values': type []const *u8 cannot come from Python, since *u8 cannot; use one of bool",
        ),
        (
            "pub fn bad(value: []u8) void { _ = value; }",
            "type []u8 cannot come from Python; use []const u8 for text, or py.ByteArray for bytes that Zig changes",
        ),
        (
            "const Color = enum { red, green };\npub fn bad(color: ?Color) void { _ = color; }",
            "cannot come from Python, since root.Color cannot; write 'pub' before the enum, in the root file or a",
        ),
        (
            "const Pair = struct { call: *const fn (i64) i64 };\npub fn bad(pair: Pair) void { _ = pair; }",
            "since its field 'call' of type *const fn (i64) i64 cannot; use py.Callable(fn (i64) i64), or make",
        ),
        (
            "pub fn bad(list: std.ArrayList(i64)) void { _ = list; }",
            "cannot come from Python; use a slice, which is a copy of a list, or py.List(T), or",
        ),
        (
            "pub fn bad(a: py.Args, b: py.ArgsOf(u8)) void { _ = .{ a, b }; }",
            "error: function 'bad' has two parameters for the rest of its positional arguments",
        ),
        (
            "pub const python = .{ .exceptions = .{ .Overflow = .ValueError } };",
            "python of the root file has the unknown option 'exceptions'; the options are members, errors, setup",
        ),
    ],
)
def test_what_cannot_be_converted(workbench: Workbench, zig: Zig, hello: Path, function: str, sentence: str) -> None:
    source = hello / "src" / "root.zig"
    source.write_text(source.read_text("utf-8") + "\n" + function + "\n", "utf-8")
    assert sentence in refused(workbench, hello, zig)


LOCKED = """
fn raises() !void { return py.raise(.ValueError, "no", .{}); }
pub fn one() !void { try py.allowThreads(raises, .{}); }

const Job = struct { callback: py.Object, fn work(_: *Job) void {} };
pub fn two(callback: py.Object) void { var job: Job = .{ .callback = callback }; py.allowThreads(Job.work, .{&job}); }

fn makes() !py.Owned { return py.from(1); }
pub fn three() !py.Owned { return py.allowThreads(makes, .{}); }

pub fn six(value: py.Object) !py.Owned { return py.from(try value.to(py.Decimal)); }
pub fn eight(value: py.Object) !usize { return (try value.to(py.List(i64))).len(); }
pub fn nine(value: py.Object) !usize { return (try value.copy([]py.Dict(i64, i64), py.allocator)).len; }
pub fn seven(value: py.Object) !py.Owned { return py.from(try value.to(std.math.big.int.Const)); }

pub fn four(n: u8) !u8 { return if (n > 5) py.raise(.ValueError, "no", .{}) else n; }
pub fn five() py.Object { return py.none(); }
pub const python = .{ .members = .{ .four = .{ .release_gil = true }, .five = .{ .release_gil = true } } };

"""
LOCKED_SENTENCES = (
    "py.allowThreads cannot run a function that fails with error.Python: without the lock nothing can be raised",
    "py.allowThreads cannot pass Python objects, which a thread without the lock must not touch",
    "py.allowThreads cannot run a function that makes Python objects; return Zig values",
    "option release_gil: function 'four' cannot be one that fails with error.Python",
    "function 'five' has the option release_gil, and its result of type ",
    "Decimal needs memory: use copy(",
    "big.int.Const needs memory: use copy(",
    "List(i64) is valid for a call: use in(",
    "Dict(i64,i64) is valid for a call: use in(",
)


def test_what_needs_the_lock_or_memory(workbench: Workbench, zig: Zig, hello: Path) -> None:
    (hello / "src" / "root.zig").write_text(
        f'const std = @import("std");\nconst py = @import("alloconda");\n{LOCKED}', "utf-8"
    )
    # The compiler says of some mistakes only when others have been mended.
    error = refused(workbench, hello, zig)
    for sentence in LOCKED_SENTENCES:
        assert sentence in error


def test_the_packing_python_has_no_alloconda(workbench: Workbench, zig: Zig, hello: Path, tmp_path: Path) -> None:
    workbench.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "bare"])
    python = tmp_path / "bare" / "bin" / "python"
    done = workbench.zig_build("wheel", f"-Dpython={python}", zig=zig, cwd=hello, status=1)
    assert f"error: {python} has no alloconda, which packs the wheel: run" in done.stderr
    assert not list(hello.glob("dist/*"))


def test_install_of_several_builds(workbench: Workbench, zig: Zig, hello: Path) -> None:
    done = workbench.zig_build("-Dpython-version=3.12,3.13", zig=zig, cwd=hello, status=1)
    assert "error: install puts one build into place" in done.stderr
