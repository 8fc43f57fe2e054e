//! `py.Iterator(T)`: whatever Python can iterate, asked for one item at a time.

const c = @import("../c.zig");
const convert = @import("../convert.zig");
const view = @import("view.zig");
const Object = @import("../object.zig").Object;
const Scope = @import("../Scope.zig");

/// The items of any iterable: a list, a generator, a file. It is valid for the call, and so are its items.
///
///     while (try numbers.next()) |number| total += number;
///
/// What the iterable raises comes through as `error.Python`, and so does an item of a wrong type.
pub fn Iterator(comptime T: type) type {
    return struct {
        ptr: *c.PyObject,
        scope: *Scope,
        origin: ?*const Scope.Origin,
        /// How many items have been asked for. Copies of an iterator share it.
        count: *usize,

        const Self = @This();

        /// Iterates over an object; TypeError when that is not possible.
        pub fn of(iterable: *c.PyObject, scope: *Scope, origin: ?*const Scope.Origin) error{Python}!Self {
            const iterator = c.PyObject_GetIter(iterable) orelse return error.Python;
            defer c.Py_DecRef(iterator);
            try scope.keep(iterator);
            const count = scope.allocator().create(usize) catch {
                _ = c.PyErr_NoMemory();
                return error.Python;
            };
            count.* = 0;
            return .{ .ptr = iterator, .scope = scope, .origin = origin, .count = count };
        }

        pub fn object(iterator: Self) Object {
            return .{ .ptr = iterator.ptr };
        }

        /// The next item, or null at the end.
        pub fn next(iterator: Self) error{Python}!?T {
            const item = c.PyIter_Next(iterator.ptr) orelse
                return if (c.PyErr_Occurred() != null) error.Python else null;
            defer c.Py_DecRef(item);
            const index = iterator.count.*;
            iterator.count.* += 1;
            return try view.read(T, item, iterator, "item %zu", index);
        }

        pub const python_converter = struct {
            pub const has_origin = true;
            pub const annotation = "Iterable[" ++ view.annotationOf(T) ++ "]";
            pub const result_annotation = "Iterator[" ++ view.annotationOf(T) ++ "]";

            pub fn fromPython(iterable: *c.PyObject, scope: *Scope) convert.FromError!Self {
                const class = &c.typeOf(iterable).object;
                if (c.PySequence_Check(iterable) == 0 and c.PyObject_HasAttrString(class, "__iter__") == 0) return error.WrongType;
                return of(iterable, scope, scope.origin);
            }

            pub fn toPython(iterator: Self, _: *Scope) ?*c.PyObject {
                c.Py_IncRef(iterator.ptr);
                return iterator.ptr;
            }
        };
    };
}
