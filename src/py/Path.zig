//! A path of the file system, as an argument a str, bytes or any `os.PathLike`, as a result a str.

const Path = @This();

const std = @import("std");
const c = @import("c.zig");
const bytes = @import("bytes.zig");
const float = @import("convert/float.zig");
const FromError = @import("convert.zig").FromError;
const Scope = @import("Scope.zig");

/// The path as `std.fs` takes it: on Windows WTF-8, elsewhere the bytes that the system has, in Python's filesystem
/// encoding (PEP 383, PEP 529). An argument has no NUL inside, and lives in the arena of the call.
name: [:0]const u8,

pub const python_converter = struct {
    pub const annotation = "str | bytes | os.PathLike[str]";
    pub const result_annotation = "str";
    pub const compound = true;
    pub const needs_lock = false;

    pub fn fromPython(object: *c.PyObject, scope: *Scope) FromError!Path {
        const is_text = c.isInstance(object, c.Py_TPFLAGS_UNICODE_SUBCLASS) or c.isInstance(object, c.Py_TPFLAGS_BYTES_SUBCLASS);
        if (!is_text and !float.hasMethod(object, "__fspath__")) return error.WrongType;
        const text = c.PyOS_FSPath(object) orelse return error.Python;
        defer c.Py_DecRef(text);
        const encoded = if (c.isInstance(text, c.Py_TPFLAGS_UNICODE_SUBCLASS)) c.PyUnicode_EncodeFSDefault(text) else blk: {
            c.Py_IncRef(text);
            break :blk text;
        };
        defer c.Py_DecRef(encoded);
        const name = bytes.content(encoded orelse return error.Python);
        if (std.mem.indexOfScalar(u8, name, 0) != null) return scope.reject(.ValueError, "a path cannot have a NUL character in it", .{});
        const copy = scope.allocator().allocSentinel(u8, name.len, 0) catch return scope.outOfMemory();
        @memcpy(copy, name);
        return .{ .name = copy };
    }

    pub fn toPython(path: Path, _: *Scope) ?*c.PyObject {
        return c.PyUnicode_DecodeFSDefaultAndSize(path.name.ptr, @intCast(path.name.len));
    }
};
