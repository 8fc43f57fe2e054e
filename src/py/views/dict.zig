//! `py.Dict(K, V)`: Python's own dict, whose keys and values are converted when they are read.

const abi = @import("../abi.zig");
const c = @import("../c.zig");
const convert = @import("../convert.zig");
const view = @import("view.zig");
const Object = @import("../object.zig").Object;
const Scope = @import("../Scope.zig");

/// A Python dict, not copied. It is valid for the call; returned, it is the same dict.
pub fn Dict(comptime K: type, comptime V: type) type {
    return struct {
        ptr: *c.PyObject,
        scope: *Scope,
        origin: ?*const Scope.Origin,

        const Self = @This();

        /// A new, empty dict.
        pub fn init(scope: *Scope) error{Python}!Self {
            return view.ofNew(Self, c.PyDict_New(), scope);
        }

        pub fn object(dict: Self) Object {
            return .{ .ptr = dict.ptr };
        }

        pub fn len(dict: Self) usize {
            return c.dictSize(dict.ptr);
        }

        /// The value of `key`, or null when it is not there.
        pub fn get(dict: Self, key: K) error{Python}!?V {
            const key_object = try view.write(K, key, dict.scope);
            defer c.Py_DecRef(key_object);
            const value = try newItem(dict.ptr, key_object) orelse return null;
            defer c.Py_DecRef(value);
            return try view.read(V, value, dict, "value of %R", key_object);
        }

        pub fn set(dict: Self, key: K, value: V) error{Python}!void {
            const key_object = try view.write(K, key, dict.scope);
            defer c.Py_DecRef(key_object);
            const value_object = try view.write(V, value, dict.scope);
            defer c.Py_DecRef(value_object);
            return view.done(c.PyDict_SetItem(dict.ptr, key_object, value_object));
        }

        pub fn contains(dict: Self, key: K) error{Python}!bool {
            return view.contains(K, key, dict, c.PyDict_Contains);
        }

        /// Returns whether the key was there.
        pub fn remove(dict: Self, key: K) error{Python}!bool {
            const key_object = try view.write(K, key, dict.scope);
            defer c.Py_DecRef(key_object);
            if (!try view.truth(c.PyDict_Contains(dict.ptr, key_object))) return false;
            if (c.PyDict_DelItem(dict.ptr, key_object) == 0) return true;
            return error.Python;
        }

        /// In the order of the dict. The dict must keep its keys on the way: RuntimeError in the end otherwise.
        pub fn iterator(dict: Self) error{Python}!Iterator(.entries) {
            return .init(dict);
        }

        /// Leaves the values alone.
        pub fn keyIterator(dict: Self) error{Python}!Iterator(.keys) {
            return .init(dict);
        }

        /// Leaves the keys alone.
        pub fn valueIterator(dict: Self) error{Python}!Iterator(.values) {
            return .init(dict);
        }

        pub const Entry = struct { key: K, value: V };

        fn Iterator(comptime part: Part) type {
            return struct {
                const Item = switch (part) {
                    .entries => Entry,
                    .keys => K,
                    .values => V,
                };

                dict: Self,
                /// What is iterated over: other threads may change the dict in the middle of a step, but not a copy of it.
                stable: *c.PyObject,
                /// In memory of the call: where the rest is then, the compiler may choose, since no pointer to it goes to CPython.
                position: *c.Size,
                size: usize,
                /// How many entries are still to come.
                left: usize,

                fn init(dict: Self) error{Python}!@This() {
                    const stable = if (abi.free_threaded) try view.ofNew(Self, c.PyDict_Copy(dict.ptr), dict.scope) else dict;
                    const size = stable.len();
                    const position = dict.scope.new(c.Size) catch return dict.scope.outOfMemory();
                    position.* = 0;
                    return .{ .dict = dict, .stable = stable.ptr, .position = position, .size = size, .left = size };
                }

                /// The next item, or null at the end.
                pub inline fn next(self: *@This()) error{Python}!?Item {
                    var key: ?*c.PyObject = undefined;
                    var value: ?*c.PyObject = undefined;
                    if (self.left == 0 or c.PyDict_Next(self.stable, self.position, &key, &value) == 0) {
                        @branchHint(.unlikely);
                        try end(self.dict.ptr, self.stable, self.position, self.size, self.left);
                        return null;
                    }
                    self.left -= 1;
                    // No other code runs, so that both stay.
                    if (part == .values and convert.isPlain(V, value.?)) return try readValue(key.?, value.?, self.dict);
                    if (part == .keys and convert.isPlain(K, key.?)) return try readKey(key.?, self.dict);
                    return try readHeld(key.?, value.?, self.dict);
                }

                /// What has changed is found out here, for all steps at once: in the stable ABI, to ask for the size in each
                /// one would cost as much as the step itself. There are no more steps than there were entries.
                noinline fn end(dict: *c.PyObject, stable: *c.PyObject, position: *c.Size, size: usize, left: usize) error{Python}!void {
                    const same_size = c.dictSize(dict) == size;
                    if (same_size and left == 0 and c.PyDict_Next(stable, position, null, null) == 0) return;
                    const message = if (same_size) "dictionary keys changed during iteration" else "dictionary changed size during iteration";
                    c.PyErr_SetString(c.exception("RuntimeError"), message);
                    return error.Python;
                }

                noinline fn readHeld(key: *c.PyObject, value: *c.PyObject, dict: Self) error{Python}!Item {
                    c.Py_IncRef(key);
                    defer c.Py_DecRef(key);
                    c.Py_IncRef(value);
                    defer c.Py_DecRef(value);
                    return switch (part) {
                        .entries => .{ .key = try readKey(key, dict), .value = try readValue(key, value, dict) },
                        .keys => readKey(key, dict),
                        .values => readValue(key, value, dict),
                    };
                }

                inline fn readKey(key: *c.PyObject, dict: Self) error{Python}!K {
                    return view.read(K, key, dict, "key %R", key);
                }

                inline fn readValue(key: *c.PyObject, value: *c.PyObject, dict: Self) error{Python}!V {
                    return view.read(V, value, dict, "value of %R", key);
                }
            };
        }

        pub const python_converter = view.Converter(Self, "dict[" ++ view.annotationOf(K) ++ ", " ++ view.annotationOf(V) ++ "]", isDict);
    };
}

const Part = enum { entries, keys, values };

/// A new reference, or null when the key is not there.
fn newItem(dict: *c.PyObject, key: *c.PyObject) error{Python}!?*c.PyObject {
    if (abi.free_threaded) {
        const PyDict_GetItemRef = abi.function("PyDict_GetItemRef", fn (*c.PyObject, *c.PyObject, *?*c.PyObject) callconv(.c) c_int, 13, 13);
        var value: ?*c.PyObject = null;
        if (PyDict_GetItemRef(dict, key, &value) < 0) return error.Python;
        return value;
    }
    const value = c.PyDict_GetItemWithError(dict, key) orelse return if (c.PyErr_Occurred() != null) error.Python else null;
    c.Py_IncRef(value);
    return value;
}

fn isDict(object: *c.PyObject) bool {
    return c.typeOf(object) == c.typeObject("PyDict_Type") or c.isInstance(object, c.Py_TPFLAGS_DICT_SUBCLASS);
}
