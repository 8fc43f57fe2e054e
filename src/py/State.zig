//! What one module object holds: its classes, objects of other modules that converters fetch once, and interned names.
//! Nothing of it is global, so that every interpreter, and every import anew, has its own.

const State = @This();

const std = @import("std");
const c = @import("c.zig");
const registry = @import("registry.zig");
const FreeList = @import("class/FreeList.zig");
const Teardown = @import("class/Teardown.zig");

/// First a `Teardown` and the free lists of the classes. Then references, null until they are made: classes as
/// `registry.classes`, then `Imported`, `Made` and `Attribute`, then names as `Names` has them.
slots: [*]?*c.PyObject,

/// A class or function of another module, fetched when it is first needed.
pub const Imported = enum {
    @"builtins.staticmethod",
    @"copyreg.__newobj__",
    @"datetime.date",
    @"datetime.datetime",
    @"datetime.time",
    @"datetime.timedelta",
    @"datetime.timezone",
    @"decimal.Decimal",
    @"enum.Enum",
    @"enum.IntEnum",
    @"enum.IntFlag",
    @"fractions.Fraction",
    @"uuid.UUID",
};

/// A class of this library's own, made when it is first needed.
pub const Made = enum { array_exporter, iterator };

/// An attribute that converters read, whose name is interned when it is first needed: CPython finds those faster.
pub const Attribute = enum {
    bytes,
    day,
    days,
    denominator,
    fold,
    hour,
    microsecond,
    microseconds,
    minute,
    month,
    numerator,
    second,
    seconds,
    utcoffset,
    year,
};

const first_free_list = if (Teardown.enabled) @divExact(@sizeOf(Teardown), @sizeOf(usize)) else 0;
const first_class = first_free_list + if (FreeList.enabled) registry.classes.len * @divExact(@sizeOf(FreeList), @sizeOf(usize)) else 0;
const first_imported = first_class + registry.classes.len;
const first_made = first_imported + std.enums.values(Imported).len;
const first_attribute = first_made + std.enums.values(Made).len;
const first_name = first_attribute + std.enums.values(Attribute).len;

/// Bytes of state of a module with `name_count` interned names.
pub fn size(comptime name_count: usize) usize {
    return (first_name + name_count) * @sizeOf(?*c.PyObject);
}

/// The state of a module object of ours, or null before it is made and after it is freed.
pub inline fn of(module: *c.PyObject) ?State {
    return .{ .slots = @ptrCast(@alignCast(c.moduleState(module) orelse return null)) };
}

/// The interned names of a module object.
pub inline fn names(module: *c.PyObject) [*]const *c.PyObject {
    const slots: [*]?*c.PyObject = @ptrCast(@alignCast(c.moduleState(module).?));
    return @ptrCast(slots + first_name);
}

/// Where the class of a registered type is.
pub fn class(state: State, comptime T: type) *?*c.PyObject {
    return state.classAt(comptime registry.indexOf(T).?);
}

/// Where the class of `registry.classes[index]` is.
pub fn classAt(state: State, index: usize) *?*c.PyObject {
    return &state.slots[first_class + index];
}

/// The memory of instances that are gone, of a registered type.
pub inline fn freeList(state: State, comptime T: type) *FreeList {
    return &@as([*]FreeList, @ptrCast(state.slots + first_free_list))[comptime registry.indexOf(T).?];
}

/// The instances that are being freed.
pub inline fn teardown(state: State) *Teardown {
    return @ptrCast(state.slots);
}

/// A borrowed reference, or null with an exception set.
pub fn imported(state: State, comptime what: Imported) ?*c.PyObject {
    const slot = &state.slots[first_imported + @intFromEnum(what)];
    if (slot.* == null) slot.* = import(@tagName(what));
    return slot.*;
}

/// Where a class of `Made` is.
pub fn made(state: State, what: Made) *?*c.PyObject {
    return &state.slots[first_made + @intFromEnum(what)];
}

/// The name of an attribute as a str, borrowed, or null with an exception set.
pub fn attribute(state: State, what: Attribute) ?*c.PyObject {
    const slot = &state.slots[first_attribute + @intFromEnum(what)];
    if (slot.* == null) slot.* = c.PyUnicode_InternFromString(@tagName(what));
    return slot.*;
}

/// A new reference to `module.name`, or null with an exception set.
pub fn import(comptime path: [:0]const u8) ?*c.PyObject {
    const dot = comptime std.mem.lastIndexOfScalar(u8, path, '.').?;
    const module = c.PyImport_ImportModule(path[0..dot] ++ "") orelse return null;
    defer c.Py_DecRef(module);
    return c.PyObject_GetAttrString(module, path[dot + 1 ..]);
}

/// Interns the names of a module object. Returns false with an exception set.
pub fn intern(state: State, list: []const [:0]const u8) bool {
    for (list, state.slots[first_name..]) |text, *slot| {
        slot.* = c.PyUnicode_InternFromString(text) orelse return false;
    }
    return true;
}

fn references(module: *c.PyObject) []?*c.PyObject {
    const state = of(module) orelse return &.{};
    const bytes: usize = @intCast(c.PyModule_GetDef(module).?.state_size);
    return state.slots[first_class..@divExact(bytes, @sizeOf(?*c.PyObject))];
}

/// `m_traverse` of every module.
pub fn traverse(module: *c.PyObject, visit: c.Visit, argument: ?*anyopaque) callconv(.c) c_int {
    for (references(module)) |slot| {
        const status = visit(slot orelse continue, argument);
        if (status != 0) return status;
    }
    return 0;
}

/// `m_clear` of every module.
pub fn clear(module: *c.PyObject) callconv(.c) c_int {
    if (of(module)) |state| FreeList.endAll(state);
    for (references(module)) |*slot| {
        const object = slot.*;
        slot.* = null;
        c.Py_DecRef(object);
    }
    return 0;
}

/// `m_free` of every module; also called when its `exec` failed or has not run.
pub fn free(module: *c.PyObject) callconv(.c) void {
    _ = clear(module);
}
