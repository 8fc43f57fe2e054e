//! A Python language version: `3.13`. Only CPython's minor releases matter to a build, so there is no patch number.

const std = @import("std");
const Allocator = std.mem.Allocator;

const PythonVersion = @This();

major: u8,
minor: u8,

/// The oldest version that a package can be built for.
pub const min: PythonVersion = .{ .major = 3, .minor = 10 };
/// The newest version whose ABI is known.
pub const max: PythonVersion = .{ .major = 3, .minor = 15 };
/// What "all versions" ends with: later ones have to be asked for.
pub const newest_released: PythonVersion = .{ .major = 3, .minor = 14 };
/// The first version with a free-threaded build that packages are made for.
pub const free_threaded_min: PythonVersion = .{ .major = 3, .minor = 13 };

pub const Error = error{
    /// The text is not two plain decimal numbers with one dot.
    InvalidPythonVersion,
    /// A version before `min`.
    PythonVersionTooOld,
    /// A version after `max`.
    PythonVersionTooNew,
};

/// Reads `3.13`. A patch number, a prefix and a suffix are refused; `PythonTarget.parseVersion` reads `3.14t`.
pub fn parse(text_: []const u8) Error!PythonVersion {
    const dot = std.mem.indexOfScalar(u8, text_, '.') orelse return error.InvalidPythonVersion;
    const version: PythonVersion = .{
        .major = parseNumber(text_[0..dot]) orelse return error.InvalidPythonVersion,
        .minor = parseNumber(text_[dot + 1 ..]) orelse return error.InvalidPythonVersion,
    };
    if (version.order(min) == .lt) return error.PythonVersionTooOld;
    if (version.order(max) == .gt) return error.PythonVersionTooNew;
    return version;
}

/// Plain decimal digits without a leading zero: `parseInt` alone would let `+3` and `1_0` through.
fn parseNumber(digits: []const u8) ?u8 {
    if (digits.len == 0 or (digits.len > 1 and digits[0] == '0')) return null;
    for (digits) |digit| if (!std.ascii.isDigit(digit)) return null;
    return std.fmt.parseInt(u8, digits, 10) catch null;
}

/// One sentence for the user about why `parse` refused `text_`. The caller owns the memory.
pub fn reason(gpa: Allocator, text_: []const u8, err: Error) Allocator.Error![]u8 {
    return switch (err) {
        error.InvalidPythonVersion => std.fmt.allocPrint(
            gpa,
            "'{s}' is not a Python version: write two numbers, such as 3.13",
            .{text_},
        ),
        error.PythonVersionTooOld => std.fmt.allocPrint(
            gpa,
            "Python {s} is too old: the oldest version that alloconda builds for is {d}.{d}",
            .{ text_, min.major, min.minor },
        ),
        error.PythonVersionTooNew => std.fmt.allocPrint(
            gpa,
            "Python {s} is not known to this alloconda: the newest version that it builds for is {d}.{d}",
            .{ text_, max.major, max.minor },
        ),
    };
}

pub fn order(a: PythonVersion, b: PythonVersion) std.math.Order {
    const major = std.math.order(a.major, b.major);
    return if (major == .eq) std.math.order(a.minor, b.minor) else major;
}

pub fn eql(a: PythonVersion, b: PythonVersion) bool {
    return a.order(b) == .eq;
}

/// `3.13`. The caller owns the memory.
pub fn text(version: PythonVersion, gpa: Allocator) Allocator.Error![]u8 {
    return std.fmt.allocPrint(gpa, "{d}.{d}", .{ version.major, version.minor });
}

/// `313`, as tags and file names have it. The caller owns the memory.
pub fn nodot(version: PythonVersion, gpa: Allocator) Allocator.Error![]u8 {
    return std.fmt.allocPrint(gpa, "{d}{d}", .{ version.major, version.minor });
}

test "versions that are read" {
    const cases = [_]struct { []const u8, PythonVersion, []const u8 }{
        .{ "3.10", .{ .major = 3, .minor = 10 }, "310" },
        .{ "3.11", .{ .major = 3, .minor = 11 }, "311" },
        .{ "3.12", .{ .major = 3, .minor = 12 }, "312" },
        .{ "3.13", .{ .major = 3, .minor = 13 }, "313" },
        .{ "3.14", .{ .major = 3, .minor = 14 }, "314" },
        .{ "3.15", .{ .major = 3, .minor = 15 }, "315" },
    };
    for (cases) |case| {
        const version = try parse(case[0]);
        try std.testing.expectEqual(case[1], version);
        const again = try version.text(std.testing.allocator);
        defer std.testing.allocator.free(again);
        try std.testing.expectEqualStrings(case[0], again);
        const digits = try version.nodot(std.testing.allocator);
        defer std.testing.allocator.free(digits);
        try std.testing.expectEqualStrings(case[2], digits);
    }
}

test "versions that are refused, with the sentence for the user" {
    const not_a_version = "' is not a Python version: write two numbers, such as 3.13";
    const cases = [_]struct { []const u8, Error, []const u8 }{
        .{ "3.9", error.PythonVersionTooOld, "Python 3.9 is too old: the oldest version that alloconda builds for is 3.10" },
        .{ "2.7", error.PythonVersionTooOld, "Python 2.7 is too old: the oldest version that alloconda builds for is 3.10" },
        .{ "3.16", error.PythonVersionTooNew, "Python 3.16 is not known to this alloconda: the newest version that it builds for is 3.15" },
        .{ "4.0", error.PythonVersionTooNew, "Python 4.0 is not known to this alloconda: the newest version that it builds for is 3.15" },
        .{ "3", error.InvalidPythonVersion, "'3" ++ not_a_version },
        .{ "", error.InvalidPythonVersion, "'" ++ not_a_version },
        .{ ".", error.InvalidPythonVersion, "'." ++ not_a_version },
        .{ "3.", error.InvalidPythonVersion, "'3." ++ not_a_version },
        .{ "3.13.1", error.InvalidPythonVersion, "'3.13.1" ++ not_a_version },
        .{ "3.13t", error.InvalidPythonVersion, "'3.13t" ++ not_a_version },
        .{ "3.+13", error.InvalidPythonVersion, "'3.+13" ++ not_a_version },
        .{ "3.1_3", error.InvalidPythonVersion, "'3.1_3" ++ not_a_version },
        .{ "3.013", error.InvalidPythonVersion, "'3.013" ++ not_a_version },
        .{ "cp313", error.InvalidPythonVersion, "'cp313" ++ not_a_version },
        .{ " 3.13", error.InvalidPythonVersion, "' 3.13" ++ not_a_version },
        .{ "3.999", error.InvalidPythonVersion, "'3.999" ++ not_a_version },
    };
    for (cases) |case| {
        try std.testing.expectError(case[1], parse(case[0]));
        const sentence = try reason(std.testing.allocator, case[0], case[1]);
        defer std.testing.allocator.free(sentence);
        try std.testing.expectEqualStrings(case[2], sentence);
    }
}

test "order is by number, not by text" {
    const newer: PythonVersion = .{ .major = 3, .minor = 10 };
    const older: PythonVersion = .{ .major = 3, .minor = 9 };
    try std.testing.expectEqual(std.math.Order.gt, newer.order(older));
    try std.testing.expect(newer.eql(min));
}
