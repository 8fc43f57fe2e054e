//! The command line of one of the host program's commands, read by the build graph's own rules: no abbreviations, no
//! `--name=value`, each option once. Its mistakes are reported here; the caller only passes the error on.

const std = @import("std");
const io = @import("../compat/io.zig");

const Arguments = @This();

context: io.Context,
/// The first argument is the command's name.
index: usize = 1,

pub const Argument = union(enum) {
    /// Starts with `--`.
    option: []const u8,
    positional: []const u8,
};

pub fn init(context: io.Context) Arguments {
    return .{ .context = context };
}

pub fn next(arguments: *Arguments) ?Argument {
    const text = arguments.take() orelse return null;
    return if (std.mem.startsWith(u8, text, "--")) .{ .option = text } else .{ .positional = text };
}

/// What follows the option that `next` returned last.
pub fn value(arguments: *Arguments) error{Usage}![]const u8 {
    const option = arguments.context.args[arguments.index - 1];
    return arguments.take() orelse {
        arguments.context.printError("{s} needs a value", .{option});
        return error.Usage;
    };
}

fn take(arguments: *Arguments) ?[]const u8 {
    if (arguments.index >= arguments.context.args.len) return null;
    defer arguments.index += 1;
    return arguments.context.args[arguments.index];
}

/// `new`, when nothing was given before.
pub fn once(arguments: *const Arguments, old: ?[]const u8, name: []const u8, new: []const u8) error{Usage}![]const u8 {
    if (old == null) return new;
    arguments.context.printError("{s} is given twice: '{s}' and '{s}'", .{ name, old.?, new });
    return error.Usage;
}

pub fn required(arguments: *const Arguments, given: ?[]const u8, name: []const u8) error{Usage}![]const u8 {
    return given orelse {
        arguments.context.printError("{s} is missing", .{name});
        return error.Usage;
    };
}

pub fn unknown(arguments: *const Arguments, name: []const u8) error{Usage} {
    arguments.context.printError("there is no option {s}", .{name});
    return error.Usage;
}

pub fn readFile(arguments: *const Arguments, path: []const u8) error{ Reported, OutOfMemory }![:0]u8 {
    return arguments.context.readFile(path) catch |err| switch (err) {
        error.OutOfMemory => error.OutOfMemory,
        else => {
            arguments.context.printError("{s} cannot be read ({t})", .{ path, err });
            return error.Reported;
        },
    };
}

pub fn writeFile(arguments: *const Arguments, path: []const u8, data: []const u8) error{Reported}!void {
    arguments.context.writeFile(path, data) catch |err| {
        arguments.context.printError("{s} cannot be written ({t})", .{ path, err });
        return error.Reported;
    };
}
