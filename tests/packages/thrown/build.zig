const std = @import("std");
const alloconda = @import("alloconda");

pub fn build(b: *std.Build) void {
    const package = alloconda.package(b, .{});
    package.addExtension(.{
        .name = "thrown._cpp",
        .c_sources = &.{ "src/module.cpp", "src/half.cc" },
        .cpp_flags = &.{"-std=c++17"},
    });
}
