//! A Zig enum as a class of Python's `enum` module.

const c = @import("../c.zig");
const capi = @import("capi.zig");
const convert = @import("../convert.zig");
const meta = @import("../../compat/meta.zig");
const module = @import("../module.zig");
const options = @import("../options.zig");
const registry = @import("../registry.zig");
const Scope = @import("../Scope.zig");
const State = @import("../State.zig");
const class_type = @import("class_type.zig");
const Description = @import("Description.zig");
const instance = @import("instance.zig");

/// A new class, or null with an exception set.
pub fn make(comptime T: type, scope: *Scope) ?*c.PyObject {
    const description: Description = comptime .of(T);
    const class = makeClass(T, description, scope) orelse return null;
    if (addAll(T, description, class, scope)) return class;
    c.Py_DecRef(class);
    return null;
}

/// By the call `IntEnum("Color", [("red", 1), …], module=…, qualname=…)`.
fn makeClass(comptime T: type, comptime description: Description, scope: *Scope) ?*c.PyObject {
    const base = scope.imported(importedBase(T)) orelse return null;
    const members = c.PyDict_New() orelse return null;
    defer c.Py_DecRef(members);
    const Tag = @typeInfo(T).@"enum".tag_type;
    inline for (comptime meta.enumNames(T)) |name| {
        const value = convert.Converter(Tag).?.toPython(@intFromEnum(@field(T, name)), scope) orelse return null;
        defer c.Py_DecRef(value);
        if (capi.PyDict_SetItemString(members, name, value) != 0) return null;
    }
    const keywords = c.PyDict_New() orelse return null;
    defer c.Py_DecRef(keywords);
    const texts = .{ .{ "module", description.class.module }, .{ "qualname", comptime description.class.qualifiedName() } };
    inline for (texts) |entry| {
        const text = c.PyUnicode_InternFromString(entry[1]) orelse return null;
        defer c.Py_DecRef(text);
        if (capi.PyDict_SetItemString(keywords, entry[0], text) != 0) return null;
    }
    const arguments = capi.tupleOf(&.{ c.PyUnicode_InternFromString(description.class.name), capi.newReference(members) }) orelse return null;
    defer c.Py_DecRef(arguments);
    return c.PyObject_Call(base, arguments, keywords);
}

fn importedBase(comptime T: type) State.Imported {
    return switch (comptime options.class(T).enumeration) {
        .IntEnum => .@"enum.IntEnum",
        .IntFlag => .@"enum.IntFlag",
        .Enum => .@"enum.Enum",
    };
}

fn addAll(comptime T: type, comptime description: Description, class: *c.PyObject, scope: *Scope) bool {
    if (c.PyObject_SetAttrString(class, module_attribute, scope.module.?) != 0) return false;
    const doc: []const u8 = description.class.doc;
    if (doc.len > 0 and !module.add(class, "__doc__", c.PyUnicode_FromStringAndSize(doc.ptr, @intCast(doc.len)))) return false;
    inline for (description.methods ++ description.operators) |method| {
        const Definition = struct {
            var definition = class_type.methodDefinition(T, method, module.Module.names);
        };
        const made = switch (method.kind) {
            .instance => capi.PyDescr_NewMethod(@ptrCast(class), &Definition.definition),
            .class => capi.PyDescr_NewClassMethod(@ptrCast(class), &Definition.definition),
            .static => class_type.staticMethod(T, method, module.Module.names, scope),
            .state => comptime unreachable,
        };
        if (!module.add(class, method.name, made)) return false;
    }
    return true;
}

/// The converter of an enum that has a class: only its members are taken.
pub fn Converter(comptime T: type) type {
    const Tag = @typeInfo(T).@"enum".tag_type;
    const is_int = options.class(T).enumeration != .Enum;
    return struct {
        pub const annotation = registry.annotationOf(T);

        pub fn fromPython(object: *c.PyObject, scope: *Scope) convert.FromError!T {
            const class = scope.class(T) orelse return error.Python;
            if (c.typeOf(object) != class) return error.WrongType;
            return ofMember(object, scope);
        }

        fn ofMember(object: *c.PyObject, scope: *Scope) convert.FromError!T {
            if (is_int) return valueOf(object, scope);
            const value = c.PyObject_GetAttrString(object, "_value_") orelse return error.Python;
            defer c.Py_DecRef(value);
            return valueOf(value, scope);
        }

        fn valueOf(object: *c.PyObject, scope: *Scope) convert.FromError!T {
            const value = try convert.Converter(Tag).?.fromPython(object, scope);
            if (!comptime meta.isExhaustive(T)) return @enumFromInt(value);
            inline for (comptime meta.enumNames(T)) |name| {
                if (value == @intFromEnum(@field(T, name))) return @field(T, name);
            }
            return error.OutOfRange;
        }

        pub const range = "a member of " ++ annotation;

        pub fn toPython(value: T, scope: *Scope) ?*c.PyObject {
            const class = &(scope.class(T) orelse return null).object;
            const number = convert.Converter(Tag).?.toPython(@intFromEnum(value), scope) orelse return null;
            defer c.Py_DecRef(number);
            return member(class, number);
        }
    };
}

/// The member with a value: a new reference, or null with an exception set, as when no member has it.
noinline fn member(class: *c.PyObject, number: *c.PyObject) ?*c.PyObject {
    const members = c.PyObject_GetAttrString(class, "_value2member_map_") orelse return null;
    defer c.Py_DecRef(members);
    if (c.PyDict_GetItemWithError(members, number)) |found| return capi.newReference(found);
    if (c.PyErr_Occurred() != null) return null;
    return capi.PyObject_CallFunctionObjArgs(class, number, @as(?*c.PyObject, null));
}

/// The attribute of an enum's class that holds its module: the classes are Python's own, which has no place for it.
const module_attribute = "__alloconda_module__";

/// The module of an enum's class, borrowed, or null with an exception set.
pub fn moduleOf(class: *c.PyObject) ?*c.PyObject {
    const found = c.PyObject_GetAttrString(class, module_attribute) orelse return null;
    // The class holds it.
    c.Py_DecRef(found);
    return found;
}

/// The receiver of a method of an enum.
pub fn Receiver(comptime T: type, comptime First_: type) type {
    if (First_ == *T) @compileError("a method of enum " ++ @typeName(T) ++ " takes a pointer to it, and members cannot be changed; take the enum itself");
    return struct {
        pub const text = "$self";
        pub const flags = 0;
        pub const First = First_;
        pub const Hold = T;

        pub fn module(self: *c.PyObject) ?*c.PyObject {
            return moduleOf(&c.typeOf(self).object);
        }

        pub inline fn enter(self: *c.PyObject, hold: *Hold) ?First {
            var scope: Scope = undefined;
            scope.begin(null);
            defer scope.deinit();
            hold.* = Converter(T).ofMember(self, &scope) catch |reason| {
                if (reason != error.Python) c.PyErr_SetString(c.exception("TypeError"), "expected a member of " ++ instance.nameOf(T));
                return null;
            };
            return if (First == T) hold.* else hold;
        }

        pub inline fn leave(_: *c.PyObject, _: *Hold) bool {
            return true;
        }
    };
}
