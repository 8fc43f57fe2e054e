//! What a method gets as its first parameter (see `function.Module` for the protocol of receivers).

const c = @import("../c.zig");
const capi = @import("capi.zig");
const enumeration = @import("enumeration.zig");
const Instance = @import("instance.zig").Instance;
const instance = @import("instance.zig");
const memory = @import("../memory.zig");
const meta = @import("../../compat/meta.zig");
const ownership = @import("ownership.zig");
const Ref = @import("Ref.zig").Ref;
const Type = @import("Type.zig").Type;

pub const Kind = enum {
    instance,
    class,
    static,
    /// It makes the value of an instance, as the constructor does.
    state,
};

/// How a function of the container `T` is called, by its first parameter.
pub fn kindOf(comptime T: type, comptime F: type) Kind {
    const types = meta.parameterTypes(F);
    if (types.len == 0) return .static;
    const First = types[0] orelse return .static;
    if (First == T or First == *T or First == *const T or First == Ref(T)) return .instance;
    return if (First == Type) .class else .static;
}

/// The receiver of a function that `kindOf` calls an instance's or a class's.
pub fn Receiver(comptime T: type, comptime F: type) type {
    const First_ = meta.parameterTypes(F)[0].?;
    if (First_ == Type) return OfClass(T);
    return if (@typeInfo(T) == .@"enum") enumeration.Receiver(T, First_) else OfInstance(T, First_);
}

fn OfClass(comptime T: type) type {
    return struct {
        pub const text = "$type";
        pub const flags = capi.METH_CLASS;
        pub const First = Type;
        pub const Hold = void;

        pub fn module(self: *c.PyObject) ?*c.PyObject {
            // The classes of enums are made by Python.
            return if (@typeInfo(T) == .@"enum") enumeration.moduleOf(self) else instance.moduleOf(T, @ptrCast(self));
        }

        pub inline fn enter(self: *c.PyObject, _: *Hold) ?Type {
            return .{ .object = .{ .ptr = self } };
        }

        pub inline fn leave(_: *c.PyObject, _: *Hold) bool {
            return true;
        }
    };
}

fn OfInstance(comptime T: type, comptime First_: type) type {
    return struct {
        pub const text = "$self";
        pub const flags = 0;
        pub const First = First_;

        pub fn module(self: *c.PyObject) ?*c.PyObject {
            return instance.moduleOf(T, c.typeOf(self));
        }

        const Value = ValueAccess(T, First);
        pub const Hold = Value.Hold;
        pub const enter = Value.enter;
        pub const leave = Value.leave;
    };
}

/// Using the value of an instance for the length of a call.
pub fn ValueAccess(comptime T: type, comptime First: type) type {
    const I = Instance(T);
    if (First == Ref(T)) return struct {
        pub const Hold = void;

        pub inline fn enter(self: *c.PyObject, _: *Hold) ?First {
            return .{ .object = .{ .ptr = self } };
        }

        pub inline fn leave(_: *c.PyObject, _: *Hold) bool {
            return true;
        }
    };
    if (First == *T) return struct {
        /// The value as it was, where something in it may have to be copied or freed.
        pub const Hold = if (I.content == .managed) T else void;

        pub inline fn enter(self: *c.PyObject, hold: *Hold) ?First {
            if (!instance.borrow(T, self, .exclusive)) return null;
            if (Hold == T) hold.* = I.value(self).*;
            return I.value(self);
        }

        pub inline fn leave(self: *c.PyObject, hold: *Hold) bool {
            if (Hold == T and ownership.isReplaced(T, hold, I.value(self))) return settle(T, self, hold);
            instance.giveBack(T, self, .exclusive);
            return true;
        }
    };
    const is_held = First == *const T or I.content != .plain;
    return struct {
        pub const Hold = void;

        pub inline fn enter(self: *c.PyObject, _: *Hold) ?First {
            if (is_held) {
                if (!instance.borrow(T, self, .shared)) return null;
            } else {
                if (!instance.mayRead(T, self)) return null;
            }
            return if (First == T) I.value(self).* else I.value(self);
        }

        pub inline fn leave(self: *c.PyObject, _: *Hold) bool {
            if (is_held) instance.giveBack(T, self, .shared);
            return true;
        }
    };
}

/// Makes what Zig code has put into a value the instance's own, frees what was there before, and gives back the borrow.
/// When memory runs out the value becomes what it was, and MemoryError is set.
noinline fn settle(comptime T: type, self: *c.PyObject, before: *T) bool {
    const value = Instance(T).value(self);
    value.* = ownership.copy(T, value.*, memory.allocator) catch {
        value.* = before.*;
        instance.giveBack(T, self, .exclusive);
        _ = c.PyErr_NoMemory();
        return false;
    };
    // Freeing may run Python code, which may use the instance again.
    instance.giveBack(T, self, .exclusive);
    ownership.freeReplaced(T, before, memory.allocator);
    return true;
}
