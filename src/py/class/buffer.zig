//! The buffer protocol (PEP 3118): `pub fn __buffer__(self: *const T) []const f64` shows memory of the instance to NumPy,
//! memoryview and others, with no copy. While it is shown, the instance is in use: methods that change it are refused.

const c = @import("../c.zig");
const capi = @import("capi.zig");
const meta = @import("../../compat/meta.zig");
const format = @import("../buffer/format.zig");
const Description = @import("Description.zig");
const Instance = @import("instance.zig").Instance;
const instance = @import("instance.zig");
const operators = @import("operators.zig");

pub fn slots(comptime T: type, comptime method: Description.Method) []const c.PyType_Slot {
    const B = Buffer(T, method);
    return &.{
        .{ .slot = c.Py_bf_getbuffer, .value = &B.get },
        .{ .slot = capi.Py_bf_releasebuffer, .value = &B.release },
    };
}

fn Buffer(comptime T: type, comptime method: Description.Method) type {
    const f = @field(T, method.member.name);
    const F = @TypeOf(f);
    const First = comptime meta.parameterTypes(F)[0].?;
    const Slice = meta.ResultOf(F);
    if (@typeInfo(Slice) != .pointer or @typeInfo(Slice).pointer.size != .slice or meta.parameterTypes(F).len != 1 or (First != *T and First != *const T))
        @compileError(instance.nameOf(T) ++ ".__buffer__ takes a pointer to the struct and returns a slice of numbers");
    const Item = @typeInfo(Slice).pointer.child;
    const writable = First == *T and !meta.isConst(Slice);

    return struct {
        /// How many items there are; its address is the buffer's shape.
        const Export = struct { shape: [1]c.Size, strides: [1]c.Size = .{@sizeOf(Item)} };

        fn get(self: *c.PyObject, view: ?*c.Py_buffer, flags: c_int) callconv(.c) c_int {
            const out = view orelse return refuse("a view is needed");
            out.obj = null;
            if (!writable and flags & c.PyBUF_WRITABLE != 0) return refuse("object is not writable");
            // Several views of the same memory may be there at once, so that all of them share it.
            if (!instance.borrow(T, self, .shared)) {
                asBufferError();
                return -1;
            }
            const slice = operators.unwrap(f(Instance(T).value(self))) catch {
                instance.giveBack(T, self, .shared);
                return -1;
            };
            const made = @import("../memory.zig").allocator.create(Export) catch {
                instance.giveBack(T, self, .shared);
                _ = c.PyErr_NoMemory();
                return -1;
            };
            made.* = .{ .shape = .{@intCast(slice.len)} };
            out.* = .{
                .buf = @ptrCast(@constCast(slice.ptr)),
                .obj = capi.newReference(self),
                .len = @intCast(slice.len * @sizeOf(Item)),
                .itemsize = @sizeOf(Item),
                .readonly = @intFromBool(!writable),
                .ndim = 1,
                .format = if (flags & c.PyBUF_FORMAT != 0) formatOf(Item) else null,
                .shape = if (flags & c.PyBUF_ND != 0) &made.shape else null,
                .strides = if (flags & c.PyBUF_STRIDES == c.PyBUF_STRIDES) &made.strides else null,
                .suboffsets = null,
                .internal = made,
            };
            return 0;
        }

        fn release(self: *c.PyObject, view: *c.Py_buffer) callconv(.c) void {
            const made: *Export = @ptrCast(@alignCast(view.internal.?));
            @import("../memory.zig").allocator.destroy(made);
            instance.giveBack(T, self, .shared);
        }
    };
}

fn refuse(message: [*:0]const u8) c_int {
    c.PyErr_SetString(c.exception("BufferError"), message);
    return -1;
}

/// The buffer protocol has an exception of its own, for the same reasons.
fn asBufferError() void {
    const pending: c.Pending = .take();
    defer pending.drop();
    if (pending.value) |reason| c.PyErr_SetObject(c.exception("BufferError"), reason);
}

/// As the module `struct` writes it.
fn formatOf(comptime T: type) [*:0]const u8 {
    return if (T == bool) "?" else comptime format.Item.of(T).format();
}
