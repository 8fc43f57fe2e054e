//! Reads settings of the form `name = value`, one per line.

const std = @import("std");
const py = @import("alloconda");

/// A line that has no meaning. `line` and `column` count from 1.
pub const SettingsError = struct {
    line: usize = 0,
    column: usize = 0,

    pub const python = .{ .exception = .ValueError };
};

/// A name that is set twice.
pub const DuplicateError = struct {
    name: []const u8 = "",

    pub const python = .{ .exception = SettingsError };
};

pub const python = .{ .errors = .{
    .TooLong = .{ .OverflowError, "the text has more than 1,000,000 lines" },
} };

const line_max = 1_000_000;

/// Call `found(name, value)` for each setting of a text, in order.
///
/// Lines that are empty or start with `#` are passed by. What `found` raises ends the reading, and is passed on.
pub fn read(text: []const u8, found: py.Callable(fn ([]const u8, []const u8) void)) !usize {
    var count: usize = 0;
    var number: usize = 0;
    var lines = std.mem.splitScalar(u8, text, '\n');
    while (lines.next()) |whole| {
        number += 1;
        if (number > line_max) return error.TooLong;
        const line = std.mem.trim(u8, whole, " \t\r");
        if (line.len == 0 or line[0] == '#') continue;
        const equals = std.mem.indexOfScalar(u8, line, '=') orelse
            return py.raise(SettingsError{ .line = number, .column = line.len + 1 }, "line {d} has no '='", .{number});
        const name = std.mem.trimEnd(u8, line[0..equals], " \t");
        if (name.len == 0) return py.raise(SettingsError{ .line = number, .column = 1 }, "line {d} has no name", .{number});
        try found.call(.{ name, std.mem.trimStart(u8, line[equals + 1 ..], " \t") });
        count += 1;
    }
    return count;
}

/// Put the settings of a text into a dict, and return how many were new.
///
/// A name that the dict has already is a `DuplicateError`, or with `override` only a warning.
pub fn update(target: py.Object, text: []const u8, options: struct { override: bool = false }) !usize {
    var number: usize = 0;
    var lines = std.mem.splitScalar(u8, text, '\n');
    const before = try target.len();
    while (lines.next()) |line| {
        number += 1;
        const equals = std.mem.indexOfScalar(u8, line, '=') orelse continue;
        const name = std.mem.trim(u8, line[0..equals], " \t");
        if (try target.contains(name)) {
            if (!options.override) return py.raise(DuplicateError{ .name = name }, "line {d} sets '{s}' again", .{ number, name });
            try py.warn(.UserWarning, 1, "line {d} sets '{s}' again", .{ number, name });
        }
        try target.setItem(name, std.mem.trim(u8, line[equals + 1 ..], " \t\r"));
    }
    return try target.len() - before;
}

/// The value of a setting as an int, or `default` when the setting is not there.
pub fn number_of(settings: py.Object, name: []const u8, default: i64) !i64 {
    const text = settings.item(name) catch |err| {
        const missing = py.caught(.KeyError) orelse return err;
        defer missing.deinit();
        return default;
    };
    defer text.deinit();
    const value = try text.object.to([]const u8);
    return std.fmt.parseInt(i64, value, 10) catch |reason|
        py.raise(.ValueError, "'{s}' is '{s}', which is no int ({t})", .{ name, value, reason });
}
