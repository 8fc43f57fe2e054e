//! Rules of Linux: what of the C library and of others a wheel's tag lets a library use, and what a loader refuses.

const std = @import("std");
const Allocator = std.mem.Allocator;
const Audit = @import("Audit.zig");
const Binary = @import("../binary/Binary.zig");
const ManylinuxPolicy = @import("ManylinuxPolicy.zig");
const PlatformTag = @import("../../target/PlatformTag.zig");
const names = @import("names.zig");
const python_symbols = @import("../python_symbols.zig");

/// What the other rules take for granted.
pub const platform_rules = [_]Audit.Rule{
    .{ .name = "libc", .check = .{ .slice = libc }, .of_platform = true },
};

pub const rules = [_]Audit.Rule{
    .{ .name = "musl-name", .check = .{ .slice = muslName } },
    .{ .name = "glibc-version", .check = .{ .slice = glibcVersion }, .of_platform = true },
    .{ .name = "linux-library", .check = .{ .slice = linuxLibrary }, .of_platform = true },
    .{ .name = "private-symbol", .check = .{ .slice = privateSymbol }, .of_platform = true },
    .{ .name = "undefined-symbol", .check = .{ .slice = undefinedSymbol }, .of_platform = true },
    .{ .name = "executable-stack", .check = .{ .slice = executableStack } },
    .{ .name = "text-relocations", .check = .{ .slice = textRelocations } },
    .{ .name = "runpath", .check = .{ .slice = runpath } },
};

/// The C library that a file asks for; `otherwise` when it asks for none.
pub fn libcOf(slice: Binary, otherwise: PlatformTag.Libc) PlatformTag.Libc {
    for (slice.needed) |library| {
        if (std.mem.eql(u8, library, "libc.so.6")) return .gnu;
        if (isMuslName(library)) return .musl;
    }
    for (slice.versions) |version| if (std.mem.startsWith(u8, version.name, "GLIBC_")) return .gnu;
    return if (otherwise == .none) .gnu else otherwise;
}

/// musl by any of its names; the first is that of its own development files, which no Alpine has.
fn isMuslName(library: []const u8) bool {
    return std.mem.eql(u8, library, "libc.so") or std.mem.startsWith(u8, library, "libc.musl-");
}

/// The one name under which an Alpine of that architecture has musl.
fn muslFile(arch: PlatformTag.Arch) []const u8 {
    return switch (arch) {
        .x86_64 => "libc.musl-x86_64.so.1",
        .x86 => "libc.musl-x86.so.1",
        .aarch64 => "libc.musl-aarch64.so.1",
        .armv7l => "libc.musl-armv7.so.1",
        .ppc64le => "libc.musl-ppc64le.so.1",
        .s390x => "libc.musl-s390x.so.1",
        .riscv64 => "libc.musl-riscv64.so.1",
        .loongarch64 => "libc.musl-loongarch64.so.1",
        .universal2 => unreachable, // no Linux has it
    };
}

fn libc(audit: *Audit, slice: Binary) Allocator.Error!void {
    if (audit.target.platform.os != .linux or slice.format != .elf) return;
    const expected = audit.target.platform.libc;
    if (libcOf(slice, expected) != expected) try audit.report(
        null,
        try audit.print("{s} needs {s}, but {s} means {s}", .{
            audit.file,
            if (expected == .musl) "glibc" else "musl",
            audit.tag,
            if (expected == .musl) "musl" else "glibc",
        }),
        try audit.retag("give the wheel the library of that C library"),
    );
}

fn muslName(audit: *Audit, slice: Binary) Allocator.Error!void {
    if (isGnu(audit)) return;
    const right = muslFile(audit.target.platform.arch);
    for (slice.needed) |library| {
        if (!isMuslName(library) or std.mem.eql(u8, library, right)) continue;
        try audit.report(
            null,
            try audit.print("{s} needs {s}, but the C library of {s} is {s}", .{ audit.file, library, audit.tag, right }),
            try audit.print("have {s} written in its place, as alloconda does when it links", .{right}),
        );
    }
}

fn isGnu(audit: *const Audit) bool {
    return audit.target.platform.libc == .gnu;
}

fn policyOf(audit: *const Audit) Allocator.Error!ManylinuxPolicy {
    const platform = audit.target.platform;
    return .load(audit.arena, platform.arch, platform.version.minor);
}

fn glibcVersion(audit: *Audit, slice: Binary) Allocator.Error!void {
    if (!isGnu(audit)) return;
    const policy = try policyOf(audit);
    for (slice.versions) |version| {
        if (policy.hasVersion(version.name)) continue;
        var carried = false;
        for (slice.imports) |import| {
            const same = import.version != null and std.mem.eql(u8, import.version.?, version.name) and
                std.mem.eql(u8, import.library.?, version.library);
            if (!same) continue;
            carried = true;
            try tooNew(audit, import.name, version.name, version.library);
        }
        if (!carried) try tooNew(audit, null, version.name, version.library);
    }
    for (slice.imports) |import| {
        // The linker leaves the version away when the C library that it links for does not have the symbol.
        if (import.version != null or import.weak or python_symbols.isPythonName(import.name)) continue;
        const since = names.glibc_symbols.find(import.name) orelse continue;
        const version = parseVersion(since);
        if (version.order(audit.target.platform.version) != .gt or mayBeElsewhere(slice)) continue;
        try audit.report(
            import.name,
            try audit.print("{s} uses {s}, which glibc has since {s}, but {s} promises that glibc {d}.{d} is enough", .{
                audit.file, import.name, since, audit.tag, audit.target.platform.version.major, audit.target.platform.version.minor,
            }),
            try audit.retag("do without it"),
        );
    }
}

fn parseVersion(text: []const u8) PlatformTag.Version {
    const dot = std.mem.indexOfScalar(u8, text, '.').?;
    return .{
        .major = std.fmt.parseInt(u16, text[0..dot], 10) catch unreachable, // a test reads all
        .minor = std.fmt.parseInt(u16, text[dot + 1 ..], 10) catch unreachable,
    };
}

fn tooNew(audit: *Audit, symbol: ?[]const u8, version: []const u8, library: []const u8) Allocator.Error!void {
    if (std.mem.eql(u8, version, "GLIBC_PRIVATE")) return audit.report(
        symbol,
        try audit.print("{s} uses {s} of {s}, which is private to glibc and can change with any release", .{
            audit.file, symbol orelse version, library,
        }),
        "do without it",
    );
    try audit.report(
        symbol,
        if (symbol) |name|
            try audit.print("{s} uses {s} with the version {s} of {s}, which {s} does not promise", .{ audit.file, name, version, library, audit.tag })
        else
            try audit.print("{s} asks for the version {s} of {s}, which {s} does not promise", .{ audit.file, version, library, audit.tag }),
        try audit.retag("do without it"),
    );
}

fn linuxLibrary(audit: *Audit, slice: Binary) Allocator.Error!void {
    const policy: ?ManylinuxPolicy = if (isGnu(audit)) try policyOf(audit) else null;
    for (slice.needed) |library| {
        if (audit.isBundled(library)) continue;
        if (policy) |known| {
            if (known.hasLibrary(library)) continue;
        } else if (isMuslName(library) or std.mem.eql(u8, library, "libz.so.1")) continue;
        try audit.report(
            null,
            try audit.print("{s} needs {s}, which {s} does not promise", .{ audit.file, library, audit.tag }),
            try audit.retag(if (isPythonLibrary(library))
                "link without it: the interpreter brings Python's symbols"
            else
                "link it statically"),
        );
    }
}

fn isPythonLibrary(library: []const u8) bool {
    return std.mem.startsWith(u8, library, "libpython");
}

fn privateSymbol(audit: *Audit, slice: Binary) Allocator.Error!void {
    if (!isGnu(audit)) return;
    const policy = try policyOf(audit);
    for (slice.imports) |import| {
        if (import.weak) continue;
        for (slice.needed) |library| {
            const asked_for = import.library == null or std.mem.eql(u8, import.library.?, library);
            if (!asked_for or !policy.isPrivate(library, import.name)) continue;
            try audit.report(
                import.name,
                try audit.print("{s} uses {s} of {s}, which is private to it in {s}", .{ audit.file, import.name, library, audit.tag }),
                try audit.retag("link the library statically, or do without the symbol"),
            );
            break;
        }
    }
}

/// Libraries whose symbols all have versions, so that one without is not theirs.
const versioned = [_][]const u8{
    "libc.so.6",   "libm.so.6",      "libdl.so.2",  "libpthread.so.0", "librt.so.1",    "libutil.so.1",
    "libnsl.so.1", "libresolv.so.2", "libanl.so.1", "libmvec.so.1",    "libgcc_s.so.1", "libstdc++.so.6",
};

/// Whether a needed library may have symbols that do not say so.
fn mayBeElsewhere(slice: Binary) bool {
    for (slice.needed) |library| {
        if (isMuslName(library) or std.mem.startsWith(u8, library, "ld-linux") or std.mem.startsWith(u8, library, "ld64.")) continue;
        for (versioned) |known| {
            if (std.mem.eql(u8, library, known)) break;
        } else return true;
    }
    return false;
}

fn undefinedSymbol(audit: *Audit, slice: Binary) Allocator.Error!void {
    if (mayBeElsewhere(slice)) return;
    const known = if (isGnu(audit)) names.glibc_symbols else names.musl_symbols;
    for (slice.imports) |import| {
        if (import.version != null or import.weak or python_symbols.isPythonName(import.name)) continue;
        if (known.find(import.name) != null) continue;
        try audit.report(
            import.name,
            try audit.print("{s} uses {s}, which is neither Python's nor of the C library, and no library that it names has it", .{ audit.file, import.name }),
            "link what defines it",
        );
    }
}

fn executableStack(audit: *Audit, slice: Binary) Allocator.Error!void {
    if (!slice.executable_stack) return;
    try audit.report(
        null,
        try audit.print("{s} asks for a stack that code can run on, which glibc refuses since 2.41", .{audit.file}),
        "mark the stack of its assembly code (.section .note.GNU-stack), or link with -z noexecstack",
    );
}

fn textRelocations(audit: *Audit, slice: Binary) Allocator.Error!void {
    if (!slice.text_relocations) return;
    try audit.report(
        null,
        try audit.print("{s} has code that the loader must change (TEXTREL), which musl and hardened systems refuse", .{audit.file}),
        "compile all of it as position-independent code",
    );
}

fn runpath(audit: *Audit, slice: Binary) Allocator.Error!void {
    for (slice.runpath) |folder| {
        const own = for ([_][]const u8{ "$ORIGIN", "${ORIGIN}" }) |start| {
            if (!std.mem.startsWith(u8, folder, start)) continue;
            if (folder.len == start.len or folder[start.len] == '/') break true;
        } else false;
        if (own) continue;
        try audit.report(
            null,
            try audit.print("{s} looks for libraries in '{s}', which is not below its own folder", .{ audit.file, folder }),
            "take the run path away, or start it with $ORIGIN",
        );
    }
}

test "every version in the table of glibc is read" {
    var lines = std.mem.tokenizeScalar(u8, names.glibc_symbols.lines, '\n');
    while (lines.next()) |line| {
        const space = std.mem.indexOfScalar(u8, line, ' ') orelse return error.TestUnexpectedResult;
        try std.testing.expectEqual(2, parseVersion(line[space + 1 ..]).major);
    }
}
