//! Zig iterators as Python iterators: a value with `next` is moved into an object that asks it for one item at a time.
//!
//! The object owns the memory of the call that made it, and keeps that call's arguments alive, so that the iterator may
//! point into both. All of it is given back when the iterator is exhausted, fails, or is dropped.

const c = @import("../c.zig");
const convert = @import("../convert.zig");
const errors = @import("../errors.zig");
const memory = @import("../memory.zig");
const meta = @import("../../compat/meta.zig");
const registry = @import("../registry.zig");
const Scope = @import("../Scope.zig");

/// Whether a type has `fn next(*T) ?Item`, or one that can fail.
pub fn isIterator(comptime T: type) bool {
    return ItemOf(T) != null;
}

/// What `next` gives, or null where there is none.
pub fn ItemOf(comptime T: type) ?type {
    if (!@hasDecl(T, "next") or @typeInfo(@TypeOf(T.next)) != .@"fn") return null;
    const types = meta.parameterTypes(@TypeOf(T.next));
    if (types.len != 1) return null;
    const First = types[0] orelse return null;
    if (First != *T and First != *const T and First != T) return null;
    const Result = @typeInfo(@TypeOf(T.next)).@"fn".return_type orelse return null;
    const Payload = if (@typeInfo(Result) == .error_union) @typeInfo(Result).error_union.payload else Result;
    return if (@typeInfo(Payload) == .optional) @typeInfo(Payload).optional.child else null;
}

/// The converter of an iterator, to Python only, or null when its items have no way there.
///
/// If it has `deinit`, that is called in the end.
pub fn Lazy(comptime T: type) ?type {
    const Item = ItemOf(T) orelse return null;
    if (!convert.goesToPython(Item)) return null;
    return struct {
        pub const annotation = "Iterator[" ++ convert.resultAnnotation(convert.Converter(Item).?) ++ "]";
        pub const is_lazy = true;
        pub const needs_lock = false;

        /// `base` is first, so that a pointer to it is one to the whole.
        const Held = struct {
            base: Base,
            value: T,

            fn of(base: *Base) *Held {
                return @alignCast(@fieldParentPtr("base", base));
            }
        };

        pub fn toPython(value: T, scope: *Scope) ?*c.PyObject {
            var moved = value;
            const held = memory.allocator.create(Held) catch {
                end(&moved);
                return c.PyErr_NoMemory();
            };
            held.* = .{ .base = .{ .scope = scope, .next = &next, .destroy = &destroy }, .value = moved };
            return newObject(&held.base);
        }

        fn next(base: *Base) ?*c.PyObject {
            const result = Held.of(base).value.next();
            const item = if (@typeInfo(@TypeOf(result)) == .error_union) result catch |err| {
                errors.setFromZig(err);
                return null;
            } else result;
            return convert.Converter(Item).?.toPython(item orelse return null, base.scope);
        }

        fn destroy(base: *Base) void {
            const held = Held.of(base);
            end(&held.value);
            memory.allocator.destroy(held);
        }

        fn end(value: *T) void {
            if (!@hasDecl(T, "deinit")) return;
            const types = comptime meta.parameterTypes(@TypeOf(T.deinit));
            if (types.len == 1) value.deinit();
        }
    };
}

/// What all iterators have in common.
const Base = struct {
    scope: *Scope,
    /// A new reference, or null: with an exception set when it failed, without one at the end.
    next: *const fn (base: *Base) ?*c.PyObject,
    destroy: *const fn (base: *Base) void,
};

const Object = extern struct {
    head: c.PyObject,
    /// Null when it is exhausted.
    base: ?*Base,
    /// Set while `next` runs: it is not entered twice, neither from its own code nor from another thread.
    running: bool,
};

/// Takes over `base`, also when it fails.
fn newObject(base: *Base) ?*c.PyObject {
    const scope = base.scope;
    const object = allocate(scope) orelse {
        base.destroy(base);
        return null;
    };
    scope.hold();
    object.base = base;
    return &object.head;
}

fn allocate(scope: *Scope) ?*Object {
    if (!scope.isHeld()) {
        c.PyErr_SetString(c.exception("RuntimeError"), "an iterator can only be the result of a function");
        return null;
    }
    const T = class(scope) orelse return null;
    const object: *Object = @ptrCast(@alignCast(c.PyType_GenericAlloc(T, 0) orelse return null));
    // The rest of a new object is zeros.
    return object;
}

/// The module's class of iterators, borrowed; made when it is first needed.
fn class(scope: *Scope) ?*c.PyTypeObject {
    const state = scope.state() orelse return null;
    const slot = state.made(.iterator);
    if (slot.* == null) slot.* = c.PyType_FromModuleAndSpec(scope.module.?, &specification, null);
    return @ptrCast(slot.*);
}

const specification: c.PyType_Spec = .{
    .name = registry.extension.name ++ ".iterator",
    .basic_size = @sizeOf(Object),
    .flags = c.Py_TPFLAGS_DEFAULT | c.Py_TPFLAGS_HAVE_GC | c.Py_TPFLAGS_DISALLOW_INSTANTIATION | c.Py_TPFLAGS_IMMUTABLETYPE,
    .slots = &.{
        .{ .slot = c.Py_tp_dealloc, .value = &dealloc },
        .{ .slot = c.Py_tp_traverse, .value = &traverse },
        .{ .slot = c.Py_tp_clear, .value = &clear },
        .{ .slot = c.Py_tp_iter, .value = &itself },
        .{ .slot = c.Py_tp_iternext, .value = &iternext },
        .{},
    },
};

fn itself(self: *c.PyObject) callconv(.c) *c.PyObject {
    c.Py_IncRef(self);
    return self;
}

fn iternext(self: *Object) callconv(.c) ?*c.PyObject {
    if (@atomicRmw(bool, &self.running, .Xchg, true, .acquire)) {
        c.PyErr_SetString(c.exception("ValueError"), "iterator already executing");
        return null;
    }
    defer @atomicStore(bool, &self.running, false, .release);
    const base = self.base orelse return null;
    return base.next(base) orelse {
        finish(self);
        return null;
    };
}

fn finish(self: *Object) void {
    const base = self.base orelse return;
    self.base = null;
    const scope = base.scope;
    base.destroy(base);
    scope.drop();
}

fn dealloc(self: *Object) callconv(.c) void {
    const T = c.typeOf(&self.head);
    c.PyObject_GC_UnTrack(&self.head);
    finish(self);
    c.PyObject_GC_Del(&self.head);
    c.Py_DecRef(&T.object);
}

fn traverse(self: *Object, visit: c.Visit, argument: ?*anyopaque) callconv(.c) c_int {
    const status = visit(&c.typeOf(&self.head).object, argument);
    if (status != 0) return status;
    const base = self.base orelse return 0;
    // What several iterators share, none of them owns.
    if (base.scope.holders != 1) return 0;
    return visit(base.scope.kept orelse return 0, argument);
}

fn clear(self: *Object) callconv(.c) c_int {
    finish(self);
    return 0;
}
