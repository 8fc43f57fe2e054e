//! A tagged union that has no class in the module: any one of its variants' types, `int | str`.

const std = @import("std");
const c = @import("../c.zig");
const convert = @import("../convert.zig");
const meta = @import("../../compat/meta.zig");
const mapping = @import("mapping.zig");
const registry = @import("../registry.zig");
const Scope = @import("../Scope.zig");
const FromError = convert.FromError;

/// The converter of a tagged union, or null for an untagged one, or when a variant has no converter. A variant of type
/// void is None.
///
/// First come the variants whose own Python type the object has, so that `True` is a bool, 1 an int and 1.0 a float
/// wherever there is a variant for it. Only if there is none are the others asked, in the order of the source: for
/// `int | str`, `True` is 1.
pub fn Either(comptime T: type) ?type {
    if (@typeInfo(T).@"union".tag_type == null) return null;
    const variants = meta.unionFields(T);
    for (variants) |variant| if (convert.Converter(variant.type) == null) return null;
    const is_input = for (variants) |variant| {
        if (variant.type != void and !convert.comesFromPython(variant.type)) break false;
    } else true;
    return struct {
        pub const annotation = annotate(variants, false);
        pub const result_annotation = annotate(variants, true);
        pub const range = ranges(variants);
        pub const compound = true;
        pub const borrows = convert.anyField(variants, convert.borrows);
        pub const is_lazy = convert.anyField(variants, convert.isLazy);
        pub const needs_lock = convert.anyField(variants, convert.holdsObjects);
        pub const fromPython = if (is_input) from else {};
        pub const toPython = if (convert.allFields(variants, convert.goesToPython)) to else {};
        pub const release = if (convert.anyField(variants, convert.isReleased)) releaseVariant else {};

        fn from(object: *c.PyObject, scope: *Scope) FromError!T {
            var natural: usize = 0;
            var reason: FromError = error.WrongType;
            inline for (variants) |variant| {
                if (isNatural(variant.type, object)) {
                    if (natural > 0) scope.forgive();
                    if (read(variant, object, scope)) |value| return value else |refused| {
                        if (refused == error.Python) return refused;
                        natural += 1;
                        if (refused == error.OutOfRange) reason = refused;
                    }
                }
            }
            // With one variant for it, what that one said is what is wrong.
            if (natural == 1 and scope.refusal.isTold()) return reason;
            scope.forgive();
            if (natural > 0) return reason;
            inline for (variants) |variant| {
                if (read(variant, object, scope)) |value| return value else |refused| {
                    if (refused == error.Python) return refused;
                    if (refused == error.OutOfRange) reason = refused;
                    scope.forgive();
                }
            }
            return reason;
        }

        inline fn read(comptime variant: meta.Variant, object: *c.PyObject, scope: *Scope) FromError!T {
            if (variant.type == void) return if (object == c.none()) @unionInit(T, variant.name, {}) else error.WrongType;
            return @unionInit(T, variant.name, try convert.Converter(variant.type).?.fromPython(object, scope));
        }

        fn to(value: T, scope: *Scope) ?*c.PyObject {
            switch (value) {
                inline else => |payload| return convert.Converter(@TypeOf(payload)).?.toPython(payload, scope),
            }
        }

        fn releaseVariant(value: *T) void {
            switch (value.*) {
                inline else => |*payload| if (comptime convert.isReleased(@TypeOf(payload.*))) convert.Converter(@TypeOf(payload.*)).?.release(payload),
            }
        }
    };
}

/// Whether `T` is what an object of this Python type is read as before all others. A converter may say so itself, with
/// `isNatural(object) bool`.
fn isNatural(comptime T: type, object: *c.PyObject) bool {
    const C = convert.Converter(T).?;
    if (@hasDecl(C, "isNatural")) return C.isNatural(object);
    const is_bool = object == c.boolean(true) or object == c.boolean(false);
    return switch (@typeInfo(T)) {
        .void => object == c.none(),
        .bool => is_bool,
        .int => !is_bool and c.isInstance(object, c.Py_TPFLAGS_LONG_SUBCLASS),
        .float => c.typeOf(object) == c.typeObject("PyFloat_Type") or c.PyType_IsSubtype(c.typeOf(object), c.typeObject("PyFloat_Type")) != 0,
        .optional => |info| object == c.none() or isNatural(info.child, object),
        .pointer, .array => if (comptime std.mem.eql(u8, C.annotation, "str"))
            c.isInstance(object, c.Py_TPFLAGS_UNICODE_SUBCLASS)
        else
            c.isInstance(object, c.Py_TPFLAGS_LIST_SUBCLASS | c.Py_TPFLAGS_TUPLE_SUBCLASS),
        .@"struct" => |info| if (@hasDecl(T, "python_converter") or registry.indexOf(T) != null)
            false
        else if (info.is_tuple)
            c.isInstance(object, c.Py_TPFLAGS_TUPLE_SUBCLASS)
        else if (comptime mapping.isMap(T) and @FieldType(T.KV, "value") == void)
            mapping.isSet(object)
        else
            c.isInstance(object, c.Py_TPFLAGS_DICT_SUBCLASS),
        else => false,
    };
}

/// The types of the variants, each once.
fn annotate(comptime variants: []const meta.Variant, comptime is_result: bool) [:0]const u8 {
    var names: []const [:0]const u8 = &.{};
    for (variants) |variant| {
        const C = convert.Converter(variant.type).?;
        const name = if (is_result) convert.resultAnnotation(C) else C.annotation;
        for (names) |known| {
            if (std.mem.eql(u8, known, name)) break;
        } else names = names ++ .{name};
    }
    return join(names, " | ");
}

fn ranges(comptime variants: []const meta.Variant) [:0]const u8 {
    var texts: []const [:0]const u8 = &.{};
    for (variants) |variant| {
        const C = convert.Converter(variant.type).?;
        texts = texts ++ .{if (@hasDecl(C, "range")) C.range ++ "" else C.annotation};
    }
    return join(texts, ", or ");
}

fn join(comptime texts: []const [:0]const u8, comptime separator: []const u8) [:0]const u8 {
    var text: [:0]const u8 = "";
    for (texts, 0..) |part, i| text = text ++ (if (i == 0) "" else separator) ++ part;
    return text;
}
