//! `std.zig.Ast.parse`, whose last parameter became a struct of options in Zig 0.17.

const std = @import("std");
const builtin = @import("builtin");

const has_options = builtin.zig_version.order(.{ .major = 0, .minor = 17, .patch = 0 }) != .lt;

/// The syntax tree of a Zig file. Errors of syntax are in its `errors`; it keeps pointing to `source`.
pub fn parse(gpa: std.mem.Allocator, source: [:0]const u8) std.mem.Allocator.Error!std.zig.Ast {
    return std.zig.Ast.parse(gpa, source, if (has_options) .{ .mode = .zig } else .zig);
}
