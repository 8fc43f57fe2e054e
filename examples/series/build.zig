const std = @import("std");
const alloconda = @import("alloconda");

pub fn build(b: *std.Build) void {
    // Buffers are in the stable ABI since Python 3.11.
    const package = alloconda.package(b, .{ .stable_abi = "3.11" });
    package.addExtension(.{ .name = "series._native", .root_source_file = b.path("src/root.zig") });
}
