//! Python's float and Zig's f16, f32 and f64.

const std = @import("std");
const c = @import("../c.zig");
const abi = @import("../abi.zig");
const layout = @import("../layout.zig");
const Scope = @import("../Scope.zig");
const FromError = @import("../convert.zig").FromError;

/// Takes what `float()` takes, but for strings: floats, ints, and objects with `__float__` or `__index__`.
///
/// To f32 and f16 the value is rounded to the nearest; a finite one that would become infinite is `OutOfRange`.
pub fn Float(comptime T: type) type {
    return struct {
        pub const annotation = "float";
        pub const ignores_scope = true;
        pub const range = "a float within the range of " ++ @typeName(T);

        pub inline fn fromPython(object: *c.PyObject, _: *Scope) FromError!T {
            var wide: f64 = undefined;
            if (c.typeOf(object) == c.typeObject("PyFloat_Type")) {
                @branchHint(.likely);
                wide = exact(object);
            } else {
                try readOther(object, &wide);
            }
            if (T == f64) return wide;
            const value: T = @floatCast(wide);
            if (std.math.isInf(value) and !std.math.isInf(wide)) return error.OutOfRange;
            return value;
        }

        pub fn toPython(value: T, _: *Scope) ?*c.PyObject {
            return c.PyFloat_FromDouble(value);
        }
    };
}

inline fn exact(object: *c.PyObject) f64 {
    if (abi.layouts_known) return @as(*const layout.Float, @ptrCast(@alignCast(object))).value;
    return c.PyFloat_AsDouble(object);
}

/// Error and value come back apart: an error union of a float is returned in memory.
noinline fn readOther(object: *c.PyObject, value: *f64) FromError!void {
    value.* = c.PyFloat_AsDouble(object);
    if (value.* != -1 or c.PyErr_Occurred() == null) return;
    // A TypeError of CPython's own is about the type; one that the object's `__float__` raised has to stay.
    if (c.PyErr_ExceptionMatches(c.exception("TypeError")) == 0 or hasFloat(object)) return error.Python;
    c.PyErr_Clear();
    return error.WrongType;
}

/// Whether the type of `object` defines a conversion to float. The exception that is set stays set.
fn hasFloat(object: *c.PyObject) bool {
    if (c.PyIndex_Check(object) != 0) return true;
    var class: ?*c.PyObject = null;
    var value: ?*c.PyObject = null;
    var traceback: ?*c.PyObject = null;
    c.PyErr_Fetch(&class, &value, &traceback);
    defer c.PyErr_Restore(class, value, traceback);
    const method = c.PyObject_GetAttrString(&c.typeOf(object).object, "__float__") orelse return false;
    c.Py_DecRef(method);
    return true;
}
