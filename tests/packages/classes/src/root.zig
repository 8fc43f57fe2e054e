//! Classes in every shape.

const std = @import("std");
const py = @import("alloconda");

pub const Point = @import("points.zig").Point;
pub const Frozen = @import("points.zig").Frozen;
pub const Secretive = @import("points.zig").Secretive;
pub const memory = @import("memory.zig");
pub const protocols = @import("protocols.zig");
pub const shapes = @import("shapes.zig");
pub const values = @import("values.zig");

pub fn norm_of(point: Point) f64 {
    return point.norm();
}

pub fn norm_by_pointer(point: *const Point) f64 {
    return point.norm();
}

/// The argument itself.
pub fn stretch(point: *Point, factor: f64) *Point {
    point.x *= factor;
    point.y *= factor;
    return point;
}

pub fn maybe(point: ?Point) ?Point {
    return point;
}

/// A pointer that belongs to no call.
pub fn astray() *const Point {
    return &Point.origin;
}

/// Both arguments may be one object only when nothing is changed.
pub fn swap(a: *Point, b: *Point) void {
    std.mem.swap(Point, a, b);
}

pub fn distance(a: *const Point, b: *const Point) f64 {
    return std.math.hypot(a.x - b.x, a.y - b.y);
}

/// Of two classes of the same name.
pub fn tickets(one: memory.Ticket, other: protocols.Ticket) struct { memory.Ticket, protocols.Ticket } {
    return .{ one, other };
}
