//! Memory that Zig made, given to Python without a copy: as a memoryview, which NumPy and all else that reads the buffer
//! protocol (PEP 3118) take as it is. The memory is freed when the last view of it has gone.
//!
//! The stable ABI has buffer slots since 3.11. A build for 3.10 and newer has them too: 3.10 takes them, with the same
//! numbers and the same `Py_buffer`, and will not change any more.
//!
//! The memoryview's `obj` is an object of this library, which also speaks DLPack (`array/dlpack.zig`).

const std = @import("std");
const c = @import("c.zig");
const dlpack = @import("array/dlpack.zig");
const Item = @import("buffer/format.zig").Item;
const allocator = @import("memory.zig").allocator;
const meta = @import("../compat/meta.zig");
const Object = @import("object.zig").Object;
const registry = @import("registry.zig");
const Scope = @import("Scope.zig");

/// Where the items of an array are.
pub const Arrangement = struct {
    /// Length of each dimension; one dimension of all items by default.
    shape: ?[]const usize = null,
    /// For each dimension, how many items lie from one to the next; by default such that all lie next to each other in C
    /// order, the last index changing first.
    strides: ?[]const usize = null,
};

/// An array of any number of dimensions. Returned, its memory is Python's; otherwise it is freed by `deinit`:
///
///     const image: py.Array(u8) = try .init(&.{ height, width });
///     errdefer image.deinit();
///     @memset(image.items, 0);
///     return image;
pub fn Array(comptime T: type) type {
    const item: Item = .of(T);
    return struct {
        const Self = @This();

        /// All items; those of `init` lie in C order.
        items: []T,
        storage: *Storage,

        /// New memory of `py.allocator`, not written to.
        pub fn init(shape: []const usize) error{OutOfMemory}!Self {
            var count: usize = 1;
            for (shape) |length| count = std.math.mul(usize, count, length) catch return error.OutOfMemory;
            if (count > @as(usize, std.math.maxInt(isize)) / @sizeOf(T)) return error.OutOfMemory;
            const items = try allocator.alloc(T, count);
            errdefer allocator.free(items);
            return adopt(allocator, items, .{ .shape = shape }) catch |reason| switch (reason) {
                error.OutOfMemory => error.OutOfMemory,
                error.InvalidArgument => unreachable,
            };
        }

        /// Takes over memory that `of` gave and can free later, from any thread that holds the GIL: not the arena of a call.
        /// On failure it stays the caller's. `InvalidArgument`: the arrangement does not fit into `items`.
        pub fn adopt(of: std.mem.Allocator, items: []T, arrangement: Arrangement) error{ OutOfMemory, InvalidArgument }!Self {
            const storage: *Storage = try .create(std.mem.sliceAsBytes(items), &item, comptime item.format(), arrangement);
            storage.allocator = of;
            storage.alignment = .of(T);
            return .{ .items = items, .storage = storage };
        }

        /// A view of memory that lives at least as long as `owner`, which is kept alive by it; of memory that is never freed
        /// where that is null. Python can write to `items` unless they are constant.
        pub fn borrow(items: anytype, owner: ?Object, arrangement: Arrangement) error{ OutOfMemory, InvalidArgument }!Self {
            const constant: []const T = items;
            const storage: *Storage = try .create(@constCast(std.mem.sliceAsBytes(constant)), &item, comptime item.format(), arrangement);
            storage.read_only = comptime meta.isConst(@TypeOf(items));
            if (owner) |object| storage.owner = object.own().object.ptr;
            return .{ .items = @constCast(constant), .storage = storage };
        }

        /// Frees what was not returned to Python.
        pub fn deinit(array: Self) void {
            array.storage.destroy();
        }

        pub const python_converter = struct {
            pub const annotation = "memoryview";
            pub const needs_lock = false;

            pub fn toPython(array: Self, scope: *Scope) ?*c.PyObject {
                return exportStorage(array.storage, scope);
            }
        };
    };
}

/// The memory of an array, whatever its items.
pub const Storage = struct {
    bytes: []u8,
    item: *const Item,
    format: [*:0]const u8,
    /// Shape, then strides in bytes.
    numbers: []c.Size,
    read_only: bool = false,
    /// Null where the memory is not ours.
    allocator: ?std.mem.Allocator = null,
    alignment: std.mem.Alignment = .@"1",
    /// What the memory belongs to, owned here.
    owner: ?*c.PyObject = null,

    fn create(bytes: []u8, item: *const Item, format: [*:0]const u8, arrangement: Arrangement) error{ OutOfMemory, InvalidArgument }!*Storage {
        const all = [_]usize{bytes.len / item.size};
        const lengths = arrangement.shape orelse &all;
        const storage = try allocator.create(Storage);
        errdefer allocator.destroy(storage);
        const numbers = try allocator.alloc(c.Size, 2 * lengths.len);
        errdefer allocator.free(numbers);
        storage.* = .{ .bytes = bytes, .item = item, .format = format, .numbers = numbers };
        try storage.arrange(lengths, arrangement.strides);
        return storage;
    }

    /// Fills in shape and strides. Fails unless all items are inside of `bytes`.
    fn arrange(storage: *Storage, lengths: []const usize, distances: ?[]const usize) error{InvalidArgument}!void {
        if (lengths.len > 64) return error.InvalidArgument;
        if (distances) |given| if (given.len != lengths.len) return error.InvalidArgument;
        const is_empty = std.mem.indexOfScalar(usize, lengths, 0) != null;
        var last_item: usize = 0;
        var next_stride: usize = 1;
        var dimension = lengths.len;
        while (dimension > 0) {
            dimension -= 1;
            const length = lengths[dimension];
            const stride = if (distances) |given| given[dimension] else next_stride;
            storage.shape()[dimension] = std.math.cast(c.Size, length) orelse return error.InvalidArgument;
            storage.strides()[dimension] = std.math.cast(c.Size, try product(stride, storage.item.size)) orelse return error.InvalidArgument;
            if (is_empty) continue;
            last_item = std.math.add(usize, last_item, try product(length - 1, stride)) catch return error.InvalidArgument;
            next_stride = try product(next_stride, length);
        }
        if (!is_empty and last_item >= storage.bytes.len / storage.item.size) return error.InvalidArgument;
        // Any product of the lengths that are not 0 is a number of bytes that Python may compute.
        var most = storage.item.size;
        for (lengths) |length| most = try product(most, @max(length, 1));
        if (most > std.math.maxInt(isize)) return error.InvalidArgument;
    }

    fn product(one: usize, other: usize) error{InvalidArgument}!usize {
        return std.math.mul(usize, one, other) catch error.InvalidArgument;
    }

    pub fn rank(storage: *const Storage) usize {
        return storage.numbers.len / 2;
    }

    pub fn shape(storage: *const Storage) []c.Size {
        return storage.numbers[0..storage.rank()];
    }

    /// In bytes.
    pub fn strides(storage: *const Storage) []c.Size {
        return storage.numbers[storage.rank()..];
    }

    /// Bytes of all items together, were they next to each other.
    fn size(storage: *const Storage) c.Size {
        var bytes: c.Size = @intCast(storage.item.size);
        for (storage.shape()) |length| bytes *= length;
        return bytes;
    }

    /// Whether the items lie next to each other, the last index changing first, or the first where `first_fastest`.
    fn isContiguous(storage: *const Storage, first_fastest: bool) bool {
        if (storage.size() == 0) return true;
        var expected: c.Size = @intCast(storage.item.size);
        for (0..storage.rank()) |i| {
            const dimension = if (first_fastest) i else storage.rank() - 1 - i;
            const length = storage.shape()[dimension];
            if (length != 1 and storage.strides()[dimension] != expected) return false;
            expected *= length;
        }
        return true;
    }

    pub fn destroy(storage: *Storage) void {
        if (storage.allocator) |of| {
            if (storage.bytes.len > 0) of.rawFree(storage.bytes, storage.alignment, @returnAddress());
        }
        c.Py_DecRef(storage.owner);
        allocator.free(storage.numbers);
        allocator.destroy(storage);
    }
};

/// The object that exports a storage, which it owns.
pub const Exporter = extern struct {
    head: c.PyObject,
    storage: *Storage,

    pub fn from(object: *c.PyObject) *Exporter {
        return @ptrCast(@alignCast(object));
    }

    const spec: c.PyType_Spec = .{
        .name = registry.extension.name ++ ".Array",
        .basic_size = @sizeOf(Exporter),
        .flags = c.Py_TPFLAGS_HAVE_GC | c.Py_TPFLAGS_DISALLOW_INSTANTIATION | c.Py_TPFLAGS_IMMUTABLETYPE,
        .slots = &.{
            .{ .slot = c.Py_tp_dealloc, .value = @ptrCast(&dealloc) },
            .{ .slot = c.Py_tp_traverse, .value = @ptrCast(&traverse) },
            .{ .slot = c.Py_tp_methods, .value = @ptrCast(&dlpack.methods) },
            .{ .slot = c.Py_bf_getbuffer, .value = @ptrCast(&getBuffer) },
            .{},
        },
    };

    fn dealloc(object: *c.PyObject) callconv(.c) void {
        const T = c.typeOf(object);
        c.PyObject_GC_UnTrack(object);
        from(object).storage.destroy();
        c.PyObject_GC_Del(object);
        c.Py_DecRef(&T.object);
    }

    /// There is no `tp_clear`, since views need the owner: a cycle is broken at the memoryview that it goes through.
    fn traverse(object: *c.PyObject, visit: c.Visit, argument: ?*anyopaque) callconv(.c) c_int {
        const status = visit(&c.typeOf(object).object, argument);
        if (status != 0) return status;
        return visit(from(object).storage.owner orelse return 0, argument);
    }

    fn getBuffer(object: *c.PyObject, view: *c.Py_buffer, flags: c_int) callconv(.c) c_int {
        const storage = from(object).storage;
        view.obj = null;
        if (refusal(storage, flags)) |reason| {
            c.PyErr_SetString(c.exception("BufferError"), reason);
            return -1;
        }
        const with_shape = flags & c.PyBUF_ND == c.PyBUF_ND;
        const with_strides = flags & c.PyBUF_STRIDES == c.PyBUF_STRIDES;
        c.Py_IncRef(object);
        view.* = .{
            .buf = storage.bytes.ptr,
            .obj = object,
            .len = storage.size(),
            .itemsize = @intCast(storage.item.size),
            .readonly = @intFromBool(storage.read_only),
            .ndim = if (with_shape) @intCast(storage.rank()) else 1,
            .format = if (flags & c.PyBUF_FORMAT != 0) @constCast(storage.format) else null,
            .shape = if (with_shape) storage.shape().ptr else null,
            .strides = if (with_strides) storage.strides().ptr else null,
            .suboffsets = null,
            .internal = null,
        };
        return 0;
    }

    /// Why a view of that kind cannot be had, or null.
    fn refusal(storage: *const Storage, flags: c_int) ?[*:0]const u8 {
        if (flags & c.PyBUF_WRITABLE != 0 and storage.read_only) return "the array is read-only";
        const wants = struct {
            fn all(given: c_int, bits: c_int) bool {
                return given & bits == bits;
            }
        }.all;
        const in_c_order = storage.isContiguous(false);
        const in_fortran_order = storage.isContiguous(true);
        const takes_any = wants(flags, c.PyBUF_ANY_CONTIGUOUS) and in_fortran_order;
        if (wants(flags, c.PyBUF_F_CONTIGUOUS) and !in_fortran_order) return "the array is not in Fortran order";
        const needs_c = wants(flags, c.PyBUF_C_CONTIGUOUS) or wants(flags, c.PyBUF_ANY_CONTIGUOUS) or !wants(flags, c.PyBUF_STRIDES);
        if (needs_c and !in_c_order and !takes_any) return "the array is not contiguous";
        return null;
    }
};

/// A new memoryview. Takes over `storage`, also on failure: null with an exception set.
noinline fn exportStorage(storage: *Storage, scope: *Scope) ?*c.PyObject {
    const exporter = newExporter(storage, scope) orelse {
        storage.destroy();
        return null;
    };
    defer c.Py_DecRef(exporter);
    return c.PyMemoryView_FromObject(exporter);
}

fn newExporter(storage: *Storage, scope: *Scope) ?*c.PyObject {
    const state = scope.state() orelse return null;
    const class = state.made(.array_exporter);
    if (class.* == null) class.* = c.PyType_FromModuleAndSpec(scope.module.?, &Exporter.spec, null);
    const exporter = c.PyType_GenericAlloc(@ptrCast(class.* orelse return null), 0) orelse return null;
    Exporter.from(exporter).storage = storage;
    return exporter;
}
