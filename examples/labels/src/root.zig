//! Labels for diagrams: every kind of parameter that a function can have.

const std = @import("std");
const py = @import("alloconda");

pub const python = .{
    .setup = addScales,
    .members = .{
        .clipText = .{ .name = "clip", .positional_only = 2 },
        .width = .{ .hidden = true },
    },
};

/// How many characters `clip` leaves by default.
pub const default_width = 20;

const Number = union(enum) { whole: i64, real: f64 };

/// A number with its unit. An int is shown as it is, a float with so many `digits` behind the point.
pub fn number(arena: std.mem.Allocator, value: Number, unit: ?[]const u8, options: struct {
    digits: u8 = 2,
    plus: bool = false,
}) ![]const u8 {
    var text: std.ArrayList(u8) = .empty;
    const is_positive = switch (value) {
        inline else => |x| x > 0,
    };
    if (options.plus and is_positive) try text.append(arena, '+');
    switch (value) {
        .whole => |x| try text.print(arena, "{d}", .{x}),
        .real => |x| try text.print(arena, "{d:.[1]}", .{ x, options.digits }),
    }
    if (unit) |name| try text.print(arena, " {s}", .{name});
    return text.items;
}

/// All parts in a row: `listing("a", "b", "c")` is "a, b and c".
pub fn listing(arena: std.mem.Allocator, parts: py.ArgsOf([]const u8), options: struct {
    separator: []const u8 = ", ",
    last: []const u8 = " and ",
}) ![]const u8 {
    var text: std.ArrayList(u8) = .empty;
    for (parts.items, 1..) |part, count| {
        if (count > 1) try text.appendSlice(arena, if (count == parts.items.len) options.last else options.separator);
        try text.appendSlice(arena, part);
    }
    return text.items;
}

/// Replace each `<name>` in a template by the keyword argument of that name.
pub fn fill(arena: std.mem.Allocator, template: []const u8, values: py.Kwargs) ![]const u8 {
    var text: std.ArrayList(u8) = .empty;
    var rest = template;
    while (std.mem.indexOfScalar(u8, rest, '<')) |start| {
        const end = std.mem.indexOfScalarPos(u8, rest, start, '>') orelse return py.raise(.ValueError, "'<' has no '>' in '{s}'", .{rest[start..]});
        const name = rest[start + 1 .. end];
        const value = try values.get(py.Object, name) orelse return py.raise(.TypeError, "fill() missing the keyword argument '{s}'", .{name});
        const shown = try value.str();
        defer shown.deinit();
        try text.appendSlice(arena, rest[0..start]);
        try text.appendSlice(arena, try shown.object.to([]const u8));
        rest = rest[end + 1 ..];
    }
    try text.appendSlice(arena, rest);
    return text.items;
}

/// A text that is at most `limit` characters wide.
pub fn clipText(arena: std.mem.Allocator, text: []const u8, limit: ?u16) ![]const u8 {
    const characters = limit orelse default_width;
    if (try width(text) <= characters) return text;
    var end: usize = 0;
    for (0..characters -| 1) |_| end += try std.unicode.utf8ByteSequenceLength(text[end]);
    return std.fmt.allocPrint(arena, "{s}\u{2026}", .{text[0..end]});
}

/// For other Zig files, not for Python.
pub fn width(text: []const u8) !usize {
    return std.unicode.utf8CountCodepoints(text);
}

/// Names that are made from a list: a submodule of functions.
fn addScales(module: py.Namespace) !void {
    const scales = try module.addSubmodule("scales", "Numbers in other units.");
    inline for (.{ "kilo", "mega", "giga" }, 1..) |name, power| {
        try scales.addFunction(name, Scale(power).of, .{
            .parameters = &.{"value"},
            .doc = std.fmt.comptimePrint("The value in units of 10**{d}.", .{3 * power}),
        });
    }
}

fn Scale(comptime power: comptime_int) type {
    return struct {
        fn of(value: f64) f64 {
            return value / std.math.pow(f64, 1000, power);
        }
    };
}

test clipText {
    var arena: std.heap.ArenaAllocator = .init(std.testing.allocator);
    defer arena.deinit();
    try std.testing.expectEqualStrings("one", try clipText(arena.allocator(), "one", 3));
    try std.testing.expectEqualStrings("o\u{2026}", try clipText(arena.allocator(), "one", 2));
}
