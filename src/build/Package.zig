//! A Python package with extension modules: the one holder of state of a user's build.zig.

const Package = @This();

const std = @import("std");
const Config = @import("Config.zig");
const Extension = @import("Extension.zig");
const Wheel = @import("Wheel.zig");

b: *std.Build,
/// alloconda itself, as a dependency of the user's project.
alloconda: *std.Build.Dependency,
config: Config,
/// One per Python target.
wheels: []const *Wheel,
install_step: *std.Build.Step,
wheel_step: *std.Build.Step,
test_step: *std.Build.Step,

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
        .wheels = &.{},
        .install_step = b.getInstallStep(),
        .wheel_step = b.step("wheel", "Build a wheel"),
        .test_step = b.step("test", "Run the Zig tests"),
    };
    if (config.problem) |sentence| package.fail(sentence);

    const wheels = b.allocator.alloc(*Wheel, config.targets.len) catch @panic("OOM");
    for (wheels, config.targets) |*wheel, target| wheel.* = .init(package, target);
    package.wheels = wheels;
    for (wheels) |wheel| package.wheel_step.dependOn(wheel.pack_step);
    if (wheels.len == 1) {
        package.install_step.dependOn(wheels[0].install_step);
    } else if (wheels.len > 1) {
        package.install_step.dependOn(&b.addFail("install puts one build into place: name one -Dplatform and one -Dpython-version, or use the step 'wheel'").step);
    }
    return package;
}

/// Adds an extension module to the package, for every target.
pub fn addExtension(package: *Package, options: Extension.Options) void {
    if (Extension.nameProblem(package.b, options.name)) |sentence| return package.fail(sentence);
    const extension: *Extension = .init(package, options);
    for (package.wheels) |wheel| wheel.addExtension(extension);
    extension.addTests();
}

/// The program that does what a build graph cannot: read sources and libraries.
pub fn runHost(package: *Package, command: []const u8) *std.Build.Step.Run {
    const run = package.b.addRunArtifact(package.alloconda.artifact("alloconda-host"));
    run.addArg(command);
    return run;
}

/// Makes every step fail with a sentence for the user: what, why, what to do.
fn fail(package: *Package, sentence: []const u8) void {
    const step = &package.b.addFail(sentence).step;
    for ([_]*std.Build.Step{ package.install_step, package.wheel_step, package.test_step }) |public| public.dependOn(step);
}
