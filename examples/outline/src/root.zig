//! Outlines of Python objects: Zig asks objects what they are, calls their methods, and calls back.

const std = @import("std");
const py = @import("alloconda");

const depth_max = 100;

const Default = py.Callable(fn (py.Object) py.Owned);

/// What an object is. The order counts for objects that are several of these.
const Any = union(enum) {
    none: void,
    flag: bool,
    whole: std.math.big.int.Const,
    real: f64,
    text: []const u8,
    list: py.List(py.Object),
    tuple: py.Tuple(py.Object),
    dict: py.Dict(py.Object, py.Object),
    other: py.Object,
};

const Outline = struct {
    scope: *py.Scope,
    arena: std.mem.Allocator,
    text: std.ArrayList(u8) = .empty,
    default: ?Default,

    const Error = error{ Python, OutOfMemory };

    fn write(self: *Outline, value: py.Object, depth: usize) Error!void {
        const arena = self.arena;
        if (depth > depth_max) return py.raise(.RecursionError, "more than {d} levels", .{depth_max});
        switch (try value.in(Any, self.scope)) {
            .none => try self.line(depth, "nothing", .{}),
            .flag => |flag| try self.line(depth, "{s}", .{if (flag) "yes" else "no"}),
            .whole => |whole| try self.line(depth, "{s}", .{try whole.toStringAlloc(arena, 10, .lower)}),
            .real => |real| try self.line(depth, "{d}", .{real}),
            .text => |text| try self.line(depth, "{s}", .{text}),
            .list => |list| {
                var items = list.iterator();
                while (try items.next()) |item| try self.write(item, depth + 1);
            },
            .tuple => |tuple| for (0..tuple.len()) |i| try self.write(try tuple.get(i), depth + 1),
            .dict => |dict| {
                var entries = try dict.iterator();
                while (try entries.next()) |entry| {
                    const key = try entry.key.str();
                    defer key.deinit();
                    try self.line(depth, "{s}:", .{try key.object.to([]const u8)});
                    try self.write(entry.value, depth + 1);
                }
            },
            .other => |other| try self.writeOther(other, depth),
        }
    }

    /// What `default` makes of an object; without it the attributes of a dataclass, or its `repr`.
    fn writeOther(self: *Outline, object: py.Object, depth: usize) Error!void {
        if (self.default) |default| {
            const replacement = try default.call(.{object});
            defer replacement.deinit();
            if (replacement.object.is(object)) return py.raise(.ValueError, "default() has returned what it was called with", .{});
            return self.write(replacement.object, depth);
        }
        const dataclasses = try py.import("dataclasses");
        defer dataclasses.deinit();
        const is_dataclass = try dataclasses.object.method("is_dataclass", .{object});
        defer is_dataclass.deinit();
        const shown = if (try is_dataclass.object.isTrue()) try dataclasses.object.method("asdict", .{object}) else try object.repr();
        defer shown.deinit();
        return self.write(shown.object, depth);
    }

    fn line(self: *Outline, depth: usize, comptime format: []const u8, arguments: anytype) error{OutOfMemory}!void {
        try self.text.appendNTimes(self.arena, ' ', 2 * depth);
        try self.text.print(self.arena, format ++ "\n", arguments);
    }
};

/// The outline of an object. Objects that are neither text, number, list nor dict are passed to `default`, and what that
/// returns is shown in their place.
pub fn outline(scope: *py.Scope, value: py.Object, default: ?Default) ![]const u8 {
    var result: Outline = .{ .scope = scope, .arena = scope.allocator(), .default = default };
    try result.write(value, 0);
    return result.text.items;
}

/// The sum of all items, whatever `+` means for them.
pub fn total(items: py.Iterator(py.Object), start: py.Object) !py.Owned {
    var sum = start.own();
    errdefer sum.deinit();
    while (try items.next()) |item| {
        const longer = try sum.object.binary(.add, item);
        sum.deinit();
        sum = longer;
    }
    return sum;
}
