//! Type stubs of an extension, made by a program of its code for the machine that builds.

const Stubs = @This();

const std = @import("std");
const Extension = @import("Extension.zig");
const Headers = @import("Headers.zig");

/// What belongs into the folder of the extension's package.
folder: std.Build.LazyPath,
/// The paths of the stubs below it, one per line.
list: std.Build.LazyPath,

/// Compiles and runs a program that writes what the types of the user's code say. Null when `PyInit_` is not alloconda's,
/// or there is nothing to build.
pub fn of(extension: *Extension) ?Stubs {
    if (extension.signatures == null) return null;
    const b = extension.package.b;
    const target = extension.package.config.matrix.any() orelse return null;
    // Compiling takes this program longer than running: with no tables for a debugger, and no runtime for C code, which
    // Zig would compile first.
    const options: std.Build.Module.CreateOptions = .{ .target = b.graph.host, .optimize = .Debug, .strip = true, .sanitize_c = .off };
    var own = options;
    own.root_source_file = extension.root_source_file;
    const user = b.createModule(own);
    const root = extension.boundModule("src/py/stubs_entry.zig", user, options, target);
    extension.fill(user, target);
    if (extension.asks.module) user.addImport("python", Headers.of(extension.package, target).typesOnly());
    extension.callConfigure(user, options, target, null);
    // Types alone are looked at. C code would have to be compiled for this machine with the headers of another; of
    // libraries, the headers do.
    user.link_objects.clearRetainingCapacity();
    for (user.include_dirs.items) |*folder| switch (folder.*) {
        .other_step => |library| folder.* = .{ .path = library.getEmittedIncludeTree() },
        else => {},
    };

    const program = b.addExecutable(.{ .name = "stubs", .root_module = root });
    program.step.name = b.fmt("compile stubs of {s}", .{extension.name});
    const run = b.addRunArtifact(program);
    run.setName(b.fmt("stubs of {s}", .{extension.name}));
    const folder = run.addOutputDirectoryArg("stubs");
    return .{ .folder = folder, .list = run.addOutputFileArg("stubs.txt") };
}
