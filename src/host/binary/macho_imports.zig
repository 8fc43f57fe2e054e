//! What the loader of macOS binds when it loads a library: the symbols, each with the place where it looks for it. Files
//! have it as a stream of opcodes, or, since macOS 12, as one table ("chained fixups").

const std = @import("std");
const Allocator = std.mem.Allocator;
const Binary = @import("Binary.zig");
const Bytes = @import("Bytes.zig");
const Cursor = @import("Cursor.zig");

const Error = Binary.Error;

/// The libraries that a file names, by whose places its symbols say where they come from.
pub const Libraries = struct {
    needed: []const []const u8,
    own: ?[]const u8,

    /// Null when the loader is to look everywhere, or in the program that loads the library.
    pub fn at(libraries: Libraries, ordinal: i64) Error!?[]const u8 {
        const own = 0;
        const executable = -1;
        const everywhere = -2;
        const weak = -3;
        switch (ordinal) {
            own => return libraries.own,
            executable, everywhere, weak => return null,
            else => {
                if (ordinal < 0 or ordinal > libraries.needed.len) return error.Malformed;
                return libraries.needed[@intCast(ordinal - 1)];
            },
        }
    }
};

/// Imports, each once: the streams bind a symbol in every place that uses it.
const Found = struct {
    arena: Allocator,
    libraries: Libraries,
    budget: *Bytes.Budget,
    imports: std.ArrayList(Binary.Import) = .empty,

    fn add(found: *Found, name: []const u8, ordinal: i64, weak: bool) Error!void {
        try found.budget.take(name.len + 1);
        try found.imports.append(found.arena, .{
            .name = try Bytes.printable(found.arena, Binary.withoutUnderscore(name) orelse name),
            .library = try found.libraries.at(ordinal),
            .version = null,
            .weak = weak,
        });
    }

    fn sorted(found: *Found) []const Binary.Import {
        const imports = found.imports.items;
        Binary.sortImports(imports);
        var len: usize = 0;
        for (imports) |import| {
            if (len > 0 and same(imports[len - 1], import)) continue;
            imports[len] = import;
            len += 1;
        }
        return imports[0..len];
    }

    fn same(a: Binary.Import, b: Binary.Import) bool {
        if (!std.mem.eql(u8, a.name, b.name) or a.weak != b.weak) return false;
        if (a.library == null or b.library == null) return a.library == null and b.library == null;
        return std.mem.eql(u8, a.library.?, b.library.?);
    }
};

/// By the streams of what is bound at once and what at its first call.
pub fn readOpcodes(
    arena: Allocator,
    streams: [2][]const u8,
    libraries: Libraries,
    budget: *Bytes.Budget,
) Error![]const Binary.Import {
    var found: Found = .{ .arena = arena, .libraries = libraries, .budget = budget };
    for (streams) |stream| try readStream(stream, &found);
    return found.sorted();
}

fn readStream(stream: []const u8, found: *Found) Error!void {
    var cursor: Cursor = .{ .bytes = stream };
    var ordinal: i64 = 0;
    var name: []const u8 = "";
    var weak = false;
    // Whether the current symbol is among the imports already.
    var added = true;
    while (!cursor.atEnd()) {
        const instruction = try cursor.byte();
        const immediate: u4 = @truncate(instruction);
        switch (instruction & 0xf0) {
            // The end, but of one symbol only where each is bound at its first call.
            0x00 => ordinal = 0,
            0x10 => {
                ordinal = immediate;
                added = false;
            },
            0x20 => {
                ordinal = std.math.cast(i64, try cursor.number()) orelse return error.Malformed;
                added = false;
            },
            0x30 => { // a place that is no library, by a number below zero
                ordinal = if (immediate == 0) 0 else @as(i64, immediate) - 16;
                added = false;
            },
            0x40 => {
                const weak_import = 1;
                weak = immediate & weak_import != 0;
                name = try cursor.text();
                added = false;
            },
            0x50 => {}, // the kind of place
            0x60, 0x70, 0x80 => _ = try cursor.number(), // addend, segment and offset, moving on
            0x90, 0xa0, 0xb0, 0xc0 => { // bind, and move on in some way
                if (!added) try found.add(name, ordinal, weak);
                added = true;
                const numbers: u8 = switch (instruction & 0xf0) {
                    0xa0 => 1,
                    0xc0 => 2,
                    else => 0,
                };
                for (0..numbers) |_| _ = try cursor.number();
            },
            0xd0 => switch (immediate) { // first form of the chains
                0 => _ = try cursor.number(),
                1 => {},
                else => return error.Malformed,
            },
            else => return error.Malformed,
        }
    }
}

/// By the table of LC_DYLD_CHAINED_FIXUPS, which has each symbol once.
pub fn readChained(
    arena: Allocator,
    data: []const u8,
    libraries: Libraries,
    budget: *Bytes.Budget,
) Error![]const Binary.Import {
    var found: Found = .{ .arena = arena, .libraries = libraries, .budget = budget };
    const bytes: Bytes = .{ .all = data, .bits = 64, .endian = .little };
    const table = try bytes.int(u32, 8);
    const names_offset = try bytes.int(u32, 12);
    const count = try bytes.int(u32, 16);
    const format = try bytes.int(u32, 20);
    // Compressed names are allowed for, but no linker writes them.
    if (try bytes.int(u32, 24) != 0) return error.Malformed;
    const names: Bytes.Strings = .{
        .arena = arena,
        .bytes = try bytes.slice(names_offset, data.len -| names_offset),
        .budget = budget,
    };
    const entry_size: u64 = switch (format) {
        1 => 4,
        2 => 8,
        3 => 16,
        else => return error.Malformed,
    };
    _ = try bytes.table(table, count, entry_size);
    for (0..count) |index| {
        const place = table + index * entry_size;
        if (format == 3) {
            const entry = try bytes.int(u64, place);
            const ordinal: u16 = @truncate(entry);
            const special = ordinal > 0xfff0;
            try found.add(
                try names.at(entry >> 32),
                if (special) @as(i16, @bitCast(ordinal)) else ordinal,
                entry >> 16 & 1 != 0,
            );
        } else {
            const entry = try bytes.int(u32, place);
            const ordinal: u8 = @truncate(entry);
            const special = ordinal > 0xf0;
            try found.add(
                try names.at(entry >> 9),
                if (special) @as(i8, @bitCast(ordinal)) else ordinal,
                entry >> 8 & 1 != 0,
            );
        }
    }
    return found.sorted();
}

const sample_libraries: Libraries = .{ .needed = &.{ "libA", "libB" }, .own = "me" };

fn expectImports(expected: []const struct { []const u8, ?[]const u8, bool }, imports: []const Binary.Import) !void {
    try std.testing.expectEqual(expected.len, imports.len);
    for (expected, imports) |one, import| {
        try std.testing.expectEqualStrings(one[0], import.name);
        try std.testing.expectEqualDeep(one[1], import.library);
        try std.testing.expectEqual(one[2], import.weak);
    }
}

test readOpcodes {
    var arena: std.heap.ArenaAllocator = .init(std.testing.allocator);
    defer arena.deinit();
    const at_once = "\x3e\x40_Py_A\x00\x51\x71\x90\x01\x90" ++ // everywhere, bound twice
        "\x40_PyB\x00\x90" ++ // the same place
        "\x11\x41_weak\x00\xa0\x08" ++ "\x20\x02\x40plain\x00\xc0\x02\x08" ++ "\x10\x40_own\x00\x90\x00";
    const lazily = "\x72\x18\x11\x40_malloc\x00\x90\x00\x3f\x40_host\x00\x90\x00\x00\x00";
    var budget: Bytes.Budget = .init(1000);
    const imports = try readOpcodes(arena.allocator(), .{ at_once, lazily }, sample_libraries, &budget);
    try expectImports(&.{
        .{ "PyB", null, false },      .{ "Py_A", null, false }, .{ "host", null, false },
        .{ "malloc", "libA", false }, .{ "own", "me", false },  .{ "plain", "libB", false },
        .{ "weak", "libA", true },
    }, imports);
    for ([_][]const u8{ "\x13\x40_a\x00\x90", "\x40_a", "\xe0", "\xf0", "\xd2", "\x20", "\x3c\x90" }) |stream| {
        try std.testing.expectError(error.Malformed, readOpcodes(arena.allocator(), .{ stream, "" }, sample_libraries, &budget));
    }
}

test readChained {
    var arena: std.heap.ArenaAllocator = .init(std.testing.allocator);
    defer arena.deinit();
    const zeros: [8]u8 = @splat(0);
    const names = "\x00_PyA\x00_b\x00";
    inline for (.{
        .{ 1, "\xfe\x02\x00\x00" ++ "\x02\x0d\x00\x00" },
        .{ 2, "\xfe\x02\x00\x00\x00\x00\x00\x00" ++ "\x02\x0d\x00\x00\x07\x00\x00\x00" },
        .{ 3, "\xfe\xff\x00\x00\x01\x00\x00\x00" ++ zeros ++ "\x02\x00\x01\x00\x06\x00\x00\x00" ++ zeros },
    }) |case| {
        const header = zeros ++ "\x1c\x00\x00\x00" ++ [_]u8{ 28 + case[1].len, 0, 0, 0 } ++
            "\x02\x00\x00\x00" ++ [_]u8{ case[0], 0, 0, 0 } ++ "\x00\x00\x00\x00";
        const data = header ++ case[1] ++ names;
        var budget: Bytes.Budget = .init(data.len);
        const imports = try readChained(arena.allocator(), data, sample_libraries, &budget);
        try expectImports(&.{ .{ "PyA", null, false }, .{ "b", "libB", true } }, imports);
        for (0..data.len) |len| {
            var little: Bytes.Budget = .init(data.len);
            try std.testing.expectError(error.Malformed, readChained(arena.allocator(), data[0..len], sample_libraries, &little));
        }
    }
}
