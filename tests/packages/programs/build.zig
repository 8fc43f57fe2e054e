const std = @import("std");
const alloconda = @import("alloconda");

pub fn build(b: *std.Build) void {
    const package = alloconda.package(b, .{});
    package.addExtension(.{ .name = "programs._native", .root_source_file = b.path("src/root.zig") });
    package.addExecutable(.{ .name = "programs-tool", .root_source_file = b.path("src/tool.zig") });
}
