//! C and C++ sources of an extension, and what they are compiled and linked with: the plain case, without a `configure`
//! function.

const CSources = @This();

const std = @import("std");

files: []const []const u8,
root: ?std.Build.LazyPath,
c_flags: []const []const u8,
cpp_flags: []const []const u8,
include_paths: []const std.Build.LazyPath,
macros: []const []const u8,
libraries: []const []const u8,

const Language = enum { c, cpp, assembly };

const suffixes = [_]struct { []const u8, Language }{
    .{ ".c", .c },        .{ ".cc", .cpp }, .{ ".cpp", .cpp }, .{ ".cxx", .cpp },
    .{ ".c++", .cpp },    .{ ".CC", .cpp }, .{ ".C", .cpp },   .{ ".S", .assembly },
    .{ ".s", .assembly },
};

/// Names that are not exported, and sums that wrap around: what CPython's own build asks of extensions.
const common_flags = [_][]const u8{ "-fvisibility=hidden", "-fwrapv" };

fn languageOf(file: []const u8) ?Language {
    for (suffixes) |entry| if (std.mem.endsWith(u8, file, entry[0])) return entry[1];
    return null;
}

/// Why the sources cannot be compiled, as a sentence for the user, or null when they can.
pub fn problem(sources: CSources, b: *std.Build, module: []const u8) ?[]const u8 {
    for (sources.files) |file| {
        if (std.fs.path.isAbsolute(file)) return b.fmt("the source '{s}' of '{s}' has an absolute path: name it from the project's folder, or set .c_root", .{ file, module });
        if (languageOf(file) == null) return b.fmt("'{s}' of '{s}' is no C or C++ source by its name: a name ends with .c, .cc, .cpp, .cxx or .S", .{ file, module });
    }
    for (sources.macros) |macro| {
        if (macro.len == 0 or macro[0] == '=' or macro[0] == '-') return b.fmt("'{s}' of '{s}' is no macro: write NAME or NAME=VALUE", .{ macro, module });
    }
    return null;
}

/// Whether anything is C++, so that its library is linked, and its exceptions need tables to unwind by.
pub fn haveCpp(sources: CSources) bool {
    for (sources.files) |file| if (languageOf(file) == .cpp) return true;
    return false;
}

pub fn addTo(sources: CSources, b: *std.Build, module: *std.Build.Module) void {
    if (sources.files.len > 0) module.link_libc = true;
    if (sources.haveCpp()) module.link_libcpp = true;
    for (sources.include_paths) |folder| module.addIncludePath(folder);
    for (sources.macros) |macro| {
        const equals = std.mem.indexOfScalar(u8, macro, '=');
        module.addCMacro(macro[0 .. equals orelse macro.len], if (equals) |at| macro[at + 1 ..] else "1");
    }
    for (sources.libraries) |name| module.linkSystemLibrary(name, .{ .use_pkg_config = .no });
    inline for (.{ Language.c, Language.cpp, Language.assembly }) |language| {
        const flags: []const []const u8 = switch (language) {
            .c => sources.c_flags,
            .cpp => sources.cpp_flags,
            .assembly => &.{},
        };
        var files: std.ArrayList([]const u8) = .empty;
        for (sources.files) |file| {
            if (languageOf(file) == language) files.append(b.allocator, file) catch @panic("OOM");
        }
        if (files.items.len > 0) module.addCSourceFiles(.{
            .root = sources.root,
            .files = files.items,
            .flags = if (language == .assembly) &.{} else std.mem.concat(b.allocator, []const u8, &.{ &common_flags, flags }) catch @panic("OOM"),
        });
    }
}
