//! What differs between the supported Zig versions in a program's entry, its files and its exit: with `zig_ast.zig`
//! the only place of the host program that compares versions.

const std = @import("std");
const builtin = @import("builtin");
const Allocator = std.mem.Allocator;

/// Zig 0.16 moved files behind `std.Io` and hands `main` what it needs.
const has_io = builtin.zig_version.order(.{ .major = 0, .minor = 16, .patch = 0 }) != .lt;

/// Larger than any library that belongs in a wheel; what is larger is refused, not read.
pub const file_size_max = 1 << 30;

/// What a program is started with.
pub const Context = struct {
    /// Lives as long as the process; nothing that it hands out need be freed.
    arena: Allocator,
    io: if (has_io) std.Io else void,
    /// Without the program's own name.
    args: []const []const u8,

    /// The whole file, closed by a zero byte that the length does not count.
    pub fn readFile(context: Context, path: []const u8) ![:0]u8 {
        if (has_io) {
            const dir: std.Io.Dir = .cwd();
            return dir.readFileAllocOptions(context.io, path, context.arena, .limited(file_size_max), .of(u8), 0);
        }
        return std.fs.cwd().readFileAllocOptions(context.arena, path, file_size_max, null, .of(u8), 0);
    }

    /// Fails as `readFile` would, and reads nothing.
    pub fn requireFile(context: Context, path: []const u8) !void {
        const kind = if (has_io) opened: {
            const dir: std.Io.Dir = .cwd();
            const file = try dir.openFile(context.io, path, .{});
            defer file.close(context.io);
            break :opened (try file.stat(context.io)).kind;
        } else opened: {
            const file = try std.fs.cwd().openFile(path, .{});
            defer file.close();
            break :opened (try file.stat()).kind;
        };
        if (kind == .directory) return error.IsDir;
    }

    pub fn writeFile(context: Context, path: []const u8, data: []const u8) !void {
        if (has_io) {
            const dir: std.Io.Dir = .cwd();
            return dir.writeFile(context.io, .{ .sub_path = path, .data = data });
        }
        return std.fs.cwd().writeFile(.{ .sub_path = path, .data = data });
    }

    /// Makes a folder and those around it.
    pub fn makePath(context: Context, path: []const u8) !void {
        if (has_io) {
            const dir: std.Io.Dir = .cwd();
            return dir.createDirPath(context.io, path);
        }
        return std.fs.cwd().makePath(path);
    }

    /// Copies a file, unless size and time say that the copy is there already, and makes the folders on the way. What
    /// had the path before stays until the new file is complete.
    pub fn updateFile(context: Context, source: []const u8, target: []const u8) !void {
        if (has_io) {
            const dir: std.Io.Dir = .cwd();
            _ = try dir.updateFile(context.io, source, dir, target, .{});
        } else {
            const dir = std.fs.cwd();
            _ = try dir.updateFile(source, dir, target, .{});
        }
    }

    /// One line on standard output.
    pub fn printLine(context: Context, line: []const u8) !void {
        const text = try std.fmt.allocPrint(context.arena, "{s}\n", .{line});
        if (has_io) {
            try std.Io.File.stdout().writeStreamingAll(context.io, text);
        } else {
            try std.fs.File.stdout().writeAll(text);
        }
    }

    /// One line on standard error; a stream that cannot be written to is no reason to fail.
    pub fn printError(_: Context, comptime format: []const u8, values: anytype) void {
        std.debug.print("error: " ++ format ++ "\n", values);
    }
};

/// The root file's `pub const main = compat.Program(run).main;`. `run` returns the exit status.
pub fn Program(comptime run: fn (Context) u8) type {
    return struct {
        pub const main = if (has_io) mainWithIo else mainWithoutIo;

        fn mainWithoutIo() u8 {
            var arena: std.heap.ArenaAllocator = .init(std.heap.page_allocator);
            const args = std.process.argsAlloc(arena.allocator()) catch return 1;
            return start(arena.allocator(), {}, args);
        }

        fn mainWithIo(process: if (has_io) std.process.Init else void) u8 {
            const arena = process.arena.allocator();
            const args = process.minimal.args.toSlice(arena) catch return 1;
            return start(arena, process.io, args);
        }

        fn start(arena: Allocator, io: if (has_io) std.Io else void, args: []const [:0]const u8) u8 {
            const plain = arena.alloc([]const u8, args.len -| 1) catch return 1;
            for (plain, 1..) |*item, index| item.* = args[index];
            return run(.{ .arena = arena, .io = io, .args = plain });
        }
    };
}
