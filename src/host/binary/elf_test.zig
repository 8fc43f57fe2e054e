//! ELF files of every shape that a linker makes, and of shapes that none makes.

const std = @import("std");
const Binary = @import("Binary.zig");
const elf = @import("elf.zig");
const hostile = @import("hostile.zig");
const ElfBuilder = @import("ElfBuilder.zig");
const testing = std.testing;

const sample_symbols = [_]ElfBuilder.Symbol{
    .{ .name = "PyInit__native", .defined = true },
    .{ .name = "malloc", .version = "GLIBC_2.2.5" },
    .{ .name = "exp", .version = "GLIBC_2.29" },
    .{ .name = "PyLong_FromLong" },
    .{ .name = "__gmon_start__", .binding = .weak },
    .{ .name = "another", .defined = true, .binding = .weak },
    .{ .name = "internal", .defined = true, .hidden = true },
    .{ .name = "private", .defined = true, .binding = .local },
};
const sample_needed = [_]ElfBuilder.Needed{
    .{ .library = "libm.so.6", .versions = &.{"GLIBC_2.29"} },
    .{ .library = "libc.so.6", .versions = &.{ "GLIBC_2.2.5", "GLIBC_2.17" } },
};

fn sample(arena: std.mem.Allocator) ElfBuilder {
    return .{
        .arena = arena,
        .symbols = &sample_symbols,
        .needed = &sample_needed,
        .soname = "lib_native.so",
        .runpath = "$ORIGIN/../hello.libs:/opt/lib",
    };
}

fn expectStrings(expected: []const []const u8, actual: []const []const u8) !void {
    try testing.expectEqual(expected.len, actual.len);
    for (expected, actual) |a, b| try testing.expectEqualStrings(a, b);
}

fn expectSample(binary: Binary) !void {
    try expectStrings(&.{ "PyInit__native", "another" }, binary.exports);
    try expectStrings(&.{ "libm.so.6", "libc.so.6" }, binary.needed);
    try expectStrings(&.{ "$ORIGIN/../hello.libs", "/opt/lib" }, binary.runpath);
    try testing.expectEqualStrings("lib_native.so", binary.soname.?);
    try testing.expectEqual(std.SemanticVersion{ .major = 2, .minor = 29, .patch = 0 }, binary.glibcMin().?);
    try testing.expectEqual(3, binary.versions.len);

    const Expected = struct { []const u8, ?[]const u8, ?[]const u8, bool };
    const imports = [_]Expected{
        .{ "PyLong_FromLong", null, null, false },
        .{ "__gmon_start__", null, null, true },
        .{ "exp", "libm.so.6", "GLIBC_2.29", false },
        .{ "malloc", "libc.so.6", "GLIBC_2.2.5", false },
    };
    try testing.expectEqual(imports.len, binary.imports.len);
    for (imports, binary.imports) |expected, import| {
        try testing.expectEqualStrings(expected[0], import.name);
        try testing.expectEqualDeep(expected[1], import.library);
        try testing.expectEqualDeep(expected[2], import.version);
        try testing.expectEqual(expected[3], import.weak);
    }
}

test "every width, byte order, machine and way to count the symbols" {
    const cases = [_]struct { u16, u8, std.builtin.Endian, Binary.Machine }{
        .{ 62, 64, .little, .x86_64 },
        .{ 3, 32, .little, .x86 },
        .{ 183, 64, .little, .aarch64 },
        .{ 40, 32, .little, .arm },
        .{ 21, 64, .little, .ppc64le },
        .{ 21, 64, .big, .ppc64 },
        .{ 22, 64, .big, .s390x },
        .{ 243, 64, .little, .riscv64 },
        .{ 258, 64, .little, .loongarch64 },
        .{ 243, 32, .little, .other },
        .{ 183, 64, .big, .other },
        .{ 20, 32, .big, .other },
        .{ 999, 64, .little, .other },
    };
    for (cases) |case| {
        for ([_]bool{ true, false }) |section_headers| for ([_]ElfBuilder.Hash{ .sysv, .sysv_narrow, .gnu }) |hash| {
            var arena: std.heap.ArenaAllocator = .init(testing.allocator);
            defer arena.deinit();
            var builder = sample(arena.allocator());
            builder.machine, builder.bits, builder.endian, _ = case;
            builder.section_headers = section_headers;
            builder.hash = hash;
            const binary = try elf.read(arena.allocator(), try builder.build());
            try testing.expectEqual(Binary.Format.elf, binary.format);
            try testing.expectEqual(case[1], binary.bits);
            try testing.expectEqual(case[2], binary.endian);
            try testing.expectEqual(case[3], binary.machine);
            try expectSample(binary);
        };
    }
}

test "without hash tables the section headers count the symbols, and without both there are none" {
    var arena: std.heap.ArenaAllocator = .init(testing.allocator);
    defer arena.deinit();
    var builder = sample(arena.allocator());
    builder.hash = .none;
    try expectSample(try elf.read(arena.allocator(), try builder.build()));
    builder.section_headers = false;
    const binary = try elf.read(arena.allocator(), try builder.build());
    try testing.expectEqual(0, binary.exports.len + binary.imports.len);
    try expectStrings(&.{ "libm.so.6", "libc.so.6" }, binary.needed);
}

test "a library that exports nothing" {
    var arena: std.heap.ArenaAllocator = .init(testing.allocator);
    defer arena.deinit();
    for ([_]bool{ true, false }) |section_headers| {
        var builder = sample(arena.allocator());
        builder.symbols = sample_symbols[1..2];
        builder.hash = .gnu;
        builder.section_headers = section_headers;
        const binary = try elf.read(arena.allocator(), try builder.build());
        try testing.expectEqual(0, binary.exports.len);
        try testing.expectEqualStrings("malloc", binary.imports[0].name);
    }
}

test "section headers that were cut off" {
    var arena: std.heap.ArenaAllocator = .init(testing.allocator);
    defer arena.deinit();
    for ([_]u8{ 32, 64 }) |bits| {
        var builder = sample(arena.allocator());
        builder.bits = bits;
        builder.hash = .gnu;
        const bytes = try builder.build();
        const headers: usize = if (bits == 64) 2 * 64 else 2 * 40;
        try expectSample(try elf.read(arena.allocator(), bytes[0 .. bytes.len - headers]));
    }
}

test "properties of the whole file" {
    var arena: std.heap.ArenaAllocator = .init(testing.allocator);
    defer arena.deinit();
    for ([_]u8{ 32, 64 }) |bits| {
        var builder = sample(arena.allocator());
        builder.bits = bits;
        const plain = try elf.read(arena.allocator(), try builder.build());
        try testing.expect(!plain.executable_stack);
        try testing.expect(!plain.text_relocations);

        builder.stack = .executable;
        try testing.expect((try elf.read(arena.allocator(), try builder.build())).executable_stack);
        builder.stack = .unsaid;
        try testing.expect((try elf.read(arena.allocator(), try builder.build())).executable_stack);
        builder.text_relocations = .tag;
        try testing.expect((try elf.read(arena.allocator(), try builder.build())).text_relocations);
        builder.text_relocations = .flag;
        builder.old_runpath = true;
        const binary = try elf.read(arena.allocator(), try builder.build());
        try testing.expect(binary.text_relocations);
        try expectStrings(&.{ "$ORIGIN/../hello.libs", "/opt/lib" }, binary.runpath);

        const bare: ElfBuilder = .{ .arena = arena.allocator(), .bits = bits };
        const empty = try elf.read(arena.allocator(), try bare.build());
        try testing.expectEqual(null, empty.soname);
        try testing.expectEqual(null, empty.glibcMin());
        try testing.expectEqual(0, empty.exports.len + empty.imports.len + empty.needed.len + empty.runpath.len);
    }
}

test "an object file and an executable are not libraries" {
    var arena: std.heap.ArenaAllocator = .init(testing.allocator);
    defer arena.deinit();
    for ([_]u16{ 0, 1, 2, 4 }) |file_type| {
        var builder = sample(arena.allocator());
        builder.file_type = file_type;
        const bytes = try builder.build();
        try testing.expectError(error.NotSharedLibrary, Binary.read(arena.allocator(), bytes));
        if (file_type == 2) {
            const slices = try Binary.readAny(arena.allocator(), bytes);
            try testing.expectEqual(.program, slices[0].kind);
        } else try testing.expectError(error.NotSharedLibrary, Binary.readAny(arena.allocator(), bytes));
    }
}

const Shape = struct { bits: u8, endian: std.builtin.Endian, machine: u16, gnu: bool };

const shapes = [_]Shape{
    .{ .bits = 64, .endian = .little, .machine = 62, .gnu = true },
    .{ .bits = 64, .endian = .big, .machine = 22, .gnu = false },
    .{ .bits = 32, .endian = .little, .machine = 40, .gnu = false },
    .{ .bits = 32, .endian = .big, .machine = 20, .gnu = true },
};

fn buildShape(arena: std.mem.Allocator, shape: Shape) ![]u8 {
    var builder = sample(arena);
    builder.bits = shape.bits;
    builder.endian = shape.endian;
    builder.machine = shape.machine;
    builder.hash = if (shape.gnu) .gnu else .sysv;
    return builder.build();
}

test "hostile: cut off at each byte, each byte in turn at its extremes, random changes" {
    var fixtures: std.heap.ArenaAllocator = .init(testing.allocator);
    defer fixtures.deinit();
    for (shapes) |shape| {
        const bytes = try buildShape(fixtures.allocator(), shape);
        try hostile.cutOff(bytes);
        try hostile.oneByteEach(bytes);
        try hostile.randomChanges(bytes, 5000);
    }
}

test "hostile: many symbols that share one long name are refused, not written out a million times" {
    var arena: std.heap.ArenaAllocator = .init(testing.allocator);
    defer arena.deinit();
    const long = try arena.allocator().alloc(u8, 100_000);
    @memset(long, 'a');
    var symbols: [200]ElfBuilder.Symbol = @splat(.{ .name = "", .defined = true });
    symbols[0].name = long;
    for (symbols[1..]) |*symbol| symbol.name = "b";
    const builder: ElfBuilder = .{ .arena = arena.allocator(), .symbols = &symbols };
    const bytes = try builder.build();
    _ = try elf.read(arena.allocator(), bytes);
    // Every symbol gets the name of the first.
    const table = 64 + 3 * 56 + 24;
    for (1..symbols.len) |index| @memcpy(bytes[table + 24 * index ..][0..4], bytes[table..][0..4]);
    try testing.expectError(error.Malformed, elf.read(arena.allocator(), bytes));
}
