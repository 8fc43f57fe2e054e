//! What the audit and the manifest need to know of a compiled library, whatever its format. Pure: from bytes to a
//! value, with every text a slice of those bytes.

const std = @import("std");
const Allocator = std.mem.Allocator;
const elf = @import("elf.zig");

const Binary = @This();

format: Format,
machine: Machine,
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

pub const Format = enum { elf, macho, pe };

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

pub const Error = Allocator.Error || error{
    /// No format that an extension module can have.
    UnknownFormat,
    /// A format that is known, but not read yet.
    UnreadFormat,
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

/// Reads a shared library. The result points into `bytes`; its lists are `arena`'s.
pub fn read(arena: Allocator, bytes: []const u8) Error!Binary {
    return switch (detect(bytes) orelse return error.UnknownFormat) {
        .elf => elf.read(arena, bytes),
        // Each format gets a file of its own beside `elf.zig`.
        .macho, .pe => error.UnreadFormat,
    };
}

/// What is wrong with a file that `read` refused, to follow its name in a sentence.
pub fn reason(bytes: []const u8, err: Error) []const u8 {
    return switch (err) {
        error.OutOfMemory => "needs more memory than there is",
        error.UnknownFormat => "is not a library: it starts like no ELF, Mach-O or PE file",
        error.UnreadFormat => switch (detect(bytes).?) {
            .elf => unreachable,
            .macho => "is a Mach-O file, and this version of alloconda reads only ELF: build for a Linux platform",
            .pe => "is a PE file, and this version of alloconda reads only ELF: build for a Linux platform",
        },
        error.NotSharedLibrary => "is not a shared library: an extension module must be one",
        error.Malformed => "is damaged: its tables point outside of the file or contradict each other",
    };
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
    const cases = [_]struct { []const u8, Error, []const u8 }{
        .{ "", error.UnknownFormat, "is not a library: it starts like no ELF, Mach-O or PE file" },
        .{ "MZ", error.UnreadFormat, "is a PE file, and this version of alloconda reads only ELF: build for a Linux platform" },
        .{ "\xcf\xfa\xed\xfe", error.UnreadFormat, "is a Mach-O file, and this version of alloconda reads only ELF: build for a Linux platform" },
        .{ "\x7fELF", error.Malformed, "is damaged: its tables point outside of the file or contradict each other" },
    };
    for (cases) |case| {
        try std.testing.expectError(case[1], read(std.testing.allocator, case[0]));
        try std.testing.expectEqualStrings(case[2], reason(case[0], case[1]));
    }
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
    _ = elf;
    _ = @import("elf_test.zig");
}
