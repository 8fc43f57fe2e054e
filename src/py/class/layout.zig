//! The layout of type objects, for builds that are tied to one CPython version.
//! Source: `struct _typeobject` in CPython's Include/cpython/object.h, where all that is named here has had its place
//! from 3.10 to 3.14.

const abi = @import("../abi.zig");
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

/// Where a class that was made at run time has its module: behind its `PyTypeObject`, to which 3.12 added a word, come the
/// tables of async, number, mapping, sequence and buffer functions, and then name, slots, qualified name and cached keys.
/// Source: `struct _heaptypeobject` in the same file.
const module_at = @sizeOf(TypeObject) + (@as(usize, if (abi.minor >= 12) 1 else 0) + 4 + 36 + 3 + 10 + 2 + 4) * @sizeOf(usize);

/// The module that a class was made in, borrowed; null when the garbage collector has taken it away. The class must have
/// been made by this extension, without Python's help.
pub inline fn moduleOf(T: *c.PyTypeObject) ?*c.PyObject {
    return @as(*const ?*c.PyObject, @ptrFromInt(@intFromPtr(T) + module_at)).*;
}

pub inline fn of(T: *c.PyTypeObject) *TypeObject {
    return @ptrCast(@alignCast(T));
}
