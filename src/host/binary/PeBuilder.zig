//! Makes small Windows DLLs for tests, of both widths, with what a linker writes and the reader reads. What real linkers
//! make of it is compared with other readers by the project's Python tests.

const std = @import("std");
const Allocator = std.mem.Allocator;

const PeBuilder = @This();

arena: Allocator,
bits: u8 = 64,
/// x86-64
machine: u16 = 0x8664,
/// Executable image, DLL
characteristics: u16 = 0x2002,
/// High-entropy addresses, dynamic base, no execution of data
dll_characteristics: u16 = 0x0160,
name: []const u8 = "_native.pyd",
exports: []const []const u8 = &.{},
imports: []const Import = &.{},
debug_file: ?[]const u8 = null,

pub const Import = struct {
    library: []const u8,
    names: []const []const u8 = &.{},
    /// Asked for by number, after the names.
    number: ?u16 = null,
    kind: enum { plain, delayed, without_names } = .plain,
};

const headers_size = 0x200;
const section_address = 0x1000;

const Image = struct {
    builder: *const PeBuilder,
    bytes: std.ArrayList(u8) = .empty,

    fn put(image: *Image, comptime T: type, value: T) !void {
        var buffer: [@sizeOf(T)]u8 = undefined;
        std.mem.writeInt(T, &buffer, value, .little);
        try image.text(&buffer);
    }

    fn word(image: *Image, value: u64) !void {
        if (image.builder.bits == 64) try image.put(u64, value) else try image.put(u32, @truncate(value));
    }

    fn text(image: *Image, bytes: []const u8) !void {
        try image.bytes.appendSlice(image.builder.arena, bytes);
    }

    fn zeros(image: *Image, count: usize) !void {
        try image.bytes.appendNTimes(image.builder.arena, 0, count);
    }

    fn set(image: *Image, comptime T: type, offset: usize, value: T) void {
        std.mem.writeInt(T, image.bytes.items[offset..][0..@sizeOf(T)], value, .little);
    }

    fn here(image: *const Image) usize {
        return image.bytes.items.len;
    }

    /// What the next byte's address is when the file is loaded.
    fn address(image: *const Image) u32 {
        return @intCast(image.here() - headers_size + section_address);
    }

    /// A text closed by a zero; its address.
    fn string(image: *Image, bytes: []const u8) !u32 {
        defer std.debug.assert(image.bytes.items[image.here() - 1] == 0);
        const result = image.address();
        try image.text(bytes);
        try image.put(u8, 0);
        return result;
    }
};

pub fn build(builder: *const PeBuilder) ![]u8 {
    const wide = builder.bits == 64;
    var image: Image = .{ .builder = builder };
    try image.text("MZ");
    try image.zeros(0x3a);
    try image.put(u32, 0x40);
    try image.text("PE\x00\x00");
    const directory_count = 16;
    const fields_size: u16 = if (wide) 112 else 96;
    try image.put(u16, builder.machine);
    try image.put(u16, 1);
    try image.zeros(12);
    try image.put(u16, fields_size + 8 * directory_count);
    try image.put(u16, builder.characteristics);
    const optional = image.here();
    try image.zeros(fields_size + 8 * directory_count);
    image.set(u16, optional, if (wide) 0x20b else 0x10b);
    image.set(u16, optional + 48, 6);
    image.set(u16, optional + 50, 1);
    image.set(u32, optional + 60, headers_size);
    image.set(u16, optional + 70, builder.dll_characteristics);
    image.set(u32, optional + fields_size - 4, directory_count);
    const section = image.here();
    try image.text(".rdata\x00\x00");
    try image.zeros(headers_size - image.here());

    const directories = optional + fields_size;
    try builder.putExports(&image, directories);
    try builder.putImports(&image, directories + 8 * 1);
    try builder.putDelayed(&image, directories + 8 * 13);
    try builder.putDebug(&image, directories + 8 * 6);

    const size: u32 = @intCast(image.here() - headers_size);
    image.set(u32, section + 8, size);
    image.set(u32, section + 12, section_address);
    image.set(u32, section + 16, size);
    image.set(u32, section + 20, headers_size);
    return image.bytes.items;
}

fn setDirectory(image: *Image, place: usize, address: u32) void {
    image.set(u32, place, address);
    image.set(u32, place + 4, image.address() - address);
}

fn putExports(builder: *const PeBuilder, image: *Image, directory: usize) !void {
    if (builder.exports.len == 0) return;
    const start = image.here();
    const address = image.address();
    try image.zeros(40);
    image.set(u32, start + 12, try image.string(builder.name));
    image.set(u32, start + 20, @intCast(builder.exports.len));
    image.set(u32, start + 24, @intCast(builder.exports.len));
    const names = image.here();
    image.set(u32, start + 32, image.address());
    try image.zeros(4 * builder.exports.len);
    for (builder.exports, 0..) |name, index| image.set(u32, names + 4 * index, try image.string(name));
    setDirectory(image, directory, address);
}

fn putImports(builder: *const PeBuilder, image: *Image, directory: usize) !void {
    const start = image.here();
    const address = image.address();
    var count: usize = 0;
    for (builder.imports) |import| count += @intFromBool(import.kind != .delayed);
    if (count == 0) return;
    try image.zeros(20 * (count + 1));
    setDirectory(image, directory, address);
    var place = start;
    for (builder.imports) |import| {
        if (import.kind == .delayed) continue;
        const thunks = try putThunks(image, import);
        if (import.kind == .plain) image.set(u32, place, thunks);
        image.set(u32, place + 12, try image.string(import.library));
        image.set(u32, place + 16, thunks);
        place += 20;
    }
}

fn putDelayed(builder: *const PeBuilder, image: *Image, directory: usize) !void {
    const start = image.here();
    const address = image.address();
    var count: usize = 0;
    for (builder.imports) |import| count += @intFromBool(import.kind == .delayed);
    if (count == 0) return;
    try image.zeros(32 * (count + 1));
    setDirectory(image, directory, address);
    var place = start;
    for (builder.imports) |import| {
        if (import.kind != .delayed) continue;
        image.set(u32, place, 1);
        image.set(u32, place + 4, try image.string(import.library));
        image.set(u32, place + 16, try putThunks(image, import));
        place += 32;
    }
}

fn putThunks(image: *Image, import: Import) !u32 {
    const word_size: usize = image.builder.bits / 8;
    const start = image.here();
    const address = image.address();
    try image.zeros(word_size * (import.names.len + @intFromBool(import.number != null) + 1));
    for (import.names, 0..) |name, index| {
        const hint = image.address();
        try image.put(u16, 0);
        _ = try image.string(name);
        image.set(u32, start + word_size * index, hint);
    }
    if (import.number) |number| {
        const place = start + word_size * import.names.len;
        image.set(u16, place, number);
        image.bytes.items[place + word_size - 1] = 0x80;
    }
    return address;
}

fn putDebug(builder: *const PeBuilder, image: *Image, directory: usize) !void {
    const path = builder.debug_file orelse return;
    const start = image.here();
    const address = image.address();
    try image.zeros(28);
    setDirectory(image, directory, address);
    const data = image.here();
    image.set(u32, start + 12, 2);
    image.set(u32, start + 20, image.address());
    image.set(u32, start + 24, @intCast(data));
    try image.text("RSDS");
    try image.zeros(20);
    _ = try image.string(path);
    image.set(u32, start + 16, @intCast(image.here() - data));
}
