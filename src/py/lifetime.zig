//! Keeping one object alive as long as another.

const c = @import("c.zig");
const Object = @import("object.zig").Object;

/// Holds a reference to `kept` until `owner` is gone. The type of `owner` must allow weak references (TypeError).
pub fn keepAlive(owner: Object, kept: Object) error{Python}!void {
    const callback = c.PyCFunction_NewEx(&forget, kept.ptr, null) orelse return error.Python;
    defer c.Py_DecRef(callback);
    // The weak reference belongs to nobody until its callback gives it back.
    _ = c.PyWeakref_NewRef(owner.ptr, callback) orelse return error.Python;
}

const forget: c.PyMethodDef = .{ .name = "forget", .function = &forgetOwner, .flags = c.METH_FASTCALL };

/// Called with the dead weak reference; the function object holds what was kept.
fn forgetOwner(_: *c.PyObject, arguments: [*]const *c.PyObject, _: c.Size) callconv(.c) ?*c.PyObject {
    c.Py_DecRef(arguments[0]);
    return c.newSingletonReference(c.none());
}
