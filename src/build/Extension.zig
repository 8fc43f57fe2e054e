//! One extension module as a recipe: what it is built from, for whatever target is asked for.

const Extension = @This();

const std = @import("std");
const Package = @import("Package.zig");
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
/// One per (platform, ABI): wheels of several Python versions share one under the stable ABI.
libraries: std.ArrayList(Built),

pub const Options = struct {
    /// Full name of the module as Python imports it, such as "geometry._native".
    name: []const u8,
    /// The file whose `pub fn` become functions of the module.
    root_source_file: std.Build.LazyPath,
    /// Called once per (platform, ABI) with the user's module, to add imports, C sources and libraries to it.
    configure: ?*const fn (Context) void = null,
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
        .libraries = .empty,
    };
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

/// The library for `target`: compiled, checked and described.
pub fn library(extension: *Extension, target: PythonTarget) Library {
    for (extension.libraries.items) |built| {
        if (built.target.eql(target)) return built.library;
    }
    const b = extension.package.b;
    const file = extension.compile(target);
    const inspect = extension.package.runHost("inspect");
    inspect.setName(b.fmt("inspect {s}", .{extension.name}));
    inspect.addFileArg(file);
    inspect.addArgs(&.{ "--module", extension.name, "--output" });
    const result: Library = .{ .file = file, .facts = inspect.addOutputFileArg("facts.json") };
    extension.libraries.append(b.allocator, .{ .target = target, .library = result }) catch @panic("OOM");
    return result;
}

fn compile(extension: *Extension, target: PythonTarget) std.Build.LazyPath {
    const b = extension.package.b;
    const config = extension.package.config;
    const resolved = b.resolveTargetQuery(target.platform.zigQuery());
    const os = resolved.result.os.tag;
    // Nothing unwinds through Zig code: the tables would serve only a debugger, as the rest that is stripped.
    const unwind_tables: ?std.builtin.UnwindTables = if (config.strip) .none else null;
    const omit_frame_pointer: ?bool = if (config.strip) true else null;

    const root = b.createModule(.{
        .root_source_file = extension.package.alloconda.path("src/py/entry.zig"),
        .target = resolved,
        .optimize = config.optimize,
        .strip = config.strip,
        .unwind_tables = unwind_tables,
        .omit_frame_pointer = omit_frame_pointer,
        // On Linux, threads and the environment need the C library that the interpreter has set up. Zig has its own
        // ways on Windows, where a C library would cost a minute of building.
        .link_libc = os == .linux,
    });
    const user = b.createModule(.{
        .root_source_file = extension.root_source_file,
        .target = resolved,
        .optimize = config.optimize,
        .strip = config.strip,
        .unwind_tables = unwind_tables,
        .omit_frame_pointer = omit_frame_pointer,
    });
    const binding = extension.bindingModule(target);
    user.addImport("alloconda", binding);
    root.addImport("alloconda", binding);
    root.addImport("user", user);
    root.addImport("extension", extension.namesModule());
    const signatures = b.createModule(.{ .root_source_file = extension.signatures });
    signatures.addImport("alloconda", binding);
    root.addImport("signatures", signatures);
    if (extension.configure) |configure| configure(.{
        .b = b,
        .module = user,
        .target = resolved,
        .optimize = config.optimize,
        .python = target,
    });

    const lib = b.addLibrary(.{ .name = extension.short_name, .linkage = .dynamic, .root_module = root });
    lib.step.name = b.fmt("compile {s} for {s}", .{ extension.name, target.wheelTag(b.allocator) catch @panic("OOM") });
    // The interpreter brings Python's symbols when it loads the library.
    if (os != .windows) lib.linker_allow_shlib_undefined = true;
    if (os == .linux) lib.setVersionScript(b.addWriteFiles().add("exports.map", b.fmt("{{ global: PyInit_{s}; local: *; }};\n", .{extension.short_name})));
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

/// Runs the `test` blocks of the root file and what it imports: on this machine, outside Python, with all safety checks.
pub fn addTests(extension: *Extension) void {
    const b = extension.package.b;
    const targets = extension.package.config.targets;
    const target = if (targets.len > 0) targets[0] else return;
    const module = b.createModule(.{
        .root_source_file = extension.root_source_file,
        .target = b.graph.host,
        .optimize = .Debug,
    });
    module.addImport("alloconda", extension.bindingModule(target));
    if (extension.configure) |configure| configure(.{
        .b = b,
        .module = module,
        .target = b.graph.host,
        .optimize = .Debug,
        .python = target,
    });
    const tests = b.addTest(.{ .name = extension.short_name, .root_module = module });
    extension.package.test_step.dependOn(&b.addRunArtifact(tests).step);
}
