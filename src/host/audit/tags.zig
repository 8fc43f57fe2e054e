//! The three tags of a wheel, as targets: one, or one for each platform of a set such as
//! `manylinux_2_17_x86_64.manylinux2014_x86_64`.

const std = @import("std");
const Allocator = std.mem.Allocator;
pub const PythonTarget = @import("../../target/PythonTarget.zig");
const PlatformTag = PythonTarget.PlatformTag;
const PythonVersion = PythonTarget.PythonVersion;

pub const Result = union(enum) {
    targets: []const PythonTarget,
    /// The sentence for the user about what is not understood.
    complaint: []const u8,
};

/// All memory is `arena`'s.
pub fn read(
    arena: Allocator,
    python_tag: []const u8,
    abi_tag: []const u8,
    platform_tag: []const u8,
) Allocator.Error!Result {
    var version: ?PythonVersion = null;
    var pythons = std.mem.splitScalar(u8, python_tag, '.');
    while (pythons.next()) |text| {
        const one = parsePython(text) orelse return .{ .complaint = try std.fmt.allocPrint(
            arena,
            "'{s}' is not the Python tag of an extension module: it reads like cp310 or cp314",
            .{text},
        ) };
        if (version == null or one.order(version.?) == .lt) version = one;
    }
    const stable = std.mem.eql(u8, abi_tag, "abi3");
    const free_threaded = std.mem.endsWith(u8, abi_tag, "t");
    if (!stable) {
        const abi_version = parsePython(if (free_threaded) abi_tag[0 .. abi_tag.len - 1] else abi_tag) orelse
            return .{ .complaint = try std.fmt.allocPrint(
                arena,
                "'{s}' is not the ABI tag of an extension module: it reads like abi3, cp314 or cp314t",
                .{abi_tag},
            ) };
        const alone = std.mem.indexOfScalar(u8, python_tag, '.') == null;
        if (!alone or !abi_version.eql(version.?)) return .{ .complaint = try std.fmt.allocPrint(
            arena,
            "the Python tag '{s}' and the ABI tag '{s}' contradict each other: a module for one version has the same in both",
            .{ python_tag, abi_tag },
        ) };
    }

    var targets: std.ArrayList(PythonTarget) = .empty;
    var platforms = std.mem.splitScalar(u8, platform_tag, '.');
    while (platforms.next()) |text| {
        const platform = PlatformTag.parse(text) catch |err| return .{ .complaint = try PlatformTag.reason(arena, text, err) };
        const target: PythonTarget = .{
            .version = version.?,
            .abi = if (stable) .stable else if (free_threaded) .free_threaded else .gil,
            .platform = platform,
        };
        for (targets.items) |known| {
            if (known.eql(target)) break;
        } else try targets.append(arena, target);
    }
    return .{ .targets = targets.items };
}

/// `cp310`. Wheels of others may be for a version that alloconda does not build for.
fn parsePython(text: []const u8) ?PythonVersion {
    if (!std.mem.startsWith(u8, text, "cp3") or text.len < 4 or text.len > 5) return null;
    for (text[2..]) |byte| if (!std.ascii.isDigit(byte)) return null;
    return .{ .major = 3, .minor = std.fmt.parseInt(u8, text[3..], 10) catch return null };
}

test read {
    const cases = [_]struct { [3][]const u8, []const u8 }{
        .{ .{ "cp310", "abi3", "manylinux_2_17_x86_64" }, "3.10 stable manylinux_2_17_x86_64" },
        .{ .{ "cp38", "abi3", "win_amd64" }, "3.8 stable win_amd64" },
        .{ .{ "cp39.cp310", "abi3", "win32" }, "3.9 stable win32" },
        .{ .{ "cp314", "cp314t", "macosx_11_0_arm64" }, "3.14 free_threaded macosx_11_0_arm64" },
        .{ .{ "cp313", "cp313", "manylinux_2_17_aarch64.manylinux2014_aarch64" }, "3.13 gil manylinux_2_17_aarch64" },
        .{ .{ "cp313", "cp313", "macosx_10_13_x86_64.macosx_11_0_arm64" }, "3.13 gil macosx_10_13_x86_64, 3.13 gil macosx_11_0_arm64" },
        .{ .{ "py3", "abi3", "win32" }, "'py3' is not the Python tag of an extension module: it reads like cp310 or cp314" },
        .{ .{ "cp313t", "cp313t", "win32" }, "'cp313t' is not the Python tag of an extension module: it reads like cp310 or cp314" },
        .{ .{ "cp313", "none", "win32" }, "'none' is not the ABI tag of an extension module: it reads like abi3, cp314 or cp314t" },
        .{ .{ "cp313", "cp312", "win32" }, "the Python tag 'cp313' and the ABI tag 'cp312' contradict each other: a module for one version has the same in both" },
        .{ .{ "cp312.cp313", "cp312", "win32" }, "the Python tag 'cp312.cp313' and the ABI tag 'cp312' contradict each other: a module for one version has the same in both" },
        .{ .{ "cp313", "cp313", "linux_x86_64" }, "platform tag 'linux_x86_64' does not say which C library it needs: write manylinux_2_17_x86_64 (glibc) or musllinux_1_2_x86_64 (musl)" },
    };
    var arena: std.heap.ArenaAllocator = .init(std.testing.allocator);
    defer arena.deinit();
    for (cases) |case| {
        var text: std.Io.Writer.Allocating = .init(arena.allocator());
        switch (try read(arena.allocator(), case[0][0], case[0][1], case[0][2])) {
            .complaint => |complaint| try text.writer.writeAll(complaint),
            .targets => |targets| for (targets, 0..) |target, index| try text.writer.print("{s}{d}.{d} {t} {s}", .{
                if (index == 0) "" else ", ", target.version.major,                        target.version.minor,
                target.abi,                   try target.platform.text(arena.allocator()),
            }),
        }
        try std.testing.expectEqualStrings(case[1], text.written());
    }
}
