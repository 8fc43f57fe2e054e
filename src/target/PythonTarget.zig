//! What one extension module is built for: a Python version, its ABI and a platform. Suffixes, tags and names of
//! libraries are all derived from this value and from nothing else, above all not from the running interpreter.

const std = @import("std");
const Allocator = std.mem.Allocator;

pub const PythonVersion = @import("PythonVersion.zig");
pub const PlatformTag = @import("PlatformTag.zig");

const PythonTarget = @This();

/// With the stable ABI this is the floor: the oldest version that the module loads in.
version: PythonVersion,
abi: Abi,
platform: PlatformTag,

pub const Abi = enum {
    /// CPython's usual build, one version only.
    gil,
    /// The build without the global interpreter lock (`3.14t`), one version only.
    free_threaded,
    /// The limited API (`abi3`): this version and all later ones, with the global interpreter lock.
    stable,
};

pub const Error = error{
    /// No package is made for a free-threaded build this old.
    FreeThreadedPythonTooOld,
};

pub fn init(version: PythonVersion, abi: Abi, platform: PlatformTag) Error!PythonTarget {
    if (abi == .free_threaded and version.order(PythonVersion.free_threaded_min) == .lt)
        return error.FreeThreadedPythonTooOld;
    return .{ .version = version, .abi = abi, .platform = platform };
}

/// One item of `-Dpython-version`: `3.14`, or `3.14t` for the free-threaded build.
pub const VersionAndAbi = struct { version: PythonVersion, abi: Abi };

pub const VersionError = PythonVersion.Error || Error;

pub fn parseVersion(text: []const u8) VersionError!VersionAndAbi {
    const free_threaded = std.mem.endsWith(u8, text, "t");
    const version = try PythonVersion.parse(if (free_threaded) text[0 .. text.len - 1] else text);
    if (free_threaded and version.order(PythonVersion.free_threaded_min) == .lt)
        return error.FreeThreadedPythonTooOld;
    return .{ .version = version, .abi = if (free_threaded) .free_threaded else .gil };
}

/// One sentence for the user about why `parseVersion` refused `text`. The caller owns the memory.
pub fn versionReason(gpa: Allocator, text: []const u8, err: VersionError) Allocator.Error![]u8 {
    return switch (err) {
        error.FreeThreadedPythonTooOld => std.fmt.allocPrint(
            gpa,
            "there is no free-threaded Python {s} to build for: the oldest is {d}.{d}t",
            .{ text, PythonVersion.free_threaded_min.major, PythonVersion.free_threaded_min.minor },
        ),
        else => |known| PythonVersion.reason(gpa, text, known),
    };
}

/// `t` for the free-threaded build, in every name that carries the ABI flags.
fn flag(target: PythonTarget) []const u8 {
    return if (target.abi == .free_threaded) "t" else "";
}

/// What follows the module's name in the file name: `.cpython-314-x86_64-linux-gnu.so`, `.abi3.so`,
/// `.cp314-win_amd64.pyd`. The caller owns the memory.
pub fn extensionSuffix(target: PythonTarget, gpa: Allocator) Allocator.Error![]u8 {
    const platform = target.platform;
    if (target.abi == .stable) return gpa.dupe(u8, if (platform.os == .windows) ".pyd" else ".abi3.so");
    const version = try target.version.nodot(gpa);
    defer gpa.free(version);
    switch (platform.os) {
        .windows => {
            const tag = try platform.text(gpa);
            defer gpa.free(tag);
            return std.fmt.allocPrint(gpa, ".cp{s}{s}-{s}.pyd", .{ version, target.flag(), tag });
        },
        .macos => return std.fmt.allocPrint(gpa, ".cpython-{s}{s}-darwin.so", .{ version, target.flag() }),
        .linux => return std.fmt.allocPrint(gpa, ".cpython-{s}{s}-{s}-linux-{s}.so", .{
            version, target.flag(), multiarchCpu(platform.arch), target.multiarchLibc(),
        }),
    }
}

/// Debian's name of the architecture, which CPython's build uses too.
fn multiarchCpu(arch: PlatformTag.Arch) []const u8 {
    return switch (arch) {
        .x86_64 => "x86_64",
        .x86 => "i386",
        .aarch64 => "aarch64",
        .armv7l => "arm",
        .ppc64le => "powerpc64le",
        .s390x => "s390x",
        .riscv64 => "riscv64",
        .loongarch64 => "loongarch64",
        .universal2 => unreachable, // Linux has no such thing
    };
}

/// CPython 3.10 cannot tell musl from glibc (bpo-43112): it looks for the name with `gnu` on Alpine as well.
fn multiarchLibc(target: PythonTarget) []const u8 {
    const knows_musl = target.version.order(.{ .major = 3, .minor = 11 }) != .lt;
    const musl = target.platform.libc == .musl and knows_musl;
    if (target.platform.arch == .armv7l) return if (musl) "musleabihf" else "gnueabihf";
    return if (musl) "musl" else "gnu";
}

/// `cp314`; with the stable ABI that of the floor. The caller owns the memory.
pub fn pythonTag(target: PythonTarget, gpa: Allocator) Allocator.Error![]u8 {
    return std.fmt.allocPrint(gpa, "cp{d}{d}", .{ target.version.major, target.version.minor });
}

/// `cp314`, `cp314t` or `abi3`. The caller owns the memory.
pub fn abiTag(target: PythonTarget, gpa: Allocator) Allocator.Error![]u8 {
    if (target.abi == .stable) return gpa.dupe(u8, "abi3");
    return std.fmt.allocPrint(gpa, "cp{d}{d}{s}", .{ target.version.major, target.version.minor, target.flag() });
}

/// `manylinux_2_17_x86_64`. The caller owns the memory.
pub fn platformTag(target: PythonTarget, gpa: Allocator) Allocator.Error![]u8 {
    return target.platform.text(gpa);
}

/// The DLL that a Windows module imports Python from: `python314.dll`, `python314t.dll` or `python3.dll`; null on
/// other systems, where the interpreter itself has the symbols. The caller owns the memory.
pub fn windowsDll(target: PythonTarget, gpa: Allocator) Allocator.Error!?[]u8 {
    if (target.platform.os != .windows) return null;
    if (target.abi == .stable) return try gpa.dupe(u8, "python3.dll");
    return try std.fmt.allocPrint(gpa, "python{d}{d}{s}.dll", .{ target.version.major, target.version.minor, target.flag() });
}

/// The folder of `Python.h` below an installation's prefix: `include/python3.14t`, `include` on Windows. The caller
/// owns the memory.
pub fn includeDir(target: PythonTarget, gpa: Allocator) Allocator.Error![]u8 {
    if (target.platform.os == .windows) return gpa.dupe(u8, "include");
    return std.fmt.allocPrint(gpa, "include/python{d}.{d}{s}", .{
        target.version.major, target.version.minor, target.flag(),
    });
}

/// All three tags as a wheel's file name has them: `cp310-abi3-manylinux_2_17_x86_64`. The caller owns the memory.
pub fn wheelTag(target: PythonTarget, gpa: Allocator) Allocator.Error![]u8 {
    const python = try target.pythonTag(gpa);
    defer gpa.free(python);
    const abi = try target.abiTag(gpa);
    defer gpa.free(abi);
    const platform = try target.platformTag(gpa);
    defer gpa.free(platform);
    return std.fmt.allocPrint(gpa, "{s}-{s}-{s}", .{ python, abi, platform });
}

pub fn eql(a: PythonTarget, b: PythonTarget) bool {
    return std.meta.eql(a, b);
}

test {
    _ = PythonVersion;
    _ = PlatformTag;
    _ = @import("python_target_test.zig");
}
