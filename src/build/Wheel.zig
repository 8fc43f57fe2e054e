//! One wheel: the extensions of a package for one Python target, a manifest beside them, and the packer that zips them.

const Wheel = @This();

const std = @import("std");
const Executable = @import("Executable.zig");
const Extension = @import("Extension.zig");
const Package = @import("Package.zig");
const PythonTarget = @import("../target/PythonTarget.zig");
const run_step = @import("../compat/run_step.zig");

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
    if (extension.stubs) |stubs| {
        wheel.manifest.addArg("--stubs");
        wheel.manifest.addFileArg(stubs.list);
        _ = wheel.stage.addCopyDirectory(stubs.folder, std.fs.path.dirnamePosix(extension.path) orelse "", .{});
    }
    _ = wheel.facts.addCopyFile(library.facts, wheel.package.b.fmt("{s}.json", .{extension.name}));
}

/// Adds a shared library that extensions need; several of one folder may need the same.
fn addBeside(wheel: *Wheel, path: []const u8, file: std.Build.LazyPath) void {
    for (wheel.beside.items) |known| if (std.mem.eql(u8, known, path)) return;
    wheel.beside.append(wheel.package.b.allocator, path) catch @panic("OOM");
    wheel.manifest.addArgs(&.{ "--library", path });
    _ = wheel.stage.addCopyFile(file, path);
}

/// Builds `executable` for this wheel's platform and puts it into the wheel.
pub fn addExecutable(wheel: *Wheel, executable: *Executable) void {
    const program = executable.program(wheel.target);
    // A folder of its own: a package may have the program's name.
    const file = wheel.package.b.fmt("programs/{s}", .{executable.fileName(wheel.target.platform)});
    wheel.manifest.addArgs(&.{ "--program", executable.options.name, "--file", file, "--facts" });
    wheel.manifest.addFileArg(program.facts);
    if (program.findings) |findings| wheel.manifest.addFileInput(findings);
    _ = wheel.stage.addCopyFile(program.file, file);
    _ = wheel.facts.addCopyFile(program.facts, wheel.package.b.fmt("{s}.program.json", .{executable.options.name}));
}

/// Packs the stage into a wheel in the cache, and puts that where the user wants it.
fn addPack(package: *Package, tag: []const u8, stage: std.Build.LazyPath) *std.Build.Step {
    const b = package.b;
    const pack = package.runPython("pack");
    pack.setName(b.fmt("pack {s}", .{tag}));
    pack.addArg("--manifest");
    // The folder, not the file: its path is made of a digest of all that is in it, the libraries too.
    pack.addDecoratedDirectoryArg("", stage, "/manifest.json");
    pack.addArg("--survey");
    pack.addFileArg(package.survey_file);
    pack.addArg("--wheel-dir");
    const folder = pack.addOutputDirectoryArg("wheel");
    pack.addArg("--name-file");
    const name = pack.addOutputFileArg("name.txt");

    const place = package.runHost("place");
    place.setName(b.fmt("place {s}", .{tag}));
    // The user may have deleted the wheel.
    place.has_side_effects = true;
    place.addArg("--name");
    place.addFileArg(name);
    place.addArg("--from");
    place.addDirectoryArg(folder);
    place.addArg("--to");
    if (package.config.wheel_dir) |dir| {
        place.addArg(dir);
    } else {
        run_step.addAbsoluteDirectoryArg(place, b.path("dist"));
    }
    if (package.config.quiet) place.addArg("--quiet");
    return &place.step;
}

fn text(result: std.mem.Allocator.Error![]u8) []const u8 {
    return result catch @panic("OOM");
}
