//! Comparing instances field by field, as tuples are compared.

const std = @import("std");
const c = @import("../c.zig");
const meta = @import("../../compat/meta.zig");
const object = @import("../object.zig");
const Description = @import("Description.zig");
const Instance = @import("instance.zig").Instance;
const instance = @import("instance.zig");

/// Whether all attributes are of types that Zig or Python can compare.
pub fn isComparable(comptime T: type) bool {
    comptime {
        @setEvalBranchQuota(1_000_000);
        if (@typeInfo(T) == .@"union") return comparable(T);
        for (Description.allAttributes(T)) |attribute| if (!comparable(attribute.field.type)) return false;
        return true;
    }
}

fn comparable(comptime T: type) bool {
    if (T == object.Object or T == object.Owned) return true;
    return switch (@typeInfo(T)) {
        .int, .float, .bool, .@"enum", .void => true,
        .optional => |info| comparable(info.child),
        .array => |info| comparable(info.child),
        .pointer => |info| info.size == .slice and comparable(info.child),
        .@"struct" => Description.hasEql(T) or for (meta.structFields(T)) |field| {
            if (!comparable(field.type)) break false;
        } else true,
        .@"union" => |info| info.tag_type != null and for (meta.unionFields(T)) |field| {
            if (!comparable(field.type)) break false;
        } else true,
        else => false,
    };
}

/// Whether an order is what a comparison asks for.
pub fn holds(order: std.math.Order, operation: c_int) bool {
    return switch (@as(c.Comparison, @enumFromInt(operation))) {
        .lt => order == .lt,
        .le => order != .gt,
        .eq => order == .eq,
        .ne => order != .eq,
        .gt => order == .gt,
        .ge => order != .lt,
        _ => false,
    };
}

/// The result of a comparison of two instances of the same class, or null with an exception set.
pub fn byFields(comptime T: type, self: *c.PyObject, other: *c.PyObject, operation: c_int) ?*c.PyObject {
    // Comparing objects runs Python code, which must not change what is compared.
    if (!instance.borrow(T, self, .shared)) return null;
    defer instance.giveBack(T, self, .shared);
    if (!instance.borrow(T, other, .shared)) return null;
    defer instance.giveBack(T, other, .shared);
    if (@typeInfo(T) == .@"union") {
        const found = compare(T, Instance(T).value(self), Instance(T).value(other), @enumFromInt(operation)) catch return null;
        return c.newSingletonReference(c.boolean(found));
    }
    inline for (comptime if (@typeInfo(T) == .@"union") &.{} else Description.allAttributes(T)) |attribute| {
        const a = &@field(Instance(attribute.owner).value(self), attribute.field.name);
        const b = &@field(Instance(attribute.owner).value(other), attribute.field.name);
        const equal = compare(attribute.field.type, a, b, .eq) catch return null;
        if (!equal) {
            if (operation == @intFromEnum(c.Comparison.eq)) return c.newSingletonReference(c.boolean(false));
            const found = compare(attribute.field.type, a, b, @enumFromInt(operation)) catch return null;
            return c.newSingletonReference(c.boolean(found));
        }
    }
    return c.newSingletonReference(c.boolean(holds(.eq, operation)));
}

/// Values that are equal in all but one part are compared by that one.
fn compare(comptime T: type, a: *const T, b: *const T, operation: c.Comparison) error{Python}!bool {
    if (T == object.Object) return compareObjects(a.ptr, b.ptr, operation);
    if (T == object.Owned) return compareObjects(a.object.ptr, b.object.ptr, operation);
    switch (@typeInfo(T)) {
        .int, .float => return switch (operation) {
            .lt => a.* < b.*,
            .le => a.* <= b.*,
            .eq => a.* == b.*,
            .ne => a.* != b.*,
            .gt => a.* > b.*,
            else => a.* >= b.*,
        },
        .bool => return holds(std.math.order(@intFromBool(a.*), @intFromBool(b.*)), @intFromEnum(operation)),
        .@"enum" => return holds(std.math.order(@intFromEnum(a.*), @intFromEnum(b.*)), @intFromEnum(operation)),
        .void => return holds(.eq, @intFromEnum(operation)),
        .optional => |info| {
            if (a.*) |*x| if (b.*) |*y| return compare(info.child, x, y, operation);
            // None comes before everything.
            return holds(std.math.order(@intFromBool(a.* != null), @intFromBool(b.* != null)), @intFromEnum(operation));
        },
        .array => |info| return compareItems(info.child, a, b, operation),
        .pointer => |info| return compareItems(info.child, a.*, b.*, operation),
        .@"struct" => {
            if (comptime Description.hasEql(T)) if (operation == .eq) {
                const types = comptime meta.parameterTypes(@TypeOf(T.eql));
                return T.eql(if (types[0].? == T) a.* else a, if (types[1].? == T) b.* else b);
            };
            inline for (comptime meta.structFields(T)) |field| {
                const x = &@field(a, field.name);
                const y = &@field(b, field.name);
                if (!try compare(field.type, x, y, .eq)) return if (operation == .eq) false else compare(field.type, x, y, operation);
            }
            return holds(.eq, @intFromEnum(operation));
        },
        .@"union" => {
            if (std.meta.activeTag(a.*) != std.meta.activeTag(b.*)) {
                return holds(std.math.order(@intFromEnum(std.meta.activeTag(a.*)), @intFromEnum(std.meta.activeTag(b.*))), @intFromEnum(operation));
            }
            switch (a.*) {
                inline else => |*x, tag| return compare(@TypeOf(x.*), x, &@field(b, @tagName(tag)), operation),
            }
        },
        else => comptime unreachable,
    }
}

fn compareItems(comptime T: type, a: []const T, b: []const T, operation: c.Comparison) error{Python}!bool {
    for (a[0..@min(a.len, b.len)], b[0..@min(a.len, b.len)]) |*x, *y| {
        if (!try compare(T, x, y, .eq)) return if (operation == .eq) false else compare(T, x, y, operation);
    }
    return holds(std.math.order(a.len, b.len), @intFromEnum(operation));
}

fn compareObjects(a: *c.PyObject, b: *c.PyObject, operation: c.Comparison) error{Python}!bool {
    const result = c.PyObject_RichCompareBool(a, b, operation);
    if (result < 0) return error.Python;
    return result == 1;
}
