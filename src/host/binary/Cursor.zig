//! Walks through a stream of bytes, numbers and texts, as Mach-O has them for the loader.

const std = @import("std");
const Binary = @import("Binary.zig");
const Bytes = @import("Bytes.zig");

const Error = Binary.Error;
const Cursor = @This();

bytes: []const u8,
offset: u64 = 0,

pub fn atEnd(cursor: *const Cursor) bool {
    return cursor.offset >= cursor.bytes.len;
}

pub fn byte(cursor: *Cursor) Error!u8 {
    if (cursor.atEnd()) return error.Malformed;
    defer cursor.offset += 1;
    return cursor.bytes[@intCast(cursor.offset)];
}

/// LEB128 without a sign. A signed one has the same length.
pub fn number(cursor: *Cursor) Error!u64 {
    var result: u64 = 0;
    var shift: u32 = 0;
    while (true) : (shift += 7) {
        const part = try cursor.byte();
        if (shift > 63 or (shift == 63 and part & 0x7e != 0 and part & 0x7f != 0x7f)) return error.Malformed;
        result |= @as(u64, part & 0x7f) << @intCast(shift);
        if (part & 0x80 == 0) return result;
    }
}

/// Up to a zero byte.
pub fn text(cursor: *Cursor) Error![]const u8 {
    if (cursor.atEnd()) return error.Malformed;
    const rest = cursor.bytes[@intCast(cursor.offset)..];
    const len = std.mem.indexOfScalar(u8, rest, 0) orelse return error.Malformed;
    cursor.offset += len + 1;
    return rest[0..len];
}

pub fn skip(cursor: *Cursor, count: u64) Error!void {
    cursor.offset = try Bytes.add(cursor.offset, count);
}

test Cursor {
    var cursor: Cursor = .{ .bytes = "\x05\x80\x01ab\x00" ++ @as([9]u8, @splat(0xff)) ++ "\x01" ++ @as([11]u8, @splat(0xff)) };
    try std.testing.expectEqual(5, try cursor.byte());
    try std.testing.expectEqual(128, try cursor.number());
    try std.testing.expectEqualStrings("ab", try cursor.text());
    try std.testing.expectEqual(std.math.maxInt(u64), try cursor.number());
    try std.testing.expectError(error.Malformed, cursor.text());
    try std.testing.expectError(error.Malformed, cursor.number());
    try cursor.skip(100);
    try std.testing.expect(cursor.atEnd());
    try std.testing.expectError(error.Malformed, cursor.byte());
    try std.testing.expectError(error.Malformed, cursor.skip(std.math.maxInt(u64)));
}
