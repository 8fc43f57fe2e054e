//! `host musl-stub`: writes an assembly file of a library that stands in for musl's libc when a module is linked. It has
//! musl's names, and the build gives it the name under which musl distributions install it: the module then needs
//! `libc.musl-x86_64.so.1`, where Zig's own stub would make it need `libc.so`. Nothing of it runs, and nothing of it is
//! in the wheel.
//!
//! Names that came within musl 1.2 are left out, since musllinux_1_2 means all of 1.2: a module that uses one is linked
//! with Zig's stub for it, needs `libc.so` too, and is refused by the audit.
//!
//! Assembly, because the same in Zig takes two seconds to compile.

const std = @import("std");
const io = @import("../compat/io.zig");
const Arguments = @import("Arguments.zig");
const musl_symbols = @import("audit/names.zig").musl_symbols;

pub const usage = "host musl-stub --arch ARCH --output FILE";

pub fn run(context: io.Context) !void {
    var arguments: Arguments = .init(context);
    var arch_given: ?[]const u8 = null;
    var output_given: ?[]const u8 = null;
    while (arguments.next()) |argument| switch (argument) {
        .positional => |text| return arguments.unknown(text),
        .option => |option| if (std.mem.eql(u8, option, "--arch")) {
            arch_given = try arguments.once(arch_given, option, try arguments.value());
        } else if (std.mem.eql(u8, option, "--output")) {
            output_given = try arguments.once(output_given, option, try arguments.value());
        } else return arguments.unknown(option),
    };
    const arch = try arguments.required(arch_given, "--arch");
    const output = try arguments.required(output_given, "--output");
    var text: std.Io.Writer.Allocating = .init(context.arena);
    try write(arch, &text.writer);
    try arguments.writeFile(output, text.written());
}

/// `arch` is Zig's name of an architecture.
fn write(arch: []const u8, writer: *std.Io.Writer) std.Io.Writer.Error!void {
    try writer.writeAll(".text\n");
    var lines = std.mem.tokenizeScalar(u8, musl_symbols.lines, '\n');
    while (lines.next()) |line| {
        var fields = std.mem.splitScalar(u8, line, ' ');
        const name = fields.first();
        if (!std.mem.eql(u8, fields.next().?, "1.2.0")) continue;
        // `%function`: `@` starts a comment on Arm.
        if (has(fields.next().?, arch)) try writer.print(".globl {0s}\n.type {0s},%function\n{0s}:\n", .{name});
    }
}

/// Whether a list of architectures, or `*` for all, has one.
fn has(list: []const u8, arch: []const u8) bool {
    if (std.mem.eql(u8, list, "*")) return true;
    var names = std.mem.splitScalar(u8, list, ',');
    while (names.next()) |name| if (std.mem.eql(u8, name, arch)) return true;
    return false;
}

test write {
    const cases = [_]struct { arch: []const u8, has: []const []const u8, lacks: []const []const u8 }{
        .{
            .arch = "x86_64",
            .has = &.{ ".text\n", "\n.globl malloc\n.type malloc,%function\nmalloc:\n", "\nstdout:\n" },
            .lacks = &.{ "statx:", "_Fork:", "__aeabi_memcpy:", "___tls_get_addr:", "#" },
        },
        .{ .arch = "arm", .has = &.{ "\nmalloc:\n", "\n__aeabi_memcpy:\n", "\n__adjtime64:\n" }, .lacks = &.{"___tls_get_addr:"} },
        .{ .arch = "x86", .has = &.{ "\n___tls_get_addr:\n", "\n__adjtime64:\n" }, .lacks = &.{"__aeabi_memcpy:"} },
    };
    for (cases) |case| {
        var written: std.Io.Writer.Allocating = .init(std.testing.allocator);
        defer written.deinit();
        try write(case.arch, &written.writer);
        for (case.has) |part| try std.testing.expect(std.mem.indexOf(u8, written.written(), part) != null);
        for (case.lacks) |part| try std.testing.expect(std.mem.indexOf(u8, written.written(), part) == null);
    }
}
