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

pub const python = .{
    .errors = .{
        .NotPrime = .ArithmeticError,
        .Unreadable = BadLine,
        .Empty = .{ .LookupError, "there is nothing" },
    },
    .members = .{ .isLast = .{ .release_gil = true } },
};

/// A value in an instance.
pub const Place = struct {
    x: i64,
};

pub const Level = enum { low, high };

pub const Answer = union(enum) { number: i64, unknown };

/// What `ipaddress.IPv4Address` has.
const Address = struct {
    octets: [4]u8,

    pub const python_converter = py.converter(Address, .{
        .annotation = "ipaddress.IPv4Address",
        .range = "an address of the net 10",
        .from = read,
        .to = write,
        .needs_lock = false,
    });

    fn read(object: py.Object, scope: *py.Scope) !Address {
        const class = try of();
        defer class.deinit();
        if (!try object.isInstance(class.object)) return error.WrongType;
        const number = try object.method("__int__", .{});
        defer number.deinit();
        var octets: [4]u8 = undefined;
        std.mem.writeInt(u32, &octets, try number.object.to(u32), .big);
        if (octets[0] == 127) return scope.reject(.ValueError, "an address of this machine", .{});
        if (octets[0] == 0) return error.Unlucky;
        if (octets[0] != 10) return error.OutOfRange;
        return .{ .octets = octets };
    }

    fn write(address: Address) !py.Owned {
        if (address.octets[0] == 11) return error.ValueError;
        const class = try of();
        defer class.deinit();
        return class.object.call(.{std.mem.readInt(u32, &address.octets, .big)});
    }

    fn of() !py.Owned {
        const module = try py.import("ipaddress");
        defer module.deinit();
        return module.object.get("IPv4Address");
    }
};

pub fn sameAddress(value: Address) Address {
    return value;
}

pub fn anyAddress(first: u8) Address {
    return .{ .octets = .{ first, 0, 0, 1 } };
}

/// Values of the user's own converter hold no objects here.
pub fn isLast(value: Address) bool {
    return value.octets[3] == 255;
}

pub fn sameObject(value: py.Object) py.Object {
    return value;
}

pub fn owned(value: py.Object) py.Owned {
    return value.own();
}

pub fn callable(value: py.Callable(fn (i64) bool)) py.Callable(fn (i64) bool) {
    return value;
}

pub fn place(value: Place) Place {
    return value;
}

pub fn samePlace(value: *const Place) *const Place {
    return value;
}

pub fn level(value: Level) Level {
    return value;
}

pub fn answer(value: Answer) Answer {
    return value;
}

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
