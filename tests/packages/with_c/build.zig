const std = @import("std");
const alloconda = @import("alloconda");

pub fn build(b: *std.Build) void {
    const package = alloconda.package(b, .{});
    package.addExtension(.{ .name = "with_c._native", .root_source_file = b.path("src/root.zig"), .configure = addSources });
}

fn addSources(context: alloconda.Extension.Context) void {
    context.module.link_libc = true;
    context.module.addCSourceFile(.{ .file = context.b.path("src/twice.c") });
}
