//! `py.List(T)` and `py.Tuple(T)`: Python's own list and tuple, whose items are converted when they are read.

const std = @import("std");
const abi = @import("../abi.zig");
const c = @import("../c.zig");
const convert = @import("../convert.zig");
const sequence = @import("../convert/sequence.zig");
const view = @import("view.zig");
const Object = @import("../object.zig").Object;
const Scope = @import("../Scope.zig");

/// A Python list of items of type `T`, not copied. It is valid for the call; returned, it is the same list.
pub fn List(comptime T: type) type {
    return struct {
        ptr: *c.PyObject,
        scope: *Scope,
        origin: ?*const Scope.Origin,

        const Self = @This();

        /// A new, empty list.
        pub fn init(scope: *Scope) error{Python}!Self {
            return view.ofNew(Self, c.PyList_New(0), scope);
        }

        /// A new list of these items.
        pub fn from(scope: *Scope, items: []const T) error{Python}!Self {
            return view.ofNew(Self, sequence.newList(T, items, scope), scope);
        }

        pub fn object(list: Self) Object {
            return .{ .ptr = list.ptr };
        }

        pub fn len(list: Self) usize {
            return c.listSize(list.ptr);
        }

        /// The item at `index`; IndexError when there is none.
        pub inline fn get(list: Self, index: usize) error{Python}!T {
            if (!abi.free_threaded and index < list.len()) {
                const item = c.listItem(list.ptr, index);
                if (convert.isPlain(T, item)) {
                    @branchHint(.likely);
                    return view.read(T, item, list, "item %zu", index);
                }
            }
            return list.getAny(index);
        }

        noinline fn getAny(list: Self, index: usize) error{Python}!T {
            const item = c.newListItem(list.ptr, index) orelse return error.Python;
            defer c.Py_DecRef(item);
            return view.read(T, item, list, "item %zu", index);
        }

        /// Replaces the item at `index`; IndexError when there is none.
        pub fn set(list: Self, index: usize, value: T) error{Python}!void {
            const at = std.math.cast(c.Size, index) orelse std.math.maxInt(c.Size);
            return view.done(c.PyList_SetItem(list.ptr, at, try view.write(T, value, list.scope)));
        }

        pub fn append(list: Self, value: T) error{Python}!void {
            const item = try view.write(T, value, list.scope);
            defer c.Py_DecRef(item);
            return view.done(c.PyList_Append(list.ptr, item));
        }

        /// Whether an item equals `value`, as `in` finds out.
        pub fn contains(list: Self, value: T) error{Python}!bool {
            return view.contains(T, value, list, c.PySequence_Contains);
        }

        /// Items may be added and taken away on the way, as in a `for` loop of Python's.
        pub fn iterator(list: Self) Iterator(Self, T) {
            return .{ .sequence = list };
        }

        pub const python_converter = view.Converter(Self, "list[" ++ view.annotationOf(T) ++ "]", isList);
    };
}

/// A Python tuple of any number of items of type `T`, not copied. It is valid for the call; returned, it is the same
/// tuple. For items of different types take a Zig tuple: `struct { i64, []const u8 }`.
pub fn Tuple(comptime T: type) type {
    return struct {
        ptr: *c.PyObject,
        scope: *Scope,
        origin: ?*const Scope.Origin,

        const Self = @This();

        /// A new tuple of these items.
        pub fn from(scope: *Scope, items: []const T) error{Python}!Self {
            const list = sequence.newList(T, items, scope) orelse return error.Python;
            defer c.Py_DecRef(list);
            return view.ofNew(Self, c.PySequence_Tuple(list), scope);
        }

        pub fn object(tuple: Self) Object {
            return .{ .ptr = tuple.ptr };
        }

        pub fn len(tuple: Self) usize {
            return c.tupleSize(tuple.ptr);
        }

        /// The item at `index`; IndexError when there is none.
        pub inline fn get(tuple: Self, index: usize) error{Python}!T {
            if (index >= tuple.len()) {
                c.PyErr_SetString(c.exception("IndexError"), "tuple index out of range");
                return error.Python;
            }
            return view.read(T, c.tupleItem(tuple.ptr, index), tuple, "item %zu", index);
        }

        /// Whether an item equals `value`, as `in` finds out.
        pub fn contains(tuple: Self, value: T) error{Python}!bool {
            return view.contains(T, value, tuple, c.PySequence_Contains);
        }

        pub fn iterator(tuple: Self) Iterator(Self, T) {
            return .{ .sequence = tuple };
        }

        pub const python_converter = view.Converter(Self, "tuple[" ++ view.annotationOf(T) ++ ", ...]", isTuple);
    };
}

fn Iterator(comptime Sequence: type, comptime T: type) type {
    return struct {
        sequence: Sequence,
        index: usize = 0,

        /// The next item, or null at the end.
        pub inline fn next(self: *@This()) error{Python}!?T {
            if (self.index >= self.sequence.len()) return null;
            defer self.index += 1;
            return try self.sequence.get(self.index);
        }
    };
}

fn isList(object: *c.PyObject) bool {
    return c.typeOf(object) == c.typeObject("PyList_Type") or c.isInstance(object, c.Py_TPFLAGS_LIST_SUBCLASS);
}

fn isTuple(object: *c.PyObject) bool {
    return c.typeOf(object) == c.typeObject("PyTuple_Type") or c.isInstance(object, c.Py_TPFLAGS_TUPLE_SUBCLASS);
}
