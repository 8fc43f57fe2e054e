//! Python's dicts and sets, and std's hash maps: a map of `void` values is a set.

const std = @import("std");
const c = @import("../c.zig");
const convert = @import("../convert.zig");
const sequence = @import("sequence.zig");
const Scope = @import("../Scope.zig");
const FromError = convert.FromError;

/// Whether a struct is one of std's hash maps: HashMap, ArrayHashMap and what is made of them, managed or not.
pub fn isMap(comptime T: type) bool {
    return @hasDecl(T, "KV") and @hasDecl(T, "Entry") and @hasDecl(T, "GetOrPutResult") and @hasDecl(T, "put");
}

/// The converter of a hash map, or null when its keys or values have none.
pub fn Map(comptime T: type) ?type {
    const Key = @FieldType(T.KV, "key");
    const Value = @FieldType(T.KV, "value");
    const KeyConverter = convert.Converter(Key) orelse return null;
    const ValueConverter = convert.Converter(Value) orelse return null;
    const is_set = Value == void;
    const is_input = convert.comesFromPython(Key) and (is_set or convert.comesFromPython(Value)) and
        !convert.isReleased(Key) and !convert.isReleased(Value);
    return struct {
        pub const annotation = annotate(KeyConverter.annotation, ValueConverter.annotation) ++
            (if (is_set) " | frozenset[" ++ KeyConverter.annotation ++ "]" else "");
        pub const result_annotation = annotate(convert.resultAnnotation(KeyConverter), convert.resultAnnotation(ValueConverter));
        pub const compound = true;
        pub const borrows = convert.borrows(Key) or convert.borrows(Value);
        pub const is_lazy = convert.isLazy(Value);
        pub const needs_lock = convert.holdsObjects(Key) or convert.holdsObjects(Value);
        pub const fromPython = if (!is_input) {} else if (is_set) fromSet else fromDict;
        pub const toPython = if (!convert.goesToPython(Key) or !convert.goesToPython(Value)) {} else if (is_set) toSet else toDict;

        fn annotate(comptime key: [:0]const u8, comptime value: [:0]const u8) [:0]const u8 {
            return if (is_set) "set[" ++ key ++ "]" else "dict[" ++ key ++ ", " ++ value ++ "]";
        }

        fn fromDict(object: *c.PyObject, scope: *Scope) FromError!T {
            if (c.typeOf(object) != c.typeObject("PyDict_Type") and !c.isInstance(object, c.Py_TPFLAGS_DICT_SUBCLASS)) return error.WrongType;
            // A copy, which no other code can change, and which keeps what keys and values point into.
            const dict = c.PyDict_Copy(object) orelse return error.Python;
            defer c.Py_DecRef(dict);
            if (borrows) try scope.keep(dict);
            const allocator = scope.allocator();
            var map = empty(allocator);
            var position: c.Size = 0;
            var key: ?*c.PyObject = null;
            var value: ?*c.PyObject = null;
            while (c.PyDict_Next(dict, &position, &key, &value) != 0) {
                const zig_key = KeyConverter.fromPython(key.?, scope) catch |reason|
                    return scope.refuse(KeyConverter, key.?, reason, .{ .key = key.? });
                const zig_value = ValueConverter.fromPython(value.?, scope) catch |reason|
                    return scope.refuse(ValueConverter, value.?, reason, .{ .value = key.? });
                put(&map, allocator, zig_key, zig_value) catch return scope.outOfMemory();
            }
            return map;
        }

        fn fromSet(object: *c.PyObject, scope: *Scope) FromError!T {
            if (!isSet(object)) return error.WrongType;
            var items: sequence.Items = try .ofIterable(object);
            defer items.deinit();
            if (borrows) try scope.keep(items.object);
            const allocator = scope.allocator();
            var map = empty(allocator);
            for (0..items.len) |i| {
                const item = items.at(i);
                const key = KeyConverter.fromPython(item, scope) catch |reason|
                    return scope.refuse(KeyConverter, item, reason, .{ .key = item });
                put(&map, allocator, key, {}) catch return scope.outOfMemory();
            }
            return map;
        }

        const is_managed = @hasField(T, "unmanaged");

        fn empty(allocator: std.mem.Allocator) T {
            return if (is_managed) .init(allocator) else .empty;
        }

        fn put(map: *T, allocator: std.mem.Allocator, key: Key, value: Value) error{OutOfMemory}!void {
            return if (is_managed) map.put(key, value) else map.put(allocator, key, value);
        }

        fn toDict(map: T, scope: *Scope) ?*c.PyObject {
            const dict = c.PyDict_New() orelse return null;
            var entries = map.iterator();
            while (entries.next()) |entry| {
                if (!addEntry(dict, entry.key_ptr.*, entry.value_ptr.*, scope)) {
                    c.Py_DecRef(dict);
                    return null;
                }
            }
            return dict;
        }

        fn addEntry(dict: *c.PyObject, key: Key, value: Value, scope: *Scope) bool {
            const key_object = KeyConverter.toPython(key, scope) orelse return false;
            defer c.Py_DecRef(key_object);
            const value_object = ValueConverter.toPython(value, scope) orelse return false;
            defer c.Py_DecRef(value_object);
            return c.PyDict_SetItem(dict, key_object, value_object) == 0;
        }

        fn toSet(map: T, scope: *Scope) ?*c.PyObject {
            const set = c.PySet_New(null) orelse return null;
            var entries = map.iterator();
            while (entries.next()) |entry| {
                const key = KeyConverter.toPython(entry.key_ptr.*, scope);
                defer c.Py_DecRef(key);
                if (key == null or c.PySet_Add(set, key.?) != 0) {
                    c.Py_DecRef(set);
                    return null;
                }
            }
            return set;
        }
    };
}

/// Whether an object is a set or frozenset.
pub fn isSet(object: *c.PyObject) bool {
    const T = c.typeOf(object);
    const set = c.typeObject("PySet_Type");
    const frozen = c.typeObject("PyFrozenSet_Type");
    return T == set or T == frozen or c.PyType_IsSubtype(T, set) != 0 or c.PyType_IsSubtype(T, frozen) != 0;
}
