const std = @import("std");
const alloconda = @import("alloconda");

pub fn build(b: *std.Build) void {
    const package = alloconda.package(b, .{});
    package.addExecutable(.{ .name = "program-only", .root_source_file = b.path("src/tool.zig") });
}
