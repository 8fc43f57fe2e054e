//! Names in a sentence: not more than a reader takes in.

const std = @import("std");
const Allocator = std.mem.Allocator;

const shown_max = 10;

/// `a, b, c`, or `none`, or the first ten and how many more there are.
pub fn text(arena: Allocator, names: []const []const u8) Allocator.Error![]const u8 {
    if (names.len == 0) return "none";
    const shown = try std.mem.join(arena, ", ", names[0..@min(names.len, shown_max)]);
    if (names.len <= shown_max) return shown;
    return std.fmt.allocPrint(arena, "{s} and {d} more", .{ shown, names.len - shown_max });
}

test text {
    const many = [_][]const u8{ "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l" };
    var arena: std.heap.ArenaAllocator = .init(std.testing.allocator);
    defer arena.deinit();
    try std.testing.expectEqualStrings("none", try text(arena.allocator(), &.{}));
    try std.testing.expectEqualStrings("a", try text(arena.allocator(), many[0..1]));
    try std.testing.expectEqualStrings("a, b, c, d, e, f, g, h, i, j", try text(arena.allocator(), many[0..10]));
    try std.testing.expectEqualStrings("a, b, c, d, e, f, g, h, i, j and 2 more", try text(arena.allocator(), &many));
}
