//! The `test` blocks of an extension: a library that Python loads and runs, so that they may call into Python too.

const Tests = @This();

const std = @import("std");
const Extension = @import("Extension.zig");
const Headers = @import("Headers.zig");
const Library = @import("Library.zig");

/// Runs them, on this machine and with all safety checks.
run: *std.Build.Step.Run,

/// Null where `PyInit_` is not alloconda's, or there is nothing to build.
pub fn of(extension: *Extension) ?Tests {
    if (extension.signatures == null) return null;
    const package = extension.package;
    const b = package.b;
    const targets = package.config.matrix.one;
    const target = if (targets.len > 0) targets[0] else return null;
    const options: std.Build.Module.CreateOptions = .{ .target = b.graph.host, .optimize = .Debug, .link_libc = true, .pic = true };

    var own = options;
    own.root_source_file = extension.root_source_file;
    const user = b.createModule(own);
    extension.bind(user, user, target);
    // The runner, which is the root of the program, has the imports of the module that is tested.
    user.addImport("user", user);
    if (extension.asks.module) user.addImport("python", Headers.of(package, target).translated(b.graph.host, .Debug));
    var shared: std.ArrayList(Library.Shared) = .empty;
    extension.callConfigure(user, options, target, &shared);

    const object = b.addTest(.{
        .name = b.fmt("{s}_tests", .{extension.short_name}),
        .root_module = user,
        .test_runner = .{ .path = package.alloconda.path("src/py/tests_entry.zig"), .mode = .simple },
        .emit_object = true,
        .use_llvm = true,
    });
    object.step.name = b.fmt("compile tests of {s}", .{extension.name});
    const whole = b.createModule(options);
    whole.addObject(object);
    extension.fill(whole, target);
    takeCode(b, whole, user);
    linkImported(b, whole, user, options);
    const os = b.graph.host.result.os.tag;
    if (os == .windows) whole.addObjectFile(package.importLibrary(target));
    if (target.platform.libc == .musl and b.graph.host.result.abi.isMusl()) package.linkMusl(whole, target.platform);
    const library = b.addLibrary(.{ .name = extension.short_name, .linkage = .dynamic, .root_module = whole, .use_llvm = true });
    library.step.name = b.fmt("link tests of {s}", .{extension.name});
    if (os != .windows) library.linker_allow_shlib_undefined = true;
    if (os == .linux) library.use_lld = true;

    // Beside what it needs.
    const folder = b.addWriteFiles();
    const file = folder.addCopyFile(library.getEmittedBin(), b.fmt("{s}.{s}", .{ extension.short_name, if (os == .windows) "pyd" else "so" }));
    for (shared.items) |one| _ = folder.addCopyFile(one.file, one.name);
    const run = b.addSystemCommand(&.{package.config.python});
    run.setName(b.fmt("tests of {s}", .{extension.name}));
    run.addFileArg(package.alloconda.path("src/build/run_tests"));
    run.addArg(extension.name);
    run.addFileArg(file);
    run.addArgs(&.{ b.fmt("{d}", .{target.version.minor}), @tagName(target.abi) });
    // What they print is shown when they fail.
    run.expectExitCode(0);
    return .{ .run = run };
}

/// Links the code of other languages that the modules have which `user` imports: it gets lost on the way through an object
/// file.
fn linkImported(b: *std.Build, whole: *std.Build.Module, user: *std.Build.Module, options: std.Build.Module.CreateOptions) void {
    for (user.getGraph().modules, 0..) |imported, i| {
        if (imported == user or imported.link_objects.items.len == 0) continue;
        // With the folders and macros that its sources need.
        const code = b.createModule(options);
        addCode(b, code, imported);
        whole.linkLibrary(b.addLibrary(.{ .name = b.fmt("code_{d}", .{i}), .linkage = .static, .root_module = code }));
        for (imported.link_objects.items) |object| switch (object) {
            .c_source_file, .c_source_files, .assembly_file, .win32_resource_file => {},
            // A static library does not hold others.
            else => whole.link_objects.append(b.allocator, object) catch @panic("OOM"),
        };
        whole.lib_paths.appendSlice(b.allocator, imported.lib_paths.items) catch @panic("OOM");
        if (imported.link_libcpp == true) whole.link_libcpp = true;
    }
}

/// Moves what is linked to `user` to `whole`; C sources find their headers there too.
fn takeCode(b: *std.Build, whole: *std.Build.Module, user: *std.Build.Module) void {
    addCode(b, whole, user);
    user.link_objects.clearRetainingCapacity();
}

fn addCode(b: *std.Build, to: *std.Build.Module, from: *std.Build.Module) void {
    const gpa = b.allocator;
    to.link_objects.appendSlice(gpa, from.link_objects.items) catch @panic("OOM");
    to.include_dirs.appendSlice(gpa, from.include_dirs.items) catch @panic("OOM");
    to.c_macros.appendSlice(gpa, from.c_macros.items) catch @panic("OOM");
    to.lib_paths.appendSlice(gpa, from.lib_paths.items) catch @panic("OOM");
    to.rpaths.appendSlice(gpa, from.rpaths.items) catch @panic("OOM");
    if (from.link_libcpp == true) to.link_libcpp = true;
}
