const std = @import("std");
const alloconda = @import("alloconda");

pub fn build(b: *std.Build) void {
    const package = alloconda.package(b, .{});
    const folder = "src/ujson/deps/double-conversion/double-conversion/";
    package.addExtension(.{
        .name = "ujson",
        .c_sources = &.{
            "src/ujson/ujson.c",             "src/ujson/encode.c",            "src/ujson/decode.c",
            "src/ujson/dconv_wrapper.cc",    folder ++ "bignum.cc",           folder ++ "bignum-dtoa.cc",
            folder ++ "cached-powers.cc",    folder ++ "fast-dtoa.cc",        folder ++ "fixed-dtoa.cc",
            folder ++ "double-to-string.cc", folder ++ "string-to-double.cc", folder ++ "strtod.cc",
        },
        .include_paths = &.{ b.path("src/ujson"), b.path(folder) },
        .macros = &.{ "UJSON_VERSION=\"6.1.0\"", "_GNU_SOURCE" },
    });
}
