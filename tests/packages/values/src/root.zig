//! Numbers, bytes, paths, dates and other values of Python's standard library, for the tests.

const std = @import("std");
const py = @import("alloconda");

pub fn bigConst(value: std.math.big.int.Const) std.math.big.int.Const {
    return value;
}

/// In memory of the arena, which the value may grow in.
pub fn bigManaged(value: std.math.big.int.Managed) !std.math.big.int.Managed {
    var changed = value;
    try changed.addScalar(&changed, 1);
    return changed;
}

pub fn square(arena: std.mem.Allocator, value: std.math.big.int.Managed) !std.math.big.int.Managed {
    var result: std.math.big.int.Managed = try .init(arena);
    try result.sqr(&value);
    return result;
}

pub fn i129_(value: i129) i129 {
    return value;
}

pub fn u256_(value: u256) u256 {
    return value;
}

pub fn i1000_(value: i1000) i1000 {
    return value;
}

pub fn f80_(value: f80) f80 {
    return value;
}

pub fn f128_(value: f128) f128 {
    return value;
}

pub fn longDouble(value: c_longdouble) c_longdouble {
    return value;
}

pub fn f80Beyond() f80 {
    return 1e1000;
}

pub fn f128Beyond() f128 {
    return -1e1000;
}

pub fn complex64(value: std.math.Complex(f32)) std.math.Complex(f32) {
    return value;
}

pub fn complex128(value: std.math.Complex(f64)) std.math.Complex(f64) {
    return value;
}

pub fn bytes(value: py.Bytes) py.Bytes {
    return value;
}

pub fn maybeBytes(value: ?py.Bytes) ?py.Bytes {
    return value;
}

pub fn byteArray(value: py.ByteArray) py.ByteArray {
    return value;
}

/// Changes the caller's bytes. Converting `byte` may run code that tries to change their number.
pub fn fill(value: py.ByteArray, byte: u8) void {
    @memset(value.data, byte);
}

pub fn path(value: py.Path) py.Path {
    return value;
}

pub fn paths(first: py.Path, second: ?py.Path) usize {
    return first.name.len + if (second) |other| other.name.len else 0;
}

pub fn pathBytes(value: py.Path) py.Bytes {
    return .{ .data = value.name };
}

pub fn date(value: py.Date) py.Date {
    return value;
}

pub fn dayNumber(value: py.Date) i32 {
    return value.dayNumber();
}

pub fn fromDayNumber(number: i32) !py.Date {
    return .fromDayNumber(number);
}

pub fn anyDate(year: u16, month: u8, day: u8) py.Date {
    return .{ .year = year, .month = month, .day = day };
}

pub fn time(value: py.Time) py.Time {
    return value;
}

pub fn anyTime(hour: u8, microsecond: u32, offset: ?py.TimeDelta) py.Time {
    return .{ .hour = hour, .microsecond = microsecond, .utc_offset = offset };
}

pub fn datetime(value: py.DateTime) py.DateTime {
    return value;
}

pub fn anyDatetime(year: u16) py.DateTime {
    return .{ .year = year, .month = 1, .day = 1 };
}

pub fn maybeDatetime(value: ?py.DateTime) ?py.DateTime {
    return value;
}

pub fn unixMicroseconds(value: py.DateTime) ?i64 {
    return value.unixMicroseconds();
}

pub fn fromUnixMicroseconds(microseconds: i64, offset: py.TimeDelta) !py.DateTime {
    return .fromUnixMicroseconds(microseconds, offset);
}

pub fn timedelta(value: py.TimeDelta) py.TimeDelta {
    return value;
}

pub fn totalMicroseconds(value: py.TimeDelta) i128 {
    return value.totalMicroseconds();
}

pub fn fromMicroseconds(microseconds: i128) !py.TimeDelta {
    return .fromMicroseconds(microseconds);
}

pub fn anyTimedelta(days: i32, seconds: u32, microseconds: u32) py.TimeDelta {
    return .{ .days = days, .seconds = seconds, .microseconds = microseconds };
}

pub fn decimal(value: py.Decimal) py.Decimal {
    return value;
}

pub fn decimalText(arena: std.mem.Allocator, value: py.Decimal) ![]const u8 {
    return value.toText(arena);
}

pub fn anyDecimal(negative: bool, digits: []const u8, exponent: i64) py.Decimal {
    return .{ .negative = negative, .digits = digits, .exponent = exponent };
}

pub fn fraction(value: py.Fraction) py.Fraction {
    return value;
}

pub fn ratio(numerator: std.math.big.int.Const, denominator: std.math.big.int.Const) py.Fraction {
    return .{ .numerator = numerator, .denominator = denominator };
}

pub fn uuid(value: py.Uuid) py.Uuid {
    return value;
}

/// Memory that Python owns from then on.
pub fn array(first: f64) !py.Array(f64) {
    const result: py.Array(f64) = try .init(&.{ 2, 3 });
    for (result.items, 0..) |*item, i| item.* = first + @as(f64, @floatFromInt(i));
    return result;
}

pub fn options(given: struct { when: ?py.Date = null, scale: std.math.Complex(f64) = .{ .re = 1, .im = 0 }, wide: u200 = 7 }) u200 {
    return given.wide + if (given.when) |when| when.day else 0;
}

/// Values that hold no Python objects can be used without the interpreter's lock.
pub fn unlocked(data: py.Bytes, when: py.DateTime) usize {
    return data.data.len + when.year;
}

pub const python = .{ .members = .{ .unlocked = .{ .release_gil = true } } };

pub const googol: std.math.big.int.Const = .{ .limbs = &.{ 0, 1 }, .positive = true };
