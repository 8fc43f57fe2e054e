//! Where the binding library and its users get memory from.

const std = @import("std");
const builtin = @import("builtin");

/// General-purpose allocator for extensions: the C library's `malloc` where one is linked (Linux, macOS), Zig's own
/// elsewhere. It does not need the GIL.
pub const allocator: std.mem.Allocator = if (builtin.link_libc) std.heap.c_allocator else std.heap.smp_allocator;

/// The arena behind a `std.mem.Allocator` parameter: it lives for one call and is freed when the result has been
/// converted. The first bytes are its own; `std.heap.ArenaAllocator` has what does not fit.
///
/// It has a limit: std's adds to a size before it looks at it, which wraps around for sizes near the end of the address
/// space when safety is off. Sizes come from Python here.
pub const CallArena = struct {
    near: [512]u8 align(near_alignment),
    /// How much of `near` is taken.
    used: usize,
    /// Undefined until `has_far`.
    far: std.heap.ArenaAllocator,
    has_far: bool,

    const near_alignment = 16;
    const size_max = std.math.maxInt(isize);

    /// An arena stays where it is from its first use on.
    pub inline fn begin(call: *CallArena) void {
        call.used = 0;
        call.has_far = false;
    }

    pub inline fn deinit(call: *CallArena) void {
        if (call.has_far) {
            @branchHint(.unlikely);
            call.freeFar();
        }
    }

    noinline fn freeFar(call: *CallArena) void {
        call.far.deinit();
    }

    pub fn interface(call: *CallArena) std.mem.Allocator {
        return .{ .ptr = call, .vtable = &.{ .alloc = alloc, .resize = resize, .remap = remap, .free = free } };
    }

    /// A small value without the detour by way of an allocator, or null where it has no place.
    pub inline fn createNear(call: *CallArena, comptime T: type) ?*T {
        return @ptrCast(@alignCast(call.takeNear(@sizeOf(T), .of(T)) orelse return null));
    }

    inline fn takeNear(call: *CallArena, size: usize, alignment: std.mem.Alignment) ?[*]u8 {
        if (size > call.near.len or alignment.toByteUnits() > near_alignment) return null;
        const start = alignment.forward(call.used);
        if (start + size > call.near.len) return null;
        call.used = start + size;
        return call.near[start..].ptr;
    }

    fn inner(call: *CallArena) std.mem.Allocator {
        if (!call.has_far) {
            call.far = .init(allocator);
            call.has_far = true;
        }
        return call.far.allocator();
    }

    fn alloc(pointer: *anyopaque, size: usize, alignment: std.mem.Alignment, return_address: usize) ?[*]u8 {
        const call: *CallArena = @ptrCast(@alignCast(pointer));
        if (call.takeNear(size, alignment)) |memory| return memory;
        if (size > size_max) return null;
        return call.inner().rawAlloc(size, alignment, return_address);
    }

    fn resize(pointer: *anyopaque, memory: []u8, alignment: std.mem.Alignment, new_size: usize, return_address: usize) bool {
        const call: *CallArena = @ptrCast(@alignCast(pointer));
        if (call.startOf(memory)) |start| return call.resizeNear(start, memory.len, new_size);
        return new_size <= size_max and call.inner().rawResize(memory, alignment, new_size, return_address);
    }

    fn remap(pointer: *anyopaque, memory: []u8, alignment: std.mem.Alignment, new_size: usize, return_address: usize) ?[*]u8 {
        const call: *CallArena = @ptrCast(@alignCast(pointer));
        if (call.startOf(memory)) |start| return if (call.resizeNear(start, memory.len, new_size)) memory.ptr else null;
        if (new_size > size_max) return null;
        return call.inner().rawRemap(memory, alignment, new_size, return_address);
    }

    fn free(pointer: *anyopaque, memory: []u8, alignment: std.mem.Alignment, return_address: usize) void {
        const call: *CallArena = @ptrCast(@alignCast(pointer));
        if (call.startOf(memory)) |start| {
            if (start + memory.len == call.used) call.used = start;
            return;
        }
        call.inner().rawFree(memory, alignment, return_address);
    }

    /// Where memory is in `near`, or null when it is not there.
    fn startOf(call: *CallArena, memory: []u8) ?usize {
        const start = @intFromPtr(memory.ptr) -% @intFromPtr(&call.near);
        return if (start < call.near.len) start else null;
    }

    /// The last of all can grow.
    fn resizeNear(call: *CallArena, start: usize, size: usize, new_size: usize) bool {
        if (start + size != call.used) return new_size <= size;
        if (new_size > call.near.len - start) return false;
        call.used = start + new_size;
        return true;
    }
};

test "sizes near the end of the address space are refused" {
    var call: CallArena = undefined;
    call.begin();
    defer call.deinit();
    const arena = call.interface();
    for ([_]usize{ std.math.maxInt(usize), std.math.maxInt(usize) - 20, std.math.maxInt(isize) }) |size| {
        try std.testing.expectError(error.OutOfMemory, arena.alloc(u8, size));
    }
    const memory = try arena.alloc(u8, 100);
    try std.testing.expectEqual(null, arena.remap(memory, std.math.maxInt(usize)));
    try std.testing.expect(!arena.resize(memory, std.math.maxInt(usize) - 20));
}

test "small requests are served from the arena itself, and grow out of it" {
    var call: CallArena = undefined;
    call.begin();
    defer call.deinit();
    const arena = call.interface();
    const first = try arena.alloc(u8, 3);
    var numbers = try arena.alloc(u64, 2);
    numbers[1] = 7;
    try std.testing.expect(!call.has_far);
    // Only the last one can grow in place.
    try std.testing.expect(!arena.resize(first, 4));
    try std.testing.expect(arena.resize(first, 1));
    try std.testing.expect(arena.resize(numbers, 10));
    numbers.len = 10;
    numbers = try arena.realloc(numbers, 1000);
    try std.testing.expect(call.has_far);
    try std.testing.expectEqual(7, numbers[1]);
    // What is given back last is used again; what is aligned for vectors is elsewhere.
    const last = try arena.alloc(u8, 16);
    arena.free(last);
    try std.testing.expectEqual(last.ptr, (try arena.alloc(u8, 16)).ptr);
    const vector = try arena.alignedAlloc(u8, .@"64", 1);
    try std.testing.expect(@intFromPtr(vector.ptr) % 64 == 0);
}
