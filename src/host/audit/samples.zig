//! Libraries that are right, as values, and how a test says what is wrong with others. For tests only.

const std = @import("std");
const Binary = @import("../binary/Binary.zig");

pub const linux_imports = [_]Binary.Import{
    .{ .name = "PyLong_FromLong", .library = null, .version = null, .weak = false },
    .{ .name = "_Py_NoneStruct", .library = null, .version = null, .weak = false },
    .{ .name = "__gmon_start__", .library = null, .version = null, .weak = true },
    .{ .name = "malloc", .library = "libc.so.6", .version = "GLIBC_2.2.5", .weak = false },
};

pub const linux: Binary = .{
    .format = .elf,
    .machine = .x86_64,
    .bits = 64,
    .endian = .little,
    .exports = &.{"PyInit__native"},
    .imports = &linux_imports,
    .needed = &.{"libc.so.6"},
    .versions = &.{.{ .library = "libc.so.6", .name = "GLIBC_2.2.5" }},
    .soname = "lib_native.so",
    .runpath = &.{ "$ORIGIN/../hello.libs", "${ORIGIN}" },
    .executable_stack = false,
    .text_relocations = false,
};

pub const musl = with(linux, .{
    .imports = &[_]Binary.Import{ plain("PyLong_FromLong"), plain("malloc") },
    .needed = &[_][]const u8{"libc.musl-x86_64.so.1"},
    .versions = &[_]Binary.Version{},
});

pub const macos: Binary = .{
    .format = .macho,
    .machine = .aarch64,
    .bits = 64,
    .endian = .little,
    .exports = &.{ "PyInit__native", "__dso_handle", "_mh_dylib_header" },
    .imports = &.{
        plain("PyLong_FromLong"),
        .{ .name = "malloc", .library = "/usr/lib/libSystem.B.dylib", .version = null, .weak = false },
    },
    .needed = &.{"/usr/lib/libSystem.B.dylib"},
    .versions = &.{},
    .soname = "@rpath/_native.so",
    .runpath = &.{"@loader_path/.."},
    .executable_stack = false,
    .text_relocations = false,
    .minimum_os = &.{.{ .system = .macos, .version = .{ .major = 11, .minor = 0 } }},
    .signature = .valid,
};

pub const intel = with(macos, .{
    .machine = .x86_64,
    .signature = @as(?Binary.Signature, .missing),
    .minimum_os = &[_]Binary.MinimumOs{.{ .system = .macos, .version = .{ .major = 10, .minor = 13 } }},
});

pub const windows: Binary = .{
    .format = .pe,
    .machine = .x86_64,
    .bits = 64,
    .endian = .little,
    .exports = &.{ "DllMainCRTStartup", "PyInit__native", "_tls_index" },
    .imports = &.{
        .{ .name = "ExitProcess", .library = "KERNEL32.dll", .version = null, .weak = false },
        .{ .name = "PyLong_FromLong", .library = "python3.dll", .version = null, .weak = false },
    },
    .needed = &.{ "python3.dll", "KERNEL32.dll", "api-ms-win-crt-heap-l1-1-0.dll", "VCRUNTIME140_1.dll", "ucrtbase.dll" },
    .versions = &.{},
    .soname = "_native.pyd",
    .runpath = &.{},
    .executable_stack = false,
    .text_relocations = false,
    .minimum_os = &.{.{ .system = .windows, .version = .{ .major = 6, .minor = 0 } }},
    .dll_characteristics = .{ .high_entropy_va = true, .dynamic_base = true, .nx_compat = true },
};

pub fn plain(name: []const u8) Binary.Import {
    return .{ .name = name, .library = null, .version = null, .weak = false };
}

pub fn from(library: []const u8, name: []const u8) Binary.Import {
    return .{ .name = name, .library = library, .version = null, .weak = false };
}

/// `binary` with other values in some of its fields.
pub fn with(comptime binary: Binary, comptime changes: anytype) Binary {
    comptime {
        var result = binary;
        for (std.meta.fieldNames(@TypeOf(changes))) |name| @field(result, name) = @field(changes, name);
        return result;
    }
}

/// A library that a rule refuses, alone of all rules.
pub const Refused = struct {
    rule: []const u8,
    slices: []const Binary,
    python: []const u8 = "cp310",
    abi: []const u8 = "abi3",
    platform: []const u8,
    path: ?[]const u8 = null,
    symbol: ?[]const u8 = null,
    sentence: []const u8,
    remedy: []const u8,
    smallest: ?[]const u8,
};
