//! The end of an instance, and what the garbage collector asks.

const c = @import("../c.zig");
const capi = @import("capi.zig");
const FreeList = @import("FreeList.zig");
const Instance = @import("instance.zig").Instance;
const instance = @import("instance.zig");
const ownership = @import("ownership.zig");
const Teardown = @import("Teardown.zig");

pub fn Lifetime(comptime T: type) type {
    const I = Instance(T);
    return struct {
        pub fn dealloc(self: *c.PyObject) callconv(.c) void {
            if (I.is_gc) c.PyObject_GC_UnTrack(self);
            if (comptime Teardown.isPart(T)) Teardown.run(T, self, end) else end(self);
        }

        fn end(self: *c.PyObject) void {
            if (I.has_weakrefs) capi.PyObject_ClearWeakRefs(self);
            if (I.content != .plain) endValue(self);
            if (I.has_dict) clearDict(self);
            if (!FreeList.keep(T, self)) capi.free(self);
        }

        /// `deinit` may run Python code, which must not see or lose the exception of the code that dropped the instance.
        fn endValue(self: *c.PyObject) void {
            const borrows = I.borrows(self);
            if (borrows.* == 0) return;
            borrows.* = 0;
            if (!I.manual) return instance.destroyValue(T, I.value(self));
            const pending: c.Pending = .take();
            defer pending.restore();
            instance.destroyValue(T, I.value(self));
        }

        /// `tp_finalize` of a class that derives from a Python class: memory is that one's business.
        pub fn finalize(self: *c.PyObject) callconv(.c) void {
            if (I.borrows(self).* == 1) endValue(self);
        }

        fn clearDict(self: *c.PyObject) void {
            const dict = I.dict(self).*;
            I.dict(self).* = null;
            c.Py_DecRef(dict);
        }

        pub fn traverse(self: *c.PyObject, visit: c.Visit, argument: ?*anyopaque) callconv(.c) c_int {
            var visitor: Visitor = .{ .visit = visit, .argument = argument };
            visitor.found(&c.typeOf(self).object, false);
            if (I.has_dict) if (I.dict(self).*) |dict| visitor.found(dict, false);
            // What a call is changing may be half done. An object that nobody shows to the collector stays alive.
            if (instance.isWhole(T, self)) ownership.forEachObject(T, I.value(self), &visitor);
            return visitor.status;
        }

        /// Ends the value, unless a call uses it: then the instance is no garbage for long.
        pub fn clear(self: *c.PyObject) callconv(.c) c_int {
            if (comptime ownership.holdsObjects(T)) {
                if (I.borrows(self).* == 1) endValue(self);
            }
            if (I.has_dict) clearDict(self);
            return 0;
        }
    };
}

const Visitor = struct {
    visit: c.Visit,
    argument: ?*anyopaque,
    status: c_int = 0,

    pub fn found(visitor: *Visitor, object: *c.PyObject, _: bool) void {
        if (visitor.status == 0) visitor.status = visitor.visit(object, visitor.argument);
    }
};
