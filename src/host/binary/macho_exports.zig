//! The tree of exported names in a Mach-O library: what macOS goes by when it looks for a symbol. Names share their
//! beginnings, so that each stands in pieces on the way from the root to its end.

const std = @import("std");
const Allocator = std.mem.Allocator;
const Binary = @import("Binary.zig");
const Bytes = @import("Bytes.zig");
const Cursor = @import("Cursor.zig");

const Error = Binary.Error;

/// A node that is still to be read.
const Pending = struct { offset: u64, name: []const u8 };

/// The names that C knows, sorted, without their underscores. They are `arena`'s.
pub fn read(arena: Allocator, trie: []const u8, budget: *Bytes.Budget) Error![]const []const u8 {
    var names: std.ArrayList([]const u8) = .empty;
    var pending: std.ArrayList(Pending) = .empty;
    try pending.append(arena, .{ .offset = 0, .name = "" });
    // A node has two bytes or more, and stands in one place of the tree: there are no more than this, or there is a
    // loop in it.
    var nodes_left = trie.len / 2;
    while (pending.pop()) |node| {
        if (nodes_left == 0) return error.Malformed;
        nodes_left -= 1;
        var cursor: Cursor = .{ .bytes = trie, .offset = node.offset };
        const info_size = try cursor.number();
        if (info_size > 0) if (Binary.withoutUnderscore(node.name)) |name| {
            try names.append(arena, try Bytes.printable(arena, name));
        };
        try cursor.skip(info_size);
        for (0..try cursor.byte()) |_| {
            const piece = try cursor.text();
            const offset = try cursor.number();
            try budget.take(node.name.len + piece.len);
            const name = try std.mem.concat(arena, u8, &.{ node.name, piece });
            try pending.append(arena, .{ .offset = offset, .name = name });
        }
    }
    Binary.sortNames(names.items);
    return names.items;
}

test read {
    var arena: std.heap.ArenaAllocator = .init(std.testing.allocator);
    defer arena.deinit();
    // _a (an end) with children: bc, d
    const trie = "\x00\x01_a\x00\x06" ++ "\x02\x00\x10\x02bc\x00\x11d\x00\x15" ++ "\x02\x00\x01\x00" ++ "\x02\x00\x02\x00";
    var budget: Bytes.Budget = .init(trie.len);
    const names = try read(arena.allocator(), trie, &budget);
    try std.testing.expectEqual(3, names.len);
    for ([_][]const u8{ "a", "abc", "ad" }, names) |expected, name| try std.testing.expectEqualStrings(expected, name);
}

test "loops, and nodes outside of the tree" {
    var arena: std.heap.ArenaAllocator = .init(std.testing.allocator);
    defer arena.deinit();
    for ([_][]const u8{
        "\x00\x01_a\x00\x00", // the root is its own child
        "\x00\x01\x00\x00", // with a name that does not grow
        "\x00\x02\x00\x00\x00\x00", // two of them
        "\x00\x01_a\x00\x20",
        "\x00\x01_a",
        "\x00\x01_a\x00\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
        "\xff\xff\xff\xff\xff\xff\xff\xff\x7f\x00",
        "\x00",
    }) |trie| {
        var budget: Bytes.Budget = .init(trie.len);
        try std.testing.expectError(error.Malformed, read(arena.allocator(), trie, &budget));
    }
}
