//! `@typeInfo` as one shape for Zig 0.15 to 0.17: 0.17 turned its arrays of structs into structs of arrays.
//! Everything here runs at compile time.

const std = @import("std");
const builtin = @import("builtin");

const zig_0_17 = builtin.zig_version.order(.{ .major = 0, .minor = 17, .patch = 0 }) != .lt;

/// Names of the public declarations of a struct, enum, union or opaque type, in source order.
pub fn declarationNames(comptime T: type) []const [:0]const u8 {
    const info = switch (@typeInfo(T)) {
        inline .@"struct", .@"enum", .@"union", .@"opaque" => |info| info,
        else => @compileError(@typeName(T) ++ " has no declarations"),
    };
    if (zig_0_17) return info.decl_names;
    return namesOf(info.decls);
}

/// One parameter type per parameter; null where it is `anytype` or depends on another parameter.
pub fn parameterTypes(comptime F: type) []const ?type {
    const info = @typeInfo(F).@"fn";
    if (zig_0_17) return info.param_types;
    comptime var types: [info.params.len]?type = undefined;
    inline for (&types, info.params) |*T, parameter| T.* = parameter.type;
    const result = types;
    return &result;
}

/// The return type of a function, or null when it depends on the arguments.
pub fn returnType(comptime F: type) ?type {
    return @typeInfo(F).@"fn".return_type;
}

/// A type without its error set.
pub fn payloadOf(comptime T: type) type {
    return switch (@typeInfo(T)) {
        .error_union => |info| info.payload,
        else => T,
    };
}

/// What a function returns, without its error set. Its type must not depend on the arguments.
pub fn ResultOf(comptime F: type) type {
    return payloadOf(returnType(F).?);
}

/// A struct field with what a caller may know of it.
pub const Field = struct {
    name: [:0]const u8,
    type: type,
    /// Points to a value of `type`, or null when the field has no default.
    default_value: ?*const anyopaque,

    /// The field's default, or null when it has none.
    pub fn default(comptime field: Field) ?field.type {
        const pointer: *const field.type = @ptrCast(@alignCast(field.default_value orelse return null));
        return pointer.*;
    }
};

/// The fields of a struct type, in source order.
pub fn structFields(comptime T: type) []const Field {
    const info = @typeInfo(T).@"struct";
    const count = if (zig_0_17) info.field_names.len else info.fields.len;
    comptime var fields: [count]Field = undefined;
    inline for (&fields, 0..) |*field, i| field.* = if (zig_0_17) .{
        .name = info.field_names[i],
        .type = info.field_types[i],
        .default_value = info.field_attrs[i].default_value_ptr,
    } else .{
        .name = info.fields[i].name,
        .type = info.fields[i].type,
        .default_value = info.fields[i].default_value_ptr,
    };
    const result = fields;
    return &result;
}

/// A field of a union, or a tag of an enum with the type void.
pub const Variant = struct {
    name: [:0]const u8,
    type: type,
};

/// The fields of a union type, in source order.
pub fn unionFields(comptime T: type) []const Variant {
    const info = @typeInfo(T).@"union";
    const count = if (zig_0_17) info.field_names.len else info.fields.len;
    comptime var fields: [count]Variant = undefined;
    inline for (&fields, 0..) |*field, i| field.* = if (zig_0_17)
        .{ .name = info.field_names[i], .type = info.field_types[i] }
    else
        .{ .name = info.fields[i].name, .type = info.fields[i].type };
    const result = fields;
    return &result;
}

/// Names of the tags of an enum type, in source order.
pub fn enumNames(comptime T: type) []const [:0]const u8 {
    const info = @typeInfo(T).@"enum";
    return if (zig_0_17) info.field_names else namesOf(info.fields);
}

/// Whether an enum type holds no other values than its named tags.
pub fn isExhaustive(comptime T: type) bool {
    const info = @typeInfo(T).@"enum";
    return if (zig_0_17) info.mode == .exhaustive else info.is_exhaustive;
}

/// Whether a pointer type is to a constant.
pub fn isConst(comptime Pointer: type) bool {
    const info = @typeInfo(Pointer).pointer;
    return if (zig_0_17) info.attrs.@"const" else info.is_const;
}

/// Names of the members of an error set, or null for `anyerror`.
pub fn errorNames(comptime Set: type) ?[]const [:0]const u8 {
    const info = @typeInfo(Set).error_set;
    if (zig_0_17) return info.error_names;
    return namesOf(info orelse return null);
}

fn namesOf(comptime named: anytype) []const [:0]const u8 {
    comptime var names: [named.len][:0]const u8 = undefined;
    inline for (&names, named) |*name, item| name.* = item.name;
    const result = names;
    return &result;
}

test "one shape on every Zig" {
    const Sample = struct {
        x: u8,
        y: f64 = 2.5,
        pub fn first(_: u8, _: anytype) void {}
        pub const second = 1;
    };
    const fields = comptime structFields(Sample);
    try std.testing.expectEqualStrings("y", fields[1].name);
    try std.testing.expectEqual(2.5, comptime fields[1].default().?);
    try std.testing.expectEqual(null, comptime fields[0].default());

    const declarations = comptime declarationNames(Sample);
    try std.testing.expectEqual(2, declarations.len);
    try std.testing.expectEqualStrings("first", declarations[0]);

    const parameters = comptime parameterTypes(@TypeOf(Sample.first));
    try std.testing.expect(parameters[0] == u8);
    try std.testing.expect(parameters[1] == null);

    const Shape = union(enum) { circle: f64, nothing };
    try std.testing.expect((comptime unionFields(Shape))[0].type == f64);
    try std.testing.expectEqualStrings("nothing", (comptime enumNames(std.meta.Tag(Shape)))[1]);
    try std.testing.expect(comptime isExhaustive(std.meta.Tag(Shape)));
    try std.testing.expect(!comptime isExhaustive(enum(u8) { one, _ }));
    try std.testing.expect(comptime isConst([]const u8));
    try std.testing.expect(!comptime isConst(*u8));

    try std.testing.expectEqualStrings("Bad", (comptime errorNames(error{Bad}).?)[0]);
    try std.testing.expectEqual(null, comptime errorNames(anyerror));
}
