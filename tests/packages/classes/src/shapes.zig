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

    pub fn label(self: *const Shape, arena: std.mem.Allocator) ![]const u8 {
        return std.fmt.allocPrint(arena, "<{s}>", .{self.name});
    }

    pub fn words(_: *const Shape, arena: std.mem.Allocator) ![]const []const u8 {
        return arena.dupe([]const u8, &.{ "of", "Zig" });
    }

    pub fn inner(_: py.Ref(Shape), _: *py.Scope) ?py.Ref(Shape) {
        return null;
    }

    pub fn anything(self: py.Ref(Shape)) py.Owned {
        return self.object.own();
    }

    /// By way of whatever these four are.
    pub fn report(self: py.Ref(Shape), scope: *py.Scope, arena: std.mem.Allocator) ![]const u8 {
        const label_text = try self.call(.label, .{arena});
        const found = try self.call(.words, .{arena});
        const within = if (try self.call(.inner, .{scope})) |shape| (try shape.get()).name else "nothing";
        const object = try self.call(.anything, .{});
        defer object.deinit();
        const shown = try object.object.str();
        defer shown.deinit();
        return std.fmt.allocPrint(arena, "{s}, {s}, {s}, {s}", .{
            label_text, try std.mem.join(arena, " ", found), within, try shown.object.to([]const u8),
        });
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

/// A dict that counts what is asked of it.
pub const Counting = struct {
    asked: u32 = 0,
    name: []const u8 = "counter",

    pub const python = .{ .python_base = "builtins.dict" };

    pub fn ask(self: *Counting) *Counting {
        self.asked += 1;
        return self;
    }

    pub fn fresh(self: *const Counting) Counting {
        return .{ .asked = self.asked, .name = "fresh" };
    }

    pub fn twice(self: *const Counting, other: *const Counting) u32 {
        return self.asked + other.asked;
    }
};

/// An exception with a field.
pub const Failure = struct {
    code: i32,
    hint: ?[]const u8 = null,

    pub const python = .{ .python_base = "builtins.ValueError" };
};

pub fn fail(code: i32, hint: ?[]const u8) !void {
    return py.raise(Failure{ .code = code, .hint = hint }, "", .{});
}

/// Derived from a class that is written in Python.
pub const Format = struct {
    x: i64 = 5,

    pub const python = .{ .python_base = "string.Formatter" };
};

/// The methods that all mappings have come from Python, by way of a class with a metaclass.
pub const Scores = struct {
    _entries: std.ArrayList(Entry) = .empty,

    const Entry = struct { name: []u8, score: i64 };

    pub const python = .{ .python_base = "collections.abc.MutableMapping" };

    pub fn init() Scores {
        return .{};
    }

    pub fn deinit(self: *Scores) void {
        for (self._entries.items) |entry| py.allocator.free(entry.name);
        self._entries.deinit(py.allocator);
    }

    fn find(self: *const Scores, name: []const u8) ?usize {
        for (self._entries.items, 0..) |entry, i| if (std.mem.eql(u8, entry.name, name)) return i;
        return null;
    }

    pub fn __getitem__(self: *const Scores, name: []const u8) !i64 {
        const i = self.find(name) orelse return py.raise(.KeyError, "{s}", .{name});
        return self._entries.items[i].score;
    }

    pub fn __setitem__(self: *Scores, name: []const u8, score: i64) !void {
        if (self.find(name)) |i| {
            self._entries.items[i].score = score;
            return;
        }
        try self._entries.ensureUnusedCapacity(py.allocator, 1);
        self._entries.appendAssumeCapacity(.{ .name = try py.allocator.dupe(u8, name), .score = score });
    }

    pub fn __delitem__(self: *Scores, name: []const u8) !void {
        const i = self.find(name) orelse return py.raise(.KeyError, "{s}", .{name});
        py.allocator.free(self._entries.orderedRemove(i).name);
    }

    pub fn __len__(self: *const Scores) usize {
        return self._entries.items.len;
    }

    pub fn __iter__(self: *const Scores, arena: std.mem.Allocator) !Names {
        const names = try arena.alloc([]const u8, self._entries.items.len);
        for (names, self._entries.items) |*name, entry| name.* = entry.name;
        return .{ .names = names };
    }

    pub const Names = struct {
        names: []const []const u8,
        _at: usize = 0,

        pub fn __next__(self: *Names) ?[]const u8 {
            if (self._at == self.names.len) return null;
            defer self._at += 1;
            return self.names[self._at];
        }
    };
};

/// Has none of the methods that its base wants.
pub const Abstract = struct {
    x: u8 = 0,

    pub const python = .{ .python_base = "collections.abc.Sized" };
};
