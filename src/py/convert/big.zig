//! Python's int without bounds: `std.math.big.int`, and Zig integers of more than 128 bits.

const std = @import("std");
const builtin = @import("builtin");
const abi = @import("../abi.zig");
const c = @import("../c.zig");
const Scope = @import("../Scope.zig");
const FromError = @import("../convert.zig").FromError;

const Limb = std.math.big.Limb;
const int = std.math.big.int;

/// A value from Python lives in the arena of the call.
pub const Const = struct {
    pub const annotation = "int";
    pub const compound = true;
    pub const needs_lock = false;

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
    pub const compound = true;
    pub const needs_lock = false;

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
    const limbs = if (abi.layouts_known) try readPrivately(long, positive, scope) else try readByMethods(long, scope);
    var value: int.Mutable = .{ .limbs = limbs, .len = limbs.len, .positive = positive };
    value.normalize(limbs.len);
    return value;
}

/// The magnitude of an int, by the methods of int itself: a subclass may have other ones.
fn readByMethods(long: *c.PyObject, scope: *Scope) FromError![]Limb {
    const int_type = &c.typeObject("PyLong_Type").object;
    const magnitude = c.PyObject_CallMethod(int_type, "__abs__", "O", long) orelse return error.Python;
    defer c.Py_DecRef(magnitude);
    const bit_count = c.PyObject_CallMethod(int_type, "bit_length", "O", magnitude) orelse return error.Python;
    defer c.Py_DecRef(bit_count);
    const limbs = try allocate(c.PyLong_AsSize_t(bit_count), scope);
    const size: c.Size = @intCast(limbs.len * @sizeOf(Limb));
    const bytes = c.PyObject_CallMethod(int_type, "to_bytes", "Ons", magnitude, size, "little") orelse return error.Python;
    defer c.Py_DecRef(bytes);
    @memcpy(std.mem.sliceAsBytes(limbs), c.PyBytes_AsString(bytes).?);
    for (limbs) |*limb| limb.* = std.mem.littleToNative(Limb, limb.*);
    return limbs;
}

/// The same for a build that is tied to one version, by what CPython's own modules call.
fn readPrivately(long: *c.PyObject, positive: bool, scope: *Scope) FromError![]Limb {
    const numBits = abi.function("_PyLong_NumBits", fn (long: *c.PyObject) callconv(.c) usize, 0, null);
    // Room for the sign too.
    const limbs = try allocate(numBits(long) + 1, scope);
    const bytes = std.mem.sliceAsBytes(limbs);
    const status = if (abi.minor >= 13)
        abi.function("_PyLong_AsByteArray", AsByteArray13, 0, null)(long, bytes.ptr, bytes.len, 1, 1, 1)
    else
        abi.function("_PyLong_AsByteArray", AsByteArray, 0, null)(long, bytes.ptr, bytes.len, 1, 1);
    if (status != 0) return error.Python;
    var carry: u1 = 1;
    for (limbs) |*limb| {
        limb.* = std.mem.littleToNative(Limb, limb.*);
        // From two's complement to the magnitude.
        if (!positive) limb.*, carry = @addWithOverflow(~limb.*, carry);
    }
    return limbs;
}

const AsByteArray = fn (long: *c.PyObject, bytes: [*]u8, size: usize, little_endian: c_int, signed: c_int) callconv(.c) c_int;
const AsByteArray13 = fn (long: *c.PyObject, bytes: [*]u8, size: usize, little_endian: c_int, signed: c_int, raise: c_int) callconv(.c) c_int;

fn allocate(bits: usize, scope: *Scope) error{Python}![]Limb {
    const count = std.math.divCeil(usize, bits, @bitSizeOf(Limb)) catch unreachable;
    return scope.allocator().alloc(Limb, count) catch scope.outOfMemory();
}

/// A new int, or null with an exception set.
noinline fn make(value: int.Const) ?*c.PyObject {
    if (value.toInt(i64)) |small| return c.PyLong_FromLongLong(small) else |_| {}
    const magnitude = (if (abi.layouts_known) makePrivately(value.limbs) else makeByMethod(value.limbs)) orelse return null;
    if (value.positive) return magnitude;
    defer c.Py_DecRef(magnitude);
    return c.PyNumber_Negative(magnitude);
}

fn makeByMethod(limbs: []const Limb) ?*c.PyObject {
    const bytes = c.PyBytes_FromStringAndSize(null, @intCast(limbs.len * @sizeOf(Limb))) orelse return null;
    defer c.Py_DecRef(bytes);
    const words: [*][@sizeOf(Limb)]u8 = @ptrCast(c.PyBytes_AsString(bytes).?);
    for (limbs, words) |limb, *word| std.mem.writeInt(Limb, word, limb, .little);
    return c.PyObject_CallMethod(&c.typeObject("PyLong_Type").object, "from_bytes", "Os", bytes, "little");
}

fn makePrivately(limbs: []const Limb) ?*c.PyObject {
    // The limbs of a big-endian machine are in another order than all their bytes would be.
    if (builtin.cpu.arch.endian() == .big) return makeByMethod(limbs);
    const F = fn (bytes: [*]const u8, size: usize, little_endian: c_int, signed: c_int) callconv(.c) ?*c.PyObject;
    const bytes = std.mem.sliceAsBytes(limbs);
    return abi.function("_PyLong_FromByteArray", F, 0, null)(bytes.ptr, bytes.len, 1, 0);
}
