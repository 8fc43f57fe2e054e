//! What a compile error says of a type that cannot be converted, so that its reader knows what to write instead.

const std = @import("std");
const convert = @import("../convert.zig");
const meta = @import("../../compat/meta.zig");
const parts = @import("parts.zig");
const registry = @import("../registry.zig");
const sequence = @import("sequence.zig");

const Direction = convert.Direction;

fn isConverted(comptime T: type, comptime direction: Direction) bool {
    return if (direction == .from_python) convert.comesFromPython(T) else convert.goesToPython(T);
}

/// `type *u8 cannot come from Python; use …`
pub fn refusal(comptime T: type, comptime direction: Direction) []const u8 {
    const verb = if (direction == .from_python) " cannot come from Python" else " cannot go to Python";
    return "type " ++ @typeName(T) ++ verb ++ because(T, direction) ++ "; " ++ instead(innermost(T, direction), direction);
}

/// Which part of a type it is.
fn because(comptime T: type, comptime direction: Direction) []const u8 {
    const Part = innermost(T, direction);
    if (Part == T) return "";
    if (@typeInfo(T) == .@"struct" and convert.isPlainStruct(T)) for (meta.structFields(T)) |field| {
        if (!isConverted(field.type, direction)) return ", since its field '" ++ field.name ++ "' of type " ++ @typeName(field.type) ++ " cannot";
    };
    return ", since " ++ @typeName(Part) ++ " cannot";
}

/// The part of a type, or the type itself, that is the reason.
fn innermost(comptime T: type, comptime direction: Direction) type {
    if (sequence.isList(T) and direction == .from_python) return T;
    for (parts.of(T)) |Part| if (!isConverted(Part, direction)) return innermost(Part, direction);
    return T;
}

fn instead(comptime T: type, comptime direction: Direction) []const u8 {
    if (T == []u8) return "use []const u8 for text, or py.ByteArray for bytes that Zig changes";
    if (sequence.isList(T) and direction == .from_python) return "use a slice, which is a copy of a list, or py.List(T)";
    if (direction == .from_python and registry.isClass(T)) return "take *const " ++ @typeName(T) ++ ", since a struct with 'deinit' is not copied";
    return switch (@typeInfo(T)) {
        .array => |info| if (info.child == u8) "use []const u8 for text, or py.Bytes" else known_types,
        .@"enum" => "write 'pub' before the enum, in the root file or a namespace of it, so that the module has a class for it",
        .@"union" => |info| if (info.tag_type == null) "make it a union(enum)" else known_types,
        .@"fn" => "use py.Callable(" ++ @typeName(T) ++ ")",
        .pointer => |info| if (@typeInfo(info.child) == .@"fn") "use py.Callable(" ++ @typeName(info.child) ++ ")" else if (registry.isClass(info.child))
            "take *const " ++ @typeName(info.child) ++ ", or a py.Ref; what has slices or objects can be changed by its own methods only"
        else
            known_types,
        else => known_types,
    };
}

const known_types = "use one of bool, integers, floats, []const u8, slices, arrays, tuples, hash maps, plain structs and tagged " ++
    "unions of these, public enums and structs, optionals of these, std.ArrayList and iterators (only as results), and the types " ++
    "of alloconda such as py.Object, py.List(T), py.Dict(K, V), py.Set(T) and py.Iterator(T)";
