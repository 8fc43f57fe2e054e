//! CPython's C API, declared by hand: no `Python.h`, nothing to download.
//!
//! A plain `extern fn` is in the stable ABI of Python 3.10 and so can always be called. What came later, or is not in
//! the stable ABI, goes through `abi.function`. Layouts are in `layout.zig`.
//! Source of signatures and flags: CPython's Include/ and Doc/data/stable_abi.dat.

const std = @import("std");
const builtin = @import("builtin");
const abi = @import("abi.zig");
const layout = @import("layout.zig");

/// `Py_ssize_t`.
pub const Size = isize;

/// Head of every object (Include/object.h). The free-threaded build has one of its own (PEP 703).
pub const PyObject = if (abi.free_threaded) extern struct {
    ob_tid: usize,
    ob_flags: u16,
    ob_mutex: u8,
    ob_gc_bits: u8,
    ob_ref_local: u32,
    ob_ref_shared: Size,
    ob_type: *PyTypeObject,
} else extern struct {
    ob_refcnt: Size,
    ob_type: *PyTypeObject,
};

/// A type, which is an object too; the rest of it is out of reach.
pub const PyTypeObject = extern struct { object: PyObject };
pub const PyThreadState = opaque {};

pub const FastCall = fn (self: *PyObject, arguments: [*]const *PyObject, count: Size) callconv(.c) ?*PyObject;
pub const FastCallKeywords = fn (self: *PyObject, arguments: [*]const *PyObject, count: Size, keywords: ?*PyObject) callconv(.c) ?*PyObject;

/// `visitproc` of the garbage collector.
pub const Visit = *const fn (object: *PyObject, argument: ?*anyopaque) callconv(.c) c_int;

pub const METH_NOARGS = 0x0004;
pub const METH_FASTCALL = 0x0080;
pub const METH_KEYWORDS = 0x0002;

pub const PyMethodDef = extern struct {
    name: ?[*:0]const u8 = null,
    /// Which type of function this is depends on `flags`.
    function: ?*const anyopaque = null,
    flags: c_int = 0,
    doc: ?[*:0]const u8 = null,
};

pub const Py_mod_exec = 2;

pub const PyModuleDef_Slot = extern struct {
    slot: c_int = 0,
    value: ?*const anyopaque = null,
};

pub const PyModuleDef = extern struct {
    /// `PyModuleDef_HEAD_INIT`: zeros, which the interpreter fills in.
    base: [@sizeOf(PyObject) + 3 * @sizeOf(usize)]u8 align(@alignOf(usize)) = @splat(0),
    name: [*:0]const u8,
    doc: ?[*:0]const u8 = null,
    /// Bytes of state per module object.
    state_size: Size = 0,
    methods: ?[*]const PyMethodDef = null,
    slots: ?[*]const PyModuleDef_Slot = null,
    traverse: ?*const fn (module: *PyObject, visit: Visit, argument: ?*anyopaque) callconv(.c) c_int = null,
    clear: ?*const fn (module: *PyObject) callconv(.c) c_int = null,
    free: ?*const fn (module: *PyObject) callconv(.c) void = null,
};

// Modules
pub extern fn PyModuleDef_Init(definition: *PyModuleDef) ?*PyObject;
pub extern fn PyModule_GetState(module: *PyObject) ?*anyopaque;
pub extern fn PyModule_GetDef(module: *PyObject) ?*PyModuleDef;
pub extern fn PyModule_New(name: [*:0]const u8) ?*PyObject;
pub extern fn PyModule_SetDocString(module: *PyObject, doc: [*:0]const u8) c_int;
pub extern fn PyImport_ImportModule(name: [*:0]const u8) ?*PyObject;
/// `sys.modules`, borrowed.
pub extern fn PyImport_GetModuleDict() ?*PyObject;
pub extern fn PyCFunction_NewEx(method: *const PyMethodDef, self: ?*PyObject, module: ?*PyObject) ?*PyObject;

// Interpreters and threads
pub const PyInterpreterState = opaque {};
pub extern fn PyInterpreterState_Get() *PyInterpreterState;
/// Borrowed; null without an exception when it cannot be had.
pub extern fn PyInterpreterState_GetDict(interpreter: *PyInterpreterState) ?*PyObject;
pub extern fn PyEval_SaveThread() *PyThreadState;
pub extern fn PyEval_RestoreThread(thread: *PyThreadState) void;

// References
pub extern fn Py_IncRef(object: ?*PyObject) void;
pub extern fn Py_DecRef(object: ?*PyObject) void;

// Types
pub extern fn PyType_GetFlags(T: *PyTypeObject) c_ulong;
pub const Py_TPFLAGS_LONG_SUBCLASS: c_ulong = 1 << 24;
pub const Py_TPFLAGS_UNICODE_SUBCLASS: c_ulong = 1 << 28;

// Objects
pub extern fn PyObject_GetAttrString(object: *PyObject, name: [*:0]const u8) ?*PyObject;
pub extern fn PyObject_SetAttrString(object: *PyObject, name: [*:0]const u8, value: *PyObject) c_int;

// Dicts
/// Borrowed; null without an exception when the key is not there.
pub extern fn PyDict_GetItemWithError(dict: *PyObject, key: *PyObject) ?*PyObject;
pub extern fn PyDict_SetItem(dict: *PyObject, key: *PyObject, value: *PyObject) c_int;

// Integers
pub extern fn PyLong_AsLongLongAndOverflow(object: *PyObject, overflow: *c_int) c_longlong;
pub extern fn PyLong_AsUnsignedLongLong(object: *PyObject) c_ulonglong;
pub extern fn PyLong_AsUnsignedLongLongMask(object: *PyObject) c_ulonglong;
pub extern fn PyLong_FromLongLong(value: c_longlong) ?*PyObject;
pub extern fn PyLong_FromUnsignedLongLong(value: c_ulonglong) ?*PyObject;
pub extern fn PyIndex_Check(object: *PyObject) c_int;
pub extern fn PyNumber_Index(object: *PyObject) ?*PyObject;
pub extern fn PyNumber_Lshift(left: *PyObject, right: *PyObject) ?*PyObject;
pub extern fn PyNumber_Rshift(left: *PyObject, right: *PyObject) ?*PyObject;
pub extern fn PyNumber_Or(left: *PyObject, right: *PyObject) ?*PyObject;

// Floats
pub extern fn PyFloat_AsDouble(object: *PyObject) f64;
pub extern fn PyFloat_FromDouble(value: f64) ?*PyObject;
pub extern fn PyNumber_Float(object: *PyObject) ?*PyObject;

// Strings
pub extern fn PyUnicode_AsUTF8AndSize(object: *PyObject, size: *Size) ?[*:0]const u8;
pub extern fn PyUnicode_FromStringAndSize(text: ?[*]const u8, size: Size) ?*PyObject;
pub extern fn PyUnicode_DecodeUTF8(text: [*]const u8, size: Size, errors: ?[*:0]const u8) ?*PyObject;
pub extern fn PyUnicode_FromFormat(format: [*:0]const u8, ...) ?*PyObject;
pub extern fn PyUnicode_InternFromString(text: [*:0]const u8) ?*PyObject;
pub extern fn PyUnicode_Compare(left: *PyObject, right: *PyObject) c_int;

// Tuples
pub extern fn PyTuple_GetItem(tuple: *PyObject, index: Size) ?*PyObject;

// Exceptions
pub extern fn PyErr_Occurred() ?*PyObject;
pub extern fn PyErr_Clear() void;
pub extern fn PyErr_Fetch(class: *?*PyObject, value: *?*PyObject, traceback: *?*PyObject) void;
/// Replaces whatever exception is set.
pub extern fn PyErr_Restore(class: ?*PyObject, value: ?*PyObject, traceback: ?*PyObject) void;
pub extern fn PyErr_NoMemory() ?*PyObject;
pub extern fn PyErr_SetNone(exception: *PyObject) void;
pub extern fn PyErr_SetObject(exception: *PyObject, value: *PyObject) void;
pub extern fn PyErr_SetString(exception: *PyObject, text: [*:0]const u8) void;
pub extern fn PyErr_Format(exception: *PyObject, format: [*:0]const u8, ...) ?*PyObject;
pub extern fn PyErr_ExceptionMatches(exception: *PyObject) c_int;
pub extern fn Py_FatalError(message: [*:0]const u8) noreturn;

/// Address of a data symbol that the interpreter exports. On Windows, data is reached through the import table.
fn data(comptime T: type, comptime name: []const u8) *T {
    return @extern(*T, .{ .name = name, .is_dll_import = builtin.os.tag == .windows });
}

/// `None`, borrowed.
pub inline fn none() *PyObject {
    return data(PyObject, "_Py_NoneStruct");
}

/// `True` or `False`, borrowed.
pub inline fn boolean(value: bool) *PyObject {
    return if (value) data(PyObject, "_Py_TrueStruct") else data(PyObject, "_Py_FalseStruct");
}

/// A built-in type such as `PyLong_Type`.
pub inline fn typeObject(comptime name: []const u8) *PyTypeObject {
    return data(PyTypeObject, name);
}

/// A built-in exception class by its Python name, borrowed.
pub inline fn exception(comptime name: []const u8) *PyObject {
    return data(*PyObject, "PyExc_" ++ name).*;
}

/// `Py_TYPE`. Reading the field is part of the stable ABI up to 3.14.
pub inline fn typeOf(object: *PyObject) *PyTypeObject {
    return object.ob_type;
}

/// `PyType_HasFeature` for one of the `Py_TPFLAGS_…_SUBCLASS` flags.
pub inline fn isInstance(object: *PyObject, subclass_flag: c_ulong) bool {
    return PyType_GetFlags(typeOf(object)) & subclass_flag != 0;
}

/// A new reference to an object that is immortal since Python 3.12 (PEP 683), where counting it is of no use.
pub inline fn newSingletonReference(object: *PyObject) *PyObject {
    if (abi.minor >= 12) return object;
    if (abi.layouts_known) object.ob_refcnt += 1 else Py_IncRef(object);
    return object;
}

/// A new str of `size` ASCII characters, which the caller writes before anyone else sees it.
pub inline fn newAscii(size: usize) ?*PyObject {
    const PyUnicode_New = abi.function("PyUnicode_New", fn (size: Size, character_max: u32) callconv(.c) ?*PyObject, 10, null);
    return PyUnicode_New(@intCast(size), 127);
}

/// Head of an object with a number of items (Include/object.h). Reading it is part of the stable ABI up to 3.14.
pub const PyVarObject = extern struct {
    object: PyObject,
    ob_size: Size,
};

/// Number of items of a tuple; `tuple` must be one.
pub inline fn tupleSize(tuple: *PyObject) usize {
    return @intCast(@as(*const PyVarObject, @ptrCast(@alignCast(tuple))).ob_size);
}

/// Item of a tuple, borrowed; `index` must be below its size.
pub inline fn tupleItem(tuple: *PyObject, index: usize) *PyObject {
    if (abi.layouts_known) return layout.tupleItems(tuple)[index];
    return PyTuple_GetItem(tuple, @intCast(index)).?;
}
