//! Python's float, which is an f64, and all of Zig's.

const std = @import("std");
const builtin = @import("builtin");
const c = @import("../c.zig");
const abi = @import("../abi.zig");
const layout = @import("../layout.zig");
const Scope = @import("../Scope.zig");
const FromError = @import("../convert.zig").FromError;

/// Takes what `float()` takes, but for strings: floats, ints, and objects with `__float__` or `__index__`.
///
/// To a narrower type the value is rounded to the nearest; a finite one that would become infinite is `OutOfRange`, or
/// OverflowError on the way to Python. To f80, f128 and c_longdouble nothing is lost, and back they are rounded to f64.
pub fn Float(comptime T: type) type {
    return struct {
        pub const annotation = "float";
        pub const ignores_scope = true;
        pub const range = "a float within the range of " ++ (if (@typeInfo(T).float.bits > 64) "f64" else @typeName(T));

        pub inline fn fromPython(object: *c.PyObject, _: *Scope) FromError!T {
            var wide: f64 = undefined;
            if (c.typeOf(object) == c.typeObject("PyFloat_Type")) {
                @branchHint(.likely);
                wide = exact(object);
            } else {
                try readAny(object, &wide);
            }
            return narrow(T, wide);
        }

        pub inline fn direct(object: *c.PyObject) ?T {
            if (c.typeOf(object) != c.typeObject("PyFloat_Type")) return null;
            return narrow(T, exact(object)) catch null;
        }

        pub fn toPython(value: T, _: *Scope) ?*c.PyObject {
            // Zig 0.15 to 0.17 lose subnormal values in their own conversion of f80 to f64, which machines without such a type use.
            const exact_value: if (T == f80 and !has_f80) f128 else T = value;
            const double: f64 = @floatCast(exact_value);
            if (@typeInfo(T).float.bits > 64 and std.math.isInf(double) and value - value == 0) {
                c.PyErr_SetString(c.exception("OverflowError"), "the result is beyond the range of a Python float");
                return null;
            }
            return c.PyFloat_FromDouble(double);
        }
    };
}

const has_f80 = builtin.cpu.arch.isX86();

/// `value` rounded to `T`.
pub inline fn narrow(comptime T: type, value: f64) error{OutOfRange}!T {
    if (@typeInfo(T).float.bits >= 64) return @floatCast(value);
    const result: T = @floatCast(value);
    if (std.math.isInf(result) and !std.math.isInf(value)) return error.OutOfRange;
    return result;
}

inline fn exact(object: *c.PyObject) f64 {
    if (abi.layouts_known) return @as(*const layout.Float, @ptrCast(@alignCast(object))).value;
    return c.PyFloat_AsDouble(object);
}

/// The value of what `float()` takes, but for strings. Error and value come back apart: an error union of a float is
/// returned in memory.
pub noinline fn readAny(object: *c.PyObject, value: *f64) FromError!void {
    value.* = c.PyFloat_AsDouble(object);
    if (value.* != -1 or c.PyErr_Occurred() == null) return;
    if (c.typeOf(object) == c.typeObject("PyLong_Type") and c.PyErr_ExceptionMatches(c.exception("OverflowError")) != 0) {
        c.PyErr_Clear();
        return error.OutOfRange;
    }
    // A TypeError of CPython's own is about the type; one that the object's `__float__` raised has to stay.
    if (c.PyErr_ExceptionMatches(c.exception("TypeError")) == 0) return error.Python;
    if (c.PyIndex_Check(object) != 0 or hasMethod(object, "__float__")) return error.Python;
    c.PyErr_Clear();
    return error.WrongType;
}

/// Whether the type of `object` has a method. An exception that is set stays set.
pub fn hasMethod(object: *c.PyObject, name: [*:0]const u8) bool {
    const pending: c.Pending = .take();
    defer pending.restore();
    const method = c.PyObject_GetAttrString(&c.typeOf(object).object, name) orelse return false;
    c.Py_DecRef(method);
    return true;
}
