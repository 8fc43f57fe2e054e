//! DLLs of every shape that a linker makes, and of shapes that none makes.

const std = @import("std");
const Allocator = std.mem.Allocator;
const Binary = @import("Binary.zig");
const PeBuilder = @import("PeBuilder.zig");
const hostile = @import("hostile.zig");
const testing = std.testing;

fn sample(arena: Allocator) PeBuilder {
    return .{
        .arena = arena,
        .exports = &.{ "PyInit__native", "DllMainCRTStartup" },
        .imports = &.{
            .{ .library = "python3.dll", .names = &.{ "_Py_NoneStruct", "PyLong_FromLong" } },
            .{ .library = "WS2_32.dll", .names = &.{"WSAStartup"}, .number = 17 },
            .{ .library = "KERNEL32.dll", .names = &.{"Sleep"}, .kind = .without_names },
            .{ .library = "late.dll", .names = &.{"lately"}, .kind = .delayed },
            .{ .library = "KERNEL32.dll", .names = &.{"ExitProcess"}, .kind = .delayed },
        },
        .debug_file = "C:\\me\\_native.pdb",
    };
}

fn expectStrings(expected: []const []const u8, actual: []const []const u8) !void {
    try testing.expectEqual(expected.len, actual.len);
    for (expected, actual) |a, b| try testing.expectEqualStrings(a, b);
}

test "every width, machine and kind of import" {
    const cases = [_]struct { u16, u8, Binary.Machine }{
        .{ 0x8664, 64, .x86_64 },
        .{ 0x014c, 32, .x86 },
        .{ 0xaa64, 64, .aarch64 },
        .{ 0xa641, 64, .other },
        .{ 0x01c4, 32, .other },
    };
    for (cases) |case| {
        var arena: std.heap.ArenaAllocator = .init(testing.allocator);
        defer arena.deinit();
        var builder = sample(arena.allocator());
        builder.machine, builder.bits, _ = case;
        const slices = try Binary.read(arena.allocator(), try builder.build());
        try testing.expectEqual(1, slices.len);
        const binary = slices[0];
        try testing.expectEqual(Binary.Format.pe, binary.format);
        try testing.expectEqual(case[1], binary.bits);
        try testing.expectEqual(case[2], binary.machine);
        try testing.expectEqual(std.builtin.Endian.little, binary.endian);
        try testing.expectEqualStrings("_native.pyd", binary.soname.?);
        try expectStrings(&.{ "DllMainCRTStartup", "PyInit__native" }, binary.exports);
        try expectStrings(&.{ "python3.dll", "WS2_32.dll", "KERNEL32.dll", "late.dll" }, binary.needed);
        try expectStrings(&.{"C:\\me\\_native.pdb"}, binary.debug_files);
        try testing.expectEqualDeep(&[_]Binary.MinimumOs{
            .{ .system = .windows, .version = .{ .major = 6, .minor = 1 } },
        }, binary.minimum_os);
        const imports = [_]struct { []const u8, []const u8 }{
            .{ "#17", "WS2_32.dll" },
            .{ "ExitProcess", "KERNEL32.dll" },
            .{ "PyLong_FromLong", "python3.dll" },
            .{ "Sleep", "KERNEL32.dll" },
            .{ "WSAStartup", "WS2_32.dll" },
            .{ "_Py_NoneStruct", "python3.dll" },
            .{ "lately", "late.dll" },
        };
        try testing.expectEqual(imports.len, binary.imports.len);
        for (imports, binary.imports) |expected, import| {
            try testing.expectEqualStrings(expected[0], import.name);
            try testing.expectEqualStrings(expected[1], import.library.?);
            try testing.expectEqual(null, import.version);
            try testing.expect(!import.weak);
        }
    }
}

test "defences" {
    const cases = [_]struct { u16, Binary.DllCharacteristics }{
        .{ 0, .{ .high_entropy_va = false, .dynamic_base = false, .nx_compat = false } },
        .{ 0x20, .{ .high_entropy_va = true, .dynamic_base = false, .nx_compat = false } },
        .{ 0x40, .{ .high_entropy_va = false, .dynamic_base = true, .nx_compat = false } },
        .{ 0x100, .{ .high_entropy_va = false, .dynamic_base = false, .nx_compat = true } },
    };
    var arena: std.heap.ArenaAllocator = .init(testing.allocator);
    defer arena.deinit();
    for (cases) |case| for ([_]u8{ 32, 64 }) |bits| {
        var builder = sample(arena.allocator());
        builder.bits = bits;
        builder.dll_characteristics = case[0];
        const slices = try Binary.read(arena.allocator(), try builder.build());
        try testing.expectEqual(case[1], slices[0].dll_characteristics.?);
    };
}

test "a DLL with nothing in it, executables, and a program of DOS" {
    var arena: std.heap.ArenaAllocator = .init(testing.allocator);
    defer arena.deinit();
    var builder: PeBuilder = .{ .arena = arena.allocator() };
    const slices = try Binary.read(arena.allocator(), try builder.build());
    try testing.expectEqual(0, slices[0].exports.len + slices[0].imports.len + slices[0].debug_files.len);
    try testing.expectEqual(null, slices[0].soname);

    builder.characteristics = 0x0002;
    try testing.expectError(error.NotSharedLibrary, Binary.read(arena.allocator(), try builder.build()));
    builder.characteristics = 0x2002;
    const bytes = try builder.build();
    @memcpy(bytes[0x40..0x44], "NE\x00\x00");
    try testing.expectError(error.NotSharedLibrary, Binary.read(arena.allocator(), bytes));
}

test "hostile: cut off at each byte, each byte in turn at its extremes, random changes" {
    var arena: std.heap.ArenaAllocator = .init(testing.allocator);
    defer arena.deinit();
    for ([_]u8{ 32, 64 }) |bits| {
        var builder = sample(arena.allocator());
        builder.bits = bits;
        const bytes = try builder.build();
        try hostile.cutOff(bytes);
        try hostile.oneByteEach(bytes);
        try hostile.randomChanges(bytes, 5000);
    }
}

test "hostile: imports of many libraries that lie on top of each other are refused" {
    var arena: std.heap.ArenaAllocator = .init(testing.allocator);
    defer arena.deinit();
    const names: [500][]const u8 = @splat("some_name");
    const imports: [500]PeBuilder.Import = @splat(.{ .library = "a.dll" });
    var builder: PeBuilder = .{ .arena = arena.allocator(), .imports = &imports };
    builder.imports = &([_]PeBuilder.Import{.{ .library = "a.dll", .names = &names }} ++ imports);
    const bytes = try builder.build();
    _ = try Binary.read(arena.allocator(), bytes);
    // Every library gets the names of the first.
    const table = 0x200;
    for (1..501) |index| @memcpy(bytes[table + 20 * index ..][0..4], bytes[table..][0..4]);
    try testing.expectError(error.Malformed, Binary.read(arena.allocator(), bytes));
}
