//! The bytes of a library, which may be anything: every offset is checked before it is followed, and a count is
//! bounded by the table that it counts being in the file.

const std = @import("std");
const Allocator = std.mem.Allocator;
const Binary = @import("Binary.zig");

const Error = Binary.Error;
const Bytes = @This();

all: []const u8,
/// Of an address.
bits: u8,
endian: std.builtin.Endian,

pub fn int(bytes: Bytes, comptime T: type, offset: u64) Error!T {
    const size = @divExact(@bitSizeOf(T), 8);
    const place = try bytes.slice(offset, size);
    return std.mem.readInt(T, place[0..size], bytes.endian);
}

/// A field as wide as an address.
pub fn word(bytes: Bytes, offset: u64) Error!u64 {
    return if (bytes.bits == 64) bytes.int(u64, offset) else try bytes.int(u32, offset);
}

pub fn wordSize(bytes: Bytes) u64 {
    return bytes.bits / 8;
}

pub fn slice(bytes: Bytes, offset: u64, size: u64) Error![]const u8 {
    if (offset > bytes.all.len or size > bytes.all.len - offset) return error.Malformed;
    return bytes.all[@intCast(offset)..][0..@intCast(size)];
}

/// A table of `count` entries: that it is within the file bounds the count.
pub fn table(bytes: Bytes, offset: u64, count: u64, entry_size: u64) Error![]const u8 {
    return bytes.slice(offset, try multiply(count, entry_size));
}

pub fn add(a: u64, b: u64) Error!u64 {
    return std.math.add(u64, a, b) catch error.Malformed;
}

pub fn multiply(a: u64, b: u64) Error!u64 {
    return std.math.mul(u64, a, b) catch error.Malformed;
}

/// The names of symbols and libraries, each closed by a zero byte.
pub const Strings = struct {
    arena: Allocator,
    bytes: []const u8,
    budget: *Budget,

    pub fn at(strings: Strings, offset: u64) Error![]const u8 {
        if (offset >= strings.bytes.len) return error.Malformed;
        const rest = strings.bytes[@intCast(offset)..];
        const text = rest[0 .. std.mem.indexOfScalar(u8, rest, 0) orelse return error.Malformed];
        try strings.budget.take(text.len);
        return printable(strings.arena, text);
    }
};

/// A name as it can be shown: itself, or with `\xNN` for the bytes of a name that is no text.
pub fn printable(arena: Allocator, text: []const u8) Allocator.Error![]const u8 {
    const plain = for (text) |byte| {
        if (std.ascii.isControl(byte)) break false;
    } else std.unicode.utf8ValidateSlice(text);
    if (plain) return text;
    var result: std.ArrayList(u8) = .empty;
    for (text) |byte| {
        if (std.ascii.isPrint(byte)) {
            try result.append(arena, byte);
        } else {
            const hex = std.fmt.hex(byte);
            try result.appendSlice(arena, "\\x");
            try result.appendSlice(arena, &hex);
        }
    }
    return result.items;
}

/// How much more may be handed out: a file can have very many names that are all the same long one, or tables that
/// lie on top of each other.
pub const Budget = struct {
    left: u64,

    /// Linkers let names share their ends, so that their lengths add up to more than the table; never to so much more.
    const units_per_file_byte_max = 16;

    pub fn init(file_size: usize) Budget {
        return .{ .left = @as(u64, file_size) *| units_per_file_byte_max };
    }

    pub fn take(budget: *Budget, amount: u64) Error!void {
        if (amount > budget.left) return error.Malformed;
        budget.left -= amount;
    }
};

test Bytes {
    const bytes: Bytes = .{ .all = "\x01\x02\x03\x04", .bits = 32, .endian = .big };
    try std.testing.expectEqual(0x0203, try bytes.int(u16, 1));
    try std.testing.expectEqual(0x01020304, try bytes.word(0));
    try std.testing.expectError(error.Malformed, bytes.int(u16, 3));
    try std.testing.expectError(error.Malformed, bytes.int(u8, std.math.maxInt(u64)));
    try std.testing.expectError(error.Malformed, bytes.slice(2, std.math.maxInt(u64)));
    try std.testing.expectError(error.Malformed, bytes.table(0, std.math.maxInt(u64), 2));
    try std.testing.expectEqual(0, (try bytes.slice(4, 0)).len);
}

test Strings {
    var budget: Budget = .{ .left = 4 };
    const strings: Strings = .{ .arena = std.testing.allocator, .bytes = "ab\x00cd", .budget = &budget };
    try std.testing.expectEqualStrings("ab", try strings.at(0));
    try std.testing.expectEqualStrings("b", try strings.at(1));
    try std.testing.expectError(error.Malformed, strings.at(3));
    try std.testing.expectError(error.Malformed, strings.at(5));
    try std.testing.expectError(error.Malformed, strings.at(0));
    try std.testing.expectEqualStrings("b", try strings.at(1));
}

test printable {
    var arena: std.heap.ArenaAllocator = .init(std.testing.allocator);
    defer arena.deinit();
    for ([_]struct { []const u8, []const u8 }{
        .{ "PyInit_spam", "PyInit_spam" },
        .{ "größe", "größe" },
        .{ "", "" },
        .{ "a\x1b[2Jb\n", "a\\x1b[2Jb\\x0a" },
        .{ "\xffé", "\\xff\\xc3\\xa9" },
    }) |case| try std.testing.expectEqualStrings(case[1], try printable(arena.allocator(), case[0]));
}
