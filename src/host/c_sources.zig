//! `host sources-check`: whether the C sources that build.zig names are there. A compiler that misses one says so too, in
//! the words of its own cache.

const std = @import("std");
const io = @import("../compat/io.zig");
const Arguments = @import("Arguments.zig");

pub const usage = "host sources-check --module NAME --root FOLDER --sources FILE --output FILE";

pub fn run(context: io.Context) !void {
    var arguments: Arguments = .init(context);
    var module: ?[]const u8 = null;
    var root: ?[]const u8 = null;
    var output: ?[]const u8 = null;
    var list: ?[]const u8 = null;
    while (arguments.next()) |argument| switch (argument) {
        .positional => |text| return arguments.unknown(text),
        .option => |option| if (std.mem.eql(u8, option, "--module")) {
            module = try arguments.once(module, option, try arguments.value());
        } else if (std.mem.eql(u8, option, "--root")) {
            root = try arguments.once(root, option, try arguments.value());
        } else if (std.mem.eql(u8, option, "--sources")) {
            list = try arguments.once(list, option, try arguments.value());
        } else if (std.mem.eql(u8, option, "--output")) {
            output = try arguments.once(output, option, try arguments.value());
        } else return arguments.unknown(option),
    };
    const name = try arguments.required(module, "--module");
    const folder = try arguments.required(root, "--root");
    var sources = std.mem.tokenizeScalar(u8, try arguments.readFile(try arguments.required(list, "--sources")), '\n');
    while (sources.next()) |source| {
        const path = try std.fs.path.resolve(context.arena, &.{ folder, source });
        context.requireFile(path) catch |err| {
            switch (err) {
                error.FileNotFound, error.NotDir => context.printError(
                    "there is no {s}, which '{s}' has among its .c_sources: correct the name in build.zig, or restore the file",
                    .{ path, name },
                ),
                else => context.printError("{s} of '{s}' cannot be read ({t})", .{ path, name, err }),
            }
            return error.Reported;
        };
    }
    try arguments.writeFile(try arguments.required(output, "--output"), "");
}
