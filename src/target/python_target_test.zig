//! The table of what a module is called and tagged, for every platform, version and ABI.

const std = @import("std");
const PythonTarget = @import("PythonTarget.zig");
const PythonVersion = PythonTarget.PythonVersion;
const PlatformTag = PythonTarget.PlatformTag;
const gpa = std.testing.allocator;

fn expectMade(expected: ?[]const u8, made: ?[]u8) !void {
    defer if (made) |memory| gpa.free(memory);
    if (expected == null or made == null) return std.testing.expect(expected == null and made == null);
    try std.testing.expectEqualStrings(expected.?, made.?);
}

fn make(version: []const u8, abi: PythonTarget.Abi, platform: []const u8) !PythonTarget {
    return .init(try .parse(version), abi, try .parse(platform));
}

test "extension suffixes" {
    const Case = struct {
        platform: []const u8,
        /// The oldest version, which writes musl as gnu.
        cp310: []const u8,
        cp314: []const u8,
        cp314t: []const u8,
        abi3: []const u8 = ".abi3.so",
    };
    const cases = [_]Case{
        .{ .platform = "manylinux_2_17_x86_64", .cp310 = ".cpython-310-x86_64-linux-gnu.so", .cp314 = ".cpython-314-x86_64-linux-gnu.so", .cp314t = ".cpython-314t-x86_64-linux-gnu.so" },
        .{ .platform = "manylinux_2_28_x86_64", .cp310 = ".cpython-310-x86_64-linux-gnu.so", .cp314 = ".cpython-314-x86_64-linux-gnu.so", .cp314t = ".cpython-314t-x86_64-linux-gnu.so" },
        .{ .platform = "manylinux_2_17_i686", .cp310 = ".cpython-310-i386-linux-gnu.so", .cp314 = ".cpython-314-i386-linux-gnu.so", .cp314t = ".cpython-314t-i386-linux-gnu.so" },
        .{ .platform = "manylinux_2_17_aarch64", .cp310 = ".cpython-310-aarch64-linux-gnu.so", .cp314 = ".cpython-314-aarch64-linux-gnu.so", .cp314t = ".cpython-314t-aarch64-linux-gnu.so" },
        .{ .platform = "manylinux_2_17_armv7l", .cp310 = ".cpython-310-arm-linux-gnueabihf.so", .cp314 = ".cpython-314-arm-linux-gnueabihf.so", .cp314t = ".cpython-314t-arm-linux-gnueabihf.so" },
        .{ .platform = "manylinux_2_17_ppc64le", .cp310 = ".cpython-310-powerpc64le-linux-gnu.so", .cp314 = ".cpython-314-powerpc64le-linux-gnu.so", .cp314t = ".cpython-314t-powerpc64le-linux-gnu.so" },
        .{ .platform = "manylinux_2_17_s390x", .cp310 = ".cpython-310-s390x-linux-gnu.so", .cp314 = ".cpython-314-s390x-linux-gnu.so", .cp314t = ".cpython-314t-s390x-linux-gnu.so" },
        .{ .platform = "manylinux_2_31_riscv64", .cp310 = ".cpython-310-riscv64-linux-gnu.so", .cp314 = ".cpython-314-riscv64-linux-gnu.so", .cp314t = ".cpython-314t-riscv64-linux-gnu.so" },
        .{ .platform = "manylinux_2_36_loongarch64", .cp310 = ".cpython-310-loongarch64-linux-gnu.so", .cp314 = ".cpython-314-loongarch64-linux-gnu.so", .cp314t = ".cpython-314t-loongarch64-linux-gnu.so" },
        .{ .platform = "musllinux_1_2_x86_64", .cp310 = ".cpython-310-x86_64-linux-gnu.so", .cp314 = ".cpython-314-x86_64-linux-musl.so", .cp314t = ".cpython-314t-x86_64-linux-musl.so" },
        .{ .platform = "musllinux_1_2_i686", .cp310 = ".cpython-310-i386-linux-gnu.so", .cp314 = ".cpython-314-i386-linux-musl.so", .cp314t = ".cpython-314t-i386-linux-musl.so" },
        .{ .platform = "musllinux_1_2_aarch64", .cp310 = ".cpython-310-aarch64-linux-gnu.so", .cp314 = ".cpython-314-aarch64-linux-musl.so", .cp314t = ".cpython-314t-aarch64-linux-musl.so" },
        .{ .platform = "musllinux_1_2_armv7l", .cp310 = ".cpython-310-arm-linux-gnueabihf.so", .cp314 = ".cpython-314-arm-linux-musleabihf.so", .cp314t = ".cpython-314t-arm-linux-musleabihf.so" },
        .{ .platform = "musllinux_1_2_ppc64le", .cp310 = ".cpython-310-powerpc64le-linux-gnu.so", .cp314 = ".cpython-314-powerpc64le-linux-musl.so", .cp314t = ".cpython-314t-powerpc64le-linux-musl.so" },
        .{ .platform = "musllinux_1_2_s390x", .cp310 = ".cpython-310-s390x-linux-gnu.so", .cp314 = ".cpython-314-s390x-linux-musl.so", .cp314t = ".cpython-314t-s390x-linux-musl.so" },
        .{ .platform = "musllinux_1_2_riscv64", .cp310 = ".cpython-310-riscv64-linux-gnu.so", .cp314 = ".cpython-314-riscv64-linux-musl.so", .cp314t = ".cpython-314t-riscv64-linux-musl.so" },
        .{ .platform = "musllinux_1_2_loongarch64", .cp310 = ".cpython-310-loongarch64-linux-gnu.so", .cp314 = ".cpython-314-loongarch64-linux-musl.so", .cp314t = ".cpython-314t-loongarch64-linux-musl.so" },
        .{ .platform = "macosx_10_13_x86_64", .cp310 = ".cpython-310-darwin.so", .cp314 = ".cpython-314-darwin.so", .cp314t = ".cpython-314t-darwin.so" },
        .{ .platform = "macosx_11_0_arm64", .cp310 = ".cpython-310-darwin.so", .cp314 = ".cpython-314-darwin.so", .cp314t = ".cpython-314t-darwin.so" },
        .{ .platform = "macosx_11_0_universal2", .cp310 = ".cpython-310-darwin.so", .cp314 = ".cpython-314-darwin.so", .cp314t = ".cpython-314t-darwin.so" },
        .{ .platform = "win_amd64", .cp310 = ".cp310-win_amd64.pyd", .cp314 = ".cp314-win_amd64.pyd", .cp314t = ".cp314t-win_amd64.pyd", .abi3 = ".pyd" },
        .{ .platform = "win32", .cp310 = ".cp310-win32.pyd", .cp314 = ".cp314-win32.pyd", .cp314t = ".cp314t-win32.pyd", .abi3 = ".pyd" },
        .{ .platform = "win_arm64", .cp310 = ".cp310-win_arm64.pyd", .cp314 = ".cp314-win_arm64.pyd", .cp314t = ".cp314t-win_arm64.pyd", .abi3 = ".pyd" },
    };
    for (cases) |case| {
        try expectMade(case.cp310, try (try make("3.10", .gil, case.platform)).extensionSuffix(gpa));
        for ([_][]const u8{ "3.11", "3.12", "3.13", "3.14", "3.15" }, [_][]const u8{ "311", "312", "313", "314", "315" }) |version, digits| {
            const expected = try std.mem.replaceOwned(u8, gpa, case.cp314, "314", digits);
            defer gpa.free(expected);
            try expectMade(expected, try (try make(version, .gil, case.platform)).extensionSuffix(gpa));
        }
        for ([_][]const u8{ "3.13", "3.14", "3.15" }, [_][]const u8{ "313", "314", "315" }) |version, digits| {
            const expected = try std.mem.replaceOwned(u8, gpa, case.cp314t, "314", digits);
            defer gpa.free(expected);
            try expectMade(expected, try (try make(version, .free_threaded, case.platform)).extensionSuffix(gpa));
        }
        for ([_][]const u8{ "3.10", "3.12", "3.15" }) |version| {
            try expectMade(case.abi3, try (try make(version, .stable, case.platform)).extensionSuffix(gpa));
        }
        const target = try make("3.14", .gil, case.platform);
        try expectMade(case.platform, try target.platformTag(gpa));
    }
}

test "python and abi tags, the DLL and the headers, for every version and ABI" {
    const Case = struct {
        version: []const u8,
        abi: PythonTarget.Abi,
        python_tag: []const u8,
        abi_tag: []const u8,
        dll: []const u8,
        include_dir: []const u8,
    };
    const cases = [_]Case{
        .{ .version = "3.10", .abi = .gil, .python_tag = "cp310", .abi_tag = "cp310", .dll = "python310.dll", .include_dir = "include/python3.10" },
        .{ .version = "3.11", .abi = .gil, .python_tag = "cp311", .abi_tag = "cp311", .dll = "python311.dll", .include_dir = "include/python3.11" },
        .{ .version = "3.12", .abi = .gil, .python_tag = "cp312", .abi_tag = "cp312", .dll = "python312.dll", .include_dir = "include/python3.12" },
        .{ .version = "3.13", .abi = .gil, .python_tag = "cp313", .abi_tag = "cp313", .dll = "python313.dll", .include_dir = "include/python3.13" },
        .{ .version = "3.14", .abi = .gil, .python_tag = "cp314", .abi_tag = "cp314", .dll = "python314.dll", .include_dir = "include/python3.14" },
        .{ .version = "3.15", .abi = .gil, .python_tag = "cp315", .abi_tag = "cp315", .dll = "python315.dll", .include_dir = "include/python3.15" },
        .{ .version = "3.13", .abi = .free_threaded, .python_tag = "cp313", .abi_tag = "cp313t", .dll = "python313t.dll", .include_dir = "include/python3.13t" },
        .{ .version = "3.14", .abi = .free_threaded, .python_tag = "cp314", .abi_tag = "cp314t", .dll = "python314t.dll", .include_dir = "include/python3.14t" },
        .{ .version = "3.15", .abi = .free_threaded, .python_tag = "cp315", .abi_tag = "cp315t", .dll = "python315t.dll", .include_dir = "include/python3.15t" },
        .{ .version = "3.10", .abi = .stable, .python_tag = "cp310", .abi_tag = "abi3", .dll = "python3.dll", .include_dir = "include/python3.10" },
        .{ .version = "3.11", .abi = .stable, .python_tag = "cp311", .abi_tag = "abi3", .dll = "python3.dll", .include_dir = "include/python3.11" },
        .{ .version = "3.12", .abi = .stable, .python_tag = "cp312", .abi_tag = "abi3", .dll = "python3.dll", .include_dir = "include/python3.12" },
        .{ .version = "3.15", .abi = .stable, .python_tag = "cp315", .abi_tag = "abi3", .dll = "python3.dll", .include_dir = "include/python3.15" },
    };
    for (cases) |case| {
        const linux = try make(case.version, case.abi, "manylinux_2_17_x86_64");
        try expectMade(case.python_tag, try linux.pythonTag(gpa));
        try expectMade(case.abi_tag, try linux.abiTag(gpa));
        try expectMade(null, try linux.windowsDll(gpa));
        try expectMade(case.include_dir, try linux.includeDir(gpa));

        for ([_][]const u8{ "win_amd64", "win32", "win_arm64" }) |platform| {
            const windows = try make(case.version, case.abi, platform);
            try expectMade(case.python_tag, try windows.pythonTag(gpa));
            try expectMade(case.abi_tag, try windows.abiTag(gpa));
            try expectMade(case.dll, try windows.windowsDll(gpa));
            try expectMade("include", try windows.includeDir(gpa));
        }
    }
}

test "versions with an ABI flag" {
    const free_threaded = try PythonTarget.parseVersion("3.14t");
    try std.testing.expectEqual(PythonTarget.Abi.free_threaded, free_threaded.abi);
    try std.testing.expectEqual(PythonVersion{ .major = 3, .minor = 14 }, free_threaded.version);
    try std.testing.expectEqual(PythonTarget.Abi.gil, (try PythonTarget.parseVersion("3.10")).abi);

    const refused = [_]struct { []const u8, PythonTarget.VersionError, []const u8 }{
        .{ "3.12t", error.FreeThreadedPythonTooOld, "there is no free-threaded Python 3.12t to build for: the oldest is 3.13t" },
        .{ "3.9t", error.PythonVersionTooOld, "Python 3.9t is too old: the oldest version that alloconda builds for is 3.10" },
        .{ "t", error.InvalidPythonVersion, "'t' is not a Python version: write two numbers, such as 3.13" },
        .{ "3.14tt", error.InvalidPythonVersion, "'3.14tt' is not a Python version: write two numbers, such as 3.13" },
    };
    for (refused) |case| {
        try std.testing.expectError(case[1], PythonTarget.parseVersion(case[0]));
        const sentence = try PythonTarget.versionReason(gpa, case[0], case[1]);
        defer gpa.free(sentence);
        try std.testing.expectEqualStrings(case[2], sentence);
    }
    try std.testing.expectError(error.FreeThreadedPythonTooOld, make("3.12", .free_threaded, "win32"));
}

test "equal targets are one compile" {
    const a = try make("3.14", .gil, "manylinux_2_17_x86_64");
    try std.testing.expect(a.eql(try make("3.14", .gil, "manylinux2014_x86_64")));
    try std.testing.expect(!a.eql(try make("3.14", .stable, "manylinux_2_17_x86_64")));
    try std.testing.expect(!a.eql(try make("3.14", .gil, "manylinux_2_28_x86_64")));
}
