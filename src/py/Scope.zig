//! One call from Python into Zig: what a converter may need beside the object.

const Scope = @This();

const std = @import("std");
const c = @import("c.zig");
const exceptions = @import("exceptions.zig");
const memory = @import("memory.zig");
const registry = @import("registry.zig");
const State = @import("State.zig");
const FromError = @import("convert.zig").FromError;

/// The module whose code runs, borrowed; found when it is needed where the caller does not know it.
module: ?*c.PyObject,
/// The receiver of a method, borrowed.
self: ?*c.PyObject,
/// How the module is found from `self`.
find: ?*const fn (self: *c.PyObject) ?*c.PyObject,
/// The instances that the call has pointers to, beside `self`, borrowed.
instances: Instances,
/// Memory that lives as long as the call.
arena: memory.CallArena,
/// Memory to take instead, which lives longer.
outer: ?std.mem.Allocator,
/// A list of the objects that values of this call point into; null while there are none.
kept: ?*c.PyObject,
/// How many share a scope that `create` made: the call, and iterators that it returned. 0 in all others.
holders: usize,
/// The argument that is converted, where views of it may say so later.
origin: ?*const Origin,
/// Which part of an argument was refused.
refusal: Refusal,

pub const Origin = struct {
    function: [*:0]const u8,
    parameter: [*:0]const u8,
};

/// Begins a scope where it is, since it must not be copied: it has memory of its own. `module` is null where it is not
/// known. To be ended with `deinit`. Most of it stays undefined: it would cost more to write than a call takes.
pub inline fn begin(scope: *Scope, module: ?*c.PyObject) void {
    scope.module = module;
    scope.self = null;
    scope.find = null;
    scope.instances.len = 0;
    scope.arena.begin();
    scope.outer = null;
    scope.kept = null;
    scope.holders = 0;
    scope.origin = null;
    scope.refusal.begin();
}

/// For values that go to memory of an allocator which frees it all at once.
pub fn beginIn(scope: *Scope, outer: std.mem.Allocator) void {
    scope.begin(null);
    scope.outer = outer;
}

pub inline fn deinit(scope: *Scope) void {
    scope.arena.deinit();
    if (scope.kept) |kept| c.Py_DecRef(kept);
}

/// A scope that iterators may go on to use when the call has ended, or null with an exception set. To be ended with `drop`.
pub fn create(module: ?*c.PyObject) ?*Scope {
    const scope = memory.allocator.create(Scope) catch {
        _ = c.PyErr_NoMemory();
        return null;
    };
    scope.begin(module);
    scope.holders = 1;
    return scope;
}

/// Whether it may be used after the call.
pub fn isHeld(scope: *const Scope) bool {
    return scope.holders > 0;
}

pub fn hold(scope: *Scope) void {
    _ = @atomicRmw(usize, &scope.holders, .Add, 1, .monotonic);
}

pub fn drop(scope: *Scope) void {
    if (@atomicRmw(usize, &scope.holders, .Sub, 1, .acq_rel) != 1) return;
    scope.deinit();
    memory.allocator.destroy(scope);
}

/// Keeps an object alive until the call has ended, for a value that points into it.
pub noinline fn keep(scope: *Scope, object: *c.PyObject) error{Python}!void {
    if (scope.kept == null) scope.kept = c.PyList_New(0) orelse return error.Python;
    if (c.PyList_Append(scope.kept.?, object) != 0) return error.Python;
}

/// Memory for the length of the call.
pub fn allocator(scope: *Scope) std.mem.Allocator {
    return scope.outer orelse scope.arena.interface();
}

/// Memory of one value, for the length of the call.
pub inline fn new(scope: *Scope, comptime T: type) error{OutOfMemory}!*T {
    if (scope.outer == null) if (scope.arena.createNear(T)) |value| return value;
    return scope.allocator().create(T);
}

/// Sets MemoryError, for a converter whose allocation failed.
pub fn outOfMemory(_: *Scope) error{Python} {
    _ = c.PyErr_NoMemory();
    return error.Python;
}

/// The state of the module whose code runs, or null with an exception set.
pub fn state(scope: *Scope) ?State {
    if (scope.module == null) scope.module = (if (scope.find) |find| find(scope.self.?) else current()) orelse return null;
    return State.of(scope.module.?) orelse {
        c.PyErr_SetString(c.exception("RuntimeError"), registry.extension.name ++ " is no longer loaded");
        return null;
    };
}

/// An object of another module, borrowed, or null with an exception set.
pub fn imported(scope: *Scope, comptime what: State.Imported) ?*c.PyObject {
    const module_state = scope.state() orelse return null;
    return module_state.imported(what);
}

/// Objects by the pointers that Zig code has into them. Those beyond the limit are not found again.
const Instances = struct {
    list: [8]*c.PyObject = undefined,
    len: usize = 0,
};

/// Notes that the call has a pointer into an object, so that Zig code may return it.
pub inline fn lend(scope: *Scope, object: *c.PyObject) void {
    const instances = &scope.instances;
    if (instances.len == instances.list.len) return;
    instances.list[instances.len] = object;
    instances.len += 1;
}

/// Whether the call has a pointer into an object.
pub fn hasLent(scope: *const Scope, object: *c.PyObject) bool {
    if (object == scope.self) return true;
    for (scope.instances.list[0..scope.instances.len]) |lent| if (lent == object) return true;
    return false;
}

/// The class of a registered type, borrowed, or null with an exception set.
pub inline fn class(scope: *Scope, comptime T: type) ?*c.PyTypeObject {
    // By value: a scope whose address nobody takes costs nothing.
    return @ptrCast(classAt(scope.module, scope.self, scope.find, comptime registry.indexOf(T).?));
}

noinline fn classAt(known: ?*c.PyObject, self: ?*c.PyObject, find: ?*const fn (self: *c.PyObject) ?*c.PyObject, index: usize) ?*c.PyObject {
    var scope: Scope = undefined;
    scope.begin(known);
    scope.self = self;
    scope.find = find;
    const module_state = scope.state() orelse return null;
    return module_state.classAt(index).* orelse {
        c.PyErr_SetString(c.exception("RuntimeError"), registry.extension.name ++ " is no longer loaded");
        return null;
    };
}

/// Where this interpreter has the extension's module, for code that was not called with it: the dict that CPython keeps
/// for extensions in each interpreter. Borrowed; null with an exception set.
fn current() ?*c.PyObject {
    const dict = c.PyInterpreterState_GetDict(c.PyInterpreterState_Get()) orelse return notLoaded();
    const key = c.PyUnicode_InternFromString(key_text) orelse return null;
    defer c.Py_DecRef(key);
    return c.PyDict_GetItemWithError(dict, key) orelse if (c.PyErr_Occurred() != null) null else notLoaded();
}

fn notLoaded() ?*c.PyObject {
    c.PyErr_SetString(c.exception("RuntimeError"), registry.extension.name ++ " is not loaded in this interpreter");
    return null;
}

const key_text = "alloconda:" ++ registry.extension.name;

/// Makes `module` the one that `current` finds. Returns false with an exception set.
pub fn makeCurrent(module: *c.PyObject) bool {
    const dict = c.PyInterpreterState_GetDict(c.PyInterpreterState_Get()) orelse return true;
    const key = c.PyUnicode_InternFromString(key_text) orelse return false;
    defer c.Py_DecRef(key);
    return c.PyDict_SetItem(dict, key, module) == 0;
}

/// What a converter of parts says of the part that it could not take: `return scope.refuse(Child, object, reason, .{ .item = 3 })`.
///
/// The innermost converter says what was expected, each one around it adds where.
pub fn refuse(scope: *Scope, comptime Child: type, object: *c.PyObject, reason: FromError, place: Refusal.Place) FromError {
    const refusal = &scope.refusal;
    if (reason == error.Python and refusal.depth == 0 and !exceptions.saysUnencodable(object)) return error.Python;
    if (refusal.depth == 0) {
        refusal.expected = if (reason == error.OutOfRange) range(Child) else Child.annotation;
        c.Py_DecRef(refusal.got);
        const T = &c.typeOf(object).object;
        c.Py_IncRef(T);
        refusal.got = T;
    }
    if (refusal.depth < refusal.places.len) {
        refusal.places[refusal.depth] = place;
        switch (place) {
            .key, .value => |key| c.Py_IncRef(key),
            .item, .field => {},
        }
        refusal.depth += 1;
    }
    return reason;
}

/// What a converter says in its own words of a value that it cannot take; the caller puts before it which argument that
/// is: `return scope.reject(.ValueError, "an empty name", .{})`. For converters that are `compound`.
///
/// `format` and `arguments` are those of `std.fmt`.
pub fn reject(scope: *Scope, comptime exception: exceptions.Exception, comptime format: []const u8, arguments: anytype) FromError {
    scope.forgive();
    scope.refusal.words = exceptions.formatted(format, arguments) orelse return error.Python;
    scope.refusal.exception = exception.class();
    return error.WrongType;
}

/// As `reject`, with a new str, which it takes over.
pub fn rejectWith(scope: *Scope, comptime exception: exceptions.Exception, words: *c.PyObject) FromError {
    scope.forgive();
    scope.refusal.words = words;
    scope.refusal.exception = exception.class();
    return error.WrongType;
}

fn range(comptime Child: type) [:0]const u8 {
    return if (@hasDecl(Child, "range")) Child.range ++ "" else Child.annotation ++ "";
}

/// Forgets what was refused, for a converter that tries something else.
pub fn forgive(scope: *Scope) void {
    scope.refusal.deinit();
}

pub const Refusal = struct {
    /// Annotation or range of the part; of no meaning while `depth` is 0.
    expected: [*:0]const u8,
    /// The type of the part, owned.
    got: ?*c.PyObject,
    /// What the converter says itself, in place of what was expected and got: a str, owned.
    words: ?*c.PyObject,
    /// The class to raise with `words`, borrowed.
    exception: ?*c.PyObject,
    /// From the inside out; what is nested deeper than this is not named.
    places: [8]Place,
    depth: usize,

    inline fn begin(refusal: *Refusal) void {
        refusal.got = null;
        refusal.words = null;
        refusal.depth = 0;
    }

    pub const Place = union(enum) {
        item: usize,
        /// A key of a dict, owned here.
        key: *c.PyObject,
        /// The value of a key, owned here.
        value: *c.PyObject,
        field: [*:0]const u8,
    };

    pub fn deinit(refusal: *Refusal) void {
        c.Py_DecRef(refusal.got);
        c.Py_DecRef(refusal.words);
        for (refusal.places[0..refusal.depth]) |place| switch (place) {
            .key, .value => |key| c.Py_DecRef(key),
            .item, .field => {},
        };
        refusal.begin();
    }

    /// Whether it says more than the error alone.
    pub fn isTold(refusal: *const Refusal) bool {
        return refusal.depth > 0 or refusal.words != null;
    }

    /// Where the refused part is, from the outside in: `, item 3, value of 'x'`. A new str, or null with an exception set.
    pub fn path(refusal: *const Refusal) ?*c.PyObject {
        var text = c.PyUnicode_FromFormat("") orelse return null;
        var i = refusal.depth;
        while (i > 0) {
            i -= 1;
            const longer = switch (refusal.places[i]) {
                .item => |index| c.PyUnicode_FromFormat("%U, item %zu", text, index),
                .key => |key| c.PyUnicode_FromFormat("%U, key %R", text, key),
                .value => |key| c.PyUnicode_FromFormat("%U, value of %R", text, key),
                .field => |name| c.PyUnicode_FromFormat("%U, field '%s'", text, name),
            };
            c.Py_DecRef(text);
            text = longer orelse return null;
        }
        return text;
    }
};
