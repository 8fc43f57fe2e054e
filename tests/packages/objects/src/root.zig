//! Python objects, exceptions and threads as Zig sees them.

const std = @import("std");
const py = @import("alloconda");

/// A line that cannot be read.
pub const BadLine = struct {
    line: usize = 0,
    column: usize = 1,

    pub const python = .{ .exception = .ValueError };
};

pub const WorseLine = struct {
    pub const python = .{ .exception = BadLine };
};

pub const python = .{ .errors = .{
    .NotPrime = .ArithmeticError,
    .Unreadable = BadLine,
    .Empty = .{ .LookupError, "there is nothing" },
} };

pub fn fail(kind: []const u8) !void {
    if (std.mem.eql(u8, kind, "custom")) return py.raise(BadLine{ .line = 3 }, "line {d} has no value", .{3});
    if (std.mem.eql(u8, kind, "derived")) return py.raise(WorseLine{}, "worse", .{});
    if (std.mem.eql(u8, kind, "NotPrime")) return error.NotPrime;
    if (std.mem.eql(u8, kind, "Empty")) return error.Empty;
    return error.Strange;
}

pub fn fail_anyhow(kind: []const u8) anyerror!void {
    return fail(kind);
}

pub fn chained(cause: py.Object) !void {
    return py.raiseFrom(cause, .RuntimeError, "because", .{});
}

pub fn during(mapping: py.Object, key: py.Object) !py.Owned {
    return mapping.item(key) catch py.raise(.RuntimeError, "no item", .{});
}

pub fn item_or(mapping: py.Object, key: py.Object, default: py.Object) !py.Owned {
    return mapping.item(key) catch |err| {
        const missing = py.caught(.LookupError) orelse return err;
        defer missing.deinit();
        return default.own();
    };
}

pub fn catch_custom(function: py.Callable(fn () void)) !?i64 {
    function.call(.{}) catch |err| {
        const bad = py.caught(BadLine) orelse return err;
        defer bad.deinit();
        const line = try bad.object.get("line");
        defer line.deinit();
        return try line.object.to(i64);
    };
    return null;
}

pub fn deprecated() !i64 {
    try py.warn(.DeprecationWarning, 1, "use {s}", .{"other"});
    return 1;
}

pub fn attributes(object: py.Object) !i64 {
    try object.set("x", 41);
    if (!try object.has("x") or try object.has("missing")) return error.Wrong;
    const x = try object.get("x");
    defer x.deinit();
    try object.delete("x");
    return try x.object.to(i64) + 1;
}

pub fn call_with(function: py.Object, value: i64) !py.Owned {
    return function.callKeywords(.{value}, .{ .key = "text", .flag = true });
}

pub fn dumps(value: py.Object) !py.Owned {
    const json = try py.import("json");
    defer json.deinit();
    return json.object.method("dumps", .{value});
}

pub fn apply(function: py.Callable(fn (i64, f64) i64), a: i64, b: f64) !i64 {
    return function.call(.{ a, b });
}

pub fn add_all(items: py.Object) !py.Owned {
    var total = try py.from(0);
    errdefer total.deinit();
    const iterator = try items.iterate();
    defer iterator.deinit();
    while (try iterator.next()) |item| {
        defer item.deinit();
        const sum = try total.object.binary(.add, item.object);
        total.deinit();
        total = sum;
    }
    return total;
}

pub fn operators(a: py.Object, b: py.Object) !py.Owned {
    const negative = try a.unary(.negative);
    defer negative.deinit();
    const product = try negative.object.binary(.multiply, b);
    defer product.deinit();
    if (try product.object.compare(.lt, 0)) return product.object.power(3, 1000);
    return product.object.repr();
}

/// Python's `hash`, or null for what has none.
pub fn hash_of(object: py.Object) !?isize {
    return object.hash() catch |err| {
        const missing = py.caught(.TypeError) orelse return err;
        missing.deinit();
        return null;
    };
}

pub fn containers(object: py.Object) !bool {
    const size = try object.len();
    try object.setItem("new", size);
    if (!try object.contains("new")) return false;
    try object.deleteItem("new");
    return try object.isTrue() == (size > 0) and !try object.contains("new");
}

pub fn release(n: u64) u64 {
    return py.allowThreads(count, .{n});
}

fn count(n: u64) u64 {
    var sum: u64 = 0;
    for (0..n) |i| sum +%= i;
    return sum;
}

/// Calls `function` from a thread of its own.
pub fn from_thread(function: py.Object) !void {
    var caller: Caller = .{ .function = function };
    const thread = std.Thread.spawn(.{}, Caller.run, .{&caller}) catch return error.RuntimeError;
    py.allowThreads(std.Thread.join, .{thread});
}

const Caller = struct {
    function: py.Object,

    fn run(caller: *Caller) void {
        const gil: py.Gil = .acquire();
        defer gil.release();
        const result = caller.function.call(.{}) catch return;
        result.deinit();
    }
};

/// Runs until a signal comes.
pub fn forever() !void {
    while (true) try py.checkSignals();
}

pub fn tie(owner: py.Object, kept: py.Object) !void {
    try py.keepAlive(owner, kept);
}
