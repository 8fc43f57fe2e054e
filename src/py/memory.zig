//! Where the binding library and its users get memory from.

const std = @import("std");
const builtin = @import("builtin");

/// General-purpose allocator for extensions: the C library's `malloc` where one is linked (Linux, macOS), Zig's own
/// elsewhere. It does not need the GIL.
pub const allocator: std.mem.Allocator = if (builtin.link_libc) std.heap.c_allocator else std.heap.smp_allocator;

/// The arena behind a `std.mem.Allocator` parameter: it lives for one call and is freed when the result has been
/// converted.
///
/// It is std's, with a limit: `std.heap.ArenaAllocator` adds to a size before it looks at it, which wraps around for
/// sizes near the end of the address space when safety is off. Sizes come from Python here.
pub const CallArena = struct {
    arena: std.heap.ArenaAllocator,

    const size_max = std.math.maxInt(isize);

    pub fn init() CallArena {
        return .{ .arena = .init(allocator) };
    }

    pub fn deinit(call: *CallArena) void {
        call.arena.deinit();
    }

    pub fn interface(call: *CallArena) std.mem.Allocator {
        return .{ .ptr = call, .vtable = &.{ .alloc = alloc, .resize = resize, .remap = remap, .free = free } };
    }

    fn inner(pointer: *anyopaque) std.mem.Allocator {
        const call: *CallArena = @ptrCast(@alignCast(pointer));
        return call.arena.allocator();
    }

    fn alloc(pointer: *anyopaque, size: usize, alignment: std.mem.Alignment, return_address: usize) ?[*]u8 {
        if (size > size_max) return null;
        return inner(pointer).rawAlloc(size, alignment, return_address);
    }

    fn resize(pointer: *anyopaque, memory: []u8, alignment: std.mem.Alignment, new_size: usize, return_address: usize) bool {
        return new_size <= size_max and inner(pointer).rawResize(memory, alignment, new_size, return_address);
    }

    fn remap(pointer: *anyopaque, memory: []u8, alignment: std.mem.Alignment, new_size: usize, return_address: usize) ?[*]u8 {
        if (new_size > size_max) return null;
        return inner(pointer).rawRemap(memory, alignment, new_size, return_address);
    }

    fn free(pointer: *anyopaque, memory: []u8, alignment: std.mem.Alignment, return_address: usize) void {
        inner(pointer).rawFree(memory, alignment, return_address);
    }
};

test "sizes near the end of the address space are refused" {
    var call: CallArena = .init();
    defer call.deinit();
    const arena = call.interface();
    for ([_]usize{ std.math.maxInt(usize), std.math.maxInt(usize) - 20, std.math.maxInt(isize) }) |size| {
        try std.testing.expectError(error.OutOfMemory, arena.alloc(u8, size));
    }
    const memory = try arena.alloc(u8, 100);
    try std.testing.expectEqual(null, arena.remap(memory, std.math.maxInt(usize)));
    try std.testing.expect(!arena.resize(memory, std.math.maxInt(usize) - 20));
}
