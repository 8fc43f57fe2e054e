//! The files of the user's project that reflect has read, each once, in the order in which they were met.

const std = @import("std");
const Allocator = std.mem.Allocator;
const Source = @import("Source.zig");

const Sources = @This();

arena: Allocator,
reader: Reader,
items: std.ArrayList(*const Source) = .empty,
/// Set when `open` or `import` failed with `error.Unreadable`.
failure: ?Failure = null,

pub const Error = Allocator.Error || error{Unreadable};

/// Where files come from: the disk, or a table in a test.
pub const Reader = struct {
    context: *const anyopaque,
    readFn: *const fn (context: *const anyopaque, path: []const u8) anyerror![:0]const u8,
};

/// Which file could not be read, and why.
pub const Failure = struct {
    path: []const u8,
    /// The file that imports it; null for the root file.
    importer: ?[]const u8,
    reason: anyerror,
};

pub fn open(sources: *Sources, path: []const u8, importer: ?*const Source) Error!*const Source {
    for (sources.items.items) |source| if (std.mem.eql(u8, source.path, path)) return source;
    const text = sources.reader.readFn(sources.reader.context, path) catch |err| {
        sources.failure = .{
            .path = path,
            .importer = if (importer) |source| source.path else null,
            .reason = err,
        };
        return error.Unreadable;
    };
    const source = try sources.arena.create(Source);
    source.* = try .parse(sources.arena, path, text);
    try sources.items.append(sources.arena, source);
    return source;
}

/// The file that `@import(name)` in `importer` means, or null when it is a module or not Zig source.
pub fn import(sources: *Sources, importer: *const Source, name: []const u8) Error!?*const Source {
    if (!std.mem.endsWith(u8, name, ".zig")) return null;
    if (std.fs.path.isAbsolute(name)) return null;
    return try sources.open(try join(sources.arena, importer.path, name), importer);
}

/// The path of `name`, relative to the file `importer`. Always the same text for the same file, so that a file that
/// is imported by two ways is one.
fn join(arena: Allocator, importer: []const u8, name: []const u8) Allocator.Error![]const u8 {
    var folder: []const u8 = std.fs.path.dirname(importer) orelse "";
    var parts = std.mem.tokenizeAny(u8, name, if (std.fs.path.sep == '\\') "/\\" else "/");
    while (parts.next()) |part| {
        if (std.mem.eql(u8, part, ".")) continue;
        const last = std.fs.path.basename(folder);
        const can_go_up = last.len > 0 and !std.mem.eql(u8, last, "..") and !std.mem.eql(u8, last, ".");
        if (std.mem.eql(u8, part, "..") and can_go_up) {
            folder = std.fs.path.dirname(folder) orelse "";
        } else if (folder.len == 0) {
            folder = part;
        } else {
            const closed = std.fs.path.isSep(folder[folder.len - 1]);
            folder = try std.mem.concat(arena, u8, &.{ folder, if (closed) "" else "/", part });
        }
    }
    return folder;
}

test join {
    const cases = [_]struct { []const u8, []const u8, []const u8 }{
        .{ "root.zig", "math.zig", "math.zig" },
        .{ "src/root.zig", "math.zig", "src/math.zig" },
        .{ "src/root.zig", "./math.zig", "src/math.zig" },
        .{ "src/root.zig", "inner/math.zig", "src/inner/math.zig" },
        .{ "src/inner/a.zig", "../math.zig", "src/math.zig" },
        .{ "src/root.zig", "inner/../math.zig", "src/math.zig" },
        .{ "src/root.zig", "../math.zig", "math.zig" },
        .{ "root.zig", "../math.zig", "../math.zig" },
        .{ "../root.zig", "../math.zig", "../../math.zig" },
        .{ "/root.zig", "math.zig", "/math.zig" },
        .{ "/p/src/root.zig", "../lib/math.zig", "/p/lib/math.zig" },
    };
    var arena: std.heap.ArenaAllocator = .init(std.testing.allocator);
    defer arena.deinit();
    for (cases) |case| try std.testing.expectEqualStrings(case[2], try join(arena.allocator(), case[0], case[1]));
}
