//! Zig and C in one module.

const std = @import("std");
const c = @import("python");

extern fn times(value: c_int) c_int;
extern fn tripled(value: c_int) c_int;
extern fn greeting() [*:0]const u8;

/// Double in C.
pub fn twice(value: i32) i32 {
    return times(value);
}

/// Triple in a static library.
pub fn thrice(value: i32) i32 {
    return tripled(value);
}

/// Text of a shared library.
pub fn greet() []const u8 {
    return std.mem.span(greeting());
}

/// The minor version of Python's headers.
pub fn headers() i32 {
    return c.PY_MINOR_VERSION;
}

test "C sources, libraries and the translated C API are there" {
    try std.testing.expectEqual(42, twice(21));
    try std.testing.expectEqual(42, thrice(14));
    try std.testing.expectEqualStrings("hello from beside", greet());
    try std.testing.expect(headers() >= 10);
    try std.testing.expectEqual(@sizeOf(*anyopaque), @sizeOf(c.Py_ssize_t));
}
