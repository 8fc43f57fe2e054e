//! Error return traces as text.

const std = @import("std");
const builtin = @import("builtin");

const has_terminal = builtin.zig_version.order(.{ .major = 0, .minor = 16, .patch = 0 }) != .lt;

/// Writes one line per frame, with the line of the source below it where that can be read.
pub fn writeErrorReturnTrace(trace: *std.builtin.StackTrace, writer: *std.Io.Writer) !void {
    if (has_terminal) return std.debug.writeErrorReturnTrace(trace, .{ .writer = writer, .mode = .no_color });
    return std.debug.writeStackTrace(trace.*, writer, try std.debug.getSelfDebugInfo(), .no_color);
}
