const std = @import("std");
const alloconda = @import("alloconda");

pub fn build(b: *std.Build) void {
    const package = alloconda.package(b, .{});
    package.addExtension(.{
        .name = "fast_histogram._histogram_core",
        .c_sources = &.{"fast_histogram/_histogram_core.c"},
        .numpy_headers = true,
    });
}
