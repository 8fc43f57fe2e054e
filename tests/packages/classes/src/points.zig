const std = @import("std");
const py = @import("alloconda");

/// A point in the plane.
pub const Point = struct {
    /// To the right.
    x: f64,
    y: f64 = 0,

    pub const dimensions = 2;
    pub const origin: Point = .{ .x = 0 };

    pub fn norm(self: *const Point) f64 {
        return @sqrt(self.x * self.x + self.y * self.y);
    }

    /// A new point, `factor` times as far out.
    pub fn scaled(self: Point, factor: f64) Point {
        return .{ .x = self.x * factor, .y = self.y * factor };
    }

    pub fn move(self: *Point, dx: f64, dy: ?f64) *Point {
        self.x += dx;
        self.y += dy orelse 0;
        return self;
    }

    /// From an angle.
    pub fn polar(r: f64, angle: f64) Point {
        return .{ .x = r * @cos(angle), .y = r * @sin(angle) };
    }

    /// Of the class that it is called on.
    pub fn diagonal(class: py.Type, at: py.Object) !py.Owned {
        return class.new(&.{ at, at });
    }

    /// Changes the point while `callback` runs.
    pub fn during(self: *Point, callback: py.Type) !f64 {
        self.x += 1;
        const made = try callback.new(&.{});
        made.deinit();
        return self.x;
    }

    pub fn looking(self: *const Point, callback: py.Type) !f64 {
        const made = try callback.new(&.{});
        made.deinit();
        return self.x;
    }

    pub fn fail(_: *Point) !void {
        return error.ValueError;
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

/// Nothing can be set, and so it can be hashed.
pub const Frozen = struct {
    name: []const u8,
    count: u8 = 1,
    from: ?Point = null,

    pub const python = .{ .frozen = true, .order = true };
};

/// Has more than Python sees.
pub const Secretive = struct {
    shown: u8 = 1,
    fixed: u8 = 2,
    unseen: u8 = 3,
    _secret: u32 = 7,

    pub const python = .{ .members = .{
        .fixed = .{ .read_only = true },
        .unseen = .{ .hidden = true },
        .secret = .{ .name = "reveal" },
    } };

    pub fn secret(self: *const Secretive) u32 {
        return self._secret;
    }
};
