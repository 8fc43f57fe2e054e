//! Where a Zig error came from, as a note on the Python exception (PEP 678). In Debug builds, from Python 3.11 on.

const std = @import("std");
const builtin = @import("builtin");
const compat = @import("../compat/trace.zig");
const exceptions = @import("exceptions.zig");
const memory = @import("memory.zig");

/// Adds the frames of an error return trace to the exception that is set. Never replaces that exception.
pub noinline fn note(trace: ?*std.builtin.StackTrace) void {
    const frames = trace orelse return;
    if (frames.index == 0) return;
    var text: std.Io.Writer.Allocating = .init(memory.allocator);
    defer text.deinit();
    text.writer.writeAll("Zig error return trace:\n") catch return;
    compat.writeErrorReturnTrace(frames, &text.writer) catch return;
    exceptions.addNote(std.mem.trimEnd(u8, text.written(), "\n"));
}
