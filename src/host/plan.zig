//! `host plan`: what `wheel-all` would build, as `matrix.json` for whoever asked for a dry run.

const std = @import("std");
const io = @import("../compat/io.zig");
const Arguments = @import("Arguments.zig");

pub const usage = "host plan --output FILE {--extension | --program PYTHON-TAG ABI-TAG PLATFORM-TAG ZIG-TARGET NAME FILE}...";

/// The first version of the file's shape.
const version = 1;

const Extension = struct { module: []const u8, file: []const u8 };
const Program = struct { name: []const u8, file: []const u8 };

const Wheel = struct {
    python_tag: []const u8,
    abi_tag: []const u8,
    platform_tag: []const u8,
    zig_target: []const u8,
    extensions: []const Extension,
    programs: []const Program,
};

/// One extension or program of one wheel, as the command line has it.
const Entry = struct { wheel: Wheel, name: []const u8, file: []const u8, is_program: bool };

/// Entries of one wheel need not stand together: the build graph lists all wheels for each extension.
fn wheelsOf(arena: std.mem.Allocator, entries: []const Entry) std.mem.Allocator.Error![]const Wheel {
    var wheels: std.ArrayList(Wheel) = .empty;
    const only_programs = for (entries) |entry| {
        if (!entry.is_program) break false;
    } else true;
    for (entries) |given| {
        var entry = given;
        // As `manifest` names them.
        if (only_programs) {
            entry.wheel.python_tag = "py3";
            entry.wheel.abi_tag = "none";
        }
        const wheel = for (wheels.items) |*wheel| {
            if (isSame(wheel.*, entry.wheel)) break wheel;
        } else blk: {
            try wheels.append(arena, entry.wheel);
            break :blk &wheels.items[wheels.items.len - 1];
        };
        if (!entry.is_program) {
            const extension: Extension = .{ .module = entry.name, .file = entry.file };
            wheel.extensions = try std.mem.concat(arena, Extension, &.{ wheel.extensions, &.{extension} });
        } else for (wheel.programs) |known| {
            // Several Python versions share a wheel that has programs only.
            if (std.mem.eql(u8, known.name, entry.name)) break;
        } else {
            const program: Program = .{ .name = entry.name, .file = entry.file };
            wheel.programs = try std.mem.concat(arena, Program, &.{ wheel.programs, &.{program} });
        }
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
        } else if (std.mem.eql(u8, name, "--extension") or std.mem.eql(u8, name, "--program")) {
            var values: [6][]const u8 = undefined;
            for (&values) |*value| value.* = try arguments.value();
            try entries.append(context.arena, .{
                .wheel = .{
                    .python_tag = values[0],
                    .abi_tag = values[1],
                    .platform_tag = values[2],
                    .zig_target = values[3],
                    .extensions = &.{},
                    .programs = &.{},
                },
                .name = values[4],
                .file = values[5],
                .is_program = std.mem.eql(u8, name, "--program"),
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
    const one: Wheel = .{ .python_tag = "cp310", .abi_tag = "abi3", .platform_tag = "win_amd64", .zig_target = "x86_64-windows-gnu", .extensions = &.{}, .programs = &.{} };
    var other = one;
    other.platform_tag = "win32";
    const wheels = try wheelsOf(arena.allocator(), &.{
        .{ .wheel = one, .name = "a", .file = "a.pyd", .is_program = false },
        .{ .wheel = other, .name = "a", .file = "a.pyd", .is_program = false },
        .{ .wheel = one, .name = "b", .file = "b.pyd", .is_program = false },
        .{ .wheel = other, .name = "b", .file = "b.pyd", .is_program = false },
    });
    try std.testing.expectEqual(2, wheels.len);
    for (wheels) |wheel| try std.testing.expectEqual(2, wheel.extensions.len);
    try std.testing.expectEqualStrings("win32", wheels[1].platform_tag);
    try std.testing.expectEqualStrings("b", wheels[1].extensions[1].module);

    const programs = try wheelsOf(arena.allocator(), &.{
        .{ .wheel = one, .name = "tool", .file = "tool.exe", .is_program = true },
        .{ .wheel = one, .name = "tool", .file = "tool.exe", .is_program = true },
    });
    try std.testing.expectEqual(1, programs.len);
    try std.testing.expectEqual(1, programs[0].programs.len);
    try std.testing.expectEqualStrings("py3", programs[0].python_tag);
}
