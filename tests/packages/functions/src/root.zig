//! Every conversion and every kind of parameter, for the tests.

const std = @import("std");
const py = @import("alloconda");
const elsewhere = @import("elsewhere.zig");

pub fn noop() void {}

pub fn boolean(value: bool) bool {
    return value;
}

pub fn i8_(value: i8) i8 {
    return value;
}

pub fn u8_(value: u8) u8 {
    return value;
}

pub fn i7_(value: i7) i7 {
    return value;
}

pub fn i32_(value: i32) i32 {
    return value;
}

pub fn i64_(value: i64) i64 {
    return value;
}

pub fn u63_(value: u63) u63 {
    return value;
}

pub fn u64_(value: u64) u64 {
    return value;
}

pub fn i65_(value: i65) i65 {
    return value;
}

pub fn u65_(value: u65) u65 {
    return value;
}

pub fn i128_(value: i128) i128 {
    return value;
}

pub fn u128_(value: u128) u128 {
    return value;
}

pub fn usize_(value: usize) usize {
    return value;
}

pub fn f16_(value: f16) f16 {
    return value;
}

pub fn f32_(value: f32) f32 {
    return value;
}

pub fn f64_(value: f64) f64 {
    return value;
}

pub fn text(value: []const u8) []const u8 {
    return value;
}

pub fn terminated(value: [:0]const u8) [:0]const u8 {
    return value;
}

pub fn literal() *const [5:0]u8 {
    return "fixed";
}

pub fn notUtf8() []const u8 {
    return "\xff\xfe";
}

pub fn maybeInt(value: ?i32) ?i32 {
    return value;
}

pub fn maybeText(value: ?[]const u8) ?[]const u8 {
    return value;
}

/// Two of three may be left out.
pub fn optionalTail(a: i64, b: ?i64, c: ?i64) i64 {
    return a * 100 + (b orelse 20) + (c orelse 3);
}

pub fn optionalFirst(a: ?i64, b: i64) i64 {
    return (a orelse 0) + b;
}

const Options = struct {
    text: []const u8 = "it's \\ \"é\"\n",
    count: u8 = 7,
    ratio: f64 = 0.5,
    whole: f64 = 2,
    flag: bool = true,
    nothing: ?i64 = null,
};

pub fn options(first: i64, given: Options) !i64 {
    if (!given.flag) return error.ValueError;
    return first + given.count + (given.nothing orelse 0);
}

pub fn onlyOptions(given: struct { lambda: i64 = 1 }) i64 {
    return given.lambda;
}

pub fn keywordNames(from: i64, class: i64) i64 {
    return from - class;
}

pub fn unnamed(_: i64, b: i64) i64 {
    return b;
}

/// Four parameters, for the wording of errors.
pub fn four(a: i64, b: i64, c: i64, d: i64) i64 {
    return a + b + c + d;
}

pub const alias = four;
pub const imported = elsewhere.imported;

fn Maker(comptime T: type) type {
    return struct {
        fn double(value: T) T {
            return value * 2;
        }

        fn quadruple(value: T) !T {
            return std.math.mul(T, value, 4);
        }
    };
}

/// Made by a comptime call: its parameter names cannot be known.
pub const made = Maker(i64).double;

/// The arena lives until the result has been converted.
pub fn repeat(arena: std.mem.Allocator, value: []const u8, count: usize) ![]u8 {
    const result = try arena.alloc(u8, try std.math.mul(usize, value.len, count));
    for (0..count) |i| @memcpy(result[i * value.len ..][0..value.len], value);
    return result;
}

pub fn lateArena(value: []const u8, arena: std.mem.Allocator) ![]u8 {
    return arena.dupe(u8, value);
}

pub fn raiseNamed(which: u8) !void {
    return switch (which) {
        0 => error.ValueError,
        1 => error.KeyError,
        2 => error.StopIteration,
        3 => error.NotImplementedError,
        else => {},
    };
}

pub fn raiseUsual(which: u8) !void {
    return switch (which) {
        0 => error.OutOfMemory,
        1 => error.Overflow,
        2 => error.DivisionByZero,
        3 => error.FileNotFound,
        4 => error.AccessDenied,
        5 => error.EndOfStream,
        6 => error.Peculiar,
        else => {},
    };
}

pub fn raiseAny(which: u8) anyerror!void {
    return switch (which) {
        0 => error.ValueError,
        1 => error.FileNotFound,
        2 => error.Peculiar,
        3 => py.raise(.LookupError, "any", .{}),
        else => {},
    };
}

pub fn raiseMessage(message: []const u8, number: i64) error{Python}!void {
    return py.raise(.ValueError, "{s}: {d}", .{ message, number });
}

pub fn neverReturns() !noreturn {
    return error.ValueError;
}

/// Not a function of Python's: it is private.
fn hidden() void {}

test "ordinary Zig tests run too" {
    try std.testing.expectEqual(123, optionalTail(1, null, null));
    hidden();
}

/// How the library says its own age.
pub const answer = 42;
pub const ratio = 0.5;
pub const title = "functions";
pub const nothing: ?u8 = null;
/// Not seen: a variable.
pub var counter: u32 = 0;

/// A namespace is a submodule.
pub const shapes = struct {
    pub const sides = 4;

    /// Area of a rectangle.
    pub fn area(width: f64, height: f64) f64 {
        return width * height;
    }

    pub const deeper = struct {
        pub fn sum(a: i32, b: i32) i32 {
            return a + b;
        }
    };
};

pub fn zig_name(a: i64, b: i64) i64 {
    return a - b;
}

pub fn internal(comptime T: type) T {
    return 0;
}

pub fn count_rest(first: i64, args: py.Args) !i64 {
    var total = first;
    for (0..args.len()) |i| total += try args.get(i64, i);
    return total;
}

pub fn keywords(first: i64, kwargs: py.Kwargs, more: struct { scale: i64 = 1 }) !i64 {
    var total = first * more.scale;
    var entries = kwargs.iterator();
    while (try entries.next()) |entry| total += @intCast(entry.name.len);
    return total + (try kwargs.get(i64, "extra") orelse 0);
}

pub fn identity(value: py.Object) py.Object {
    return value;
}

pub fn unlocked(n: u64) u64 {
    return n + 1;
}

/// What no declaration can say.
fn setUp(module: py.Namespace) !void {
    try module.add("pointer_bits", @bitSizeOf(usize));
    try module.addFunction("quadruple", Maker(i64).quadruple, .{ .parameters = &.{"value"}, .doc = "Four times." });
    const inner = try module.addSubmodule("tables", "Made at run time.");
    inline for (.{ "two", "three" }, 2..) |name, n| {
        try inner.addFunction(name, Table(n).times, .{ .parameters = &.{ "arena", "text" }, .release_gil = true });
    }
    const deepest = try inner.addSubmodule("deepest", "");
    try deepest.add("names", [_][]const u8{ "two", "three" });
    try deepest.addFunction("total", sumOf, .{});
}

fn Table(comptime n: usize) type {
    return struct {
        fn times(arena: std.mem.Allocator, value: []const u8) ![]u8 {
            const result = try arena.alloc(u8, n * value.len);
            for (0..n) |i| @memcpy(result[i * value.len ..][0..value.len], value);
            return result;
        }
    };
}

fn sumOf(args: py.ArgsOf(i64), kwargs: py.Kwargs) !i64 {
    var total: i64 = @intCast(try kwargs.len());
    for (args.items) |item| total += item;
    return total;
}

pub const python = .{
    .setup = setUp,
    .members = .{
        .zig_name = .{ .name = "subtract", .positional_only = 1 },
        .internal = .{ .hidden = true },
        .unlocked = .{ .release_gil = true },
    },
};
