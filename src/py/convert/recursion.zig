//! Types that contain themselves, such as trees: their converters would have no end.

const std = @import("std");
const mapping = @import("mapping.zig");
const meta = @import("../../compat/meta.zig");
const registry = @import("../registry.zig");

/// The first type that values of `T` are made of and that contains itself, or null. Types that bring their converter, or
/// have a class, are not looked into.
pub fn find(comptime T: type) ?type {
    @setEvalBranchQuota(1_000_000);
    return findIn(T, &.{}, .closed);
}

/// The same for a type that has a class: whether what is in its fields, and in those of other classes, leads back to it.
pub fn findInClass(comptime T: type) ?type {
    @setEvalBranchQuota(1_000_000);
    const fields = if (@typeInfo(T) == .@"union") meta.unionFields(T) else meta.structFields(T);
    for (fields) |field| if (findIn(field.type, &.{T}, .open)) |found| return found;
    return null;
}

const Classes = enum { open, closed };

fn findIn(comptime T: type, comptime around: []const type, comptime classes: Classes) ?type {
    for (around) |outer| if (outer == T) return T;
    const inside = around ++ .{T};
    switch (@typeInfo(T)) {
        .optional => |info| return findIn(info.child, around, classes),
        .array => |info| return findIn(info.child, around, classes),
        .pointer => |info| return if (info.size == .slice) findIn(info.child, around, classes) else null,
        .@"struct" => {
            if (isClosed(T, classes)) return null;
            if (mapping.isMap(T)) return findIn(@FieldType(T.KV, "key"), around, classes) orelse findIn(@FieldType(T.KV, "value"), around, classes);
            for (meta.structFields(T)) |field| if (findIn(field.type, inside, classes)) |found| return found;
        },
        .@"union" => {
            if (isClosed(T, classes)) return null;
            for (meta.unionFields(T)) |variant| if (findIn(variant.type, inside, classes)) |found| return found;
        },
        else => {},
    }
    return null;
}

fn isClosed(comptime T: type, comptime classes: Classes) bool {
    if (T == std.mem.Allocator or @hasDecl(T, "python_converter")) return true;
    return if (classes == .open) registry.indexOf(T) != null and !registry.isClass(T) else registry.indexOf(T) != null;
}

/// What a compile error says of it.
pub fn containsItself(comptime T: type) []const u8 {
    if (registry.isClass(T)) return "class " ++ @typeName(T) ++ " contains itself by value, which would have no end; hold its instances by py.Ref(" ++
        @typeName(T) ++ "), as in '[]const py.Ref(" ++ @typeName(T) ++ ")'";
    return "type " ++ @typeName(T) ++ " contains itself, which cannot be converted by itself; take or return a " ++
        "py.Object, or give the type a converter of its own (pub const python_converter)";
}
