//! Types that contain themselves, such as trees: their converters would have no end.

const std = @import("std");
const mapping = @import("mapping.zig");
const meta = @import("../../compat/meta.zig");
const registry = @import("../registry.zig");

/// The first type that values of `T` are made of and that contains itself, or null. Types that bring their converter, or
/// have a class, are not looked into.
pub fn find(comptime T: type) ?type {
    @setEvalBranchQuota(1_000_000);
    return findIn(T, &.{});
}

/// The same for a type that has a class: whether what is in its fields leads back to it.
pub fn findInClass(comptime T: type) ?type {
    @setEvalBranchQuota(1_000_000);
    const fields = if (@typeInfo(T) == .@"union") meta.unionFields(T) else meta.structFields(T);
    for (fields) |field| if (findIn(field.type, &.{T})) |found| return found;
    return null;
}

fn findIn(comptime T: type, comptime around: []const type) ?type {
    for (around) |outer| if (outer == T) return T;
    const inside = around ++ .{T};
    switch (@typeInfo(T)) {
        .optional => |info| return findIn(info.child, around),
        .array => |info| return findIn(info.child, around),
        .pointer => |info| return if (info.size == .slice) findIn(info.child, around) else null,
        .@"struct" => {
            if (isClosed(T)) return null;
            if (mapping.isMap(T)) return findIn(@FieldType(T.KV, "key"), around) orelse findIn(@FieldType(T.KV, "value"), around);
            for (meta.structFields(T)) |field| if (findIn(field.type, inside)) |found| return found;
        },
        .@"union" => {
            if (isClosed(T)) return null;
            for (meta.unionFields(T)) |variant| if (findIn(variant.type, inside)) |found| return found;
        },
        else => {},
    }
    return null;
}

fn isClosed(comptime T: type) bool {
    return T == std.mem.Allocator or @hasDecl(T, "python_converter") or registry.indexOf(T) != null;
}
