//! A compiled library of an extension and what was found in it.

const std = @import("std");

file: std.Build.LazyPath,
facts: std.Build.LazyPath,
/// Where Python's headers came from, when they were asked for.
headers: ?std.Build.LazyPath,
shared: []const Shared,

/// A shared library that the module needs and that lies beside it.
pub const Shared = struct {
    name: []const u8,
    file: std.Build.LazyPath,

    /// The name that the loader looks for: on Linux and macOS it has the first number of the version.
    pub fn nameOf(b: *std.Build, library: *std.Build.Step.Compile, os: std.Target.Os.Tag) []const u8 {
        const version = library.version orelse return library.out_filename;
        return switch (os) {
            .windows => library.out_filename,
            .macos => b.fmt("lib{s}.{d}.dylib", .{ library.name, version.major }),
            else => b.fmt("lib{s}.so.{d}", .{ library.name, version.major }),
        };
    }
};
