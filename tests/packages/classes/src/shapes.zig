//! Inheritance, overriding, properties, nesting.

const std = @import("std");
const py = @import("alloconda");

pub const Shape = struct {
    name: []const u8,

    pub fn area(_: *const Shape) !f64 {
        return 0;
    }

    pub fn note(_: *Shape, _: i64) void {}

    /// By way of whatever `area` is.
    pub fn describe(self: py.Ref(Shape), arena: std.mem.Allocator) ![]const u8 {
        const found = try self.call(.area, .{});
        return std.fmt.allocPrint(arena, "{s}: {d}", .{ (try self.get()).name, found });
    }

    pub fn tell(self: py.Ref(Shape), what: i64) !void {
        try self.call(.note, .{what});
    }
};

/// Derived in Zig.
pub const Circle = struct {
    base: Shape,
    radius: f64,
    color: u8 = 1,

    pub const python = .{ .base = Shape };

    pub fn area(self: *const Circle) f64 {
        return self.radius * self.radius * 3;
    }

    pub const Ring = struct {
        base: Circle,
        hole: f64 = 0.5,

        pub const python = .{ .base = Circle };
    };

    pub const diameter = py.property(.{ .get = getDiameter, .set = setDiameter, .delete = reset, .doc = "Twice the radius." });
    /// Once more.
    pub const fixed = py.property(.{ .get = getDiameter });

    fn getDiameter(self: *const Circle) f64 {
        return 2 * self.radius;
    }

    fn setDiameter(self: *Circle, value: f64) !void {
        if (value < 0) return py.raise(.ValueError, "negative", .{});
        self.radius = value / 2;
    }

    fn reset(self: *Circle) void {
        self.radius = 0;
    }
};
