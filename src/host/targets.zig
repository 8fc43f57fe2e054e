//! `host targets`: the Pythons and platforms that packages can be built for, and what the wheel for an interpreter of
//! some machine is called.

const std = @import("std");
const io = @import("../compat/io.zig");
const Arguments = @import("Arguments.zig");
const PlatformTag = @import("../target/PlatformTag.zig");
const PythonTarget = @import("../target/PythonTarget.zig");
const PythonVersion = @import("../target/PythonVersion.zig");
const Allocator = std.mem.Allocator;

pub const usage = "host targets --output FILE [--interpreter VERSION SYSTEM LIBC]...";

/// The first version of the file's shape.
const version = 1;

const Platform = struct {
    /// The platform tag that a package gets when nobody asks for a newer or an older one.
    usual: []const u8,
    oldest: []const u8,
    /// Null where there is no end: macOS, and Windows, whose tags have no version.
    newest: ?[]const u8,
    /// What Zig compiles for; two of them, with a comma, for macOS on both architectures.
    zig_target: []const u8,
};

const Interpreter = struct {
    python_tag: ?[]const u8 = null,
    abi_tag: ?[]const u8 = null,
    platform_tag: ?[]const u8 = null,
    extension_suffix: ?[]const u8 = null,
    /// Why no wheel can be built for it.
    problem: ?[]const u8 = null,
};

const families = [_]struct { os: PlatformTag.Os, libc: PlatformTag.Libc }{
    .{ .os = .linux, .libc = .gnu },
    .{ .os = .linux, .libc = .musl },
    .{ .os = .macos, .libc = .none },
    .{ .os = .windows, .libc = .none },
};

fn platforms(arena: Allocator) Allocator.Error![]const Platform {
    var list: std.ArrayList(Platform) = .empty;
    for (families) |family| {
        for (PlatformTag.archNames(family.os)) |entry| {
            const usual = PlatformTag.default(family.os, entry.arch, family.libc) catch continue;
            var bound = usual;
            bound.version = PlatformTag.lowest(family.os, family.libc, entry.arch);
            const oldest = try bound.text(arena);
            bound.version = PlatformTag.highest(family.libc);
            try list.append(arena, .{
                .usual = try usual.text(arena),
                .oldest = oldest,
                .newest = if (family.os == .linux) try bound.text(arena) else null,
                .zig_target = try usual.zigTriples(arena),
            });
        }
    }
    return list.items;
}

fn versions(arena: Allocator, first: PythonVersion, last: PythonVersion, suffix: []const u8) Allocator.Error![]const []const u8 {
    var list: std.ArrayList([]const u8) = .empty;
    var one = first;
    while (one.order(last) != .gt) : (one.minor += 1) {
        try list.append(arena, try std.fmt.allocPrint(arena, "{d}.{d}{s}", .{ one.major, one.minor, suffix }));
    }
    return list.items;
}

/// `system` is what Python's `sysconfig.get_platform()` says there: linux-x86_64, macosx-11.0-arm64, win-amd64, win32.
/// `libc` is gnu, musl or none.
fn platformOf(system: []const u8, libc: []const u8) PlatformTag.Error!PlatformTag {
    var parts = std.mem.splitScalar(u8, system, '-');
    const name = parts.first();
    if (std.mem.eql(u8, name, "win32")) return .parse("win32");
    var arch: []const u8 = "";
    while (parts.next()) |part| arch = part;
    const os: PlatformTag.Os = if (std.mem.eql(u8, name, "linux"))
        .linux
    else if (std.mem.eql(u8, name, "macosx"))
        .macos
    else if (std.mem.eql(u8, name, "win"))
        .windows
    else
        return error.UnsupportedPlatform;
    for (PlatformTag.archNames(os)) |entry| {
        const text = if (os == .windows) entry.text["win_".len..] else entry.text;
        if (!std.mem.eql(u8, text, arch)) continue;
        return .default(os, entry.arch, std.meta.stringToEnum(PlatformTag.Libc, libc) orelse .none);
    }
    return error.UnknownArchitecture;
}

fn interpreter(arena: Allocator, python: []const u8, system: []const u8, libc: []const u8) Allocator.Error!Interpreter {
    const parsed = PythonTarget.parseVersion(python) catch |err|
        return .{ .problem = try PythonTarget.versionReason(arena, python, err) };
    const platform = platformOf(system, libc) catch |err| switch (err) {
        error.UnknownArchitecture => return .{
            .problem = try std.fmt.allocPrint(arena, "alloconda does not build for '{s}'", .{system}),
        },
        else => return .{ .problem = try PlatformTag.reason(arena, system, err) },
    };
    const target: PythonTarget = .{ .version = parsed.version, .abi = parsed.abi, .platform = platform };
    return .{
        .python_tag = try target.pythonTag(arena),
        .abi_tag = try target.abiTag(arena),
        .platform_tag = try target.platformTag(arena),
        .extension_suffix = try target.extensionSuffix(arena),
    };
}

pub fn run(context: io.Context) !void {
    const arena = context.arena;
    var arguments: Arguments = .init(context);
    var output: ?[]const u8 = null;
    var interpreters: std.ArrayList(Interpreter) = .empty;
    while (arguments.next()) |argument| switch (argument) {
        .positional => return error.Usage,
        .option => |name| if (std.mem.eql(u8, name, "--output")) {
            output = try arguments.once(output, name, try arguments.value());
        } else if (std.mem.eql(u8, name, "--interpreter")) {
            const python = try arguments.value();
            const system = try arguments.value();
            try interpreters.append(arena, try interpreter(arena, python, system, try arguments.value()));
        } else return arguments.unknown(name),
    };
    var text: std.Io.Writer.Allocating = .init(arena);
    try std.json.Stringify.value(.{
        .targets = version,
        .python_versions = try versions(arena, .min, .max, ""),
        .released_versions = try versions(arena, .min, .newest_released, ""),
        .free_threaded_versions = try versions(arena, .free_threaded_min, .max, "t"),
        .platforms = try platforms(arena),
        .interpreters = interpreters.items,
    }, .{ .whitespace = .indent_2 }, &text.writer);
    try text.writer.writeByte('\n');
    try arguments.writeFile(try arguments.required(output, "--output"), text.written());
}

test "platforms that a package can be built for" {
    var arena: std.heap.ArenaAllocator = .init(std.testing.allocator);
    defer arena.deinit();
    const list = try platforms(arena.allocator());
    try std.testing.expectEqual(8 + 8 + 3 + 3, list.len);
    const first: Platform = .{
        .usual = "manylinux_2_17_x86_64",
        .oldest = "manylinux_2_5_x86_64",
        .newest = "manylinux_2_42_x86_64",
        .zig_target = "x86_64-linux-gnu.2.17",
    };
    try std.testing.expectEqualDeep(first, list[0]);
    const last: Platform = .{
        .usual = "win_arm64",
        .oldest = "win_arm64",
        .newest = null,
        .zig_target = "aarch64-windows-gnu",
    };
    try std.testing.expectEqualDeep(last, list[list.len - 1]);
    for (list) |platform| _ = try PlatformTag.parse(platform.oldest);
}

test "what the wheel for an interpreter is called" {
    var arena: std.heap.ArenaAllocator = .init(std.testing.allocator);
    defer arena.deinit();
    const cases = [_]struct { []const u8, []const u8, []const u8, []const u8, []const u8 }{
        .{ "3.13", "linux-x86_64", "gnu", "cp313-cp313-manylinux_2_17_x86_64", ".cpython-313-x86_64-linux-gnu.so" },
        .{ "3.14t", "linux-aarch64", "musl", "cp314-cp314t-musllinux_1_2_aarch64", ".cpython-314t-aarch64-linux-musl.so" },
        .{ "3.10", "macosx-11.0-arm64", "none", "cp310-cp310-macosx_11_0_arm64", ".cpython-310-darwin.so" },
        .{ "3.12", "macosx-10.13-universal2", "none", "cp312-cp312-macosx_11_0_universal2", ".cpython-312-darwin.so" },
        .{ "3.13", "win-amd64", "none", "cp313-cp313-win_amd64", ".cp313-win_amd64.pyd" },
        .{ "3.13", "win32", "none", "cp313-cp313-win32", ".cp313-win32.pyd" },
    };
    for (cases) |case| {
        const found = try interpreter(arena.allocator(), case[0], case[1], case[2]);
        const tags = try std.fmt.allocPrint(arena.allocator(), "{s}-{s}-{s}", .{ found.python_tag.?, found.abi_tag.?, found.platform_tag.? });
        try std.testing.expectEqualStrings(case[3], tags);
        try std.testing.expectEqualStrings(case[4], found.extension_suffix.?);
        try std.testing.expectEqual(null, found.problem);
    }
}

test "interpreters that nothing is built for" {
    var arena: std.heap.ArenaAllocator = .init(std.testing.allocator);
    defer arena.deinit();
    const cases = [_]struct { []const u8, []const u8, []const u8, []const u8 }{
        .{ "3.9", "linux-x86_64", "gnu", "Python 3.9 is too old: the oldest version that alloconda builds for is 3.10" },
        .{ "3.13", "linux-mips", "gnu", "alloconda does not build for 'linux-mips'" },
        .{ "3.13", "freebsd-14-amd64", "none", "alloconda does not build for 'freebsd-14-amd64': it builds for Linux (glibc and musl), macOS and Windows" },
    };
    for (cases) |case| {
        const found = try interpreter(arena.allocator(), case[0], case[1], case[2]);
        try std.testing.expectEqualStrings(case[3], found.problem.?);
        try std.testing.expectEqual(null, found.python_tag);
    }
}
