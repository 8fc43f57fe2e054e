//! Mach-O shared libraries of 64 bits, from bytes to a `Binary` for each architecture in the file. Symbols are named as
//! C has them, without the underscore that the format puts before them.
//!
//! The bytes may be anything: see `Bytes.zig`. Every loop moves forward.

const std = @import("std");
const Allocator = std.mem.Allocator;
const Binary = @import("Binary.zig");
const Bytes = @import("Bytes.zig");
const code_signature = @import("macho_signature.zig");
const export_trie = @import("macho_exports.zig");
const imports = @import("macho_imports.zig");

const Error = Binary.Error;

/// A fat file has two, or four when someone adds old ones.
const slices_max = 16;

pub fn read(arena: Allocator, bytes: []const u8) Error![]const Binary {
    const fat: Bytes = .{ .all = bytes, .bits = 64, .endian = .big };
    const wide = switch (try fat.int(u32, 0)) {
        0xcafebabe => false,
        0xcafebabf => true,
        else => {
            const one = try arena.alloc(Binary, 1);
            one[0] = try readSlice(arena, bytes);
            return one;
        },
    };
    const count = try fat.int(u32, 4);
    // A compiled Java class starts in the same way, with a greater number here.
    if (count == 0 or count > slices_max) return error.Malformed;
    const slices = try arena.alloc(Binary, count);
    for (slices, 0..) |*slice, index| {
        const entry = 8 + index * @as(u64, if (wide) 32 else 20);
        const offset = if (wide) try fat.int(u64, entry + 8) else try fat.int(u32, entry + 8);
        const size = if (wide) try fat.int(u64, entry + 16) else try fat.int(u32, entry + 12);
        slice.* = try readSlice(arena, try fat.slice(offset, size));
    }
    return slices;
}

fn readSlice(arena: Allocator, bytes: []const u8) Error!Binary {
    const file: Bytes = .{ .all = bytes, .bits = 64, .endian = .little };
    switch (try file.int(u32, 0)) {
        0xfeedfacf => {},
        0xfeedface => return error.Unsupported,
        else => return error.Malformed,
    }
    const executable = 2;
    const dylib = 6;
    const bundle = 8;
    const file_type = try file.int(u32, 12);
    if (file_type != executable and file_type != dylib and file_type != bundle) return error.NotSharedLibrary;
    const two_level_namespace = 0x80;
    const two_level = try file.int(u32, 24) & two_level_namespace != 0;

    var budget: Bytes.Budget = .init(bytes.len);
    const commands = try readCommands(arena, file, &budget);
    const libraries: imports.Libraries = .{ .needed = commands.needed, .own = commands.install_name };
    const symbols = try readSymbols(arena, file, &budget, commands, if (two_level) libraries else null);
    const trie = if (commands.exports) |range| try file.slice(range.offset, range.size) else &.{};
    return .{
        .format = .macho,
        .kind = if (file_type == executable) .program else .library,
        .machine = machine(try file.int(u32, 4), try file.int(u32, 8)),
        .bits = 64,
        .endian = .little,
        .exports = if (trie.len > 0) try export_trie.read(arena, trie, &budget) else symbols.exports,
        .imports = if (commands.fixups) |range|
            try imports.readChained(arena, try file.slice(range.offset, range.size), libraries, &budget)
        else if (commands.binds) |ranges|
            try imports.readOpcodes(arena, try bytesOf(file, ranges), libraries, &budget)
        else
            symbols.imports,
        .needed = commands.needed,
        .versions = &.{},
        .soname = commands.install_name,
        .runpath = commands.rpaths,
        .executable_stack = false,
        .text_relocations = false,
        .minimum_os = commands.minimum_os,
        .signature = if (commands.signature) |range|
            code_signature.verify(bytes, range.offset, range.size)
        else
            .missing,
        .debug_files = symbols.debug_files,
    };
}

fn machine(cpu_type: u32, cpu_subtype: u32) Binary.Machine {
    // Above that are capabilities of the file.
    const subtype = cpu_subtype & 0x00ff_ffff;
    const arm64e = 2;
    return switch (cpu_type) {
        0x0100_0007 => .x86_64,
        0x0100_000c => if (subtype == arm64e) .other else .aarch64,
        else => .other,
    };
}

const Range = struct { offset: u64, size: u64 };

fn bytesOf(file: Bytes, ranges: [2]Range) Error![2][]const u8 {
    return .{
        try file.slice(ranges[0].offset, ranges[0].size),
        try file.slice(ranges[1].offset, ranges[1].size),
    };
}

const Commands = struct {
    symbols: Range = .{ .offset = 0, .size = 0 },
    strings: Range = .{ .offset = 0, .size = 0 },
    exports: ?Range = null,
    /// What the loader binds, in one of two ways: at once and at the first call, or all in one table.
    binds: ?[2]Range = null,
    fixups: ?Range = null,
    signature: ?Range = null,
    install_name: ?[]const u8 = null,
    /// Symbols name their library by its place in this list.
    needed: []const []const u8,
    rpaths: []const []const u8,
    minimum_os: []const Binary.MinimumOs,
};

fn readCommands(arena: Allocator, file: Bytes, budget: *Bytes.Budget) Error!Commands {
    var needed: std.ArrayList([]const u8) = .empty;
    var rpaths: std.ArrayList([]const u8) = .empty;
    var minimum_os: std.ArrayList(Binary.MinimumOs) = .empty;
    var result: Commands = .{ .needed = undefined, .rpaths = undefined, .minimum_os = undefined };

    const count = try file.int(u32, 16);
    var offset: u64 = 32;
    for (0..count) |_| {
        const size = try file.int(u32, offset + 4);
        if (size < 8) return error.Malformed;
        const command: Bytes = .{ .all = try file.slice(offset, size), .bits = 64, .endian = .little };
        offset += size;
        switch (try command.int(u32, 0)) {
            0x02 => { // LC_SYMTAB
                result.symbols = .{ .offset = try command.int(u32, 8), .size = try command.int(u32, 12) };
                result.strings = .{ .offset = try command.int(u32, 16), .size = try command.int(u32, 20) };
            },
            // LC_LOAD_DYLIB, and lazy, weak, re-exported, upward
            0x0c, 0x20, 0x8000_0018, 0x8000_001f, 0x8000_0023 => try needed.append(arena, try text(arena, command, budget)),
            0x0d => result.install_name = try text(arena, command, budget), // LC_ID_DYLIB
            0x1d => result.signature = try dataRange(command, 8), // LC_CODE_SIGNATURE
            0x22, 0x8000_0022 => { // LC_DYLD_INFO, LC_DYLD_INFO_ONLY
                result.binds = .{ try dataRange(command, 16), try dataRange(command, 32) };
                result.exports = try dataRange(command, 40);
            },
            0x8000_0033 => result.exports = try dataRange(command, 8), // LC_DYLD_EXPORTS_TRIE
            0x8000_0034 => result.fixups = try dataRange(command, 8), // LC_DYLD_CHAINED_FIXUPS
            0x8000_001c => try rpaths.append(arena, try text(arena, command, budget)), // LC_RPATH
            0x24 => try minimum_os.append(arena, try minimum(.macos, command, 8)), // LC_VERSION_MIN_MACOSX
            0x25, 0x2f, 0x30 => try minimum_os.append(arena, try minimum(.other, command, 8)), // other systems of Apple
            0x32 => { // LC_BUILD_VERSION
                const macos = 1;
                const system: Binary.MinimumOs.System = if (try command.int(u32, 8) == macos) .macos else .other;
                try minimum_os.append(arena, try minimum(system, command, 12));
            },
            else => {},
        }
    }
    result.needed = needed.items;
    result.rpaths = rpaths.items;
    result.minimum_os = minimum_os.items;
    return result;
}

fn dataRange(command: Bytes, place: u64) Error!Range {
    return .{ .offset = try command.int(u32, place), .size = try command.int(u32, place + 4) };
}

/// The text of a command, which says where in itself it starts and fills the rest with it and zeros.
fn text(arena: Allocator, command: Bytes, budget: *Bytes.Budget) Error![]const u8 {
    const start = try command.int(u32, 8);
    const rest = try command.slice(start, command.all.len -| start);
    const name = std.mem.sliceTo(rest, 0);
    try budget.take(name.len);
    return Bytes.printable(arena, name);
}

fn minimum(system: Binary.MinimumOs.System, command: Bytes, offset: u64) Error!Binary.MinimumOs {
    const packed_version = try command.int(u32, offset);
    return .{ .system = system, .version = .{
        .major = @truncate(packed_version >> 16),
        .minor = @truncate(packed_version >> 8 & 0xff),
        .patch = @truncate(packed_version & 0xff),
    } };
}

/// What the loader does not go by, when there are tables for it.
const Symbols = struct {
    exports: []const []const u8,
    imports: []const Binary.Import,
    debug_files: []const []const u8,
};

fn readSymbols(
    arena: Allocator,
    file: Bytes,
    budget: *Bytes.Budget,
    commands: Commands,
    libraries: ?imports.Libraries,
) Error!Symbols {
    const entry_size = 16;
    _ = try file.table(commands.symbols.offset, commands.symbols.size, entry_size);
    const strings: Bytes.Strings = .{
        .arena = arena,
        .bytes = try file.slice(commands.strings.offset, commands.strings.size),
        .budget = budget,
    };
    var exports: std.ArrayList([]const u8) = .empty;
    var imported: std.ArrayList(Binary.Import) = .empty;
    var debug_files: std.ArrayList([]const u8) = .empty;
    for (0..@intCast(commands.symbols.size)) |index| {
        const entry = commands.symbols.offset + index * entry_size;
        const name_offset = try file.int(u32, entry);
        const kind = try file.int(u8, entry + 4);
        const description = try file.int(u16, entry + 6);

        const debug_mask = 0xe0;
        if (kind & debug_mask != 0) switch (kind) {
            // The source file, its folder, an included file and the object file.
            0x64, 0x84, 0x66 => {
                const name = try strings.at(name_offset);
                if (name.len > 0) try debug_files.append(arena, name);
                continue;
            },
            else => continue,
        };
        const external = 0x01;
        const private = 0x10;
        if (kind & external == 0 or kind & private != 0) continue;
        const raw_name = try strings.at(name_offset);

        const type_mask = 0x0e;
        const undefined_type = 0x0;
        const undefined_by_linker = 0xc;
        const symbol_type = kind & type_mask;
        if (symbol_type != undefined_type and symbol_type != undefined_by_linker) {
            // C, and so Python, cannot ask for a name that lacks the underscore.
            if (Binary.withoutUnderscore(raw_name)) |name| try exports.append(arena, name);
            continue;
        }
        const weak_reference = 0x40;
        // The two highest are no libraries, but places that `imports` has below zero.
        const ordinal: i64 = description >> 8;
        try imported.append(arena, .{
            .name = Binary.withoutUnderscore(raw_name) orelse raw_name,
            .library = if (libraries) |known| try known.at(if (ordinal >= 0xfe) ordinal - 256 else ordinal) else null,
            .version = null,
            .weak = description & weak_reference != 0,
        });
    }
    Binary.sortNames(exports.items);
    Binary.sortImports(imported.items);
    Binary.sortNames(debug_files.items);
    return .{ .exports = exports.items, .imports = imported.items, .debug_files = unique(debug_files.items) };
}

fn unique(sorted: [][]const u8) [][]const u8 {
    var len: usize = 0;
    for (sorted) |name| {
        if (len > 0 and std.mem.eql(u8, sorted[len - 1], name)) continue;
        sorted[len] = name;
        len += 1;
    }
    return sorted[0..len];
}

test {
    _ = code_signature;
    _ = export_trie;
    _ = imports;
}
