//! Zig and C in one module.

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
    return @import("std").mem.span(greeting());
}

test "C sources and libraries are there" {
    const std = @import("std");
    try std.testing.expectEqual(4, twice(2));
    try std.testing.expectEqual(6, thrice(2));
    try std.testing.expect(greet().len > 0);
}
