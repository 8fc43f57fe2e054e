//! Python's int and Zig's integers of up to 128 bits. Nothing wraps: what does not fit is `OutOfRange`.

const std = @import("std");
const c = @import("../c.zig");
const abi = @import("../abi.zig");
const layout = @import("../layout.zig");
const Scope = @import("../Scope.zig");
const FromError = @import("../convert.zig").FromError;

/// Takes what `operator.index` takes: ints, subclasses, and objects with `__index__`. A float is a wrong type.
pub fn Int(comptime T: type) type {
    const info = @typeInfo(T).int;
    return struct {
        pub const annotation = "int";
        pub const ignores_scope = true;
        pub const range = std.fmt.comptimePrint("an int from {d} to {d}", .{ std.math.minInt(T), std.math.maxInt(T) });

        pub inline fn fromPython(object: *c.PyObject, _: *Scope) FromError!T {
            if (c.typeOf(object) == c.typeObject("PyLong_Type")) {
                @branchHint(.likely);
                if (abi.layouts_known) {
                    if (layout.smallInt(object)) |value| {
                        @branchHint(.likely);
                        return std.math.cast(T, value) orelse error.OutOfRange;
                    }
                } else if (Wide == i64) {
                    var value: i64 = undefined;
                    try read64(object, &value);
                    return std.math.cast(T, value) orelse error.OutOfRange;
                }
            }
            var value: Wide = undefined;
            try readAny(Wide, object, &value);
            return std.math.cast(T, value) orelse error.OutOfRange;
        }

        /// Leaves large ints to `fromPython` where small ones are read inline: a call here would cost the small ones, too.
        pub inline fn direct(object: *c.PyObject) ?T {
            if (c.typeOf(object) != c.typeObject("PyLong_Type")) return null;
            if (abi.layouts_known) return std.math.cast(T, layout.smallInt(object) orelse return null);
            var value: i64 = undefined;
            read64(object, &value) catch return null;
            return std.math.cast(T, value);
        }

        /// The narrowest of the types that ints are read as.
        const Wide = if (info.bits > 64) i129 else if (std.math.maxInt(T) > std.math.maxInt(i64)) i65 else i64;

        pub fn toPython(value: T, _: *Scope) ?*c.PyObject {
            if (info.bits <= 63 or info.bits == 64 and info.signedness == .signed) return c.PyLong_FromLongLong(value);
            if (info.bits <= 64 and info.signedness == .unsigned) return c.PyLong_FromUnsignedLongLong(value);
            return fromWide(value);
        }
    };
}

// Errors and values come back apart: an error union of a number is returned in memory, and costs more to read than the
// number takes to convert.

/// The value of what `operator.index` takes.
noinline fn readAny(comptime Wide: type, object: *c.PyObject, value: *Wide) FromError!void {
    if (c.typeOf(object) == c.typeObject("PyLong_Type")) return readLong(Wide, object, value);
    if (c.PyIndex_Check(object) == 0) return error.WrongType;
    const long = c.PyNumber_Index(object) orelse return error.Python;
    defer c.Py_DecRef(long);
    return readLong(Wide, long, value);
}

inline fn readLong(comptime Wide: type, long: *c.PyObject, value: *Wide) FromError!void {
    switch (Wide) {
        i64 => return read64(long, value),
        i65 => value.* = try read65(long),
        i129 => value.* = try readWide(long),
        else => comptime unreachable,
    }
}

inline fn read64(long: *c.PyObject, value: *i64) FromError!void {
    value.* = c.PyLong_AsLongLong(long);
    if (value.* == -1) {
        @branchHint(.unlikely);
        return afterMinusOne();
    }
}

noinline fn afterMinusOne() FromError!void {
    if (c.PyErr_Occurred() == null) return;
    c.PyErr_Clear();
    return error.OutOfRange;
}

/// Any value from the least i64 to the greatest u64.
noinline fn read65(long: *c.PyObject) FromError!i65 {
    var overflow: c_int = 0;
    const value = c.PyLong_AsLongLongAndOverflow(long, &overflow);
    if (overflow == 0) return value;
    if (overflow < 0) return error.OutOfRange;
    const unsigned = c.PyLong_AsUnsignedLongLong(long);
    if (unsigned == std.math.maxInt(c_ulonglong) and c.PyErr_Occurred() != null) {
        c.PyErr_Clear();
        return error.OutOfRange;
    }
    return unsigned;
}

/// Any value from the least i128 to the greatest u128, by its two halves.
noinline fn readWide(long: *c.PyObject) FromError!i129 {
    const low = c.PyLong_AsUnsignedLongLongMask(long);
    const shift = c.PyLong_FromLongLong(64) orelse return error.Python;
    defer c.Py_DecRef(shift);
    const rest = c.PyNumber_Rshift(long, shift) orelse return error.Python;
    defer c.Py_DecRef(rest);
    const high: i129 = try read65(rest);
    return high << 64 | low;
}

/// A value of more than 64 bits, put together from its two halves.
fn fromWide(value: anytype) ?*c.PyObject {
    if (std.math.cast(i64, value)) |small| return c.PyLong_FromLongLong(small);
    const wide: i129 = value;
    return joinHalves(@intCast(wide >> 64), @truncate(@as(u129, @bitCast(wide))));
}

noinline fn joinHalves(high: i65, low: u64) ?*c.PyObject {
    const high_object = (if (std.math.cast(i64, high)) |signed|
        c.PyLong_FromLongLong(signed)
    else
        c.PyLong_FromUnsignedLongLong(@intCast(high))) orelse return null;
    defer c.Py_DecRef(high_object);
    const low_object = c.PyLong_FromUnsignedLongLong(low) orelse return null;
    defer c.Py_DecRef(low_object);
    const shift = c.PyLong_FromLongLong(64) orelse return null;
    defer c.Py_DecRef(shift);
    const shifted = c.PyNumber_Lshift(high_object, shift) orelse return null;
    defer c.Py_DecRef(shifted);
    return c.PyNumber_Or(shifted, low_object);
}
