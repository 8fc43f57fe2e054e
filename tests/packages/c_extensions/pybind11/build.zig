const std = @import("std");
const alloconda = @import("alloconda");

pub fn build(b: *std.Build) void {
    const package = alloconda.package(b, .{});
    package.addExtension(.{
        .name = "pybind11_tests",
        .c_sources = &.{
            "tests/pybind11_tests.cpp",              "tests/test_enum.cpp",                    "tests/test_operator_overloading.cpp",
            "tests/test_methods_and_attributes.cpp", "tests/test_sequences_and_iterators.cpp",
        },
        .include_paths = &.{b.path("include")},
    });
}
