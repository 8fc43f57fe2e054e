//! An extension module: multi-phase initialisation (PEP 489), its functions, constants, submodules and state.

const c = @import("c.zig");
const classes = @import("class/classes.zig");
const convert = @import("convert.zig");
const errors = @import("errors.zig");
const exceptions = @import("exceptions.zig");
const Function = @import("function.zig").Function;
const Names = @import("Names.zig");
const Namespace = @import("Namespace.zig");
const options = @import("options.zig");
const registry = @import("registry.zig");
const Scope = @import("Scope.zig");
const Signature = @import("signature.zig").Signature;
const source = @import("source.zig");
const State = @import("State.zig");

/// The module of the extension that `registry.extension` names. `init` is what `PyInit_<name>` has to be.
pub const Module = struct {
    const extension = registry.extension;
    const Root = Contents(extension.user, extension.container, extension.name, extension.container.doc);
    /// The names of all parameters that can be given by keyword.
    pub const names: Names = blk: {
        @setEvalBranchQuota(1_000_000);
        break :blk classes.names(namesIn(extension.user, extension.container, .{ .list = &.{} }));
    };

    const slots = [_]c.PyModuleDef_Slot{
        .{ .slot = c.Py_mod_exec, .value = @ptrCast(&exec) },
        .{},
    };

    var definition: c.PyModuleDef = .{
        .name = extension.name,
        .doc = if (extension.container.doc.len > 0) extension.container.doc ++ "" else null,
        .state_size = State.size(names.list.len),
        .methods = &Root.methods,
        .slots = &slots,
        .traverse = &State.traverse,
        .clear = &State.clear,
        .free = &State.free,
    };

    pub fn init() callconv(.c) ?*c.PyObject {
        return c.PyModuleDef_Init(&definition);
    }

    fn exec(module: *c.PyObject) callconv(.c) c_int {
        const state = State.of(module) orelse return -1;
        if (!state.intern(names.list)) return -1;
        if (registry.classes.len > 0 and !Scope.makeCurrent(module)) return -1;
        var scope: Scope = undefined;
        scope.begin(module);
        defer scope.deinit();
        if (registry.classes.len > 0 and !classes.makeAll(state, &scope)) return -1;
        if (!Root.fill(module, &scope)) return -1;
        comptime options.requireRoot(extension.user);
        if (comptime options.hasSetup(extension.user)) setUp(.{ .object = .{ .ptr = module }, .extension = module }) catch |err| {
            errors.setFromZig(err);
            return -1;
        };
        return 0;
    }

    fn setUp(namespace: Namespace) !void {
        return extension.user.python.setup(namespace);
    }

    /// What one container of the source becomes: the module itself or a submodule.
    fn Contents(comptime T: type, comptime container: source.Container, comptime path: [:0]const u8, comptime doc: []const u8) type {
        @setEvalBranchQuota(1_000_000);
        const members = registry.members(T, container);
        const functions = functionsOf(members);

        return struct {
            const methods = blk: {
                @setEvalBranchQuota(1_000_000);
                var table: [functions.len + 1]c.PyMethodDef = undefined;
                for (table[0..functions.len], functions) |*method, member| {
                    method.* = Function(@field(T, member.name), .{
                        .name = member.python_name,
                        .signature = signatureOf(T, member),
                        .doc = member.declaration.doc,
                        .names = names,
                        .release_gil = member.options.release_gil,
                    }).method;
                }
                table[functions.len] = .{};
                break :blk table;
            };

            /// Adds all but functions. Returns false with an exception set.
            fn fill(target: *c.PyObject, scope: *Scope) bool {
                inline for (members) |member| switch (member.kind) {
                    .function => {},
                    .constant => if (!add(target, member.python_name, constant(T, member, scope))) return false,
                    .namespace => {
                        const full_name = path ++ "." ++ member.python_name;
                        const Inner = Contents(@field(T, member.name), registry.containerOf(member), full_name, registry.docOf(member));
                        if (!add(target, member.python_name, Inner.make(scope))) return false;
                    },
                    .exception => if (!addClass(target, T, member, exceptions.makeClass, scope)) return false,
                    .class, .enumeration, .variants => if (!addShared(target, member.python_name, scope.class(@field(T, member.name)))) return false,
                    .variant => unreachable,
                };
                return true;
            }

            /// A new submodule, which can also be imported by its full name. Null with an exception set.
            fn make(scope: *Scope) ?*c.PyObject {
                const submodule = c.PyModule_New(path) orelse return null;
                if (finish(submodule, scope)) return submodule;
                c.Py_DecRef(submodule);
                return null;
            }

            fn finish(submodule: *c.PyObject, scope: *Scope) bool {
                if (doc.len > 0 and c.PyModule_SetDocString(submodule, doc ++ "") != 0) return false;
                const name = c.PyUnicode_InternFromString(path) orelse return false;
                defer c.Py_DecRef(name);
                for (methods[0..functions.len]) |*method| {
                    // Functions of a submodule belong to the extension's module, which has the state.
                    if (!add(submodule, method.name.?, c.PyCFunction_NewEx(method, scope.module, name))) return false;
                }
                const modules = c.PyImport_GetModuleDict() orelse return false;
                return c.PyDict_SetItem(modules, name, submodule) == 0 and fill(submodule, scope);
            }
        };
    }
};

/// Makes the class of a member, unless it has one under another name, and adds it. Returns false with an exception set.
fn addClass(target: *c.PyObject, comptime T: type, comptime member: registry.Member, comptime make: anytype, scope: *Scope) bool {
    const Type = @field(T, member.name);
    const slot = (scope.state() orelse return false).class(Type);
    if (slot.* == null) slot.* = make(registry.classes[comptime registry.indexOf(Type).?], scope);
    c.Py_IncRef(slot.*);
    return add(target, member.python_name, slot.*);
}

/// Sets an attribute, and takes over the reference to `value`. Returns false with an exception set, also for a null value.
pub fn add(target: *c.PyObject, name: [*:0]const u8, value: ?*c.PyObject) bool {
    const object = value orelse return false;
    defer c.Py_DecRef(object);
    return c.PyObject_SetAttrString(target, name, object) == 0;
}

fn addShared(target: *c.PyObject, name: [*:0]const u8, class: ?*c.PyTypeObject) bool {
    const object = &(class orelse return false).object;
    return c.PyObject_SetAttrString(target, name, object) == 0;
}

/// The object of a constant: a new reference, or null with an exception set.
pub fn constant(comptime T: type, comptime member: registry.Member, scope: *Scope) ?*c.PyObject {
    const Value = convert.RuntimeType(@TypeOf(@field(T, member.name)));
    if (comptime !convert.goesToPython(Value)) @compileError("constant '" ++ member.name ++ "': type " ++ @typeName(Value) ++
        " cannot go to Python; leave out 'pub', or hide it with pub const python = .{ .members = .{ ." ++ member.name ++
        " = .{ .hidden = true } } }");
    return convert.Converter(Value).?.toPython(@field(T, member.name), scope);
}

fn functionsOf(comptime members: []const registry.Member) []const registry.Member {
    var functions: []const registry.Member = &.{};
    for (members) |member| {
        if (member.kind == .function) functions = functions ++ .{member};
    }
    return functions;
}

/// The signature of a function that has no receiver among its parameters.
pub fn signatureOf(comptime T: type, comptime member: registry.Member) Signature {
    return .of(member.name, @TypeOf(@field(T, member.name)), member.declaration.parameters, .{
        .positional_only = member.options.positional_only,
    });
}

/// The names of all parameters that can be given by keyword, in a container and all below it.
fn namesIn(comptime T: type, comptime container: source.Container, comptime found: Names) Names {
    var names = found;
    for (registry.members(T, container)) |member| switch (member.kind) {
        .function => for (signatureOf(T, member).parameters) |parameter| {
            if (parameter.kind != .positional_only) names = names.with(parameter.name);
        },
        .namespace => names = namesIn(@field(T, member.name), registry.containerOf(member), names),
        else => {},
    };
    return names;
}
