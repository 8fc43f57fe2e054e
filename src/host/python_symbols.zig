//! What CPython offers to an extension module: the symbols of the stable ABI, and those that its Windows DLLs export.
//! The tables are the text files in `python_symbols/`; `tools/sync_python_symbols.py` says where they come from and writes them.

const std = @import("std");

pub const stable_abi = @import("python_symbols/stable_abi.zig");
pub const exports = @import("python_symbols/exports.zig");

/// What a name stands for; an import library must say it.
pub const Kind = enum { function, data };

/// Whether a symbol is the interpreter's by its name: `PyLong_Type`, `_Py_Dealloc`, but not a module's `PyInit_spam`.
pub fn isPythonName(name: []const u8) bool {
    if (std.mem.startsWith(u8, name, "PyInit_") or std.mem.startsWith(u8, name, "PyInitU_")) return false;
    if (std.mem.eql(u8, name, "PY_TIMEOUT_MAX")) return true;
    return std.mem.startsWith(u8, name, "Py") or std.mem.startsWith(u8, name, "_Py");
}

test {
    _ = stable_abi;
    _ = exports;
}

test "names of the interpreter, and others" {
    const cases = [_]struct { []const u8, bool }{
        .{ "PyLong_FromLong", true },
        .{ "Py_IncRef", true },
        .{ "_Py_NoneStruct", true },
        .{ "_PyObject_New", true },
        .{ "PY_TIMEOUT_MAX", true },
        .{ "PyInit_spam", false },
        .{ "PyInitU_eckzbwbhc6jpgzcx415x", false },
        .{ "malloc", false },
        .{ "__pymalloc", false },
        .{ "", false },
    };
    for (cases) |case| try std.testing.expectEqual(case[1], isPythonName(case[0]));
}

test "every export has a Python name, and is in the stable ABI with the same kind if at all" {
    var all = exports.iterate(.{ .version = .{ .major = 3, .minor = 14 }, .free_threaded = false, .bits = .@"64" }).?;
    while (all.next()) |symbol| {
        try std.testing.expect(isPythonName(symbol.name));
        if (stable_abi.find(symbol.name)) |stable| try std.testing.expectEqual(stable.kind, symbol.kind);
    }
}
