//! What the views of Python's containers have in common: how an item is read and written, and how the view itself is
//! converted. A view is a struct of `ptr`, the container, `scope`, the call that it is valid for, and `origin`, the argument
//! that it is, if any.

const bind = @import("../bind.zig");
const c = @import("../c.zig");
const convert = @import("../convert.zig");
const hint = @import("../convert/hint.zig");
const Scope = @import("../Scope.zig");

/// Converts a part of the container that `view` shows. `place` and its one value say which part, as
/// `PyUnicode_FromFormat` takes it. What the value points into stays until the call has ended, whatever becomes of the
/// container.
pub inline fn read(comptime T: type, object: *c.PyObject, view: anytype, comptime place: [:0]const u8, value: anytype) error{Python}!T {
    return convert.fromKept(T, object, view.scope) catch |reason| return refuse(convert.Input(T), object, view, reason, place, value);
}

noinline fn refuse(
    comptime C: type,
    object: *c.PyObject,
    view: anytype,
    reason: convert.FromError,
    comptime place: [:0]const u8,
    value: anytype,
) error{Python} {
    const origin = view.origin orelse return bind.raiseRefusal(view.scope, C, object, reason, .{ place, value });
    return bind.raiseRefusal(view.scope, C, object, reason, .{ "%s() argument '%s', " ++ place, origin.function, origin.parameter, value });
}

/// A new reference.
pub inline fn write(comptime T: type, value: T, scope: *Scope) error{Python}!*c.PyObject {
    return convert.Output(T).toPython(value, scope) orelse error.Python;
}

/// A view of a new container, which is kept until the call has ended. Takes over the reference; null stands for an
/// exception that is set.
pub fn ofNew(comptime View: type, container: ?*c.PyObject, scope: *Scope) error{Python}!View {
    const object = container orelse return error.Python;
    defer c.Py_DecRef(object);
    try scope.keep(object);
    return .{ .ptr = object, .scope = scope, .origin = null };
}

/// The truth that a function of the C API returns, where -1 stands for an exception.
pub fn truth(status: c_int) error{Python}!bool {
    if (status < 0) return error.Python;
    return status > 0;
}

/// Whether `find`, which is `PySequence_Contains` or of its kind, finds a value in the container that `view` shows.
pub inline fn contains(
    comptime T: type,
    value: T,
    view: anytype,
    find: fn (container: *c.PyObject, value: *c.PyObject) callconv(.c) c_int,
) error{Python}!bool {
    const object = try write(T, value, view.scope);
    defer c.Py_DecRef(object);
    return truth(find(view.ptr, object));
}

pub fn done(status: c_int) error{Python}!void {
    if (status < 0) return error.Python;
}

/// The converter of a view. `accepts` tells the containers that it shows.
pub fn Converter(comptime View: type, comptime written: [:0]const u8, comptime accepts: fn (*c.PyObject) bool) type {
    return struct {
        pub const annotation = written;
        pub const isNatural = accepts;
        pub const has_origin = true;

        pub inline fn fromPython(object: *c.PyObject, scope: *Scope) convert.FromError!View {
            if (!accepts(object)) return error.WrongType;
            return .{ .ptr = object, .scope = scope, .origin = scope.origin };
        }

        pub fn toPython(view: View, _: *Scope) ?*c.PyObject {
            c.Py_IncRef(view.ptr);
            return view.ptr;
        }
    };
}

/// How Python writes the type of an item.
pub fn annotationOf(comptime T: type) [:0]const u8 {
    const C = convert.Converter(T) orelse @compileError("in a Python container: " ++ hint.refusal(T, .to_python));
    return convert.resultAnnotation(C);
}
