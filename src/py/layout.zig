//! Object layouts of single CPython versions, for builds that are tied to one. Never used under the stable ABI.
//! Source: CPython's Include/cpython/ of 3.10 to 3.14.

const std = @import("std");
const builtin = @import("builtin");
const abi = @import("abi.zig");
const c = @import("c.zig");

comptime {
    if (!abi.layouts_known) @compileError("the stable ABI hides object layouts");
}

/// `PyFloatObject` (floatobject.h).
pub const Float = extern struct {
    head: c.PyObject,
    value: f64,
};

/// `PyTupleObject` (tupleobject.h) without its items; 3.14 added the cached hash.
const Tuple = if (abi.minor >= 14) extern struct {
    head: c.PyVarObject,
    hash: c.Size,
} else extern struct {
    head: c.PyVarObject,
};

/// The items that follow a tuple's head.
pub inline fn tupleItems(tuple: *c.PyObject) [*]const *c.PyObject {
    return @ptrFromInt(@intFromPtr(tuple) + @sizeOf(Tuple));
}

/// `PyListObject` (listobject.h) without what follows.
const List = extern struct {
    head: c.PyVarObject,
    items: [*]?*c.PyObject,
};

/// Where a list has its items; they are null until they are set in a list that has been made with a size.
pub inline fn listItems(list: *c.PyObject) [*]?*c.PyObject {
    return @as(*const List, @ptrCast(@alignCast(list))).items;
}

/// `PyModuleObject` (internal/pycore_moduleobject.h) without what follows.
const Module = extern struct {
    head: c.PyObject,
    dict: ?*c.PyObject,
    definition: ?*c.PyModuleDef,
    state: ?*anyopaque,
};

/// The state of a module, or null while it has none.
pub inline fn moduleState(module: *c.PyObject) ?*anyopaque {
    return @as(*const Module, @ptrCast(@alignCast(module))).state;
}

/// `PyDictObject` (dictobject.h) without what follows.
const Dict = extern struct {
    head: c.PyObject,
    used: c.Size,
};

/// Number of entries of a dict.
pub inline fn dictSize(dict: *c.PyObject) usize {
    return @intCast(@as(*const Dict, @ptrCast(@alignCast(dict))).used);
}

/// `PyLongObject` (longintrepr.h). Digits have 30 bits; before 3.12 a 32-bit CPython may have been built with 15.
const Long = extern struct {
    head: c.PyObject,
    /// Up to 3.11 the signed number of digits; since 3.12 `digits << 3 | sign`, sign being 0 for +, 1 for zero, 2 for -.
    tag: usize,
    digit: u32,
};

/// The value of an int that has at most one digit, else null.
pub inline fn smallInt(object: *c.PyObject) ?i64 {
    if (abi.minor < 12 and @sizeOf(usize) < 8) return null;
    const long: *const Long = @ptrCast(@alignCast(object));
    const digit: i64 = long.digit;
    if (abi.minor >= 12) {
        if (long.tag >= 2 << 3) {
            @branchHint(.unlikely);
            return null;
        }
        return (1 - @as(i64, @intCast(long.tag & 3))) * digit;
    }
    const size: isize = @bitCast(long.tag);
    return if (size >= -1 and size <= 1) size * digit else null;
}

/// Reads ints from the first object on, four at a time, for as long as they are positive and have one digit. That is asked
/// once for all four, and takes half the time of `smallInt` for each. Returns how many it has read.
pub noinline fn readDigits(comptime T: type, objects: [*]const ?*c.PyObject, slots: []T) usize {
    // Before, zero need not have a digit.
    comptime std.debug.assert(abi.minor >= 12);
    const digit = 1 << 3;
    var done: usize = 0;
    while (slots.len - done >= 4) : (done += 4) {
        var tags: usize = 0;
        inline for (objects[done..][0..4], slots[done..][0..4]) |object, *slot| {
            if (c.typeOf(object.?) != c.typeObject("PyLong_Type")) return done;
            const long: *const Long = @ptrCast(@alignCast(object.?));
            tags |= long.tag;
            slot.* = @intCast(long.digit);
        }
        if (tags != digit) return done;
    }
    return done;
}

/// `PyASCIIObject` (unicodeobject.h) without its text.
const Ascii = extern struct {
    head: c.PyObject,
    length: c.Size,
    hash: c.Size,
    /// Bits from the lowest on little-endian machines: interned 2, kind 3, compact 1, ascii 1.
    state: u32,
    /// Up to 3.11 a cached `wchar_t` copy of the text.
    wide: if (abi.minor < 12) ?*anyopaque else [0]u8,

    const compact_and_ascii = 0x60;
};

/// Whether the layout of str is known. From 3.14 on, in free-threaded builds and on big-endian machines the bits of `state`
/// may be in other places.
pub const ascii_known = abi.minor < 14 and !abi.free_threaded and builtin.cpu.arch.endian() == .little;

/// Whether a str is known to have only ASCII characters, so that `asciiText` can be read. The object must be a str.
pub inline fn isAscii(object: *c.PyObject) bool {
    if (!ascii_known) return false;
    const ascii: *const Ascii = @ptrCast(@alignCast(object));
    return ascii.state & Ascii.compact_and_ascii == Ascii.compact_and_ascii;
}

/// The text of a str that `isAscii`.
pub inline fn asciiText(object: *c.PyObject) [:0]const u8 {
    const ascii: *const Ascii = @ptrCast(@alignCast(object));
    const text: [*]const u8 = @ptrFromInt(@intFromPtr(object) + @sizeOf(Ascii));
    return text[0..@intCast(ascii.length) :0];
}
