//! The functions that the benchmark calls. yardstick.c and pure.py beside this folder have the same ones.

const std = @import("std");

pub fn noop() void {}

pub fn add_ints(a: i64, b: i64) error{Overflow}!i64 {
    return std.math.add(i64, a, b);
}

pub fn add_floats(a: f64, b: f64) f64 {
    return a + b;
}

pub fn echo(text: []const u8) []const u8 {
    return text;
}

/// Called as `keywords(1)` and as `keywords(1, b=2, c=3)`.
pub fn keywords(a: i64, b: ?i64, c: ?i64) error{Overflow}!i64 {
    return std.math.add(i64, try std.math.add(i64, a, b orelse 0), c orelse 0);
}
