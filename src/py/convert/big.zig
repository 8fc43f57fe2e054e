//! Python's int without bounds: `std.math.big.int`, and Zig integers of more than 128 bits.

const std = @import("std");
const c = @import("../c.zig");
const Scope = @import("../Scope.zig");
const FromError = @import("../convert.zig").FromError;

const Limb = std.math.big.Limb;
const int = std.math.big.int;

/// A value from Python lives in the arena of the call.
pub const Const = struct {
    pub const annotation = "int";

    pub fn fromPython(object: *c.PyObject, scope: *Scope) FromError!int.Const {
        return (try read(object, scope)).toConst();
    }

    pub fn toPython(value: int.Const, _: *Scope) ?*c.PyObject {
        return make(value);
    }
};

/// A value from Python lives in the arena of the call, and may be changed and grow there. One that is returned is copied.
pub const Managed = struct {
    pub const annotation = "int";

    pub fn fromPython(object: *c.PyObject, scope: *Scope) FromError!int.Managed {
        return (try read(object, scope)).toManaged(scope.allocator());
    }

    pub fn toPython(value: int.Managed, _: *Scope) ?*c.PyObject {
        return make(value.toConst());
    }
};

/// Integers of more than 128 bits.
pub fn Wide(comptime T: type) type {
    const info = @typeInfo(T).int;
    return struct {
        pub const annotation = "int";
        pub const range = if (info.signedness == .signed)
            std.fmt.comptimePrint("an int from -2**{d} to 2**{d} - 1", .{ info.bits - 1, info.bits - 1 })
        else
            std.fmt.comptimePrint("an int from 0 to 2**{d} - 1", .{info.bits});

        pub fn fromPython(object: *c.PyObject, scope: *Scope) FromError!T {
            const value = try read(object, scope);
            return value.toInt(T) catch error.OutOfRange;
        }

        pub fn toPython(value: T, _: *Scope) ?*c.PyObject {
            var limbs: [std.math.divCeil(usize, info.bits, @bitSizeOf(Limb)) catch unreachable]Limb = undefined;
            return make(int.Mutable.init(&limbs, value).toConst());
        }
    };
}

/// The value of what `operator.index` takes.
noinline fn read(object: *c.PyObject, scope: *Scope) FromError!int.Mutable {
    if (c.PyIndex_Check(object) == 0) return error.WrongType;
    const long = c.PyNumber_Index(object) orelse return error.Python;
    defer c.Py_DecRef(long);
    var overflow: c_int = undefined;
    const small = c.PyLong_AsLongLongAndOverflow(long, &overflow);
    if (overflow != 0) return readLarge(long, overflow > 0, scope);
    const limbs = scope.allocator().alloc(Limb, comptime int.calcLimbLen(std.math.minInt(i64))) catch return scope.outOfMemory();
    return .init(limbs, small);
}

fn readLarge(long: *c.PyObject, positive: bool, scope: *Scope) FromError!int.Mutable {
    // The methods of int itself: a subclass may have other ones.
    const int_type = &c.typeObject("PyLong_Type").object;
    const magnitude = c.PyObject_CallMethod(int_type, "__abs__", "O", long) orelse return error.Python;
    defer c.Py_DecRef(magnitude);
    const bit_count = c.PyObject_CallMethod(int_type, "bit_length", "O", magnitude) orelse return error.Python;
    defer c.Py_DecRef(bit_count);
    const limb_count = std.math.divCeil(usize, c.PyLong_AsSize_t(bit_count), @bitSizeOf(Limb)) catch unreachable;
    const size: c.Size = @intCast(limb_count * @sizeOf(Limb));
    const bytes = c.PyObject_CallMethod(int_type, "to_bytes", "Ons", magnitude, size, "little") orelse return error.Python;
    defer c.Py_DecRef(bytes);

    const limbs = scope.allocator().alloc(Limb, limb_count) catch return scope.outOfMemory();
    const words: [*]const [@sizeOf(Limb)]u8 = @ptrCast(c.PyBytes_AsString(bytes).?);
    for (limbs, words) |*limb, word| limb.* = std.mem.readInt(Limb, &word, .little);
    return .{ .limbs = limbs, .len = limbs.len, .positive = positive };
}

/// A new int, or null with an exception set.
noinline fn make(value: int.Const) ?*c.PyObject {
    if (value.toInt(i64)) |small| return c.PyLong_FromLongLong(small) else |_| {}
    const size: c.Size = @intCast(value.limbs.len * @sizeOf(Limb));
    const bytes = c.PyBytes_FromStringAndSize(null, size) orelse return null;
    defer c.Py_DecRef(bytes);
    const words: [*][@sizeOf(Limb)]u8 = @ptrCast(c.PyBytes_AsString(bytes).?);
    for (value.limbs, words) |limb, *word| std.mem.writeInt(Limb, word, limb, .little);

    const int_type = &c.typeObject("PyLong_Type").object;
    const magnitude = c.PyObject_CallMethod(int_type, "from_bytes", "Os", bytes, "little") orelse return null;
    if (value.positive) return magnitude;
    defer c.Py_DecRef(magnitude);
    return c.PyNumber_Negative(magnitude);
}
