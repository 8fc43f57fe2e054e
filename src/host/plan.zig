//! `host plan`: what `wheel-all` would build, as `matrix.json` for whoever asked for a dry run.

const std = @import("std");
const io = @import("../compat/io.zig");
const Arguments = @import("Arguments.zig");

pub const usage = "host plan --output FILE [--entry PYTHON-TAG ABI-TAG PLATFORM-TAG ZIG-TARGET MODULE FILE]...";

/// The first version of the file's shape.
const version = 1;

const Extension = struct { module: []const u8, file: []const u8 };

const Wheel = struct {
    python_tag: []const u8,
    abi_tag: []const u8,
    platform_tag: []const u8,
    zig_target: []const u8,
    extensions: []const Extension,
};

/// One extension of one wheel, as the command line has it.
const Entry = struct { wheel: Wheel, extension: Extension };

/// Entries of one wheel need not stand together: the build graph lists all wheels for each extension.
fn wheelsOf(arena: std.mem.Allocator, entries: []const Entry) std.mem.Allocator.Error![]const Wheel {
    var wheels: std.ArrayList(Wheel) = .empty;
    for (entries) |entry| {
        const wheel = for (wheels.items) |*wheel| {
            if (isSame(wheel.*, entry.wheel)) break wheel;
        } else blk: {
            try wheels.append(arena, entry.wheel);
            break :blk &wheels.items[wheels.items.len - 1];
        };
        wheel.extensions = try std.mem.concat(arena, Extension, &.{ wheel.extensions, &.{entry.extension} });
    }
    return wheels.items;
}

fn isSame(a: Wheel, b: Wheel) bool {
    return std.mem.eql(u8, a.python_tag, b.python_tag) and std.mem.eql(u8, a.abi_tag, b.abi_tag) and
        std.mem.eql(u8, a.platform_tag, b.platform_tag);
}

pub fn run(context: io.Context) !void {
    var arguments: Arguments = .init(context);
    var output: ?[]const u8 = null;
    var entries: std.ArrayList(Entry) = .empty;
    while (arguments.next()) |argument| switch (argument) {
        .positional => return error.Usage,
        .option => |name| if (std.mem.eql(u8, name, "--output")) {
            output = try arguments.once(output, name, try arguments.value());
        } else if (std.mem.eql(u8, name, "--entry")) {
            var values: [6][]const u8 = undefined;
            for (&values) |*value| value.* = try arguments.value();
            try entries.append(context.arena, .{
                .wheel = .{
                    .python_tag = values[0],
                    .abi_tag = values[1],
                    .platform_tag = values[2],
                    .zig_target = values[3],
                    .extensions = &.{},
                },
                .extension = .{ .module = values[4], .file = values[5] },
            });
        } else return arguments.unknown(name),
    };
    var text: std.Io.Writer.Allocating = .init(context.arena);
    const wheels = try wheelsOf(context.arena, entries.items);
    try std.json.Stringify.value(.{ .matrix = version, .wheels = wheels }, .{ .whitespace = .indent_2 }, &text.writer);
    try text.writer.writeByte('\n');
    try arguments.writeFile(try arguments.required(output, "--output"), text.written());
}

test "entries of one wheel are put together" {
    var arena: std.heap.ArenaAllocator = .init(std.testing.allocator);
    defer arena.deinit();
    const one: Wheel = .{ .python_tag = "cp310", .abi_tag = "abi3", .platform_tag = "win_amd64", .zig_target = "x86_64-windows-gnu", .extensions = &.{} };
    var other = one;
    other.platform_tag = "win32";
    const wheels = try wheelsOf(arena.allocator(), &.{
        .{ .wheel = one, .extension = .{ .module = "a", .file = "a.pyd" } },
        .{ .wheel = other, .extension = .{ .module = "a", .file = "a.pyd" } },
        .{ .wheel = one, .extension = .{ .module = "b", .file = "b.pyd" } },
        .{ .wheel = other, .extension = .{ .module = "b", .file = "b.pyd" } },
    });
    try std.testing.expectEqual(2, wheels.len);
    for (wheels) |wheel| try std.testing.expectEqual(2, wheel.extensions.len);
    try std.testing.expectEqualStrings("win32", wheels[1].platform_tag);
    try std.testing.expectEqualStrings("b", wheels[1].extensions[1].module);
}
