//! One extension module as a recipe: what it is built from, for whatever target is asked for.

const Extension = @This();

const std = @import("std");
const CSources = @import("CSources.zig");
pub const Context = @import("Context.zig");
const Headers = @import("Headers.zig");
const Library = @import("Library.zig");
const Package = @import("Package.zig");
const PlatformTag = @import("../target/PlatformTag.zig");
const PythonTarget = @import("../target/PythonTarget.zig");
const run_step = @import("../compat/run_step.zig");
const Stubs = @import("Stubs.zig");

package: *Package,
/// `geometry._native`
name: []const u8,
/// `geometry/_native`
path: []const u8,
/// `_native`
short_name: []const u8,
root_source_file: ?std.Build.LazyPath,
configure: ?*const fn (Context) void,
sources: CSources,
asks: Asks,
/// Parameter names and docs of the root file; null when `PyInit_` is not alloconda's.
signatures: ?std.Build.LazyPath,
/// Type stubs, or null when there are none to be.
stubs: ?Stubs,
/// See `checkedSources`.
checked_sources: ?std.Build.LazyPath,
/// One per (platform, ABI): wheels of several Python versions share one under the stable ABI.
libraries: std.ArrayList(Built),

pub const Options = struct {
    /// Full name of the module as Python imports it, such as "geometry._native".
    name: []const u8,
    /// The file whose `pub fn` become functions of the module. Null: `PyInit_` comes from `c_sources`.
    root_source_file: ?std.Build.LazyPath = null,
    /// `PyInit_` is not made of the root file: that file, or a C source, has it.
    own_init: bool = false,
    /// C, C++ and assembly sources, told apart by their names, from the project's folder or `c_root`.
    c_sources: []const []const u8 = &.{},
    /// Where the paths of `c_sources` start, for sources that another package brings.
    c_root: ?std.Build.LazyPath = null,
    c_flags: []const []const u8 = &.{},
    cpp_flags: []const []const u8 = &.{},
    include_paths: []const std.Build.LazyPath = &.{},
    /// `NAME` or `NAME=VALUE`.
    macros: []const []const u8 = &.{},
    /// System libraries, such as "ws2_32".
    libraries: []const []const u8 = &.{},
    /// C sources include Python.h. Null: they do when `PyInit_` is theirs.
    python_headers: ?bool = null,
    /// C sources include NumPy's headers, out of the packages of the interpreter that packs.
    numpy_headers: bool = false,
    /// `@import("python")` in the root file is the C API as Zig's translate-c reads it from Python.h.
    python_module: bool = false,
    /// Called once per (platform, ABI) with the user's module, to add imports, C sources and libraries to it.
    configure: ?*const fn (Context) void = null,
    /// Whether wheels get type stubs. The code must then compile for the machine that builds as well.
    stubs: bool = true,
};

/// What an extension needs of Python's own files.
const Asks = struct { headers: bool, module: bool, numpy: bool };

const Built = struct { target: PythonTarget, library: Library };

/// `options` must have passed `problem`.
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
        .sources = sourcesOf(options),
        .asks = .{
            .headers = options.python_headers orelse (options.c_sources.len > 0 and !isBound(options)),
            .module = options.python_module,
            .numpy = options.numpy_headers,
        },
        .signatures = if (isBound(options)) reflect(package, options.name, options.root_source_file.?) else null,
        .stubs = null,
        .checked_sources = null,
        .libraries = .empty,
    };
    // A library that is built already needs no source that compiles.
    if (options.stubs and extension.prebuilt() == null) extension.stubs = Stubs.of(extension);
    return extension;
}

/// Whether alloconda makes `PyInit_` of the root file.
fn isBound(options: Options) bool {
    return options.root_source_file != null and !options.own_init;
}

fn sourcesOf(options: Options) CSources {
    return .{
        .files = options.c_sources,
        .root = options.c_root,
        .c_flags = options.c_flags,
        .cpp_flags = options.cpp_flags,
        .include_paths = options.include_paths,
        .macros = options.macros,
        .libraries = options.libraries,
    };
}

/// Why there can be no such extension, as a sentence for the user, or null when there can.
pub fn problem(b: *std.Build, options: Options) ?[]const u8 {
    if (nameProblem(b, options.name)) |sentence| return sentence;
    if (options.root_source_file == null and options.c_sources.len == 0 and options.configure == null)
        return b.fmt("'{s}' has nothing to be built from: give it a .root_source_file, or .c_sources", .{options.name});
    if (options.python_module and options.root_source_file == null)
        return b.fmt("'{s}' has .python_module, which is for Zig code, and no .root_source_file: leave it out", .{options.name});
    return sourcesOf(options).problem(b, options.name);
}

/// Why `name` cannot be a module's name, as a sentence for the user, or null when it can.
fn nameProblem(b: *std.Build, name: []const u8) ?[]const u8 {
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
    var shared: std.ArrayList(Library.Shared) = .empty;
    const given = extension.prebuilt();
    const file = given orelse extension.compileAll(target, &shared);
    const inspect = extension.package.runHost("inspect");
    inspect.setName(b.fmt("inspect {s} for {s}", .{ extension.name, extension.tagOf(target) }));
    inspect.addFileArg(file);
    inspect.addArgs(&.{ "--module", extension.name, "--output" });
    const result: Library = .{
        .file = file,
        .facts = inspect.addOutputFileArg("facts.json"),
        .headers = if (given == null) extension.headersAnswer(target) else null,
        .shared = shared.items,
    };
    extension.libraries.append(b.allocator, .{ .target = target, .library = result }) catch @panic("OOM");
    return result;
}

/// Compares what the library is with what the wheel's name says, and so for those beside it. Nothing when that is turned
/// off.
pub fn audit(extension: *Extension, target: PythonTarget, library_: Library) []const std.Build.LazyPath {
    if (extension.package.config.audit == .off) return &.{};
    const b = extension.package.b;
    const findings = b.allocator.alloc(std.Build.LazyPath, 1 + library_.shared.len) catch @panic("OOM");
    findings[0] = extension.auditOne(target, library_.file, extension.fileName(target), &.{ "--module", extension.name }, library_.shared);
    for (findings[1..], library_.shared) |*finding, shared| {
        finding.* = extension.auditOne(target, shared.file, extension.beside(shared.name), &.{}, library_.shared);
    }
    return findings;
}

/// `of_module` is nothing for a library beside the module.
fn auditOne(
    extension: *Extension,
    target: PythonTarget,
    file: std.Build.LazyPath,
    path: []const u8,
    of_module: []const []const u8,
    shared: []const Library.Shared,
) std.Build.LazyPath {
    const b = extension.package.b;
    var arguments: std.ArrayList([]const u8) = .empty;
    arguments.appendSlice(b.allocator, of_module) catch @panic("OOM");
    arguments.appendSlice(b.allocator, &.{ "--file", path }) catch @panic("OOM");
    for (shared) |one| arguments.appendSlice(b.allocator, &.{ "--bundled", one.name }) catch @panic("OOM");
    return extension.package.addAudit(b.fmt("audit {s} for {s}", .{ path, extension.tagOf(target) }), target, file, arguments.items).?;
}

/// Where a library beside the module is in the wheel.
pub fn beside(extension: *const Extension, name: []const u8) []const u8 {
    const folder = std.fs.path.dirnamePosix(extension.path) orelse return name;
    return extension.package.b.fmt("{s}/{s}", .{ folder, name });
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

/// One library, or for universal2 the libraries of both architectures in one file. `shared` gets those beside it.
fn compileAll(extension: *Extension, target: PythonTarget, shared: *std.ArrayList(Library.Shared)) std.Build.LazyPath {
    const slices = extension.compiledPlatform(target).slices();
    if (slices.len == 1) return extension.compile(withPlatform(target, extension.compiledPlatform(target)), target, shared);
    const b = extension.package.b;
    var files: std.ArrayList(std.Build.LazyPath) = .empty;
    var parts: std.ArrayList(Library.Shared) = .empty;
    for (slices.slice()) |slice| files.append(b.allocator, extension.compile(withPlatform(target, slice), target, &parts)) catch @panic("OOM");
    for (parts.items, 0..) |first, index| {
        var same: std.ArrayList(std.Build.LazyPath) = .empty;
        for (parts.items, 0..) |part, other| {
            if (!std.mem.eql(u8, part.name, first.name)) continue;
            if (other < index) break;
            same.append(b.allocator, part.file) catch @panic("OOM");
        } else shared.append(b.allocator, .{ .name = first.name, .file = extension.join(target, same.items, first.name) }) catch @panic("OOM");
    }
    return extension.join(target, files.items, b.fmt("{s}.so", .{extension.short_name}));
}

/// One file of the libraries of several architectures.
fn join(extension: *Extension, target: PythonTarget, files: []const std.Build.LazyPath, name: []const u8) std.Build.LazyPath {
    const fat = extension.package.runHost("fat");
    fat.setName(extension.package.b.fmt("join {s} of {s} for {s}", .{ name, extension.name, extension.tagOf(target) }));
    for (files) |file| fat.addFileArg(file);
    fat.addArg("--output");
    return fat.addOutputFileArg(name);
}

/// What is compiled for, whatever the wheel is called.
fn compiledPlatform(extension: *const Extension, target: PythonTarget) PlatformTag {
    return extension.package.config.matrix.compiled orelse target.platform;
}

/// Where Python's headers for `target` come from; those of its first slice.
fn headersAnswer(extension: *Extension, target: PythonTarget) ?std.Build.LazyPath {
    if (!extension.asks.headers and !extension.asks.module) return null;
    const slices = extension.compiledPlatform(target).slices();
    return Headers.of(extension.package, withPlatform(target, slices.slice()[0])).answer;
}

fn withPlatform(target: PythonTarget, platform: PlatformTag) PythonTarget {
    var result = target;
    result.platform = platform;
    return result;
}

/// `target` is what is compiled for, `whole` the wheel that it goes into.
fn compile(
    extension: *Extension,
    target: PythonTarget,
    whole: PythonTarget,
    shared: *std.ArrayList(Library.Shared),
) std.Build.LazyPath {
    const b = extension.package.b;
    const config = extension.package.config;
    const resolved = b.resolveTargetQuery(config.zig_target orelse target.platform.zigQuery());
    const os = resolved.result.os.tag;
    // Nothing unwinds through Zig and C code: the tables would serve only a debugger, as the rest that is stripped. C++
    // throws exceptions by them, and the C library for Windows, which is built with the same options, does not compile
    // without them in Zig 0.17.
    const has_c = extension.sources.files.len > 0 or extension.asks.module or extension.configure != null;
    const needs_tables = extension.sources.haveCpp() or (os == .windows and has_c);
    const unwind_tables: ?std.builtin.UnwindTables = if (needs_tables) .async else if (config.strip) .none else null;
    const omit_frame_pointer: ?bool = if (config.strip) true else null;
    // In Debug, C sources stop at undefined behaviour as in ReleaseSafe: the runtime that would explain it exports its
    // names, and modules of one process would share them.
    const sanitize_c: ?std.zig.SanitizeC = if (config.optimize == std.builtin.OptimizeMode.Debug) .trap else null;

    const options: std.Build.Module.CreateOptions = .{
        .target = resolved,
        .optimize = config.optimize,
        .strip = config.strip,
        .unwind_tables = unwind_tables,
        .omit_frame_pointer = omit_frame_pointer,
        .sanitize_c = sanitize_c,
        // On Linux, threads and the environment need the C library that the interpreter has set up. Zig has its own ways
        // on Windows, where a C library would cost a minute of building.
        .link_libc = os == .linux,
    };
    var own = options;
    own.root_source_file = extension.root_source_file;
    const user = b.createModule(own);
    const root = if (extension.signatures) |_| extension.boundModule("src/py/entry.zig", user, options, target) else user;
    extension.fill(user, target);
    if (extension.asks.module) {
        user.addImport("python", Headers.of(extension.package, target).translated(resolved, config.optimize));
    }
    extension.callConfigure(user, options, target, shared);
    if (os == .windows) root.addObjectFile(extension.package.importLibrary(target));
    if (target.platform.libc == .musl) extension.package.linkMusl(root, target.platform);

    const lib = b.addLibrary(.{ .name = extension.short_name, .linkage = .dynamic, .root_module = root });
    lib.step.name = b.fmt("compile {s} for {s}", .{ extension.name, extension.tagOf(whole) });
    // Elsewhere the interpreter brings Python's symbols when it loads the library.
    if (os != .windows) lib.linker_allow_shlib_undefined = true;
    // Of a DLL with our entry, that alone is exported; Zig would add names of its start-up code.
    if (os == .windows and extension.signatures != null) lib.dll_export_fns = false;
    if (os == .macos) lib.install_name = b.fmt("@rpath/{s}.so", .{extension.short_name});
    if (os == .linux) {
        // The last letter as a pattern of one: of a name that C sources lack LLD would say so in its own words, before
        // `inspect` can.
        const last = extension.short_name.len - 1;
        const exports = b.fmt("{{ global: PyInit_{s}[{s}]; local: *; }};\n", .{ extension.short_name[0..last], extension.short_name[last..] });
        lib.setVersionScript(b.addWriteFiles().add("exports.map", exports));
        // Zig's own linker, which Debug would take on x86_64, passes over the version script, and LLD takes LLVM's objects.
        lib.use_llvm = true;
        lib.use_lld = true;
    }
    return lib.getEmittedBin();
}

/// Adds C sources and what they include to the user's module.
pub fn fill(extension: *Extension, module: *std.Build.Module, target: PythonTarget) void {
    const b = extension.package.b;
    extension.sources.addTo(b, module);
    if (extension.sources.files.len > 0) module.addIncludePath(extension.checkedSources());
    if (extension.asks.headers) Headers.of(extension.package, target).addTo(module);
    if (extension.asks.numpy) module.addIncludePath(Headers.numpy(extension.package));
}

/// A folder that is there when the C sources are: as an include path it makes compilers wait for it.
fn checkedSources(extension: *Extension) std.Build.LazyPath {
    if (extension.checked_sources) |made| return made;
    const b = extension.package.b;
    const run = extension.package.runHost("sources-check");
    run.setName(b.fmt("look for the C sources of {s}", .{extension.name}));
    // A file that is an argument of a step must be there before the step runs.
    run.has_side_effects = true;
    run.addArgs(&.{ "--module", extension.name, "--root" });
    run_step.addAbsoluteDirectoryArg(run, extension.sources.root orelse b.path("."));
    run.addArg("--sources");
    // Command lines of Windows are short.
    run.addFileArg(b.addWriteFiles().add("sources.txt", std.mem.join(b.allocator, "\n", extension.sources.files) catch @panic("OOM")));
    run.addArg("--output");
    extension.checked_sources = run.addOutputFileArg("sources").dirname();
    return extension.checked_sources.?;
}

/// The module of a library or program of ours around the user's code; `path` is its root file. The code must be bound.
pub fn boundModule(
    extension: *Extension,
    path: []const u8,
    user: *std.Build.Module,
    options: std.Build.Module.CreateOptions,
    target: PythonTarget,
) *std.Build.Module {
    const b = extension.package.b;
    var own = options;
    own.root_source_file = extension.package.alloconda.path(path);
    const root = b.createModule(own);
    extension.bind(root, user, target);
    root.addImport("user", user);
    return root;
}

/// Gives the user's module and the root of the program, which may be the same, what they import.
pub fn bind(extension: *Extension, root: *std.Build.Module, user: *std.Build.Module, target: PythonTarget) void {
    const b = extension.package.b;
    const binding = extension.bindingModule(target);
    user.addImport("alloconda", binding);
    root.addImport("alloconda", binding);
    root.addImport("extension", extension.namesModule());
    const signatures = b.createModule(.{ .root_source_file = extension.signatures.? });
    signatures.addImport("alloconda", binding);
    root.addImport("signatures", signatures);
}

/// Lets the user's function add to a module that has `options`. `shared` gets libraries beside an extension.
pub fn callConfigure(
    extension: *Extension,
    module: *std.Build.Module,
    options: std.Build.Module.CreateOptions,
    python: PythonTarget,
    shared: ?*std.ArrayList(Library.Shared),
) void {
    const configure = extension.configure orelse return;
    configure(.{
        .b = extension.package.b,
        .module = module,
        .target = options.target.?,
        .optimize = options.optimize.?,
        .python = python,
        .options = options,
        .extension = extension,
        .beside = shared,
    });
}

/// The binding library for an ABI; what it compiles for otherwise is its importer's.
pub fn bindingModule(extension: *Extension, target: PythonTarget) *std.Build.Module {
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
fn reflect(package: *Package, name: []const u8, root_source_file: std.Build.LazyPath) std.Build.LazyPath {
    const run = package.runHost("reflect");
    run.setName(package.b.fmt("reflect {s}", .{name}));
    run.addFileArg(root_source_file);
    run.addArg("--output");
    const signatures = run.addOutputFileArg("signatures.zig");
    run.addArg("--depfile");
    _ = run.addDepFileOutputArg("signatures.d");
    return signatures;
}
