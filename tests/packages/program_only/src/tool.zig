const std = @import("std");

pub fn main() void {
    std.debug.print("{s} says {d}\n", .{ "tool", 2 + 3 });
}
