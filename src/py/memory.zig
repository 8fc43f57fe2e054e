//! Where the binding library and its users get memory from.

const std = @import("std");
const builtin = @import("builtin");

/// General-purpose allocator for extensions: the C library's `malloc` where one is linked (Linux, macOS), Zig's own
/// elsewhere. It does not need the GIL.
pub const allocator: std.mem.Allocator = if (builtin.link_libc) std.heap.c_allocator else std.heap.smp_allocator;
