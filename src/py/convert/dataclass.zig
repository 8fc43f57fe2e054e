//! Instances of a class in Python as plain Zig structs: dataclasses, named tuples, and others that are made of keywords.

const std = @import("std");
const c = @import("../c.zig");
const convert = @import("../convert.zig");
const record = @import("record.zig");
const Scope = @import("../Scope.zig");

/// A value of `T` that is an instance of the class `name`, such as "shop.Order", in Python. Its attributes have the names of
/// the fields of `T`, and the class is called with them as keywords.
pub fn Dataclass(comptime T: type, comptime name: [:0]const u8) type {
    const dot = std.mem.lastIndexOfScalar(u8, name, '.') orelse
        @compileError("py.Dataclass: '" ++ name ++ "' is no class of a module; write \"module." ++ name ++ "\"");
    const Attributes = record.Attributes(T).python_converter;
    const Keywords = record.Record(T) orelse @compileError("py.Dataclass: " ++ @typeName(T) ++ " is no struct whose fields can be converted");
    const From = struct {
        fn fromPython(object: *c.PyObject, scope: *Scope) convert.FromError!Dataclass(T, name) {
            const class = find() orelse return error.Python;
            defer c.Py_DecRef(class);
            const is_instance = c.PyObject_IsInstance(object, class);
            if (is_instance < 0) return error.Python;
            if (is_instance == 0) return error.WrongType;
            return .{ .value = (try Attributes.fromPython(object, scope)).value };
        }

        /// A new reference, or null with an exception set.
        fn find() ?*c.PyObject {
            const module = c.PyImport_ImportModule(name[0..dot] ++ "") orelse return null;
            defer c.Py_DecRef(module);
            return c.PyObject_GetAttrString(module, name[dot + 1 ..]);
        }
    };
    const To = struct {
        fn toPython(instance: Dataclass(T, name), scope: *Scope) ?*c.PyObject {
            const class = From.find() orelse return null;
            defer c.Py_DecRef(class);
            const keywords = Keywords.toPython(instance.value, scope) orelse return null;
            defer c.Py_DecRef(keywords);
            const none = c.PyTuple_New(0) orelse return null;
            defer c.Py_DecRef(none);
            return c.PyObject_Call(class, none, keywords);
        }
    };
    return struct {
        value: T,

        pub const python_converter = struct {
            pub const annotation = name;
            pub const compound = true;
            pub const borrows = Attributes.borrows;
            pub const needs_lock = Attributes.needs_lock;
            pub const fromPython = if (convert.has(Keywords, "fromPython")) From.fromPython else {};
            pub const toPython = if (convert.has(Keywords, "toPython")) To.toPython else {};
            pub const release = if (convert.has(Keywords, "release")) giveBack else {};

            fn giveBack(instance: *Dataclass(T, name)) void {
                Keywords.release(&instance.value);
            }
        };
    };
}
