//! Fields and properties as attributes.

const bind = @import("../bind.zig");
const c = @import("../c.zig");
const capi = @import("capi.zig");
const convert = @import("../convert.zig");
const function = @import("../function.zig");
const memory = @import("../memory.zig");
const Names = @import("../Names.zig");
const ownership = @import("ownership.zig");
const Scope = @import("../Scope.zig");
const Signature = @import("../signature.zig").Signature;
const Description = @import("Description.zig");
const Instance = @import("instance.zig").Instance;
const instance = @import("instance.zig");
const receiver = @import("receiver.zig");

/// `tp_getset` of the class of `T`.
pub fn table(comptime T: type, comptime description: Description, comptime names: Names) [countOf(description) + 1]capi.PyGetSetDef {
    comptime {
        @setEvalBranchQuota(1_000_000);
        var result: [countOf(description) + 1]capi.PyGetSetDef = undefined;
        var i: usize = 0;
        for (description.attributes) |attribute| {
            const F = Field(T, attribute);
            result[i] = .{
                .name = attribute.name,
                .get = &F.get,
                .set = if (attribute.writable) &F.set else null,
                .doc = if (attribute.doc.len > 0) attribute.doc ++ "" else null,
            };
            i += 1;
        }
        for (description.properties) |property| {
            const P = Property(T, property, names);
            result[i] = .{
                .name = property.member.python_name,
                .get = &P.get,
                .set = if (property.writable or property.deletable) &P.set else null,
                .doc = if (property.doc.len > 0) property.doc ++ "" else null,
            };
            i += 1;
        }
        if (description.given.dict) {
            result[i] = .{ .name = "__dict__", .get = &capi.PyObject_GenericGetDict, .set = &capi.PyObject_GenericSetDict };
            i += 1;
        }
        result[i] = .{};
        return result;
    }
}

fn countOf(comptime description: Description) usize {
    return description.attributes.len + description.properties.len + @intFromBool(description.given.dict);
}

/// A field of an instance as an object: a new reference, or null with an exception set. The value must be readable.
pub inline fn fieldObject(comptime attribute: Description.Attribute, self: *c.PyObject, scope: *Scope) ?*c.PyObject {
    const T = attribute.owner;
    return convert.Converter(attribute.field.type).?.toPython(@field(Instance(T).value(self), attribute.field.name), scope);
}

/// Begins the scope of a call of an instance.
pub inline fn beginScope(comptime T: type, self: *c.PyObject, scope: *Scope) void {
    scope.begin(null);
    scope.self = self;
    scope.find = &struct {
        fn find(object: *c.PyObject) ?*c.PyObject {
            return instance.moduleOf(T, c.typeOf(object));
        }
    }.find;
}

fn Field(comptime T: type, comptime attribute: Description.Attribute) type {
    const Value = attribute.field.type;
    const C = convert.Converter(Value).?;
    const name = instance.nameOf(T) ++ "." ++ attribute.name;
    return struct {
        fn get(self: *c.PyObject, _: ?*anyopaque) callconv(.c) ?*c.PyObject {
            if (!instance.mayRead(T, self)) return null;
            var scope: Scope = undefined;
            beginScope(T, self, &scope);
            defer scope.deinit();
            return fieldObject(attribute, self, &scope);
        }

        fn set(self: *c.PyObject, object: ?*c.PyObject, _: ?*anyopaque) callconv(.c) c_int {
            const given = object orelse return refuseDelete(name);
            if (!instance.mayWrite(T, self)) return -1;
            var scope: Scope = undefined;
            beginScope(T, self, &scope);
            defer scope.deinit();
            var value = C.fromPython(given, &scope) catch |reason| {
                if (comptime convert.isCompound(C)) bind.refuseValue(&scope, name, C, given, reason) else refuse(given, reason);
                return -1;
            };
            defer if (comptime convert.has(C, "release")) C.release(&value);
            return assign(self, value);
        }

        noinline fn refuse(given: *c.PyObject, reason: convert.FromError) void {
            var scope: Scope = undefined;
            scope.begin(null);
            defer scope.deinit();
            bind.refuseValue(&scope, name, C, given, reason);
        }

        inline fn assign(self: *c.PyObject, value: Value) c_int {
            const place = &@field(Instance(T).value(self), attribute.field.name);
            if (comptime ownership.contentOf(Value) == .plain) {
                place.* = value;
                return 0;
            }
            const kept = ownership.copy(Value, value, memory.allocator) catch {
                _ = c.PyErr_NoMemory();
                return -1;
            };
            // Converting has run Python code, which may have begun a call.
            if (!instance.mayWrite(T, self)) {
                var lost = kept;
                ownership.free(Value, &lost, memory.allocator);
                return -1;
            }
            var old = place.*;
            place.* = kept;
            // Last: freeing may run Python code.
            ownership.free(Value, &old, memory.allocator);
            return 0;
        }
    };
}

noinline fn refuseDelete(name: [*:0]const u8) c_int {
    _ = c.PyErr_Format(c.exception("AttributeError"), "cannot delete attribute '%s'", name);
    return -1;
}

fn Property(comptime T: type, comptime property: Description.Property, comptime names: Names) type {
    const accessors = @field(T, property.member.name).accessors;
    return struct {
        fn get(self: *c.PyObject, _: ?*anyopaque) callconv(.c) ?*c.PyObject {
            return Accessor(T, accessors.get, property.member.python_name, names, 0).invoke(self, &[0]?*c.PyObject{}, .{});
        }

        fn set(self: *c.PyObject, object: ?*c.PyObject, _: ?*anyopaque) callconv(.c) c_int {
            const name = instance.nameOf(T) ++ "." ++ property.member.python_name;
            if (object) |value| {
                if (!property.writable) return refuseSet(name);
                if (property.writable) return status(Accessor(T, accessors.set, name, names, 1).invoke(self, &[1]?*c.PyObject{value}, .{}));
            }
            if (!property.deletable) return refuseDelete(name);
            if (property.deletable) return status(Accessor(T, accessors.delete, name, names, 0).invoke(self, &[0]?*c.PyObject{}, .{}));
        }
    };
}

fn status(result: ?*c.PyObject) c_int {
    c.Py_DecRef(result orelse return -1);
    return 0;
}

noinline fn refuseSet(name: [*:0]const u8) c_int {
    _ = c.PyErr_Format(c.exception("AttributeError"), "cannot set attribute '%s'", name);
    return -1;
}

fn Accessor(comptime T: type, comptime f: anytype, comptime name: [:0]const u8, comptime names: Names, comptime count: usize) type {
    const F = @TypeOf(f);
    if (receiver.kindOf(T, F) != .instance) @compileError("the functions of property " ++ name ++ " take the instance first");
    const signature: Signature = .of(name, F, &.{ "self", "value" }, .{ .skipped = 1, .positional_only = count });
    if (signature.parameters.len != count) @compileError("a function of property " ++ name ++ " takes too many or too few parameters");
    return function.Function(f, .{ .name = name, .signature = signature, .doc = "", .names = names, .Receiver = receiver.Receiver(T, F) });
}
