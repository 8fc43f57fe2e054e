//! Instances of the extension's classes: by value, and by pointer.

const c = @import("../c.zig");
const capi = @import("../class/capi.zig");
const convert = @import("../convert.zig");
const Instance = @import("../class/instance.zig").Instance;
const instance = @import("../class/instance.zig");
const ownership = @import("../class/ownership.zig");
const registry = @import("../registry.zig");
const variants = @import("../class/variants.zig");
const Scope = @import("../Scope.zig");
const FromError = convert.FromError;

/// The converter of a struct that is a class. It comes as a copy, whose slices and objects are its own for the call; a
/// struct with `deinit` comes by pointer only. It goes to Python as a new instance.
pub fn Converter(comptime T: type) type {
    const From = struct {
        fn fromPython(object: *c.PyObject, scope: *Scope) FromError!T {
            if (!instance.isInstance(T, object)) return error.WrongType;
            if (!instance.mayRead(T, object)) return error.Python;
            const value = Instance(T).value(object);
            if (Instance(T).content == .plain) return value.*;
            const copied = ownership.copy(T, value.*, scope.allocator()) catch return scope.outOfMemory();
            ownership.forEachObject(T, @constCast(&copied), Count{ .change = .up_owned });
            return copied;
        }

        fn release(value: *T) void {
            ownership.forEachObject(T, value, Count{ .change = .down });
        }
    };
    const is_union = @typeInfo(T) == .@"union";
    const is_manual = ownership.isManual(T);
    return struct {
        pub const annotation = registry.annotationOf(T);
        pub const needs_lock = ownership.holdsObjects(T);
        pub const fromPython = if (is_manual) {} else From.fromPython;
        pub const release = if (is_manual or !ownership.holdsObjects(T)) {} else From.release;

        pub inline fn toPython(value: T, scope: *Scope) ?*c.PyObject {
            const class = (if (is_union) variants.classOf(T, &value, scope) else classFor(scope)) orelse {
                var lost = value;
                if (is_manual) instance.destroyValue(T, &lost);
                return null;
            };
            return instance.create(T, class, &value);
        }

        inline fn classFor(scope: *Scope) ?*c.PyTypeObject {
            // Mostly a method returns an instance of its own class.
            if (scope.self) |self| {
                if (capi.methodsOf(c.typeOf(self)) == @as(capi.MethodTable, &@import("../class/class_type.zig").ClassType(T).methods)) return c.typeOf(self);
            }
            return scope.class(T);
        }
    };
}

/// `py.Owned` in a copy has no reference of the copy's own yet.
const Count = struct {
    change: enum { up_owned, down },

    pub fn found(count: Count, object: *c.PyObject, is_owned: bool) void {
        switch (count.change) {
            .up_owned => if (is_owned) c.Py_IncRef(object),
            .down => c.Py_DecRef(object),
        }
    }
};

/// The converter of `*T` and `*const T`, for a struct `T` that is a class: the value inside an instance, for the call. It
/// goes to Python as the instance that it lies in, which must be one of the call's own.
pub fn Pointer(comptime P: type) type {
    const T = @typeInfo(P).pointer.child;
    const access: instance.Access = if (P == *T) .exclusive else .shared;
    const From = struct {
        fn fromPython(object: *c.PyObject, scope: *Scope) FromError!P {
            if (!instance.isInstance(T, object)) return error.WrongType;
            if (!instance.borrow(T, object, access)) return error.Python;
            scope.lend(object);
            return Instance(T).value(object);
        }

        fn release(value: *P) void {
            instance.giveBack(T, Instance(T).holder(value.*), access);
        }
    };
    // What a call puts into memory that it changes is made the instance's own only for the receiver.
    const may_come = access == .shared or Instance(T).content != .managed;
    return struct {
        pub const annotation = registry.annotationOf(T);
        pub const fromPython = if (may_come) From.fromPython else {};
        pub const release = if (may_come) From.release else {};

        pub fn toPython(value: P, scope: *Scope) ?*c.PyObject {
            const object = Instance(T).holder(value);
            if (scope.hasLent(object)) return capi.newReference(object);
            c.PyErr_SetString(c.exception("RuntimeError"), "a pointer to " ++ instance.nameOf(T) ++
                " was returned that is neither the method's instance nor an argument; return the struct itself, or a py.Ref");
            return null;
        }
    };
}
