//! `py.Set(T)` and `py.FrozenSet(T)`: Python's own sets, whose keys are converted when they are read.

const c = @import("../c.zig");
const sequence = @import("../convert/sequence.zig");
const view = @import("view.zig");
const Iterator = @import("iterator.zig").Iterator;
const Object = @import("../object.zig").Object;
const Scope = @import("../Scope.zig");

/// A Python set, not copied. It is valid for the call; returned, it is the same set.
pub fn Set(comptime T: type) type {
    return struct {
        ptr: *c.PyObject,
        scope: *Scope,
        origin: ?*const Scope.Origin,

        const Self = @This();

        /// A new, empty set.
        pub fn init(scope: *Scope) error{Python}!Self {
            return view.ofNew(Self, c.PySet_New(null), scope);
        }

        pub fn object(set: Self) Object {
            return .{ .ptr = set.ptr };
        }

        pub fn len(set: Self) usize {
            return @intCast(c.PySet_Size(set.ptr));
        }

        pub fn contains(set: Self, key: T) error{Python}!bool {
            return view.contains(T, key, set, c.PySet_Contains);
        }

        pub fn add(set: Self, key: T) error{Python}!void {
            const key_object = try view.write(T, key, set.scope);
            defer c.Py_DecRef(key_object);
            return view.done(c.PySet_Add(set.ptr, key_object));
        }

        /// Returns whether the key was there.
        pub fn remove(set: Self, key: T) error{Python}!bool {
            const key_object = try view.write(T, key, set.scope);
            defer c.Py_DecRef(key_object);
            return view.truth(c.PySet_Discard(set.ptr, key_object));
        }

        /// The set must keep its size on the way: RuntimeError otherwise.
        pub fn iterator(set: Self) error{Python}!Iterator(T) {
            return .of(set.ptr, set.scope, set.origin);
        }

        pub const python_converter = view.Converter(Self, "set[" ++ view.annotationOf(T) ++ "]", isSet);
    };
}

/// A Python frozenset, not copied. It is valid for the call; returned, it is the same frozenset.
pub fn FrozenSet(comptime T: type) type {
    return struct {
        ptr: *c.PyObject,
        scope: *Scope,
        origin: ?*const Scope.Origin,

        const Self = @This();

        /// A new frozenset of these keys.
        pub fn from(scope: *Scope, keys: []const T) error{Python}!Self {
            const list = sequence.newList(T, keys, scope) orelse return error.Python;
            defer c.Py_DecRef(list);
            return view.ofNew(Self, c.PyFrozenSet_New(list), scope);
        }

        pub fn object(set: Self) Object {
            return .{ .ptr = set.ptr };
        }

        pub fn len(set: Self) usize {
            return @intCast(c.PySet_Size(set.ptr));
        }

        pub fn contains(set: Self, key: T) error{Python}!bool {
            return view.contains(T, key, set, c.PySet_Contains);
        }

        pub fn iterator(set: Self) error{Python}!Iterator(T) {
            return .of(set.ptr, set.scope, set.origin);
        }

        pub const python_converter = view.Converter(Self, "frozenset[" ++ view.annotationOf(T) ++ "]", isFrozenSet);
    };
}

fn isSet(object: *c.PyObject) bool {
    return c.PyType_IsSubtype(c.typeOf(object), c.typeObject("PySet_Type")) != 0;
}

fn isFrozenSet(object: *c.PyObject) bool {
    return c.PyType_IsSubtype(c.typeOf(object), c.typeObject("PyFrozenSet_Type")) != 0;
}
