//! A tagged union as a class, with a derived class for each variant. Instances cannot be changed.

const std = @import("std");
const abi = @import("../abi.zig");
const c = @import("../c.zig");
const capi = @import("capi.zig");
const convert = @import("../convert.zig");
const function = @import("../function.zig");
const layout = @import("layout.zig");
const meta = @import("../../compat/meta.zig");
const module = @import("../module.zig");
const registry = @import("../registry.zig");
const Scope = @import("../Scope.zig");
const attributes = @import("attributes.zig");
const constructor = @import("constructor.zig");
const Instance = @import("instance.zig").Instance;
const instance = @import("instance.zig");
const lifetime = @import("lifetime.zig");
const memory = @import("../memory.zig");
const Variant = @import("Variant.zig");
const vector = @import("vector.zig");

/// The class of the variant number `index` of the union `U`, which `class` stands for in the registry.
pub fn VariantType(comptime U: type, comptime index: usize, comptime class: registry.Class) type {
    @setEvalBranchQuota(1_000_000);
    const variant: Variant = comptime .of(U, index);
    const F = function.Function(Construct(U, variant).construct, .{
        .name = class.name,
        .signature = variant.signature,
        .doc = "",
        .names = module.Module.names,
        .Receiver = Receiver(U),
    });
    return struct {
        var getset = getsetTable();

        /// A new reference, or null with an exception set.
        pub fn make(scope: *Scope) ?*c.PyObject {
            const slots = [_]c.PyType_Slot{
                .{ .slot = capi.Py_tp_new, .value = &new },
                .{ .slot = c.Py_tp_dealloc, .value = &lifetime.Lifetime(U).dealloc },
                .{ .slot = capi.Py_tp_doc, .value = @as([*:0]const u8, comptime variant.signature.text(class.name, "") ++ "\n--\n\n" ++ class.doc) },
                .{ .slot = capi.Py_tp_getset, .value = &getset },
            } ++ (if (Instance(U).is_gc) [_]c.PyType_Slot{
                .{ .slot = c.Py_tp_traverse, .value = &lifetime.Lifetime(U).traverse },
                .{ .slot = c.Py_tp_clear, .value = &lifetime.Lifetime(U).clear },
            } else [_]c.PyType_Slot{}) ++ (if (!abi.layouts_known and constructor.has_vectorcall) [_]c.PyType_Slot{
                .{ .slot = capi.Py_tp_vectorcall, .value = &vectorcall },
            } else [_]c.PyType_Slot{}) ++ [_]c.PyType_Slot{.{}};
            const spec: c.PyType_Spec = .{
                .name = class.module ++ "." ++ class.name,
                .basic_size = Instance(U).size,
                .flags = capi.Py_TPFLAGS_BASETYPE | (if (Instance(U).is_gc) c.Py_TPFLAGS_HAVE_GC else 0),
                .slots = &slots,
            };
            const bases = capi.tupleOf(&.{capi.newReference(&(scope.class(U) orelse return null).object)}) orelse return null;
            defer c.Py_DecRef(bases);
            const made = c.PyType_FromModuleAndSpec(scope.module.?, &spec, bases) orelse return null;
            if (finish(made)) return made;
            c.Py_DecRef(made);
            return null;
        }

        fn finish(made: *c.PyObject) bool {
            if (abi.layouts_known) layout.of(@ptrCast(made)).vectorcall = &vectorcall;
            if (!module.add(made, "__match_args__", capi.tupleOfNames(comptime variant.matchArguments()))) return false;
            return module.add(made, "__qualname__", c.PyUnicode_InternFromString(comptime class.qualifiedName()));
        }

        fn new(T: *c.PyTypeObject, arguments: *c.PyObject, keywords: ?*c.PyObject) callconv(.c) ?*c.PyObject {
            return vector.call(F.callWithKeywords, &T.object, arguments, keywords);
        }

        fn vectorcall(T: *c.PyObject, objects: [*]const *c.PyObject, count: usize, keywords: ?*c.PyObject) callconv(.c) ?*c.PyObject {
            return @call(.always_inline, F.callWithKeywords, .{ T, objects, constructor.argumentCount(count), keywords });
        }

        fn getsetTable() [variant.attributes.len + 1]capi.PyGetSetDef {
            var table: [variant.attributes.len + 1]capi.PyGetSetDef = undefined;
            inline for (variant.attributes, 0..) |attribute, i| table[i] = .{ .name = attribute.name, .get = &Getter(U, variant, attribute).get };
            table[variant.attributes.len] = .{};
            return table;
        }
    };
}

fn Getter(comptime U: type, comptime variant: Variant, comptime attribute: Variant.Attribute) type {
    return struct {
        fn get(self: *c.PyObject, _: ?*anyopaque) callconv(.c) ?*c.PyObject {
            if (!instance.mayRead(U, self)) return null;
            const value = Instance(U).value(self);
            // Python may have set `__class__` to another variant.
            if (std.meta.activeTag(value.*) != @field(std.meta.Tag(U), variant.tag)) {
                c.PyErr_SetString(c.exception("AttributeError"), instance.nameOf(U) ++ " is not the variant '" ++ variant.tag ++ "'");
                return null;
            }
            var scope: Scope = undefined;
            attributes.beginScope(U, self, &scope);
            defer scope.deinit();
            return attributeObject(variant, attribute, &@field(value, variant.tag), &scope);
        }
    };
}

inline fn attributeObject(comptime variant: Variant, comptime attribute: Variant.Attribute, payload: *const variant.Payload, scope: *Scope) ?*c.PyObject {
    const C = convert.Converter(attribute.type) orelse @compileError("variant '" ++ variant.tag ++ "': type " ++ @typeName(attribute.type) ++ " cannot go to Python");
    return C.toPython(if (attribute.field) |field| @field(payload, field.name) else payload.*, scope);
}

fn Construct(comptime U: type, comptime variant: Variant) type {
    if (variant.Payload == void) return struct {
        fn construct() U {
            return @unionInit(U, variant.tag, {});
        }
    };
    return struct {
        fn construct(payload: variant.Payload) U {
            return @unionInit(U, variant.tag, payload);
        }
    };
}

fn Receiver(comptime U: type) type {
    return struct {
        pub const text = "";
        pub const flags = 0;
        pub const First = void;
        pub const Result = ?*c.PyObject;
        pub const failed: Result = null;
        pub const allocator = memory.allocator;

        pub fn module(self: *c.PyObject) ?*c.PyObject {
            return instance.moduleOf(U, @ptrCast(self));
        }

        pub fn finish(self: *c.PyObject, value: U, _: *Scope) Result {
            return instance.create(U, @ptrCast(self), &value);
        }
    };
}

/// The attributes of an instance's variant as a tuple: a new reference, or null
/// with an exception set.
pub fn fields(comptime U: type, self: *c.PyObject) ?*c.PyObject {
    if (!instance.mayRead(U, self)) return null;
    var scope: Scope = undefined;
    attributes.beginScope(U, self, &scope);
    defer scope.deinit();
    switch (Instance(U).value(self).*) {
        inline else => |*payload, tag| {
            const variant: Variant = comptime .of(U, indexOf(U, @tagName(tag)));
            var items: [variant.attributes.len]?*c.PyObject = undefined;
            inline for (&items, variant.attributes) |*item, attribute| item.* = attributeObject(variant, attribute, payload, &scope);
            return capi.tupleOf(&items);
        },
    }
}

/// The names of the attributes of an instance's variant.
pub fn fieldNames(comptime U: type, self: *c.PyObject) []const [:0]const u8 {
    switch (std.meta.activeTag(Instance(U).value(self).*)) {
        inline else => |tag| return comptime names: {
            const variant: Variant = .of(U, indexOf(U, @tagName(tag)));
            var list: []const [:0]const u8 = &.{};
            for (variant.attributes) |attribute| list = list ++ .{attribute.name};
            break :names list;
        },
    }
}

/// The class of a value's variant, borrowed, or null with an exception set.
pub fn classOf(comptime U: type, value: *const U, scope: *Scope) ?*c.PyTypeObject {
    switch (std.meta.activeTag(value.*)) {
        inline else => |tag| return scope.class(registry.Variant(U, comptime indexOf(U, @tagName(tag)))),
    }
}

fn indexOf(comptime U: type, comptime tag: []const u8) usize {
    for (meta.unionFields(U), 0..) |variant, i| if (std.mem.eql(u8, variant.name, tag)) return i;
    unreachable;
}
