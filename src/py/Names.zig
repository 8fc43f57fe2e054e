//! The parameter names of a module, interned once per module object, so that keywords are compared by pointer.

const Names = @This();

const std = @import("std");

/// Each name once.
list: []const [:0]const u8,

/// `names`, and `name` if it is not among them.
pub fn with(comptime names: Names, comptime name: [:0]const u8) Names {
    return if (names.index(name) == null) .{ .list = names.list ++ .{name} } else names;
}

/// Index of a name, or null when it is not there.
pub fn index(comptime names: Names, comptime name: []const u8) ?usize {
    for (names.list, 0..) |candidate, i| {
        if (std.mem.eql(u8, candidate, name)) return i;
    }
    return null;
}
