const std = @import("std");
const alloconda = @import("alloconda");

pub fn build(b: *std.Build) void {
    const package = alloconda.package(b, .{ .stable_abi = "3.11" });
    package.addExtension(.{ .name = "several._one", .root_source_file = b.path("src/one.zig") });
    package.addExtension(.{
        .name = "several.inner._two",
        .root_source_file = b.path("src/two.zig"),
        .configure = configure,
    });
}

fn configure(context: alloconda.Extension.Context) void {
    context.module.link_libc = true;
    context.module.addCSourceFile(.{ .file = context.b.path("src/twice.c") });
    context.module.addIncludePath(context.b.path("src"));
    const options = context.b.addOptions();
    options.addOption(u8, "minor", @intCast(context.python.version.minor));
    context.module.addOptions("build_facts", options);
}
