//! Python objects as Zig values: `Object` is borrowed, `Owned` holds a reference.

const c = @import("c.zig");
const convert = @import("convert.zig");
const Scope = @import("Scope.zig");

/// Any Python object, borrowed: as an argument it is valid for the call. Returned, it becomes a new reference.
pub const Object = struct {
    ptr: *c.PyObject,

    /// A reference of its own, which may outlive the call.
    pub fn own(object: Object) Owned {
        c.Py_IncRef(object.ptr);
        return .{ .object = object };
    }

    pub const python_converter = struct {
        pub const annotation = "object";

        pub fn fromPython(object: *c.PyObject, _: *Scope) convert.FromError!Object {
            return .{ .ptr = object };
        }

        pub fn toPython(object: Object, _: *Scope) ?*c.PyObject {
            c.Py_IncRef(object.ptr);
            return object.ptr;
        }
    };
};

/// Any Python object with a reference that its holder gives back with `deinit`, or passes on by returning it.
pub const Owned = struct {
    object: Object,

    /// Takes over a new reference of the C API; null stands for an exception that is set.
    pub fn from(new_reference: ?*c.PyObject) error{Python}!Owned {
        return .{ .object = .{ .ptr = new_reference orelse return error.Python } };
    }

    pub fn deinit(owned: Owned) void {
        c.Py_DecRef(owned.object.ptr);
    }

    pub const python_converter = struct {
        pub const annotation = "object";

        pub fn toPython(owned: Owned, _: *Scope) ?*c.PyObject {
            return owned.object.ptr;
        }
    };
};
