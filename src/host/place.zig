//! `host place`: copies a packed wheel from the build graph's cache into the user's folder, unless it is there already,
//! and prints its path.

const std = @import("std");
const io = @import("../compat/io.zig");
const Arguments = @import("Arguments.zig");

pub const usage = "host place --name FILE --from FOLDER --to FOLDER [--quiet]";

/// Whether what the packer wrote is the name of a file and nothing else.
fn isFileName(name: []const u8) bool {
    return name.len > 0 and name[0] != '.' and std.mem.indexOfAny(u8, name, "/\\\n\x00") == null;
}

pub fn run(context: io.Context) !void {
    var arguments: Arguments = .init(context);
    var name_file: ?[]const u8 = null;
    var from: ?[]const u8 = null;
    var to: ?[]const u8 = null;
    var quiet = false;
    while (arguments.next()) |argument| switch (argument) {
        .positional => return error.Usage,
        .option => |option| if (std.mem.eql(u8, option, "--name")) {
            name_file = try arguments.once(name_file, option, try arguments.value());
        } else if (std.mem.eql(u8, option, "--from")) {
            from = try arguments.once(from, option, try arguments.value());
        } else if (std.mem.eql(u8, option, "--to")) {
            to = try arguments.once(to, option, try arguments.value());
        } else if (std.mem.eql(u8, option, "--quiet")) {
            quiet = true;
        } else return arguments.unknown(option),
    };
    const name = std.mem.trimEnd(u8, try arguments.readFile(try arguments.required(name_file, "--name")), "\r\n");
    if (!isFileName(name)) {
        context.printError("the packer wrote a wheel with the name '{s}', which is no file name", .{name});
        return error.Reported;
    }
    const source = try std.fs.path.join(context.arena, &.{ try arguments.required(from, "--from"), name });
    const target = try std.fs.path.join(context.arena, &.{ try arguments.required(to, "--to"), name });
    context.updateFile(source, target) catch |err| {
        context.printError("{s} cannot be written ({t})", .{ target, err });
        return error.Reported;
    };
    if (!quiet) try context.printLine(target);
}

test isFileName {
    try std.testing.expect(isFileName("hello-0.1.0-cp310-abi3-win_amd64.whl"));
    for ([_][]const u8{ "", ".", "..", "../x.whl", "a/b.whl", "a\\b.whl", ".hidden", "a\nb" }) |name| {
        try std.testing.expect(!isFileName(name));
    }
}
