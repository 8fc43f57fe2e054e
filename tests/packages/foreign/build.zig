const std = @import("std");

pub fn build(b: *std.Build) void {
    const target = b.standardTargetOptions(.{});
    const library = b.addLibrary(.{
        .name = "native",
        .linkage = .dynamic,
        .root_module = b.createModule(.{
            .root_source_file = b.path("src/native.zig"),
            .target = target,
            .optimize = b.standardOptimizeOption(.{}),
            .strip = b.option(bool, "strip", "Leave out debug information"),
            // That of Windows would take Zig a minute to build.
            .link_libc = target.result.os.tag != .windows,
        }),
    });
    library.linker_allow_shlib_undefined = true;
    b.installArtifact(library);
}
