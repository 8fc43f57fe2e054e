//! The functions that the benchmark calls. yardstick.c and pure.py beside this folder have the same ones.

const std = @import("std");
const py = @import("alloconda");

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

// Sums wrap around: it is the reading that is measured.

/// Copies the list first.
pub fn sum_ints(values: []const i64) i64 {
    var total: i64 = 0;
    for (values) |value| total +%= value;
    return total;
}

/// Reads the list in place.
pub fn sum_list(values: py.List(i64)) error{Python}!i64 {
    var total: i64 = 0;
    var items = values.iterator();
    while (try items.next()) |value| total +%= value;
    return total;
}

pub fn halves(arena: std.mem.Allocator, count: usize) error{OutOfMemory}![]f64 {
    const result = try arena.alloc(f64, count);
    for (result, 0..) |*half, i| half.* = @as(f64, @floatFromInt(i)) / 2;
    return result;
}

pub fn scale(pair: struct { i64, f64 }) f64 {
    return @as(f64, @floatFromInt(pair[0])) * pair[1];
}

pub fn sum_values(values: py.Dict([]const u8, i64)) error{Python}!i64 {
    var total: i64 = 0;
    var items = try values.valueIterator();
    while (try items.next()) |value| total +%= value;
    return total;
}

/// In the stable ABI since Python 3.11.
pub const sum_buffer = if (py.abi.stable and py.abi.minor < 11) {} else sumBuffer;

fn sumBuffer(values: py.Buffer(f64)) error{ValueError}!f64 {
    const items = values.slice() orelse return error.ValueError;
    var total: f64 = 0;
    for (items) |item| total += item;
    return total;
}

/// Made as `Point(1.5, 2.5)` and `Point(x=1.5, y=2.5)`.
pub const Point = struct {
    x: f64,
    y: f64,

    pub fn norm(self: *const Point) f64 {
        return @sqrt(self.x * self.x + self.y * self.y);
    }

    pub fn scaled(self: *const Point, factor: f64) Point {
        return .{ .x = self.x * factor, .y = self.y * factor };
    }

    pub fn __add__(self: *const Point, other: *const Point) Point {
        return .{ .x = self.x + other.x, .y = self.y + other.y };
    }
};

/// Iterated over: 1000 floats.
pub const Countdown = struct {
    left: u32,

    pub fn next(self: *Countdown) ?f64 {
        if (self.left == 0) return null;
        self.left -= 1;
        return @floatFromInt(self.left);
    }
};
