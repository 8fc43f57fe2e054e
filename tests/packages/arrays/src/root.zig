//! Buffers of other objects, and arrays that Zig made, for the tests.

const std = @import("std");
const py = @import("alloconda");
const Complex = std.math.Complex;

/// The sum of all items, by each way to read them; NaN when the ways differ.
fn sumOf(comptime T: type, values: py.Buffer(T)) f64 {
    var by_iterator: f64 = 0;
    var items = values.iterator();
    while (items.next()) |item| by_iterator += asFloat(item);
    var by_index: f64 = 0;
    const shape = values.shape();
    switch (values.rank()) {
        0 => by_index = asFloat(values.at(.{})),
        1 => for (0..shape[0]) |i| {
            by_index += asFloat(values.at(i));
        },
        2 => for (0..shape[0]) |i| for (0..shape[1]) |j| {
            by_index += asFloat(values.at(.{ i, j }));
        },
        else => by_index = by_iterator,
    }
    var by_slice: f64 = 0;
    if (values.slice()) |slice| {
        for (slice) |item| by_slice += asFloat(item);
    } else by_slice = by_iterator;
    return if (by_iterator == by_index and by_index == by_slice) by_index else std.math.nan(f64);
}

fn asFloat(value: anytype) f64 {
    return switch (@typeInfo(@TypeOf(value))) {
        .int => @floatFromInt(value),
        .float => value,
        else => value.re + 1000 * value.im,
    };
}

pub fn i8_(value: py.Buffer(i8)) f64 {
    return sumOf(i8, value);
}

pub fn u8_(value: py.Buffer(u8)) f64 {
    return sumOf(u8, value);
}

pub fn i16_(value: py.Buffer(i16)) f64 {
    return sumOf(i16, value);
}

pub fn u16_(value: py.Buffer(u16)) f64 {
    return sumOf(u16, value);
}

pub fn i32_(value: py.Buffer(i32)) f64 {
    return sumOf(i32, value);
}

pub fn u32_(value: py.Buffer(u32)) f64 {
    return sumOf(u32, value);
}

pub fn i64_(value: py.Buffer(i64)) f64 {
    return sumOf(i64, value);
}

pub fn u64_(value: py.Buffer(u64)) f64 {
    return sumOf(u64, value);
}

pub fn f16_(value: py.Buffer(f16)) f64 {
    return sumOf(f16, value);
}

pub fn f32_(value: py.Buffer(f32)) f64 {
    return sumOf(f32, value);
}

pub fn f64_(value: py.Buffer(f64)) f64 {
    return sumOf(f64, value);
}

pub fn complex64(value: py.Buffer(Complex(f32))) f64 {
    return sumOf(Complex(f32), value);
}

pub fn complex128(value: py.Buffer(Complex(f64))) f64 {
    return sumOf(Complex(f64), value);
}

/// Shape, strides and whether the items are contiguous, as text.
pub fn describe(arena: std.mem.Allocator, value: py.Buffer(f64)) ![]u8 {
    return std.fmt.allocPrint(arena, "{any} {any} {}", .{ value.shape(), value.strides(), value.slice() != null });
}

/// A copy in C order.
pub fn copied(arena: std.mem.Allocator, value: py.Buffer(f64)) !py.Array(f64) {
    const items = try value.contiguous(arena);
    const result: py.Array(f64) = try .init(value.shape());
    @memcpy(result.items, items);
    return result;
}

pub fn maybe(value: ?py.Buffer(u8)) ?usize {
    return if (value) |buffer| buffer.len() else null;
}

/// Without the interpreter's lock.
pub fn unlocked(value: py.Buffer(f64)) f64 {
    return sumOf(f64, value);
}

/// Adds to each item, by each way to write them. Converting `amount` may run any code.
pub fn increase(value: py.BufferMut(f64), amount: f64) void {
    var items = value.iterator();
    if (value.slice()) |slice| {
        for (slice) |*item| item.* += amount;
    } else if (value.rank() == 1) {
        for (0..value.len()) |i| value.set(i, value.at(i) + amount);
    } else while (items.nextPointer()) |item| {
        item.* += amount;
    }
}

/// Doubles each byte.
pub fn doubled(value: py.BufferMut(u8)) void {
    var items = value.iterator();
    while (items.nextPointer()) |item| item.* *%= 2;
}

pub fn two(first: py.BufferMut(u8), second: py.Buffer(u8), count: i32) usize {
    _ = count;
    return first.len() + second.len();
}

/// 0, 1, 2 … in C order.
fn counted(comptime T: type, shape: []const usize) !py.Array(T) {
    const array: py.Array(T) = try .init(shape);
    for (array.items, 0..) |*item, i| item.* = switch (@typeInfo(T)) {
        .int => @intCast(i),
        .float => @floatFromInt(i),
        else => .{ .re = @floatFromInt(i), .im = 1 },
    };
    return array;
}

pub fn grid(rows: usize, columns: usize) !py.Array(f64) {
    return counted(f64, &.{ rows, columns });
}

pub fn cube() !py.Array(i32) {
    return counted(i32, &.{ 2, 3, 4 });
}

pub fn scalar() !py.Array(f32) {
    return counted(f32, &.{});
}

pub fn bytes(count: usize) !py.Array(u8) {
    return counted(u8, &.{count});
}

pub fn complexes() !py.Array(Complex(f64)) {
    return counted(Complex(f64), &.{3});
}

pub fn halves() !py.Array(f16) {
    return counted(f16, &.{3});
}

pub fn longs() !py.Array(i64) {
    return counted(i64, &.{3});
}

/// Rows and columns exchanged: memory in Fortran order.
pub fn transposed(rows: usize, columns: usize) !py.Array(f64) {
    const items = try py.allocator.alloc(f64, rows * columns);
    errdefer py.allocator.free(items);
    for (items, 0..) |*item, i| item.* = @floatFromInt(i);
    return .adopt(py.allocator, items, .{ .shape = &.{ columns, rows }, .strides = &.{ 1, columns } });
}

/// Every second one of ten.
pub fn everySecond() !py.Array(u16) {
    const items = try py.allocator.alloc(u16, 10);
    errdefer py.allocator.free(items);
    for (items, 0..) |*item, i| item.* = @intCast(i);
    return .adopt(py.allocator, items, .{ .shape = &.{5}, .strides = &.{2} });
}

pub fn misfit(shape: usize, stride: usize) !py.Array(u8) {
    const items = try py.allocator.alloc(u8, 10);
    errdefer py.allocator.free(items);
    return .adopt(py.allocator, items, .{ .shape = &.{ shape, 1 }, .strides = &.{ stride, 1 } });
}

const constants = [_]f64{ 1, 2, 3 };

/// Memory that is never freed.
pub fn fixed() !py.Array(f64) {
    return .borrow(&constants, null, .{});
}

const some_bytes = [_]u8{ 'a', 'b', 'c' };

/// A read-only view that keeps another object alive.
pub fn kept(owner: py.Object) !py.Array(u8) {
    const items: []const u8 = &some_bytes;
    return .borrow(items, owner, .{});
}

/// Not returned, so freed here.
pub fn dropped() !void {
    const array = try counted(f64, &.{ 10, 10 });
    array.deinit();
}

pub fn failing() !py.Array(f64) {
    const array = try counted(f64, &.{ 10, 10 });
    errdefer array.deinit();
    return py.raise(.ValueError, "no", .{});
}

pub const python = .{ .members = .{ .unlocked = .{ .release_gil = true } } };
