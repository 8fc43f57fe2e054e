//! What the audit and the manifest need to know of a compiled library for one architecture, whatever its format. Pure:
//! from bytes to values, one for each architecture in the file.

const std = @import("std");
const Allocator = std.mem.Allocator;
const elf = @import("elf.zig");
const macho = @import("macho.zig");
const pe = @import("pe.zig");

const Binary = @This();

format: Format,
/// What the loader takes it for.
kind: Kind = .library,
machine: Machine,
/// What ELF says of the calling convention, by rules of each machine.
machine_flags: u32 = 0,
bits: u8,
endian: std.builtin.Endian,
/// Names that other files can use, sorted.
exports: []const []const u8,
/// Names that this file uses and does not define, sorted.
imports: []const Import,
/// Libraries that the loader must find first, in the file's own order.
needed: []const []const u8,
/// Every version of a library that the file asks for, also those that no symbol carries.
versions: []const Version,
/// The name that the library gives itself.
soname: ?[]const u8,
/// Folders where the loader looks for `needed`, taken apart.
runpath: []const []const u8,
/// Asks for a stack that code can run on, which newer C libraries refuse to load.
executable_stack: bool,
/// Has code that the loader must change.
text_relocations: bool,
/// The oldest systems that the file says it runs on, once for each time that it says so.
minimum_os: []const MinimumOs = &.{},
/// Null for a format in which the loader asks for none.
signature: ?Signature = null,
/// Of a PE file.
dll_characteristics: ?DllCharacteristics = null,
/// Files of the machine that built it which a Mach-O or PE file names to debuggers.
debug_files: []const []const u8 = &.{},

pub const Format = enum { elf, macho, pe };

pub const Kind = enum { library, program };

/// By the names of wheel tags where there is one.
pub const Machine = enum {
    x86_64,
    x86,
    aarch64,
    arm,
    ppc64le,
    ppc64,
    s390x,
    riscv64,
    loongarch64,
    /// One that no wheel is built for.
    other,
};

pub const Import = struct {
    name: []const u8,
    /// Null when the file does not say; then any library, or the interpreter itself, may have it.
    library: ?[]const u8,
    /// Such as `GLIBC_2.17`.
    version: ?[]const u8,
    /// May be missing when the file is loaded.
    weak: bool,
};

pub const Version = struct {
    library: []const u8,
    name: []const u8,
};

pub const MinimumOs = struct {
    system: System,
    version: OsVersion,

    /// `other` is one of Apple's that is not a Mac.
    pub const System = enum { macos, windows, other };
};

pub const OsVersion = struct {
    major: u16,
    minor: u16,
    patch: u16 = 0,

    pub fn order(a: OsVersion, b: OsVersion) std.math.Order {
        if (a.major != b.major) return std.math.order(a.major, b.major);
        if (a.minor != b.minor) return std.math.order(a.minor, b.minor);
        return std.math.order(a.patch, b.patch);
    }

    /// `11.0`, `10.13.6`
    pub fn format(version: OsVersion, writer: *std.Io.Writer) std.Io.Writer.Error!void {
        try writer.print("{d}.{d}", .{ version.major, version.minor });
        if (version.patch != 0) try writer.print(".{d}", .{version.patch});
    }

    /// In JSON, the same as a text.
    pub fn jsonStringify(version: OsVersion, json: anytype) !void {
        try json.print("\"{f}\"", .{version});
    }
};

/// `damaged` is one whose hashes are not those of the file.
pub const Signature = enum { missing, valid, damaged };

/// Defences that a DLL lets the loader use.
pub const DllCharacteristics = struct {
    high_entropy_va: bool,
    dynamic_base: bool,
    nx_compat: bool,
};

pub const Error = Allocator.Error || error{
    /// No format that an extension module can have.
    UnknownFormat,
    /// A kind of a known format that no supported system loads.
    Unsupported,
    /// The right format, but an object file, an executable or a core dump.
    NotSharedLibrary,
    /// A count or an offset in the file is wrong, or the file is cut off.
    Malformed,
};

/// The format by the first bytes, or null.
pub fn detect(bytes: []const u8) ?Format {
    if (std.mem.startsWith(u8, bytes, "\x7fELF")) return .elf;
    if (std.mem.startsWith(u8, bytes, "MZ")) return .pe;
    for ([_][]const u8{
        "\xcf\xfa\xed\xfe", // 64 bit, little endian
        "\xce\xfa\xed\xfe", // 32 bit, little endian
        "\xca\xfe\xba\xbe", // several architectures in one file
        "\xca\xfe\xba\xbf", // the same with 64-bit offsets
    }) |magic| if (std.mem.startsWith(u8, bytes, magic)) return .macho;
    return null;
}

/// Reads a shared library or a program: one value, or one for each architecture of a fat Mach-O file. Their names point into `bytes`,
/// or are `arena`'s as their lists are: a name that is no text is written with escapes.
pub fn readAny(arena: Allocator, bytes: []const u8) Error![]const Binary {
    switch (detect(bytes) orelse return error.UnknownFormat) {
        .macho => return macho.read(arena, bytes),
        .elf => return arena.dupe(Binary, &.{try elf.read(arena, bytes)}),
        .pe => return arena.dupe(Binary, &.{try pe.read(arena, bytes)}),
    }
}

/// The same, for a shared library only.
pub fn read(arena: Allocator, bytes: []const u8) Error![]const Binary {
    const slices = try readAny(arena, bytes);
    for (slices) |slice| if (slice.kind != .library) return error.NotSharedLibrary;
    return slices;
}

/// What is wrong with a file that `read` refused, to follow its name in a sentence.
pub fn reason(err: Error) []const u8 {
    return switch (err) {
        error.OutOfMemory => "needs more memory than there is",
        error.UnknownFormat => "is not a library: it starts like no ELF, Mach-O or PE file",
        error.Unsupported => "is a Mach-O file of 32 bits, which macOS has not loaded since 10.15: build for x86_64 or arm64",
        error.NotSharedLibrary => "is not a shared library: an extension module must be one",
        error.Malformed => "is damaged: its tables point outside of the file or contradict each other",
    };
}

/// In the order of bytes.
pub fn sortNames(names: [][]const u8) void {
    std.mem.sort([]const u8, names, {}, lessThan);
}

/// By name.
pub fn sortImports(imports: []Import) void {
    std.mem.sort(Import, imports, {}, importLessThan);
}

/// What C calls a symbol of Mach-O, or null for one that it cannot name.
pub fn withoutUnderscore(name: []const u8) ?[]const u8 {
    return if (name.len > 1 and name[0] == '_') name[1..] else null;
}

fn lessThan(_: void, a: []const u8, b: []const u8) bool {
    return std.mem.order(u8, a, b) == .lt;
}

fn importLessThan(_: void, a: Import, b: Import) bool {
    return lessThan({}, a.name, b.name);
}

/// The newest glibc that any of the versions names, or null when none does: what a `manylinux` tag must not be below.
pub fn glibcMin(binary: Binary) ?std.SemanticVersion {
    var newest: ?std.SemanticVersion = null;
    for (binary.versions) |version| {
        const glibc = parseGlibc(version.name) orelse continue;
        if (newest == null or glibc.order(newest.?) == .gt) newest = glibc;
    }
    return newest;
}

/// `GLIBC_2.17` and `GLIBC_2.2.5`, but not `GLIBC_PRIVATE`.
fn parseGlibc(name: []const u8) ?std.SemanticVersion {
    const prefix = "GLIBC_";
    if (!std.mem.startsWith(u8, name, prefix)) return null;
    var numbers: [3]usize = .{ 0, 0, 0 };
    var parts = std.mem.splitScalar(u8, name[prefix.len..], '.');
    var count: usize = 0;
    while (parts.next()) |part| : (count += 1) {
        if (count == numbers.len) return null;
        numbers[count] = std.fmt.parseInt(usize, part, 10) catch return null;
    }
    if (count < 2) return null;
    return .{ .major = numbers[0], .minor = numbers[1], .patch = numbers[2] };
}

test detect {
    try std.testing.expectEqual(Format.elf, detect("\x7fELF\x02"));
    try std.testing.expectEqual(Format.pe, detect("MZ\x90"));
    try std.testing.expectEqual(Format.macho, detect("\xcf\xfa\xed\xfe\x07"));
    try std.testing.expectEqual(Format.macho, detect("\xca\xfe\xba\xbe"));
    try std.testing.expectEqual(null, detect(""));
    try std.testing.expectEqual(null, detect("\x7fEL"));
    try std.testing.expectEqual(null, detect("!<arch>\n"));
}

test "what is refused is refused with a reason" {
    const damaged = "is damaged: its tables point outside of the file or contradict each other";
    const cases = [_]struct { []const u8, Error, []const u8 }{
        .{ "", error.UnknownFormat, "is not a library: it starts like no ELF, Mach-O or PE file" },
        .{ "MZ", error.Malformed, damaged },
        .{ "\x7fELF", error.Malformed, damaged },
        .{ "\xcf\xfa\xed\xfe", error.Malformed, damaged },
        // A compiled Java class
        .{ "\xca\xfe\xba\xbe\x00\x00\x00\x41", error.Malformed, damaged },
        .{ "\xce\xfa\xed\xfe" ++ @as([28]u8, @splat(0)), error.Unsupported, "is a Mach-O file of 32 bits, which macOS has not loaded since 10.15: build for x86_64 or arm64" },
    };
    var arena: std.heap.ArenaAllocator = .init(std.testing.allocator);
    defer arena.deinit();
    for (cases) |case| {
        try std.testing.expectError(case[1], read(arena.allocator(), case[0]));
        try std.testing.expectEqualStrings(case[2], reason(case[1]));
    }
}

test OsVersion {
    const versions = [_]OsVersion{
        .{ .major = 10, .minor = 9 },
        .{ .major = 10, .minor = 13 },
        .{ .major = 10, .minor = 13, .patch = 6 },
        .{ .major = 11, .minor = 0 },
    };
    for (versions[0 .. versions.len - 1], versions[1..]) |a, b| {
        try std.testing.expectEqual(std.math.Order.lt, a.order(b));
        try std.testing.expectEqual(std.math.Order.gt, b.order(a));
    }
    try std.testing.expectEqual(std.math.Order.eq, versions[0].order(versions[0]));
    var buffer: [16]u8 = undefined;
    try std.testing.expectEqualStrings("10.13.6", try std.fmt.bufPrint(&buffer, "{f}", .{versions[2]}));
    try std.testing.expectEqualStrings("11.0", try std.fmt.bufPrint(&buffer, "{f}", .{versions[3]}));
}

test parseGlibc {
    const version = parseGlibc("GLIBC_2.2.5").?;
    try std.testing.expectEqual(std.SemanticVersion{ .major = 2, .minor = 2, .patch = 5 }, version);
    try std.testing.expectEqual(std.SemanticVersion{ .major = 2, .minor = 17, .patch = 0 }, parseGlibc("GLIBC_2.17").?);
    for ([_][]const u8{ "GLIBC_PRIVATE", "GLIBC_ABI_DT_RELR", "GLIBC_2", "GLIBC_", "GLIBCXX_3.4", "GLIBC_2.3.4.5", "GLIBC_2.x" }) |name| {
        try std.testing.expectEqual(null, parseGlibc(name));
    }
}

test {
    _ = @import("Bytes.zig");
    _ = elf;
    _ = macho;
    _ = pe;
    _ = @import("elf_test.zig");
    _ = @import("macho_test.zig");
    _ = @import("pe_test.zig");
}
