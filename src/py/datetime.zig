//! Python's `datetime` module: dates, times of day, both together, and durations.
//!
//! Values are checked where Python makes them: a result that is out of range raises what `datetime` raises, mostly
//! ValueError. Of a time zone its offset from UTC is kept, not its name. The calendar is the proleptic Gregorian one.

const std = @import("std");
const c = @import("c.zig");
const exceptions = @import("exceptions.zig");
const FromError = @import("convert.zig").FromError;
const instances = @import("instances.zig");
const Scope = @import("Scope.zig");
const State = @import("State.zig");

/// `datetime.timedelta`, in its normal form: only `days` may be negative.
pub const TimeDelta = struct {
    /// -999,999,999 to 999,999,999.
    days: i32 = 0,
    /// 0 to 86,399.
    seconds: u32 = 0,
    /// 0 to 999,999.
    microseconds: u32 = 0,

    /// The whole duration in microseconds.
    pub fn totalMicroseconds(delta: TimeDelta) i128 {
        return @as(i128, delta.days) * us_per_day + @as(i64, delta.seconds) * us_per_second + delta.microseconds;
    }

    /// Fails for a duration of 10^9 days or more.
    pub fn fromMicroseconds(microseconds: i128) error{Overflow}!TimeDelta {
        const days = @divFloor(microseconds, us_per_day);
        if (@abs(days) > 999_999_999) return error.Overflow;
        const rest: u64 = @intCast(@mod(microseconds, us_per_day));
        return .{ .days = @intCast(days), .seconds = @intCast(rest / us_per_second), .microseconds = @intCast(rest % us_per_second) };
    }

    pub const python_converter = struct {
        pub const annotation = "datetime.timedelta";
        pub const needs_lock = false;

        pub fn fromPython(object: *c.PyObject, scope: *Scope) FromError!TimeDelta {
            try instances.require(object, scope, .@"datetime.timedelta");
            return fields(TimeDelta, object, scope);
        }

        pub fn toPython(delta: TimeDelta, scope: *Scope) ?*c.PyObject {
            const class = scope.imported(.@"datetime.timedelta") orelse return null;
            return c.PyObject_CallFunction(class, "iII", delta.days, delta.seconds, delta.microseconds);
        }
    };
};

const us_per_second = 1_000_000;
const us_per_day = 86_400 * us_per_second;

/// `datetime.date`. A `datetime.datetime`, though derived from it, is refused: its time would be lost.
pub const Date = struct {
    /// 1 to 9999.
    year: u16,
    month: u8,
    day: u8,

    /// Days since 1 January 1970. The date must exist.
    pub fn dayNumber(date: Date) i32 {
        const past_years: i32 = @as(i32, date.year) - 1;
        const leap_days = @divFloor(past_years, 4) - @divFloor(past_years, 100) + @divFloor(past_years, 400);
        return 365 * past_years + leap_days + daysBefore(date.year, date.month) + date.day - epoch;
    }

    /// Fails outside the years 1 to 9999.
    pub fn fromDayNumber(number: i32) error{Overflow}!Date {
        const first = (Date{ .year = 1, .month = 1, .day = 1 }).dayNumber();
        const last = comptime (Date{ .year = 9999, .month = 12, .day = 31 }).dayNumber();
        if (number < first or number > last) return error.Overflow;
        // No year is shorter than 365 days, so the first guess is not too early by more than the leap days before it.
        var date: Date = .{ .year = @intCast(@divFloor((number - first) * 400, 146_097) + 1), .month = 1, .day = 1 };
        while (date.year > 1 and date.dayNumber() > number) date.year -= 1;
        while (date.year < 9999 and (Date{ .year = date.year + 1, .month = 1, .day = 1 }).dayNumber() <= number) date.year += 1;
        const day_of_year = number - date.dayNumber();
        date.month = 12;
        while (daysBefore(date.year, date.month) > day_of_year) date.month -= 1;
        date.day = @intCast(day_of_year - daysBefore(date.year, date.month) + 1);
        return date;
    }

    pub const python_converter = struct {
        pub const annotation = "datetime.date";
        pub const needs_lock = false;

        pub fn fromPython(object: *c.PyObject, scope: *Scope) FromError!Date {
            try instances.require(object, scope, .@"datetime.date");
            if (try instances.isInstance(object, scope, .@"datetime.datetime")) return error.WrongType;
            return fields(Date, object, scope);
        }

        pub fn toPython(date: Date, scope: *Scope) ?*c.PyObject {
            const class = scope.imported(.@"datetime.date") orelse return null;
            return c.PyObject_CallFunction(class, "III", int(date.year), int(date.month), int(date.day));
        }
    };
};

/// Days from 1 January of the year 1, plus one, to 1 January 1970.
const epoch = 719_163;

/// Days from the first of January to the first of a month.
fn daysBefore(year: u16, month: u8) i32 {
    const before = [_]i32{ 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334 };
    const is_leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0);
    return before[month - 1] + @intFromBool(is_leap and month > 2);
}

/// `datetime.time`.
pub const Time = struct {
    hour: u8 = 0,
    minute: u8 = 0,
    second: u8 = 0,
    microsecond: u32 = 0,
    /// 1 for the second of two equal times when clocks are put back (PEP 495).
    fold: u1 = 0,
    /// Null for a time without a zone, and for one whose zone has no offset without a date.
    utc_offset: ?TimeDelta = null,

    pub const python_converter = struct {
        pub const annotation = "datetime.time";
        pub const needs_lock = false;

        pub fn fromPython(object: *c.PyObject, scope: *Scope) FromError!Time {
            try instances.require(object, scope, .@"datetime.time");
            return fields(Time, object, scope);
        }

        pub fn toPython(time: Time, scope: *Scope) ?*c.PyObject {
            const zone = timezone(time.utc_offset, scope) orelse return null;
            defer c.Py_DecRef(zone);
            const arguments = c.Py_BuildValue("(IIIIO)", int(time.hour), int(time.minute), int(time.second), int(time.microsecond), zone);
            return construct(.@"datetime.time", arguments, time.fold, scope);
        }
    };
};

/// `datetime.datetime`: without a zone where `utc_offset` is null (naive), else with a fixed offset (aware).
pub const DateTime = struct {
    /// 1 to 9999.
    year: u16,
    month: u8,
    day: u8,
    hour: u8 = 0,
    minute: u8 = 0,
    second: u8 = 0,
    microsecond: u32 = 0,
    /// 1 for the second of two equal times when clocks are put back (PEP 495). `utc_offset` takes it into account.
    fold: u1 = 0,
    utc_offset: ?TimeDelta = null,

    pub fn date(self: DateTime) Date {
        return .{ .year = self.year, .month = self.month, .day = self.day };
    }

    /// The time of day, with the offset.
    pub fn time(self: DateTime) Time {
        return .{
            .hour = self.hour,
            .minute = self.minute,
            .second = self.second,
            .microsecond = self.microsecond,
            .fold = self.fold,
            .utc_offset = self.utc_offset,
        };
    }

    /// Microseconds since 1 January 1970 in UTC, or null for a time without an offset, which is no point in time. The
    /// date must exist.
    pub fn unixMicroseconds(self: DateTime) ?i64 {
        const offset = self.utc_offset orelse return null;
        const seconds = (@as(i64, self.hour) * 60 + self.minute) * 60 + self.second;
        const local = @as(i64, self.date().dayNumber()) * us_per_day + seconds * us_per_second + self.microsecond;
        return std.math.lossyCast(i64, local - offset.totalMicroseconds());
    }

    /// The point in time as a clock with that offset from UTC shows it. Fails outside the years 1 to 9999.
    pub fn fromUnixMicroseconds(microseconds: i64, utc_offset: TimeDelta) error{Overflow}!DateTime {
        const local = try TimeDelta.fromMicroseconds(microseconds + utc_offset.totalMicroseconds());
        const day = try Date.fromDayNumber(local.days);
        return .{
            .year = day.year,
            .month = day.month,
            .day = day.day,
            .hour = @intCast(local.seconds / 3600),
            .minute = @intCast(local.seconds / 60 % 60),
            .second = @intCast(local.seconds % 60),
            .microsecond = local.microseconds,
            .utc_offset = utc_offset,
        };
    }

    pub const python_converter = struct {
        pub const annotation = "datetime.datetime";
        pub const needs_lock = false;

        pub fn fromPython(object: *c.PyObject, scope: *Scope) FromError!DateTime {
            try instances.require(object, scope, .@"datetime.datetime");
            return fields(DateTime, object, scope);
        }

        pub fn toPython(value: DateTime, scope: *Scope) ?*c.PyObject {
            const zone = timezone(value.utc_offset, scope) orelse return null;
            defer c.Py_DecRef(zone);
            const arguments = c.Py_BuildValue(
                "(IIIIIIIO)",
                int(value.year),
                int(value.month),
                int(value.day),
                int(value.hour),
                int(value.minute),
                int(value.second),
                int(value.microsecond),
                zone,
            );
            return construct(.@"datetime.datetime", arguments, value.fold, scope);
        }
    };
};

fn int(value: anytype) c_uint {
    return value;
}

/// A value whose fields are the object's attributes; the offset is what its method `utcoffset` says.
fn fields(comptime T: type, object: *c.PyObject, scope: *Scope) error{Python}!T {
    var value: T = undefined;
    inline for (comptime std.meta.fieldNames(T)) |name| {
        if (comptime std.mem.eql(u8, name, "utc_offset")) continue;
        @field(value, name) = try instances.attribute(@FieldType(T, name), object, @field(State.Attribute, name), scope);
    }
    if (@hasField(T, "month") and !isPlausible(value.year, value.month, value.day)) {
        return exceptions.raise(.ValueError, "year, month or day is out of range", .{});
    }
    if (@hasField(T, "utc_offset")) value.utc_offset = try utcOffset(object, scope);
    return value;
}

/// False only for an instance of a derived class whose attributes are not those of a date.
fn isPlausible(year: u16, month: u8, day: u8) bool {
    return year >= 1 and year <= 9999 and month >= 1 and month <= 12 and day >= 1 and day <= 31;
}

fn utcOffset(object: *c.PyObject, scope: *Scope) error{Python}!?TimeDelta {
    const offset = try instances.call(object, .utcoffset, scope);
    defer c.Py_DecRef(offset);
    if (offset == c.none()) return null;
    return try fields(TimeDelta, offset, scope);
}

/// A new `datetime.timezone`, or None. Null with an exception set.
fn timezone(utc_offset: ?TimeDelta, scope: *Scope) ?*c.PyObject {
    const offset = utc_offset orelse return c.newSingletonReference(c.none());
    const class = scope.imported(.@"datetime.timezone") orelse return null;
    const delta = TimeDelta.python_converter.toPython(offset, scope) orelse return null;
    defer c.Py_DecRef(delta);
    return c.PyObject_CallFunction(class, "O", delta);
}

/// Takes over `arguments`, which is null when an exception is set.
fn construct(comptime class: State.Imported, arguments: ?*c.PyObject, fold: u1, scope: *Scope) ?*c.PyObject {
    const positional = arguments orelse return null;
    defer c.Py_DecRef(positional);
    const callable = scope.imported(class) orelse return null;
    if (fold == 0) return c.PyObject_Call(callable, positional, null);
    const keywords = c.Py_BuildValue("{sI}", @as([*:0]const u8, "fold"), int(fold)) orelse return null;
    defer c.Py_DecRef(keywords);
    return c.PyObject_Call(callable, positional, keywords);
}

test "days since 1970" {
    const samples = .{
        .{ 1, 1, 1, -719_162 },    .{ 1969, 12, 31, -1 },    .{ 1970, 1, 1, 0 },         .{ 2000, 2, 29, 11_016 },
        .{ 2000, 12, 31, 11_322 }, .{ 2001, 1, 1, 11_323 },  .{ 2100, 2, 28, 47_540 },   .{ 2100, 3, 1, 47_541 },
        .{ 2024, 2, 29, 19_782 },  .{ 4, 12, 31, -717_702 }, .{ 400, 12, 31, -573_066 }, .{ 9999, 12, 31, 2_932_896 },
    };
    inline for (samples) |sample| {
        const date: Date = .{ .year = sample[0], .month = sample[1], .day = sample[2] };
        try std.testing.expectEqual(sample[3], date.dayNumber());
    }
    var number: i32 = -719_162;
    while (number <= 2_932_896) : (number += 1) {
        try std.testing.expectEqual(number, (try Date.fromDayNumber(number)).dayNumber());
    }
    try std.testing.expectError(error.Overflow, Date.fromDayNumber(-719_163));
    try std.testing.expectError(error.Overflow, Date.fromDayNumber(2_932_897));
}

test "points in time" {
    const east: TimeDelta = .{ .seconds = 5 * 3600 + 1800 };
    const value = try DateTime.fromUnixMicroseconds(-1, east);
    try std.testing.expectEqual(DateTime{
        .year = 1970,
        .month = 1,
        .day = 1,
        .hour = 5,
        .minute = 29,
        .second = 59,
        .microsecond = 999_999,
        .utc_offset = east,
    }, value);
    try std.testing.expectEqual(-1, value.unixMicroseconds());
    try std.testing.expectEqual(null, (DateTime{ .year = 1, .month = 1, .day = 1 }).unixMicroseconds());
    try std.testing.expectError(error.Overflow, DateTime.fromUnixMicroseconds(std.math.maxInt(i64), .{}));
    try std.testing.expectEqual(TimeDelta{ .days = -1, .seconds = 86_399, .microseconds = 999_999 }, try TimeDelta.fromMicroseconds(-1));
    try std.testing.expectError(error.Overflow, TimeDelta.fromMicroseconds(1_000_000_000 * us_per_day));
}
