//! Python's complex and Zig's `std.math.Complex` of f64 or f32.

const std = @import("std");
const c = @import("../c.zig");
const Scope = @import("../Scope.zig");
const convert = @import("../convert.zig");
const float = @import("float.zig");
const FromError = convert.FromError;

/// Takes what `complex()` takes, but for strings. To f32 each part is rounded as a float is.
pub fn Complex(comptime T: type) type {
    const Part = @FieldType(T, "re");
    return struct {
        pub const annotation = "complex";
        pub const needs_lock = false;
        pub const borrows = false;
        pub const range = "a complex number with parts within the range of " ++ @typeName(Part);

        pub fn fromPython(object: *c.PyObject, _: *Scope) FromError!T {
            var parts: [2]f64 = undefined;
            try read(object, &parts);
            return .{ .re = try float.narrow(Part, parts[0]), .im = try float.narrow(Part, parts[1]) };
        }

        pub fn toPython(value: T, _: *Scope) ?*c.PyObject {
            return c.PyComplex_FromDoubles(value.re, value.im);
        }
    };
}

noinline fn read(object: *c.PyObject, parts: *[2]f64) FromError!void {
    const complex_type = c.typeObject("PyComplex_Type");
    const T = c.typeOf(object);
    if (c.isInstance(object, c.Py_TPFLAGS_UNICODE_SUBCLASS)) return error.WrongType;
    if (T == c.typeObject("PyFloat_Type") or
        c.PyType_IsSubtype(T, complex_type) == 0 and !float.hasMethod(object, "__complex__"))
    {
        parts.* = .{ 0, 0 };
        return float.readAny(object, &parts[0]);
    }
    // `complex` itself knows how to call `__complex__` and what it may return.
    const value = if (T == complex_type) blk: {
        c.Py_IncRef(object);
        break :blk object;
    } else c.PyObject_CallFunction(&complex_type.object, "(O)", object) orelse return error.Python;
    defer c.Py_DecRef(value);
    parts.* = .{ c.PyComplex_RealAsDouble(value), c.PyComplex_ImagAsDouble(value) };
}
