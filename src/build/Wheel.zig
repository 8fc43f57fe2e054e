//! One wheel: the extensions of a package for one Python target, a manifest beside them, and the packer that zips them.

const Wheel = @This();

const std = @import("std");
const Extension = @import("Extension.zig");
const Package = @import("Package.zig");
const PythonTarget = @import("../target/PythonTarget.zig");

package: *Package,
target: PythonTarget,
/// Writes manifest.json; every extension adds its arguments.
manifest: *std.Build.Step.Run,
/// The folder with manifest.json and the files that it names.
stage: *std.Build.Step.WriteFile,
/// What is known of each library, one JSON file for each.
facts: *std.Build.Step.WriteFile,
/// Paths of shared libraries beside the extensions.
beside: std.ArrayList([]const u8),
pack_step: *std.Build.Step,
/// Puts the stage below the prefix.
install_step: *std.Build.Step,
/// Puts what is known of each library below the prefix.
inspect_step: *std.Build.Step,

pub fn init(package: *Package, target: PythonTarget) *Wheel {
    const b = package.b;
    const tag = text(target.wheelTag(b.allocator));

    const manifest = package.runHost("manifest");
    manifest.setName(b.fmt("manifest for {s}", .{tag}));
    manifest.addArg("--output");
    const manifest_file = manifest.addOutputFileArg("manifest.json");
    manifest.addArgs(&.{ "--python-tag", text(target.pythonTag(b.allocator)) });
    manifest.addArgs(&.{ "--abi-tag", text(target.abiTag(b.allocator)) });
    manifest.addArgs(&.{ "--platform-tag", text(target.platformTag(b.allocator)) });

    const stage = b.addWriteFiles();
    stage.step.name = b.fmt("stage {s}", .{tag});
    _ = stage.addCopyFile(manifest_file, "manifest.json");

    const facts = b.addWriteFiles();
    facts.step.name = b.fmt("facts {s}", .{tag});

    const wheel = b.allocator.create(Wheel) catch @panic("OOM");
    wheel.* = .{
        .package = package,
        .target = target,
        .manifest = manifest,
        .stage = stage,
        .beside = .empty,
        .pack_step = addPack(package, tag, stage.getDirectory()),
        .install_step = &b.addInstallDirectory(.{
            .source_dir = stage.getDirectory(),
            .install_dir = .prefix,
            .install_subdir = "",
        }).step,
        .inspect_step = &b.addInstallDirectory(.{
            .source_dir = facts.getDirectory(),
            .install_dir = .prefix,
            .install_subdir = b.fmt("inspect/{s}", .{tag}),
        }).step,
        .facts = facts,
    };
    return wheel;
}

/// Builds `extension` for this wheel's target and puts it into the wheel.
pub fn addExtension(wheel: *Wheel, extension: *Extension) void {
    const library = extension.library(wheel.target);
    const audits = extension.audit(wheel.target, library);
    const file = extension.fileName(wheel.target);
    wheel.manifest.addArgs(&.{ "--extension", extension.name, "--file", file, "--facts" });
    wheel.manifest.addFileArg(library.facts);
    for (audits) |findings| wheel.manifest.addFileInput(findings);
    for (library.shared) |shared| wheel.addBeside(extension.beside(shared.name), shared.file);
    if (library.headers) |answer| _ = wheel.facts.addCopyFile(answer, wheel.package.b.fmt("{s}.headers.json", .{extension.name}));
    _ = wheel.stage.addCopyFile(library.file, file);
    _ = wheel.facts.addCopyFile(library.facts, wheel.package.b.fmt("{s}.json", .{extension.name}));
}

/// Adds a shared library that extensions need; several of one folder may need the same.
fn addBeside(wheel: *Wheel, path: []const u8, file: std.Build.LazyPath) void {
    for (wheel.beside.items) |known| if (std.mem.eql(u8, known, path)) return;
    wheel.beside.append(wheel.package.b.allocator, path) catch @panic("OOM");
    wheel.manifest.addArgs(&.{ "--library", path });
    _ = wheel.stage.addCopyFile(file, path);
}

/// Runs on every build: which files the package has can change without the build graph seeing it.
fn addPack(package: *Package, tag: []const u8, stage: std.Build.LazyPath) *std.Build.Step {
    const b = package.b;
    const config = package.config;
    const run = b.addSystemCommand(&.{config.python});
    run.setName(b.fmt("pack {s}", .{tag}));
    run.has_side_effects = true;
    run.addFileArg(package.alloconda.path("src/build/alloconda"));
    run.addArgs(&.{ "pack", "--manifest" });
    run.addFileArg(stage.path(b, "manifest.json"));
    run.addArg("--project-dir");
    run.addDirectoryArg(b.path("."));
    run.addArg("--wheel-dir");
    if (config.wheel_dir) |dir| run.addArg(dir) else run.addDirectoryArg(b.path("dist"));
    for (config.pack_options) |option| run.addArgs(&.{ "--option", option });
    return &run.step;
}

fn text(result: std.mem.Allocator.Error![]u8) []const u8 {
    return result catch @panic("OOM");
}
