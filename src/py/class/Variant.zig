//! The facts of a variant of a tagged union, which is a class derived from the union's. Compile time only.

const Variant = @This();

const meta = @import("../../compat/meta.zig");
const registry = @import("../registry.zig");
const Signature = @import("../signature.zig").Signature;

/// The name of the tag.
tag: [:0]const u8,
Payload: type,
/// Its parameters are the fields of a payload that is a plain struct, or one called `value`, or none.
signature: Signature,
attributes: []const Attribute,

pub const Attribute = struct {
    name: [:0]const u8,
    type: type,
    /// The field of the payload, or null where the payload is the attribute.
    field: ?meta.Field,
};

/// The variant number `index` of the union `U`.
pub fn of(comptime U: type, comptime index: usize) Variant {
    comptime {
        @setEvalBranchQuota(1_000_000);
        const variant = meta.unionFields(U)[index];
        var attributes: []const Attribute = &.{};
        var fields: []const Signature.FieldOf = &.{};
        if (isSpread(variant.type)) {
            for (meta.structFields(variant.type)) |field| {
                attributes = attributes ++ .{Attribute{ .name = Signature.pythonName(field.name), .type = field.type, .field = field }};
                fields = fields ++ .{Signature.FieldOf{ .index = 0, .field = field }};
            }
        } else if (variant.type != void) {
            attributes = &.{.{ .name = "value", .type = variant.type, .field = null }};
        }
        return .{
            .tag = variant.name,
            .Payload = variant.type,
            .signature = if (fields.len > 0)
                .ofFields(variant.name, fields)
            else if (variant.type == void)
                .of(variant.name, fn () void, &.{}, .{})
            else
                .of(variant.name, fn (variant.type) void, &.{"value"}, .{}),
            .attributes = attributes,
        };
    }
}

/// The names in `__match_args__`.
pub fn matchArguments(comptime variant: Variant) []const [:0]const u8 {
    var names: []const [:0]const u8 = &.{};
    for (variant.attributes) |attribute| names = names ++ .{attribute.name};
    return names;
}

/// Whether the fields of a payload are the variant's attributes: it is a struct that Python does not know otherwise.
fn isSpread(comptime T: type) bool {
    if (@typeInfo(T) != .@"struct" or @typeInfo(T).@"struct".is_tuple) return false;
    return !@hasDecl(T, "python_converter") and !registry.isClass(T) and meta.structFields(T).len > 0;
}
