//! The layout of type objects, for builds that are tied to one CPython version.
//! Source: `struct _typeobject` in CPython's Include/cpython/object.h, where all that is named here has had its place
//! from 3.10 to 3.14.

const c = @import("../c.zig");

pub const TypeObject = extern struct {
    head: c.PyVarObject,
    name: [*:0]const u8,
    basicsize: c.Size,
    itemsize: c.Size,
    dealloc: ?*const anyopaque,
    vectorcall_offset: c.Size,
    /// getattr, setattr, as_async, repr, as_number, as_sequence, as_mapping, hash, call, str, getattro, setattro, as_buffer
    protocols: [13]?*const anyopaque,
    flags: c_ulong,
    doc: ?[*:0]const u8,
    traverse: ?*const anyopaque,
    clear: ?*const anyopaque,
    richcompare: ?*const anyopaque,
    weaklistoffset: c.Size,
    iter: ?*const anyopaque,
    iternext: ?*const anyopaque,
    methods: ?[*]const c.PyMethodDef,
    members: ?*const anyopaque,
    getset: ?*const anyopaque,
    base: ?*c.PyTypeObject,
    dict: ?*c.PyObject,
    descr_get: ?*const anyopaque,
    descr_set: ?*const anyopaque,
    dictoffset: c.Size,
    init: ?*const anyopaque,
    alloc: ?*const fn (T: *c.PyTypeObject, items: c.Size) callconv(.c) ?*c.PyObject,
    new: ?*const anyopaque,
    free: ?*const fn (object: *c.PyObject) callconv(.c) void,
    is_gc: ?*const anyopaque,
    /// bases, mro, cache, subclasses, weaklist
    relations: [5]?*anyopaque,
    del: ?*const anyopaque,
    version_tag: c_uint,
    finalize: ?*const anyopaque,
    vectorcall: ?*const anyopaque,
};

pub inline fn of(T: *c.PyTypeObject) *TypeObject {
    return @ptrCast(@alignCast(T));
}
