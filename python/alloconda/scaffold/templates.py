"""The text of the files of a new project."""

from __future__ import annotations

from string import Template

BUILD_ZIG = Template("""\
const std = @import("std");
const alloconda = @import("alloconda");

pub fn build(b: *std.Build) void {
    const package = alloconda.package(b, .{});
    package.addExtension(.{ .name = "$module._native", .root_source_file = b.path("src/root.zig") });
}
""")

BUILD_ZIG_ZON = Template("""\
.{
    .name = .$zig_name,
    .version = "$version",
    .fingerprint = $fingerprint,
    .minimum_zig_version = "0.15.2",
    .dependencies = .{
$dependency
    },
    .paths = .{ "build.zig", "build.zig.zon", "src" },
}
""")

DEPENDENCY_CARRIED = Template("""\
        // Nothing is downloaded from this address: the installed alloconda brings the package that the hash names.
        .alloconda = .{
            .url = "$url",
            .hash = "$hash",
        },""")

DEPENDENCY_FETCHED = Template("""\
        .alloconda = .{
            .url = "$url",
            .hash = "$hash",
        },""")

DEPENDENCY_PATH = Template("""\
        .alloconda = .{ .path = "$path" },""")

ROOT_ZIG = Template("""\
//! What Python sees as the module $module._native. Every `pub fn` is a function there, and its doc comment the docs.

const std = @import("std");
const py = @import("alloconda");

/// Add two integers.
pub fn add(a: i64, b: i64) error{Overflow}!i64 {
    return std.math.add(i64, a, b);
}

/// Greet someone.
pub fn greet(arena: std.mem.Allocator, name: []const u8, options: struct { punctuation: []const u8 = "!" }) ![]u8 {
    if (name.len == 0) return py.raise(.ValueError, "a name must not be empty", .{});
    return std.fmt.allocPrint(arena, "Hello, {s}{s}", .{ name, options.punctuation });
}

test add {
    try std.testing.expectEqual(5, try add(2, 3));
    try std.testing.expectError(error.Overflow, add(std.math.maxInt(i64), 1));
}
""")

INIT_PY = Template('''\
"""The Python half of $module; the other half is src/root.zig."""

from $module._native import add, greet

__all__ = ["add", "greet"]
''')

TEST_PY = Template("""\
import pytest

from $importable import add, greet


def test_add():
    assert add(2, b=3) == 5
    with pytest.raises(OverflowError):
        add(2**63 - 1, 1)


def test_greet():
    assert greet("Ada") == "Hello, Ada!"
    assert greet("Ada", punctuation="?") == "Hello, Ada?"
    with pytest.raises(ValueError, match="must not be empty"):
        greet("")
""")

README = Template("""\
# $name

A Python package with an extension module in Zig, built by alloconda.

```python
>>> import $module
>>> $module.add(2, b=3)
5
```

| to | run |
|---|---|
| build the extension into `$package_dir` | `alloconda build` |
| run the tests in Python | `alloconda build && pytest` |
| run the `test` blocks in Zig | `zig build test` |
| build a wheel into `dist` | `alloconda wheel` |
| build wheels for Linux and macOS | `alloconda wheel-all` |
""")

GITIGNORE = (
    "zig-out/",
    ".zig-cache/",
    "zig-pkg/",
    "dist/",
    "*.so",
    "*.pyd",
    "_native.pyi",
    "_native/",
    "__pycache__/",
    ".pytest_cache/",
    ".venv/",
)
"""The lines of a .gitignore: what builds and tests leave behind."""

BUILD_SYSTEM = Template("""\
[build-system]
requires = [$requires]
build-backend = "alloconda.build_backend"
""")

PROJECT = Template("""\
[project]
name = "$name"
version = "0.1.0"
description = "A Python package with an extension module in Zig"
readme = "$readme"
requires-python = ">=3.10"
""")

PYTEST = Template("""\
[dependency-groups]
test = ["pytest>=8"]

[tool.pytest.ini_options]
testpaths = ["tests"]
pythonpath = ["$python_path"]
""")

UV = Template("""\
# uv builds the project again when one of these files changes.
[tool.uv]
cache-keys = [
    { file = "pyproject.toml" },
    { file = "build.zig" },
    { file = "build.zig.zon" },
    { file = "src/**/*" },
    { file = "$package_dir/**/*.py" },
]
""")
