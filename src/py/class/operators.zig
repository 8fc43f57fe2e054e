//! Special methods as slots of the type object: one wrapper per way in which CPython calls a slot.

const std = @import("std");
const c = @import("../c.zig");
const capi = @import("capi.zig");
const convert = @import("../convert.zig");
const errors = @import("../errors.zig");
const function = @import("../function.zig");
const meta = @import("../../compat/meta.zig");
const Names = @import("../Names.zig");
const Scope = @import("../Scope.zig");
const Description = @import("Description.zig");
const instance = @import("instance.zig");
const receiver = @import("receiver.zig");
const slot_table = @import("slot_table.zig");
const vector = @import("vector.zig");
const buffer = @import("buffer.zig");

const Object = ?*c.PyObject;

/// The function for a slot of the class of `T`, or null when the class has no method for it.
pub fn wrapper(comptime T: type, comptime description: Description, comptime slot: slot_table.Slot, comptime names: Names) ?*const anyopaque {
    const first = description.operator(slot.names[0]);
    const second = if (slot.names.len > 1) description.operator(slot.names[1]) else null;
    if (first == null and second == null) return null;
    const W = Wrappers(T, names, first, second);
    return switch (slot.shape) {
        .unary => @ptrCast(&W.unary),
        .next => @ptrCast(&W.next),
        .binary => @ptrCast(&W.binary),
        .inplace => @ptrCast(&W.inplace),
        .power => @ptrCast(&W.power),
        .inplace_power => @ptrCast(&W.inplacePower),
        .truth => @ptrCast(&W.truth),
        .length => @ptrCast(&W.length),
        .hash => @ptrCast(&W.hash),
        .contains => @ptrCast(&W.contains),
        .subscript => @ptrCast(&W.subscript),
        .store_subscript => @ptrCast(&W.storeSubscript),
        .call => @ptrCast(&W.call),
        .getattr => @ptrCast(&W.getattr),
        .setattr => @ptrCast(&W.setattr),
        .get => @ptrCast(&W.get),
        .set => @ptrCast(&W.set),
        .compare, .buffer => null,
    };
}

fn Wrappers(comptime T: type, comptime names: Names, comptime first: ?Description.Method, comptime second: ?Description.Method) type {
    return struct {
        fn unary(self: *c.PyObject) callconv(.c) Object {
            const Out = if (comptime std.mem.eql(u8, first.?.name, "__anext__")) EndOfAsync else Plain;
            return invoke(T, first.?, Out, names, self, .{});
        }

        fn next(self: *c.PyObject) callconv(.c) Object {
            return invoke(T, first.?, End, names, self, .{});
        }

        fn binary(left: *c.PyObject, right: *c.PyObject) callconv(.c) Object {
            if (first) |method| if (instance.isInstance(T, left)) {
                const result = invoke(T, method, Operand, names, left, .{right});
                if (second == null or result != notImplemented()) return result;
                c.Py_DecRef(result);
            };
            if (second) |method| if (instance.isInstance(T, right)) return invoke(T, method, Operand, names, right, .{left});
            return capi.notImplemented();
        }

        fn inplace(self: *c.PyObject, other: *c.PyObject) callconv(.c) Object {
            return invoke(T, first.?, OperandOrSelf, names, self, .{other});
        }

        fn power(left: *c.PyObject, right: *c.PyObject, modulus: *c.PyObject) callconv(.c) Object {
            if (first) |method| if (instance.isInstance(T, left)) {
                const result = powerOf(method, Operand, left, right, modulus);
                if (second == null or result != notImplemented()) return result;
                c.Py_DecRef(result);
            };
            if (second) |method| if (instance.isInstance(T, right)) return powerOf(method, Operand, right, left, modulus);
            return capi.notImplemented();
        }

        fn inplacePower(self: *c.PyObject, other: *c.PyObject, modulus: *c.PyObject) callconv(.c) Object {
            return powerOf(first.?, OperandOrSelf, self, other, modulus);
        }

        fn powerOf(comptime method: Description.Method, comptime Out: type, self: *c.PyObject, other: *c.PyObject, modulus: *c.PyObject) Object {
            const given: Object = if (modulus == c.none()) null else modulus;
            if (method.signature.parameters.len == 2) {
                if (given == null and method.signature.parameters[1].default == null) return capi.notImplemented();
                return invoke(T, method, Out, names, self, .{ other, given });
            }
            return if (given == null) invoke(T, method, Out, names, self, .{other}) else capi.notImplemented();
        }

        fn truth(self: *c.PyObject) callconv(.c) c_int {
            return invoke(T, first.?, Truth, names, self, .{});
        }

        fn length(self: *c.PyObject) callconv(.c) c.Size {
            return invoke(T, first.?, Length, names, self, .{});
        }

        fn hash(self: *c.PyObject) callconv(.c) c.Size {
            return invoke(T, first.?, Hash, names, self, .{});
        }

        fn contains(self: *c.PyObject, item: *c.PyObject) callconv(.c) c_int {
            return invoke(T, first.?, Contained, names, self, .{item});
        }

        fn subscript(self: *c.PyObject, key: *c.PyObject) callconv(.c) Object {
            return invoke(T, first.?, if (takesIndex(first.?)) Subscript else Plain, names, self, .{key});
        }

        fn storeSubscript(self: *c.PyObject, key: *c.PyObject, value: Object) callconv(.c) c_int {
            if (value) |given| if (first) |method| return invoke(T, method, if (takesIndex(method)) StoreSubscript else Status, names, self, .{ key, given });
            if (value == null) if (second) |method| return invoke(T, method, if (takesIndex(method)) StoreSubscript else Status, names, self, .{key});
            c.PyErr_SetString(c.exception("TypeError"), if (value == null) "'" ++ instance.nameOf(T) ++ "' object doesn't support item deletion" else "'" ++ instance.nameOf(T) ++ "' object does not support item assignment");
            return -1;
        }

        fn call(self: *c.PyObject, arguments: *c.PyObject, keywords: Object) callconv(.c) Object {
            return vector.call(Call(T, first.?, Plain, names).callWithKeywords, self, arguments, keywords);
        }

        /// Asked only where the usual way finds nothing, as in Python.
        fn getattr(self: *c.PyObject, name: *c.PyObject) callconv(.c) Object {
            if (capi.PyObject_GenericGetAttr(self, name)) |found| return found;
            if (c.PyErr_ExceptionMatches(c.exception("AttributeError")) == 0) return null;
            c.PyErr_Clear();
            return invoke(T, first.?, Plain, names, self, .{name});
        }

        fn setattr(self: *c.PyObject, name: *c.PyObject, value: Object) callconv(.c) c_int {
            if (value) |given| {
                if (first) |method| return invoke(T, method, Status, names, self, .{ name, given });
            } else if (second) |method| return invoke(T, method, Status, names, self, .{name});
            return capi.PyObject_GenericSetAttr(self, name, value);
        }

        fn get(self: *c.PyObject, object: Object, class: Object) callconv(.c) Object {
            return invoke(T, first.?, Plain, names, self, .{ object orelse c.none(), class orelse c.none() });
        }

        fn set(self: *c.PyObject, object: *c.PyObject, value: Object) callconv(.c) c_int {
            if (value) |given| if (first) |method| return invoke(T, method, Status, names, self, .{ object, given });
            if (value == null) if (second) |method| return invoke(T, method, Status, names, self, .{object});
            c.PyErr_SetString(c.exception("AttributeError"), if (value == null) "__delete__" else "__set__");
            return -1;
        }
    };
}

/// Borrowed.
fn notImplemented() *c.PyObject {
    return &c.typeObject("_Py_NotImplementedStruct").object;
}

/// `sq_item`, which makes a class with `__getitem__` a sequence to the interpreter.
pub fn Item(comptime subscript: *const fn (*c.PyObject, *c.PyObject) callconv(.c) Object) type {
    return struct {
        pub fn item(self: *c.PyObject, index: c.Size) callconv(.c) Object {
            const key = capi.PyLong_FromSsize_t(index) orelse return null;
            defer c.Py_DecRef(key);
            return subscript(self, key);
        }
    };
}

pub fn subscriptOf(comptime T: type, comptime description: Description, comptime names: Names) *const fn (*c.PyObject, *c.PyObject) callconv(.c) Object {
    return &Wrappers(T, names, description.operator("__getitem__"), null).subscript;
}

/// Calls a special method. `objects` are its arguments after the instance; null stands for one that is not given.
pub inline fn invoke(
    comptime T: type,
    comptime method: Description.Method,
    comptime Out: type,
    comptime names: Names,
    self: *c.PyObject,
    objects: anytype,
) Out.Result {
    const expected = method.signature.parameters.len;
    if (expected != objects.len or method.signature.args != null) @compileError("special method " ++ instance.nameOf(T) ++ "." ++ method.name ++
        std.fmt.comptimePrint(" takes {d} arguments after the instance, and Python calls it with {d}", .{ expected, objects.len }));
    const array: [objects.len]?*c.PyObject = objects;
    return Call(T, method, Out, names).invoke(self, &array, .{});
}

fn Call(comptime T: type, comptime method: Description.Method, comptime Out: type, comptime names: Names) type {
    const f = @field(T, method.member.name);
    const R = receiver.Receiver(T, @TypeOf(f));
    return function.Function(f, .{
        .name = method.name,
        .signature = method.signature,
        .doc = method.member.declaration.doc,
        .names = names,
        .Receiver = Receiver(R, Out),
    });
}

/// A receiver with what a slot makes of the call: `Out` has its `Result` type and the value `failed` for an exception, and
/// may have
/// - `from(value, scope) Result`, or `finish(self, result, scope) Result`, in place of the conversion to an object;
/// - `foreign(reason) ?Result` and `declined(result) ?Result`: see `function.Module`.
fn Receiver(comptime R: type, comptime Out: type) type {
    return struct {
        pub const text = R.text;
        pub const flags = R.flags;
        pub const First = R.First;
        pub const Hold = R.Hold;
        pub const module = R.module;
        pub const enter = R.enter;
        pub const leave = R.leave;
        pub const Result = Out.Result;
        pub const failed = Out.failed;
        pub const foreign = if (@hasDecl(Out, "foreign")) Out.foreign else {};
        pub const declined = if (@hasDecl(Out, "declined")) Out.declined else {};
        pub const finish = if (@hasDecl(Out, "finish")) Out.finish else if (@hasDecl(Out, "from")) finishValue else {};

        inline fn finishValue(_: *c.PyObject, result: anytype, scope: *Scope) Out.Result {
            return Out.from(unwrap(result) catch return Out.failed, scope);
        }
    };
}

/// The value of a result; its error becomes a Python exception.
pub inline fn unwrap(result: anytype) error{Python}!meta.payloadOf(@TypeOf(result)) {
    if (@typeInfo(@TypeOf(result)) != .error_union) return result;
    return result catch |err| {
        errors.setFromZig(err);
        return error.Python;
    };
}

fn toPython(value: anytype, scope: *Scope) Object {
    return convert.Converter(@TypeOf(value)).?.toPython(value, scope);
}

const Plain = struct {
    pub const Result = Object;
    pub const failed: Result = null;
};

/// Whether a method of brackets is asked by place, as sequences are.
fn takesIndex(comptime method: Description.Method) bool {
    if (method.signature.parameters.len == 0) return false;
    const Key = method.signature.parameters[0].type;
    if (Key == isize or Key == usize) return true;
    if (@typeInfo(Key) != .@"union") return false;
    return for (meta.unionFields(Key)) |variant| {
        if (variant.type == isize or variant.type == usize) break true;
    } else false;
}

/// An index that does not fit is as far out as any other one. Wording: `PyNumber_AsSsize_t`.
fn refuseIndex(reason: convert.FromError) bool {
    if (reason != error.OutOfRange) return false;
    c.PyErr_SetString(c.exception("IndexError"), "cannot fit 'int' into an index-sized integer");
    return true;
}

const Subscript = struct {
    pub const Result = Object;
    pub const failed: Result = null;

    pub fn foreign(reason: convert.FromError) ?Result {
        return if (refuseIndex(reason)) failed else null;
    }
};

const StoreSubscript = struct {
    pub const Result = Status.Result;
    pub const failed = Status.failed;
    pub const from = Status.from;

    pub fn foreign(reason: convert.FromError) ?Result {
        return if (refuseIndex(reason)) failed else null;
    }
};

/// The other operand of an operator may be of any type: `NotImplemented` lets Python ask that one.
pub const Operand = struct {
    pub const Result = Object;
    pub const failed: Result = null;

    pub fn foreign(reason: convert.FromError) ?Object {
        return if (reason == error.WrongType) capi.notImplemented() else null;
    }

    /// The method itself says so by `error.NotImplemented`.
    pub inline fn declined(result: anytype) ?Object {
        if (@typeInfo(@TypeOf(result)) != .error_union) return null;
        _ = result catch |err| return if (@as(anyerror, err) == error.NotImplemented) capi.notImplemented() else null;
        return null;
    }
};

/// In-place operators that return nothing return the instance.
const OperandOrSelf = struct {
    pub const Result = Object;
    pub const failed: Result = null;
    pub const foreign = Operand.foreign;
    pub const declined = Operand.declined;

    pub inline fn finish(self: *c.PyObject, result: anytype, scope: *Scope) Object {
        if (meta.payloadOf(@TypeOf(result)) != void) return function.resultToPython(result, scope);
        unwrap(result) catch return null;
        return capi.newReference(self);
    }
};

/// Null is the end, which has no exception.
const End = struct {
    pub const Result = Object;
    pub const failed: Result = null;

    pub inline fn from(value: anytype, scope: *Scope) Result {
        if (@typeInfo(@TypeOf(value)) == .optional) return toPython(value orelse return null, scope);
        return toPython(value, scope);
    }
};

const EndOfAsync = struct {
    pub const Result = Object;
    pub const failed: Result = null;

    pub fn from(value: anytype, scope: *Scope) Result {
        if (@typeInfo(@TypeOf(value)) != .optional) return toPython(value, scope);
        return toPython(value orelse {
            c.PyErr_SetNone(c.exception("StopAsyncIteration"));
            return null;
        }, scope);
    }
};

const Truth = struct {
    pub const Result = c_int;
    pub const failed: Result = -1;

    pub inline fn from(value: anytype, scope: *Scope) Result {
        if (@TypeOf(value) == bool) return @intFromBool(value);
        const object = toPython(value, scope) orelse return -1;
        defer c.Py_DecRef(object);
        return c.PyObject_IsTrue(object);
    }
};

/// What is of another type is not in a container.
const Contained = struct {
    pub const Result = c_int;
    pub const failed: Result = -1;
    pub const from = Truth.from;

    pub fn foreign(reason: convert.FromError) ?c_int {
        return if (reason == error.Python) null else 0;
    }
};

const Length = struct {
    pub const Result = c.Size;
    pub const failed: Result = -1;

    pub inline fn from(value: anytype, _: *Scope) Result {
        const size = std.math.cast(c.Size, value) orelse {
            c.PyErr_SetString(c.exception("OverflowError"), "cannot fit 'int' into an index-sized integer");
            return -1;
        };
        if (size < 0) {
            c.PyErr_SetString(c.exception("ValueError"), "__len__() should return >= 0");
            return -1;
        }
        return size;
    }
};

const Hash = struct {
    pub const Result = c.Size;
    pub const failed: Result = -1;

    pub fn from(value: anytype, _: *Scope) Result {
        return hashOf(value);
    }
};

/// Any integer as a hash, of which -1 would mean an exception.
pub fn hashOf(value: anytype) c.Size {
    const wide: i128 = value;
    const folded: usize = @truncate(@as(u128, @bitCast(wide)));
    const upper: usize = @truncate(@as(u128, @bitCast(wide)) >> 64);
    const result: c.Size = @bitCast(if (wide >= 0 and wide <= std.math.maxInt(u64) and @sizeOf(usize) == 8) folded else folded ^ upper);
    return if (result == -1) -2 else result;
}

const Status = struct {
    pub const Result = c_int;
    pub const failed: Result = -1;

    pub inline fn from(value: anytype, _: *Scope) Result {
        if (@TypeOf(value) != void) @compileError("a special method that sets or deletes returns nothing");
        return 0;
    }
};
