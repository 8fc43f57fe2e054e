//! The slots of type objects and the special methods that fill them.
//! Source: CPython's Include/typeslots.h and `slotdefs` in Objects/typeobject.c.

const std = @import("std");

/// How CPython calls a slot.
pub const Shape = enum {
    unary,
    /// As unary, and no value means that there are no more.
    next,
    /// Either operand may be the instance; the second name is the method for the right one.
    binary,
    inplace,
    /// `pow`, as binary with a modulus.
    power,
    inplace_power,
    truth,
    length,
    hash,
    contains,
    subscript,
    /// Setting, by the first name, and deleting, by the second one.
    store_subscript,
    call,
    getattr,
    setattr,
    get,
    set,
    compare,
    buffer,
};

pub const Slot = struct {
    number: c_int,
    shape: Shape,
    names: []const [:0]const u8,
};

fn slot(number: c_int, shape: Shape, names: []const [:0]const u8) Slot {
    return .{ .number = number, .shape = shape, .names = names };
}

pub const slots = [_]Slot{
    slot(7, .binary, &.{ "__add__", "__radd__" }),
    slot(36, .binary, &.{ "__sub__", "__rsub__" }),
    slot(29, .binary, &.{ "__mul__", "__rmul__" }),
    slot(75, .binary, &.{ "__matmul__", "__rmatmul__" }),
    slot(37, .binary, &.{ "__truediv__", "__rtruediv__" }),
    slot(12, .binary, &.{ "__floordiv__", "__rfloordiv__" }),
    slot(34, .binary, &.{ "__mod__", "__rmod__" }),
    slot(10, .binary, &.{ "__divmod__", "__rdivmod__" }),
    slot(28, .binary, &.{ "__lshift__", "__rlshift__" }),
    slot(35, .binary, &.{ "__rshift__", "__rrshift__" }),
    slot(8, .binary, &.{ "__and__", "__rand__" }),
    slot(38, .binary, &.{ "__xor__", "__rxor__" }),
    slot(31, .binary, &.{ "__or__", "__ror__" }),
    slot(33, .power, &.{ "__pow__", "__rpow__" }),
    slot(14, .inplace, &.{"__iadd__"}),
    slot(23, .inplace, &.{"__isub__"}),
    slot(18, .inplace, &.{"__imul__"}),
    slot(76, .inplace, &.{"__imatmul__"}),
    slot(24, .inplace, &.{"__itruediv__"}),
    slot(16, .inplace, &.{"__ifloordiv__"}),
    slot(21, .inplace, &.{"__imod__"}),
    slot(17, .inplace, &.{"__ilshift__"}),
    slot(22, .inplace, &.{"__irshift__"}),
    slot(15, .inplace, &.{"__iand__"}),
    slot(25, .inplace, &.{"__ixor__"}),
    slot(19, .inplace, &.{"__ior__"}),
    slot(20, .inplace_power, &.{"__ipow__"}),
    slot(30, .unary, &.{"__neg__"}),
    slot(32, .unary, &.{"__pos__"}),
    slot(6, .unary, &.{"__abs__"}),
    slot(27, .unary, &.{"__invert__"}),
    slot(26, .unary, &.{"__int__"}),
    slot(11, .unary, &.{"__float__"}),
    slot(13, .unary, &.{"__index__"}),
    slot(66, .unary, &.{"__repr__"}),
    slot(70, .unary, &.{"__str__"}),
    slot(62, .unary, &.{"__iter__"}),
    slot(63, .next, &.{"__next__"}),
    slot(77, .unary, &.{"__await__"}),
    slot(78, .unary, &.{"__aiter__"}),
    slot(79, .unary, &.{"__anext__"}),
    slot(9, .truth, &.{"__bool__"}),
    slot(4, .length, &.{"__len__"}),
    slot(59, .hash, &.{"__hash__"}),
    slot(41, .contains, &.{"__contains__"}),
    slot(5, .subscript, &.{"__getitem__"}),
    slot(3, .store_subscript, &.{ "__setitem__", "__delitem__" }),
    slot(50, .call, &.{"__call__"}),
    slot(58, .getattr, &.{"__getattr__"}),
    slot(69, .setattr, &.{ "__setattr__", "__delattr__" }),
    slot(54, .get, &.{"__get__"}),
    slot(55, .set, &.{ "__set__", "__delete__" }),
    slot(67, .compare, &.{ "__lt__", "__le__", "__eq__", "__ne__", "__gt__", "__ge__" }),
    slot(1, .buffer, &.{"__buffer__"}),
};

/// Whether a method of this name fills a slot.
pub fn has(comptime name: []const u8) bool {
    if (!std.mem.startsWith(u8, name, "__")) return false;
    for (slots) |entry| {
        for (entry.names) |candidate| if (std.mem.eql(u8, candidate, name)) return true;
    }
    return false;
}

/// Whether a method of this name is an in-place operator, such as `__iadd__`.
pub fn isInplace(comptime name: []const u8) bool {
    for (slots) |entry| {
        if ((entry.shape == .inplace or entry.shape == .inplace_power) and std.mem.eql(u8, entry.names[0], name)) return true;
    }
    return false;
}
