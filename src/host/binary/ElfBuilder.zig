//! Makes small ELF shared libraries for tests, of every width and byte order, with what a linker writes and the
//! reader reads. What real linkers make of it is compared with other readers by the project's Python tests.

const std = @import("std");
const Allocator = std.mem.Allocator;

const ElfBuilder = @This();

arena: Allocator,
bits: u8 = 64,
endian: std.builtin.Endian = .little,
/// x86-64
machine: u16 = 62,
machine_flags: u32 = 0,
/// A shared library
file_type: u16 = 3,
symbols: []const Symbol = &.{},
needed: []const Needed = &.{},
soname: ?[]const u8 = null,
/// As one text, with colons.
runpath: ?[]const u8 = null,
/// DT_RPATH instead of DT_RUNPATH.
old_runpath: bool = false,
hash: Hash = .sysv,
section_headers: bool = true,
stack: enum { plain, executable, unsaid } = .plain,
text_relocations: enum { none, tag, flag } = .none,

/// Which table finds symbols by name. `sysv_narrow` is what some linkers write for the 64-bit s390; elsewhere it is
/// the same as `sysv`.
pub const Hash = enum { sysv, sysv_narrow, gnu, none };

pub const Symbol = struct {
    name: []const u8,
    defined: bool = false,
    binding: enum { local, global, weak } = .global,
    hidden: bool = false,
    /// One that `needed` has.
    version: ?[]const u8 = null,
};

pub const Needed = struct {
    library: []const u8,
    versions: []const []const u8 = &.{},
};

/// Addresses are this much above offsets, so that a reader that mixes them up fails.
const address_shift = 0x10000;

const Image = struct {
    builder: *const ElfBuilder,
    bytes: std.ArrayList(u8) = .empty,
    strings: std.ArrayList(u8) = .empty,

    fn put(image: *Image, comptime T: type, value: T) !void {
        var buffer: [@sizeOf(T)]u8 = undefined;
        std.mem.writeInt(T, &buffer, value, image.builder.endian);
        try image.bytes.appendSlice(image.builder.arena, &buffer);
    }

    fn word(image: *Image, value: u64) !void {
        if (image.builder.bits == 64) try image.put(u64, value) else try image.put(u32, @intCast(value));
    }

    fn string(image: *Image, text: []const u8) !u32 {
        const offset: u32 = @intCast(image.strings.items.len);
        try image.strings.appendSlice(image.builder.arena, text);
        try image.strings.append(image.builder.arena, 0);
        return offset;
    }

    fn here(image: *const Image) u64 {
        return image.bytes.items.len;
    }

    fn set(image: *Image, comptime T: type, offset: u64, value: T) void {
        std.mem.writeInt(T, image.bytes.items[@intCast(offset)..][0..@sizeOf(T)], value, image.builder.endian);
    }

    fn setWord(image: *Image, offset: u64, value: u64) void {
        if (image.builder.bits == 64) image.set(u64, offset, value) else image.set(u32, offset, @intCast(value));
    }

    fn dynamicEntry(image: *Image, tag: u64, value: u64) !void {
        try image.word(tag);
        try image.word(value);
    }

    fn segment(image: *Image, kind: u32, flags: u32, offset: u64, size: u64) !void {
        const wide = image.builder.bits == 64;
        try image.put(u32, kind);
        if (wide) try image.put(u32, flags);
        try image.word(offset);
        try image.word(offset + address_shift);
        try image.word(offset + address_shift);
        try image.word(size);
        try image.word(size);
        if (!wide) try image.put(u32, flags);
        try image.word(8);
    }

    fn section(image: *Image, kind: u32, offset: u64, size: u64) !void {
        try image.put(u32, 0);
        try image.put(u32, kind);
        for ([_]u64{ 0, offset + address_shift, offset, size }) |value| try image.word(value);
        try image.put(u32, 0);
        try image.put(u32, 0);
        try image.word(8);
        try image.word(0);
    }
};

pub fn build(builder: *const ElfBuilder) ![]u8 {
    const wide = builder.bits == 64;
    var image: Image = .{ .builder = builder };
    _ = try image.string("");

    const segment_count = 3;
    try image.bytes.appendSlice(builder.arena, "\x7fELF");
    try image.put(u8, if (wide) 2 else 1);
    try image.put(u8, if (builder.endian == .little) 1 else 2);
    try image.bytes.appendNTimes(builder.arena, 0, 10);
    try image.put(u16, builder.file_type);
    try image.put(u16, builder.machine);
    try image.put(u32, 1);
    try image.word(0);
    const header_size: u64 = if (wide) 64 else 52;
    const segment_size: u16 = if (wide) 56 else 32;
    try image.word(header_size);
    const section_offset_place = image.here();
    try image.word(0);
    try image.put(u32, builder.machine_flags);
    try image.put(u16, @intCast(header_size));
    try image.put(u16, segment_size);
    try image.put(u16, segment_count);
    try image.put(u16, if (wide) 64 else 40);
    const section_count_place = image.here();
    try image.put(u16, 0);
    try image.put(u16, 0);
    const segments_place = image.here();
    try image.bytes.appendNTimes(builder.arena, 0, segment_count * segment_size);

    // Undefined symbols come first, as the GNU hash table wants it.
    var ordered: std.ArrayList(Symbol) = .empty;
    for (builder.symbols) |symbol| if (!symbol.defined) try ordered.append(builder.arena, symbol);
    const undefined_count = ordered.items.len;
    for (builder.symbols) |symbol| if (symbol.defined) try ordered.append(builder.arena, symbol);

    const symbols_place = image.here();
    try image.bytes.appendNTimes(builder.arena, 0, if (wide) 24 else 16);
    for (ordered.items) |symbol| try builder.putSymbol(&image, symbol);
    const symbols_size = image.here() - symbols_place;

    const hash_place = image.here();
    switch (builder.hash) {
        .sysv, .sysv_narrow => {
            const count = ordered.items.len + 1;
            const wide_entries = builder.machine == 22 and wide and builder.hash == .sysv;
            if (wide_entries) try putHash(&image, u64, count) else try putHash(&image, u32, count);
        },
        .gnu => try putGnuHash(&image, undefined_count + 1, ordered.items.len - undefined_count),
        .none => {},
    }

    const version_place = image.here();
    try image.put(u16, 0);
    for (ordered.items) |symbol| try image.put(u16, builder.versionIndex(symbol.version));
    const versions_needed_place = image.here();
    const libraries = try builder.putVersionsNeeded(&image);

    const soname: ?u32 = if (builder.soname) |name| try image.string(name) else null;
    const runpath: ?u32 = if (builder.runpath) |text| try image.string(text) else null;
    const strings_place = image.here();
    try image.bytes.appendSlice(builder.arena, image.strings.items);

    const dynamic_place = image.here();
    for (libraries) |offset| try image.dynamicEntry(1, offset);
    if (soname) |offset| try image.dynamicEntry(14, offset);
    if (runpath) |offset| try image.dynamicEntry(if (builder.old_runpath) 15 else 29, offset);
    switch (builder.hash) {
        .sysv, .sysv_narrow => try image.dynamicEntry(4, hash_place + address_shift),
        .gnu => try image.dynamicEntry(0x6ffffef5, hash_place + address_shift),
        .none => {},
    }
    try image.dynamicEntry(5, strings_place + address_shift);
    try image.dynamicEntry(6, symbols_place + address_shift);
    try image.dynamicEntry(10, image.strings.items.len);
    try image.dynamicEntry(0x6ffffff0, version_place + address_shift);
    try image.dynamicEntry(0x6ffffffe, versions_needed_place + address_shift);
    try image.dynamicEntry(0x6fffffff, builder.needed.len);
    switch (builder.text_relocations) {
        .none => {},
        .tag => try image.dynamicEntry(22, 0),
        .flag => try image.dynamicEntry(30, 4),
    }
    try image.dynamicEntry(0, 0);
    const dynamic_size = image.here() - dynamic_place;

    const size = image.here();
    if (builder.section_headers) {
        image.setWord(section_offset_place, size);
        image.set(u16, section_count_place, 2);
        try image.section(0, 0, 0);
        try image.section(11, symbols_place, symbols_size);
    }

    // The segments, now that their places are known, are moved to where room was left for them.
    const end = image.here();
    try image.segment(1, 5, 0, size);
    try image.segment(2, 6, dynamic_place, dynamic_size);
    switch (builder.stack) {
        .plain => try image.segment(0x6474e551, 6, 0, 0),
        .executable => try image.segment(0x6474e551, 7, 0, 0),
        .unsaid => try image.segment(0, 0, 0, 0),
    }
    const made = image.bytes.items[@intCast(end)..];
    @memcpy(image.bytes.items[@intCast(segments_place)..][0..made.len], made);
    return image.bytes.items[0..@intCast(end)];
}

fn putSymbol(builder: *const ElfBuilder, image: *Image, symbol: Symbol) !void {
    const function = 2;
    const binding: u8 = switch (symbol.binding) {
        .local => 0,
        .global => 1,
        .weak => 2,
    };
    const info = binding << 4 | function;
    const other: u8 = if (symbol.hidden) 2 else 0;
    const section: u16 = if (symbol.defined) 1 else 0;
    try image.put(u32, try image.string(symbol.name));
    if (builder.bits == 64) {
        try image.put(u8, info);
        try image.put(u8, other);
        try image.put(u16, section);
        try image.put(u64, 0);
        try image.put(u64, 0);
    } else {
        try image.put(u32, 0);
        try image.put(u32, 0);
        try image.put(u8, info);
        try image.put(u8, other);
        try image.put(u16, section);
    }
}

/// One bucket, and nothing true in it but the counts.
fn putHash(image: *Image, comptime Entry: type, count: u64) !void {
    try image.put(Entry, 1);
    try image.put(Entry, @intCast(count));
    for (0..@intCast(1 + count)) |_| try image.put(Entry, 0);
}

fn putGnuHash(image: *Image, first: u64, count: u64) !void {
    for ([_]u64{ 1, first, 1, 0 }) |value| try image.put(u32, @intCast(value));
    try image.word(0);
    try image.put(u32, if (count > 0) @intCast(first) else 0);
    for (0..@intCast(count)) |index| try image.put(u32, if (index + 1 == count) 1 else 0);
}

/// Versions are counted from 2 over all libraries.
fn versionIndex(builder: *const ElfBuilder, name: ?[]const u8) u16 {
    const wanted = name orelse return 1;
    var index: u16 = 2;
    for (builder.needed) |needed| for (needed.versions) |version| {
        if (std.mem.eql(u8, version, wanted)) return index;
        index += 1;
    };
    unreachable;
}

/// Returns where the names of the libraries are.
fn putVersionsNeeded(builder: *const ElfBuilder, image: *Image) ![]const u32 {
    const names = try builder.arena.alloc(u32, builder.needed.len);
    var index: u16 = 2;
    for (builder.needed, names, 0..) |needed, *name, library| {
        name.* = try image.string(needed.library);
        try image.put(u16, 1);
        try image.put(u16, @intCast(needed.versions.len));
        try image.put(u32, name.*);
        try image.put(u32, 16);
        const size: u32 = @intCast(16 + 16 * needed.versions.len);
        try image.put(u32, if (library + 1 == builder.needed.len) 0 else size);
        for (needed.versions, 0..) |version, position| {
            try image.put(u32, 0);
            try image.put(u16, 0);
            try image.put(u16, index);
            try image.put(u32, try image.string(version));
            try image.put(u32, if (position + 1 == needed.versions.len) 0 else 16);
            index += 1;
        }
    }
    return names;
}
