//! What differs between the supported Zig versions in a step that runs a program.

const std = @import("std");
const Run = std.Build.Step.Run;

/// A folder as an absolute path. Zig 0.17 names one relative to the current folder unless asked not to, so that steps of
/// two projects with one cache would be taken for the same.
pub fn addAbsoluteDirectoryArg(run: *Run, folder: std.Build.LazyPath) void {
    if (@hasDecl(Run, "addDirectoryArg2")) {
        run.addDirectoryArg2(folder, .{ .make_absolute = true });
    } else {
        run.addDirectoryArg(folder);
    }
}
