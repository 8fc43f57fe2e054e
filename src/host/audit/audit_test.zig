//! Every rule with a library that it refuses, and libraries that all rules pass.

const std = @import("std");
const Allocator = std.mem.Allocator;
const Audit = @import("Audit.zig");
const Binary = @import("../binary/Binary.zig");
const tags = @import("tags.zig");
const samples = @import("samples.zig");
const refused_anywhere = @import("refused_anywhere.zig");
const refused_on_linux = @import("refused_on_linux.zig");
const refused_elsewhere = @import("refused_elsewhere.zig");
const testing = std.testing;
const linux = samples.linux;
const linux_imports = samples.linux_imports;
const musl = samples.musl;
const macos = samples.macos;
const intel = samples.intel;
const windows = samples.windows;
const plain = samples.plain;
const with = samples.with;

fn run(
    arena: Allocator,
    slices: []const Binary,
    python: []const u8,
    abi: []const u8,
    platform: []const u8,
    path: ?[]const u8,
    bundled: []const []const u8,
) !Audit {
    const targets = (try tags.read(arena, python, abi, platform)).targets;
    try testing.expectEqual(1, targets.len);
    return .run(arena, .{
        .path = path,
        .module = "hello._native",
        .target = targets[0],
        .slices = slices,
        .bundled = bundled,
    });
}

const Good = struct {
    slices: []const Binary,
    python: []const u8 = "cp310",
    abi: []const u8 = "abi3",
    platform: []const u8,
    path: ?[]const u8 = null,
    bundled: []const []const u8 = &.{},
    smallest: []const u8,
};

const good = [_]Good{
    .{ .slices = &.{linux}, .platform = "manylinux_2_17_x86_64", .smallest = "manylinux_2_5_x86_64" },
    .{ .slices = &.{linux}, .platform = "manylinux_2_28_x86_64", .path = "hello/_native.abi3.so", .smallest = "manylinux_2_5_x86_64" },
    .{ .slices = &.{linux}, .python = "cp313", .abi = "cp313", .platform = "manylinux_2_42_x86_64", .path = "hello/_native.cpython-313-x86_64-linux-gnu.so", .smallest = "manylinux_2_5_x86_64" },
    .{ .slices = &.{linux}, .python = "cp313", .abi = "cp313", .platform = "manylinux_2_17_x86_64", .path = "hello/_native.abi3.so", .smallest = "manylinux_2_5_x86_64" },
    .{ .slices = &.{linux}, .python = "cp314", .abi = "cp314t", .platform = "manylinux_2_17_x86_64", .path = "hello/_native.so", .smallest = "manylinux_2_5_x86_64" },
    .{ .slices = &.{musl}, .platform = "musllinux_1_2_x86_64", .smallest = "musllinux_1_2_x86_64" },
    // The compiler's library has versions with the name of glibc, on musl too.
    .{ .slices = &.{with(musl, .{ .needed = &[_][]const u8{ "libgcc_s-1a2b.so.1", "libc.musl-x86_64.so.1" }, .versions = &[_]Binary.Version{.{ .library = "libgcc_s-1a2b.so.1", .name = "GLIBC_2.0" }} })}, .platform = "musllinux_1_2_x86_64", .bundled = &.{ "libfoo.so", "libgcc_s-1a2b.so.1" }, .smallest = "musllinux_1_2_x86_64" },
    .{ .slices = &.{with(linux, .{ .needed = &[_][]const u8{"libfoo.so"} })}, .platform = "manylinux_2_17_x86_64", .bundled = &.{"libfoo.so"}, .smallest = "manylinux_2_5_x86_64" },
    .{ .slices = &.{with(macos, .{ .needed = &[_][]const u8{"@loader_path/../hello.dylibs/libfoo.dylib"} })}, .platform = "macosx_11_0_arm64", .bundled = &.{"libfoo.dylib"}, .smallest = "macosx_11_0_arm64" },
    .{ .slices = &.{with(windows, .{ .needed = &[_][]const u8{ "python3.dll", "Foo-1a2b.DLL" } })}, .platform = "win_amd64", .bundled = &.{"foo-1a2b.dll"}, .smallest = "win_amd64" },
    // Without a library, it is for any C library.
    .{ .slices = &.{with(linux, .{ .imports = linux_imports[0..2], .needed = &[_][]const u8{}, .versions = &[_]Binary.Version{} })}, .platform = "manylinux_2_17_x86_64", .smallest = "manylinux_2_5_x86_64" },
    .{ .slices = &.{with(linux, .{ .imports = linux_imports[0..2], .needed = &[_][]const u8{}, .versions = &[_]Binary.Version{} })}, .platform = "musllinux_1_2_x86_64", .smallest = "musllinux_1_2_x86_64" },
    .{ .slices = &.{with(linux, .{ .machine = .arm, .bits = 32, .machine_flags = 0x0500_0400, .versions = &[_]Binary.Version{.{ .library = "libc.so.6", .name = "GLIBC_2.4" }} })}, .platform = "manylinux_2_17_armv7l", .smallest = "manylinux_2_17_armv7l" },
    .{ .slices = &.{with(linux, .{ .machine = .riscv64, .machine_flags = 5, .versions = &[_]Binary.Version{.{ .library = "libc.so.6", .name = "GLIBC_2.27" }} })}, .platform = "manylinux_2_31_riscv64", .smallest = "manylinux_2_31_riscv64" },
    // A library whose symbols have no versions may have this one.
    .{ .slices = &.{with(linux, .{ .imports = &[_]Binary.Import{plain("XOpenDisplay")}, .needed = &[_][]const u8{"libX11.so.6"} })}, .platform = "manylinux_2_17_x86_64", .smallest = "manylinux_2_5_x86_64" },
    .{ .slices = &.{macos}, .platform = "macosx_11_0_arm64", .path = "hello/_native.abi3.so", .smallest = "macosx_11_0_arm64" },
    .{ .slices = &.{macos}, .python = "cp314", .abi = "cp314t", .platform = "macosx_14_0_arm64", .path = "hello/_native.cpython-314t-darwin.so", .smallest = "macosx_11_0_arm64" },
    .{ .slices = &.{intel}, .platform = "macosx_10_15_x86_64", .smallest = "macosx_10_13_x86_64" },
    .{ .slices = &.{ intel, macos }, .platform = "macosx_10_13_universal2", .smallest = "macosx_10_13_universal2" },
    .{ .slices = &.{ intel, macos }, .platform = "macosx_11_0_arm64", .smallest = "macosx_10_13_universal2" },
    .{ .slices = &.{windows}, .platform = "win_amd64", .path = "hello/_native.pyd", .smallest = "win_amd64" },
    .{ .slices = &.{with(windows, .{ .needed = &[_][]const u8{ "python314t.dll", "kernel32.dll" } })}, .python = "cp314", .abi = "cp314t", .platform = "win_amd64", .path = "hello/_native.cp314t-win_amd64.pyd", .smallest = "win_amd64" },
    .{ .slices = &.{with(windows, .{ .machine = .x86, .bits = 32, .needed = &[_][]const u8{ "PYTHON3.DLL", "VCRUNTIME140.dll" }, .dll_characteristics = @as(?Binary.DllCharacteristics, .{ .high_entropy_va = false, .dynamic_base = true, .nx_compat = true }) })}, .platform = "win32", .smallest = "win32" },
};

test "libraries that all rules pass" {
    var arena: std.heap.ArenaAllocator = .init(testing.allocator);
    defer arena.deinit();
    for (good) |case| {
        const audit = try run(arena.allocator(), case.slices, case.python, case.abi, case.platform, case.path, case.bundled);
        errdefer std.debug.print("for {s}\n", .{case.platform});
        for (audit.findings.items) |finding| std.debug.print("{s}\n", .{finding.sentence});
        try testing.expectEqual(0, audit.findings.items.len);
        try testing.expectEqualStrings(case.smallest, audit.true_tag.?);
    }
}

const refused = refused_anywhere.by_identity ++ refused_on_linux.cases ++ refused_elsewhere.on_macos ++
    refused_elsewhere.on_windows ++ refused_anywhere.by_python;

test "every rule refuses, with the right sentence" {
    var arena: std.heap.ArenaAllocator = .init(testing.allocator);
    defer arena.deinit();
    for (refused) |case| {
        const audit = try run(arena.allocator(), case.slices, case.python, case.abi, case.platform, case.path, &.{});
        errdefer for (audit.findings.items) |finding| std.debug.print("found {s}: {s}\n", .{ finding.rule, finding.sentence });
        errdefer std.debug.print("instead of {s}: {s}\n", .{ case.rule, case.sentence });
        try testing.expectEqual(1, audit.findings.items.len);
        const finding = audit.findings.items[0];
        try testing.expectEqualStrings(case.sentence, finding.sentence);
        try testing.expectEqualStrings(case.remedy, finding.remedy);
        try testing.expectEqualStrings(case.rule, finding.rule);
        try testing.expectEqualDeep(case.symbol, finding.symbol);
        try testing.expectEqualDeep(case.smallest, audit.true_tag);
    }
}

test "no rule is without a library that it refuses" {
    for (Audit.all_rules) |rules| for (rules) |rule| {
        errdefer std.debug.print("{s}\n", .{rule.name});
        for (refused) |case| {
            if (std.mem.eql(u8, case.rule, rule.name)) break;
        } else return error.TestUnexpectedResult;
    };
}

const programs = [_]struct { Binary, []const u8, ?[]const u8 }{
    .{ with(linux, .{ .kind = .program, .exports = &[_][]const u8{"main"} }), "manylinux_2_17_x86_64", null },
    .{ with(linux, .{ .kind = .program, .exports = &[_][]const u8{} }), "manylinux_2_17_aarch64", "machine" },
    .{ with(linux, .{ .kind = .program, .executable_stack = true }), "manylinux_2_17_x86_64", "executable-stack" },
    .{ with(windows, .{ .kind = .program, .needed = &[_][]const u8{"KERNEL32.dll"} }), "win_amd64", null },
    .{ with(windows, .{ .kind = .program, .needed = &[_][]const u8{"gone.dll"} }), "win_amd64", "windows-library" },
};

test "a program has no entry and no DLL of Python, but a platform" {
    var arena: std.heap.ArenaAllocator = .init(testing.allocator);
    defer arena.deinit();
    for (programs) |case| {
        const targets = (try tags.read(arena.allocator(), "cp310", "abi3", case[1])).targets;
        const audit: Audit = try .run(arena.allocator(), .{
            .path = "tool",
            .module = null,
            .is_program = true,
            .target = targets[0],
            .slices = &.{case[0]},
        });
        try testing.expectEqualDeep(case[2], if (audit.findings.items.len > 0) audit.findings.items[0].rule else null);
    }
}
