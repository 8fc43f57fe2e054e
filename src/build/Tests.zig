//! The `test` blocks of an extension: a library that Python loads and runs, so that they may call into Python too.

const Tests = @This();

const std = @import("std");
const Extension = @import("Extension.zig");
const Headers = @import("Headers.zig");
const Library = @import("Library.zig");
const PythonTarget = @import("../target/PythonTarget.zig");

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
    if (bringsCode(user)) return .{ .run = b.addRunArtifact(outsidePython(extension, target)) };

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

/// Whether what a module imports links code of other languages, which gets lost on the way through an object file.
fn bringsCode(module: *std.Build.Module) bool {
    for (module.getGraph().modules) |imported| {
        if (imported != module and imported.link_objects.items.len > 0) return true;
    }
    return false;
}

/// Moves what is linked to `user` to `whole`; C sources find their headers there too.
fn takeCode(b: *std.Build, whole: *std.Build.Module, user: *std.Build.Module) void {
    const gpa = b.allocator;
    whole.link_objects.appendSlice(gpa, user.link_objects.items) catch @panic("OOM");
    user.link_objects.clearRetainingCapacity();
    whole.include_dirs.appendSlice(gpa, user.include_dirs.items) catch @panic("OOM");
    whole.c_macros.appendSlice(gpa, user.c_macros.items) catch @panic("OOM");
    whole.lib_paths.appendSlice(gpa, user.lib_paths.items) catch @panic("OOM");
    whole.rpaths.appendSlice(gpa, user.rpaths.items) catch @panic("OOM");
    if (user.link_libcpp == true) whole.link_libcpp = true;
}

/// A program that runs the tests without Python, whose functions are missing then. C sources are with it unless they are
/// code for Python.
fn outsidePython(extension: *Extension, target: PythonTarget) *std.Build.Step.Compile {
    const b = extension.package.b;
    const module = b.createModule(.{
        .root_source_file = extension.root_source_file,
        .target = b.graph.host,
        .optimize = .Debug,
    });
    module.addImport("alloconda", extension.bindingModule(target));
    if (!extension.asks.headers) extension.fill(module, target);
    if (extension.asks.module) module.addImport("python", Headers.of(extension.package, target).typesOnly());
    extension.callConfigure(module, .{ .target = b.graph.host, .optimize = .Debug, .link_libc = true }, target, null);
    return b.addTest(.{ .name = extension.short_name, .root_module = module });
}
