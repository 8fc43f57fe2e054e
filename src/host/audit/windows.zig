//! Rules of Windows: which DLLs a module may need, and what it lets the loader do for safety.

const std = @import("std");
const Allocator = std.mem.Allocator;
const Audit = @import("Audit.zig");
const Binary = @import("../binary/Binary.zig");
const names = @import("names.zig");

pub const rules = [_]Audit.Rule{
    .{ .name = "python-dll", .check = .{ .slice = pythonDll }, .of_modules = true },
    .{ .name = "windows-library", .check = .{ .slice = windowsLibrary } },
    .{ .name = "dll-characteristics", .check = .{ .slice = dllCharacteristics } },
};

/// `python3.dll`, `python313.dll`, `python313t_d.dll`, in any letters.
pub fn isPythonDll(name: []const u8) bool {
    const prefix = "python";
    const suffix = ".dll";
    if (!std.ascii.startsWithIgnoreCase(name, prefix) or !std.ascii.endsWithIgnoreCase(name, suffix)) return false;
    if (name.len <= prefix.len + suffix.len) return false;
    var rest = name[prefix.len .. name.len - suffix.len];
    if (std.ascii.endsWithIgnoreCase(rest, "_d")) rest = rest[0 .. rest.len - 2];
    if (std.ascii.endsWithIgnoreCase(rest, "t")) rest = rest[0 .. rest.len - 1];
    for (rest) |byte| if (!std.ascii.isDigit(byte)) return false;
    return rest.len > 0;
}

/// A module that imports another Python's DLL loads that beside the one that runs, if it is there at all.
fn pythonDll(audit: *Audit, slice: Binary) Allocator.Error!void {
    const expected = (try audit.target.windowsDll(audit.arena)).?;
    const abi = try audit.target.abiTag(audit.arena);
    var found = false;
    for (slice.needed) |library| {
        if (!isPythonDll(library)) continue;
        if (std.ascii.eqlIgnoreCase(library, expected)) {
            found = true;
            continue;
        }
        try audit.report(
            firstFrom(slice, library),
            try audit.print("{s} imports {s}, but the ABI tag {s} means {s} and no other", .{ audit.file, library, abi, expected }),
            try audit.print("link it with an import library of {s}", .{expected}),
        );
        // One sentence is enough.
        found = true;
    }
    if (!found and audit.module != null) try audit.report(
        null,
        try audit.print("{s} imports no DLL of Python, but the ABI tag {s} means {s}", .{ audit.file, abi, expected }),
        try audit.print("link it with an import library of {s}", .{expected}),
    );
}

fn firstFrom(slice: Binary, library: []const u8) ?[]const u8 {
    for (slice.imports) |import| {
        if (import.library) |name| if (std.mem.eql(u8, name, library)) return import.name;
    }
    return null;
}

/// DLLs that are not in the table, which goes back to Windows 7, but on every Windows that a supported Python runs on:
/// Windows has the first two since 8 and 10, Python brings the others. The last is for 64 bits only.
const always_there = [_][]const u8{ "combase.dll", "ucrtbase.dll", "vcruntime140.dll", "vcruntime140_1.dll" };

fn windowsLibrary(audit: *Audit, slice: Binary) Allocator.Error!void {
    for (slice.needed) |library| {
        if (isPythonDll(library) or audit.isBundled(library)) continue;
        const lower = try std.ascii.allocLowerString(audit.arena, library);
        if (std.mem.startsWith(u8, lower, "api-ms-win-") or std.mem.startsWith(u8, lower, "ext-ms-")) continue;
        for (always_there[0..if (slice.bits == 64) 4 else 3]) |known| {
            if (std.mem.eql(u8, lower, known)) break;
        } else {
            if (names.windows_libraries.find(lower)) |archs| {
                if (archs.len == 0 or hasWord(archs, @tagName(slice.machine))) continue;
            }
            try audit.report(
                firstFrom(slice, library),
                try audit.print("{s} needs {s}, which neither Windows nor Python brings", .{ audit.file, library }),
                "link it statically",
            );
        }
    }
}

fn hasWord(words: []const u8, wanted: []const u8) bool {
    var parts = std.mem.tokenizeScalar(u8, words, ' ');
    while (parts.next()) |word| if (std.mem.eql(u8, word, wanted)) return true;
    return false;
}

fn dllCharacteristics(audit: *Audit, slice: Binary) Allocator.Error!void {
    const flags = slice.dll_characteristics orelse return;
    const missing = if (!flags.dynamic_base)
        "be loaded at another address (ASLR, the flag DYNAMIC_BASE)"
    else if (!flags.nx_compat)
        "keep its data from being run (DEP, the flag NX_COMPAT)"
    else if (slice.bits == 64 and !flags.high_entropy_va)
        "be loaded above four gigabytes (the flag HIGH_ENTROPY_VA)"
    else
        return;
    try audit.report(
        null,
        try audit.print("{s} does not let Windows {s}", .{ audit.file, missing }),
        "link it without options that take the flag away",
    );
}

test isPythonDll {
    for ([_][]const u8{ "python3.dll", "python313.dll", "Python313.DLL", "python313t.dll", "python3_d.dll", "python313t_d.dll" }) |name| {
        try std.testing.expect(isPythonDll(name));
    }
    for ([_][]const u8{ "python.dll", "pythont.dll", "python3.so", "pythonnet.dll", "kernel32.dll", ".dll", "" }) |name| {
        try std.testing.expect(!isPythonDll(name));
    }
}
