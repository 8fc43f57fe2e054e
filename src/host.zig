//! The host program of the build graph: one executable for the machine that builds, with a command per stage.
//! Every command reads files, writes files and says nothing, or prints lines that start with `error:` (or `warning:`).
//! Exit status 1 means that the input is wrong, 2 that the command line is.

const std = @import("std");
const io = @import("compat/io.zig");
const reflect = @import("host/reflect.zig");
const audit = @import("host/audit.zig");
const c_sources = @import("host/c_sources.zig");
const definitions = @import("host/definitions.zig");
const fat = @import("host/fat.zig");
const headers = @import("host/headers.zig");
const inspect = @import("host/inspect.zig");
const manifest = @import("host/manifest.zig");
const musl_stub = @import("host/musl_stub.zig");
const place = @import("host/place.zig");
const plan = @import("host/plan.zig");
const targets = @import("host/targets.zig");

pub const main = io.Program(run).main;

const Command = struct {
    name: []const u8,
    usage: []const u8,
    run: *const fn (io.Context) anyerror!void,
};

const commands = [_]Command{
    .{ .name = "reflect", .usage = reflect.usage, .run = reflect.run },
    .{ .name = "inspect", .usage = inspect.usage, .run = inspect.run },
    .{ .name = "audit", .usage = audit.usage, .run = audit.run },
    .{ .name = "manifest", .usage = manifest.usage, .run = manifest.run },
    .{ .name = "definitions", .usage = definitions.usage, .run = definitions.run },
    .{ .name = "musl-stub", .usage = musl_stub.usage, .run = musl_stub.run },
    .{ .name = "fat", .usage = fat.usage, .run = fat.run },
    .{ .name = "sources-check", .usage = c_sources.usage, .run = c_sources.run },
    .{ .name = "headers-choose", .usage = headers.choose_usage, .run = headers.choose },
    .{ .name = "headers-check", .usage = headers.check_usage, .run = headers.check },
    .{ .name = "place", .usage = place.usage, .run = place.run },
    .{ .name = "plan", .usage = plan.usage, .run = plan.run },
    .{ .name = "targets", .usage = targets.usage, .run = targets.run },
};

fn run(context: io.Context) u8 {
    const name = if (context.args.len > 0) context.args[0] else "";
    for (commands) |command| {
        if (!std.mem.eql(u8, name, command.name)) continue;
        command.run(context) catch |err| switch (err) {
            error.Reported => return 1,
            error.Usage => {
                std.debug.print("usage: {s}\n", .{command.usage});
                return 2;
            },
            error.OutOfMemory, error.WriteFailed => {
                context.printError("not enough memory to {s}", .{command.name});
                return 1;
            },
            else => {
                context.printError("{s} failed: {t}", .{ command.name, err });
                return 1;
            },
        };
        return 0;
    }
    context.printError("there is no command '{s}'", .{name});
    for (commands) |command| std.debug.print("usage: {s}\n", .{command.usage});
    return 2;
}

test {
    _ = io;
    _ = reflect;
    _ = inspect;
    _ = audit;
    _ = manifest;
    _ = c_sources;
    _ = definitions;
    _ = fat;
    _ = headers;
    _ = musl_stub;
    _ = place;
    _ = plan;
    _ = targets;
    _ = @import("target/PythonTarget.zig");
}
