const std = @import("std");
const alloconda = @import("alloconda");

pub fn build(b: *std.Build) void {
    const package = alloconda.package(b, .{});
    package.addExtension(.{ .name = "c_sources._plain", .c_sources = &.{"src/plain.c"} });
    package.addExtension(.{
        .name = "c_sources._mixed",
        .root_source_file = b.path("src/mixed.zig"),
        .c_sources = &.{"src/times.c"},
        .macros = &.{"FACTOR=2"},
        .python_module = true,
        .configure = configureMixed,
    });
    package.addExtension(.{
        .name = "c_sources._raw",
        .root_source_file = b.path("src/raw.zig"),
        .own_init = true,
        .python_module = true,
    });
}

/// A static library, which becomes part of the extension, and a shared one beside it.
fn configureMixed(context: alloconda.Extension.Context) void {
    const static = library(context, .static, "tripled", null);
    context.module.linkLibrary(static);
    context.addSharedLibrary(library(context, .dynamic, "greeting", .{ .major = 1, .minor = 2, .patch = 3 }));
}

fn library(
    context: alloconda.Extension.Context,
    linkage: std.builtin.LinkMode,
    name: []const u8,
    version: ?std.SemanticVersion,
) *std.Build.Step.Compile {
    var options = context.options;
    options.link_libc = true;
    const module = context.b.createModule(options);
    module.addCSourceFile(.{ .file = context.b.path(context.b.fmt("src/{s}.c", .{name})) });
    return context.b.addLibrary(.{ .name = name, .linkage = linkage, .version = version, .root_module = module });
}
