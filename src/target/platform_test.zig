//! Tables of platform tags: what is read, what is refused and with which sentence, and what Zig compiles for.

const std = @import("std");
const PlatformTag = @import("PlatformTag.zig");
const gpa = std.testing.allocator;

fn expectText(expected: []const u8, platform: PlatformTag) !void {
    const actual = try platform.text(gpa);
    defer gpa.free(actual);
    try std.testing.expectEqualStrings(expected, actual);
}

test "every platform: the canonical tag and the Zig triple" {
    const cases = [_]struct { []const u8, []const u8 }{
        .{ "manylinux_2_17_x86_64", "x86_64-linux-gnu.2.17" },
        .{ "manylinux_2_17_i686", "x86-linux-gnu.2.17" },
        .{ "manylinux_2_17_aarch64", "aarch64-linux-gnu.2.17" },
        .{ "manylinux_2_17_armv7l", "arm-linux-gnueabihf.2.17" },
        .{ "manylinux_2_17_s390x", "s390x-linux-gnu.2.17" },
        .{ "manylinux_2_17_ppc64le", "powerpc64le-linux-gnu.2.19" },
        .{ "manylinux_2_18_ppc64le", "powerpc64le-linux-gnu.2.19" },
        .{ "manylinux_2_28_ppc64le", "powerpc64le-linux-gnu.2.28" },
        .{ "manylinux_2_31_riscv64", "riscv64-linux-gnu.2.31" },
        .{ "manylinux_2_36_loongarch64", "loongarch64-linux-gnu.2.36" },
        .{ "manylinux_2_5_x86_64", "x86_64-linux-gnu.2.5" },
        .{ "manylinux_2_12_i686", "x86-linux-gnu.2.12" },
        .{ "manylinux_2_28_x86_64", "x86_64-linux-gnu.2.28" },
        .{ "manylinux_2_34_aarch64", "aarch64-linux-gnu.2.34" },
        .{ "manylinux_2_42_x86_64", "x86_64-linux-gnu.2.42" },
        .{ "musllinux_1_2_x86_64", "x86_64-linux-musl" },
        .{ "musllinux_1_2_i686", "x86-linux-musl" },
        .{ "musllinux_1_2_aarch64", "aarch64-linux-musl" },
        .{ "musllinux_1_2_armv7l", "arm-linux-musleabihf" },
        .{ "musllinux_1_2_ppc64le", "powerpc64le-linux-musl" },
        .{ "musllinux_1_2_s390x", "s390x-linux-musl" },
        .{ "musllinux_1_2_riscv64", "riscv64-linux-musl" },
        .{ "musllinux_1_2_loongarch64", "loongarch64-linux-musl" },
        .{ "macosx_10_9_x86_64", "x86_64-macos.10.9" },
        .{ "macosx_10_13_x86_64", "x86_64-macos.10.13" },
        .{ "macosx_10_15_x86_64", "x86_64-macos.10.15" },
        .{ "macosx_11_0_x86_64", "x86_64-macos.11.0" },
        .{ "macosx_11_0_arm64", "aarch64-macos.11.0" },
        .{ "macosx_14_0_arm64", "aarch64-macos.14.0" },
        .{ "macosx_26_0_arm64", "aarch64-macos.26.0" },
        .{ "win_amd64", "x86_64-windows-gnu" },
        .{ "win32", "x86-windows-gnu" },
        .{ "win_arm64", "aarch64-windows-gnu" },
    };
    for (cases) |case| {
        const platform = try PlatformTag.parse(case[0]);
        try expectText(case[0], platform);
        const triple = try platform.zigTriple(gpa);
        defer gpa.free(triple);
        try std.testing.expectEqualStrings(case[1], triple);

        // The query says the same as the text, and leaves nothing to the machine that builds.
        const query = platform.zigQuery();
        const from_text: std.Target.Query = try .parse(.{ .arch_os_abi = triple });
        try std.testing.expectEqual(from_text.cpu_arch.?, query.cpu_arch.?);
        try std.testing.expectEqual(from_text.os_tag.?, query.os_tag.?);
        try std.testing.expectEqual(from_text.os_version_min, query.os_version_min);
        try std.testing.expectEqual(from_text.glibc_version, query.glibc_version);
        try std.testing.expectEqual(from_text.abi orelse .none, query.abi.?);
        try std.testing.expect(query.cpu_model == .baseline);
    }
}

test "universal2 is two compiles, each with a version that its architecture has" {
    const cases = [_]struct { []const u8, []const u8, []const u8 }{
        .{ "macosx_10_9_universal2", "macosx_10_9_x86_64", "macosx_11_0_arm64" },
        .{ "macosx_10_13_universal2", "macosx_10_13_x86_64", "macosx_11_0_arm64" },
        .{ "macosx_11_0_universal2", "macosx_11_0_x86_64", "macosx_11_0_arm64" },
        .{ "macosx_14_0_universal2", "macosx_14_0_x86_64", "macosx_14_0_arm64" },
    };
    for (cases) |case| {
        const platform = try PlatformTag.parse(case[0]);
        try expectText(case[0], platform);
        const slices = platform.slices();
        try std.testing.expectEqual(2, slices.slice().len);
        try expectText(case[1], slices.slice()[0]);
        try expectText(case[2], slices.slice()[1]);
    }
    const plain = (try PlatformTag.parse("win32")).slices();
    try std.testing.expectEqual(1, plain.slice().len);
    try expectText("win32", plain.slice()[0]);
}

test "old names of manylinux" {
    const cases = [_]struct { []const u8, []const u8 }{
        .{ "manylinux2014_x86_64", "manylinux_2_17_x86_64" },
        .{ "manylinux2014_aarch64", "manylinux_2_17_aarch64" },
        .{ "manylinux2014_armv7l", "manylinux_2_17_armv7l" },
        .{ "manylinux2010_i686", "manylinux_2_12_i686" },
        .{ "manylinux1_x86_64", "manylinux_2_5_x86_64" },
    };
    for (cases) |case| try expectText(case[1], try PlatformTag.parse(case[0]));
}

test "a tag without architecture means that of the host" {
    const cases = [_]struct { []const u8, PlatformTag.Arch, []const u8 }{
        .{ "manylinux_2_28", .x86_64, "manylinux_2_28_x86_64" },
        .{ "manylinux_2_28", .x86, "manylinux_2_28_i686" },
        .{ "manylinux2014", .armv7l, "manylinux_2_17_armv7l" },
        .{ "musllinux_1_2", .ppc64le, "musllinux_1_2_ppc64le" },
        .{ "macosx_11_0", .aarch64, "macosx_11_0_arm64" },
        .{ "manylinux_2_28_aarch64", .x86_64, "manylinux_2_28_aarch64" },
        .{ "win_arm64", .x86_64, "win_arm64" },
    };
    for (cases) |case| try expectText(case[2], try PlatformTag.parseWithHost(case[0], case[1]));

    try std.testing.expectError(error.PlatformVersionTooOld, PlatformTag.parseWithHost("manylinux_2_17", .riscv64));
    const sentence = try PlatformTag.reason(gpa, "manylinux_2_17", error.PlatformVersionTooOld);
    defer gpa.free(sentence);
    try std.testing.expectEqualStrings(
        "platform tag 'manylinux_2_17' is too old for this machine's architecture: leave it out to get the usual one",
        sentence,
    );
    try std.testing.expectError(error.UnknownArchitecture, PlatformTag.parseWithHost("macosx_11_0", .s390x));
}

test "tags that are refused, with the sentence for the user" {
    const reads_like = "' is not a wheel platform tag: it reads like manylinux_2_17_x86_64, musllinux_1_2_aarch64, macosx_11_0_arm64 or win_amd64";
    const not_built = "': it builds for Linux (glibc and musl), macOS and Windows";
    const linux_archs = "' names an architecture that tags of its system do not have: choose one of x86_64, i686, aarch64, armv7l, ppc64le, s390x, riscv64, loongarch64";
    const no_macos = "' names a macOS version that wheels do not have: there are 10.9 to 10.15, 11.0 to 15.0, and 26.0 and later, with 0 for the second number from 11 on";
    const cases = [_]struct { []const u8, PlatformTag.Error, []const u8 }{
        .{ "", error.InvalidPlatformTag, "'" ++ reads_like },
        .{ "linux", error.InvalidPlatformTag, "'linux" ++ reads_like },
        .{ "win64", error.InvalidPlatformTag, "'win64" ++ reads_like },
        .{ "any", error.UnsupportedPlatform, "alloconda does not build for 'any" ++ not_built },
        .{ "win_ia64", error.UnsupportedPlatform, "alloconda does not build for 'win_ia64" ++ not_built },
        .{ "ios_13_0_arm64_iphoneos", error.UnsupportedPlatform, "alloconda does not build for 'ios_13_0_arm64_iphoneos" ++ not_built },
        .{ "linux_x86_64", error.UnsupportedPlatform, "platform tag 'linux_x86_64' does not say which C library it needs: write manylinux_2_17_x86_64 (glibc) or musllinux_1_2_x86_64 (musl)" },
        .{ "x86_64", error.InvalidPlatformTag, "'x86_64" ++ reads_like },
        .{ "manylinux", error.InvalidPlatformTag, "'manylinux" ++ reads_like },
        .{ "manylinux_2", error.InvalidPlatformTag, "'manylinux_2" ++ reads_like },
        .{ "manylinux_2_", error.InvalidPlatformTag, "'manylinux_2_" ++ reads_like },
        .{ "manylinux_2_17_", error.InvalidPlatformTag, "'manylinux_2_17_" ++ reads_like },
        .{ "manylinux_2_017_x86_64", error.InvalidPlatformTag, "'manylinux_2_017_x86_64" ++ reads_like },
        .{ "manylinux_2_99999_x86_64", error.InvalidPlatformTag, "'manylinux_2_99999_x86_64" ++ reads_like },
        .{ "manylinux20145_x86_64", error.InvalidPlatformTag, "'manylinux20145_x86_64" ++ reads_like },
        .{ "Manylinux_2_17_x86_64", error.InvalidPlatformTag, "'Manylinux_2_17_x86_64" ++ reads_like },
        .{ "manylinux_2_28", error.MissingArchitecture, "platform tag 'manylinux_2_28' names no architecture: write one, such as manylinux_2_28_x86_64" },
        .{ "macosx_11_0", error.MissingArchitecture, "platform tag 'macosx_11_0' names no architecture: write one, such as macosx_11_0_arm64" },
        .{ "manylinux_2_17_arm64", error.UnknownArchitecture, "'manylinux_2_17_arm64" ++ linux_archs },
        .{ "manylinux_2_17_x86_64.manylinux2014_x86_64", error.UnknownArchitecture, "'manylinux_2_17_x86_64.manylinux2014_x86_64" ++ linux_archs },
        .{ "manylinux_2_17_universal2", error.UnknownArchitecture, "'manylinux_2_17_universal2" ++ linux_archs },
        .{ "macosx_11_0_aarch64", error.UnknownArchitecture, "'macosx_11_0_aarch64' names an architecture that tags of its system do not have: choose one of x86_64, arm64, universal2" },
        .{ "manylinux_2_4_x86_64", error.PlatformVersionTooOld, "platform tag 'manylinux_2_4_x86_64' is too old to build for: the lowest is manylinux_2_5_x86_64" },
        .{ "manylinux2010_aarch64", error.PlatformVersionTooOld, "platform tag 'manylinux2010_aarch64' is too old to build for: the lowest is manylinux_2_17_aarch64" },
        .{ "manylinux_2_17_riscv64", error.PlatformVersionTooOld, "platform tag 'manylinux_2_17_riscv64' is too old to build for: the lowest is manylinux_2_31_riscv64" },
        .{ "manylinux_2_35_loongarch64", error.PlatformVersionTooOld, "platform tag 'manylinux_2_35_loongarch64' is too old to build for: the lowest is manylinux_2_36_loongarch64" },
        .{ "musllinux_1_1_x86_64", error.PlatformVersionTooOld, "platform tag 'musllinux_1_1_x86_64' is too old to build for: the lowest is musllinux_1_2_x86_64" },
        .{ "macosx_10_15_arm64", error.PlatformVersionTooOld, "platform tag 'macosx_10_15_arm64' is too old to build for: the lowest is macosx_11_0_arm64" },
        .{ "macosx_10_8_x86_64", error.PlatformVersionTooOld, "platform tag 'macosx_10_8_x86_64' is too old to build for: the lowest is macosx_10_9_x86_64" },
        .{ "manylinux_2_43_x86_64", error.PlatformVersionTooNew, "platform tag 'manylinux_2_43_x86_64' is too new to build for: the highest is manylinux_2_42_x86_64" },
        .{ "musllinux_1_3_x86_64", error.PlatformVersionTooNew, "platform tag 'musllinux_1_3_x86_64' is too new to build for: the highest is musllinux_1_2_x86_64" },
        .{ "macosx_14_2_arm64", error.NoSuchMacosVersion, "'macosx_14_2_arm64" ++ no_macos },
        .{ "macosx_10_16_x86_64", error.NoSuchMacosVersion, "'macosx_10_16_x86_64" ++ no_macos },
        .{ "macosx_16_0_arm64", error.NoSuchMacosVersion, "'macosx_16_0_arm64" ++ no_macos },
    };
    for (cases) |case| {
        errdefer std.debug.print("tag: '{s}'\n", .{case[0]});
        try std.testing.expectError(case[1], PlatformTag.parse(case[0]));
        const sentence = try PlatformTag.reason(gpa, case[0], case[1]);
        defer gpa.free(sentence);
        try std.testing.expectEqualStrings(case[2], sentence);
    }
}

/// A machine as Zig describes it, with what a real one would have where the tag must not depend on it.
fn machine(arch: std.Target.Cpu.Arch, os_tag: std.Target.Os.Tag, abi: std.Target.Abi) std.Target {
    return .{
        .cpu = .baseline(arch, .{ .tag = os_tag, .version_range = .default(arch, os_tag, abi) }),
        .os = .{ .tag = os_tag, .version_range = .default(arch, os_tag, abi) },
        .abi = abi,
        .ofmt = .default(os_tag, arch),
        .dynamic_linker = .none,
    };
}

test "the default tag of a machine" {
    const cases = [_]struct { std.Target.Cpu.Arch, std.Target.Os.Tag, std.Target.Abi, []const u8 }{
        .{ .x86_64, .linux, .gnu, "manylinux_2_17_x86_64" },
        .{ .x86, .linux, .gnu, "manylinux_2_17_i686" },
        .{ .aarch64, .linux, .gnu, "manylinux_2_17_aarch64" },
        .{ .arm, .linux, .gnueabihf, "manylinux_2_17_armv7l" },
        .{ .thumb, .linux, .gnueabihf, "manylinux_2_17_armv7l" },
        .{ .powerpc64le, .linux, .gnu, "manylinux_2_17_ppc64le" },
        .{ .s390x, .linux, .gnu, "manylinux_2_17_s390x" },
        .{ .riscv64, .linux, .gnu, "manylinux_2_31_riscv64" },
        .{ .loongarch64, .linux, .gnu, "manylinux_2_36_loongarch64" },
        .{ .x86_64, .linux, .musl, "musllinux_1_2_x86_64" },
        .{ .arm, .linux, .musleabihf, "musllinux_1_2_armv7l" },
        .{ .aarch64, .macos, .none, "macosx_11_0_arm64" },
        .{ .x86_64, .macos, .none, "macosx_10_13_x86_64" },
        .{ .x86_64, .windows, .gnu, "win_amd64" },
        .{ .x86_64, .windows, .msvc, "win_amd64" },
        .{ .x86, .windows, .gnu, "win32" },
        .{ .aarch64, .windows, .gnu, "win_arm64" },
    };
    for (cases) |case| try expectText(case[3], try PlatformTag.fromTarget(machine(case[0], case[1], case[2])));

    for ([_]std.Target{
        machine(.x86_64, .freebsd, .none),
        machine(.x86_64, .linux, .gnux32),
        machine(.arm, .linux, .gnueabi),
        machine(.aarch64, .linux, .android),
        machine(.powerpc64, .linux, .gnu),
        machine(.thumb, .windows, .gnu),
        machine(.aarch64, .ios, .none),
    }) |target| try std.testing.expectError(error.UnsupportedPlatform, PlatformTag.fromTarget(target));
}

test "the tag that -Dtarget means" {
    const linux_host = machine(.x86_64, .linux, .gnu);
    const cases = [_]struct { []const u8, []const u8 }{
        .{ "native", "manylinux_2_17_x86_64" },
        .{ "native-native-gnu", "manylinux_2_17_x86_64" },
        .{ "native-native-musl", "musllinux_1_2_x86_64" },
        .{ "x86_64-linux-gnu", "manylinux_2_17_x86_64" },
        .{ "x86_64-linux-gnu.2.28", "manylinux_2_28_x86_64" },
        .{ "aarch64-linux-gnu.2.34", "manylinux_2_34_aarch64" },
        .{ "riscv64-linux-gnu", "manylinux_2_31_riscv64" },
        .{ "x86_64-linux-musl", "musllinux_1_2_x86_64" },
        // Zig's own default C library of a named system.
        .{ "x86_64-linux", "musllinux_1_2_x86_64" },
        .{ "aarch64-macos", "macosx_11_0_arm64" },
        .{ "aarch64-macos.14.0", "macosx_14_0_arm64" },
        .{ "x86_64-macos.10.15", "macosx_10_15_x86_64" },
        .{ "x86_64-windows", "win_amd64" },
        .{ "x86_64-windows-msvc", "win_amd64" },
    };
    for (cases) |case| {
        errdefer std.debug.print("target: '{s}'\n", .{case[0]});
        const query: std.Target.Query = try .parse(.{ .arch_os_abi = case[0] });
        try expectText(case[1], try PlatformTag.fromQuery(query, linux_host));
    }
    const sentence = try PlatformTag.reason(gpa, "x86_64-linux-gnu.2.4", error.PlatformVersionTooOld);
    defer gpa.free(sentence);
    try std.testing.expectEqualStrings(
        "'x86_64-linux-gnu.2.4' names a version that is too old to build for: leave the version out to get the usual one",
        sentence,
    );
    const refused = [_]struct { []const u8, PlatformTag.Error }{
        .{ "x86_64-linux-gnu.2.4", error.PlatformVersionTooOld },
        .{ "x86_64-linux-gnu.2.99", error.PlatformVersionTooNew },
        .{ "aarch64-macos.10.15", error.PlatformVersionTooOld },
        .{ "aarch64-macos.14.2", error.NoSuchMacosVersion },
        .{ "x86_64-freebsd", error.UnsupportedPlatform },
        .{ "wasm32-wasi", error.UnsupportedPlatform },
    };
    for (refused) |case| {
        errdefer std.debug.print("target: '{s}'\n", .{case[0]});
        const query: std.Target.Query = try .parse(.{ .arch_os_abi = case[0] });
        try std.testing.expectError(case[1], PlatformTag.fromQuery(query, linux_host));
    }
}

test "armv7l has 16 floating-point registers and no NEON" {
    const arm = std.Target.arm;
    const query = (try PlatformTag.parse("manylinux_2_17_armv7l")).zigQuery();
    for ([_]arm.Feature{ .neon, .vfp3, .vfp3sp, .d32 }) |feature| {
        try std.testing.expect(arm.featureSetHas(query.cpu_features_sub, feature));
        try std.testing.expect(!arm.featureSetHas(query.cpu_features_add, feature));
    }
    try std.testing.expect(arm.featureSetHas(query.cpu_features_add, .vfp3d16));
}
