//! A Python package with extension modules: the one holder of state of a user's build.zig.

const Package = @This();

const std = @import("std");
const Config = @import("Config.zig");
const Executable = @import("Executable.zig");
const Extension = @import("Extension.zig");
const Headers = @import("Headers.zig");
const PlatformTag = @import("../target/PlatformTag.zig");
const PythonTarget = @import("../target/PythonTarget.zig");
const run_step = @import("../compat/run_step.zig");
const Tests = @import("Tests.zig");
const Wheel = @import("Wheel.zig");

b: *std.Build,
/// alloconda itself, as a dependency of the user's project.
alloconda: *std.Build.Dependency,
config: Config,
/// One per Python target of `wheel` or `wheel-all`.
wheels: std.ArrayList(*Wheel),
install_step: *std.Build.Step,
wheel_step: *std.Build.Step,
wheel_all_step: *std.Build.Step,
inspect_step: *std.Build.Step,
test_step: *std.Build.Step,
stubs_step: *std.Build.Step,
/// Says what the wheels depend on beside their libraries; every extension adds its arguments.
survey: *std.Build.Step.Run,
survey_file: std.Build.LazyPath,
/// With `-Ddry-run`: write what `wheel` and `wheel-all` would build; every extension adds its arguments.
plans: ?Plans,
/// By DLL and architecture.
import_libraries: std.StringHashMapUnmanaged(std.Build.LazyPath),
musls: std.AutoHashMapUnmanaged(PlatformTag.Arch, Musl),
/// Of the targets whose extensions ask for them.
headers: std.ArrayList(*Headers),
/// What the interpreter that packs is, as far as headers go.
native_python: ?std.Build.LazyPath,
numpy_include: ?std.Build.LazyPath,
/// The folder whose alloconda.lock says which headers are fetched.
project: std.Build.LazyPath,
failed: bool,

const Plans = struct { one: *std.Build.Step.Run, all: *std.Build.Step.Run };

pub const Options = struct {
    /// The stable ABI: "true", "false", or the oldest Python version, such as "3.12". `-Dstable-abi` wins over it.
    /// Null: stable from 3.10 on, unless `-Dpython-version` asks for a version of its own.
    stable_abi: ?[]const u8 = null,
};

/// Use `alloconda.package` instead.
pub fn init(b: *std.Build, alloconda: *std.Build.Dependency, options: Options) *Package {
    const package = b.allocator.create(Package) catch @panic("OOM");
    const config: Config = .init(b, options.stable_abi);
    package.* = .{
        .b = b,
        .alloconda = alloconda,
        .config = config,
        .wheels = .empty,
        .install_step = b.getInstallStep(),
        .wheel_step = b.step("wheel", "Build a wheel for this machine's platform, or for those of -Dplatform"),
        .wheel_all_step = b.step("wheel-all", "Build wheels for macOS, Linux and, if asked for, Windows"),
        .inspect_step = b.step("inspect", "Write what is known of each library to inspect/ below the prefix"),
        .test_step = b.step("test", "Run the Zig tests"),
        .stubs_step = b.step("stubs", "Write type stubs to stubs/ below the prefix"),
        .survey = undefined,
        .survey_file = undefined,
        .plans = null,
        .import_libraries = .empty,
        .musls = .empty,
        .headers = .empty,
        .native_python = null,
        .numpy_include = null,
        .project = b.path("."),
        .failed = false,
    };
    if (config.problem) |sentence| package.fail(sentence);
    package.survey = package.runPython("survey");
    package.survey.setName("survey the Python package");
    // Which files the package has can change without the build graph seeing it. Packing depends on what is found.
    package.survey.has_side_effects = true;
    package.survey.addArg("--output");
    package.survey_file = package.survey.addOutputFileArg("survey.txt");

    for (config.matrix.one) |target| {
        if (!config.dry_run) package.wheel_step.dependOn(package.wheel(target).pack_step);
        package.inspect_step.dependOn(package.wheel(target).inspect_step);
    }
    if (config.dry_run) {
        package.plans = .{ .one = package.addPlan(package.wheel_step), .all = package.addPlan(package.wheel_all_step) };
    } else {
        for (config.matrix.all) |target| package.wheel_all_step.dependOn(package.wheel(target).pack_step);
    }
    switch (config.matrix.one.len) {
        0 => {},
        1 => package.install_step.dependOn(package.wheel(config.matrix.one[0]).install_step),
        else => package.install_step.dependOn(&b.addFail("install puts one build into place: name one -Dplatform and one -Dpython-version, or use the step 'wheel'").step),
    }
    return package;
}

/// Writes what `step` would build to matrix.json below the prefix.
fn addPlan(package: *Package, step: *std.Build.Step) *std.Build.Step.Run {
    const plan = package.runHost("plan");
    plan.addArg("--output");
    const matrix = plan.addOutputFileArg("matrix.json");
    step.dependOn(&package.b.addInstallFileWithDir(matrix, .prefix, "matrix.json").step);
    return plan;
}

/// The wheel for `target`, made once.
fn wheel(package: *Package, target: PythonTarget) *Wheel {
    for (package.wheels.items) |made| {
        if (made.target.eql(target)) return made;
    }
    const made: *Wheel = .init(package, target);
    package.survey.addArgs(&.{ "--wheel", target.wheelTag(package.b.allocator) catch @panic("OOM") });
    package.wheels.append(package.b.allocator, made) catch @panic("OOM");
    return made;
}

/// Adds an extension module to the package, for every target.
pub fn addExtension(package: *Package, options: Extension.Options) void {
    if (Extension.problem(package.b, options)) |sentence| return package.fail(sentence);
    if (package.failed) return;
    const extension: *Extension = .init(package, options);
    package.survey.addArgs(&.{ "--module", extension.name });
    for (package.wheels.items) |made| made.addExtension(extension);
    package.addToPlans(extension);
    if (Tests.of(extension)) |tests| package.test_step.dependOn(&tests.run.step);
    if (extension.stubs) |stubs| package.stubs_step.dependOn(&package.b.addInstallDirectory(.{
        .source_dir = stubs.folder,
        .install_dir = .prefix,
        .install_subdir = package.b.pathJoin(&.{ "stubs", std.fs.path.dirnamePosix(extension.path) orelse "" }),
    }).step);
}

/// Adds a native program, which installers put among the scripts. A package that has programs alone needs no Python of
/// a certain version: its wheel is `py3-none-PLATFORM`.
pub fn addExecutable(package: *Package, options: Executable.Options) void {
    if (Executable.nameProblem(package.b, options.name)) |sentence| return package.fail(sentence);
    if (package.failed) return;
    const executable: *Executable = .init(package, options);
    for (package.wheels.items) |made| made.addExecutable(executable);
    package.addToPlans(executable);
}

/// Adds a step that writes Python's headers below the prefix, for a build that makes its extensions itself: a folder for
/// each architecture of the platform, in order.
pub fn addHeadersStep(package: *Package) void {
    const b = package.b;
    const step = b.step("headers", "Write Python's headers to headers/ below the prefix");
    for (package.config.matrix.one) |target| for (target.platform.slices().slice(), 0..) |slice, number| {
        var one = target;
        one.platform = slice;
        const headers: *Headers = .of(package, one);
        const folder = b.fmt("headers/{d}", .{number});
        for (headers.include) |include| step.dependOn(&b.addInstallDirectory(.{
            .source_dir = include,
            .install_dir = .prefix,
            .install_subdir = folder,
        }).step);
        // It is there when they are the right ones.
        step.dependOn(&b.addInstallFileWithDir(headers.answer, .prefix, b.fmt("{s}/alloconda.json", .{folder})).step);
    };
}

/// `part` is an extension or an executable.
fn addToPlans(package: *Package, part: anytype) void {
    const plans = package.plans orelse return;
    for (package.config.matrix.one) |target| plans.one.addArgs(&part.planArguments(target));
    for (package.config.matrix.all) |target| plans.all.addArgs(&part.planArguments(target));
}

/// The program that does what a build graph cannot: read sources and libraries.
pub fn runHost(package: *Package, command: []const u8) *std.Build.Step.Run {
    const run = package.b.addRunArtifact(package.alloconda.artifact("alloconda-host"));
    run.addArg(command);
    return run;
}

/// Compares a compiled file with the tags of its wheel; what `host audit` is told of the file are `arguments`. Null when
/// that is turned off.
pub fn addAudit(
    package: *Package,
    name: []const u8,
    target: PythonTarget,
    file: std.Build.LazyPath,
    arguments: []const []const u8,
) ?std.Build.LazyPath {
    if (package.config.audit == .off) return null;
    const gpa = package.b.allocator;
    const run = package.runHost("audit");
    run.setName(name);
    run.addFileArg(file);
    run.addArgs(arguments);
    run.addArgs(&.{ "--python-tag", target.pythonTag(gpa) catch @panic("OOM") });
    run.addArgs(&.{ "--abi-tag", target.abiTag(gpa) catch @panic("OOM") });
    run.addArgs(&.{ "--platform-tag", target.platformTag(gpa) catch @panic("OOM") });
    run.addArgs(&.{ "--mode", @tagName(package.config.audit), "--output" });
    return run.addOutputFileArg("audit.json");
}

/// A command of the Python side that reads the project and its configuration.
pub fn runPython(package: *Package, command: []const u8) *std.Build.Step.Run {
    const run = package.runAlloconda(&.{command});
    run.addArg("--project-dir");
    run_step.addAbsoluteDirectoryArg(run, package.b.path("."));
    for (package.config.pack_options) |option| run.addArgs(&.{ "--option", option });
    return run;
}

/// The Python side, in the interpreter that packs.
pub fn runAlloconda(package: *Package, arguments: []const []const u8) *std.Build.Step.Run {
    const run = package.b.addSystemCommand(&.{package.config.python});
    run.addFileArg(package.alloconda.path("src/build/alloconda"));
    run.addArgs(arguments);
    return run;
}

/// What an extension for Windows is linked with: the names that Python's DLL exports. Made once per DLL and architecture.
pub fn importLibrary(package: *Package, target: PythonTarget) std.Build.LazyPath {
    const b = package.b;
    const dll = (target.windowsDll(b.allocator) catch @panic("OOM")).?;
    const name = b.fmt("{s} {t}", .{ dll, target.platform.arch });
    if (package.import_libraries.get(name)) |made| return made;

    const definitions = package.runHost("definitions");
    definitions.setName(b.fmt("definitions of {s}", .{name}));
    definitions.addArgs(&.{ "--dll", dll, "--arch", @tagName(target.platform.arch), "--output" });
    const definition_file = definitions.addOutputFileArg("python.def");

    const dlltool = b.addSystemCommand(&.{ b.graph.zig_exe, "dlltool", "-D", dll, "-m" });
    dlltool.setName(b.fmt("import library of {s}", .{name}));
    dlltool.addArg(switch (target.platform.arch) {
        .x86_64 => "i386:x86-64",
        .x86 => "i386",
        .aarch64 => "arm64",
        else => unreachable, // Windows runs on no other
    });
    dlltool.addArg("-d");
    dlltool.addFileArg(definition_file);
    dlltool.addArg("-l");
    const import_library = dlltool.addOutputFileArg("python.lib");
    package.import_libraries.put(b.allocator, name, import_library) catch @panic("OOM");
    return import_library;
}

/// What an extension for musl is linked with, before Zig's own musl.
pub const Musl = struct {
    /// A library with the names and the file name of musl's; see `src/host/musl_stub.zig`.
    stub: std.Build.LazyPath,
    /// What musl 1.2.0 did not have yet; see `src/musl/since.zig`.
    since: std.Build.LazyPath,
};

/// Links a module for musl.
pub fn linkMusl(package: *Package, module: *std.Build.Module, platform: PlatformTag) void {
    const made = package.musl(platform);
    module.addObjectFile(made.stub);
    module.addObjectFile(made.since);
}

/// Made once per architecture.
fn musl(package: *Package, platform: PlatformTag) Musl {
    const b = package.b;
    if (package.musls.get(platform.arch)) |made| return made;
    const target = b.resolveTargetQuery(platform.zigQuery());
    const arch = platform.muslArch();
    const write = package.runHost("musl-stub");
    write.setName(b.fmt("names of musl for {s}", .{arch}));
    write.addArgs(&.{ "--arch", @tagName(target.result.cpu.arch), "--output" });
    const stub = b.addLibrary(.{
        .name = b.fmt("c.musl-{s}", .{arch}),
        // Together they make the soname, libc.musl-x86_64.so.1.
        .version = .{ .major = 1, .minor = 0, .patch = 0 },
        .linkage = .dynamic,
        .root_module = b.createModule(.{ .target = target, .optimize = .ReleaseSmall, .strip = true }),
    });
    stub.root_module.addAssemblyFile(write.addOutputFileArg("libc.s"));
    stub.bundle_compiler_rt = false;
    const since = b.addObject(.{
        .name = b.fmt("since.musl-{s}", .{arch}),
        .root_module = b.createModule(.{
            .root_source_file = package.alloconda.path("src/musl/since.zig"),
            .target = target,
            .optimize = .ReleaseSmall,
            .strip = true,
            .unwind_tables = .none,
            .link_libc = true,
            .pic = true,
        }),
    });
    const made: Musl = .{ .stub = stub.getEmittedBin(), .since = since.getEmittedBin() };
    package.musls.put(b.allocator, platform.arch, made) catch @panic("OOM");
    return made;
}

/// Makes every step fail with a sentence for the user: what, why, what to do. Whatever else they would do is left out, for
/// what comes of it would only hide the sentence.
fn fail(package: *Package, sentence: []const u8) void {
    const step = &package.b.addFail(sentence).step;
    const public = .{ package.install_step, package.wheel_step, package.wheel_all_step, package.inspect_step, package.test_step, package.stubs_step };
    inline for (public) |one| {
        if (!package.failed) one.dependencies.clearRetainingCapacity();
        one.dependOn(step);
    }
    package.failed = true;
}
