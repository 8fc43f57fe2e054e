//! Sums over series of numbers: reads NumPy arrays in place, and makes new ones.

const std = @import("std");
const py = @import("alloconda");

pub const python = .{ .members = .{
    .movingAverage = .{ .name = "moving_average", .release_gil = true },
    .standardize = .{ .release_gil = true },
    .distances = .{ .release_gil = true },
} };

/// Mean of each `window` neighbours, a memoryview of float64.
pub fn movingAverage(arena: std.mem.Allocator, values: py.Buffer(f64), window: usize) !py.Array(f64) {
    if (values.rank() != 1 or window == 0 or window > values.len()) return error.ValueError;
    const items = try values.contiguous(arena);
    const means: py.Array(f64) = try .init(&.{items.len - window + 1});
    var sum: f64 = 0;
    for (items[0..window]) |item| sum += item;
    for (means.items, 0..) |*mean, i| {
        mean.* = sum / @as(f64, @floatFromInt(window));
        if (i + window < items.len) sum += items[i + window] - items[i];
    }
    return means;
}

/// Changes values in place, so that their mean is 0 and their standard deviation 1.
pub fn standardize(values: py.BufferMut(f64)) error{ValueError}!void {
    if (values.len() == 0) return error.ValueError;
    const count: f64 = @floatFromInt(values.len());
    var sum: f64 = 0;
    var items = values.iterator();
    while (items.next()) |item| sum += item;
    var squares: f64 = 0;
    items = values.iterator();
    while (items.next()) |item| squares += (item - sum / count) * (item - sum / count);
    const deviation = @sqrt(squares / count);
    if (deviation == 0) return error.ValueError;
    items = values.iterator();
    while (items.nextPointer()) |item| item.* = (item.* - sum / count) / deviation;
}

/// Distance from each point to each other one. `points` has a row for each; the result a row and a column.
pub fn distances(points: py.Buffer(f64)) !py.Array(f64) {
    if (points.rank() != 2) return error.ValueError;
    const count, const dimensions = points.shape()[0..2].*;
    const result: py.Array(f64) = try .init(&.{ count, count });
    for (0..count) |i| for (0..count) |j| {
        var squares: f64 = 0;
        for (0..dimensions) |k| {
            const difference = points.at(.{ i, k }) - points.at(.{ j, k });
            squares += difference * difference;
        }
        result.items[i * count + j] = @sqrt(squares);
    };
    return result;
}

/// In how many ways `k` of `n` things can be chosen.
pub fn binomial(arena: std.mem.Allocator, n: u32, k: u32) !std.math.big.int.Managed {
    const Int = std.math.big.int.Managed;
    var result: Int = try .initSet(arena, @intFromBool(k <= n));
    var remainder: Int = try .init(arena);
    for (0..@min(k, n -| k)) |i| {
        const factor: Int = try .initSet(arena, n - i);
        const divisor: Int = try .initSet(arena, i + 1);
        try result.mul(&result, &factor);
        try result.divFloor(&remainder, &result, &divisor);
    }
    return result;
}

test "choices" {
    var arena: std.heap.ArenaAllocator = .init(std.testing.allocator);
    defer arena.deinit();
    try std.testing.expectEqual(2_598_960, (try binomial(arena.allocator(), 52, 5)).toInt(u32));
    try std.testing.expectEqual(1, (try binomial(arena.allocator(), 4, 4)).toInt(u32));
    try std.testing.expectEqual(0, (try binomial(arena.allocator(), 3, 4)).toInt(u32));
}
