//! Rules of macOS: which system a library runs on, what it may need, and the signature that Apple's processors ask for.

const std = @import("std");
const Allocator = std.mem.Allocator;
const Audit = @import("Audit.zig");
const Binary = @import("../binary/Binary.zig");
const PlatformTag = @import("../../target/PlatformTag.zig");
const identity = @import("identity.zig");
const python_symbols = @import("../python_symbols.zig");

pub const rules = [_]Audit.Rule{
    .{ .name = "minimum-macos", .check = .{ .slice = minimumMacos }, .of_platform = true },
    .{ .name = "undefined-symbol", .check = .{ .slice = undefinedSymbol }, .of_platform = true },
    .{ .name = "macos-library", .check = .{ .slice = macosLibrary } },
    .{ .name = "install-name", .check = .{ .slice = installName } },
    .{ .name = "rpath", .check = .{ .slice = rpath } },
    .{ .name = "signature", .check = .{ .slice = signature } },
};

/// The oldest macOS that the tag promises for a slice: those of arm64 begin with 11.
fn promised(platform: PlatformTag, slice: Binary) Binary.OsVersion {
    const parts = platform.slices();
    for (parts.slice()) |part| {
        if (part.arch == identity.archOf(slice.machine)) {
            return .{ .major = part.version.major, .minor = part.version.minor };
        }
    }
    return .{ .major = platform.version.major, .minor = platform.version.minor };
}

fn minimumMacos(audit: *Audit, slice: Binary) Allocator.Error!void {
    const promise = promised(audit.target.platform, slice);
    const name = try audit.nameOf(slice);
    var newest: ?Binary.OsVersion = null;
    for (slice.minimum_os) |minimum| {
        if (minimum.system != .macos) continue;
        if (newest == null or minimum.version.order(newest.?) == .gt) newest = minimum.version;
    }
    const needed = newest orelse return audit.report(
        null,
        try audit.print("{s} does not say which macOS it needs, but {s} promises {f}", .{ name, audit.tag, promise }),
        "link it for a version of macOS",
    );
    if (needed.order(promise) != .gt) return;
    try audit.report(
        null,
        try audit.print("{s} needs macOS {f}, but {s} promises that {f} is enough", .{ name, needed, audit.tag, promise }),
        try audit.retag("link it for the macOS of the tag"),
    );
}

/// A symbol that nobody defined when the library was linked is looked for everywhere, which is right for Python's.
fn undefinedSymbol(audit: *Audit, slice: Binary) Allocator.Error!void {
    for (slice.imports) |import| {
        if (import.library != null or import.weak or python_symbols.isPythonName(import.name)) continue;
        try audit.report(
            import.name,
            try audit.print("{s} uses {s}, which is neither Python's nor of a library that it names", .{ try audit.nameOf(slice), import.name }),
            "link what defines it",
        );
    }
}

fn macosLibrary(audit: *Audit, slice: Binary) Allocator.Error!void {
    for (slice.needed) |library| {
        if (std.mem.startsWith(u8, library, "/usr/lib/") or std.mem.startsWith(u8, library, "/System/Library/")) continue;
        if (std.mem.startsWith(u8, library, "@") and audit.isBundled(library)) continue;
        try audit.report(
            firstFrom(slice, library),
            try audit.print("{s} needs {s}, which is not part of macOS", .{ try audit.nameOf(slice), library }),
            "link it statically",
        );
    }
}

fn firstFrom(slice: Binary, library: []const u8) ?[]const u8 {
    for (slice.imports) |import| {
        if (import.library) |name| if (std.mem.eql(u8, name, library)) return import.name;
    }
    return null;
}

fn installName(audit: *Audit, slice: Binary) Allocator.Error!void {
    const own = slice.soname orelse return;
    if (!std.fs.path.isAbsolutePosix(own)) return;
    try audit.report(
        null,
        try audit.print("{s} has the install name {s}, a place on the machine that built it", .{ try audit.nameOf(slice), own }),
        try audit.print("give it the install name @rpath/{s}", .{std.fs.path.basenamePosix(audit.file)}),
    );
}

fn rpath(audit: *Audit, slice: Binary) Allocator.Error!void {
    for (slice.runpath) |folder| {
        if (std.mem.startsWith(u8, folder, "@")) continue;
        try audit.report(
            null,
            try audit.print("{s} looks for libraries in {s}, which is not below its own folder", .{ try audit.nameOf(slice), folder }),
            "take the rpath away, or start it with @loader_path",
        );
    }
}

fn signature(audit: *Audit, slice: Binary) Allocator.Error!void {
    const name = try audit.nameOf(slice);
    switch (slice.signature orelse return) {
        .valid => {},
        .missing => if (slice.machine == .aarch64) try audit.report(
            null,
            try audit.print("{s} has no code signature, and macOS on arm64 loads nothing without one", .{name}),
            "let Zig's linker write it, or sign it with codesign -s -",
        ),
        .damaged => try audit.report(
            null,
            try audit.print("{s} has a code signature that is not of its bytes, and macOS kills programs that load it", .{name}),
            "do not change the file after it is linked, or sign it again with codesign -f -s -",
        ),
    }
}
