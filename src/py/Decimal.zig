//! Python's `decimal.Decimal`, without loss: sign, digits and exponent as they are, trailing zeros included.

const Decimal = @This();

const std = @import("std");
const c = @import("c.zig");
const FromError = @import("convert.zig").FromError;
const instances = @import("instances.zig");
const Scope = @import("Scope.zig");

kind: Kind = .finite,
negative: bool = false,
/// The coefficient in decimal, at least one digit; of a NaN its payload, which may be empty. Of no meaning for infinity.
/// In the arena of the call where it is an argument.
digits: []const u8 = "0",
/// A finite value is `digits` times ten to this power.
exponent: i64 = 0,

pub const Kind = enum { finite, infinity, quiet_nan, signaling_nan };

/// Reads what `str()` makes of a Decimal, such as `-1.20E+5`, `Infinity` or `sNaN12`. The digits are `text`'s, or
/// in memory of `allocator` where a point is among them.
pub fn parse(allocator: std.mem.Allocator, text: []const u8) error{ InvalidCharacter, OutOfMemory, Overflow }!Decimal {
    const negative = text.len > 0 and text[0] == '-';
    const signed = text.len > 0 and (text[0] == '-' or text[0] == '+');
    const rest = if (signed) text[1..] else text;
    if (std.ascii.eqlIgnoreCase(rest, "Infinity") or std.ascii.eqlIgnoreCase(rest, "Inf")) return .{ .kind = .infinity, .negative = negative };
    inline for (.{ .{ "sNaN", Kind.signaling_nan }, .{ "NaN", Kind.quiet_nan } }) |nan| {
        if (std.ascii.startsWithIgnoreCase(rest, nan[0])) {
            const payload = rest[nan[0].len..];
            if (!areDigits(payload)) return error.InvalidCharacter;
            return .{ .kind = nan[1], .negative = negative, .digits = payload };
        }
    }
    const end = std.mem.indexOfAny(u8, rest, "eE") orelse rest.len;
    if (std.mem.indexOfScalar(u8, rest[end..], '_') != null) return error.InvalidCharacter;
    const power = if (end < rest.len) try std.fmt.parseInt(i64, rest[end + 1 ..], 10) else 0;
    const point = std.mem.indexOfScalar(u8, rest[0..end], '.') orelse end;
    const fraction = if (point < end) rest[point + 1 .. end] else "";
    const digits = if (fraction.len == 0) rest[0..point] else try std.mem.concat(allocator, u8, &.{ rest[0..point], fraction });
    if (digits.len == 0 or !areDigits(digits)) return error.InvalidCharacter;
    return .{ .negative = negative, .digits = digits, .exponent = try std.math.sub(i64, power, @intCast(fraction.len)) };
}

/// The value as `decimal.Decimal` and `parse` read it, in memory of `allocator`.
pub fn toText(decimal: Decimal, allocator: std.mem.Allocator) error{ InvalidCharacter, OutOfMemory }![:0]u8 {
    const sign = if (decimal.negative) "-" else "";
    const kind = switch (decimal.kind) {
        .finite, .quiet_nan, .signaling_nan => decimal.digits,
        .infinity => "",
    };
    if (!areDigits(kind) or decimal.kind == .finite and kind.len == 0) return error.InvalidCharacter;
    return switch (decimal.kind) {
        .finite => std.fmt.allocPrintSentinel(allocator, "{s}{s}E{d}", .{ sign, decimal.digits, decimal.exponent }, 0),
        .infinity => std.fmt.allocPrintSentinel(allocator, "{s}Infinity", .{sign}, 0),
        .quiet_nan => std.fmt.allocPrintSentinel(allocator, "{s}NaN{s}", .{ sign, decimal.digits }, 0),
        .signaling_nan => std.fmt.allocPrintSentinel(allocator, "{s}sNaN{s}", .{ sign, decimal.digits }, 0),
    };
}

fn areDigits(characters: []const u8) bool {
    for (characters) |character| {
        if (!std.ascii.isDigit(character)) return false;
    }
    return true;
}

pub const python_converter = struct {
    pub const annotation = "decimal.Decimal";
    pub const compound = true;
    pub const needs_lock = false;

    pub fn fromPython(object: *c.PyObject, scope: *Scope) FromError!Decimal {
        const class = scope.imported(.@"decimal.Decimal") orelse return error.Python;
        try instances.require(object, scope, .@"decimal.Decimal");
        // That of the class itself: a derived one may have another.
        const written = c.PyObject_CallMethod(class, "__str__", "O", object) orelse return error.Python;
        defer c.Py_DecRef(written);
        var size: c.Size = undefined;
        const characters = c.PyUnicode_AsUTF8AndSize(written, &size) orelse return error.Python;
        const copy = scope.allocator().dupe(u8, characters[0..@intCast(size)]) catch return scope.outOfMemory();
        return parse(scope.allocator(), copy) catch |reason| switch (reason) {
            error.OutOfMemory => scope.outOfMemory(),
            error.InvalidCharacter, error.Overflow => unreachable,
        };
    }

    /// Raises OverflowError for an exponent beyond what `decimal` takes.
    pub fn toPython(decimal: Decimal, scope: *Scope) ?*c.PyObject {
        const class = scope.imported(.@"decimal.Decimal") orelse return null;
        const written = decimal.toText(scope.allocator()) catch |reason| {
            if (reason == error.OutOfMemory) return c.PyErr_NoMemory();
            c.PyErr_SetString(c.exception("ValueError"), "the digits of a py.Decimal must be from 0 to 9, at least one");
            return null;
        };
        const result = c.PyObject_CallFunction(class, "s", written.ptr) orelse return tooLarge();
        // A context without the trap InvalidOperation makes a NaN of what Decimal cannot hold.
        if (decimal.kind != .finite or @abs(decimal.exponent) < exponent_always_held and decimal.digits.len < exponent_always_held) return result;
        defer c.Py_DecRef(result);
        const finite = c.PyObject_CallMethod(result, "is_finite", null) orelse return null;
        defer c.Py_DecRef(finite);
        if (finite != c.boolean(true)) return tooLarge();
        c.Py_IncRef(result);
        return result;
    }

    /// Half of `MAX_EMAX` on 32-bit machines.
    const exponent_always_held = 212_500_000;

    fn tooLarge() ?*c.PyObject {
        if (c.PyErr_Occurred() == null or c.PyErr_ExceptionMatches(c.exception("ArithmeticError")) != 0) {
            c.PyErr_SetString(c.exception("OverflowError"), "the result is beyond the range of decimal.Decimal");
        }
        return null;
    }
};

fn expectParts(expected: Decimal, written: []const u8) !void {
    var arena: std.heap.ArenaAllocator = .init(std.testing.allocator);
    defer arena.deinit();
    const actual = try parse(arena.allocator(), written);
    try std.testing.expectEqual(expected.kind, actual.kind);
    try std.testing.expectEqual(expected.negative, actual.negative);
    try std.testing.expectEqual(expected.exponent, actual.exponent);
    if (expected.kind != .infinity) try std.testing.expectEqualStrings(expected.digits, actual.digits);
    const again = try parse(arena.allocator(), try actual.toText(arena.allocator()));
    try std.testing.expectEqual(actual.exponent, again.exponent);
    try std.testing.expectEqualStrings(actual.digits, again.digits);
}

test "what str makes of a Decimal" {
    try expectParts(.{ .digits = "0" }, "0");
    try expectParts(.{ .negative = true, .digits = "000", .exponent = -2 }, "-0.00");
    try expectParts(.{ .digits = "120", .exponent = 3 }, "1.20E+5");
    try expectParts(.{ .digits = "1", .exponent = -100 }, "1e-100");
    try expectParts(.{ .negative = true, .kind = .infinity }, "-Infinity");
    try expectParts(.{ .kind = .quiet_nan, .digits = "" }, "NaN");
    try expectParts(.{ .kind = .signaling_nan, .digits = "12", .negative = true }, "-sNaN12");
}

test "what is no decimal number" {
    for ([_][]const u8{ "", "-", ".", "1.2.3", "E5", "1E", "x", "NaNx", "1_0", "1E1_0" }) |written| {
        try std.testing.expectError(error.InvalidCharacter, parse(std.testing.failing_allocator, written) catch |reason| switch (reason) {
            error.OutOfMemory => error.InvalidCharacter,
            else => reason,
        });
    }
    try std.testing.expectError(error.InvalidCharacter, (Decimal{ .digits = "1x" }).toText(std.testing.allocator));
    try std.testing.expectError(error.InvalidCharacter, (Decimal{ .digits = "" }).toText(std.testing.allocator));
}
