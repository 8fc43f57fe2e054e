//! What a `configure` function of an extension works on.

const Context = @This();

const std = @import("std");
const Extension = @import("Extension.zig");
const Headers = @import("Headers.zig");
const Library = @import("Library.zig");
const PythonTarget = @import("../target/PythonTarget.zig");

b: *std.Build,
/// The module of the root source file.
module: *std.Build.Module,
target: std.Build.ResolvedTarget,
optimize: std.builtin.OptimizeMode,
python: PythonTarget,
/// For modules of your own that become part of the extension, or lie beside it. One set of options for all of a build
/// has Zig compile the C library once.
options: std.Build.Module.CreateOptions,
extension: *Extension,
/// Null where the module becomes a test, or the program that writes stubs.
beside: ?*std.ArrayList(Library.Shared),

/// Lets C sources of a module include Python.h, as the option `python_headers` does.
pub fn addPythonHeaders(context: Context, module: *std.Build.Module) void {
    Headers.of(context.extension.package, context.python).addTo(module);
}

/// The folder of NumPy's headers, as the option `numpy_headers` adds it.
pub fn numpyHeaders(context: Context) std.Build.LazyPath {
    return Headers.numpy(context.extension.package);
}

/// Links the module with a shared library that lies beside it in the wheel, and is audited with it.
pub fn addSharedLibrary(context: Context, shared: *std.Build.Step.Compile) void {
    const os = context.target.result.os.tag;
    // A test finds it in Zig's cache. The program that writes stubs drops it.
    const list = context.beside orelse return context.module.linkLibrary(shared);
    // Not by linkLibrary, which would write the folder of Zig's cache into the module.
    context.module.addObjectFile(if (os == .windows) shared.getEmittedImplib() else shared.getEmittedBin());
    if (os != .windows) context.module.addRPathSpecial(if (os == .macos) "@loader_path" else "$ORIGIN");
    const name = Library.Shared.nameOf(context.b, shared, os);
    if (os == .macos) shared.install_name = context.b.fmt("@rpath/{s}", .{name});
    if (context.python.platform.libc == .musl) context.extension.package.linkMusl(shared.root_module, context.python.platform);
    if (os == .linux) shared.use_lld = true;
    list.append(context.b.allocator, .{
        .name = name,
        .file = shared.getEmittedBin(),
    }) catch @panic("OOM");
}

/// A dependency of build.zig.zon, built for the same target and optimize mode.
pub fn dependency(context: Context, name: []const u8) *std.Build.Dependency {
    return context.b.dependency(name, .{ .target = context.target, .optimize = context.optimize });
}
