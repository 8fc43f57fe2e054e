//! The platform part of a wheel's tags, `manylinux_2_17_x86_64`, read as a value: PEP 425 (Windows, macOS), PEP 600
//! (glibc) and PEP 656 (musl). What Zig compiles for is derived from it in `platform_zig.zig`.

const std = @import("std");
const Allocator = std.mem.Allocator;
const zig_side = @import("platform_zig.zig");

const PlatformTag = @This();

os: Os,
arch: Arch,
libc: Libc,
/// The oldest glibc, musl or macOS that the wheel runs on; zero on Windows, whose tags have no version.
version: Version,

pub const Os = enum { linux, macos, windows };

pub const Libc = enum { gnu, musl, none };

/// Named as Linux tags name them, but for `x86`, which tags call i686. arm64 is `aarch64` on every system.
pub const Arch = enum {
    x86_64,
    x86,
    aarch64,
    armv7l,
    ppc64le,
    s390x,
    riscv64,
    loongarch64,
    /// Both slices of a macOS fat file; no other system has it.
    universal2,
};

pub const Version = struct {
    major: u16,
    minor: u16,

    pub const none: Version = .{ .major = 0, .minor = 0 };

    pub fn order(a: Version, b: Version) std.math.Order {
        const major = std.math.order(a.major, b.major);
        return if (major == .eq) std.math.order(a.minor, b.minor) else major;
    }
};

pub const Error = error{
    /// The text does not look like a platform tag.
    InvalidPlatformTag,
    /// The tag is right but for its architecture, which is not there: `parseWithHost` reads it.
    MissingArchitecture,
    /// An architecture that the tag's system does not have.
    UnknownArchitecture,
    /// A real platform that packages are not built for.
    UnsupportedPlatform,
    /// Older than the architecture, the system or the compiler goes back.
    PlatformVersionTooOld,
    /// Newer than any that the compiler knows.
    PlatformVersionTooNew,
    /// macOS counts in whole numbers since 11, and skipped 16 to 25.
    NoSuchMacosVersion,
};

/// Reads a complete tag, or one of the old names of manylinux (`manylinux2014_x86_64`).
pub fn parse(tag: []const u8) Error!PlatformTag {
    return parseWithDefault(tag, null);
}

/// Reads a tag that may leave out its architecture (`manylinux_2_28`): that of the host is meant.
pub fn parseWithHost(tag: []const u8, host: Arch) Error!PlatformTag {
    return parseWithDefault(tag, host);
}

fn parseWithDefault(tag: []const u8, default_arch: ?Arch) Error!PlatformTag {
    for (windows_tags) |entry| {
        if (std.mem.eql(u8, tag, entry.text)) return .{
            .os = .windows,
            .arch = entry.arch,
            .libc = .none,
            .version = .none,
        };
    }
    const parts = try split(tag);
    const platform: PlatformTag = .{
        .os = parts.os,
        .libc = parts.libc,
        .version = parts.version,
        .arch = if (parts.arch.len > 0)
            archFromText(parts.os, parts.arch) orelse return error.UnknownArchitecture
        else
            default_arch orelse return error.MissingArchitecture,
    };
    try platform.check();
    return platform;
}

/// A tag taken apart, nothing about it checked but its form.
const Parts = struct { os: Os, libc: Libc, version: Version, arch: []const u8 };

const Family = struct { prefix: []const u8, os: Os, libc: Libc, version: ?Version = null };

const families = [_]Family{
    .{ .prefix = "manylinux_", .os = .linux, .libc = .gnu },
    .{ .prefix = "musllinux_", .os = .linux, .libc = .musl },
    .{ .prefix = "macosx_", .os = .macos, .libc = .none },
    .{ .prefix = "manylinux2014", .os = .linux, .libc = .gnu, .version = .{ .major = 2, .minor = 17 } },
    .{ .prefix = "manylinux2010", .os = .linux, .libc = .gnu, .version = .{ .major = 2, .minor = 12 } },
    .{ .prefix = "manylinux1", .os = .linux, .libc = .gnu, .version = .{ .major = 2, .minor = 5 } },
};

/// Platforms of PEP 425 and its followers that are real, but that no package is built for.
const unsupported_prefixes = [_][]const u8{
    "any", "linux_", "win_", "ios_", "android_", "pyodide_", "pyemscripten_", "emscripten_", "wasi_", "freebsd_",
};

fn split(tag: []const u8) Error!Parts {
    for (families) |family| {
        if (!std.mem.startsWith(u8, tag, family.prefix)) continue;
        var rest = tag[family.prefix.len..];
        const version = family.version orelse version: {
            const major = takeNumber(&rest) orelse return error.InvalidPlatformTag;
            if (!takeUnderscore(&rest)) return error.InvalidPlatformTag;
            const minor = takeNumber(&rest) orelse return error.InvalidPlatformTag;
            break :version Version{ .major = major, .minor = minor };
        };
        if (rest.len > 0 and (!takeUnderscore(&rest) or rest.len == 0)) return error.InvalidPlatformTag;
        return .{ .os = family.os, .libc = family.libc, .version = version, .arch = rest };
    }
    for (unsupported_prefixes) |prefix| {
        if (std.mem.startsWith(u8, tag, prefix)) return error.UnsupportedPlatform;
    }
    return error.InvalidPlatformTag;
}

fn takeUnderscore(rest: *[]const u8) bool {
    if (rest.len == 0 or rest.*[0] != '_') return false;
    rest.* = rest.*[1..];
    return true;
}

fn takeNumber(rest: *[]const u8) ?u16 {
    var len: usize = 0;
    while (len < rest.len and std.ascii.isDigit(rest.*[len])) len += 1;
    const digits = rest.*[0..len];
    rest.* = rest.*[len..];
    if (digits.len > 1 and digits[0] == '0') return null;
    return std.fmt.parseInt(u16, digits, 10) catch null;
}

pub const ArchName = struct { text: []const u8, arch: Arch };

const linux_archs = [_]ArchName{
    .{ .text = "x86_64", .arch = .x86_64 },
    .{ .text = "i686", .arch = .x86 },
    .{ .text = "aarch64", .arch = .aarch64 },
    .{ .text = "armv7l", .arch = .armv7l },
    .{ .text = "ppc64le", .arch = .ppc64le },
    .{ .text = "s390x", .arch = .s390x },
    .{ .text = "riscv64", .arch = .riscv64 },
    .{ .text = "loongarch64", .arch = .loongarch64 },
};
const macos_archs = [_]ArchName{
    .{ .text = "x86_64", .arch = .x86_64 },
    .{ .text = "arm64", .arch = .aarch64 },
    .{ .text = "universal2", .arch = .universal2 },
};
const windows_tags = [_]ArchName{
    .{ .text = "win_amd64", .arch = .x86_64 },
    .{ .text = "win32", .arch = .x86 },
    .{ .text = "win_arm64", .arch = .aarch64 },
};

/// The architectures that tags of `os` have, with their names there; on Windows the name is the whole tag.
pub fn archNames(os: Os) []const ArchName {
    return switch (os) {
        .linux => &linux_archs,
        .macos => &macos_archs,
        .windows => &windows_tags,
    };
}

fn archFromText(os: Os, name: []const u8) ?Arch {
    for (archNames(os)) |entry| if (std.mem.eql(u8, name, entry.text)) return entry.arch;
    return null;
}

/// The architecture as the tags of `os` write it (the whole tag on Windows), or null when `os` does not run on it.
fn archText(os: Os, arch: Arch) ?[]const u8 {
    for (archNames(os)) |entry| if (entry.arch == arch) return entry.text;
    return null;
}

/// What a value made by hand must fulfil; every value that the functions of this file return does.
pub fn check(platform: PlatformTag) Error!void {
    if (archText(platform.os, platform.arch) == null) return error.UnknownArchitecture;
    switch (platform.os) {
        .linux => if (platform.libc == .none) return error.UnsupportedPlatform,
        .macos => {
            const whole = platform.version.major >= 11;
            if (whole and platform.version.minor != 0) return error.NoSuchMacosVersion;
            if (platform.version.major == 10 and platform.version.minor > 15) return error.NoSuchMacosVersion;
            if (platform.version.major > 15 and platform.version.major < 26) return error.NoSuchMacosVersion;
        },
        .windows => return,
    }
    if (platform.version.order(lowest(platform.os, platform.libc, platform.arch)) == .lt)
        return error.PlatformVersionTooOld;
    if (platform.os == .linux and platform.version.order(highest(platform.libc)) == .gt)
        return error.PlatformVersionTooNew;
}

/// The lowest version that a tag of this platform can have.
pub fn lowest(os: Os, libc: Libc, arch: Arch) Version {
    return switch (os) {
        .windows => .none,
        .macos => if (arch == .aarch64) .{ .major = 11, .minor = 0 } else .{ .major = 10, .minor = 9 },
        .linux => switch (libc) {
            .none => .none,
            // musl's own 1.1 has another `time_t` on 32 bits, and Zig has no musl but 1.2.
            .musl => .{ .major = 1, .minor = 2 },
            .gnu => switch (arch) {
                .x86_64, .x86 => .{ .major = 2, .minor = 5 },
                .aarch64, .armv7l, .ppc64le, .s390x => .{ .major = 2, .minor = 17 },
                .riscv64 => .{ .major = 2, .minor = 31 },
                .loongarch64 => .{ .major = 2, .minor = 36 },
                .universal2 => .none,
            },
        },
    };
}

/// The newest libc that every supported Zig can link against: Zig takes its own newest, without an error, for one
/// that it does not know.
pub fn highest(libc: Libc) Version {
    return switch (libc) {
        .gnu => .{ .major = 2, .minor = 42 },
        .musl => .{ .major = 1, .minor = 2 },
        .none => .none,
    };
}

/// The tag that a package gets when nobody names one: old enough for nearly every machine in use.
pub fn default(os: Os, arch: Arch, libc: Libc) Error!PlatformTag {
    const floor = lowest(os, libc, arch);
    const wanted: Version = switch (os) {
        .windows => .none,
        .macos => if (arch == .universal2) .{ .major = 11, .minor = 0 } else .{ .major = 10, .minor = 13 },
        .linux => if (libc == .gnu) .{ .major = 2, .minor = 17 } else floor,
    };
    const platform: PlatformTag = .{
        .os = os,
        .arch = arch,
        .libc = libc,
        .version = if (wanted.order(floor) == .lt) floor else wanted,
    };
    try platform.check();
    return platform;
}

/// The default tag of a machine, such as the host: what its system is, not which release of it runs there.
pub const fromTarget = zig_side.fromTarget;
/// The tag that `-Dtarget` means: with the glibc or macOS version that the query names, else the default one.
pub const fromQuery = zig_side.fromQuery;
/// What Zig compiles for: architecture, system, C ABI, version and baseline processor, all explicit.
/// Not for `universal2`, which is two compiles: see `slices`.
pub const zigQuery = zig_side.zigQuery;
/// `x86_64-linux-gnu.2.17`. The caller owns the memory.
pub const zigTriple = zig_side.zigTriple;
/// The same, and for `universal2` both triples with a comma between them. The caller owns the memory.
pub const zigTriples = zig_side.zigTriples;

/// The platforms to compile for: two for `universal2`, else the one itself.
pub const Slices = struct {
    items: [2]PlatformTag,
    len: usize,

    pub fn slice(slices_: *const Slices) []const PlatformTag {
        return slices_.items[0..slices_.len];
    }
};

pub fn slices(platform: PlatformTag) Slices {
    if (platform.arch != .universal2) return .{ .items = .{ platform, platform }, .len = 1 };
    var result: Slices = .{ .items = .{ platform, platform }, .len = 2 };
    for (&result.items, [_]Arch{ .x86_64, .aarch64 }) |*item, arch| {
        item.arch = arch;
        const floor = lowest(.macos, .none, arch);
        if (item.version.order(floor) == .lt) item.version = floor;
    }
    return result;
}

/// The canonical tag. The caller owns the memory.
pub fn text(platform: PlatformTag, gpa: Allocator) Allocator.Error![]u8 {
    const arch = archText(platform.os, platform.arch).?;
    const family = switch (platform.os) {
        .windows => return gpa.dupe(u8, arch),
        .macos => "macosx",
        .linux => if (platform.libc == .musl) "musllinux" else "manylinux",
    };
    const version = platform.version;
    return std.fmt.allocPrint(gpa, "{s}_{d}_{d}_{s}", .{ family, version.major, version.minor, arch });
}

/// The architecture as musl names it, in `libc.musl-x86_64.so.1`.
pub fn muslArch(platform: PlatformTag) []const u8 {
    return switch (platform.arch) {
        .armv7l => "armv7",
        else => |arch| @tagName(arch),
    };
}

pub fn eql(a: PlatformTag, b: PlatformTag) bool {
    return std.meta.eql(a, b);
}

/// One sentence for the user about why `tag` (a tag, or a Zig target) was refused. The caller owns the memory.
pub fn reason(gpa: Allocator, tag: []const u8, err: Error) Allocator.Error![]u8 {
    const parts: ?Parts = split(tag) catch null;
    return switch (err) {
        error.InvalidPlatformTag => std.fmt.allocPrint(
            gpa,
            "'{s}' is not a wheel platform tag: it reads like manylinux_2_17_x86_64, musllinux_1_2_aarch64, macosx_11_0_arm64 or win_amd64",
            .{tag},
        ),
        error.MissingArchitecture => std.fmt.allocPrint(
            gpa,
            "platform tag '{s}' names no architecture: write one, such as {s}_{s}",
            .{ tag, tag, if (parts != null and parts.?.os == .macos) "arm64" else "x86_64" },
        ),
        error.UnknownArchitecture => unknownArchReason(gpa, tag, if (parts) |known| known.os else .linux),
        error.UnsupportedPlatform => if (std.mem.startsWith(u8, tag, "linux_")) std.fmt.allocPrint(
            gpa,
            "platform tag '{s}' does not say which C library it needs: write manylinux_2_17_{s} (glibc) or musllinux_1_2_{s} (musl)",
            .{ tag, tag["linux_".len..], tag["linux_".len..] },
        ) else std.fmt.allocPrint(
            gpa,
            "alloconda does not build for '{s}': it builds for Linux (glibc and musl), macOS and Windows",
            .{tag},
        ),
        error.PlatformVersionTooOld => limitReason(gpa, tag, parts, "old", "lowest"),
        error.PlatformVersionTooNew => limitReason(gpa, tag, parts, "new", "highest"),
        error.NoSuchMacosVersion => std.fmt.allocPrint(
            gpa,
            "'{s}' names a macOS version that wheels do not have: there are 10.9 to 10.15, 11.0 to 15.0, and 26.0 and later, with 0 for the second number from 11 on",
            .{tag},
        ),
    };
}

fn unknownArchReason(gpa: Allocator, tag: []const u8, os: Os) Allocator.Error![]u8 {
    var names: std.Io.Writer.Allocating = .init(gpa);
    defer names.deinit();
    for (archNames(os), 0..) |entry, index| {
        names.writer.print("{s}{s}", .{ if (index == 0) "" else ", ", entry.text }) catch return error.OutOfMemory;
    }
    return std.fmt.allocPrint(
        gpa,
        "'{s}' names an architecture that tags of its system do not have: choose one of {s}",
        .{ tag, names.written() },
    );
}

fn limitReason(gpa: Allocator, tag: []const u8, parts: ?Parts, age: []const u8, limit: []const u8) Allocator.Error![]u8 {
    const known = parts orelse return std.fmt.allocPrint(
        gpa,
        "'{s}' names a version that is too {s} to build for: leave the version out to get the usual one",
        .{ tag, age },
    );
    // The architecture is missing when that of the host was meant.
    const arch = archFromText(known.os, known.arch) orelse return std.fmt.allocPrint(
        gpa,
        "platform tag '{s}' is too {s} for this machine's architecture: leave it out to get the usual one",
        .{ tag, age },
    );
    const bound: PlatformTag = .{
        .os = known.os,
        .arch = arch,
        .libc = known.libc,
        .version = if (std.mem.eql(u8, age, "old")) lowest(known.os, known.libc, arch) else highest(known.libc),
    };
    const bound_text = try bound.text(gpa);
    defer gpa.free(bound_text);
    return std.fmt.allocPrint(gpa, "platform tag '{s}' is too {s} to build for: the {s} is {s}", .{ tag, age, limit, bound_text });
}

test {
    _ = zig_side;
    _ = @import("platform_test.zig");
}
