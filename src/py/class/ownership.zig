//! What a Zig value holds besides its own bytes: memory and Python objects. An instance owns both.
//!
//! - A slice is copied when it comes to rest in an instance, and freed with it.
//! - A borrowed `py.Object` (or a struct around one, such as `py.Ref`) gets a reference of its own there.
//! - A `py.Owned` moves in with the reference that it has.
//! - What cannot be copied does not compile, unless the class has a `deinit`: then its memory is its own business.

const std = @import("std");
const c = @import("../c.zig");
const meta = @import("../../compat/meta.zig");
const allocator = @import("../memory.zig").allocator;
const object = @import("../object.zig");
const recursion = @import("../convert/recursion.zig");
const registry = @import("../registry.zig");

pub const Content = enum {
    /// Nothing but its bytes.
    plain,
    /// Memory or references, which can be copied.
    managed,
    /// Something that only its own type can copy or free.
    foreign,

    fn with(a: Content, b: Content) Content {
        return @enumFromInt(@max(@intFromEnum(a), @intFromEnum(b)));
    }
};

/// Whether a struct of the user's frees its memory itself.
pub fn isManual(comptime T: type) bool {
    return switch (@typeInfo(T)) {
        .@"struct", .@"union", .@"enum" => T != object.Owned and @hasDecl(T, "deinit"),
        else => false,
    };
}

pub fn contentOf(comptime T: type) Content {
    comptime {
        @setEvalBranchQuota(1_000_000);
        return contentIn(T, &.{});
    }
}

/// `around` are the structs and unions that hold the value.
fn contentIn(comptime T: type, comptime around: []const type) Content {
    if (T == object.Object or T == object.Owned) return .managed;
    if (T == std.mem.Allocator) return .plain;
    if (isManual(T)) return .foreign;
    for (around) |outer| if (outer == T) {
        if (registry.isClass(T)) @compileError(recursion.containsItself(T));
        return .foreign;
    };
    const inside = around ++ .{T};
    return switch (@typeInfo(T)) {
        .optional => |info| contentIn(info.child, around),
        .array => |info| contentIn(info.child, around),
        .@"struct" => of: {
            var content: Content = .plain;
            for (meta.structFields(T)) |field| content = content.with(contentIn(field.type, inside));
            break :of content;
        },
        .@"union" => |info| of: {
            var content: Content = .plain;
            for (meta.unionFields(T)) |field| content = content.with(contentIn(field.type, inside));
            break :of if (content != .plain and info.tag_type == null) .foreign else content;
        },
        .pointer => |info| switch (info.size) {
            // What is written to an item of a slice goes unnoticed, so items that own something must be constant.
            .slice => if (isCopied(T) and (contentIn(info.child, around) == .plain or meta.isConst(T))) Content.managed.with(contentIn(info.child, around)) else .foreign,
            else => if (@typeInfo(info.child) == .@"fn") .plain else .foreign,
        },
        .@"opaque", .@"anyframe", .frame => .foreign,
        else => .plain,
    };
}

/// Whether slices of this type can be made with an allocator and given back to it.
fn isCopied(comptime Slice: type) bool {
    const Child = @typeInfo(Slice).pointer.child;
    return Slice == []const Child or Slice == []Child or Slice == [:0]const u8 or Slice == [:0]u8;
}

/// Whether the garbage collector has to know of values of `T`.
pub fn holdsObjects(comptime T: type) bool {
    comptime {
        @setEvalBranchQuota(1_000_000);
        return holds(.any, T, &.{});
    }
}

/// Whether a value has objects by borrowed references, of which an instance needs its own. `T` is plain or managed.
pub fn holdsBorrowed(comptime T: type) bool {
    comptime {
        @setEvalBranchQuota(1_000_000);
        return holds(.borrowed, T, &.{});
    }
}

/// Types may lead back to themselves by way of slices: those in `around` are seen to already.
fn holds(comptime which: enum { any, borrowed }, comptime T: type, comptime around: []const type) bool {
    if (T == object.Object) return true;
    if (T == object.Owned) return which == .any;
    for (around) |outer| if (outer == T) return false;
    const inside = around ++ .{T};
    return switch (@typeInfo(T)) {
        .optional => |info| holds(which, info.child, around),
        .array => |info| holds(which, info.child, around),
        .pointer => |info| info.size == .slice and holds(which, info.child, around),
        .@"struct" => for (meta.structFields(T)) |field| {
            if (holds(which, field.type, inside)) break true;
        } else false,
        .@"union" => |info| info.tag_type != null and for (meta.unionFields(T)) |field| {
            if (holds(which, field.type, inside)) break true;
        } else false,
        else => false,
    };
}

/// A value that holds memory and references of its own. `T` is plain or managed.
pub fn copy(comptime T: type, value: T, gpa: std.mem.Allocator) error{OutOfMemory}!T {
    if (comptime contentOf(T) == .plain) return value;
    if (T == object.Owned) return value;
    if (T == object.Object) {
        c.Py_IncRef(value.ptr);
        return value;
    }
    switch (@typeInfo(T)) {
        .optional => |info| return try copy(info.child, value orelse return null, gpa),
        .array => |info| {
            var result: T = undefined;
            for (&result, value, 0..) |*to, from, done| to.* = copy(info.child, from, gpa) catch |err| {
                for (result[0..done]) |*item| free(info.child, item, gpa);
                return err;
            };
            return result;
        },
        .@"struct" => {
            var result = value;
            const fields = comptime meta.structFields(T);
            inline for (fields, 0..) |field, done| {
                if (comptime contentOf(field.type) != .plain) {
                    @field(result, field.name) = copy(field.type, @field(value, field.name), gpa) catch |err| {
                        inline for (fields[0..done]) |earlier| free(earlier.type, &@field(result, earlier.name), gpa);
                        return err;
                    };
                }
            }
            return result;
        },
        .@"union" => switch (value) {
            inline else => |payload, tag| return @unionInit(T, @tagName(tag), try copy(@TypeOf(payload), payload, gpa)),
        },
        .pointer => |info| {
            const terminated = T == [:0]const u8 or T == [:0]u8;
            const made = if (terminated) try gpa.allocSentinel(u8, value.len, 0) else try gpa.alloc(info.child, value.len);
            if (comptime contentOf(info.child) == .plain) {
                @memcpy(made, value);
                return made;
            }
            for (made, value, 0..) |*to, from, done| to.* = copy(info.child, from, gpa) catch |err| {
                for (made[0..done]) |*item| free(info.child, item, gpa);
                gpa.free(made);
                return err;
            };
            return made;
        },
        else => comptime unreachable,
    }
}

/// Gives back what `copy` has made.
pub fn free(comptime T: type, value: *T, gpa: std.mem.Allocator) void {
    release(T, value, gpa, .all);
}

/// Gives back what `copy` has made of a value that another one took the place of. A `py.Owned` has moved on by then.
pub fn freeReplaced(comptime T: type, value: *T, gpa: std.mem.Allocator) void {
    release(T, value, gpa, .copied);
}

fn release(comptime T: type, value: *T, gpa: std.mem.Allocator, comptime which: enum { all, copied }) void {
    if (comptime contentOf(T) == .plain) return;
    if (T == object.Owned) return if (which == .all) c.Py_DecRef(value.object.ptr);
    if (T == object.Object) return c.Py_DecRef(value.ptr);
    switch (@typeInfo(T)) {
        .optional => |info| if (value.*) |*child| release(info.child, child, gpa, which),
        .array => |info| for (value) |*item| release(info.child, item, gpa, which),
        .@"struct" => inline for (comptime meta.structFields(T)) |field| release(field.type, &@field(value, field.name), gpa, which),
        .@"union" => switch (value.*) {
            inline else => |*payload| release(@TypeOf(payload.*), payload, gpa, which),
        },
        .pointer => |info| {
            if (comptime contentOf(info.child) != .plain) for (@constCast(value.*)) |*item| release(info.child, item, gpa, which);
            gpa.free(value.*);
        },
        else => comptime unreachable,
    }
}

/// Calls `visitor.found` with each object pointer in a value, and whether it is of a `py.Owned`.
pub fn forEachObject(comptime T: type, value: *T, visitor: anytype) void {
    if (comptime !holdsObjects(T)) return;
    if (T == object.Owned) return visitor.found(value.object.ptr, true);
    if (T == object.Object) return visitor.found(value.ptr, false);
    switch (@typeInfo(T)) {
        .optional => |info| if (value.*) |*child| forEachObject(info.child, child, visitor),
        .array => |info| for (value) |*item| forEachObject(info.child, item, visitor),
        .@"struct" => inline for (comptime meta.structFields(T)) |field| forEachObject(field.type, &@field(value, field.name), visitor),
        .@"union" => switch (value.*) {
            inline else => |*payload| forEachObject(@TypeOf(payload.*), payload, visitor),
        },
        .pointer => |info| for (value.*) |*item| forEachObject(info.child, @constCast(item), visitor),
        else => comptime unreachable,
    }
}

/// Whether a method that had `*T` has left other memory or other objects in the value than were there before.
pub fn isReplaced(comptime T: type, before: *const T, after: *const T) bool {
    return switch (comptime contentOf(T)) {
        .plain => false,
        // Byte by byte would compare padding; what is managed is small, and compared part by part.
        .managed, .foreign => !same(T, before.*, after.*),
    };
}

fn same(comptime T: type, a: T, b: T) bool {
    if (comptime contentOf(T) == .plain) return true;
    if (T == object.Owned) return true;
    if (T == object.Object) return a.ptr == b.ptr;
    return switch (@typeInfo(T)) {
        .optional => |info| if (a) |x| (if (b) |y| same(info.child, x, y) else false) else b == null,
        .array => |info| for (a, b) |x, y| {
            if (!same(info.child, x, y)) break false;
        } else true,
        .@"struct" => inline for (comptime meta.structFields(T)) |field| {
            if (!same(field.type, @field(a, field.name), @field(b, field.name))) break false;
        } else true,
        .@"union" => std.meta.activeTag(a) == std.meta.activeTag(b) and switch (a) {
            inline else => |x, tag| same(@TypeOf(x), x, @field(b, @tagName(tag))),
        },
        .pointer => a.ptr == b.ptr and a.len == b.len,
        else => true,
    };
}

test "content of types" {
    const Plain = struct { a: u8, b: ?f64, c: [3]bool };
    const Text = struct { name: []const u8, parent: ?object.Object };
    const Manual = struct {
        items: []u8,
        pub fn deinit(_: *@This()) void {}
    };
    try std.testing.expectEqual(Content.plain, comptime contentOf(Plain));
    try std.testing.expectEqual(Content.managed, comptime contentOf(Text));
    try std.testing.expectEqual(Content.foreign, comptime contentOf(Manual));
    try std.testing.expectEqual(Content.foreign, comptime contentOf(struct { next: *u8 }));
    try std.testing.expect(comptime holdsObjects(Text));
    try std.testing.expect(!comptime holdsObjects(Plain));
}

const Sample = struct { name: [:0]const u8, lines: []const []const u8, other: ?[]u8 };

test "copies own their memory" {
    const gpa = std.testing.allocator;
    const original: Sample = .{ .name = "n", .lines = &.{ "one", "two" }, .other = null };
    var copied = try copy(Sample, original, gpa);
    defer free(Sample, &copied, gpa);
    try std.testing.expectEqualStrings("two", copied.lines[1]);
    try std.testing.expect(copied.lines.ptr != original.lines.ptr);
    try std.testing.expect(isReplaced(Sample, &original, &copied));
    try std.testing.checkAllAllocationFailures(gpa, copyAndFree, .{original});
}

fn copyAndFree(gpa: std.mem.Allocator, value: Sample) !void {
    var copied = try copy(Sample, value, gpa);
    free(Sample, &copied, gpa);
}
