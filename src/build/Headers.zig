//! Python's own headers for one target: found, checked and put where the compiler looks. What is looked at is looked at
//! while the build runs, by the host program and by the interpreter that packs.

const Headers = @This();

const std = @import("std");
const Package = @import("Package.zig");
const PythonTarget = @import("../target/PythonTarget.zig");
const run_step = @import("../compat/run_step.zig");

package: *Package,
target: PythonTarget,
/// The folders of Python.h and pyconfig.h.
include: []const std.Build.LazyPath,
/// A folder that is there when the headers are those of the target: as an include path it makes compilers wait for it.
checked: std.Build.LazyPath,
/// What `inspect` shows of where they come from.
answer: std.Build.LazyPath,

/// Made once per target.
pub fn of(package: *Package, target: PythonTarget) *Headers {
    for (package.headers.items) |made| if (made.target.eql(target)) return made;
    const b = package.b;
    const given = package.config.python_include;
    const facts: ?std.Build.LazyPath = if (given.len == 0) provide(package, target) else null;
    const include: []const std.Build.LazyPath = if (facts) |folder|
        b.allocator.dupe(std.Build.LazyPath, &.{folder.path(b, "include")}) catch @panic("OOM")
    else
        named(b, given);

    const check = hostStep(package, "headers-check", target);
    for (include) |folder| {
        check.addArg("--include");
        check.addDirectoryArg(folder);
    }
    if (facts) |folder| {
        check.addArg("--facts");
        check.addFileArg(folder.path(b, "headers.json"));
    } else {
        // Folders of the user may change without the build seeing it.
        check.has_side_effects = true;
    }
    check.addArg("--output");
    const answer = check.addOutputFileArg("python-headers.json");

    const headers = b.allocator.create(Headers) catch @panic("OOM");
    headers.* = .{
        .package = package,
        .target = target,
        .include = include,
        .checked = answer.dirname(),
        .answer = answer,
    };
    package.headers.append(b.allocator, headers) catch @panic("OOM");
    return headers;
}

/// Lets C sources of a module include Python.h.
pub fn addTo(headers: *const Headers, module: *std.Build.Module) void {
    for (headers.include) |folder| module.addIncludePath(folder);
    module.addIncludePath(headers.checked);
    for (headers.macros()) |macro| module.addCMacro(macro.name, macro.value);
    module.link_libc = true;
}

/// The C API as Zig's translate-c reads it.
pub fn translated(headers: *const Headers, target: std.Build.ResolvedTarget, optimize: std.builtin.OptimizeMode) *std.Build.Module {
    return headers.translate(target, optimize).createModule();
}

/// The same for code that is compiled for the machine that builds and calls nothing of it: tests, and stubs.
pub fn typesOnly(headers: *const Headers) *std.Build.Module {
    const b = headers.package.b;
    const target = b.resolveTargetQuery(headers.target.platform.slices().slice()[0].zigQuery());
    return b.createModule(.{ .root_source_file = headers.translate(target, .Debug).getOutput() });
}

fn translate(headers: *const Headers, target: std.Build.ResolvedTarget, optimize: std.builtin.OptimizeMode) *std.Build.Step.TranslateC {
    const b = headers.package.b;
    const source = b.addWriteFiles().add("python.h",
        \\#define PY_SSIZE_T_CLEAN
        \\#include <Python.h>
        \\
    );
    const step = b.addTranslateC(.{ .root_source_file = source, .target = target, .optimize = optimize, .link_libc = true });
    for (headers.include) |folder| step.addIncludePath(folder);
    step.addIncludePath(headers.checked);
    for (headers.macros()) |macro| step.defineCMacro(macro.name, macro.value);
    // For macOS, translate-c of Zig 0.16 and 0.17 calls itself GCC 4.2, for which pyatomic.h takes C11's atomics, and they
    // make it crash. This is what pyatomic.h says for newer compilers.
    if (target.result.os.tag == .macos) step.defineCMacro("_Py_USE_GCC_BUILTIN_ATOMICS", "1");
    return step;
}

const Macro = struct { name: []const u8, value: []const u8 };

/// What a compiler must be told beside the headers.
fn macros(headers: *const Headers) []const Macro {
    const b = headers.package.b;
    const target = headers.target;
    var list: std.ArrayList(Macro) = .empty;
    if (target.abi == .stable) list.append(b.allocator, .{
        .name = "Py_LIMITED_API",
        .value = b.fmt("0x{x:0>2}{x:0>2}0000", .{ target.version.major, target.version.minor }),
    }) catch @panic("OOM");
    // One pyconfig.h serves both builds for Windows, and leaves this to whoever compiles (PEP 703, python/cpython#127294).
    if (target.abi == .free_threaded and target.platform.os == .windows) {
        list.append(b.allocator, .{ .name = "Py_GIL_DISABLED", .value = "1" }) catch @panic("OOM");
    }
    return list.items;
}

/// NumPy's headers, out of the packages of the interpreter that packs; good for every target.
pub fn numpy(package: *Package) std.Build.LazyPath {
    if (package.numpy_include) |made| return made;
    const run = pythonStep(package, "numpy", "find the headers of NumPy");
    run.addArg("--output");
    package.numpy_include = run.addOutputDirectoryArg("numpy-include");
    return package.numpy_include.?;
}

fn named(b: *std.Build, folders: []const []const u8) []const std.Build.LazyPath {
    const list = b.allocator.alloc(std.Build.LazyPath, folders.len) catch @panic("OOM");
    for (list, folders) |*item, folder| item.* = .{ .cwd_relative = folder };
    return list;
}

/// A folder with `include` and `headers.json`, of the first source that has them.
fn provide(package: *Package, target: PythonTarget) std.Build.LazyPath {
    const choose = hostStep(package, "headers-choose", target);
    choose.addArg("--native");
    choose.addFileArg(native(package));
    choose.addArg("--output");
    const choice = choose.addOutputFileArg("choice.json");

    const tag = target.wheelTag(package.b.allocator) catch @panic("OOM");
    const run = pythonStep(package, "provide", package.b.fmt("find the headers of Python for {s}", .{tag}));
    run.addArg("--choice");
    run.addFileArg(choice);
    run.addArg("--project-dir");
    run_step.addAbsoluteDirectoryArg(run, package.project);
    if (package.config.pbs_target) |triple| run.addArgs(&.{ "--pbs-target", triple });
    if (package.config.no_fetch) run.addArg("--no-fetch");
    if (package.config.mirror) |url| run.addArgs(&.{ "--mirror", url });
    run.addArg("--output");
    return run.addOutputDirectoryArg("python-headers");
}

/// What the interpreter that packs is.
fn native(package: *Package) std.Build.LazyPath {
    if (package.native_python) |made| return made;
    const run = pythonStep(package, "native", "ask the interpreter that packs for its headers");
    run.addArg("--output");
    package.native_python = run.addOutputFileArg("native.json");
    return package.native_python.?;
}

/// A step that runs on every build: what it looks at, the build graph does not see.
fn pythonStep(package: *Package, command: []const u8, name: []const u8) *std.Build.Step.Run {
    const run = package.runAlloconda(&.{ "headers", command });
    run.setName(name);
    run.has_side_effects = true;
    return run;
}

fn hostStep(package: *Package, command: []const u8, target: PythonTarget) *std.Build.Step.Run {
    const gpa = package.b.allocator;
    const run = package.runHost(command);
    run.setName(package.b.fmt("{s} {s}", .{ command, target.wheelTag(gpa) catch @panic("OOM") }));
    run.addArgs(&.{ "--python-tag", target.pythonTag(gpa) catch @panic("OOM") });
    run.addArgs(&.{ "--abi-tag", target.abiTag(gpa) catch @panic("OOM") });
    run.addArgs(&.{ "--platform-tag", target.platformTag(gpa) catch @panic("OOM") });
    return run;
}
