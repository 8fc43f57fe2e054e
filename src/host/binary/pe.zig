//! Windows DLLs (PE32 and PE32+), from bytes to a `Binary`.
//!
//! The bytes may be anything: see `Bytes.zig`. Every loop moves forward.

const std = @import("std");
const Allocator = std.mem.Allocator;
const Binary = @import("Binary.zig");
const Bytes = @import("Bytes.zig");

const Error = Binary.Error;

pub fn read(arena: Allocator, bytes: []const u8) Error!Binary {
    const image: Image = try .init(bytes);
    var budget: Bytes.Budget = .init(bytes.len);
    const exports = try readExports(arena, image, &budget);
    var libraries: Libraries = .{ .arena = arena, .image = image, .budget = &budget };
    try libraries.readImports();
    try libraries.readDelayedImports();
    Binary.sortImports(libraries.imports.items);
    const flags = try image.bytes.int(u16, image.optional_header + 70);
    return .{
        .format = .pe,
        .kind = if (try image.bytes.int(u16, image.file_header + 18) & dll != 0) .library else .program,
        .machine = switch (try image.bytes.int(u16, image.file_header)) {
            0x014c => .x86,
            0x8664 => .x86_64,
            0xaa64 => .aarch64,
            else => .other,
        },
        .bits = image.bytes.bits,
        .endian = .little,
        .exports = exports.names,
        .imports = libraries.imports.items,
        .needed = libraries.needed.items,
        .versions = &.{},
        .soname = exports.library,
        .runpath = &.{},
        .executable_stack = false,
        .text_relocations = false,
        .minimum_os = try arena.dupe(Binary.MinimumOs, &.{.{ .system = .windows, .version = .{
            .major = try image.bytes.int(u16, image.optional_header + 48),
            .minor = try image.bytes.int(u16, image.optional_header + 50),
        } }}),
        .dll_characteristics = .{
            .high_entropy_va = flags & 0x0020 != 0,
            .dynamic_base = flags & 0x0040 != 0,
            .nx_compat = flags & 0x0100 != 0,
        },
        .debug_files = try readDebugFiles(arena, image, &budget),
    };
}

/// The loader takes no more.
const sections_max = 96;

/// A file with the headers that tell where in it an address is.
const dll = 0x2000;

const Image = struct {
    bytes: Bytes,
    /// Offsets in the file.
    file_header: u64,
    optional_header: u64,
    directories: u64,
    directory_count: u32,
    sections: u64,
    section_count: u16,
    headers_size: u32,

    fn init(all: []const u8) Error!Image {
        var bytes: Bytes = .{ .all = all, .bits = 32, .endian = .little };
        const signature: u64 = try bytes.int(u32, 0x3c);
        if (!std.mem.eql(u8, try bytes.slice(signature, 4), "PE\x00\x00")) return error.NotSharedLibrary;
        const file_header = signature + 4;
        const executable_image = 0x0002;
        const characteristics = try bytes.int(u16, file_header + 18);
        if (characteristics & executable_image == 0) return error.NotSharedLibrary;
        const optional_header = file_header + 20;
        const optional_header_size = try bytes.int(u16, file_header + 16);
        bytes.bits = switch (try bytes.int(u16, optional_header)) {
            0x10b => 32,
            0x20b => 64,
            else => return error.Malformed,
        };
        const wide = bytes.bits == 64;
        const section_count = try bytes.int(u16, file_header + 2);
        if (section_count > sections_max) return error.Malformed;
        const sections = optional_header + optional_header_size;
        _ = try bytes.table(sections, section_count, 40);
        return .{
            .bytes = bytes,
            .file_header = file_header,
            .optional_header = optional_header,
            .directories = optional_header + @as(u64, if (wide) 112 else 96),
            .directory_count = try bytes.int(u32, optional_header + @as(u64, if (wide) 108 else 92)),
            .sections = sections,
            .section_count = section_count,
            .headers_size = try bytes.int(u32, optional_header + 60),
        };
    }

    const Directory = struct { address: u32, size: u32 };

    /// One of the tables that the file may have, or null.
    fn directory(image: Image, index: u32) Error!?Directory {
        if (index >= image.directory_count) return null;
        const place = image.directories + 8 * @as(u64, index);
        const address = try image.bytes.int(u32, place);
        if (address == 0) return null;
        return .{ .address = address, .size = try image.bytes.int(u32, place + 4) };
    }

    /// Where in the file an address is, which counts from the start of the image in memory.
    fn offsetOf(image: Image, address: u64) Error!u64 {
        if (address < image.headers_size) return address;
        for (0..image.section_count) |index| {
            const header = image.sections + 40 * index;
            const start = try image.bytes.int(u32, header + 12);
            const size = try image.bytes.int(u32, header + 16);
            if (address < start or address - start >= size) continue;
            return address - start + try image.bytes.int(u32, header + 20);
        }
        return error.Malformed;
    }

    fn text(image: Image, arena: Allocator, address: u64, budget: *Bytes.Budget) Error![]const u8 {
        const strings: Bytes.Strings = .{ .arena = arena, .bytes = image.bytes.all, .budget = budget };
        return strings.at(try image.offsetOf(address));
    }
};

const Exports = struct {
    /// Those that have a name; what can be asked for by number only is nothing that Python asks for.
    names: []const []const u8,
    library: ?[]const u8,
};

fn readExports(arena: Allocator, image: Image, budget: *Bytes.Budget) Error!Exports {
    const directory = try image.directory(0) orelse return .{ .names = &.{}, .library = null };
    const table = try image.offsetOf(directory.address);
    const library = try image.text(arena, try image.bytes.int(u32, table + 12), budget);
    const count = try image.bytes.int(u32, table + 24);
    if (count == 0) return .{ .names = &.{}, .library = library };
    const places = try image.offsetOf(try image.bytes.int(u32, table + 32));
    _ = try image.bytes.table(places, count, 4);
    const names = try arena.alloc([]const u8, count);
    for (names, 0..) |*name, index| name.* = try image.text(arena, try image.bytes.int(u32, places + 4 * index), budget);
    Binary.sortNames(names);
    return .{ .names = names, .library = library };
}

/// The DLLs that the file asks for and what it wants of them, be it when it is loaded or when it first calls them.
const Libraries = struct {
    arena: Allocator,
    image: Image,
    budget: *Bytes.Budget,
    needed: std.ArrayList([]const u8) = .empty,
    imports: std.ArrayList(Binary.Import) = .empty,

    fn readImports(libraries: *Libraries) Error!void {
        const image = libraries.image;
        const directory = try image.directory(1) orelse return;
        var entry = try image.offsetOf(directory.address);
        while (true) : (entry += 20) {
            const name = try image.bytes.int(u32, entry + 12);
            const addresses = try image.bytes.int(u32, entry + 16);
            if (name == 0 or addresses == 0) return;
            const names = try image.bytes.int(u32, entry);
            // Old linkers leave the names out: they are then where the addresses will be.
            try libraries.readLibrary(name, if (names != 0) names else addresses);
        }
    }

    fn readDelayedImports(libraries: *Libraries) Error!void {
        const image = libraries.image;
        const directory = try image.directory(13) orelse return;
        var entry = try image.offsetOf(directory.address);
        while (true) : (entry += 32) {
            const name = try image.bytes.int(u32, entry + 4);
            const names = try image.bytes.int(u32, entry + 16);
            if (name == 0 or names == 0) return;
            // Before 2002, addresses counted from zero.
            const counted_from_image = 1;
            if (try image.bytes.int(u32, entry) & counted_from_image == 0) return error.Malformed;
            try libraries.readLibrary(name, names);
        }
    }

    fn readLibrary(libraries: *Libraries, name_address: u32, names_address: u32) Error!void {
        const image = libraries.image;
        const library = try image.text(libraries.arena, name_address, libraries.budget);
        for (libraries.needed.items) |known| {
            if (std.mem.eql(u8, known, library)) break;
        } else try libraries.needed.append(libraries.arena, library);

        var place = try image.offsetOf(names_address);
        while (true) : (place += image.bytes.wordSize()) {
            const value = try image.bytes.word(place);
            if (value == 0) return;
            // Tables of several libraries may lie on top of each other.
            try libraries.budget.take(image.bytes.wordSize());
            try libraries.imports.append(libraries.arena, .{
                .name = try libraries.importName(value),
                .library = library,
                .version = null,
                .weak = false,
            });
        }
    }

    /// `#17` for one that is asked for by its number.
    fn importName(libraries: *Libraries, value: u64) Error![]const u8 {
        const image = libraries.image;
        const by_number = value >> @intCast(image.bytes.bits - 1) != 0;
        if (by_number) return std.fmt.allocPrint(libraries.arena, "#{d}", .{value & 0xffff});
        const hint_size = 2;
        return image.text(libraries.arena, (value & 0x7fff_ffff) + hint_size, libraries.budget);
    }
};

/// Where the linker has put the debugger's files.
fn readDebugFiles(arena: Allocator, image: Image, budget: *Bytes.Budget) Error![]const []const u8 {
    const directory = try image.directory(6) orelse return &.{};
    const table = try image.offsetOf(directory.address);
    const entry_size = 28;
    var files: std.ArrayList([]const u8) = .empty;
    for (0..directory.size / entry_size) |index| {
        const entry = table + entry_size * index;
        const code_view = 2;
        if (try image.bytes.int(u32, entry + 12) != code_view) continue;
        const data = try image.bytes.slice(try image.bytes.int(u32, entry + 24), try image.bytes.int(u32, entry + 16));
        // A mark, 16 bytes that are the file's identity, and a count.
        const path_offset = 24;
        if (data.len < path_offset or !std.mem.startsWith(u8, data, "RSDS")) continue;
        const path = std.mem.sliceTo(data[path_offset..], 0);
        try budget.take(path.len);
        if (path.len > 0) try files.append(arena, try Bytes.printable(arena, path));
    }
    return files.items;
}
