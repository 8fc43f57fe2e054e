//! What differs between the supported Zig versions in the things that std.testing gives to a test.

const std = @import("std");
const builtin = @import("builtin");
const testing = std.testing;

const has_io = builtin.zig_version.order(.{ .major = 0, .minor = 16, .patch = 0 }) != .lt;
const has_safe_allocator = builtin.zig_version.order(.{ .major = 0, .minor = 17, .patch = 0 }) != .lt;

/// Makes everything anew for a test.
pub fn begin() void {
    testing.allocator_instance = if (has_safe_allocator) .init(std.heap.page_allocator, .{ .check_write_after_free = true }) else .{};
    if (has_io) {
        testing.io_instance = .init(testing.allocator, .{});
        testing.environ = .empty;
    }
    testing.log_level = .warn;
}

/// Whether the test has left memory.
pub fn end() bool {
    if (has_io) testing.io_instance.deinit();
    return if (has_safe_allocator) testing.allocator_instance.deinit() != 0 else testing.allocator_instance.deinit() == .leak;
}

/// Writes where an error came from to standard error.
pub fn dumpErrorReturnTrace(trace: ?*std.builtin.StackTrace) void {
    const frames = trace orelse return;
    if (has_io) std.debug.dumpErrorReturnTrace(frames) else std.debug.dumpStackTrace(frames.*);
}
