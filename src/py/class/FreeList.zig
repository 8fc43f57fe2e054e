//! Memory of instances that are gone, kept for the next ones of the same class: it saves Python's allocator both ways.
//!
//! Each module object has lists of its own, in its state, so that neither interpreters nor imports share one. Only
//! instances of the class itself come here, which all have one size; those of classes that derive from it do not. Kept
//! memory holds no references: that to the class is given back with the instance, and taken anew by `PyObject_Init`, as
//! `PyType_GenericAlloc` does it. The stable ABI hides where a class has its module, and a free-threaded build would need
//! a lock: there are no lists there.

const FreeList = @This();

const std = @import("std");
const abi = @import("../abi.zig");
const c = @import("../c.zig");
const capi = @import("capi.zig");
const layout = @import("layout.zig");
const registry = @import("../registry.zig");
const Instance = @import("instance.zig").Instance;
const instance = @import("instance.zig");
const State = @import("../State.zig");

first: ?*Link,
count: usize,

/// What lies in kept memory.
const Link = struct { next: ?*Link };

/// Whether there are lists at all.
pub const enabled = abi.layouts_known and !abi.free_threaded;

/// Of a list that takes nothing any more, since its module is being cleared.
const closed = std.math.maxInt(usize);

const bytes_max = 4096;
/// Python gets larger blocks from the C library, and does not ask for them often.
const instance_size_max = 256;

/// How many instances of the class of `T`, a registered type, are kept; 0 for none.
fn capacityOf(comptime T: type) usize {
    @setEvalBranchQuota(1_000_000);
    if (!enabled or registry.classes[registry.indexOf(T).?].kind != .class) return 0;
    const I = Instance(T);
    if (I.at_end or I.size > instance_size_max) return 0;
    return bytes_max / I.size;
}

/// The list of a class, or null when it is not the class of `T` itself, or has lost its module to the garbage collector.
inline fn of(comptime T: type, class: *c.PyTypeObject) ?*FreeList {
    const state = instance.ownState(T, class) orelse return null;
    return state.freeList(T);
}

/// A new instance as `PyType_GenericAlloc` makes it, but that the memory of its value is undefined. Null, without an
/// exception, when there is none.
pub inline fn take(comptime T: type, class: *c.PyTypeObject) ?*c.PyObject {
    if (comptime capacityOf(T) == 0) return null;
    const list = of(T, class) orelse return null;
    const link = list.first orelse return null;
    list.first = link.next;
    list.count -= 1;
    const memory: [*]u8 = @ptrCast(link);
    @memset(memory[@sizeOf(c.PyObject)..Instance(T).value_at], 0);
    const self = capi.PyObject_Init(@ptrCast(@alignCast(memory)), class);
    if (Instance(T).is_gc) capi.PyObject_GC_Track(self);
    return self;
}

/// Keeps the memory of an instance whose value is gone and which the garbage collector has been told to forget. Returns
/// false when it has to be freed.
pub inline fn keep(comptime T: type, self: *c.PyObject) bool {
    if (comptime capacityOf(T) == 0) return false;
    const class = c.typeOf(self);
    const list = of(T, class) orelse return false;
    if (list.count >= comptime capacityOf(T)) return false;
    // The collector notes in an instance's memory that `__del__`, which Python code can add to a class, has run.
    if (Instance(T).is_gc and layout.of(class).finalize != null) return false;
    const link: *Link = @ptrCast(@alignCast(self));
    link.* = .{ .next = list.first };
    list.first = link;
    list.count += 1;
    c.Py_DecRef(&class.object);
    return true;
}

/// Frees what all lists of a module keep, and closes them.
pub fn endAll(state: State) void {
    if (!enabled) return;
    @setEvalBranchQuota(1_000_000);
    inline for (registry.classes) |class| if (comptime capacityOf(class.type) > 0) {
        end(state.freeList(class.type), if (Instance(class.type).is_gc) &c.PyObject_GC_Del else &capi.PyObject_Free);
    };
}

noinline fn end(list: *FreeList, free: *const fn (memory: *c.PyObject) callconv(.c) void) void {
    var next = list.first;
    list.* = .{ .first = null, .count = closed };
    while (next) |link| {
        next = link.next;
        free(@ptrCast(@alignCast(link)));
    }
}
