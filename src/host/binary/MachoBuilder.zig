//! Makes small Mach-O libraries for tests, with what a linker writes and the reader reads. What real linkers make of it
//! is compared with other readers by the project's Python tests.

const std = @import("std");
const Allocator = std.mem.Allocator;

const MachoBuilder = @This();

arena: Allocator,
cpu_type: u32 = arm64,
cpu_subtype: u32 = 0,
/// MH_DYLIB
file_type: u32 = 6,
/// MH_TWOLEVEL
flags: u32 = 0x80,
symbols: []const Symbol = &.{},
needed: []const []const u8 = &.{},
install_name: ?[]const u8 = null,
rpaths: []const []const u8 = &.{},
minimum_os: []const Minimum = &.{.{ .build_version = .{ 1, 0x000b_0000 } }},
/// How the loader is told what to bind and what there is to find.
loader: Loader = .opcodes,
signature: enum { none, sha256, both } = .sha256,

pub const x86_64 = 0x0100_0007;
pub const arm64 = 0x0100_000c;

pub const Loader = enum { opcodes, chained, neither };

pub const Minimum = union(enum) {
    /// LC_BUILD_VERSION, with platform and version.
    build_version: struct { u32, u32 },
    /// LC_VERSION_MIN_MACOSX
    macos: u32,
    /// LC_VERSION_MIN_IPHONEOS
    ios: u32,
};

pub const Symbol = struct {
    /// As it stands in the file.
    name: []const u8,
    kind: enum { defined, undefined, private, local, object_file } = .undefined,
    /// 1 and up for one of `needed`, or one of the places -1, -2 that are no library.
    library: i8 = -2,
    weak: bool = false,
};

const Image = struct {
    arena: Allocator,
    bytes: std.ArrayList(u8) = .empty,

    fn put(image: *Image, comptime T: type, value: T) !void {
        try image.putAs(T, value, .little);
    }

    fn putAs(image: *Image, comptime T: type, value: T, endian: std.builtin.Endian) !void {
        var buffer: [@sizeOf(T)]u8 = undefined;
        std.mem.writeInt(T, &buffer, value, endian);
        try image.text(&buffer);
    }

    fn text(image: *Image, bytes: []const u8) !void {
        try image.bytes.appendSlice(image.arena, bytes);
    }

    fn pad(image: *Image, alignment: usize) !void {
        const len = std.mem.alignForward(usize, image.here(), alignment);
        try image.bytes.appendNTimes(image.arena, 0, len - image.here());
    }

    fn here(image: *const Image) u32 {
        return @intCast(image.bytes.items.len);
    }

    fn set(image: *Image, offset: usize, value: u32) void {
        std.mem.writeInt(u32, image.bytes.items[offset..][0..4], value, .little);
    }

    fn command(image: *Image, number: u32, values: []const u32) !void {
        try image.put(u32, number);
        try image.put(u32, @intCast(8 + 4 * values.len));
        for (values) |value| try image.put(u32, value);
    }

    /// One that ends with a text, after `values`.
    fn textCommand(image: *Image, number: u32, values: []const u32, name: []const u8) !void {
        const start = image.here();
        const text_offset: u32 = @intCast(12 + 4 * values.len);
        try image.put(u32, number);
        try image.put(u32, 0);
        try image.put(u32, text_offset);
        for (values) |value| try image.put(u32, value);
        try image.text(name);
        try image.put(u8, 0);
        try image.pad(8);
        image.set(start + 4, image.here() - start);
    }
};

pub fn build(builder: *const MachoBuilder) ![]u8 {
    const arena = builder.arena;
    var image: Image = .{ .arena = arena };
    for ([_]u32{ 0xfeedfacf, builder.cpu_type, builder.cpu_subtype, builder.file_type, 0, 0, builder.flags, 0 }) |value| {
        try image.put(u32, value);
    }
    const header_size = image.here();
    var count: u32 = 0;
    if (builder.install_name) |name| {
        try image.textCommand(0x0d, &.{ 0, 0, 0 }, name);
        count += 1;
    }
    for (builder.needed) |name| try image.textCommand(0x0c, &.{ 0, 0, 0 }, name);
    for (builder.rpaths) |name| try image.textCommand(0x8000_001c, &.{}, name);
    for (builder.minimum_os) |minimum| switch (minimum) {
        .build_version => |version| try image.command(0x32, &.{ version[0], version[1], version[1], 0 }),
        .macos => |version| try image.command(0x24, &.{ version, version }),
        .ios => |version| try image.command(0x25, &.{ version, version }),
    };
    count += @intCast(builder.needed.len + builder.rpaths.len + builder.minimum_os.len);
    const symbols_command = image.here();
    try image.command(0x02, &.{ 0, 0, 0, 0 });
    const loader_command = image.here();
    count += 1;
    switch (builder.loader) {
        .opcodes => {
            try image.command(0x8000_0022, &@as([10]u32, @splat(0)));
            count += 1;
        },
        .chained => {
            try image.command(0x8000_0033, &.{ 0, 0 });
            try image.command(0x8000_0034, &.{ 0, 0 });
            count += 2;
        },
        .neither => {},
    }
    const signature_command = image.here();
    if (builder.signature != .none) {
        try image.command(0x1d, &.{ 0, 0 });
        count += 1;
    }
    image.set(16, count);
    image.set(20, image.here() - header_size);

    try builder.putSymbols(&image, symbols_command);
    const trie = image.here();
    try builder.putTrie(&image);
    const binds = image.here();
    switch (builder.loader) {
        .opcodes => {
            try builder.putOpcodes(&image);
            image.set(loader_command + 16, binds);
            image.set(loader_command + 20, image.here() - binds);
            image.set(loader_command + 40, trie);
            image.set(loader_command + 44, binds - trie);
        },
        .chained => {
            try builder.putChained(&image);
            image.set(loader_command + 8, trie);
            image.set(loader_command + 12, binds - trie);
            image.set(loader_command + 24, binds);
            image.set(loader_command + 28, image.here() - binds);
        },
        .neither => {},
    }
    if (builder.signature != .none) {
        try image.pad(16);
        const hashes: u32 = if (builder.signature == .both) 2 else 1;
        const size = signatureSize(image.here(), hashes);
        image.set(signature_command + 8, image.here());
        image.set(signature_command + 12, size);
        try putSignature(&image, hashes);
    }
    return image.bytes.items;
}

fn putSymbols(builder: *const MachoBuilder, image: *Image, command: usize) !void {
    var strings: std.ArrayList(u8) = .empty;
    try strings.append(builder.arena, 0);
    image.set(command + 8, image.here());
    image.set(command + 12, @intCast(builder.symbols.len));
    for (builder.symbols) |symbol| {
        try image.put(u32, @intCast(strings.items.len));
        try strings.appendSlice(builder.arena, symbol.name);
        try strings.append(builder.arena, 0);
        try image.put(u8, switch (symbol.kind) {
            .defined => 0x0f,
            .undefined => 0x01,
            .private => 0x1f,
            .local => 0x0e,
            .object_file => 0x66,
        });
        try image.put(u8, 1);
        const ordinal: u16 = @as(u8, @bitCast(symbol.library));
        try image.put(u16, ordinal << 8 | @as(u16, if (symbol.weak) 0x40 else 0));
        try image.put(u64, 0);
    }
    image.set(command + 16, image.here());
    image.set(command + 20, @intCast(strings.items.len));
    try image.text(strings.items);
}

/// A root with all names below it.
fn putTrie(builder: *const MachoBuilder, image: *Image) !void {
    var count: u8 = 0;
    var size: usize = 2;
    for (builder.symbols) |symbol| if (symbol.kind == .defined) {
        count += 1;
        size += symbol.name.len + 3;
    };
    try image.put(u8, 0);
    try image.put(u8, count);
    for (builder.symbols) |symbol| if (symbol.kind == .defined) {
        try image.text(symbol.name);
        try image.put(u8, 0);
        try image.put(u8, @intCast(size & 0x7f | 0x80));
        try image.put(u8, @intCast(size >> 7));
        size += 4;
    };
    for (0..count) |_| try image.text("\x02\x00\x10\x00");
}

fn putOpcodes(builder: *const MachoBuilder, image: *Image) !void {
    for (builder.symbols) |symbol| {
        if (symbol.kind != .undefined) continue;
        const place: u8 = if (symbol.library < 0) 0x30 else 0x10;
        try image.put(u8, place | (@as(u8, @bitCast(symbol.library)) & 0xf));
        try image.put(u8, 0x40 | @as(u8, @intFromBool(symbol.weak)));
        try image.text(symbol.name);
        try image.text("\x00\x51\x72\x90\x01\x90");
    }
    try image.put(u8, 0);
}

fn putChained(builder: *const MachoBuilder, image: *Image) !void {
    var names: std.ArrayList(u8) = .empty;
    var entries: std.ArrayList(u32) = .empty;
    for (builder.symbols) |symbol| {
        if (symbol.kind != .undefined) continue;
        const ordinal: u32 = @as(u8, @bitCast(symbol.library));
        const name: u32 = @intCast(names.items.len);
        try entries.append(builder.arena, ordinal | @as(u32, @intFromBool(symbol.weak)) << 8 | name << 9);
        try names.appendSlice(builder.arena, symbol.name);
        try names.append(builder.arena, 0);
    }
    const count: u32 = @intCast(entries.items.len);
    for ([_]u32{ 0, 0, 28, 28 + 4 * count, count, 1, 0 }) |value| try image.put(u32, value);
    for (entries.items) |entry| try image.put(u32, entry);
    try image.text(names.items);
}

/// Small pages make small files with many hashes.
const page_size_log2 = 8;

fn pageCount(size: u32) u32 {
    return (size + (1 << page_size_log2) - 1) >> page_size_log2;
}

fn directorySize(code_size: u32, hash_size: u32) u32 {
    return 44 + 4 + pageCount(code_size) * hash_size;
}

fn signatureSize(code_size: u32, hashes: u32) u32 {
    const sha256 = 12 + 8 * hashes + directorySize(code_size, 32);
    return if (hashes == 1) sha256 else sha256 + directorySize(code_size, 20);
}

fn putSignature(image: *Image, hashes: u32) !void {
    const code = try image.arena.dupe(u8, image.bytes.items);
    const size: u32 = @intCast(code.len);
    try image.putAs(u32, 0xfade0cc0, .big);
    try image.putAs(u32, signatureSize(size, hashes), .big);
    try image.putAs(u32, hashes, .big);
    var offset = 12 + 8 * hashes;
    if (hashes == 2) {
        try image.putAs(u32, 0, .big);
        try image.putAs(u32, offset, .big);
        offset += directorySize(size, 20);
    }
    try image.putAs(u32, 0, .big);
    try image.putAs(u32, offset, .big);
    if (hashes == 2) try putDirectory(image, code, std.crypto.hash.Sha1, 1);
    try putDirectory(image, code, std.crypto.hash.sha2.Sha256, 2);
}

fn putDirectory(image: *Image, code: []const u8, comptime Hash: type, hash_type: u8) !void {
    const size: u32 = @intCast(code.len);
    const pages = pageCount(size);
    const length = directorySize(size, Hash.digest_length);
    // Magic, length, version, flags, hashes, identifier, special hashes, hashes, size of what is hashed.
    for ([_]u32{ 0xfade0c02, length, 0x20001, 2, 48, 44, 0, pages, size }) |value| try image.putAs(u32, value, .big);
    try image.text(&.{ Hash.digest_length, hash_type, 0, page_size_log2, 0, 0, 0, 0 });
    try image.text("_n\x00\x00");
    for (0..pages) |page| {
        const start = page << page_size_log2;
        var hash: [Hash.digest_length]u8 = undefined;
        Hash.hash(code[start..@min(start + (1 << page_size_log2), code.len)], &hash, .{});
        try image.text(&hash);
    }
}

pub const Slice = struct { cpu_type: u32, bytes: []const u8 };

/// One file of several architectures; `wide` with offsets of 64 bits.
pub fn fat(arena: Allocator, slices: []const Slice, wide: bool) ![]u8 {
    var image: Image = .{ .arena = arena };
    try image.putAs(u32, if (wide) 0xcafebabf else 0xcafebabe, .big);
    try image.putAs(u32, @intCast(slices.len), .big);
    const entry_size: usize = if (wide) 32 else 20;
    const alignment = 64;
    var offset = std.mem.alignForward(usize, 8 + entry_size * slices.len, alignment);
    for (slices) |slice| {
        try image.putAs(u32, slice.cpu_type, .big);
        try image.putAs(u32, 0, .big);
        if (wide) {
            for ([_]u64{ offset, slice.bytes.len, 6 << 32 }) |value| try image.putAs(u64, value, .big);
        } else {
            for ([_]usize{ offset, slice.bytes.len, 6 }) |value| try image.putAs(u32, @intCast(value), .big);
        }
        offset = std.mem.alignForward(usize, offset + slice.bytes.len, alignment);
    }
    for (slices) |slice| {
        try image.pad(alignment);
        try image.text(slice.bytes);
    }
    return image.bytes.items;
}
