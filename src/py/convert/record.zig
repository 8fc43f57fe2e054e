//! Python's dicts, and objects with attributes, as plain Zig structs: a key for each field.

const c = @import("../c.zig");
const convert = @import("../convert.zig");
const hint = @import("hint.zig");
const meta = @import("../../compat/meta.zig");
const Scope = @import("../Scope.zig");
const FromError = convert.FromError;

/// The converter of a struct that has no class in the module, or null when one of its fields has none.
///
/// A field with a default may be missing; a key that is no field is refused.
pub fn Record(comptime T: type) ?type {
    const fields = meta.structFields(T);
    if (fields.len == 0) return null;
    for (fields) |field| if (convert.Converter(field.type) == null) return null;
    return struct {
        pub const annotation = "dict[str, Any]";
        pub const compound = true;
        pub const borrows = convert.anyField(fields, convert.borrows);
        pub const is_lazy = convert.anyField(fields, convert.isLazy);
        pub const needs_lock = convert.anyField(fields, convert.holdsObjects);
        pub const fromPython = if (convert.allFields(fields, convert.comesFromPython)) from else {};
        pub const toPython = if (convert.allFields(fields, convert.goesToPython)) to else {};
        pub const release = if (convert.anyField(fields, convert.isReleased)) releaseAll else {};

        fn from(object: *c.PyObject, scope: *Scope) FromError!T {
            if (c.typeOf(object) != c.typeObject("PyDict_Type") and !c.isInstance(object, c.Py_TPFLAGS_DICT_SUBCLASS)) return error.WrongType;
            const dict = c.PyDict_Copy(object) orelse return error.Python;
            defer c.Py_DecRef(dict);
            if (borrows) try scope.keep(dict);
            var result: T = undefined;
            var done: usize = 0;
            var found: usize = 0;
            errdefer convert.releaseFields(T, &result, done);
            inline for (fields) |field| {
                const key = c.PyUnicode_InternFromString(field.name) orelse return error.Python;
                defer c.Py_DecRef(key);
                if (c.PyDict_GetItemWithError(dict, key)) |value| {
                    const C = convert.Converter(field.type).?;
                    @field(result, field.name) = C.fromPython(value, scope) catch |reason|
                        return scope.refuse(C, value, reason, .{ .value = key });
                    found += 1;
                } else if (c.PyErr_Occurred() != null) {
                    return error.Python;
                } else {
                    @field(result, field.name) = (comptime field.default()) orelse return scope.reject(.TypeError, "missing key '{s}'", .{field.name});
                }
                done += 1;
            }
            if (found < c.PyDict_Size(dict)) return refuseUnknown(dict, scope, comptime fieldNames(fields));
            return result;
        }

        fn to(value: T, scope: *Scope) ?*c.PyObject {
            const dict = c.PyDict_New() orelse return null;
            inline for (fields) |field| {
                if (!setNew(dict, field.name, convert.Converter(field.type).?.toPython(@field(value, field.name), scope))) {
                    c.Py_DecRef(dict);
                    return null;
                }
            }
            return dict;
        }

        fn releaseAll(value: *T) void {
            convert.releaseFields(T, value, fields.len);
        }
    };
}

/// Sets a key, and takes over the reference to `value`. Returns false with an exception set, also for a null value.
noinline fn setNew(dict: *c.PyObject, name: [*:0]const u8, value: ?*c.PyObject) bool {
    const object = value orelse return false;
    defer c.Py_DecRef(object);
    const key = c.PyUnicode_InternFromString(name) orelse return false;
    defer c.Py_DecRef(key);
    return c.PyDict_SetItem(dict, key, object) == 0;
}

fn fieldNames(comptime fields: []const meta.Field) []const [:0]const u8 {
    var names: [fields.len][:0]const u8 = undefined;
    for (&names, fields) |*name, field| name.* = field.name;
    const result = names;
    return &result;
}

/// Says which key of `dict` is not among `names`.
noinline fn refuseUnknown(dict: *c.PyObject, scope: *Scope, names: []const [:0]const u8) FromError {
    var position: c.Size = 0;
    var key: ?*c.PyObject = null;
    var value: ?*c.PyObject = null;
    next: while (c.PyDict_Next(dict, &position, &key, &value) != 0) {
        for (names) |name| {
            const text = c.PyUnicode_InternFromString(name) orelse return error.Python;
            defer c.Py_DecRef(text);
            const equal = c.PyObject_RichCompareBool(key.?, text, .eq);
            if (equal < 0) return error.Python;
            if (equal == 1) continue :next;
        }
        const words = c.PyUnicode_FromFormat("unexpected key %R", key.?) orelse return error.Python;
        return scope.rejectWith(.TypeError, words);
    }
    return scope.reject(.TypeError, "unexpected key", .{});
}

/// A parameter that takes any object whose attributes have the names of the fields of `T`: a dataclass, a named tuple, an
/// instance of any class. A field with a default may be missing.
pub fn Attributes(comptime T: type) type {
    const fields = meta.structFields(T);
    return struct {
        value: T,

        pub const python_converter = struct {
            pub const annotation = "object";
            pub const compound = true;
            pub const borrows = convert.anyField(fields, convert.borrows);
            pub const needs_lock = convert.anyField(fields, convert.holdsObjects);
            pub const release = if (convert.anyField(fields, convert.isReleased)) releaseAll else {};

            pub fn fromPython(object: *c.PyObject, scope: *Scope) FromError!Attributes(T) {
                var result: T = undefined;
                var done: usize = 0;
                errdefer convert.releaseFields(T, &result, done);
                inline for (fields) |field| {
                    const C = convert.Converter(field.type) orelse @compileError("py.Attributes: field '" ++ field.name ++ "': " ++
                        hint.refusal(field.type, .from_python));
                    if (try attribute(object, field.name)) |value| {
                        defer c.Py_DecRef(value);
                        @field(result, field.name) = convert.fromKept(field.type, value, scope) catch |reason|
                            return scope.refuse(C, value, reason, .{ .field = field.name });
                    } else {
                        @field(result, field.name) = (comptime field.default()) orelse
                            return scope.reject(.TypeError, "missing attribute '{s}'", .{field.name});
                    }
                    done += 1;
                }
                return .{ .value = result };
            }

            fn releaseAll(attributes: *Attributes(T)) void {
                convert.releaseFields(T, &attributes.value, fields.len);
            }
        };
    };
}

/// A new reference, or null when there is no such attribute.
fn attribute(object: *c.PyObject, name: [*:0]const u8) error{Python}!?*c.PyObject {
    if (c.PyObject_GetAttrString(object, name)) |value| return value;
    if (c.PyErr_ExceptionMatches(c.exception("AttributeError")) == 0) return error.Python;
    c.PyErr_Clear();
    return null;
}
