//! What every reader must stand: files that are cut off or changed anywhere. For tests only.

const std = @import("std");
const testing = std.testing;
const Binary = @import("Binary.zig");

/// Any answer will do, but it must come, and the names in it must be texts that can be shown.
fn read(arena: *std.heap.ArenaAllocator, bytes: []const u8) !void {
    _ = arena.reset(.retain_capacity);
    const slices = Binary.read(arena.allocator(), bytes) catch |err| switch (err) {
        error.OutOfMemory => return err,
        else => return,
    };
    for (slices) |binary| {
        for (binary.exports) |name| try expectText(name);
        for (binary.imports) |import| {
            try expectText(import.name);
            if (import.library) |library| try expectText(library);
            if (import.version) |version| try expectText(version);
        }
        for (binary.needed) |name| try expectText(name);
        for (binary.runpath) |name| try expectText(name);
        for (binary.debug_files) |name| try expectText(name);
        for (binary.versions) |version| {
            try expectText(version.library);
            try expectText(version.name);
        }
        if (binary.soname) |name| try expectText(name);
        _ = binary.glibcMin();
    }
}

fn expectText(text: []const u8) !void {
    try testing.expect(std.unicode.utf8ValidateSlice(text));
    for (text) |byte| try testing.expect(!std.ascii.isControl(byte));
}

/// Reads `good` cut off at each byte.
pub fn cutOff(good: []const u8) !void {
    var arena: std.heap.ArenaAllocator = .init(testing.allocator);
    defer arena.deinit();
    for (0..good.len) |len| {
        // Memory of that length, so that a read beyond it is found.
        const bytes = try testing.allocator.dupe(u8, good[0..len]);
        defer testing.allocator.free(bytes);
        try read(&arena, bytes);
    }
}

/// Reads `good` with each byte in turn at its extremes.
pub fn oneByteEach(good: []const u8) !void {
    var arena: std.heap.ArenaAllocator = .init(testing.allocator);
    defer arena.deinit();
    const bytes = try testing.allocator.dupe(u8, good);
    defer testing.allocator.free(bytes);
    for (0..bytes.len) |index| {
        const kept = bytes[index];
        defer bytes[index] = kept;
        for ([_]u8{ 0x00, 0x7f, 0x80, 0xff, kept +% 1, kept -% 1 }) |value| {
            bytes[index] = value;
            try read(&arena, bytes);
        }
    }
}

/// Reads `good` with up to eight bytes or words of it overwritten, `rounds` times.
pub fn randomChanges(good: []const u8, rounds: usize) !void {
    var arena: std.heap.ArenaAllocator = .init(testing.allocator);
    defer arena.deinit();
    const bytes = try testing.allocator.dupe(u8, good);
    defer testing.allocator.free(bytes);
    var prng: std.Random.DefaultPrng = .init(0x5eed);
    const random = prng.random();
    for (0..rounds) |round| {
        @memcpy(bytes, good);
        for (0..random.intRangeAtMost(usize, 1, 8)) |_| {
            const index = random.uintLessThan(usize, bytes.len - 8);
            switch (round % 3) {
                0 => bytes[index] = random.int(u8),
                1 => @memset(bytes[index & ~@as(usize, 3) ..][0..4], 0xff),
                else => @memset(bytes[index & ~@as(usize, 7) ..][0..8], random.int(u8)),
            }
        }
        try read(&arena, bytes);
    }
}
