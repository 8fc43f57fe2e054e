//! Copying and pickling: what a class gets for it from its fields, and what one says that cannot.

const std = @import("std");
const attributes = @import("attributes.zig");
const c = @import("../c.zig");
const capi = @import("capi.zig");
const convert = @import("../convert.zig");
const derived = @import("derived.zig");
const Description = @import("Description.zig");
const Instance = @import("instance.zig").Instance;
const instance = @import("instance.zig");
const meta = @import("../../compat/meta.zig");
const options = @import("../options.zig");
const ownership = @import("ownership.zig");
const Scope = @import("../Scope.zig");
const variants = @import("variants.zig");

/// The methods that `copy` and `pickle` ask for, but for those of classes that write one of them.
pub fn methods(comptime T: type, comptime description: Description) []const c.PyMethodDef {
    for (written) |name| if (description.hasMethod(name)) return &.{};
    if (@typeInfo(T) == .@"union") return &OfVariant(T).methods;
    return if (Description.isMadeOfAttributes(T)) &OfAttributes(T).methods else &Refusal(T).methods;
}

const written = .{ "__reduce__", "__reduce_ex__", "__getstate__", "__setstate__", "__getnewargs__", "__getnewargs_ex__" };

/// `__reduce__` and `__setstate__`, for classes that are nothing but their attributes: copying and pickling make an empty
/// instance and then give it its state, so that cycles, derived classes and attributes in `__dict__` come through.
fn OfAttributes(comptime T: type) type {
    return struct {
        pub const methods = [_]c.PyMethodDef{
            .{ .name = "__reduce__", .function = &reduce, .flags = c.METH_NOARGS, .doc = "__reduce__($self, /)\n--\n\nHelper for copy and pickle." },
            .{ .name = "__setstate__", .function = &setState, .flags = capi.METH_O, .doc = "__setstate__($self, state, /)\n--\n\nHelper for copy and pickle." },
        };

        fn reduce(self: *c.PyObject, _: ?*c.PyObject) callconv(.c) ?*c.PyObject {
            var scope: Scope = undefined;
            attributes.beginScope(T, self, &scope);
            defer scope.deinit();
            const make = scope.imported(.@"copyreg.__newobj__") orelse return null;
            const class = capi.tupleOf(&.{capi.newReference(&c.typeOf(self).object)});
            const state = capi.tupleOf(&.{ derived.fields(T, self), dictOf(self) });
            return capi.tupleOf(&.{ capi.newReference(make), class, state });
        }

        fn setState(self: *c.PyObject, state: *c.PyObject) callconv(.c) ?*c.PyObject {
            const tuple_type = c.typeObject("PyTuple_Type");
            const all = comptime Description.allAttributes(T);
            const given = if (c.typeOf(state) == tuple_type and c.tupleSize(state) == 2) c.tupleItem(state, 0) else null;
            if (given == null or c.typeOf(given.?) != tuple_type or c.tupleSize(given.?) != all.len) {
                c.PyErr_SetString(c.exception("TypeError"), instance.nameOf(T) ++ ".__setstate__() needs the state that __reduce__() gave");
                return null;
            }
            var scope: Scope = undefined;
            attributes.beginScope(T, self, &scope);
            defer scope.deinit();
            var value: T = undefined;
            inline for (all, 0..) |attribute, i| {
                const C = convert.Converter(attribute.field.type).?;
                const item = c.tupleItem(given.?, i);
                fieldOf(T, &value, attribute).* = C.fromPython(item, &scope) catch |reason| {
                    @import("../bind.zig").refuseValue(&scope, instance.nameOf(T) ++ "." ++ attribute.name, C, item, reason);
                    return null;
                };
            }
            if (!instance.store(T, self, &value)) return null;
            const extra = c.tupleItem(state, 1);
            if (extra != c.none() and !updateDict(self, extra)) return null;
            return c.newSingletonReference(c.none());
        }
    };
}

/// `__reduce__` of a union's variants, which are made by their arguments.
fn OfVariant(comptime T: type) type {
    return struct {
        pub const methods = [_]c.PyMethodDef{
            .{ .name = "__reduce__", .function = &reduce, .flags = c.METH_NOARGS, .doc = "__reduce__($self, /)\n--\n\nHelper for copy and pickle." },
        };

        fn reduce(self: *c.PyObject, _: ?*c.PyObject) callconv(.c) ?*c.PyObject {
            return capi.tupleOf(&.{ capi.newReference(&c.typeOf(self).object), variants.fields(T, self) });
        }
    };
}

/// The place of an attribute in a value of `T`, which may be that of a base.
fn fieldOf(comptime T: type, value: *T, comptime attribute: Description.Attribute) *attribute.field.type {
    if (attribute.owner == T) return &@field(value, attribute.field.name);
    const Base = comptime Instance(T).base.?;
    return fieldOf(Base.type, &@field(value, Base.field), attribute);
}

/// A new reference to the `__dict__` of an instance, or to None where there is none or nothing in it.
noinline fn dictOf(self: *c.PyObject) ?*c.PyObject {
    const dict = c.PyObject_GetAttrString(self, "__dict__") orelse {
        if (c.PyErr_ExceptionMatches(c.exception("AttributeError")) == 0) return null;
        c.PyErr_Clear();
        return c.newSingletonReference(c.none());
    };
    if (c.PyDict_Size(dict) > 0) return dict;
    c.Py_DecRef(dict);
    return c.newSingletonReference(c.none());
}

noinline fn updateDict(self: *c.PyObject, extra: *c.PyObject) bool {
    const dict = c.PyObject_GetAttrString(self, "__dict__") orelse return false;
    defer c.Py_DecRef(dict);
    return capi.PyDict_Update(dict, extra) == 0;
}

/// `__reduce_ex__` of a class that has more to it than its attributes. A class derived in Python may know what to do.
fn Refusal(comptime T: type) type {
    return struct {
        pub const methods = [_]c.PyMethodDef{
            .{ .name = "__reduce_ex__", .function = &reduceEx, .flags = capi.METH_O, .doc = "__reduce_ex__($self, protocol, /)\n--\n\nHelper for copy and pickle." },
        };

        fn reduceEx(self: *c.PyObject, protocol: *c.PyObject) callconv(.c) ?*c.PyObject {
            const base: ?*c.PyTypeObject = if (Instance(T).at_end) capi.baseOf(instance.classIn(T, c.typeOf(self)).?) else null;
            return reduceByPython(self, base, protocol) orelse {
                if (c.PyErr_Occurred() == null) c.PyErr_SetString(c.exception("TypeError"), instance.nameOf(T) ++ " cannot be copied or pickled, since " ++
                    comptime reasonOf(T) ++ "; write __getstate__ and __setstate__, or __reduce__, in the struct or in a class derived from it");
                return null;
            };
        }
    };
}

fn reasonOf(comptime T: type) []const u8 {
    if (ownership.isManual(T)) return "what its deinit frees is known to Zig alone";
    if (options.class(T).python_base) |base| return base ++ ", which it derives from, knows nothing of its fields";
    for (meta.structFields(T)) |field| {
        if (options.class(T).base) |Base| if (field.type == Base) {
            if (Description.isMadeOfAttributes(Base)) continue;
            return reasonOf(Base);
        };
        if (!Description.isAttribute(T, field)) return "field '" ++ field.name ++ "' is private";
        if (!convert.comesFromPython(field.type)) return "field '" ++ field.name ++ "' cannot come from Python";
    }
    comptime unreachable;
}

/// What `object.__reduce_ex__` makes, for an instance whose class has one of the methods that this leads to: from a
/// class derived in Python, or from the Python class that it derives from. Null, without an exception, where there is none.
noinline fn reduceByPython(self: *c.PyObject, base: ?*c.PyTypeObject, protocol: *c.PyObject) ?*c.PyObject {
    const class = &c.typeOf(self).object;
    const object = &c.typeObject("PyBaseObject_Type").object;
    if (base) |above| switch (differs(&above.object, object, "__reduce_ex__")) {
        -1 => return null,
        0 => {},
        else => return reduceBy(&above.object, self, protocol),
    };
    inline for (written) |name| if (comptime !std.mem.eql(u8, name, "__reduce_ex__") and !std.mem.eql(u8, name, "__setstate__")) {
        switch (differs(class, object, name)) {
            -1 => return null,
            0 => {},
            else => return reduceBy(object, self, protocol),
        }
    };
    return null;
}

fn reduceBy(class: *c.PyObject, self: *c.PyObject, protocol: *c.PyObject) ?*c.PyObject {
    const method = c.PyObject_GetAttrString(class, "__reduce_ex__") orelse return null;
    defer c.Py_DecRef(method);
    return capi.PyObject_CallFunctionObjArgs(method, self, protocol, @as(?*c.PyObject, null));
}

/// Whether two classes have different attributes of a name, as 1 or 0; -1 with an exception set.
fn differs(class: *c.PyObject, object: *c.PyObject, name: [*:0]const u8) c_int {
    // Python's `object` has `__getstate__` from 3.11 on.
    if (c.PyObject_HasAttrString(class, name) == 0) return 0;
    if (c.PyObject_HasAttrString(object, name) == 0) return 1;
    const one = c.PyObject_GetAttrString(class, name) orelse return -1;
    defer c.Py_DecRef(one);
    const other = c.PyObject_GetAttrString(object, name) orelse return -1;
    defer c.Py_DecRef(other);
    return @intFromBool(one != other);
}
