//! What types with a converter of this library are made of.

const convert = @import("../convert.zig");
const iteration = @import("iteration.zig");
const mapping = @import("mapping.zig");
const meta = @import("../../compat/meta.zig");
const registry = @import("../registry.zig");
const sequence = @import("sequence.zig");

/// The types of the parts of a container, optional, union or struct. None for a type that has a class, or brings its
/// converter.
pub fn of(comptime T: type) []const type {
    const none: []const type = &.{};
    switch (@typeInfo(T)) {
        .optional => |info| return &.{info.child},
        .array => |info| return &.{info.child},
        .pointer => |info| switch (@typeInfo(info.child)) {
            .array => |array| return &.{array.child},
            .@"opaque", .@"fn" => return none,
            else => return if (info.size == .slice) &.{info.child} else none,
        },
        .@"struct", .@"union" => {},
        else => return none,
    }
    if (@hasDecl(T, "python_converter") or registry.indexOf(T) != null) return none;
    if (@typeInfo(T) == .@"union") return typesOf(meta.unionFields(T));
    if (sequence.isList(T)) return &.{@typeInfo(@FieldType(T, "items")).pointer.child};
    if (mapping.isMap(T)) return if (@FieldType(T.KV, "value") == void) &.{@FieldType(T.KV, "key")} else &.{ @FieldType(T.KV, "key"), @FieldType(T.KV, "value") };
    if (iteration.ItemOf(T)) |Item| return &.{Item};
    return if (@typeInfo(T).@"struct".is_tuple or convert.isPlainStruct(T)) typesOf(meta.structFields(T)) else none;
}

fn typesOf(comptime fields: anytype) []const type {
    var types: []const type = &.{};
    for (fields) |field| types = types ++ .{field.type};
    return types;
}

/// Whether a value is or has a view of a container, which uses the scope that it was made with for as long as it lives.
pub fn holdScope(comptime T: type) bool {
    if (convert.Converter(T)) |C| if (@hasDecl(C, "has_origin")) return true;
    for (of(T)) |Part| if (holdScope(Part)) return true;
    return false;
}
