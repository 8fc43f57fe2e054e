//! C beside Zig.

extern fn twice(value: c_longlong) c_longlong;

/// Add two integers; C does the half of it.
pub fn add(a: i64, b: i64) i64 {
    return @divExact(twice(a) + twice(b), 2);
}
