//! The `-D` options of a package, read in this one place and turned into values.

const Config = @This();

const std = @import("std");
const PlatformTag = @import("../target/PlatformTag.zig");
const PythonTarget = @import("../target/PythonTarget.zig");
const PythonVersion = @import("../target/PythonVersion.zig");

/// One entry per wheel.
targets: []const PythonTarget,
optimize: std.builtin.OptimizeMode,
strip: bool,
/// The interpreter that packs, and no more: it says nothing about the target.
python: []const u8,
/// Folder that wheels are written to; null for `dist` of the project.
wheel_dir: ?[]const u8,
/// `key=value` settings that the packer reads instead of those in pyproject.toml.
pack_options: []const []const u8,
/// Why no target could be worked out, as a sentence for the user.
problem: ?[]const u8,

/// `stable_abi` is what the user's build.zig asks for; `-Dstable-abi` wins over it.
pub fn init(b: *std.Build, stable_abi: ?[]const u8) Config {
    const optimize: std.builtin.OptimizeMode = b.option(std.builtin.OptimizeMode, "optimize", "Optimize mode (default: ReleaseFast)") orelse .ReleaseFast;
    const versions = b.option([]const []const u8, "python-version", "Python versions to build for, such as 3.13,3.14t (default: stable ABI)") orelse &.{};
    const platforms = b.option([]const []const u8, "platform", "Wheel platform tags, such as manylinux_2_28_x86_64 (default: this machine's)") orelse &.{};
    const zig_target = b.option([]const u8, "target", "Zig target to install for, in place of -Dplatform");
    const stable = b.option([]const u8, "stable-abi", "Stable ABI: true, false, or the oldest Python version, such as 3.12");

    var config: Config = .{
        .targets = &.{},
        .optimize = optimize,
        .strip = b.option(bool, "strip", "Leave out debug information (default: true, but for Debug)") orelse (optimize != std.builtin.OptimizeMode.Debug),
        .python = b.option([]const u8, "python", "Python that packs the wheels, with alloconda installed") orelse
            if (b.graph.host.result.os.tag == .windows) "python" else "python3",
        .wheel_dir = b.option([]const u8, "wheel-dir", "Folder for wheels (default: dist)"),
        .pack_options = b.option([]const []const u8, "pack-option", "A [tool.alloconda] setting for the packer, as key=value") orelse &.{},
        .problem = null,
    };
    var reason: []const u8 = undefined;
    config.targets = readTargets(b, .{
        .versions = split(b, versions),
        .platforms = split(b, platforms),
        .zig_target = zig_target,
        .stable = stable orelse stable_abi,
    }, &reason) catch blk: {
        config.problem = reason;
        break :blk &.{};
    };
    return config;
}

/// The options that say what to build for, as text.
const Wanted = struct {
    versions: []const []const u8,
    platforms: []const []const u8,
    zig_target: ?[]const u8,
    stable: ?[]const u8,
};

/// A version and its ABI, not yet for a platform.
const Python = PythonTarget.VersionAndAbi;

fn readTargets(b: *std.Build, wanted: Wanted, reason: *[]const u8) error{Refused}![]const PythonTarget {
    const pythons = try readPythons(b, wanted, reason);
    const platforms = try readPlatforms(b, wanted, reason);
    const targets = b.allocator.alloc(PythonTarget, pythons.len * platforms.len) catch @panic("OOM");
    for (targets, 0..) |*target, i| {
        const python = pythons[i % pythons.len];
        target.* = .{ .version = python.version, .abi = python.abi, .platform = platforms[i / pythons.len] };
    }
    return targets;
}

fn readPythons(b: *std.Build, wanted: Wanted, reason: *[]const u8) error{Refused}![]const Python {
    var pythons: std.ArrayList(Python) = .empty;
    for (wanted.versions) |text| {
        const python = PythonTarget.parseVersion(text) catch |err| {
            reason.* = PythonTarget.versionReason(b.allocator, text, err) catch @panic("OOM");
            return error.Refused;
        };
        for (pythons.items) |other| {
            if (std.meta.eql(other, python)) break;
        } else pythons.append(b.allocator, python) catch @panic("OOM");
    }
    const floor = try stableFloor(b, wanted, reason) orelse return pythons.items;
    for (pythons.items) |python| {
        const text = python.version.text(b.allocator) catch @panic("OOM");
        if (python.abi == .free_threaded) {
            reason.* = b.fmt("free-threaded Python {s}t has no stable ABI: leave out the 't', or set stable-abi to false", .{text});
            return error.Refused;
        }
        if (python.version.order(floor) == .lt) {
            reason.* = b.fmt("the stable ABI is asked for from Python 3.{d} on, which leaves out {s}: lower stable-abi, or set it to false", .{ floor.minor, text });
            return error.Refused;
        }
    }
    return b.allocator.dupe(Python, &.{.{ .version = floor, .abi = .stable }}) catch @panic("OOM");
}

/// The oldest Python of a stable ABI build, or null for builds that are tied to one version.
fn stableFloor(b: *std.Build, wanted: Wanted, reason: *[]const u8) error{Refused}!?PythonVersion {
    const stable = wanted.stable orelse return if (wanted.versions.len == 0) PythonVersion.min else null;
    if (std.mem.eql(u8, stable, "true")) return PythonVersion.min;
    if (std.mem.eql(u8, stable, "false")) {
        if (wanted.versions.len > 0) return null;
        reason.* = "stable-abi is false, so a Python version must be named: add -Dpython-version=3.13, or another one";
        return error.Refused;
    }
    return PythonVersion.parse(stable) catch |err| {
        reason.* = b.fmt("stable-abi: {s}", .{PythonVersion.reason(b.allocator, stable, err) catch @panic("OOM")});
        return error.Refused;
    };
}

fn readPlatforms(b: *std.Build, wanted: Wanted, reason: *[]const u8) error{Refused}![]const PlatformTag {
    const host = b.graph.host.result;
    if (wanted.zig_target) |triple| {
        if (wanted.platforms.len > 0) {
            reason.* = "-Dtarget and -Dplatform both name the platform: give one of them";
            return error.Refused;
        }
        const query = std.Target.Query.parse(.{ .arch_os_abi = triple }) catch {
            reason.* = b.fmt("'{s}' is not a Zig target: write it as x86_64-linux-gnu.2.28, for instance", .{triple});
            return error.Refused;
        };
        return one(b, triple, PlatformTag.fromQuery(query, host), reason);
    }
    const host_platform = PlatformTag.fromTarget(host);
    if (wanted.platforms.len == 0) return one(b, "this machine", host_platform, reason);

    var platforms: std.ArrayList(PlatformTag) = .empty;
    for (wanted.platforms) |text| {
        const parsed = if (host_platform) |h| PlatformTag.parseWithHost(text, h.arch) else |_| PlatformTag.parse(text);
        const platform = (try one(b, text, parsed, reason))[0];
        for (platforms.items) |other| {
            if (other.eql(platform)) break;
        } else platforms.append(b.allocator, platform) catch @panic("OOM");
    }
    return platforms.items;
}

fn one(b: *std.Build, text: []const u8, result: PlatformTag.Error!PlatformTag, reason: *[]const u8) error{Refused}![]const PlatformTag {
    const platform = result catch |err| {
        reason.* = PlatformTag.reason(b.allocator, text, err) catch @panic("OOM");
        return error.Refused;
    };
    return b.allocator.dupe(PlatformTag, &.{platform}) catch @panic("OOM");
}

/// A list option may be repeated, and each of its values may be a list with commas.
fn split(b: *std.Build, values: []const []const u8) []const []const u8 {
    var items: std.ArrayList([]const u8) = .empty;
    for (values) |value| {
        var parts = std.mem.tokenizeAny(u8, value, ", ");
        while (parts.next()) |part| items.append(b.allocator, part) catch @panic("OOM");
    }
    return items.items;
}
