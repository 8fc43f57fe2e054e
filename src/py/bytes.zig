//! Python's bytes and bytearray. For memory of any kind, see `buffer.zig`.

const c = @import("c.zig");
const FromError = @import("convert.zig").FromError;
const Scope = @import("Scope.zig");

/// Python's bytes: borrowed for the call as an argument, copied as a result.
pub const Bytes = struct {
    data: []const u8,

    pub const python_converter = struct {
        pub const annotation = "bytes";
        pub const needs_lock = false;

        pub fn fromPython(object: *c.PyObject, _: *Scope) FromError!Bytes {
            if (!c.isInstance(object, c.Py_TPFLAGS_BYTES_SUBCLASS)) return error.WrongType;
            return .{ .data = content(object) };
        }

        pub fn toPython(bytes: Bytes, _: *Scope) ?*c.PyObject {
            return c.PyBytes_FromStringAndSize(bytes.data.ptr, @intCast(bytes.data.len));
        }
    };
};

/// What a bytes object holds; `object` must be one.
pub fn content(object: *c.PyObject) []const u8 {
    return c.PyBytes_AsString(object).?[0..@intCast(c.PyBytes_Size(object))];
}

/// Python's bytearray. As an argument it is a view, and Python code cannot change its size until the call is over. As a
/// result it is copied.
pub const ByteArray = struct {
    data: []u8,
    /// A memoryview of an argument, which keeps the bytearray from moving its bytes.
    view: ?*c.PyObject = null,

    pub const python_converter = struct {
        pub const annotation = "bytearray";
        pub const needs_lock = false;

        pub fn fromPython(object: *c.PyObject, _: *Scope) FromError!ByteArray {
            if (c.PyType_IsSubtype(c.typeOf(object), c.typeObject("PyByteArray_Type")) == 0) return error.WrongType;
            const view = c.PyMemoryView_FromObject(object) orelse return error.Python;
            return .{ .data = c.PyByteArray_AsString(object).?[0..@intCast(c.PyByteArray_Size(object))], .view = view };
        }

        pub fn toPython(array: ByteArray, _: *Scope) ?*c.PyObject {
            return c.PyByteArray_FromStringAndSize(array.data.ptr, @intCast(array.data.len));
        }

        pub fn release(array: *ByteArray) void {
            c.Py_DecRef(array.view);
        }
    };
};
