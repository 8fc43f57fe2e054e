//! The type object of a class: a heap type, made anew for each module object.

const std = @import("std");
const abi = @import("../abi.zig");
const c = @import("../c.zig");
const capi = @import("capi.zig");
const function = @import("../function.zig");
const layout = @import("layout.zig");
const meta = @import("../../compat/meta.zig");
const module = @import("../module.zig");
const Names = @import("../Names.zig");
const options = @import("../options.zig");
const registry = @import("../registry.zig");
const Scope = @import("../Scope.zig");
const State = @import("../State.zig");
const Description = @import("Description.zig");
const Instance = @import("instance.zig").Instance;
const attributes = @import("attributes.zig");
const buffer = @import("buffer.zig");
const constructor = @import("constructor.zig");
const derived = @import("derived.zig");
const lifetime = @import("lifetime.zig");
const operators = @import("operators.zig");
const ownership = @import("ownership.zig");
const pickling = @import("pickling.zig");
const receiver = @import("receiver.zig");
const slot_table = @import("slot_table.zig");

pub fn ClassType(comptime T: type) type {
    @setEvalBranchQuota(1_000_000);
    const description: Description = comptime .of(T);
    const I = Instance(T);
    return struct {
        const names = module.Module.names;
        const Make = constructor.Constructor(T, description, names);

        /// `tp_methods`. A variable, so that no two classes share one: its address says which type a class was made of.
        pub var methods = methodTable(T, description, names);
        var getset = attributes.table(T, description, names);
        var members = memberTable(T);

        /// A new reference, or null with an exception set.
        pub fn make(scope: *Scope) ?*c.PyObject {
            comptime requireKept(T);
            const slots = comptime slotList();
            const all_slots = slots ++ .{
                c.PyType_Slot{ .slot = c.Py_tp_methods, .value = &methods },
                c.PyType_Slot{ .slot = capi.Py_tp_getset, .value = &getset },
                c.PyType_Slot{ .slot = capi.Py_tp_members, .value = &members },
                c.PyType_Slot{},
            };
            const python_base: ?*c.PyObject = if (I.at_end) State.import(description.given.python_base.?) orelse return null else null;
            defer c.Py_DecRef(python_base);
            if (python_base) |base| if (!c.isInstance(base, capi.Py_TPFLAGS_TYPE_SUBCLASS)) {
                _ = c.PyErr_Format(c.exception("TypeError"), "%R is no class that %s could derive from", base, @as([*:0]const u8, description.class.name));
                return null;
            };
            // The metaclass of such a base has to make the class itself; ours is another base, with the value.
            const joins = if (python_base) |base| c.typeOf(base) != c.typeObject("PyType_Type") else false;
            const above = if (joins) &c.typeObject("PyBaseObject_Type").object else python_base;
            const spec: c.PyType_Spec = .{
                .name = description.class.module ++ "." ++ description.class.name,
                .basic_size = if (above) |base| std.math.cast(c_int, I.endOf(base)) orelse return null else I.size,
                .flags = (if (description.given.subclassable) capi.Py_TPFLAGS_BASETYPE else 0) |
                    (if (I.is_gc and !I.at_end) c.Py_TPFLAGS_HAVE_GC else 0),
                .slots = &all_slots,
            };
            const bases = if (above) |base| capi.tupleOf(&.{capi.newReference(base)}) orelse return null else if (description.base) |Base| capi.tupleOf(&.{capi.newReference(&(scope.class(Base) orelse return null).object)}) orelse return null else null;
            defer c.Py_DecRef(bases);
            const own = c.PyType_FromModuleAndSpec(scope.module.?, &spec, bases) orelse return null;
            const class = if (joins) join(own, python_base.?) orelse return null else own;
            if (finish(class, scope)) return class;
            c.Py_DecRef(class);
            return null;
        }

        /// `Meta(name, (own, base), {…})`: a class of a metaclass that Python alone can call. Takes over `own`. A new reference,
        /// or null with an exception set.
        fn join(own: *c.PyObject, base: *c.PyObject) ?*c.PyObject {
            defer c.Py_DecRef(own);
            const dict = c.PyDict_New() orelse return null;
            defer c.Py_DecRef(dict);
            inline for (.{ "__module__", "__doc__" }) |name| {
                const value = c.PyObject_GetAttrString(own, name) orelse return null;
                defer c.Py_DecRef(value);
                if (capi.PyDict_SetItemString(dict, name, value) != 0) return null;
            }
            const slots = c.PyTuple_New(0) orelse return null;
            defer c.Py_DecRef(slots);
            if (capi.PyDict_SetItemString(dict, "__slots__", slots) != 0) return null;
            const name = c.PyUnicode_InternFromString(description.class.name);
            const both = capi.tupleOf(&.{ capi.newReference(own), capi.newReference(base) });
            const arguments = capi.tupleOf(&.{ name, both, capi.newReference(dict) }) orelse return null;
            defer c.Py_DecRef(arguments);
            return capi.PyObject_CallObject(&c.typeOf(base).object, arguments);
        }

        fn slotList() [slotCount()]c.PyType_Slot {
            var list: [slotCount()]c.PyType_Slot = undefined;
            @memcpy(&list, slotSlice());
            return list;
        }

        fn slotCount() usize {
            return slotSlice().len;
        }

        fn slotSlice() []const c.PyType_Slot {
            comptime {
                @setEvalBranchQuota(1_000_000);
                var list: []const c.PyType_Slot = &.{.{ .slot = capi.Py_tp_doc, .value = @as([*:0]const u8, docText(description)) }};
                list = list ++ if (I.at_end) .{c.PyType_Slot{ .slot = capi.Py_tp_finalize, .value = &lifetime.Lifetime(T).finalize }} else .{
                    c.PyType_Slot{ .slot = capi.Py_tp_new, .value = &Make.new },
                    c.PyType_Slot{ .slot = c.Py_tp_dealloc, .value = &lifetime.Lifetime(T).dealloc },
                };
                if (description.constructor != .none) {
                    list = list ++ .{c.PyType_Slot{ .slot = capi.Py_tp_init, .value = &Make.init }};
                    if (!abi.layouts_known and constructor.has_vectorcall and !I.at_end) list = list ++ .{c.PyType_Slot{ .slot = capi.Py_tp_vectorcall, .value = &Make.vectorcall }};
                }
                if (I.is_gc and !I.at_end) list = list ++ .{
                    c.PyType_Slot{ .slot = c.Py_tp_traverse, .value = &lifetime.Lifetime(T).traverse },
                    c.PyType_Slot{ .slot = c.Py_tp_clear, .value = &lifetime.Lifetime(T).clear },
                };
                for (slot_table.slots) |slot| {
                    if (operators.wrapper(T, description, slot, names)) |wrapper| list = list ++ .{c.PyType_Slot{ .slot = slot.number, .value = wrapper }};
                }
                if (description.operator("__getitem__") != null) {
                    const subscript = operators.subscriptOf(T, description, names);
                    list = list ++ .{c.PyType_Slot{ .slot = 44, .value = &operators.Item(subscript).item }};
                }
                if (description.operator("__next__") != null and description.operator("__iter__") == null) {
                    list = list ++ .{c.PyType_Slot{ .slot = 62, .value = &selfReference }};
                }
                if (description.operator("__repr__") == null and !I.at_end) list = list ++ .{c.PyType_Slot{ .slot = capi.Py_tp_repr, .value = &derived.Repr(T).repr }};
                if (description.operator("__str__") == null and Description.isFormat(T)) list = list ++ .{c.PyType_Slot{ .slot = capi.Py_tp_str, .value = &derived.Str(T).str }};
                if (derived.isCompared(T, description)) {
                    list = list ++ .{c.PyType_Slot{ .slot = capi.Py_tp_richcompare, .value = &derived.Compare(T, description, names).compare }};
                    // A type that compares and has no hash gets None for it from the interpreter.
                    if (description.operator("__hash__") == null and derived.isHashed(T, description)) {
                        list = list ++ .{c.PyType_Slot{ .slot = capi.Py_tp_hash, .value = &derived.Hash(T).hash }};
                    }
                } else if (description.operator("__hash__") == null and Description.isHash(T)) {
                    list = list ++ .{c.PyType_Slot{ .slot = capi.Py_tp_hash, .value = &derived.Hash(T).hash }};
                }
                if (description.operator("__buffer__")) |method| list = list ++ buffer.slots(T, method);
                return list;
            }
        }

        /// What a spec cannot say. Returns false with an exception set.
        fn finish(class: *c.PyObject, scope: *Scope) bool {
            if (abi.layouts_known and description.constructor != .none and !I.at_end) layout.of(@ptrCast(class)).vectorcall = &Make.vectorcall;
            if (description.class.owner != null and !module.add(class, "__qualname__", c.PyUnicode_InternFromString(comptime description.class.qualifiedName()))) return false;
            if (!module.add(class, "__match_args__", capi.tupleOfNames(comptime description.matchArguments()))) return false;
            inline for (description.methods) |method| if (method.kind == .static) {
                if (!module.add(class, method.name, staticMethod(T, method, names, scope))) return false;
            };
            return true;
        }
    };
}

fn selfReference(self: *c.PyObject) callconv(.c) ?*c.PyObject {
    return capi.newReference(self);
}

fn docText(comptime description: Description) [:0]const u8 {
    const doc = description.class.doc;
    const signature = description.constructor.signature() orelse return doc ++ "";
    return signature.text(description.class.name, "") ++ "\n--\n\n" ++ doc;
}

fn methodTable(comptime T: type, comptime description: Description, comptime names: Names) [methodCount(T, description) + 1]c.PyMethodDef {
    comptime {
        @setEvalBranchQuota(1_000_000);
        var table: [methodCount(T, description) + 1]c.PyMethodDef = undefined;
        var i: usize = 0;
        for (description.methods) |method| {
            if (method.kind == .static) continue;
            table[i] = methodDefinition(T, method, names);
            i += 1;
        }
        for (pickling.methods(T, description)) |method| {
            table[i] = method;
            i += 1;
        }
        table[i] = .{};
        return table;
    }
}

fn methodCount(comptime T: type, comptime description: Description) usize {
    var count: usize = pickling.methods(T, description).len;
    for (description.methods) |method| count += @intFromBool(method.kind != .static);
    return count;
}

/// An entry of a method table.
pub fn methodDefinition(comptime T: type, comptime method: Description.Method, comptime names: Names) c.PyMethodDef {
    const f = @field(T, method.member.name);
    return function.Function(f, .{
        .name = method.name,
        .signature = method.signature,
        .doc = method.member.declaration.doc,
        .names = names,
        .Receiver = switch (method.kind) {
            .static => Static,
            .state => constructor.Receiver(T, "$self"),
            else => receiver.Receiver(T, @TypeOf(f)),
        },
        .release_gil = method.member.options.release_gil,
    }).method;
}

/// A static method is a function of the module.
const Static = struct {
    pub const text = "";
    pub const flags = 0;
    pub const First = void;

    pub fn module(self: *c.PyObject) ?*c.PyObject {
        return self;
    }
};

/// A new reference, or null with an exception set.
pub fn staticMethod(comptime T: type, comptime method: Description.Method, comptime names: Names, scope: *Scope) ?*c.PyObject {
    const Definition = struct {
        var method_definition = methodDefinition(T, method, names);
    };
    const class_name = c.PyUnicode_InternFromString(comptime registry.classes[registry.indexOf(T).?].module) orelse return null;
    defer c.Py_DecRef(class_name);
    const made = c.PyCFunction_NewEx(&Definition.method_definition, scope.module, class_name) orelse return null;
    defer c.Py_DecRef(made);
    const wrap = scope.imported(.@"builtins.staticmethod") orelse return null;
    return capi.PyObject_CallFunctionObjArgs(wrap, made, @as(?*c.PyObject, null));
}

fn memberTable(comptime T: type) [3]capi.PyMemberDef {
    comptime {
        @setEvalBranchQuota(1_000_000);
        const given = options.class(T);
        const I = Instance(T);
        var table: [3]capi.PyMemberDef = .{ .{}, .{}, .{} };
        var i: usize = 0;
        if (given.dict) {
            table[i] = .{ .name = "__dictoffset__", .type = capi.PyMemberDef.T_PYSSIZET, .offset = I.dict_at, .flags = capi.PyMemberDef.READONLY };
            i += 1;
        }
        if (given.weakref) table[i] = .{ .name = "__weaklistoffset__", .type = capi.PyMemberDef.T_PYSSIZET, .offset = I.weakrefs_at, .flags = capi.PyMemberDef.READONLY };
        return table;
    }
}

/// What comes to rest in an instance must be copied into it, or be the struct's own business.
fn requireKept(comptime T: type) void {
    if (@typeInfo(T) == .@"union") {
        if (!ownership.isManual(T) and ownership.contentOf(T) == .foreign) @compileError("union " ++ @typeName(T) ++ " may point to memory that is not the instance's, and cannot be copied; use slices");
        return;
    }
    const given = options.class(T);
    if (given.python_base != null and (ownership.holdsObjects(T) or given.dict or given.weakref)) @compileError("class " ++ @typeName(T) ++
        " derives from a Python class: it cannot hold Python objects, and has '__dict__' and weak references if that class has them");
    if (ownership.isManual(T)) {
        for (meta.structFields(T)) |field| if (ownership.contentOf(field.type) == .managed and ownership.holdsBorrowed(field.type))
            @compileError("class " ++ @typeName(T) ++ ", field '" ++ field.name ++ "': a struct with 'deinit' owns what it holds; use py.Owned for Python objects");
        return;
    }
    for (meta.structFields(T)) |field| if (ownership.contentOf(field.type) == .foreign)
        @compileError("class " ++ @typeName(T) ++ ", field '" ++ field.name ++ "': a value of type " ++ @typeName(field.type) ++
            " may point to memory that is not the instance's, and cannot be copied; use slices, or give the struct 'init' and 'deinit' that make and free it");
}
