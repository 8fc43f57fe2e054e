//! Greetings and sums, written in Zig.

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

/// How often `part` occurs in `text`, overlaps not counted, or None when `limit` is exceeded.
pub fn count(text: []const u8, part: []const u8, limit: ?u32) error{ValueError}!?usize {
    if (part.len == 0) return error.ValueError;
    const found = std.mem.count(u8, text, part);
    return if (limit) |most| (if (found > most) null else found) else found;
}

test "nobody is not greeted" {
    var arena: std.heap.ArenaAllocator = .init(std.testing.allocator);
    defer arena.deinit();
    try std.testing.expectEqualStrings("Hello, Ann!", try greet(arena.allocator(), "Ann", .{}));
    try std.testing.expectError(error.Python, greet(arena.allocator(), "", .{}));
    const exception = py.caught(.ValueError).?;
    defer exception.deinit();
}

test "overlaps are not counted" {
    try std.testing.expectEqual(2, try count("aaaa", "aa", null));
    try std.testing.expectEqual(null, try count("aaaa", "a", 3));
    try std.testing.expectError(error.ValueError, count("aaaa", "", null));
}
