//! Python's sequences and Zig's slices, arrays and lists. Items are copied, into memory of the call or an array.

const std = @import("std");
const c = @import("../c.zig");
const abi = @import("../abi.zig");
const convert = @import("../convert.zig");
const layout = @import("../layout.zig");
const Scope = @import("../Scope.zig");
const FromError = convert.FromError;

/// The converter of a slice, a pointer to an array or a struct with a slice `items`, or null when `T` is none of these,
/// or its elements have no converter. `[]T` and `[]const T` come from Python too.
pub fn Slice(comptime T: type) ?type {
    const Element = elementOf(T) orelse return null;
    if (Element == u8) return TextList(T);
    const C = convert.Converter(Element) orelse return null;
    const is_input = (T == []Element or T == []const Element) and convert.comesFromPython(Element);
    return struct {
        pub const annotation = if (is_input) "Sequence[" ++ C.annotation ++ "]" else result_annotation;
        pub const result_annotation = "list[" ++ convert.resultAnnotation(C) ++ "]";
        pub const compound = true;
        pub const borrows = convert.borrows(Element);
        pub const is_lazy = convert.isLazy(Element);
        pub const needs_lock = convert.holdsObjects(Element);
        pub const fromPython = if (is_input) from else {};
        pub const toPython = if (convert.goesToPython(Element)) to else {};
        pub const release = if (convert.has(C, "release")) releaseAll else {};

        fn from(object: *c.PyObject, scope: *Scope) FromError!T {
            var items: Items = try .of(object, keepsList(Element));
            defer items.deinit();
            const slots = scope.allocator().alloc(Element, items.len) catch return scope.outOfMemory();
            try items.read(Element, slots, scope);
            return slots;
        }

        fn to(value: T, scope: *Scope) ?*c.PyObject {
            return newList(Element, if (@typeInfo(T) == .@"struct") value.items else value, scope);
        }

        fn releaseAll(value: *T) void {
            for (@constCast(value.*)) |*item| C.release(item);
        }
    };
}

/// The converter of a list of bytes, which is text as a slice of them is.
fn TextList(comptime T: type) type {
    return struct {
        pub const annotation = "str";

        pub fn toPython(value: T, scope: *Scope) ?*c.PyObject {
            return convert.Converter([]const u8).?.toPython(value.items, scope);
        }
    };
}

/// Whether a type is std.ArrayList, managed or not.
pub fn isList(comptime T: type) bool {
    if (@typeInfo(T) != .@"struct") return false;
    return @hasField(T, "items") and @hasField(T, "capacity") and @hasDecl(T, "appendSlice");
}

fn elementOf(comptime T: type) ?type {
    switch (@typeInfo(T)) {
        .pointer => |info| return switch (info.size) {
            .slice => info.child,
            .one => if (@typeInfo(info.child) == .array) @typeInfo(info.child).array.child else null,
            else => null,
        },
        .@"struct" => return if (isList(T)) @typeInfo(@FieldType(T, "items")).pointer.child else null,
        else => return null,
    }
}

/// The converter of `[N]T`: of a sequence of N items.
pub fn Array(comptime T: type) ?type {
    const Element = @typeInfo(T).array.child;
    // Whether bytes are text, bytes or ints is for the type to say.
    if (Element == u8) return null;
    const C = convert.Converter(Element) orelse return null;
    return struct {
        pub const annotation = "Sequence[" ++ C.annotation ++ "]";
        pub const result_annotation = "list[" ++ convert.resultAnnotation(C) ++ "]";
        pub const compound = true;
        pub const borrows = convert.borrows(Element);
        pub const is_lazy = convert.isLazy(Element);
        pub const needs_lock = convert.holdsObjects(Element);
        pub const fromPython = if (convert.comesFromPython(Element)) from else {};
        pub const toPython = if (convert.goesToPython(Element)) to else {};
        pub const release = if (convert.has(C, "release")) releaseAll else {};

        fn from(object: *c.PyObject, scope: *Scope) FromError!T {
            var items: Items = try .of(object, keepsList(Element));
            defer items.deinit();
            var result: T = undefined;
            if (items.len != result.len) return refuseLength(scope, result.len, items.len);
            try items.read(Element, &result, scope);
            return result;
        }

        fn to(value: T, scope: *Scope) ?*c.PyObject {
            return newList(Element, &value, scope);
        }

        fn releaseAll(value: *T) void {
            for (value) |*item| C.release(item);
        }
    };
}

pub noinline fn refuseLength(scope: *Scope, expected: usize, got: usize) FromError {
    return scope.reject(.ValueError, "expected {d} item{s}, got {d}", .{ expected, if (expected == 1) "" else "s", got });
}

/// A new list, or null with an exception set.
pub fn newList(comptime Element: type, values: []const Element, scope: *Scope) ?*c.PyObject {
    const list = c.PyList_New(@intCast(values.len)) orelse return null;
    // Making plain items runs no Python code, which could find the list through the garbage collector.
    var items: c.ListItems = .of(list);
    for (values, 0..) |value, i| {
        const item = convert.Converter(Element).?.toPython(value, scope) orelse {
            c.Py_DecRef(list);
            return null;
        };
        if (convert.PlainType(Element) == null) items = .of(list);
        items.init(i, item);
    }
    return list;
}

/// Whether items may be read from a list itself: those that are of a plain type are converted without running any
/// Python code, which could change the list, and point nowhere. A free-threaded list can change at any time.
fn keepsList(comptime Element: type) bool {
    return !abi.free_threaded and convert.PlainType(Element) != null;
}

/// Whether ints that become an `Element` are read by the digit where they have only one, which must always fit then.
fn readsDigits(comptime Element: type) bool {
    return abi.layouts_known and abi.minor >= 12 and @typeInfo(Element) == .int and std.math.maxInt(Element) >= std.math.maxInt(u30);
}

/// The items of a sequence, which stay as they are until `deinit`.
pub const Items = struct {
    /// A tuple, or a list: of the caller's as long as only plain items have been seen, else one of our own.
    object: *c.PyObject,
    is_list: bool,
    /// Whether `object` has to be given back.
    is_owned: bool,
    len: usize,

    /// `list_stays`: whether a list may be read in place.
    pub fn of(object: *c.PyObject, list_stays: bool) FromError!Items {
        const T = c.typeOf(object);
        if (T == c.typeObject("PyTuple_Type")) return .{ .object = object, .is_list = false, .is_owned = false, .len = c.tupleSize(object) };
        if (T == c.typeObject("PyList_Type")) {
            if (list_stays) return .{ .object = object, .is_list = true, .is_owned = false, .len = c.listSize(object) };
        } else if (!isSequence(object)) return error.WrongType;
        return ofIterable(object);
    }

    /// The items of whatever can be iterated, in a list that nobody else has. A tuple would do, but since 3.14 Python
    /// makes one without asking for the length first: of `range(2**60)` it takes all memory that there is.
    pub noinline fn ofIterable(iterable: *c.PyObject) FromError!Items {
        const list = c.PySequence_List(iterable) orelse return error.Python;
        return .{ .object = list, .is_list = true, .is_owned = true, .len = c.listSize(list) };
    }

    /// Borrowed; `index` must be below `len`.
    pub fn at(items: Items, index: usize) *c.PyObject {
        return if (items.is_list) c.listItem(items.object, index) else c.tupleItem(items.object, index);
    }

    pub fn deinit(items: Items) void {
        if (items.is_owned) c.Py_DecRef(items.object);
    }

    /// Converts all items; `slots` has a place for each.
    pub fn read(items: *Items, comptime Element: type, slots: []Element, scope: *Scope) FromError!void {
        const C = convert.Converter(Element).?;
        var done: usize = 0;
        errdefer if (comptime convert.has(C, "release")) for (slots[0..done]) |*slot| C.release(slot);
        if (comptime keepsList(Element)) if (items.is_list and !items.is_owned) {
            const list: c.ListItems = .of(items.object);
            plain: while (true) {
                if (comptime readsDigits(Element)) done += layout.readDigits(Element, list.items + done, slots[done..]);
                if (done == slots.len) return;
                const end = if (comptime readsDigits(Element)) @min(done + 32, slots.len) else slots.len;
                while (done < end) : (done += 1) {
                    const item = list.at(done);
                    if (!convert.isPlain(Element, item)) {
                        @branchHint(.unlikely);
                        break :plain;
                    }
                    slots[done] = C.fromPython(item, scope) catch |reason| return scope.refuse(C, item, reason, .{ .item = done });
                }
            }
            // A reference to each of the rest, in case that one's code takes another away.
            items.* = try .ofIterable(items.object);
        };
        if (comptime convert.borrows(Element)) if (items.is_owned) try scope.keep(items.object);
        while (done < slots.len) : (done += 1) {
            const item = items.at(done);
            slots[done] = C.fromPython(item, scope) catch |reason| return scope.refuse(C, item, reason, .{ .item = done });
        }
    }
};

/// Whether an object is a sequence other than text and bytes: a list or tuple, or of another class that has
/// `__getitem__` and `__len__` but no `keys`, such as array.array, collections.deque and range.
fn isSequence(object: *c.PyObject) bool {
    const text_or_dict = c.Py_TPFLAGS_UNICODE_SUBCLASS | c.Py_TPFLAGS_BYTES_SUBCLASS | c.Py_TPFLAGS_DICT_SUBCLASS;
    const flags = c.PyType_GetFlags(c.typeOf(object));
    if (flags & (c.Py_TPFLAGS_LIST_SUBCLASS | c.Py_TPFLAGS_TUPLE_SUBCLASS) != 0) return true;
    if (flags & text_or_dict != 0 or c.PySequence_Check(object) == 0) return false;
    if (c.PyType_IsSubtype(c.typeOf(object), c.typeObject("PyByteArray_Type")) != 0) return false;
    const T = &c.typeOf(object).object;
    return c.PyObject_HasAttrString(T, "__len__") == 1 and c.PyObject_HasAttrString(T, "keys") == 0;
}
