//! ELF shared libraries, from bytes to a `Binary`. The dynamic segment is read, since it is what the loader goes by;
//! section headers, which can be stripped, only help to count the symbols.
//!
//! The bytes may be anything: see `Bytes.zig`. Every loop moves forward.

const std = @import("std");
const Allocator = std.mem.Allocator;
const Binary = @import("Binary.zig");
const Bytes = @import("Bytes.zig");

const Error = Binary.Error;
const add = Bytes.add;
const multiply = Bytes.multiply;

pub fn read(arena: Allocator, bytes: []const u8) Error!Binary {
    const file = try open(bytes);
    var budget: Bytes.Budget = .init(bytes.len);
    const shared = try file.int(u16, 16) == shared_library;
    const segments = try readSegments(arena, file);
    // Linked with no libraries at all, or a program that is static.
    const range = segments.dynamic orelse return static(file, segments);
    const dynamic = try readDynamic(arena, file, &budget, segments, range);
    const symbols = try readSymbols(arena, file, dynamic);
    return .{
        .format = .elf,
        .kind = if (shared) .library else .program,
        .machine = machine(file),
        .machine_flags = try file.int(u32, if (file.bits == 64) 48 else 36),
        .bits = file.bits,
        .endian = file.endian,
        .exports = symbols.exports,
        .imports = symbols.imports,
        .needed = dynamic.needed,
        .versions = symbols.versions,
        .soname = dynamic.soname,
        .runpath = dynamic.runpath,
        .executable_stack = segments.executable_stack,
        .text_relocations = dynamic.text_relocations,
    };
}

const program = 2;
const shared_library = 3;

/// A program that asks the loader for nothing.
fn static(file: Bytes, segments: Segments) Error!Binary {
    return .{
        .format = .elf,
        .kind = .program,
        .machine = machine(file),
        .machine_flags = try file.int(u32, if (file.bits == 64) 48 else 36),
        .bits = file.bits,
        .endian = file.endian,
        .exports = &.{},
        .imports = &.{},
        .needed = &.{},
        .versions = &.{},
        .soname = null,
        .runpath = &.{},
        .executable_stack = segments.executable_stack,
        .text_relocations = false,
    };
}

fn open(bytes: []const u8) Error!Bytes {
    if (bytes.len < 16) return error.Malformed;
    const file: Bytes = .{
        .all = bytes,
        .bits = switch (bytes[4]) {
            1 => 32,
            2 => 64,
            else => return error.Malformed,
        },
        .endian = switch (bytes[5]) {
            1 => .little,
            2 => .big,
            else => return error.Malformed,
        },
    };
    const kind = try file.int(u16, 16);
    if (kind != program and kind != shared_library) return error.NotSharedLibrary;
    return file;
}

fn machine(file: Bytes) Binary.Machine {
    const code = file.int(u16, 18) catch return .other;
    return switch (code) {
        3 => .x86,
        21 => if (file.endian == .little) .ppc64le else .ppc64,
        22 => if (file.bits == 64) .s390x else .other,
        40 => .arm,
        62 => .x86_64,
        183 => if (file.endian == .little) .aarch64 else .other,
        243 => if (file.bits == 64) .riscv64 else .other,
        258 => if (file.bits == 64) .loongarch64 else .other,
        else => .other,
    };
}

const Segments = struct {
    loads: []const Load,
    dynamic: ?Range,
    executable_stack: bool,

    const Load = struct { address: u64, offset: u64, size: u64 };

    /// Where in the file an address is; one that is only in memory (`.bss`) is nowhere.
    fn offsetOf(segments: Segments, address: u64) Error!u64 {
        for (segments.loads) |load| {
            if (address < load.address or address - load.address >= load.size) continue;
            return add(load.offset, address - load.address);
        }
        return error.Malformed;
    }
};

const Range = struct { offset: u64, size: u64 };

fn readSegments(arena: Allocator, file: Bytes) Error!Segments {
    const wide = file.bits == 64;
    const headers_offset = try file.word(if (wide) 32 else 28);
    const entry_size = try file.int(u16, if (wide) 54 else 42);
    const count = try file.int(u16, if (wide) 56 else 44);
    if (entry_size < @as(u16, if (wide) 56 else 32)) return error.Malformed;
    _ = try file.table(headers_offset, count, entry_size);

    const load = 1;
    const dynamic = 2;
    const gnu_stack = 0x6474e551;
    var loads: std.ArrayList(Segments.Load) = .empty;
    var dynamic_range: ?Range = null;
    // Without the header that says otherwise, the loader makes the stack executable.
    var executable_stack = true;
    for (0..count) |index| {
        const header = headers_offset + index * entry_size;
        const range: Range = .{
            .offset = try file.word(header + @as(u64, if (wide) 8 else 4)),
            .size = try file.word(header + @as(u64, if (wide) 32 else 16)),
        };
        switch (try file.int(u32, header)) {
            load => try loads.append(arena, .{
                .address = try file.word(header + @as(u64, if (wide) 16 else 8)),
                .offset = range.offset,
                .size = range.size,
            }),
            dynamic => if (dynamic_range == null) {
                dynamic_range = range;
            },
            gnu_stack => {
                const executable = 1;
                const flags = try file.int(u32, header + @as(u64, if (wide) 4 else 24));
                executable_stack = flags & executable != 0;
            },
            else => {},
        }
    }
    return .{
        .loads = loads.items,
        .dynamic = dynamic_range,
        .executable_stack = executable_stack,
    };
}

const Dynamic = struct {
    strings: Bytes.Strings,
    symbols: u64,
    hash: ?u64 = null,
    gnu_hash: ?u64 = null,
    symbol_versions: ?u64 = null,
    versions_needed: ?u64 = null,
    versions_needed_count: u64 = 0,
    needed: []const []const u8,
    soname: ?[]const u8 = null,
    runpath: []const []const u8,
    text_relocations: bool = false,
};

fn readDynamic(arena: Allocator, file: Bytes, budget: *Bytes.Budget, segments: Segments, range: Range) Error!Dynamic {
    const entry_size = 2 * file.wordSize();
    const bytes = try file.slice(range.offset, range.size);
    const count = bytes.len / entry_size;

    var strings_address: ?u64 = null;
    var strings_size: ?u64 = null;
    var symbols_address: ?u64 = null;
    var hash_address: ?u64 = null;
    var gnu_hash_address: ?u64 = null;
    var symbol_versions_address: ?u64 = null;
    var versions_needed_address: ?u64 = null;
    var soname: ?u64 = null;
    var needed: std.ArrayList(u64) = .empty;
    var runpath: std.ArrayList(u64) = .empty;
    var result: Dynamic = .{ .strings = undefined, .symbols = undefined, .needed = undefined, .runpath = undefined };
    for (0..count) |index| {
        const entry = range.offset + index * entry_size;
        const tag = try file.word(entry);
        const value = try file.word(entry + file.wordSize());
        switch (tag) {
            0 => break, // DT_NULL
            1 => try needed.append(arena, value), // DT_NEEDED
            4 => hash_address = value, // DT_HASH
            5 => strings_address = value, // DT_STRTAB
            6 => symbols_address = value, // DT_SYMTAB
            10 => strings_size = value, // DT_STRSZ
            14 => soname = value, // DT_SONAME
            15, 29 => try runpath.append(arena, value), // DT_RPATH, DT_RUNPATH
            22 => result.text_relocations = true, // DT_TEXTREL
            30 => if (value & 4 != 0) { // DT_FLAGS with DF_TEXTREL
                result.text_relocations = true;
            },
            0x6ffffef5 => gnu_hash_address = value, // DT_GNU_HASH
            0x6ffffff0 => symbol_versions_address = value, // DT_VERSYM
            0x6ffffffe => versions_needed_address = value, // DT_VERNEED
            0x6fffffff => result.versions_needed_count = value, // DT_VERNEEDNUM
            else => {},
        }
    }

    const strings_offset = try segments.offsetOf(strings_address orelse return error.Malformed);
    result.symbols = try segments.offsetOf(symbols_address orelse return error.Malformed);
    if (hash_address) |address| result.hash = try segments.offsetOf(address);
    if (gnu_hash_address) |address| result.gnu_hash = try segments.offsetOf(address);
    if (symbol_versions_address) |address| result.symbol_versions = try segments.offsetOf(address);
    if (versions_needed_address) |address| result.versions_needed = try segments.offsetOf(address);
    result.strings = .{
        .arena = arena,
        .bytes = try file.slice(strings_offset, strings_size orelse return error.Malformed),
        .budget = budget,
    };

    const names = try arena.alloc([]const u8, needed.items.len);
    for (names, needed.items) |*name, offset| name.* = try result.strings.at(offset);
    result.needed = names;
    if (soname) |offset| result.soname = try result.strings.at(offset);

    var folders: std.ArrayList([]const u8) = .empty;
    for (runpath.items) |offset| {
        var parts = std.mem.splitScalar(u8, try result.strings.at(offset), ':');
        while (parts.next()) |part| try folders.append(arena, part);
    }
    result.runpath = folders.items;
    return result;
}

const Symbols = struct {
    exports: []const []const u8,
    imports: []const Binary.Import,
    versions: []const Binary.Version,
};

fn readSymbols(arena: Allocator, file: Bytes, dynamic: Dynamic) Error!Symbols {
    const wide = file.bits == 64;
    const entry_size: u64 = if (wide) 24 else 16;
    const count = try symbolCount(file, dynamic);
    _ = try file.table(dynamic.symbols, count, entry_size);
    const needed = try readNeededVersions(arena, file, dynamic);

    var exports: std.ArrayList([]const u8) = .empty;
    var imports: std.ArrayList(Binary.Import) = .empty;
    // The first symbol is empty by definition.
    var index: u64 = 1;
    while (index < count) : (index += 1) {
        const entry = dynamic.symbols + index * entry_size;
        const info = try file.int(u8, entry + @as(u64, if (wide) 4 else 12));
        const other = try file.int(u8, entry + @as(u64, if (wide) 5 else 13));
        const section = try file.int(u16, entry + @as(u64, if (wide) 6 else 14));
        const binding = info >> 4;
        const local = 0;
        const weak = 2;
        if (binding == local) continue;
        const name = try dynamic.strings.at(try file.int(u32, entry));
        if (name.len == 0) continue;

        const undefined_section = 0;
        if (section != undefined_section) {
            const hidden = other & 3 == 1 or other & 3 == 2; // STV_INTERNAL, STV_HIDDEN
            if (!hidden) try exports.append(arena, name);
            continue;
        }
        const version = try importedVersion(file, dynamic, needed.by_index, index);
        try imports.append(arena, .{
            .name = name,
            .library = if (version) |known| known.library else null,
            .version = if (version) |known| known.name else null,
            .weak = binding == weak,
        });
    }
    Binary.sortNames(exports.items);
    Binary.sortImports(imports.items);
    return .{ .exports = exports.items, .imports = imports.items, .versions = needed.list };
}

/// How many symbols there are is said nowhere: it follows from the tables that find them.
fn symbolCount(file: Bytes, dynamic: Dynamic) Error!u64 {
    if (dynamic.hash) |offset| {
        // Of all machines, the 64-bit s390 has wide entries in this table, but not all linkers know. Its first entry
        // is the number of buckets, never zero: zeros are the upper half of a wide one.
        const wide = machine(file) == .s390x and try file.int(u32, offset) == 0;
        if (wide) return file.int(u64, try add(offset, 8));
        return try file.int(u32, try add(offset, 4));
    }
    if (try countInSections(file, dynamic.symbols)) |count| return count;
    if (dynamic.gnu_hash) |offset| return countInGnuHash(file, offset);
    // A library without a table to find symbols by has none to be found.
    return 0;
}

/// By the section header of the symbol table; null when headers are stripped.
fn countInSections(file: Bytes, symbols_offset: u64) Error!?u64 {
    const wide = file.bits == 64;
    const headers_offset = try file.word(if (wide) 40 else 32);
    const header_size = try file.int(u16, if (wide) 58 else 46);
    const count = try file.int(u16, if (wide) 60 else 48);
    if (headers_offset == 0 or count == 0 or header_size < @as(u16, if (wide) 64 else 40)) return null;
    // Stripped by cutting the file off: the loader does not mind.
    _ = file.table(headers_offset, count, header_size) catch return null;

    const dynamic_symbols = 11;
    for (0..count) |index| {
        const header = headers_offset + index * header_size;
        if (try file.int(u32, header + 4) != dynamic_symbols) continue;
        if (try file.word(header + @as(u64, if (wide) 24 else 16)) != symbols_offset) continue;
        const size = try file.word(header + @as(u64, if (wide) 32 else 20));
        return size / @as(u64, if (wide) 24 else 16);
    }
    return null;
}

/// The table has the defined symbols in chains, the last of which ends with the last symbol.
fn countInGnuHash(file: Bytes, offset: u64) Error!u64 {
    const bucket_count = try file.int(u32, offset);
    const first_symbol = try file.int(u32, try add(offset, 4));
    const bloom_words = try file.int(u32, try add(offset, 8));
    const buckets = try add(try add(offset, 16), try multiply(bloom_words, file.wordSize()));
    _ = try file.table(buckets, bucket_count, 4);
    const chains = buckets + 4 * @as(u64, bucket_count);

    var last: u64 = 0;
    for (0..bucket_count) |index| last = @max(last, try file.int(u32, buckets + 4 * index));
    if (last < first_symbol) return first_symbol;
    while (true) : (last += 1) {
        const hash = try file.int(u32, try add(chains, 4 * (last - first_symbol)));
        if (hash & 1 != 0) return last + 1;
    }
}

const NeededVersions = struct {
    list: []const Binary.Version,
    by_index: std.AutoHashMapUnmanaged(u16, Binary.Version),
};

/// The libraries' versions that the file asks for, two linked lists deep.
fn readNeededVersions(arena: Allocator, file: Bytes, dynamic: Dynamic) Error!NeededVersions {
    var list: std.ArrayList(Binary.Version) = .empty;
    var by_index: std.AutoHashMapUnmanaged(u16, Binary.Version) = .empty;
    var library_offset = dynamic.versions_needed orelse return .{ .list = &.{}, .by_index = by_index };
    // Each entry has 16 bytes, so that there can be no more than this; the links go forward only.
    var entries_left = file.all.len / 16;
    var library_index: u64 = 0;
    while (library_index < dynamic.versions_needed_count) : (library_index += 1) {
        const version_count = try file.int(u16, try add(library_offset, 2));
        const library = try dynamic.strings.at(try file.int(u32, try add(library_offset, 4)));
        var version_offset = try add(library_offset, try file.int(u32, try add(library_offset, 8)));
        for (0..version_count) |_| {
            if (entries_left == 0) return error.Malformed;
            entries_left -= 1;
            const index = try file.int(u16, try add(version_offset, 6));
            const version: Binary.Version = .{
                .library = library,
                .name = try dynamic.strings.at(try file.int(u32, try add(version_offset, 8))),
            };
            try list.append(arena, version);
            try by_index.put(arena, index & version_index_mask, version);
            const next = try file.int(u32, try add(version_offset, 12));
            if (next == 0) break;
            version_offset = try add(version_offset, next);
        }
        const next = try file.int(u32, try add(library_offset, 12));
        if (next == 0) break;
        library_offset = try add(library_offset, next);
    }
    return .{ .list = list.items, .by_index = by_index };
}

/// The highest bit marks a version that is not the default one.
const version_index_mask = 0x7fff;

fn importedVersion(
    file: Bytes,
    dynamic: Dynamic,
    by_index: std.AutoHashMapUnmanaged(u16, Binary.Version),
    symbol: u64,
) Error!?Binary.Version {
    const table = dynamic.symbol_versions orelse return null;
    const index = try file.int(u16, try add(table, try multiply(symbol, 2))) & version_index_mask;
    const reserved = 2; // local and global, without a version
    if (index < reserved) return null;
    return by_index.get(index);
}
