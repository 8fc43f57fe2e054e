//! What a user's build.zig imports: `package`, and the types that it meets on the way. The rest is this project's own
//! steps.

const std = @import("std");

pub const Package = @import("src/build/Package.zig");
pub const Executable = @import("src/build/Executable.zig");
pub const Extension = @import("src/build/Extension.zig");
pub const PythonTarget = @import("src/target/PythonTarget.zig");

/// Reads the `-D` options, makes the steps `install`, `wheel` and `test`, and returns the package to add extensions to:
///
///     const package = alloconda.package(b, .{});
///     package.addExtension(.{ .name = "geometry._native", .root_source_file = b.path("src/root.zig") });
pub fn package(b: *std.Build, options: Package.Options) *Package {
    return .init(b, b.dependencyFromBuildZig(@This(), .{}), options);
}

pub fn build(b: *std.Build) void {
    // Debug always: it compiles in under a second, and no user waits for it to run. As the program that writes stubs it
    // has no tables for a debugger, so that Zig compiles its own library for both at once.
    const host = b.addExecutable(.{
        .name = "alloconda-host",
        .root_module = b.createModule(.{
            .root_source_file = b.path("src/host.zig"),
            .target = b.graph.host,
            .optimize = .Debug,
            .strip = true,
        }),
    });
    b.installArtifact(host);

    // A library that this build has not made, as the extension of a package: the Python side uses it for projects whose
    // build.zig does not know alloconda.
    if (b.option([]const u8, "module", "Make the steps of a package with one extension, which is built already")) |module| {
        const library = b.option([]const u8, "library", "The library of -Dmodule") orelse "";
        const project = b.option([]const u8, "project", "The folder of the project that it belongs to") orelse ".";
        return addBuilt(b, module, library, project);
    }

    const test_step = b.step("test", "Run the Zig tests");
    const abi = b.addOptions();
    abi.addOption(u8, "minor", 10);
    abi.addOption(bool, "stable", true);
    abi.addOption(bool, "free_threaded", false);
    for ([_][]const u8{ "src/host.zig", "src/py.zig" }) |root| {
        const module = b.createModule(.{
            .root_source_file = b.path(root),
            .target = b.graph.host,
            .optimize = .Debug,
        });
        module.addOptions("python_abi", abi);
        test_step.dependOn(&b.addRunArtifact(b.addTest(.{ .root_module = module })).step);
    }
}

fn addBuilt(b: *std.Build, module: []const u8, library: []const u8, project: []const u8) void {
    const itself = b.allocator.create(std.Build.Dependency) catch @panic("OOM");
    itself.* = .{ .builder = b };
    const made: *Package = .init(b, itself, .{});
    made.config.prebuilt = b.allocator.dupe([]const u8, &.{b.fmt("{s}={s}", .{ module, library })}) catch @panic("OOM");
    made.project = .{ .cwd_relative = project };
    made.addHeadersStep();
    // Nothing of the source is compiled; it stands for one.
    made.addExtension(.{ .name = module, .root_source_file = b.path("src/host.zig") });
}
