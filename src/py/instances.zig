//! Instances of classes of Python's standard library: what the stable ABI leaves to attributes and calls.

const c = @import("c.zig");
const bind = @import("bind.zig");
const convert = @import("convert.zig");
const FromError = convert.FromError;
const Scope = @import("Scope.zig");
const State = @import("State.zig");

/// Fails with `WrongType` unless `object` is an instance of the class or of one derived from it.
pub fn require(object: *c.PyObject, scope: *Scope, comptime class: State.Imported) FromError!void {
    if (!try isInstance(object, scope, class)) return error.WrongType;
}

pub fn isInstance(object: *c.PyObject, scope: *Scope, comptime class: State.Imported) error{Python}!bool {
    const T = scope.imported(class) orelse return error.Python;
    return c.PyType_IsSubtype(c.typeOf(object), @ptrCast(T)) != 0;
}

/// An attribute, converted. An instance of a derived class may have anything there; what is no `T` raises.
pub fn attribute(comptime T: type, object: *c.PyObject, name: State.Attribute, scope: *Scope) error{Python}!T {
    const C = convert.Converter(T).?;
    const value = try get(object, name, scope);
    defer c.Py_DecRef(value);
    return C.fromPython(value, scope) catch |reason| bind.raiseRefusal(scope, C, value, reason, .{"attribute"});
}

/// A new reference to an attribute.
pub noinline fn get(object: *c.PyObject, name: State.Attribute, scope: *Scope) error{Python}!*c.PyObject {
    const state = scope.state() orelse return error.Python;
    const text = state.attribute(name) orelse return error.Python;
    return c.PyObject_GetAttr(object, text) orelse error.Python;
}

/// The result of a method without arguments: a new reference.
pub fn call(object: *c.PyObject, method: State.Attribute, scope: *Scope) error{Python}!*c.PyObject {
    const state = scope.state() orelse return error.Python;
    const text = state.attribute(method) orelse return error.Python;
    return c.PyObject_CallMethodObjArgs(object, text, @as(?*c.PyObject, null)) orelse error.Python;
}
