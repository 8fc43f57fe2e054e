//! Freeing chains of instances that hold each other: one after another, where one within another would take the stack.
//! CPython does so for its own containers ("trashcan", `_PyTrash_begin` in Objects/object.c) and for classes written in
//! Python, but the stable ABI does not have it.

const Teardown = @This();

const abi = @import("../abi.zig");
const c = @import("../c.zig");
const capi = @import("capi.zig");
const Instance = @import("instance.zig").Instance;
const instance = @import("instance.zig");
const layout = @import("layout.zig");
const ownership = @import("ownership.zig");
const registry = @import("../registry.zig");

/// How many instances are being freed, one within another.
depth: usize,
/// Instances that wait until the outermost one is done; each has the next one in its memory.
first: ?*c.PyObject,

/// As deep as CPython goes (`PyTrash_UNWIND_LEVEL`).
const depth_max = 50;

/// Whether any class can be part of a chain: only then has the module's state room for this.
pub const enabled = blk: {
    @setEvalBranchQuota(1_000_000);
    break :blk for (registry.classes) |class| {
        if ((class.kind == .class or class.kind == .variants) and isPart(class.type)) break true;
    } else false;
};

pub fn isPart(comptime T: type) bool {
    return ownership.holdsObjects(T);
}

/// `end` frees an instance of the class of `T` that nobody refers to, and which may hold the last reference to others.
pub inline fn run(comptime T: type, self: *c.PyObject, comptime end: fn (*c.PyObject) void) void {
    const teardown = of(T, c.typeOf(self)) orelse return end(self);
    if (teardown.depth >= depth_max and Instance(T).borrows(self).* == 1) return teardown.wait(link(T, self), self);
    teardown.depth += 1;
    end(self);
    if (teardown.depth == 1) while (teardown.first) |next| teardown.finish(next);
    teardown.depth -= 1;
}

/// That of the module of the class of `T`. Null for classes that derive from it in Python, whose own `tp_dealloc` sees to
/// it, and when the garbage collector has taken the module away.
inline fn of(comptime T: type, class: *c.PyTypeObject) ?*Teardown {
    const made = if (@typeInfo(T) == .@"union") capi.baseOf(class) orelse return null else class;
    const state = instance.ownState(T, made) orelse return null;
    return state.teardown();
}

/// The word of the borrows, which is the same one in all classes, has the next instance while one waits.
inline fn link(comptime T: type, self: *c.PyObject) *usize {
    return Instance(T).borrows(self);
}

noinline fn wait(teardown: *Teardown, word: *usize, self: *c.PyObject) void {
    word.* = @intFromPtr(teardown.first);
    teardown.first = self;
}

noinline fn finish(teardown: *Teardown, self: *c.PyObject) void {
    const word: *usize = @ptrFromInt(@intFromPtr(self) + @sizeOf(c.PyObject));
    teardown.first = @ptrFromInt(word.*);
    word.* = 1;
    const T = c.typeOf(self);
    const dealloc: *const fn (*c.PyObject) callconv(.c) void = @ptrCast(@alignCast(if (abi.layouts_known)
        layout.of(T).dealloc.?
    else
        capi.PyType_GetSlot(T, c.Py_tp_dealloc).?));
    dealloc(self);
}
