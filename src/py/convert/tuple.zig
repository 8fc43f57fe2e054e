//! Python's tuples and Zig's, such as `struct { i64, []const u8 }`.

const c = @import("../c.zig");
const convert = @import("../convert.zig");
const meta = @import("../../compat/meta.zig");
const Scope = @import("../Scope.zig");
const refuseLength = @import("sequence.zig").refuseLength;
const FromError = convert.FromError;

/// The converter of a Zig tuple, or null when one of its fields has none. It takes tuples and their subclasses.
pub fn Tuple(comptime T: type) ?type {
    const fields = meta.structFields(T);
    for (fields) |field| if (convert.Converter(field.type) == null) return null;
    return struct {
        pub const annotation = annotate(fields, false);
        pub const result_annotation = annotate(fields, true);
        pub const compound = true;
        pub const borrows = convert.anyField(fields, convert.borrows);
        pub const is_lazy = convert.anyField(fields, convert.isLazy);
        pub const needs_lock = convert.anyField(fields, convert.holdsObjects);
        pub const fromPython = if (convert.allFields(fields, convert.comesFromPython)) from else {};
        pub const toPython = if (convert.allFields(fields, convert.goesToPython)) to else {};
        pub const release = if (convert.anyField(fields, convert.isReleased)) releaseAll else {};

        pub const direct = if (fields.len > 0 and convert.allFields(fields, convert.isDirect)) plain else {};

        /// Leaves everything unusual to `from`.
        inline fn plain(object: *c.PyObject) ?T {
            if (c.typeOf(object) != c.typeObject("PyTuple_Type") or c.tupleSize(object) != fields.len) return null;
            var result: T = undefined;
            inline for (fields, 0..) |field, i| {
                result[i] = convert.Converter(field.type).?.direct(c.tupleItem(object, i)) orelse return null;
            }
            return result;
        }

        fn from(object: *c.PyObject, scope: *Scope) FromError!T {
            if (c.typeOf(object) != c.typeObject("PyTuple_Type") and !c.isInstance(object, c.Py_TPFLAGS_TUPLE_SUBCLASS)) return error.WrongType;
            const size = c.tupleSize(object);
            if (size != fields.len) return refuseLength(scope, fields.len, size);
            var result: T = undefined;
            var done: usize = 0;
            errdefer convert.releaseFields(T, &result, done);
            inline for (fields, 0..) |field, i| {
                const C = convert.Converter(field.type).?;
                const item = c.tupleItem(object, i);
                result[i] = C.fromPython(item, scope) catch |reason| return scope.refuse(C, item, reason, .{ .item = i });
                done += 1;
            }
            return result;
        }

        fn to(value: T, scope: *Scope) ?*c.PyObject {
            const tuple = c.PyTuple_New(fields.len) orelse return null;
            inline for (fields, 0..) |field, i| {
                const item = convert.Converter(field.type).?.toPython(value[i], scope) orelse {
                    c.Py_DecRef(tuple);
                    return null;
                };
                c.initTupleItem(tuple, i, item);
            }
            return tuple;
        }

        fn releaseAll(value: *T) void {
            convert.releaseFields(T, value, fields.len);
        }
    };
}

fn annotate(comptime fields: []const meta.Field, comptime is_result: bool) [:0]const u8 {
    if (fields.len == 0) return "tuple[()]";
    var text: [:0]const u8 = "tuple[";
    for (fields, 0..) |field, i| {
        const C = convert.Converter(field.type).?;
        text = text ++ (if (i == 0) "" else ", ") ++ (if (is_result) convert.resultAnnotation(C) else C.annotation);
    }
    return text ++ "]";
}
