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

pub const FastCallKeywords = fn (self: *PyObject, arguments: [*]const *PyObject, count: Size, keywords: ?*PyObject) callconv(.c) ?*PyObject;

/// `visitproc` of the garbage collector.
pub const Visit = *const fn (object: *PyObject, argument: ?*anyopaque) callconv(.c) c_int;

pub const METH_VARARGS = 0x0001;
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
pub extern fn PyModule_NewObject(name: *PyObject) ?*PyObject;
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
pub extern fn PyGILState_Ensure() c_int;
pub extern fn PyGILState_Release(state: c_int) void;
pub extern fn PyEval_SaveThread() *PyThreadState;
pub extern fn PyEval_RestoreThread(thread: *PyThreadState) void;

// References
pub extern fn Py_IncRef(object: ?*PyObject) void;
pub extern fn Py_DecRef(object: ?*PyObject) void;

// Types
pub extern fn PyType_GetFlags(T: *PyTypeObject) c_ulong;
pub const Py_TPFLAGS_LONG_SUBCLASS: c_ulong = 1 << 24;
pub const Py_TPFLAGS_BYTES_SUBCLASS: c_ulong = 1 << 27;
pub const Py_TPFLAGS_UNICODE_SUBCLASS: c_ulong = 1 << 28;
pub extern fn PyType_IsSubtype(derived: *PyTypeObject, base: *PyTypeObject) c_int;
pub extern fn PyType_FromModuleAndSpec(module: *PyObject, specification: *const PyType_Spec, bases: ?*PyObject) ?*PyObject;
/// A new object of zeros, known to the garbage collector when its type says so.
pub extern fn PyType_GenericAlloc(T: *PyTypeObject, item_count: Size) ?*PyObject;
pub extern fn PyObject_GC_UnTrack(object: *PyObject) void;
pub extern fn PyObject_GC_Del(object: *PyObject) void;
pub const Py_TPFLAGS_DEFAULT: c_uint = 1 << 18;
pub const Py_TPFLAGS_HAVE_GC: c_uint = 1 << 14;
pub const Py_TPFLAGS_DISALLOW_INSTANTIATION: c_uint = 1 << 7;
pub const Py_TPFLAGS_IMMUTABLETYPE: c_uint = 1 << 8;

pub const PyType_Slot = extern struct {
    slot: c_int = 0,
    value: ?*const anyopaque = null,
};

pub const PyType_Spec = extern struct {
    name: [*:0]const u8,
    basic_size: c_int,
    item_size: c_int = 0,
    flags: c_uint,
    slots: [*]const PyType_Slot,
};

// Slots of a type (Include/typeslots.h).
pub const Py_bf_getbuffer = 1;
pub const Py_tp_clear = 51;
pub const Py_tp_dealloc = 52;
pub const Py_tp_iter = 62;
pub const Py_tp_iternext = 63;
pub const Py_tp_methods = 64;
pub const Py_tp_traverse = 71;

// Objects
pub extern fn PyObject_GetAttr(object: *PyObject, name: *PyObject) ?*PyObject;
pub extern fn PyObject_GetAttrString(object: *PyObject, name: [*:0]const u8) ?*PyObject;
pub extern fn PyObject_SetAttrString(object: *PyObject, name: [*:0]const u8, value: *PyObject) c_int;
/// A null value deletes the attribute.
pub extern fn PyObject_SetAttr(object: *PyObject, name: *PyObject, value: ?*PyObject) c_int;
pub extern fn PyObject_Call(callable: *PyObject, arguments: *PyObject, keywords: ?*PyObject) ?*PyObject;
/// `PyObject_Vectorcall`; its symbol goes through `abi.function`.
pub const Vectorcall = fn (callable: *PyObject, arguments: [*]const ?*PyObject, count_and_flags: usize, names: ?*PyObject) callconv(.c) ?*PyObject;
pub extern fn PyCallable_Check(object: *PyObject) c_int;
pub extern fn PyObject_Hash(object: *PyObject) Size;
pub extern fn PyObject_Size(object: *PyObject) Size;
pub extern fn PyObject_GetItem(object: *PyObject, key: *PyObject) ?*PyObject;
pub extern fn PyObject_SetItem(object: *PyObject, key: *PyObject, value: *PyObject) c_int;
pub extern fn PyObject_DelItem(object: *PyObject, key: *PyObject) c_int;
pub extern fn PySequence_Contains(object: *PyObject, value: *PyObject) c_int;
pub extern fn PyObject_GetIter(object: *PyObject) ?*PyObject;
/// Null without an exception at the end.
pub extern fn PyIter_Next(iterator: *PyObject) ?*PyObject;
pub extern fn PyObject_RichCompareBool(left: *PyObject, right: *PyObject, operator: Comparison) c_int;
/// `Py_LT` to `Py_GE` (Include/object.h).
pub const Comparison = enum(c_int) { lt, le, eq, ne, gt, ge, _ };
pub extern fn PyObject_IsTrue(object: *PyObject) c_int;
pub extern fn PyObject_IsInstance(object: *PyObject, class: *PyObject) c_int;
pub extern fn PyObject_Str(object: *PyObject) ?*PyObject;
pub extern fn PyObject_Repr(object: *PyObject) ?*PyObject;
pub extern fn PyNumber_Power(base: *PyObject, exponent: *PyObject, modulus: *PyObject) ?*PyObject;
pub extern fn PyWeakref_NewRef(object: *PyObject, callback: ?*PyObject) ?*PyObject;
/// Borrowed; None when the object is gone.
pub extern fn PyWeakref_GetObject(reference: *PyObject) *PyObject;
/// 1 or 0; errors are ignored.
pub extern fn PyObject_HasAttrString(object: *PyObject, name: [*:0]const u8) c_int;
/// The format is that of `Py_BuildValue`.
pub extern fn PyObject_CallFunction(callable: *PyObject, format: ?[*:0]const u8, ...) ?*PyObject;
pub extern fn PyObject_CallMethod(object: *PyObject, name: [*:0]const u8, format: ?[*:0]const u8, ...) ?*PyObject;
/// Arguments are objects, then null.
pub extern fn PyObject_CallMethodObjArgs(object: *PyObject, name: *PyObject, ...) ?*PyObject;
pub extern fn Py_BuildValue(format: [*:0]const u8, ...) ?*PyObject;

// Dicts
/// Borrowed; null without an exception when the key is not there.
pub extern fn PyDict_GetItemWithError(dict: *PyObject, key: *PyObject) ?*PyObject;
pub extern fn PyDict_New() ?*PyObject;
pub extern fn PyDict_SetItem(dict: *PyObject, key: *PyObject, value: *PyObject) c_int;
pub extern fn PyDict_Copy(dict: *PyObject) ?*PyObject;
pub extern fn PyDict_Size(dict: *PyObject) Size;
pub extern fn PyDict_Contains(dict: *PyObject, key: *PyObject) c_int;
pub extern fn PyDict_DelItem(dict: *PyObject, key: *PyObject) c_int;
/// 0 at the end. Key and value are borrowed, and left out where there is no place for them.
pub extern fn PyDict_Next(dict: *PyObject, position: *Size, key: ?*?*PyObject, value: ?*?*PyObject) c_int;
pub const Py_TPFLAGS_DICT_SUBCLASS: c_ulong = 1 << 29;

// Integers
pub extern fn PyLong_AsLongLongAndOverflow(object: *PyObject, overflow: *c_int) c_longlong;
pub extern fn PyLong_AsLongLong(object: *PyObject) c_longlong;
pub extern fn PyLong_AsUnsignedLongLong(object: *PyObject) c_ulonglong;
pub extern fn PyLong_AsUnsignedLongLongMask(object: *PyObject) c_ulonglong;
pub extern fn PyLong_FromLongLong(value: c_longlong) ?*PyObject;
pub extern fn PyLong_FromUnsignedLongLong(value: c_ulonglong) ?*PyObject;
pub extern fn PyLong_AsSize_t(object: *PyObject) usize;
pub extern fn PyIndex_Check(object: *PyObject) c_int;
pub extern fn PyNumber_Index(object: *PyObject) ?*PyObject;
pub extern fn PyNumber_Lshift(left: *PyObject, right: *PyObject) ?*PyObject;
pub extern fn PyNumber_Rshift(left: *PyObject, right: *PyObject) ?*PyObject;
pub extern fn PyNumber_Or(left: *PyObject, right: *PyObject) ?*PyObject;
pub extern fn PyNumber_Negative(object: *PyObject) ?*PyObject;

// Floats
pub extern fn PyFloat_AsDouble(object: *PyObject) f64;
pub extern fn PyFloat_FromDouble(value: f64) ?*PyObject;

// Complex numbers
pub extern fn PyComplex_RealAsDouble(object: *PyObject) f64;
pub extern fn PyComplex_ImagAsDouble(object: *PyObject) f64;
pub extern fn PyComplex_FromDoubles(real: f64, imaginary: f64) ?*PyObject;

// Bytes
pub extern fn PyBytes_FromStringAndSize(bytes: ?[*]const u8, size: Size) ?*PyObject;
pub extern fn PyBytes_AsString(bytes: *PyObject) ?[*:0]u8;
pub extern fn PyBytes_Size(bytes: *PyObject) Size;
pub extern fn PyByteArray_FromStringAndSize(bytes: ?[*]const u8, size: Size) ?*PyObject;
pub extern fn PyByteArray_AsString(array: *PyObject) ?[*:0]u8;
pub extern fn PyByteArray_Size(array: *PyObject) Size;
pub extern fn PyMemoryView_FromObject(object: *PyObject) ?*PyObject;

// Buffers (PEP 3118). The functions are in `abi`'s care: they came late to the stable ABI.
/// Include/pybuffer.h; in the stable ABI since 3.11.
pub const Py_buffer = extern struct {
    buf: ?[*]u8,
    obj: ?*PyObject,
    /// Bytes of all items together.
    len: Size,
    itemsize: Size,
    readonly: c_int,
    ndim: c_int,
    /// Null for unsigned bytes.
    format: ?[*:0]const u8,
    shape: ?[*]Size,
    strides: ?[*]Size,
    suboffsets: ?[*]Size,
    internal: ?*anyopaque,
};

pub const PyBUF_WRITABLE = 0x1;
pub const PyBUF_FORMAT = 0x4;
pub const PyBUF_ND = 0x8;
pub const PyBUF_STRIDES = 0x10 | PyBUF_ND;
pub const PyBUF_C_CONTIGUOUS = 0x20 | PyBUF_STRIDES;
pub const PyBUF_F_CONTIGUOUS = 0x40 | PyBUF_STRIDES;
pub const PyBUF_ANY_CONTIGUOUS = 0x80 | PyBUF_STRIDES;

pub inline fn PyObject_CheckBuffer(object: *PyObject) bool {
    return abi.function("PyObject_CheckBuffer", fn (object: *PyObject) callconv(.c) c_int, 9, 11)(object) != 0;
}

pub inline fn PyObject_GetBuffer(object: *PyObject, view: *Py_buffer, flags: c_int) c_int {
    const F = fn (object: *PyObject, view: *Py_buffer, flags: c_int) callconv(.c) c_int;
    return abi.function("PyObject_GetBuffer", F, 0, 11)(object, view, flags);
}

pub inline fn PyBuffer_Release(view: *Py_buffer) void {
    abi.function("PyBuffer_Release", fn (view: *Py_buffer) callconv(.c) void, 0, 11)(view);
}

// Paths
/// A str or bytes, new.
pub extern fn PyOS_FSPath(path: *PyObject) ?*PyObject;
pub extern fn PyUnicode_EncodeFSDefault(text: *PyObject) ?*PyObject;
pub extern fn PyUnicode_DecodeFSDefaultAndSize(bytes: [*]const u8, size: Size) ?*PyObject;

// Strings
pub extern fn PyUnicode_AsUTF8AndSize(object: *PyObject, size: *Size) ?[*:0]const u8;
pub extern fn PyUnicode_FromStringAndSize(text: ?[*]const u8, size: Size) ?*PyObject;
pub extern fn PyUnicode_DecodeUTF8(text: [*]const u8, size: Size, errors: ?[*:0]const u8) ?*PyObject;
pub extern fn PyUnicode_FromFormat(format: [*:0]const u8, ...) ?*PyObject;
pub extern fn PyUnicode_InternFromString(text: [*:0]const u8) ?*PyObject;
pub extern fn PyUnicode_CompareWithASCIIString(text: *PyObject, ascii: [*:0]const u8) c_int;
pub extern fn PyUnicode_Compare(left: *PyObject, right: *PyObject) c_int;

// Capsules
pub extern fn PyCapsule_New(pointer: *anyopaque, name: [*:0]const u8, destructor: ?*const fn (capsule: *PyObject) callconv(.c) void) ?*PyObject;
pub extern fn PyCapsule_IsValid(capsule: *PyObject, name: [*:0]const u8) c_int;
pub extern fn PyCapsule_GetPointer(capsule: *PyObject, name: [*:0]const u8) ?*anyopaque;

// Tuples
/// Borrowed.
pub extern fn PyTuple_GetItem(tuple: *PyObject, index: Size) ?*PyObject;
pub extern fn PyTuple_New(size: Size) ?*PyObject;
/// Takes over the reference to `item`, also when it fails.
pub extern fn PyTuple_SetItem(tuple: *PyObject, index: Size, item: ?*PyObject) c_int;
pub const Py_TPFLAGS_TUPLE_SUBCLASS: c_ulong = 1 << 26;

// Lists
pub extern fn PyList_New(size: Size) ?*PyObject;
/// Borrowed.
pub extern fn PyList_GetItem(list: *PyObject, index: Size) ?*PyObject;
/// Takes over the reference to `item`.
pub extern fn PyList_SetItem(list: *PyObject, index: Size, item: *PyObject) c_int;
pub extern fn PyList_Append(list: *PyObject, item: *PyObject) c_int;
pub const Py_TPFLAGS_LIST_SUBCLASS: c_ulong = 1 << 25;

// Sequences and iterators
pub extern fn PySequence_Check(object: *PyObject) c_int;
pub extern fn PySequence_GetItem(sequence: *PyObject, index: Size) ?*PyObject;
/// A new tuple; the same object when it is one.
pub extern fn PySequence_Tuple(iterable: *PyObject) ?*PyObject;
pub extern fn PySequence_List(iterable: *PyObject) ?*PyObject;

// Sets
pub extern fn PySet_New(iterable: ?*PyObject) ?*PyObject;
pub extern fn PyFrozenSet_New(iterable: ?*PyObject) ?*PyObject;
pub extern fn PySet_Size(set: *PyObject) Size;
pub extern fn PySet_Contains(set: *PyObject, key: *PyObject) c_int;
pub extern fn PySet_Add(set: *PyObject, key: *PyObject) c_int;
/// 1 when the key was there, else 0.
pub extern fn PySet_Discard(set: *PyObject, key: *PyObject) c_int;

// Exceptions
pub extern fn PyErr_Occurred() ?*PyObject;
pub extern fn PyErr_Clear() void;
/// To `sys.stderr`, and clears it.
pub extern fn PyErr_Print() void;
pub extern fn PyErr_Fetch(class: *?*PyObject, value: *?*PyObject, traceback: *?*PyObject) void;
/// Replaces whatever exception is set.
pub extern fn PyErr_Restore(class: ?*PyObject, value: ?*PyObject, traceback: ?*PyObject) void;

/// The exception that is set, or none, put aside while other code runs.
pub const Pending = struct {
    class: ?*PyObject,
    value: ?*PyObject,
    traceback: ?*PyObject,

    /// Takes over the references, and leaves no exception set. To be ended with `restore` or `drop`.
    pub inline fn take() Pending {
        var pending: Pending = .{ .class = null, .value = null, .traceback = null };
        PyErr_Fetch(&pending.class, &pending.value, &pending.traceback);
        return pending;
    }

    /// Sets it again, in place of whatever is set.
    pub inline fn restore(pending: Pending) void {
        PyErr_Restore(pending.class, pending.value, pending.traceback);
    }

    pub inline fn drop(pending: Pending) void {
        for ([_]?*PyObject{ pending.class, pending.value, pending.traceback }) |part| Py_DecRef(part);
    }
};

pub extern fn PyErr_NoMemory() ?*PyObject;
pub extern fn PyErr_SetNone(exception: *PyObject) void;
pub extern fn PyErr_SetObject(exception: *PyObject, value: *PyObject) void;
pub extern fn PyErr_SetString(exception: *PyObject, text: [*:0]const u8) void;
pub extern fn PyErr_Format(exception: *PyObject, format: [*:0]const u8, ...) ?*PyObject;
pub extern fn PyErr_NewExceptionWithDoc(name: [*:0]const u8, doc: ?[*:0]const u8, base: ?*PyObject, dict: ?*PyObject) ?*PyObject;
pub extern fn PyErr_NormalizeException(class: *?*PyObject, value: *?*PyObject, traceback: *?*PyObject) void;
/// Takes over the reference to `context`.
pub extern fn PyException_SetContext(exception: *PyObject, context: ?*PyObject) void;
/// Takes over the reference to `cause`.
pub extern fn PyException_SetCause(exception: *PyObject, cause: ?*PyObject) void;
pub extern fn PyException_SetTraceback(exception: *PyObject, traceback: *PyObject) c_int;
pub extern fn PyErr_WarnEx(category: *PyObject, message: [*:0]const u8, stack_level: Size) c_int;
pub extern fn PyErr_CheckSignals() c_int;
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

/// The state of a module of ours, or null while it has none.
pub inline fn moduleState(module: *PyObject) ?*anyopaque {
    return if (abi.layouts_known) layout.moduleState(module) else PyModule_GetState(module);
}

/// What a weak reference is to, a new reference, or null without an exception when it is gone.
pub inline fn weaklyReferenced(reference: *PyObject) ?*PyObject {
    var object: ?*PyObject = null;
    if (abi.minor >= 13) {
        const F = fn (reference: *PyObject, object: *?*PyObject) callconv(.c) c_int;
        // It fails only for what is no weak reference.
        return if (abi.function("PyWeakref_GetRef", F, 13, 13)(reference, &object) == 1) object else null;
    }
    object = PyWeakref_GetObject(reference);
    if (object == none()) return null;
    Py_IncRef(object);
    return object;
}

/// Number of items of a tuple; `tuple` must be one.
pub inline fn tupleSize(tuple: *PyObject) usize {
    return @intCast(@as(*const PyVarObject, @ptrCast(@alignCast(tuple))).ob_size);
}

/// Item of a tuple, borrowed; `index` must be below its size.
pub inline fn tupleItem(tuple: *PyObject, index: usize) *PyObject {
    if (abi.layouts_known) return layout.tupleItems(tuple)[index];
    return PyTuple_GetItem(tuple, @intCast(index)).?;
}

/// Number of items of a list; `list` must be one.
pub inline fn listSize(list: *PyObject) usize {
    return @intCast(@as(*const PyVarObject, @ptrCast(@alignCast(list))).ob_size);
}

/// Number of entries of a dict; `dict` must be one.
pub inline fn dictSize(dict: *PyObject) usize {
    return if (abi.layouts_known and !abi.free_threaded) layout.dictSize(dict) else @intCast(PyDict_Size(dict));
}

/// The items of a list for as long as no other code can change it.
pub const ListItems = struct {
    items: if (abi.layouts_known) [*]?*PyObject else *PyObject,

    pub inline fn of(list: *PyObject) ListItems {
        return .{ .items = if (abi.layouts_known) layout.listItems(list) else list };
    }

    /// Borrowed; `index` must be below the size of the list.
    pub inline fn at(list: ListItems, index: usize) *PyObject {
        return (if (abi.layouts_known) list.items[index] else PyList_GetItem(list.items, @intCast(index))).?;
    }

    /// Puts an item into a list that has been made with a size, once for each index; takes over the reference.
    pub inline fn init(list: ListItems, index: usize, item: *PyObject) void {
        if (abi.layouts_known) list.items[index] = item else _ = PyList_SetItem(list.items, @intCast(index), item);
    }
};

/// Item of a list, borrowed; `index` must be below its size. In a free-threaded build another thread may take it away:
/// see `newListItem`.
pub inline fn listItem(list: *PyObject, index: usize) *PyObject {
    return ListItems.of(list).at(index);
}

/// A new reference to an item of a list, or null with an IndexError set.
pub inline fn newListItem(list: *PyObject, index: usize) ?*PyObject {
    if (abi.free_threaded) return PySequence_GetItem(list, std.math.cast(Size, index) orelse std.math.maxInt(Size));
    if (index >= listSize(list)) {
        PyErr_SetString(exception("IndexError"), "list index out of range");
        return null;
    }
    const item = listItem(list, index);
    Py_IncRef(item);
    return item;
}

/// Puts an item into a tuple that has just been made, once for each index; takes over the reference.
pub inline fn initTupleItem(tuple: *PyObject, index: usize, item: *PyObject) void {
    if (abi.layouts_known) @constCast(layout.tupleItems(tuple))[index] = item else _ = PyTuple_SetItem(tuple, @intCast(index), item);
}
