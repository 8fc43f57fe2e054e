//! What a Zig panic does in an extension: it ends the process, since Zig frames cannot be unwound.

const std = @import("std");
const builtin = @import("builtin");
const c = @import("c.zig");
const trace = @import("../compat/trace.zig");

/// In Debug builds, and in ReleaseSafe with debug information (`-Dstrip=false`). The code that reads it is large.
const has_trace = !builtin.strip_debug_info and
    (builtin.mode == std.builtin.OptimizeMode.Debug or builtin.mode == std.builtin.OptimizeMode.ReleaseSafe);

/// Where Zig knows its own trace, it prints that first; then CPython prints the message and the Python stack, and aborts.
pub fn panicked(message: []const u8, first_trace_address: ?usize) noreturn {
    @branchHint(.cold);
    if (has_trace) trace.dumpCurrent(first_trace_address);
    var text: [256]u8 = undefined;
    const length = @min(message.len, text.len - 1);
    @memcpy(text[0..length], message[0..length]);
    text[length] = 0;
    c.Py_FatalError(text[0..length :0]);
}
