//! Stack traces and error return traces.

const std = @import("std");
const builtin = @import("builtin");

const has_terminal = builtin.zig_version.order(.{ .major = 0, .minor = 16, .patch = 0 }) != .lt;

/// Writes one line per frame, with the line of the source below it where that can be read.
pub fn writeErrorReturnTrace(trace: *std.builtin.StackTrace, writer: *std.Io.Writer) !void {
    if (has_terminal) return std.debug.writeErrorReturnTrace(trace, .{ .writer = writer, .mode = .no_color });
    return std.debug.writeStackTrace(trace.*, writer, try std.debug.getSelfDebugInfo(), .no_color);
}

/// Writes the stack of this thread to standard error, from the frame that returns to `first_address`.
pub fn dumpCurrent(first_address: ?usize) void {
    if (has_terminal) std.debug.dumpCurrentStackTrace(.{ .first_address = first_address }) else std.debug.dumpCurrentStackTrace(first_address);
}
