//! Enums and tagged unions.

const std = @import("std");
const py = @import("alloconda");

/// What a light says.
pub const Color = enum(u8) {
    red = 1,
    green = 2,
    blue = 30,

    /// The other way round.
    pub fn inverted(self: Color) Color {
        return switch (self) {
            .red => .green,
            else => .red,
        };
    }

    pub fn code(self: *const Color, factor: u8) u32 {
        return @as(u32, @intFromEnum(self.*)) * factor;
    }

    pub fn parse(text: []const u8) !Color {
        return std.meta.stringToEnum(Color, text) orelse py.raise(.ValueError, "no color '{s}'", .{text});
    }

    pub fn first(_: py.Type) Color {
        return .red;
    }
};

pub const Mode = enum {
    read,
    write,

    pub const python = .{ .enumeration = .Enum };
};

pub const Bits = enum(u8) {
    one = 1,
    two = 2,
    _,

    pub const python = .{ .enumeration = .IntFlag };
};

pub fn next(color: Color) Color {
    return switch (color) {
        .red => .green,
        .green => .blue,
        .blue => .red,
    };
}

pub fn flip(mode: Mode) Mode {
    return if (mode == .read) .write else .read;
}

pub fn same(bits: Bits) Bits {
    return bits;
}

/// A figure.
pub const Figure = union(enum) {
    /// Around a center.
    circle: struct { radius: f64, label: []const u8 = "round" },
    square: f64,
    tagged: Color,
    nested: Inner,
    nothing,

    pub fn area(self: *const Figure) f64 {
        return switch (self.*) {
            .circle => |circle| circle.radius * circle.radius * 3,
            .square => |side| side * side,
            else => 0,
        };
    }

    pub fn grown(self: Figure, factor: f64) Figure {
        return switch (self) {
            .circle => |circle| .{ .circle = .{ .radius = circle.radius * factor, .label = circle.label } },
            .square => |side| .{ .square = side * factor },
            else => self,
        };
    }

    pub fn unit() Figure {
        return .{ .square = 1 };
    }

    pub fn __add__(self: Figure, other: Figure) f64 {
        return self.area() + other.area();
    }
};

pub const Inner = struct { text: []const u8 };

pub const Holder = union(enum) {
    object: py.Object,
    empty,
};

pub fn area(figure: Figure) f64 {
    return figure.area();
}

pub fn make(kind: u8) ?Figure {
    return switch (kind) {
        0 => .nothing,
        1 => .{ .circle = .{ .radius = 2 } },
        2 => .{ .nested = .{ .text = "deep" } },
        else => null,
    };
}
