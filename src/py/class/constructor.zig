//! Making instances: `tp_vectorcall` where the build can have it, and `tp_new` with `tp_init` for derived classes.

const std = @import("std");
const abi = @import("../abi.zig");
const c = @import("../c.zig");
const function = @import("../function.zig");
const memory = @import("../memory.zig");
const meta = @import("../../compat/meta.zig");
const Names = @import("../Names.zig");
const Scope = @import("../Scope.zig");
const Description = @import("Description.zig");
const Instance = @import("instance.zig").Instance;
const instance = @import("instance.zig");
const operators = @import("operators.zig");
const vector = @import("vector.zig");

/// Whether classes are called without a tuple and a dict being made.
pub const has_vectorcall = abi.layouts_known or abi.minor >= 14;

/// The number of arguments of a vectorcall, without the flag `PY_VECTORCALL_ARGUMENTS_OFFSET`.
pub inline fn argumentCount(count: usize) c.Size {
    return @intCast(count << 1 >> 1);
}

pub fn Constructor(comptime T: type, comptime description: Description, comptime names: Names) type {
    const signature = description.constructor.signature() orelse return struct {
        pub fn new(class: *c.PyTypeObject, _: *c.PyObject, _: ?*c.PyObject) callconv(.c) ?*c.PyObject {
            const name = c.PyObject_GetAttrString(&class.object, "__qualname__") orelse return null;
            defer c.Py_DecRef(name);
            return c.PyErr_Format(c.exception("TypeError"), "cannot create '%S' instances", name);
        }
    };
    const construct = if (description.constructor == .init) T.init else fromFields(T);
    const F = function.Function(construct, .{
        .name = description.class.name,
        .signature = signature,
        .doc = "",
        .names = names,
        .Receiver = Receiver(T, ""),
    });
    if (meta.ResultOf(@TypeOf(construct)) != T) @compileError("init of class " ++ @typeName(T) ++
        " returns " ++ @typeName(meta.returnType(@TypeOf(construct)).?) ++ "; return the struct itself, or an error union of it");

    return struct {
        /// `tp_new`. Arguments are `init`'s business, as for a class written in Python.
        pub fn new(class: *c.PyTypeObject, _: *c.PyObject, _: ?*c.PyObject) callconv(.c) ?*c.PyObject {
            return c.PyType_GenericAlloc(class, 0);
        }

        pub fn init(self: *c.PyObject, arguments: *c.PyObject, keywords: ?*c.PyObject) callconv(.c) c_int {
            const made = vector.call(F.callWithKeywords, self, arguments, keywords) orelse return -1;
            c.Py_DecRef(made);
            return 0;
        }

        /// Of the class itself: classes that derive from it do not inherit it.
        pub fn vectorcall(class: *c.PyObject, objects: [*]const *c.PyObject, count: usize, keywords: ?*c.PyObject) callconv(.c) ?*c.PyObject {
            return @call(.always_inline, F.callWithKeywords, .{ class, objects, argumentCount(count), keywords });
        }
    };
}

/// The receiver of a constructor is the class, which gets a new instance, or an instance that `__init__` or `__setstate__` was called on.
/// `written` is how a signature names it.
pub fn Receiver(comptime T: type, comptime written: []const u8) type {
    return struct {
        pub const text = written;
        pub const flags = 0;
        pub const First = void;
        pub const Result = ?*c.PyObject;
        pub const failed: Result = null;
        pub const allocator = memory.allocator;

        /// Constructors are often called with keywords.
        pub const expects_keywords = true;

        pub fn module(self: *c.PyObject) ?*c.PyObject {
            if (c.typeOf(self) == c.typeObject("PyType_Type")) {
                @branchHint(.likely);
                return instance.moduleOf(T, @ptrCast(self));
            }
            const own = instance.classIn(T, c.typeOf(self));
            return instance.moduleOf(T, own orelse @ptrCast(self));
        }

        pub inline fn finish(self: *c.PyObject, result: anytype, _: *Scope) Result {
            var value: T = operators.unwrap(result) catch return null;
            if (c.typeOf(self) == c.typeObject("PyType_Type")) {
                @branchHint(.likely);
                return instance.create(T, @ptrCast(self), &value);
            }
            return storeIn(self, &value);
        }

        noinline fn storeIn(self: *c.PyObject, value: *T) Result {
            if (instance.classIn(T, c.typeOf(self)) == null) return instance.create(T, @ptrCast(self), value);
            if (instance.store(T, self, value)) return c.newSingletonReference(c.none());
            if (Instance(T).manual) instance.destroyValue(T, value);
            return null;
        }
    };
}

/// A function that puts a value of `T` together from values of its bases, outermost first, and of itself, of which only
/// the fields that are parameters of the constructor are set.
fn fromFields(comptime T: type) FromFields(T) {
    const Base = Instance(T).base orelse return struct {
        fn construct(own: T) T {
            return complete(T, own);
        }
    }.construct;
    const Above = Instance(Base.type).base orelse return struct {
        fn construct(base: Base.type, own: T) T {
            var value = complete(T, own);
            @field(value, Base.field) = complete(Base.type, base);
            return value;
        }
    }.construct;
    return struct {
        fn construct(above: Above.type, base: Base.type, own: T) T {
            var value = complete(T, own);
            @field(value, Base.field) = complete(Base.type, base);
            @field(@field(value, Base.field), Above.field) = complete(Above.type, above);
            return value;
        }
    }.construct;
}

fn FromFields(comptime T: type) type {
    const Base = Instance(T).base orelse return fn (T) T;
    const Above = Instance(Base.type).base orelse return fn (Base.type, T) T;
    if (Instance(Above.type).base != null) @compileError("class " ++ @typeName(T) ++ " derives over more than three steps; give it an init function");
    return fn (Above.type, Base.type, T) T;
}

/// Private fields have their defaults.
fn complete(comptime T: type, given: T) T {
    var value = given;
    const public = comptime Description.of(T).attributes;
    inline for (comptime meta.structFields(T)) |field| {
        const is_parameter = comptime for (public) |attribute| {
            if (std.mem.eql(u8, attribute.field.name, field.name)) break true;
        } else false;
        if (!is_parameter) if (comptime field.default()) |default| {
            @field(value, field.name) = default;
        };
    }
    return value;
}
