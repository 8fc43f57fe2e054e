const std = @import("std");
const alloconda = @import("alloconda");

pub fn build(b: *std.Build) void {
    const package = alloconda.package(b, .{});
    package.addExtension(.{
        .name = "markupsafe._speedups",
        .c_sources = &.{"src/markupsafe/_speedups.c"},
    });
}
