//! One native program as a recipe: installers put it among the scripts of the environment. Nothing in it knows Python.

const Executable = @This();

const std = @import("std");
const Package = @import("Package.zig");
const PlatformTag = @import("../target/PlatformTag.zig");
const PythonTarget = @import("../target/PythonTarget.zig");

package: *Package,
options: Options,
/// One per platform.
programs: std.ArrayList(Built),

pub const Options = struct {
    /// What users type to run it.
    name: []const u8,
    /// The file with `main`.
    root_source_file: std.Build.LazyPath,
    /// Called once per platform with the program's module, to add imports, C sources and libraries to it.
    configure: ?*const fn (Context) void = null,
};

/// What a `configure` function works on.
pub const Context = struct {
    b: *std.Build,
    /// The module of the root source file.
    module: *std.Build.Module,
    target: std.Build.ResolvedTarget,
    optimize: std.builtin.OptimizeMode,

    /// A dependency of build.zig.zon, built for the same target and optimize mode.
    pub fn dependency(context: Context, name: []const u8) *std.Build.Dependency {
        return context.b.dependency(name, .{ .target = context.target, .optimize = context.optimize });
    }
};

/// A compiled program, what was found in it, and what the audit says of it.
pub const Program = struct {
    file: std.Build.LazyPath,
    facts: std.Build.LazyPath,
    findings: ?std.Build.LazyPath,
};

const Built = struct { platform: PlatformTag, program: Program };

/// `options.name` must have passed `nameProblem`.
pub fn init(package: *Package, options: Options) *Executable {
    const executable = package.b.allocator.create(Executable) catch @panic("OOM");
    executable.* = .{ .package = package, .options = options, .programs = .empty };
    return executable;
}

/// Why `name` cannot be a program's name, as a sentence for the user, or null when it can.
pub fn nameProblem(b: *std.Build, name: []const u8) ?[]const u8 {
    for (name, 0..) |byte, i| switch (byte) {
        'a'...'z', 'A'...'Z', '0'...'9', '_' => {},
        '-', '.' => if (i == 0) break,
        else => break,
    } else if (name.len > 0) return null;
    return b.fmt("'{s}' is not the name of a program: a name has letters, digits, '_', '-' and '.', and none of the last two first", .{name});
}

/// What the file is called: `tool`, `tool.exe`.
pub fn fileName(executable: *Executable, platform: PlatformTag) []const u8 {
    return executable.package.b.fmt("{s}{s}", .{ executable.options.name, if (platform.os == .windows) ".exe" else "" });
}

/// Arguments of `host plan`: what a wheel for `target` would have of this program.
pub fn planArguments(executable: *Executable, target: PythonTarget) [7][]const u8 {
    const gpa = executable.package.b.allocator;
    return .{
        "--program",
        target.pythonTag(gpa) catch @panic("OOM"),
        target.abiTag(gpa) catch @panic("OOM"),
        target.platformTag(gpa) catch @panic("OOM"),
        target.platform.zigTriples(gpa) catch @panic("OOM"),
        executable.options.name,
        executable.fileName(target.platform),
    };
}

/// The program for the platform of `target`: compiled, described and compared with the platform tag.
pub fn program(executable: *Executable, target: PythonTarget) Program {
    for (executable.programs.items) |built| {
        if (built.platform.eql(target.platform)) return built.program;
    }
    const package = executable.package;
    const b = package.b;
    const file = executable.compileAll(target.platform);
    const inspect = package.runHost("inspect");
    inspect.setName(executable.stepName("inspect", target.platform));
    inspect.addFileArg(file);
    inspect.addArg("--output");
    const facts = inspect.addOutputFileArg("facts.json");
    const name = executable.stepName("audit", target.platform);
    const result: Program = .{
        .file = file,
        .facts = facts,
        .findings = package.addAudit(name, target, file, &.{ "--program", "--file", executable.fileName(target.platform) }),
    };
    executable.programs.append(b.allocator, .{ .platform = target.platform, .program = result }) catch @panic("OOM");
    return result;
}

/// One program, or for universal2 the programs of both architectures in one file.
fn compileAll(executable: *Executable, wanted: PlatformTag) std.Build.LazyPath {
    const platform = executable.package.config.matrix.compiled orelse wanted;
    const slices = platform.slices();
    if (slices.len == 1) return executable.compile(platform, wanted);
    const fat = executable.package.runHost("fat");
    fat.setName(executable.stepName("join", wanted));
    for (slices.slice()) |slice| fat.addFileArg(executable.compile(slice, wanted));
    fat.addArg("--output");
    return fat.addOutputFileArg(executable.options.name);
}

/// `platform` is what is compiled for, `whole` that of the wheel.
fn compile(executable: *Executable, platform: PlatformTag, whole: PlatformTag) std.Build.LazyPath {
    const b = executable.package.b;
    const config = executable.package.config;
    const resolved = b.resolveTargetQuery(config.zig_target orelse platform.zigQuery());
    const module = b.createModule(.{
        .root_source_file = executable.options.root_source_file,
        .target = resolved,
        .optimize = config.optimize,
        .strip = config.strip,
    });
    if (executable.options.configure) |configure| configure(.{
        .b = b,
        .module = module,
        .target = resolved,
        .optimize = config.optimize,
    });
    const compiled = b.addExecutable(.{ .name = executable.options.name, .root_module = module });
    compiled.step.name = executable.stepName("compile", whole);
    return compiled.getEmittedBin();
}

fn stepName(executable: *Executable, verb: []const u8, platform: PlatformTag) []const u8 {
    const b = executable.package.b;
    return b.fmt("{s} {s} for {s}", .{ verb, executable.options.name, platform.text(b.allocator) catch @panic("OOM") });
}
