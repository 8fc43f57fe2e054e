//! Stands in for musl's libc when a module is linked: a shared library that exports musl's names, and whose own name is
//! the one under which musl distributions install it. The module then needs `libc.musl-x86_64.so.1`, where Zig's own
//! stub would make it need `libc.so`. Nothing of it runs, and nothing of it is in the wheel.
//!
//! Names that came within musl 1.2 are left out, since musllinux_1_2 means all of 1.2: a module that uses one is linked
//! with Zig's stub for it, needs `libc.so` too, and is refused by the audit.

const std = @import("std");
const builtin = @import("builtin");

fn stub() callconv(.c) void {}

comptime {
    @setEvalBranchQuota(10_000_000);
    var lines = std.mem.tokenizeScalar(u8, @embedFile("symbols.txt"), '\n');
    while (lines.next()) |line| {
        if (line[0] == '#') continue;
        var fields = std.mem.splitScalar(u8, line, ' ');
        const name = fields.first();
        if (!std.mem.eql(u8, fields.next().?, "1.2.0")) continue;
        if (has(fields.next().?)) @export(&stub, .{ .name = name });
    }
}

fn has(architectures: []const u8) bool {
    if (std.mem.eql(u8, architectures, "*")) return true;
    var names = std.mem.splitScalar(u8, architectures, ',');
    while (names.next()) |name| if (std.mem.eql(u8, name, @tagName(builtin.cpu.arch))) return true;
    return false;
}
