//! The part of CPython's C API that only classes need. As in `c.zig`, a plain `extern fn` is in the stable ABI of 3.10.
//! Source: CPython's Include/object.h, typeslots.h, descrobject.h and structmember.h.

const abi = @import("../abi.zig");
const c = @import("../c.zig");
const layout = @import("layout.zig");

pub const PyGetSetDef = extern struct {
    name: ?[*:0]const u8 = null,
    get: ?*const fn (self: *c.PyObject, closure: ?*anyopaque) callconv(.c) ?*c.PyObject = null,
    set: ?*const fn (self: *c.PyObject, value: ?*c.PyObject, closure: ?*anyopaque) callconv(.c) c_int = null,
    doc: ?[*:0]const u8 = null,
    closure: ?*anyopaque = null,
};

pub const PyMemberDef = extern struct {
    name: ?[*:0]const u8 = null,
    type: c_int = 0,
    offset: c.Size = 0,
    flags: c_int = 0,
    doc: ?[*:0]const u8 = null,

    pub const T_PYSSIZET = 19;
    pub const READONLY = 1;
};

pub const METH_CLASS = 0x0010;
pub const METH_O = 0x0008;

pub const Py_TPFLAGS_BASETYPE: c_uint = 1 << 10;
pub const Py_TPFLAGS_TYPE_SUBCLASS: c_ulong = 1 << 31;

/// Numbers of the slots that are named elsewhere than in the table of `slot_table.zig`.
pub const Py_bf_releasebuffer = 2;
pub const Py_tp_base = 48;
pub const Py_tp_doc = 56;
pub const Py_tp_free = 74;
pub const Py_tp_getset = 73;
pub const Py_tp_hash = 59;
pub const Py_tp_init = 60;
pub const Py_tp_members = 72;
pub const Py_tp_new = 65;
pub const Py_tp_repr = 66;
pub const Py_tp_richcompare = 67;
pub const Py_tp_str = 70;
pub const Py_tp_finalize = 80;
/// In the stable ABI since 3.14.
pub const Py_tp_vectorcall = 82;

// Types
pub extern fn PyType_GetModule(T: *c.PyTypeObject) ?*c.PyObject;
pub extern fn PyType_GetSlot(T: *c.PyTypeObject, slot: c_int) ?*anyopaque;
pub extern fn PyDescr_NewMethod(T: *c.PyTypeObject, method: *const c.PyMethodDef) ?*c.PyObject;
pub extern fn PyDescr_NewClassMethod(T: *c.PyTypeObject, method: *const c.PyMethodDef) ?*c.PyObject;

// Memory and garbage collection
/// Makes memory an object with one reference, and counts it as one more of its type. Returns it.
pub extern fn PyObject_Init(memory: *c.PyObject, T: *c.PyTypeObject) *c.PyObject;
pub extern fn PyObject_Free(memory: *c.PyObject) void;
pub extern fn PyObject_GC_Track(object: *c.PyObject) void;
pub extern fn PyObject_ClearWeakRefs(object: *c.PyObject) void;

// Objects
pub extern fn PyObject_GenericGetAttr(object: *c.PyObject, name: *c.PyObject) ?*c.PyObject;
pub extern fn PyObject_GenericSetAttr(object: *c.PyObject, name: *c.PyObject, value: ?*c.PyObject) c_int;
pub extern fn PyObject_GenericGetDict(object: *c.PyObject, closure: ?*anyopaque) ?*c.PyObject;
pub extern fn PyObject_GenericSetDict(object: *c.PyObject, value: ?*c.PyObject, closure: ?*anyopaque) c_int;
pub extern fn PyObject_CallObject(callable: *c.PyObject, arguments: ?*c.PyObject) ?*c.PyObject;
pub extern fn PyObject_CallFunctionObjArgs(callable: *c.PyObject, ...) ?*c.PyObject;
pub extern fn Py_ReprEnter(object: *c.PyObject) c_int;
pub extern fn Py_ReprLeave(object: *c.PyObject) void;

// Tuples, dicts, ints
pub extern fn PyTuple_Size(tuple: *c.PyObject) c.Size;
pub extern fn PyDict_SetItemString(dict: *c.PyObject, key: [*:0]const u8, value: *c.PyObject) c_int;
pub extern fn PyDict_Update(dict: *c.PyObject, other: *c.PyObject) c_int;
pub extern fn PyLong_FromSsize_t(value: c.Size) ?*c.PyObject;
pub extern fn PyLong_AsSsize_t(object: *c.PyObject) c.Size;
pub extern fn PySlice_Unpack(slice: *c.PyObject, start: *c.Size, stop: *c.Size, step: *c.Size) c_int;
pub extern fn PySlice_AdjustIndices(length: c.Size, start: *c.Size, stop: *c.Size, step: c.Size) c.Size;

/// `NotImplemented`, a new reference.
pub inline fn notImplemented() *c.PyObject {
    return c.newSingletonReference(&c.typeObject("_Py_NotImplementedStruct").object);
}

pub const MethodTable = [*]const c.PyMethodDef;

/// `tp_methods`, which types do not inherit: it tells which Zig type a class was made of.
pub inline fn methodsOf(T: *c.PyTypeObject) ?MethodTable {
    if (abi.layouts_known) return layout.of(T).methods;
    return @ptrCast(@alignCast(PyType_GetSlot(T, c.Py_tp_methods)));
}

/// `tp_base`, borrowed.
pub inline fn baseOf(T: *c.PyTypeObject) ?*c.PyTypeObject {
    if (abi.layouts_known) return layout.of(T).base;
    return @ptrCast(@alignCast(PyType_GetSlot(T, Py_tp_base)));
}

/// The module that a class was made in, borrowed. Null with TypeError set when it has none.
pub inline fn moduleOf(T: *c.PyTypeObject) ?*c.PyObject {
    if (abi.layouts_known) if (layout.moduleOf(T)) |module| return module;
    return PyType_GetModule(T);
}

/// `tp_basicsize`. Under the stable ABI it is an attribute, which cannot fail for a class.
pub fn sizeOf(T: *c.PyTypeObject) usize {
    if (abi.layouts_known) return @intCast(layout.of(T).basicsize);
    const size = c.PyObject_GetAttrString(&T.object, "__basicsize__").?;
    defer c.Py_DecRef(size);
    return @intCast(PyLong_AsSsize_t(size));
}

/// Frees the memory of an instance, and gives back its reference to its class.
pub inline fn free(object: *c.PyObject) void {
    const T = c.typeOf(object);
    const release: *const fn (*c.PyObject) callconv(.c) void = if (abi.layouts_known)
        layout.of(T).free.?
    else
        @ptrCast(@alignCast(PyType_GetSlot(T, Py_tp_free).?));
    release(object);
    c.Py_DecRef(&T.object);
}

/// A new reference.
pub inline fn newReference(object: *c.PyObject) *c.PyObject {
    c.Py_IncRef(object);
    return object;
}

/// A new tuple of interned names, or null with an exception set.
pub fn tupleOfNames(comptime names: []const [:0]const u8) ?*c.PyObject {
    var items: [names.len]?*c.PyObject = undefined;
    inline for (&items, names) |*item, name| item.* = c.PyUnicode_InternFromString(name);
    return tupleOf(&items);
}

/// Puts new references into a new tuple. Null with an exception set, also when an item is null; takes over all of them.
pub fn tupleOf(items: []const ?*c.PyObject) ?*c.PyObject {
    const tuple = for (items) |item| {
        if (item == null) break null;
    } else c.PyTuple_New(@intCast(items.len));
    for (items, 0..) |item, i| {
        if (tuple) |made| _ = c.PyTuple_SetItem(made, @intCast(i), item.?) else c.Py_DecRef(item);
    }
    return tuple;
}
