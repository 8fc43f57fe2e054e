//! What CPython's Windows DLLs export, by version and build. Pure look-ups in `exports.txt`.

const std = @import("std");
const python_symbols = @import("../python_symbols.zig");
const PythonVersion = @import("../../target/PythonVersion.zig");

const table = @embedFile("exports.txt");

/// One DLL of CPython.
pub const Library = struct {
    version: PythonVersion,
    free_threaded: bool,
    /// 32-bit is x86; both 64-bit architectures export the same.
    bits: enum { @"32", @"64" },
};

pub const Symbol = struct { name: []const u8, kind: python_symbols.Kind };

/// What a DLL exports, in the order of bytes; null when no such DLL is in the table.
pub fn iterate(library: Library) ?Iterator {
    if (library.version.major != 3) return null;
    const known = if (library.free_threaded) versions.free_threaded else versions.gil;
    if (!known.contains(library.version.minor)) return null;
    return .{ .library = library, .newest = known.last };
}

/// The symbol of that name in a DLL. `name` may be anything.
pub fn find(library: Library, name: []const u8) ?Symbol {
    var symbols = iterate(library) orelse return null;
    while (symbols.lines.next()) |line| {
        if (!std.mem.eql(u8, name, std.mem.sliceTo(line, ' '))) continue;
        if (symbols.select(parse(line, symbols.newest).?)) |symbol| return symbol;
    }
    return null;
}

/// First and last minor version in the table, for messages.
pub fn range(free_threaded: bool) Range {
    return if (free_threaded) versions.free_threaded else versions.gil;
}

pub const Iterator = struct {
    lines: std.mem.TokenIterator(u8, .scalar) = std.mem.tokenizeScalar(u8, table[lines_start..], '\n'),
    library: Library,
    /// What an open range ends with.
    newest: u8,

    pub fn next(iterator: *Iterator) ?Symbol {
        while (iterator.lines.next()) |line| {
            if (iterator.select(parse(line, iterator.newest).?)) |symbol| return symbol;
        }
        return null;
    }

    fn select(iterator: *const Iterator, row: Row) ?Symbol {
        const present = (if (iterator.library.free_threaded) row.free_threaded else row.gil) orelse return null;
        if (!present.contains(iterator.library.version.minor)) return null;
        if (row.only_32_bit and iterator.library.bits != .@"32") return null;
        return row.symbol;
    }
};

/// Minor versions of Python 3, both ends included.
pub const Range = struct {
    first: u8,
    last: u8,

    fn contains(self: Range, minor: u8) bool {
        return minor >= self.first and minor <= self.last;
    }

    /// `3.10-3.12`, or `3.10-` with `newest` for its end.
    fn parse(text: []const u8, newest: u8) ?Range {
        const dash = std.mem.indexOfScalar(u8, text, '-') orelse return null;
        const first = parseMinor(text[0..dash]) orelse return null;
        const last = if (dash + 1 == text.len) newest else parseMinor(text[dash + 1 ..]) orelse return null;
        return .{ .first = first, .last = last };
    }

    fn parseMinor(text: []const u8) ?u8 {
        if (!std.mem.startsWith(u8, text, "3.")) return null;
        return std.fmt.parseInt(u8, text[2..], 10) catch null;
    }
};

/// One line of the table.
const Row = struct {
    symbol: Symbol,
    gil: ?Range,
    free_threaded: ?Range,
    only_32_bit: bool,
};

/// Null for a line that is not as it should be, which the tests rule out.
fn parse(line: []const u8, newest: u8) ?Row {
    var fields = std.mem.splitScalar(u8, line, ' ');
    const name = fields.first();
    const kind = std.meta.stringToEnum(python_symbols.Kind, fields.next() orelse return null) orelse return null;
    const gil = fields.next() orelse return null;
    const free_threaded = fields.next() orelse return null;
    const mark = fields.next();
    if (name.len == 0 or fields.next() != null) return null;
    if (mark) |text| if (!std.mem.eql(u8, text, "win32")) return null;
    return .{
        .symbol = .{ .name = name, .kind = kind },
        .gil = if (std.mem.eql(u8, gil, "-")) null else Range.parse(gil, newest) orelse return null,
        .free_threaded = if (std.mem.eql(u8, free_threaded, "-")) null else Range.parse(free_threaded, newest) orelse return null,
        .only_32_bit = mark != null,
    };
}

/// Where the comment at the top and the line with the versions end.
const lines_start = std.mem.indexOfScalarPos(u8, table, versions_start, '\n').? + 1;

const versions_start = start: {
    @setEvalBranchQuota(10_000);
    var at: usize = 0;
    while (table[at] == '#') at = std.mem.indexOfScalarPos(u8, table, at, '\n').? + 1;
    break :start at;
};

/// The versions in the table, from the line `versions 3.10-3.14 3.13-3.14`.
const versions: struct { gil: Range, free_threaded: Range } = versions: {
    var fields = std.mem.splitScalar(u8, table[versions_start .. lines_start - 1], ' ');
    std.debug.assert(std.mem.eql(u8, fields.first(), "versions"));
    break :versions .{
        .gil = Range.parse(fields.next().?, 0).?,
        .free_threaded = Range.parse(fields.next().?, 0).?,
    };
};

fn gilLibrary(minor: u8) Library {
    return .{ .version = .{ .major = 3, .minor = minor }, .free_threaded = false, .bits = .@"64" };
}

fn freeThreadedLibrary(minor: u8) Library {
    return .{ .version = .{ .major = 3, .minor = minor }, .free_threaded = true, .bits = .@"64" };
}

test "symbols of the real DLLs" {
    const cases = [_]struct { []const u8, python_symbols.Kind, Library, bool }{
        .{ "PyLong_FromLong", .function, gilLibrary(10), true },
        .{ "PyLong_FromLong", .function, freeThreadedLibrary(14), true },
        .{ "PyUnicode_AsUTF8", .function, gilLibrary(13), true },
        .{ "_Py_NoneStruct", .data, gilLibrary(14), true },
        .{ "PyExc_ValueError", .data, freeThreadedLibrary(13), true },
        .{ "PyErr_GetRaisedException", .function, gilLibrary(11), false },
        .{ "PyErr_GetRaisedException", .function, gilLibrary(12), true },
        .{ "PyUnstable_Module_SetGIL", .function, gilLibrary(13), false },
        .{ "PyUnstable_Module_SetGIL", .function, freeThreadedLibrary(13), true },
        .{ "_Py_MergeZeroLocalRefcount", .function, freeThreadedLibrary(14), true },
        .{ "_Py_GetExecutor", .function, gilLibrary(14), true },
        .{ "_Py_GetExecutor", .function, freeThreadedLibrary(14), false },
        .{ "PyOS_CheckStack", .function, gilLibrary(13), false },
        .{ "PyOS_CheckStack", .function, gilLibrary(14), true },
        .{ "PyOS_BeforeFork", .function, gilLibrary(14), false },
        .{ "PyLong", .function, gilLibrary(14), false },
        .{ "", .function, gilLibrary(14), false },
        .{ "PyLong_FromLong function", .function, gilLibrary(14), false },
    };
    for (cases) |case| {
        const symbol = find(case[2], case[0]);
        try std.testing.expectEqual(case[3], symbol != null);
        if (symbol) |found| {
            try std.testing.expectEqualStrings(case[0], found.name);
            try std.testing.expectEqual(case[1], found.kind);
        }
    }
    const narrow: Library = .{ .version = .{ .major = 3, .minor = 10 }, .free_threaded = false, .bits = .@"32" };
    try std.testing.expect(find(narrow, "PyOS_CheckStack") != null);
}

test "as many symbols as each DLL exports, each once and in order" {
    const cases = [_]struct { Library, usize }{
        .{ gilLibrary(10), 1607 },
        .{ gilLibrary(11), 1630 },
        .{ gilLibrary(12), 1706 },
        .{ gilLibrary(13), 1655 },
        .{ gilLibrary(14), 1809 },
        .{ freeThreadedLibrary(13), 1660 },
        .{ freeThreadedLibrary(14), 1810 },
    };
    for (cases) |case| {
        var symbols = iterate(case[0]).?;
        var before: []const u8 = "";
        var count: usize = 0;
        while (symbols.next()) |symbol| : (count += 1) {
            try std.testing.expectEqual(std.math.Order.lt, std.mem.order(u8, before, symbol.name));
            before = symbol.name;
        }
        try std.testing.expectEqual(case[1], count);
    }
}

test "DLLs that are not in the table" {
    try std.testing.expectEqual(null, iterate(gilLibrary(9)));
    try std.testing.expectEqual(null, iterate(gilLibrary(15)));
    try std.testing.expectEqual(null, iterate(freeThreadedLibrary(12)));
    try std.testing.expectEqual(Range{ .first = 10, .last = 14 }, range(false));
    try std.testing.expectEqual(Range{ .first = 13, .last = 14 }, range(true));
}

test "lines that are not as they should be" {
    const lines = [_][]const u8{
        "",
        "PyLong_FromLong",
        "PyLong_FromLong function 3.10-",
        "PyLong_FromLong macro 3.10- 3.13-",
        "PyLong_FromLong function 3.10 3.13-",
        "PyLong_FromLong function 4.1- 3.13-",
        "PyLong_FromLong function 3.999- 3.13-",
        "PyLong_FromLong function 3.10- 3.13- win64",
        "PyLong_FromLong function 3.10- 3.13- win32 more",
        " function 3.10- 3.13-",
    };
    for (lines) |line| try std.testing.expectEqual(null, parse(line, 14));
}
