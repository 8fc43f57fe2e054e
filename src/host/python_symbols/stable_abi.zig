//! The stable ABI of CPython (PEP 384): which symbols it has, since when, and where. Pure look-ups in `stable_abi.txt`.

const std = @import("std");
const python_symbols = @import("../python_symbols.zig");
const PythonVersion = @import("../../target/PythonVersion.zig");
const PlatformTag = @import("../../target/PlatformTag.zig");

const table = @embedFile("stable_abi.txt");

pub const Symbol = struct {
    name: []const u8,
    kind: python_symbols.Kind,
    /// The version that brought it into the stable ABI: a module with an older floor must not use it.
    since: PythonVersion,
    condition: Condition,

    /// Whether release builds of CPython have the symbol on `os`, in the versions from `since` on.
    pub fn availableOn(symbol: Symbol, os: PlatformTag.Os) bool {
        return switch (symbol.condition) {
            .none, .PY_HAVE_THREAD_NATIVE_ID => true,
            .MS_WINDOWS => os == .windows,
            .HAVE_FORK => os != .windows,
            // 64-bit Windows has it since 3.14 only, and no other system does.
            .USE_STACKCHECK => false,
            // Debug builds only.
            .Py_REF_DEBUG => false,
        };
    }
};

/// The feature macro of CPython's Misc/stable_abi.toml that a symbol depends on.
pub const Condition = enum { none, MS_WINDOWS, HAVE_FORK, PY_HAVE_THREAD_NATIVE_ID, USE_STACKCHECK, Py_REF_DEBUG };

/// The symbol of that name, or null when the stable ABI has none. `name` may be anything.
pub fn find(name: []const u8) ?Symbol {
    // Between `low` and `high` lie whole lines, one of which is the wanted one if there is any.
    var low = lines_start;
    var high = table.len;
    while (low < high) {
        const middle = low + (high - low) / 2;
        const start = if (std.mem.lastIndexOfScalar(u8, table[low..middle], '\n')) |at| low + at + 1 else low;
        const end = start + std.mem.indexOfScalar(u8, table[start..], '\n').?;
        const symbol = parse(table[start..end]).?;
        switch (std.mem.order(u8, name, symbol.name)) {
            .eq => return symbol,
            .lt => high = start,
            .gt => low = end + 1,
        }
    }
    return null;
}

/// The symbols that every CPython from `floor` on has on `os`, in the order of bytes.
pub fn available(floor: PythonVersion, os: PlatformTag.Os) Iterator {
    return .{ .floor = floor, .os = os };
}

/// All symbols that CPython has on `os`, in any version.
pub fn all(os: PlatformTag.Os) Iterator {
    return available(.{ .major = 3, .minor = std.math.maxInt(u8) }, os);
}

pub const Iterator = struct {
    lines: std.mem.TokenIterator(u8, .scalar) = std.mem.tokenizeScalar(u8, table[lines_start..], '\n'),
    floor: PythonVersion,
    os: PlatformTag.Os,

    pub fn next(iterator: *Iterator) ?Symbol {
        while (iterator.lines.next()) |line| {
            const symbol = parse(line).?;
            if (symbol.since.order(iterator.floor) == .gt or !symbol.availableOn(iterator.os)) continue;
            return symbol;
        }
        return null;
    }
};

/// Where the comment at the top ends.
const lines_start = start: {
    @setEvalBranchQuota(10_000);
    var at: usize = 0;
    while (table[at] == '#') at = std.mem.indexOfScalarPos(u8, table, at, '\n').? + 1;
    break :start at;
};

/// One line of the table; null for one that is not as it should be, which the tests rule out.
fn parse(line: []const u8) ?Symbol {
    var fields = std.mem.splitScalar(u8, line, ' ');
    const name = fields.first();
    const kind = std.meta.stringToEnum(python_symbols.Kind, fields.next() orelse return null) orelse return null;
    const since = fields.next() orelse return null;
    if (!std.mem.startsWith(u8, since, "3.")) return null;
    const minor = std.fmt.parseInt(u8, since[2..], 10) catch return null;
    const condition: Condition = if (fields.next()) |text|
        std.meta.stringToEnum(Condition, text) orelse return null
    else
        .none;
    if (name.len == 0 or fields.next() != null) return null;
    return .{ .name = name, .kind = kind, .since = .{ .major = 3, .minor = minor }, .condition = condition };
}

test "symbols as CPython's documentation has them" {
    const cases = [_]struct { []const u8, python_symbols.Kind, u8, Condition }{
        .{ "PyLong_FromLong", .function, 2, .none },
        .{ "PyErr_SetFromWindowsErr", .function, 7, .MS_WINDOWS },
        .{ "PyUnicode_AsUTF8AndSize", .function, 10, .none },
        .{ "PyModule_AddObjectRef", .function, 10, .none },
        .{ "PyType_GetName", .function, 11, .none },
        .{ "PyBuffer_Release", .function, 11, .none },
        .{ "PyBuffer_FillInfo", .function, 11, .none },
        .{ "PyObject_GetBuffer", .function, 11, .none },
        .{ "PyObject_Vectorcall", .function, 12, .none },
        .{ "PyUnicode_EqualToUTF8AndSize", .function, 13, .none },
        .{ "PyType_Freeze", .function, 14, .none },
        .{ "_Py_NoneStruct", .data, 2, .none },
        .{ "_Py_TrueStruct", .data, 2, .none },
        .{ "PyExc_ValueError", .data, 2, .none },
        .{ "PyLong_Type", .data, 2, .none },
        .{ "PyOS_BeforeFork", .function, 7, .HAVE_FORK },
        .{ "_Py_RefTotal", .data, 10, .Py_REF_DEBUG },
    };
    for (cases) |case| {
        const symbol = find(case[0]) orelse return error.TestUnexpectedResult;
        try std.testing.expectEqualStrings(case[0], symbol.name);
        try std.testing.expectEqual(case[1], symbol.kind);
        try std.testing.expectEqual(PythonVersion{ .major = 3, .minor = case[2] }, symbol.since);
        try std.testing.expectEqual(case[3], symbol.condition);
    }
}

test "what the stable ABI does not have" {
    const names = [_][]const u8{
        "",         "\n",                 "#",        "PyUnicode_AsUTF8",   "PyUnicode_InternInPlace2", "PyLong",
        "PyObject", "PyLong_FromLong 3.", "malloc",   "_PyUnicode_AsStrin", "PyEval_ThreadsInitialize", "zzz",
        "A",        "versions",           "\xff\x00",
    };
    for (names) |name| try std.testing.expectEqual(null, find(name));
}

test "lines are well formed, sorted and unique, and each is found" {
    var lines = std.mem.tokenizeScalar(u8, table[lines_start..], '\n');
    var before: []const u8 = "";
    var count: usize = 0;
    while (lines.next()) |line| : (count += 1) {
        const symbol = parse(line) orelse return error.TestUnexpectedResult;
        try std.testing.expectEqual(std.math.Order.lt, std.mem.order(u8, before, symbol.name));
        try std.testing.expectEqualStrings(symbol.name, find(symbol.name).?.name);
        before = symbol.name;
    }
    try std.testing.expect(count > 900);
}

test "a floor shuts out what came later, and a system what it does not have" {
    const Case = struct { floor: u8, os: PlatformTag.Os, has: []const []const u8, lacks: []const []const u8 };
    const cases = [_]Case{
        .{
            .floor = 10,
            .os = .linux,
            .has = &.{ "PyUnicode_AsUTF8AndSize", "PyOS_BeforeFork", "PyThread_get_thread_native_id" },
            .lacks = &.{ "PyType_GetName", "PyBuffer_Release", "PyErr_SetFromWindowsErr", "_Py_NegativeRefcount" },
        },
        .{
            .floor = 11,
            .os = .windows,
            .has = &.{ "PyType_GetName", "PyBuffer_Release", "PyErr_SetFromWindowsErr", "PyExc_WindowsError" },
            .lacks = &.{ "PyObject_Vectorcall", "PyOS_BeforeFork", "PyOS_CheckStack" },
        },
    };
    for (cases) |case| {
        for (case.has) |name| try std.testing.expect(contains(available(.{ .major = 3, .minor = case.floor }, case.os), name));
        for (case.lacks) |name| try std.testing.expect(!contains(available(.{ .major = 3, .minor = case.floor }, case.os), name));
    }
    try std.testing.expect(contains(all(.windows), "PyType_Freeze"));
    try std.testing.expect(!contains(all(.windows), "_Py_RefTotal"));
}

fn contains(iterator: Iterator, name: []const u8) bool {
    var rest = iterator;
    while (rest.next()) |symbol| if (std.mem.eql(u8, symbol.name, name)) return true;
    return false;
}
