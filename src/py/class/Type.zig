//! A class as a Zig value. A function whose first parameter is a `py.Type` is a class method.

const c = @import("../c.zig");
const capi = @import("capi.zig");
const convert = @import("../convert.zig");
const object = @import("../object.zig");
const Scope = @import("../Scope.zig");

/// A Python class, borrowed: as an argument it is valid for the call.
pub const Type = struct {
    object: object.Object,

    /// Calls the class with arguments by position, as Python code would.
    pub fn new(T: Type, arguments: []const object.Object) error{Python}!object.Owned {
        const tuple = c.PyTuple_New(@intCast(arguments.len)) orelse return error.Python;
        defer c.Py_DecRef(tuple);
        for (arguments, 0..) |argument, i| {
            if (c.PyTuple_SetItem(tuple, @intCast(i), capi.newReference(argument.ptr)) != 0) return error.Python;
        }
        return .from(capi.PyObject_CallObject(T.object.ptr, tuple));
    }

    pub const python_converter = struct {
        pub const annotation = "type";

        pub fn fromPython(value: *c.PyObject, _: *Scope) convert.FromError!Type {
            if (!c.isInstance(value, capi.Py_TPFLAGS_TYPE_SUBCLASS)) return error.WrongType;
            return .{ .object = .{ .ptr = value } };
        }

        pub fn toPython(value: Type, _: *Scope) ?*c.PyObject {
            return capi.newReference(value.object.ptr);
        }
    };
};
