//! One extension module as a recipe: what it is built from, for whatever target is asked for.

const Extension = @This();

const std = @import("std");
const Package = @import("Package.zig");
const PlatformTag = @import("../target/PlatformTag.zig");
const PythonTarget = @import("../target/PythonTarget.zig");

package: *Package,
/// `geometry._native`
name: []const u8,
/// `geometry/_native`
path: []const u8,
/// `_native`
short_name: []const u8,
root_source_file: std.Build.LazyPath,
configure: ?*const fn (Context) void,
/// Parameter names and docs of the root file.
signatures: std.Build.LazyPath,
/// Type stubs, or null when there are none to be.
stubs: ?Stubs,
/// One per (platform, ABI): wheels of several Python versions share one under the stable ABI.
libraries: std.ArrayList(Built),

pub const Options = struct {
    /// Full name of the module as Python imports it, such as "geometry._native".
    name: []const u8,
    /// The file whose `pub fn` become functions of the module.
    root_source_file: std.Build.LazyPath,
    /// Called once per (platform, ABI) with the user's module, to add imports, C sources and libraries to it.
    configure: ?*const fn (Context) void = null,
    /// Whether wheels get type stubs. The code must then compile for the machine that builds as well.
    stubs: bool = true,
};

pub const Stubs = struct {
    /// What belongs into the folder of the extension's package.
    folder: std.Build.LazyPath,
    /// The paths of the stubs below it, one per line.
    list: std.Build.LazyPath,
};

/// What a `configure` function works on.
pub const Context = struct {
    b: *std.Build,
    /// The module of the root source file.
    module: *std.Build.Module,
    target: std.Build.ResolvedTarget,
    optimize: std.builtin.OptimizeMode,
    python: PythonTarget,

    /// A dependency of build.zig.zon, built for the same target and optimize mode.
    pub fn dependency(context: Context, name: []const u8) *std.Build.Dependency {
        return context.b.dependency(name, .{ .target = context.target, .optimize = context.optimize });
    }
};

/// A compiled library and what was found in it.
pub const Library = struct {
    file: std.Build.LazyPath,
    facts: std.Build.LazyPath,
};

const Built = struct { target: PythonTarget, library: Library };

/// `options.name` must have passed `nameProblem`.
pub fn init(package: *Package, options: Options) *Extension {
    const b = package.b;
    const extension = b.allocator.create(Extension) catch @panic("OOM");
    const path = std.mem.replaceOwned(u8, b.allocator, options.name, ".", "/") catch @panic("OOM");
    extension.* = .{
        .package = package,
        .name = b.dupe(options.name),
        .path = path,
        .short_name = std.fs.path.basenamePosix(path),
        .root_source_file = options.root_source_file,
        .configure = options.configure,
        .signatures = reflect(package, options),
        .stubs = null,
        .libraries = .empty,
    };
    // A library that is built already needs no source that compiles.
    if (options.stubs and extension.prebuilt() == null) extension.stubs = extension.makeStubs();
    return extension;
}

/// Why `name` cannot be a module's name, as a sentence for the user, or null when it can.
pub fn nameProblem(b: *std.Build, name: []const u8) ?[]const u8 {
    var parts = std.mem.splitScalar(u8, name, '.');
    while (parts.next()) |part| {
        for (part, 0..) |byte, i| switch (byte) {
            'a'...'z', 'A'...'Z', '_' => {},
            '0'...'9' => if (i == 0) break,
            else => break,
        } else if (part.len > 0) continue;
        return b.fmt("'{s}' is not the name of a Python module: '{s}' is not an identifier; name the extension as Python imports it, such as 'geometry._native'", .{ name, part });
    }
    return null;
}

/// Where the library for `target` is inside the wheel: `geometry/_native.abi3.so`.
pub fn fileName(extension: *Extension, target: PythonTarget) []const u8 {
    const b = extension.package.b;
    const suffix = extension.package.config.extension_suffix orelse target.extensionSuffix(b.allocator) catch @panic("OOM");
    return b.fmt("{s}{s}", .{ extension.path, suffix });
}

/// Arguments of `host plan`: what a wheel for `target` would have of this extension.
pub fn planArguments(extension: *Extension, target: PythonTarget) [7][]const u8 {
    const gpa = extension.package.b.allocator;
    return .{
        "--extension",
        target.pythonTag(gpa) catch @panic("OOM"),
        target.abiTag(gpa) catch @panic("OOM"),
        target.platformTag(gpa) catch @panic("OOM"),
        target.platform.zigTriples(gpa) catch @panic("OOM"),
        extension.name,
        extension.fileName(target),
    };
}

/// The library for `target`: compiled, checked and described.
pub fn library(extension: *Extension, target: PythonTarget) Library {
    for (extension.libraries.items) |built| {
        if (built.target.eql(target)) return built.library;
    }
    const b = extension.package.b;
    const file = extension.prebuilt() orelse extension.compileAll(target);
    const inspect = extension.package.runHost("inspect");
    inspect.setName(b.fmt("inspect {s} for {s}", .{ extension.name, extension.tagOf(target) }));
    inspect.addFileArg(file);
    inspect.addArgs(&.{ "--module", extension.name, "--output" });
    const result: Library = .{ .file = file, .facts = inspect.addOutputFileArg("facts.json") };
    extension.libraries.append(b.allocator, .{ .target = target, .library = result }) catch @panic("OOM");
    return result;
}

/// Compares what the library is with what the wheel's name says. Null when that is turned off.
pub fn audit(extension: *Extension, target: PythonTarget, file: std.Build.LazyPath) ?std.Build.LazyPath {
    const name = extension.package.b.fmt("audit {s} for {s}", .{ extension.name, extension.tagOf(target) });
    return extension.package.addAudit(name, target, file, &.{ "--module", extension.name, "--file", extension.fileName(target) });
}

fn tagOf(extension: *Extension, target: PythonTarget) []const u8 {
    return target.wheelTag(extension.package.b.allocator) catch @panic("OOM");
}

/// The library that `-Dprebuilt` names for this extension.
fn prebuilt(extension: *Extension) ?std.Build.LazyPath {
    for (extension.package.config.prebuilt) |entry| {
        const middle = std.mem.indexOfScalar(u8, entry, '=') orelse continue;
        if (std.mem.eql(u8, entry[0..middle], extension.name)) return .{ .cwd_relative = entry[middle + 1 ..] };
    }
    return null;
}

/// One library, or for universal2 the libraries of both architectures in one file.
fn compileAll(extension: *Extension, target: PythonTarget) std.Build.LazyPath {
    const platform = extension.package.config.matrix.compiled orelse target.platform;
    const slices = platform.slices();
    if (slices.len == 1) return extension.compile(withPlatform(target, platform), target);
    const fat = extension.package.runHost("fat");
    fat.setName(extension.package.b.fmt("join {s} for {s}", .{ extension.name, extension.tagOf(target) }));
    for (slices.slice()) |slice| fat.addFileArg(extension.compile(withPlatform(target, slice), target));
    fat.addArg("--output");
    return fat.addOutputFileArg(extension.package.b.fmt("{s}.so", .{extension.short_name}));
}

fn withPlatform(target: PythonTarget, platform: PlatformTag) PythonTarget {
    var result = target;
    result.platform = platform;
    return result;
}

/// `target` is what is compiled for, `whole` the wheel that it goes into.
fn compile(extension: *Extension, target: PythonTarget, whole: PythonTarget) std.Build.LazyPath {
    const b = extension.package.b;
    const config = extension.package.config;
    const resolved = b.resolveTargetQuery(config.zig_target orelse target.platform.zigQuery());
    const os = resolved.result.os.tag;
    // Nothing unwinds through Zig code: the tables would serve only a debugger, as the rest that is stripped.
    const unwind_tables: ?std.builtin.UnwindTables = if (config.strip) .none else null;
    const omit_frame_pointer: ?bool = if (config.strip) true else null;
    // In Debug, C sources stop at undefined behaviour as in ReleaseSafe: the runtime that would explain it exports its
    // names, and modules of one process would share them.
    const sanitize_c: ?std.zig.SanitizeC = if (config.optimize == std.builtin.OptimizeMode.Debug) .trap else null;

    var options: std.Build.Module.CreateOptions = .{
        .root_source_file = extension.root_source_file,
        .target = resolved,
        .optimize = config.optimize,
        .strip = config.strip,
        .unwind_tables = unwind_tables,
        .omit_frame_pointer = omit_frame_pointer,
        .sanitize_c = sanitize_c,
    };
    const user = b.createModule(options);
    // On Linux, threads and the environment need the C library that the interpreter has set up. Zig has its own ways on
    // Windows, where a C library would cost a minute of building.
    options.link_libc = os == .linux;
    const binding = extension.bindingModule(target);
    user.addImport("alloconda", binding);
    const root = extension.rootModule("src/py/entry.zig", binding, user, options);
    extension.callConfigure(user, resolved, config.optimize, target);
    if (os == .windows) root.addObjectFile(extension.package.importLibrary(target));
    if (target.platform.libc == .musl) {
        const musl = extension.package.musl(target.platform);
        root.addObjectFile(musl.stub);
        root.addObjectFile(musl.since);
    }

    const lib = b.addLibrary(.{ .name = extension.short_name, .linkage = .dynamic, .root_module = root });
    lib.step.name = b.fmt("compile {s} for {s}", .{ extension.name, extension.tagOf(whole) });
    // Elsewhere the interpreter brings Python's symbols when it loads the library.
    if (os != .windows) lib.linker_allow_shlib_undefined = true;
    if (os == .macos) lib.install_name = b.fmt("@rpath/{s}.so", .{extension.short_name});
    if (os == .linux) {
        lib.setVersionScript(b.addWriteFiles().add("exports.map", b.fmt("{{ global: PyInit_{s}; local: *; }};\n", .{extension.short_name})));
        // Zig's own linker, which Debug would take on x86_64, passes over the version script, and LLD takes LLVM's objects.
        lib.use_llvm = true;
        lib.use_lld = true;
    }
    return lib.getEmittedBin();
}

/// The binding library for an ABI; what it compiles for otherwise is its importer's.
fn bindingModule(extension: *Extension, target: PythonTarget) *std.Build.Module {
    const b = extension.package.b;
    const abi = b.addOptions();
    abi.addOption(u8, "minor", @intCast(target.version.minor));
    abi.addOption(bool, "stable", target.abi == .stable);
    abi.addOption(bool, "free_threaded", target.abi == .free_threaded);
    const binding = b.createModule(.{ .root_source_file = extension.package.alloconda.path("src/py.zig") });
    binding.addOptions("python_abi", abi);
    return binding;
}

fn namesModule(extension: *Extension) *std.Build.Module {
    const names = extension.package.b.addOptions();
    names.addOption([]const u8, "name", extension.short_name);
    names.addOption([]const u8, "module", extension.name);
    return names.createModule();
}

/// Reads parameter names and docs out of the sources.
fn reflect(package: *Package, options: Options) std.Build.LazyPath {
    const run = package.runHost("reflect");
    run.setName(package.b.fmt("reflect {s}", .{options.name}));
    run.addFileArg(options.root_source_file);
    run.addArg("--output");
    const signatures = run.addOutputFileArg("signatures.zig");
    run.addArg("--depfile");
    _ = run.addDepFileOutputArg("signatures.d");
    return signatures;
}

/// Compiles and runs a program that writes what the types of the user's code say. Nothing of Python is linked to it.
fn makeStubs(extension: *Extension) ?Stubs {
    const b = extension.package.b;
    const target = extension.package.config.matrix.any() orelse return null;
    const binding = extension.bindingModule(target);
    const user = b.createModule(.{ .root_source_file = extension.root_source_file, .target = b.graph.host, .optimize = .Debug });
    user.addImport("alloconda", binding);
    extension.callConfigure(user, b.graph.host, .Debug, target);
    const root = extension.rootModule("src/py/stubs_entry.zig", binding, user, .{ .target = b.graph.host, .optimize = .Debug });
    const program = b.addExecutable(.{ .name = "stubs", .root_module = root });
    program.step.name = b.fmt("compile stubs of {s}", .{extension.name});
    const run = b.addRunArtifact(program);
    run.setName(b.fmt("stubs of {s}", .{extension.name}));
    const folder = run.addOutputDirectoryArg("stubs");
    return .{ .folder = folder, .list = run.addOutputFileArg("stubs.txt") };
}

/// The module of a program or library of ours around the user's code.
fn rootModule(
    extension: *Extension,
    path: []const u8,
    binding: *std.Build.Module,
    user: *std.Build.Module,
    options: std.Build.Module.CreateOptions,
) *std.Build.Module {
    const b = extension.package.b;
    var with_source = options;
    with_source.root_source_file = extension.package.alloconda.path(path);
    const root = b.createModule(with_source);
    root.addImport("alloconda", binding);
    root.addImport("user", user);
    root.addImport("extension", extension.namesModule());
    const signatures = b.createModule(.{ .root_source_file = extension.signatures });
    signatures.addImport("alloconda", binding);
    root.addImport("signatures", signatures);
    return root;
}

fn callConfigure(
    extension: *Extension,
    module: *std.Build.Module,
    target: std.Build.ResolvedTarget,
    optimize: std.builtin.OptimizeMode,
    python: PythonTarget,
) void {
    const configure = extension.configure orelse return;
    configure(.{ .b = extension.package.b, .module = module, .target = target, .optimize = optimize, .python = python });
}

/// Runs the `test` blocks of the root file and what it imports: on this machine, outside Python, with all safety checks.
pub fn addTests(extension: *Extension) void {
    const b = extension.package.b;
    const targets = extension.package.config.matrix.one;
    const target = if (targets.len > 0) targets[0] else return;
    const module = b.createModule(.{
        .root_source_file = extension.root_source_file,
        .target = b.graph.host,
        .optimize = .Debug,
    });
    module.addImport("alloconda", extension.bindingModule(target));
    extension.callConfigure(module, b.graph.host, .Debug, target);
    const tests = b.addTest(.{ .name = extension.short_name, .root_module = module });
    extension.package.test_step.dependOn(&b.addRunArtifact(tests).step);
}
