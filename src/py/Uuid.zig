//! Python's `uuid.UUID` (RFC 9562).

const Uuid = @This();

const bytes = @import("bytes.zig");
const c = @import("c.zig");
const FromError = @import("convert.zig").FromError;
const instances = @import("instances.zig");
const Scope = @import("Scope.zig");

/// In the order in which a UUID is written.
octets: [16]u8,

pub const python_converter = struct {
    pub const annotation = "uuid.UUID";
    pub const compound = true;
    pub const needs_lock = false;

    pub fn fromPython(object: *c.PyObject, scope: *Scope) FromError!Uuid {
        try instances.require(object, scope, .@"uuid.UUID");
        const octets = try instances.get(object, .bytes, scope);
        defer c.Py_DecRef(octets);
        if (!c.isInstance(octets, c.Py_TPFLAGS_BYTES_SUBCLASS) or bytes.content(octets).len != 16) {
            return scope.reject(.ValueError, "a UUID must have 16 bytes", .{});
        }
        return .{ .octets = bytes.content(octets)[0..16].* };
    }

    pub fn toPython(uuid: Uuid, scope: *Scope) ?*c.PyObject {
        const class = scope.imported(.@"uuid.UUID") orelse return null;
        const arguments = c.Py_BuildValue("()") orelse return null;
        defer c.Py_DecRef(arguments);
        const octets = c.PyBytes_FromStringAndSize(&uuid.octets, uuid.octets.len) orelse return null;
        defer c.Py_DecRef(octets);
        const keywords = c.Py_BuildValue("{sO}", @as([*:0]const u8, "bytes"), octets) orelse return null;
        defer c.Py_DecRef(keywords);
        return c.PyObject_Call(class, arguments, keywords);
    }
};
