//! A ledger of bookings: dates and decimal numbers of Python, dicts with known keys, and exceptions with attributes.

const std = @import("std");
const py = @import("alloconda");

/// What a booking is in Python: a dict. `text` may be missing.
const Booking = struct { day: py.Date, amount: py.Decimal, text: []const u8 = "" };

/// A line of a statement, which Python gets as a dict.
const Line = struct { day: py.Date, text: []const u8, amount: py.Decimal, balance: py.Decimal };

/// A booking takes more than there is. `day` is that of the booking, `missing` what would have been needed.
pub const Overdrawn = struct {
    day: ?py.Date = null,
    missing: py.Decimal = .{ .digits = "0" },

    pub const python = .{ .exception = .ValueError };
};

pub const python = .{ .errors = .{
    .TooPrecise = .{ .ValueError, "an amount has more than two digits behind the point" },
    .NoNumber = .{ .ValueError, "an amount is no number" },
} };

/// The sum of all bookings up to a day, that day included.
pub fn balance(arena: std.mem.Allocator, bookings: []const Booking, until: ?py.Date) !py.Decimal {
    var cents: i64 = 0;
    for (bookings) |booking| {
        if (until) |last| if (booking.day.dayNumber() > last.dayNumber()) continue;
        cents = try std.math.add(i64, cents, try centsOf(booking.amount));
    }
    return fromCents(arena, cents);
}

/// The bookings in the order of their days, each with the balance after it.
///
/// Raises `Overdrawn` for a balance below `limit`.
pub fn statement(arena: std.mem.Allocator, bookings: []Booking, options: struct { limit: py.Decimal = .{ .digits = "0" } }) ![]const Line {
    std.mem.sort(Booking, bookings, {}, isEarlier);
    const limit = try centsOf(options.limit);
    const lines = try arena.alloc(Line, bookings.len);
    var cents: i64 = 0;
    for (bookings, lines) |booking, *line| {
        cents = try std.math.add(i64, cents, try centsOf(booking.amount));
        if (cents < limit) return py.raise(
            Overdrawn{ .day = booking.day, .missing = try fromCents(arena, limit - cents) },
            "'{s}' on {d}-{d:0>2}-{d:0>2} overdraws the account",
            .{ booking.text, booking.day.year, booking.day.month, booking.day.day },
        );
        line.* = .{ .day = booking.day, .text = booking.text, .amount = booking.amount, .balance = try fromCents(arena, cents) };
    }
    return lines;
}

/// The sums of all months, by the first day of each.
pub fn by_month(arena: std.mem.Allocator, bookings: []const Booking) !std.AutoArrayHashMapUnmanaged(py.Date, py.Decimal) {
    var months: std.AutoArrayHashMapUnmanaged(py.Date, i64) = .empty;
    for (bookings) |booking| {
        const entry = try months.getOrPutValue(arena, .{ .year = booking.day.year, .month = booking.day.month, .day = 1 }, 0);
        entry.value_ptr.* = try std.math.add(i64, entry.value_ptr.*, try centsOf(booking.amount));
    }
    var sums: std.AutoArrayHashMapUnmanaged(py.Date, py.Decimal) = .empty;
    for (months.keys(), months.values()) |month, cents| try sums.put(arena, month, try fromCents(arena, cents));
    return sums;
}

fn isEarlier(_: void, a: Booking, b: Booking) bool {
    return a.day.dayNumber() < b.day.dayNumber();
}

fn centsOf(amount: py.Decimal) error{ NoNumber, TooPrecise, Overflow }!i64 {
    if (amount.kind != .finite) return error.NoNumber;
    if (amount.exponent < -2) return error.TooPrecise;
    var cents: i64 = 0;
    for (amount.digits) |digit| cents = try std.math.add(i64, try std.math.mul(i64, cents, 10), digit - '0');
    var exponent = amount.exponent;
    while (exponent > -2 and cents != 0) : (exponent -= 1) cents = try std.math.mul(i64, cents, 10);
    return if (amount.negative) -cents else cents;
}

fn fromCents(arena: std.mem.Allocator, cents: i64) error{OutOfMemory}!py.Decimal {
    return .{ .negative = cents < 0, .digits = try std.fmt.allocPrint(arena, "{d}", .{@abs(cents)}), .exponent = -2 };
}

test "amounts are cents" {
    try std.testing.expectEqual(-1250, try centsOf(.{ .negative = true, .digits = "125", .exponent = -1 }));
    try std.testing.expectEqual(30_000, try centsOf(.{ .digits = "3", .exponent = 2 }));
    try std.testing.expectError(error.TooPrecise, centsOf(.{ .digits = "1", .exponent = -3 }));
    try std.testing.expectError(error.Overflow, centsOf(.{ .digits = "1", .exponent = 30 }));
}
