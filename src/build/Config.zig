//! The `-D` options of a package, read in this one place and turned into values. What to build for is worked out in
//! `Matrix.zig`.

const Config = @This();

const std = @import("std");
const Matrix = @import("Matrix.zig");

/// What the steps `install` and `wheel` build, and `wheel-all`.
matrix: Matrix,
optimize: std.builtin.OptimizeMode,
strip: bool,
audit: Audit,
/// A Zig target to compile for, whatever the platform tag says; the audit compares them.
zig_target: ?std.Target.Query,
/// What follows the module's name in the file's name, in place of what Python's own build would choose.
extension_suffix: ?[]const u8,
/// Libraries that are built already, as `package.module=path`.
prebuilt: []const []const u8,
/// Folders of Python's headers, in place of those that are found.
python_include: []const []const u8,
/// Headers that are not on this machine are an error, and not fetched.
no_fetch: bool,
/// The build of python-build-standalone whose headers are fetched, in place of that of the platform tag.
pbs_target: ?[]const u8,
/// The server that headers are fetched from; null for that of the environment, or the original.
mirror: ?[]const u8,
/// Only say what `wheel` and `wheel-all` would build.
dry_run: bool,
/// The interpreter that packs, and no more: it says nothing about the target.
python: []const u8,
/// Folder that wheels are written to; null for `dist` of the project.
wheel_dir: ?[]const u8,
/// Whether the paths of the wheels are not printed.
quiet: bool,
/// `key=value` settings that the packer reads instead of those in pyproject.toml.
pack_options: []const []const u8,
/// Why the options make no sense, as a sentence for the user.
problem: ?[]const u8,

/// What becomes of a wheel whose library is not what the wheel's name says.
pub const Audit = enum { @"error", warn, off };

/// `stable_abi` is what the user's build.zig asks for; `-Dstable-abi` wins over it.
pub fn init(b: *std.Build, stable_abi: ?[]const u8) Config {
    const optimize: std.builtin.OptimizeMode = b.option(std.builtin.OptimizeMode, "optimize", "Optimize mode (default: ReleaseFast)") orelse .ReleaseFast;
    const stable = b.option([]const u8, "stable-abi", "Stable ABI: true, false, or the oldest Python version, such as 3.12");
    const wanted: Matrix.Wanted = .{
        .versions = list(b, "python-version", "Python versions to build for, such as 3.13,3.14t, or all (default: stable ABI)"),
        .platforms = list(b, "platform", "Wheel platform tags, such as manylinux_2_28_x86_64 (default: this machine's)"),
        .zig_target = b.option([]const u8, "target", "Zig target to compile for, in place of what the platform tag means"),
        .stable = stable orelse stable_abi,
        .stable_is_option = stable != null,
        .python_tag = b.option([]const u8, "python-tag", "Python tag of the wheel, such as cp313, in place of -Dpython-version"),
        .abi_tag = b.option([]const u8, "abi-tag", "ABI tag of the wheel, such as abi3 or cp313t"),
        .include_musllinux = b.option(bool, "include-musllinux", "Add musllinux to the platforms of wheel-all") orelse false,
        .include_windows = b.option(bool, "include-windows", "Add Windows to the platforms of wheel-all") orelse false,
    };
    var problem: ?[]const u8 = null;
    return .{
        .matrix = .init(b, wanted, &problem),
        .optimize = optimize,
        .strip = b.option(bool, "strip", "Leave out debug information (default: true, but for Debug)") orelse (optimize != std.builtin.OptimizeMode.Debug),
        .audit = b.option(Audit, "audit", "What to do when a library is not what its wheel's name says (default: error)") orelse .@"error",
        .zig_target = Matrix.query(wanted),
        .extension_suffix = b.option([]const u8, "ext-suffix", "Suffix of the extension's file name, such as .abi3.so"),
        .prebuilt = b.option([]const []const u8, "prebuilt", "A library that is built already, as package.module=path; may be repeated") orelse &.{},
        .python_include = b.option([]const []const u8, "python-include", "Folder of Python.h for extensions that ask for it; may be repeated") orelse &.{},
        .no_fetch = b.option(bool, "no-fetch", "Fetch no headers: those that are missing are an error") orelse false,
        .pbs_target = b.option([]const u8, "pbs-target", "The target of python-build-standalone whose headers are fetched"),
        .mirror = b.option([]const u8, "mirror", "The server that headers are fetched from (default: ALLOCONDA_PYTHON_MIRROR)"),
        .dry_run = b.option(bool, "dry-run", "Build nothing in wheel and wheel-all; write what it would build to matrix.json below the prefix") orelse false,
        .python = b.option([]const u8, "python", "Python that packs the wheels, with alloconda installed, and runs the tests") orelse
            if (b.graph.host.result.os.tag == .windows) "python" else "python3",
        .wheel_dir = b.option([]const u8, "wheel-dir", "Folder for wheels (default: dist)"),
        .quiet = b.option(bool, "quiet", "Do not print the paths of the wheels") orelse false,
        .pack_options = b.option([]const []const u8, "pack-option", "A [tool.alloconda] setting for the packer, as key=value") orelse &.{},
        .problem = problem,
    };
}

/// An option that may be repeated, and whose values may each be a list with commas.
fn list(b: *std.Build, name: []const u8, description: []const u8) []const []const u8 {
    var items: std.ArrayList([]const u8) = .empty;
    for (b.option([]const []const u8, name, description) orelse &.{}) |value| {
        var parts = std.mem.tokenizeAny(u8, value, ", ");
        while (parts.next()) |part| items.append(b.allocator, part) catch @panic("OOM");
    }
    return items.items;
}
