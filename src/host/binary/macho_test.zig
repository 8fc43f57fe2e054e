//! Mach-O files of every shape that a linker makes, and of shapes that none makes.

const std = @import("std");
const Allocator = std.mem.Allocator;
const Binary = @import("Binary.zig");
const MachoBuilder = @import("MachoBuilder.zig");
const hostile = @import("hostile.zig");
const testing = std.testing;

const system = "/usr/lib/libSystem.B.dylib";

fn sample(arena: Allocator) MachoBuilder {
    return .{
        .arena = arena,
        .symbols = &.{
            .{ .name = "/home/me/native.o", .kind = .object_file },
            .{ .name = "_local", .kind = .local },
            .{ .name = "_hidden", .kind = .private },
            .{ .name = "_PyInit__native", .kind = .defined },
            .{ .name = "_another", .kind = .defined },
            .{ .name = "out_of_reach", .kind = .defined },
            .{ .name = "_PyLong_FromLong" },
            .{ .name = "__Py_NoneStruct" },
            .{ .name = "_malloc", .library = 1 },
            .{ .name = "_deflate", .library = 2, .weak = true },
            .{ .name = "_main", .library = -1 },
            .{ .name = "dyld_stub_binder", .library = 1 },
        },
        .needed = &.{ system, "@loader_path/libz.dylib" },
        .install_name = "@rpath/_native.so",
        .rpaths = &.{ "@loader_path/../hello.dylibs", "/opt/lib" },
    };
}

fn expectStrings(expected: []const []const u8, actual: []const []const u8) !void {
    try testing.expectEqual(expected.len, actual.len);
    for (expected, actual) |a, b| try testing.expectEqualStrings(a, b);
}

fn expectSample(binary: Binary) !void {
    try testing.expectEqual(Binary.Format.macho, binary.format);
    try testing.expectEqual(64, binary.bits);
    try testing.expectEqual(std.builtin.Endian.little, binary.endian);
    try expectStrings(&.{ "PyInit__native", "another" }, binary.exports);
    try expectStrings(&.{ system, "@loader_path/libz.dylib" }, binary.needed);
    try expectStrings(&.{ "@loader_path/../hello.dylibs", "/opt/lib" }, binary.runpath);
    try expectStrings(&.{"/home/me/native.o"}, binary.debug_files);
    try testing.expectEqualStrings("@rpath/_native.so", binary.soname.?);
    const imports = [_]struct { []const u8, ?[]const u8, bool }{
        .{ "PyLong_FromLong", null, false },
        .{ "_Py_NoneStruct", null, false },
        .{ "deflate", "@loader_path/libz.dylib", true },
        .{ "dyld_stub_binder", system, false },
        .{ "main", null, false },
        .{ "malloc", system, false },
    };
    try testing.expectEqual(imports.len, binary.imports.len);
    for (imports, binary.imports) |expected, import| {
        try testing.expectEqualStrings(expected[0], import.name);
        try testing.expectEqualDeep(expected[1], import.library);
        try testing.expectEqual(null, import.version);
        try testing.expectEqual(expected[2], import.weak);
    }
}

test "every machine, file type and way to tell the loader" {
    const cases = [_]struct { u32, u32, Binary.Machine }{
        .{ MachoBuilder.arm64, 0, .aarch64 },
        .{ MachoBuilder.arm64, 2, .other },
        .{ MachoBuilder.arm64, 0x8000_0002, .other },
        .{ MachoBuilder.x86_64, 3, .x86_64 },
        .{ MachoBuilder.x86_64, 0x8000_0003, .x86_64 },
        .{ 0x0000_0012, 0, .other },
    };
    for (cases) |case| for ([_]MachoBuilder.Loader{ .opcodes, .chained, .neither }) |loader| for ([_]u32{ 6, 8 }) |file_type| {
        var arena: std.heap.ArenaAllocator = .init(testing.allocator);
        defer arena.deinit();
        var builder = sample(arena.allocator());
        builder.cpu_type, builder.cpu_subtype, _ = case;
        builder.loader = loader;
        builder.file_type = file_type;
        const slices = try Binary.read(arena.allocator(), try builder.build());
        try testing.expectEqual(1, slices.len);
        try testing.expectEqual(case[2], slices[0].machine);
        try testing.expectEqual(Binary.Signature.valid, slices[0].signature.?);
        try expectSample(slices[0]);
    };
}

test "a fat file has a value for each architecture" {
    var arena: std.heap.ArenaAllocator = .init(testing.allocator);
    defer arena.deinit();
    var intel = sample(arena.allocator());
    intel.cpu_type = MachoBuilder.x86_64;
    intel.signature = .none;
    intel.minimum_os = &.{.{ .macos = 0x000a_0d00 }};
    const parts = [_]MachoBuilder.Slice{
        .{ .cpu_type = MachoBuilder.x86_64, .bytes = try intel.build() },
        .{ .cpu_type = MachoBuilder.arm64, .bytes = try sample(arena.allocator()).build() },
    };
    for ([_]bool{ false, true }) |wide| {
        const slices = try Binary.read(arena.allocator(), try MachoBuilder.fat(arena.allocator(), &parts, wide));
        try testing.expectEqual(2, slices.len);
        for (slices) |slice| try expectSample(slice);
        try testing.expectEqual(Binary.Machine.x86_64, slices[0].machine);
        try testing.expectEqual(Binary.Signature.missing, slices[0].signature.?);
        try testing.expectEqual(10, slices[0].minimum_os[0].version.major);
        try testing.expectEqual(Binary.Machine.aarch64, slices[1].machine);
        try testing.expectEqual(Binary.Signature.valid, slices[1].signature.?);
        try testing.expectEqual(11, slices[1].minimum_os[0].version.major);
    }
}

test "the oldest system, by every command that says it" {
    var arena: std.heap.ArenaAllocator = .init(testing.allocator);
    defer arena.deinit();
    var builder = sample(arena.allocator());
    builder.minimum_os = &.{
        .{ .build_version = .{ 1, 0x000e_0203 } },
        .{ .macos = 0x000a_0d06 },
        .{ .build_version = .{ 6, 0x000f_0000 } },
        .{ .ios = 0x000c_0000 },
    };
    const slices = try Binary.read(arena.allocator(), try builder.build());
    try testing.expectEqualDeep(&[_]Binary.MinimumOs{
        .{ .system = .macos, .version = .{ .major = 14, .minor = 2, .patch = 3 } },
        .{ .system = .macos, .version = .{ .major = 10, .minor = 13, .patch = 6 } },
        .{ .system = .other, .version = .{ .major = 15, .minor = 0 } },
        .{ .system = .other, .version = .{ .major = 12, .minor = 0 } },
    }, slices[0].minimum_os);
}

test "a signature holds until a byte before it changes" {
    var arena: std.heap.ArenaAllocator = .init(testing.allocator);
    defer arena.deinit();
    var builder = sample(arena.allocator());
    for ([_]bool{ false, true }) |both| {
        builder.signature = if (both) .both else .sha256;
        const bytes = try builder.build();
        // Wherever it is: the flags of the header, the last name, the last hash.
        for ([_]usize{ 28, bytes.len - 1 }) |index| {
            bytes[index] +%= 1;
            defer bytes[index] -%= 1;
            const slices = try Binary.read(arena.allocator(), bytes);
            try testing.expectEqual(Binary.Signature.damaged, slices[0].signature.?);
        }
        const slices = try Binary.read(arena.allocator(), bytes);
        try testing.expectEqual(Binary.Signature.valid, slices[0].signature.?);
    }
    builder.signature = .none;
    const slices = try Binary.read(arena.allocator(), try builder.build());
    try testing.expectEqual(Binary.Signature.missing, slices[0].signature.?);
}

test "object files, executables and symbols of libraries that are not there" {
    var arena: std.heap.ArenaAllocator = .init(testing.allocator);
    defer arena.deinit();
    for ([_]u32{ 0, 1, 2, 4, 7, 9, 10 }) |file_type| {
        var builder = sample(arena.allocator());
        builder.file_type = file_type;
        try testing.expectError(error.NotSharedLibrary, Binary.read(arena.allocator(), try builder.build()));
    }
    for ([_]MachoBuilder.Loader{ .opcodes, .chained, .neither }) |loader| {
        var builder = sample(arena.allocator());
        builder.needed = builder.needed[0..1];
        builder.loader = loader;
        try testing.expectError(error.Malformed, Binary.read(arena.allocator(), try builder.build()));
        builder.symbols = &.{};
        const slices = try Binary.read(arena.allocator(), try builder.build());
        try testing.expectEqual(0, slices[0].exports.len + slices[0].imports.len);
    }
    // Without names of libraries at the symbols, the loader looks everywhere.
    var flat = sample(arena.allocator());
    flat.flags = 0;
    flat.loader = .neither;
    const slices = try Binary.read(arena.allocator(), try flat.build());
    for (slices[0].imports) |import| try testing.expectEqual(null, import.library);
}

test "hostile: cut off at each byte, each byte in turn at its extremes, random changes" {
    var fixtures: std.heap.ArenaAllocator = .init(testing.allocator);
    defer fixtures.deinit();
    const arena = fixtures.allocator();
    var parts: [3]MachoBuilder.Slice = undefined;
    for (&parts, [_]MachoBuilder.Loader{ .opcodes, .chained, .neither }) |*part, loader| {
        var builder = sample(arena);
        builder.loader = loader;
        builder.signature = if (loader == .chained) .both else .sha256;
        part.* = .{ .cpu_type = MachoBuilder.arm64, .bytes = try builder.build() };
        try hostile.cutOff(part.bytes);
        try hostile.oneByteEach(part.bytes);
        try hostile.randomChanges(part.bytes, 3000);
    }
    for ([_]bool{ false, true }) |wide| {
        const bytes = try MachoBuilder.fat(arena, &parts, wide);
        try hostile.cutOff(bytes[0..512]);
        try hostile.randomChanges(bytes, 1000);
    }
}

test "hostile: many symbols that share one long name are refused, not written out a million times" {
    var fixtures: std.heap.ArenaAllocator = .init(testing.allocator);
    defer fixtures.deinit();
    const arena = fixtures.allocator();
    const long = try arena.alloc(u8, 100_000);
    @memset(long, 'a');
    var symbols: [200]MachoBuilder.Symbol = @splat(.{ .name = "_b" });
    symbols[0].name = long;
    for ([_]MachoBuilder.Loader{ .chained, .neither }) |loader| {
        const builder: MachoBuilder = .{ .arena = arena, .symbols = &symbols, .loader = loader, .signature = .none };
        const bytes = try builder.build();
        _ = try Binary.read(arena, bytes);
        // Every symbol gets the name of the first.
        if (loader == .chained) {
            const entries = std.mem.lastIndexOf(u8, bytes, "\xc8\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00").? + 12;
            for (1..symbols.len) |index| @memcpy(bytes[entries + 4 * index ..][0..4], bytes[entries..][0..4]);
        } else {
            const entries = std.mem.readInt(u32, bytes[32 + 24 + 8 ..][0..4], .little);
            for (1..symbols.len) |index| @memcpy(bytes[entries + 16 * index ..][0..4], bytes[entries..][0..4]);
        }
        try testing.expectError(error.Malformed, Binary.read(arena, bytes));
    }
}
