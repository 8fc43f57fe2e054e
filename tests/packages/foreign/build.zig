const std = @import("std");

pub fn build(b: *std.Build) void {
    const library = b.addLibrary(.{
        .name = "native",
        .linkage = .dynamic,
        .root_module = b.createModule(.{
            .root_source_file = b.path("src/native.zig"),
            .target = b.standardTargetOptions(.{}),
            .optimize = b.standardOptimizeOption(.{}),
            .strip = b.option(bool, "strip", "Leave out debug information"),
            .link_libc = true,
        }),
    });
    library.linker_allow_shlib_undefined = true;
    b.installArtifact(library);
}
