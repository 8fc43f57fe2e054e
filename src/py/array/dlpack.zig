//! DLPack, version 0 of its ABI: the protocol by which PyTorch, JAX, CuPy and NumPy pass arrays to each other.
//! Source: dlpack.h and the Python specification of DLPack 0.8.

const array = @import("../array.zig");
const c = @import("../c.zig");
const allocator = @import("../memory.zig").allocator;

const cpu = 1;

const Device = extern struct { type: c_int, id: i32 };

const DataType = extern struct {
    /// 0 for signed, 1 for unsigned integers, 2 for floats, 5 for complex numbers.
    code: u8,
    bits: u8,
    lanes: u16,
};

const Tensor = extern struct {
    data: [*]u8,
    device: Device,
    ndim: i32,
    dtype: DataType,
    shape: [*]i64,
    /// In items.
    strides: [*]i64,
    byte_offset: u64,
};

/// A tensor that keeps the array's exporter alive.
const Managed = extern struct {
    tensor: Tensor,
    exporter: *c.PyObject,
    deleter: *const fn (managed: *Managed) callconv(.c) void,

    /// Called by whoever took the tensor, perhaps from a thread that does not hold the GIL.
    fn delete(managed: *Managed) callconv(.c) void {
        const gil = c.PyGILState_Ensure();
        defer c.PyGILState_Release(gil);
        const numbers = managed.tensor.shape[0 .. 2 * @as(usize, @intCast(managed.tensor.ndim))];
        c.Py_DecRef(managed.exporter);
        allocator.free(numbers);
        allocator.destroy(managed);
    }
};

pub const methods = [_]c.PyMethodDef{
    .{
        .name = "__dlpack__",
        .function = @ptrCast(&toCapsule),
        .flags = c.METH_VARARGS | c.METH_KEYWORDS,
        .doc = "__dlpack__($self, /, **options)\n--\n\nThe array as a DLPack capsule.",
    },
    .{ .name = "__dlpack_device__", .function = @ptrCast(&device), .flags = c.METH_NOARGS, .doc = "__dlpack_device__($self, /)\n--\n\nThe CPU." },
    .{},
};

fn device(_: *c.PyObject, _: ?*c.PyObject) callconv(.c) ?*c.PyObject {
    return c.Py_BuildValue("(ii)", @as(c_int, cpu), @as(c_int, 0));
}

/// Options are those of newer versions of the protocol (`stream`, `max_version`, `dl_device`, `copy`), which mean nothing
/// for memory of the CPU that an older version describes, but for a copy, which is refused.
fn toCapsule(object: *c.PyObject, _: *c.PyObject, keywords: ?*c.PyObject) callconv(.c) ?*c.PyObject {
    if (keywords) |options| {
        const copy = c.Py_BuildValue("s", @as([*:0]const u8, "copy")) orelse return null;
        defer c.Py_DecRef(copy);
        if (c.PyDict_GetItemWithError(options, copy)) |value| {
            if (value == c.boolean(true)) return refuse("the array is passed without a copy only");
        }
    }
    const storage = array.Exporter.from(object).storage;
    if (storage.read_only) return refuse("a read-only array cannot be passed on by DLPack 0");
    const managed = create(object, storage) catch return c.PyErr_NoMemory();
    const capsule = c.PyCapsule_New(managed, unused_name, &deleteUnused);
    if (capsule == null) Managed.delete(managed);
    return capsule;
}

fn refuse(reason: [*:0]const u8) ?*c.PyObject {
    c.PyErr_SetString(c.exception("BufferError"), reason);
    return null;
}

fn create(object: *c.PyObject, storage: *array.Storage) error{OutOfMemory}!*Managed {
    const rank = storage.rank();
    const managed = try allocator.create(Managed);
    errdefer allocator.destroy(managed);
    const numbers = try allocator.alloc(i64, 2 * rank);
    const item_size: c.Size = @intCast(storage.item.size);
    for (numbers[0..rank], storage.shape()) |*to, length| to.* = length;
    for (numbers[rank..], storage.strides()) |*to, stride| to.* = @divExact(stride, item_size);
    c.Py_IncRef(object);
    managed.* = .{
        .tensor = .{
            .data = storage.bytes.ptr,
            .device = .{ .type = cpu, .id = 0 },
            .ndim = @intCast(rank),
            .dtype = .{ .code = codeOf(storage), .bits = @intCast(8 * item_size), .lanes = 1 },
            .shape = numbers.ptr,
            .strides = numbers.ptr + rank,
            .byte_offset = 0,
        },
        .exporter = object,
        .deleter = &Managed.delete,
    };
    return managed;
}

fn codeOf(storage: *const array.Storage) u8 {
    return switch (storage.item.kind) {
        .signed => 0,
        .unsigned => 1,
        .float => 2,
        .complex => 5,
    };
}

/// Whoever takes the tensor out of the capsule gives that another name.
const unused_name = "dltensor";

/// The capsule's destructor: may run while an exception is set.
fn deleteUnused(capsule: *c.PyObject) callconv(.c) void {
    if (c.PyCapsule_IsValid(capsule, unused_name) == 0) return;
    const managed: *Managed = @ptrCast(@alignCast(c.PyCapsule_GetPointer(capsule, unused_name) orelse return));
    Managed.delete(managed);
}
