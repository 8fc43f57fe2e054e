//! The memory of an instance: the object's head, the state of its borrows, then the Zig value.
//!
//! Borrows: a call that has a `*T` must be the only one that uses the value, calls that have a `*const T` may share it.
//! Python code can call back into any object, so that each use of a value asks first. It costs a comparison.

const std = @import("std");
const abi = @import("../abi.zig");
const c = @import("../c.zig");
const capi = @import("capi.zig");
const layout = @import("layout.zig");
const meta = @import("../../compat/meta.zig");
const options = @import("../options.zig");
const ownership = @import("ownership.zig");
const registry = @import("../registry.zig");
const ClassType = @import("class_type.zig").ClassType;
const FreeList = @import("FreeList.zig");
const allocator = @import("../memory.zig").allocator;
const State = @import("../State.zig");

/// 0 before `__init__`, 1 when nobody uses the value, n + 1 while n calls share it.
pub const Borrows = usize;
const unborrowed: Borrows = 1;
const exclusive: Borrows = std.math.maxInt(Borrows);

/// How a method gets at the value.
pub const Access = enum { shared, exclusive };

/// Where things are in an instance of the class of `T`. All classes of one line of Zig inheritance agree on it: the value
/// of a derived class lies so that the base in it is where the base class expects it.
pub fn Instance(comptime T: type) type {
    const given = options.class(T);
    return struct {
        /// The Zig class that it derives from, and the field that holds it.
        pub const base: ?Base = baseOf(T);
        pub const Root = if (base) |b| Instance(b.type).Root else T;
        /// Derives from a Python class, whose size only the interpreter knows: all that is ours lies at the end.
        pub const at_end = given.python_base != null;
        pub const manual = ownership.isManual(T);
        /// What has to be copied and freed by the binding.
        pub const content: ownership.Content = if (manual) .foreign else ownership.contentOf(T);
        pub const has_dict = given.dict or (if (base) |b| Instance(b.type).has_dict else false);
        pub const has_weakrefs = given.weakref or (if (base) |b| Instance(b.type).has_weakrefs else false);
        pub const is_gc = has_dict or ownership.holdsObjects(T) or hasConstantOf(T) or (if (base) |b| Instance(b.type).is_gc else false);

        /// What lies before the value, from the head on.
        const borrows_at = @sizeOf(c.PyObject);
        pub const dict_at = borrows_at + @sizeOf(Borrows);
        pub const weakrefs_at = dict_at + (if (family.dict) @sizeOf(usize) else 0);
        const prefix = weakrefs_at + (if (family.weakrefs) @sizeOf(usize) else 0);
        const family = if (Root == T) familyOf(T) else Instance(Root).familyInfo();

        pub fn familyInfo() Family {
            return family;
        }

        /// Offset of `Root`'s value in `T`.
        pub const root_offset: usize = if (base) |b| @offsetOf(T, b.field) + Instance(b.type).root_offset else 0;
        pub const value_at: usize = if (Root == T) rootAt(T, prefix) else Instance(Root).value_at - root_offset;
        /// A derived class is always larger, so that Python sees that two of them cannot be joined.
        pub const size: usize = std.mem.alignForward(usize, value_at + @sizeOf(T) + 8 * depth, @sizeOf(usize));
        const depth: usize = if (base) |b| Instance(b.type).depthOf() + 1 else 0;

        pub fn depthOf() usize {
            return depth;
        }

        pub inline fn value(object: *c.PyObject) *T {
            if (at_end) return &tail(object).value;
            return @ptrFromInt(@intFromPtr(object) + value_at);
        }

        pub inline fn holder(pointer: *const T) *c.PyObject {
            if (at_end) return @as(*const Tail, @fieldParentPtr("value", pointer)).holder.?;
            return @ptrFromInt(@intFromPtr(pointer) - value_at);
        }

        pub inline fn borrows(self: *c.PyObject) *Borrows {
            if (at_end) return &tail(self).borrows;
            return @ptrFromInt(@intFromPtr(self) + borrows_at);
        }

        pub const Tail = struct { borrows: Borrows, holder: ?*c.PyObject, value: T };

        pub noinline fn tail(self: *c.PyObject) *Tail {
            const class = classIn(T, c.typeOf(self)).?;
            return @ptrFromInt(@intFromPtr(self) + capi.sizeOf(class) - tailSize());
        }

        /// The size of an instance whose class derives from `base`.
        pub fn endOf(python_class: *c.PyObject) usize {
            return std.mem.alignForward(usize, capi.sizeOf(@ptrCast(python_class)), alignment_max) + tailSize();
        }

        pub fn tailSize() usize {
            _ = requireAlignment(Tail);
            return std.mem.alignForward(usize, @sizeOf(Tail), alignment_max);
        }

        /// Where the pointer to `__dict__` is.
        pub inline fn dict(self: *c.PyObject) *?*c.PyObject {
            return @ptrFromInt(@intFromPtr(self) + dict_at);
        }
    };
}

const Base = struct { type: type, field: [:0]const u8 };

fn baseOf(comptime T: type) ?Base {
    const B = options.class(T).base orelse return null;
    if (options.class(B).python_base != null or options.class(T).python_base != null) @compileError("class " ++ @typeName(T) ++
        " cannot derive from both a class of the extension and one of Python; derive further classes in Python");
    if (registry.indexOf(B) == null) @compileError("the base " ++ @typeName(B) ++ " of class " ++ @typeName(T) ++
        " is no class of this extension; declare it with 'pub' in a file that the root file leads to");
    var found: ?Base = null;
    for (meta.structFields(T)) |field| {
        if (field.type != B) continue;
        if (found != null) @compileError("class " ++ @typeName(T) ++ " has two fields of its base's type " ++ @typeName(B) ++ "; keep one");
        found = .{ .type = B, .field = field.name };
    }
    return found orelse @compileError("class " ++ @typeName(T) ++ " derives from " ++ @typeName(B) ++ " and has no field of that type; add 'base: " ++ @typeName(B) ++ "'");
}

const Family = struct { dict: bool, weakrefs: bool };

fn familyOf(comptime Root: type) Family {
    var family: Family = .{ .dict = false, .weakrefs = false };
    const root_options = options.class(Root);
    family = .{ .dict = root_options.dict, .weakrefs = root_options.weakref };
    for (registry.classes) |class| {
        if (class.kind != .class or class.type == Root or !derives(class.type, Root)) continue;
        const given = options.class(class.type);
        family = .{ .dict = family.dict or given.dict, .weakrefs = family.weakrefs or given.weakref };
    }
    return family;
}

/// Whether the class of `T` derives from that of `Ancestor`.
pub fn derives(comptime T: type, comptime Ancestor: type) bool {
    comptime {
        if (@typeInfo(T) != .@"struct") return false;
        const base = options.class(T).base orelse return false;
        return base == Ancestor or derives(base, Ancestor);
    }
}

/// Objects are as far apart as CPython's allocator puts them.
const alignment_max = 2 * @sizeOf(usize);

/// Where the value of a class without a Zig base is: as far in as its derived classes need.
fn rootAt(comptime Root: type, comptime prefix: usize) usize {
    var at = std.mem.alignForward(usize, prefix, @max(1, requireAlignment(Root)));
    for (registry.classes) |class| {
        if (class.kind != .class or !derives(class.type, Root)) continue;
        const inner = rootOffset(class.type, Root);
        at = @max(at, std.mem.alignForward(usize, prefix, requireAlignment(class.type)) + inner);
    }
    for (registry.classes) |class| {
        if (class.kind != .class or !derives(class.type, Root)) continue;
        if ((at - rootOffset(class.type, Root)) % @alignOf(class.type) == 0) continue;
        @compileError("the base in class " ++ @typeName(class.type) ++ " cannot lie where its class expects it; write 'align(" ++
            std.fmt.comptimePrint("{d}", .{@alignOf(class.type)}) ++ ")' after the type of the field that holds it");
    }
    return at;
}

fn rootOffset(comptime T: type, comptime Root: type) usize {
    if (T == Root) return 0;
    const base = baseOf(T).?;
    return @offsetOf(T, base.field) + rootOffset(base.type, Root);
}

fn requireAlignment(comptime T: type) usize {
    if (@alignOf(T) > alignment_max) @compileError("class " ++ @typeName(T) ++ " needs memory aligned to " ++
        std.fmt.comptimePrint("{d}", .{@alignOf(T)}) ++ " bytes, and Python objects are aligned to fewer; hold it by a pointer, with init and deinit");
    return @alignOf(T);
}

/// Whether a constant of a class is an instance of the class of `T`: the class and it hold each other then.
fn hasConstantOf(comptime T: type) bool {
    for (registry.classes) |class| {
        for (meta.declarationNames(class.type)) |name| {
            const Value = @TypeOf(@field(class.type, name));
            if (Value == T or Value == ?T) return true;
        }
    }
    return false;
}

/// The class of `T` in the line of `start`, borrowed, or null.
pub inline fn classIn(comptime T: type, start: *c.PyTypeObject) ?*c.PyTypeObject {
    const table = &ClassType(T).methods;
    if (capi.methodsOf(start) == table) {
        @branchHint(.likely);
        return start;
    }
    return findClass(start, table);
}

pub noinline fn findClass(start: *c.PyTypeObject, table: capi.MethodTable) ?*c.PyTypeObject {
    var next = capi.baseOf(start);
    while (next) |T| : (next = capi.baseOf(T)) {
        if (capi.methodsOf(T) == table) return T;
    }
    return null;
}

/// Whether an object is an instance of the class of `T`.
pub inline fn isInstance(comptime T: type, object: *c.PyObject) bool {
    return classIn(T, c.typeOf(object)) != null;
}

/// The module of the class of `T` in the line of `start`, borrowed. Null with an exception set.
pub fn moduleOf(comptime T: type, start: *c.PyTypeObject) ?*c.PyObject {
    const class = classIn(T, start) orelse {
        c.PyErr_SetString(c.exception("TypeError"), "expected an instance of " ++ nameOf(T));
        return null;
    };
    return capi.moduleOf(class);
}

/// The state of the module of `class`, or null when that is not the class of `T` itself, or has lost its module to the
/// garbage collector. An exception that is set stays set.
pub inline fn ownState(comptime T: type, class: *c.PyTypeObject) ?State {
    if (capi.methodsOf(class) != @as(capi.MethodTable, &ClassType(T).methods)) return null;
    return State.of((if (abi.layouts_known) layout.moduleOf(class) else moduleQuietly(class)) orelse return null);
}

noinline fn moduleQuietly(class: *c.PyTypeObject) ?*c.PyObject {
    const pending: c.Pending = .take();
    defer pending.restore();
    return capi.moduleOf(class);
}

pub inline fn nameOf(comptime T: type) [:0]const u8 {
    return comptime registry.classes[registry.indexOf(T).?].qualifiedName();
}

/// Whether there is a value, and no call that changes it.
pub inline fn isWhole(comptime T: type, self: *c.PyObject) bool {
    return Instance(T).borrows(self).* -% 1 < exclusive - 1;
}

/// Begins to use a value. Returns false with RuntimeError set when a call uses it in a way that excludes this one.
pub inline fn borrow(comptime T: type, self: *c.PyObject, comptime access: Access) bool {
    const borrows = Instance(T).borrows(self);
    switch (access) {
        .shared => {
            if (!isWhole(T, self)) {
                @branchHint(.unlikely);
                return refuse(nameOf(T), borrows.*);
            }
            borrows.* += 1;
        },
        .exclusive => {
            if (borrows.* != unborrowed) {
                @branchHint(.unlikely);
                return refuse(nameOf(T), borrows.*);
            }
            borrows.* = exclusive;
        },
    }
    return true;
}

/// Whether a value may be looked at. Returns false with RuntimeError set.
pub inline fn mayRead(comptime T: type, self: *c.PyObject) bool {
    if (!isWhole(T, self)) {
        @branchHint(.unlikely);
        return refuse(nameOf(T), Instance(T).borrows(self).*);
    }
    return true;
}

/// Whether a value may be changed. Returns false with RuntimeError set.
pub inline fn mayWrite(comptime T: type, self: *c.PyObject) bool {
    const borrows = Instance(T).borrows(self).*;
    if (borrows != unborrowed) {
        @branchHint(.unlikely);
        return refuse(nameOf(T), borrows);
    }
    return true;
}

/// Ends what `borrow` has begun.
pub inline fn giveBack(comptime T: type, self: *c.PyObject, comptime access: Access) void {
    const borrows = Instance(T).borrows(self);
    switch (access) {
        .shared => borrows.* -= 1,
        .exclusive => borrows.* = unborrowed,
    }
}

noinline fn refuse(name: [*:0]const u8, borrows: Borrows) bool {
    const reason: [*:0]const u8 = switch (borrows) {
        0 => "%s.__init__() has not been called",
        exclusive => "%s is being changed by a running call",
        else => "%s is in use by a running call and cannot be changed",
    };
    _ = c.PyErr_Format(c.exception("RuntimeError"), reason, name);
    return false;
}

/// What an instance may keep of a value that Zig code has made, or null with MemoryError set.
pub inline fn keep(comptime T: type, value: *const T) ?T {
    if (comptime Instance(T).content != .managed) return value.*;
    return ownership.copy(T, value.*, allocator) catch {
        _ = c.PyErr_NoMemory();
        return null;
    };
}

/// A new instance of `class`, or null with an exception set.
pub inline fn create(comptime T: type, class: *c.PyTypeObject, value: *const T) ?*c.PyObject {
    if (Instance(T).at_end) return createByPython(T, class, value);
    const kept = keep(T, value) orelse return null;
    const self = FreeList.take(T, class) orelse c.PyType_GenericAlloc(class, 0) orelse {
        var lost = kept;
        destroyValue(T, &lost);
        return null;
    };
    Instance(T).value(self).* = kept;
    Instance(T).borrows(self).* = unborrowed;
    return self;
}

/// As `create`, where the base's `__new__` has to make the instance.
fn createByPython(comptime T: type, class: *c.PyTypeObject, value: *const T) ?*c.PyObject {
    const self = c.PyObject_CallMethod(&class.object, "__new__", "O", class) orelse return null;
    if (store(T, self, value)) return self;
    c.Py_DecRef(self);
    return null;
}

/// Whether an instance is of the class of `T` and of none that derives from it in Zig: those have more to initialise.
/// Returns false with TypeError set.
fn isOwn(comptime T: type, self: *c.PyObject) bool {
    inline for (registry.classes) |class| {
        if (comptime class.kind == .class and derives(class.type, T)) if (isInstance(class.type, self)) {
            c.PyErr_SetString(c.exception("TypeError"), nameOf(class.type) ++ ".__init__() must be called, and not that of its base " ++ nameOf(T));
            return false;
        };
    }
    return true;
}

/// Puts a value into an instance that has been made by Python, for the first time or anew. Returns false with an
/// exception set.
pub fn store(comptime T: type, self: *c.PyObject, value: *const T) bool {
    const borrows = Instance(T).borrows(self);
    if (!isOwn(T, self)) return false;
    if (borrows.* != 0) {
        if (options.class(T).frozen) {
            c.PyErr_SetString(c.exception("TypeError"), nameOf(T) ++ ".__init__() has been called before, and instances cannot be changed");
            return false;
        }
        if (!mayWrite(T, self)) return false;
    }
    const kept = keep(T, value) orelse return false;
    var old = Instance(T).value(self).*;
    const had_value = borrows.* != 0;
    Instance(T).value(self).* = kept;
    if (Instance(T).at_end) Instance(T).tail(self).holder = self;
    borrows.* = unborrowed;
    if (had_value) destroyValue(T, &old);
    return true;
}

/// Ends the life of a value that no instance has any more.
pub fn destroyValue(comptime T: type, value: *T) void {
    if (comptime Instance(T).manual) return callDeinit(T, value);
    if (comptime Instance(T).content == .managed) ownership.free(T, value, allocator);
}

fn callDeinit(comptime T: type, value: *T) void {
    const parameters = comptime meta.parameterTypes(@TypeOf(T.deinit));
    const self = if (parameters[0].? == T) value.* else value;
    switch (parameters.len) {
        1 => T.deinit(self),
        2 => T.deinit(self, allocator),
        else => @compileError(@typeName(T) ++ ".deinit takes more than the instance and an allocator, which Python cannot give it"),
    }
}
