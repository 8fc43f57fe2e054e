const std = @import("std");
const alloconda = @import("alloconda");

pub fn build(b: *std.Build) void {
    const package = alloconda.package(b, .{});
    package.addExtension(.{ .name = "msgpack._cmsgpack", .c_sources = &.{"msgpack/_cmsgpack.c"}, .include_paths = &.{b.path(".")} });
}
