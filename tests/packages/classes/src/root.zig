//! Classes in every shape.

const std = @import("std");
const py = @import("alloconda");

/// A point in the plane.
pub const Point = struct {
    /// To the right.
    x: f64,
    y: f64 = 0,

    pub const dimensions = 2;

    pub fn norm(self: *const Point) f64 {
        return @sqrt(self.x * self.x + self.y * self.y);
    }

    /// A new point, `factor` times as far out.
    pub fn scaled(self: Point, factor: f64) Point {
        return .{ .x = self.x * factor, .y = self.y * factor };
    }

    pub fn move(self: *Point, dx: f64, dy: f64) *Point {
        self.x += dx;
        self.y += dy;
        return self;
    }

    pub fn polar(r: f64, angle: f64) Point {
        return .{ .x = r * @cos(angle), .y = r * @sin(angle) };
    }

    pub fn make(class: py.Type, x: f64) !py.Owned {
        _ = class;
        return py.raise(.ValueError, "{d}", .{x});
    }

    pub fn __add__(self: Point, other: Point) Point {
        return .{ .x = self.x + other.x, .y = self.y + other.y };
    }

    pub fn __mul__(self: Point, factor: f64) Point {
        return self.scaled(factor);
    }

    pub fn __rmul__(self: Point, factor: f64) Point {
        return self.scaled(factor);
    }
};
