//! Between wheel platform tags and Zig's targets, in both directions.

const std = @import("std");
const Allocator = std.mem.Allocator;
const PlatformTag = @import("PlatformTag.zig");

pub fn fromTarget(target: std.Target) PlatformTag.Error!PlatformTag {
    return switch (target.os.tag) {
        .windows => .default(.windows, try windowsArch(target.cpu.arch), .none),
        .macos => .default(.macos, try macosArch(target.cpu.arch), .none),
        .linux => linux: {
            const entry = try linuxEntry(target.cpu.arch, target.abi);
            break :linux .default(.linux, entry.arch, entry.libc);
        },
        else => error.UnsupportedPlatform,
    };
}

/// `host` fills in what the query leaves out, as Zig itself does it.
pub fn fromQuery(query: std.Target.Query, host: std.Target) PlatformTag.Error!PlatformTag {
    var target = host;
    if (query.cpu_arch) |arch| target.cpu = .baseline(arch, host.os);
    if (query.os_tag) |tag| target.os.tag = tag;
    if (query.abi) |abi| {
        target.abi = abi;
    } else if (query.os_tag != null or query.cpu_arch != null) {
        const same_machine = target.cpu.arch == host.cpu.arch and target.os.tag == host.os.tag and query.os_tag == null;
        if (!same_machine) target.abi = .default(target.cpu.arch, target.os.tag);
    }
    var platform = try fromTarget(target);
    if (platform.libc == .gnu) {
        if (query.glibc_version) |glibc| platform.version = try version(glibc);
    }
    if (platform.os == .macos) {
        if (query.os_version_min) |min| switch (min) {
            .semver => |semver| platform.version = try version(semver),
            else => {},
        };
    }
    try platform.check();
    return platform;
}

fn version(semver: std.SemanticVersion) PlatformTag.Error!PlatformTag.Version {
    return .{
        .major = std.math.cast(u16, semver.major) orelse return error.PlatformVersionTooNew,
        .minor = std.math.cast(u16, semver.minor) orelse return error.PlatformVersionTooNew,
    };
}

fn windowsArch(arch: std.Target.Cpu.Arch) PlatformTag.Error!PlatformTag.Arch {
    return switch (arch) {
        .x86_64 => .x86_64,
        .x86 => .x86,
        .aarch64 => .aarch64,
        else => error.UnsupportedPlatform,
    };
}

fn macosArch(arch: std.Target.Cpu.Arch) PlatformTag.Error!PlatformTag.Arch {
    return switch (arch) {
        .x86_64 => .x86_64,
        .aarch64 => .aarch64,
        else => error.UnsupportedPlatform,
    };
}

const LinuxEntry = struct {
    arch: PlatformTag.Arch,
    libc: PlatformTag.Libc,
    zig_arch: std.Target.Cpu.Arch,
    zig_abi: std.Target.Abi,
};

const linux_entries = [_]LinuxEntry{
    .{ .arch = .x86_64, .libc = .gnu, .zig_arch = .x86_64, .zig_abi = .gnu },
    .{ .arch = .x86, .libc = .gnu, .zig_arch = .x86, .zig_abi = .gnu },
    .{ .arch = .aarch64, .libc = .gnu, .zig_arch = .aarch64, .zig_abi = .gnu },
    .{ .arch = .armv7l, .libc = .gnu, .zig_arch = .arm, .zig_abi = .gnueabihf },
    .{ .arch = .ppc64le, .libc = .gnu, .zig_arch = .powerpc64le, .zig_abi = .gnu },
    .{ .arch = .s390x, .libc = .gnu, .zig_arch = .s390x, .zig_abi = .gnu },
    .{ .arch = .riscv64, .libc = .gnu, .zig_arch = .riscv64, .zig_abi = .gnu },
    .{ .arch = .loongarch64, .libc = .gnu, .zig_arch = .loongarch64, .zig_abi = .gnu },
    .{ .arch = .x86_64, .libc = .musl, .zig_arch = .x86_64, .zig_abi = .musl },
    .{ .arch = .x86, .libc = .musl, .zig_arch = .x86, .zig_abi = .musl },
    .{ .arch = .aarch64, .libc = .musl, .zig_arch = .aarch64, .zig_abi = .musl },
    .{ .arch = .armv7l, .libc = .musl, .zig_arch = .arm, .zig_abi = .musleabihf },
    .{ .arch = .ppc64le, .libc = .musl, .zig_arch = .powerpc64le, .zig_abi = .musl },
    .{ .arch = .s390x, .libc = .musl, .zig_arch = .s390x, .zig_abi = .musl },
    .{ .arch = .riscv64, .libc = .musl, .zig_arch = .riscv64, .zig_abi = .musl },
    .{ .arch = .loongarch64, .libc = .musl, .zig_arch = .loongarch64, .zig_abi = .musl },
};

fn linuxEntry(arch: std.Target.Cpu.Arch, abi: std.Target.Abi) PlatformTag.Error!LinuxEntry {
    // Thumb is a mode of the same processor, and what a Query names for some 32-bit boards.
    const wanted: std.Target.Cpu.Arch = if (arch == .thumb) .arm else arch;
    for (linux_entries) |entry| if (entry.zig_arch == wanted and entry.zig_abi == abi) return entry;
    return error.UnsupportedPlatform;
}

fn linuxEntryOf(platform: PlatformTag) LinuxEntry {
    for (linux_entries) |entry| if (entry.arch == platform.arch and entry.libc == platform.libc) return entry;
    unreachable; // `check` lets no other pair through
}

/// Zig's own table of glibc starts later than the tag on one architecture: the symbols must then be audited.
fn glibcVersion(platform: PlatformTag) PlatformTag.Version {
    const zig_min: PlatformTag.Version = .{ .major = 2, .minor = 19 };
    return if (platform.arch == .ppc64le and platform.version.order(zig_min) == .lt) zig_min else platform.version;
}

fn semanticVersion(v: PlatformTag.Version) std.SemanticVersion {
    return .{ .major = v.major, .minor = v.minor, .patch = 0 };
}

pub fn zigQuery(platform: PlatformTag) std.Target.Query {
    switch (platform.os) {
        .windows => return .{
            .cpu_arch = zigArch(platform.arch),
            .cpu_model = .baseline,
            .os_tag = .windows,
            .abi = .gnu,
        },
        .macos => {
            const min = semanticVersion(platform.version);
            var query: std.Target.Query = .{
                .cpu_arch = zigArch(platform.arch),
                .cpu_model = .baseline,
                .os_tag = .macos,
                .os_version_min = .{ .semver = min },
                .abi = .none,
            };
            // A Zig older than the macOS that is asked for has a lower end of its range than the start given here.
            const known = std.Target.Os.VersionRange.default(query.cpu_arch.?, .macos, .none).semver.max;
            if (min.order(known) == .gt) query.os_version_max = .{ .semver = min };
            return query;
        },
        .linux => {
            const entry = linuxEntryOf(platform);
            var query: std.Target.Query = .{
                .cpu_arch = entry.zig_arch,
                .cpu_model = .baseline,
                .os_tag = .linux,
                .abi = entry.zig_abi,
                .glibc_version = if (platform.libc == .gnu) semanticVersion(glibcVersion(platform)) else null,
            };
            if (entry.zig_arch == .arm) {
                // armv7l means ARMv7-A with VFPv3-D16; Zig's baseline adds NEON and 32 registers to it.
                query.cpu_features_sub = std.Target.arm.featureSet(&.{ .neon, .vfp3, .vfp3sp, .d32 });
                query.cpu_features_add = std.Target.arm.featureSet(&.{.vfp3d16});
            }
            return query;
        },
    }
}

fn zigArch(arch: PlatformTag.Arch) std.Target.Cpu.Arch {
    return switch (arch) {
        .x86_64 => .x86_64,
        .x86 => .x86,
        .aarch64 => .aarch64,
        .armv7l => .arm,
        .ppc64le => .powerpc64le,
        .s390x => .s390x,
        .riscv64 => .riscv64,
        .loongarch64 => .loongarch64,
        .universal2 => unreachable, // two targets, not one: `slices` takes it apart
    };
}

pub fn zigTriples(platform: PlatformTag, gpa: Allocator) Allocator.Error![]u8 {
    var text: std.ArrayList(u8) = .empty;
    defer text.deinit(gpa);
    const slices = platform.slices();
    for (slices.slice(), 0..) |slice, i| {
        const triple = try zigTriple(slice, gpa);
        defer gpa.free(triple);
        if (i > 0) try text.append(gpa, ',');
        try text.appendSlice(gpa, triple);
    }
    return text.toOwnedSlice(gpa);
}

pub fn zigTriple(platform: PlatformTag, gpa: Allocator) Allocator.Error![]u8 {
    const arch = @tagName(zigArch(platform.arch));
    switch (platform.os) {
        .windows => return std.fmt.allocPrint(gpa, "{s}-windows-gnu", .{arch}),
        .macos => return std.fmt.allocPrint(
            gpa,
            "{s}-macos.{d}.{d}",
            .{ arch, platform.version.major, platform.version.minor },
        ),
        .linux => {
            const abi = @tagName(linuxEntryOf(platform).zig_abi);
            if (platform.libc == .musl) return std.fmt.allocPrint(gpa, "{s}-linux-{s}", .{ arch, abi });
            const glibc = glibcVersion(platform);
            return std.fmt.allocPrint(gpa, "{s}-linux-{s}.{d}.{d}", .{ arch, abi, glibc.major, glibc.minor });
        },
    }
}
