//! A module or submodule that is being made, for what no declaration can say: the layer below the convention.
//!
//!     pub const python = .{ .setup = addMore };
//!
//!     fn addMore(module: py.Namespace) !void {
//!         try module.add("cpu_count", try std.Thread.getCpuCount());
//!         const halves = try module.addSubmodule("halves", "Halves of things.");
//!         try halves.addFunction("of", half, .{ .parameters = &.{"value"} });
//!     }

const Namespace = @This();

const std = @import("std");
const c = @import("c.zig");
const Function = @import("function.zig").Function;
const object_zig = @import("object.zig");
const Object = object_zig.Object;
const Signature = @import("signature.zig").Signature;

/// The module object, valid while `setup` runs. It has all that the declarations say by then.
object: Object,
/// The extension's module, whose state functions need, borrowed.
extension: *c.PyObject,

/// What Python sees of a function, beside the function itself.
pub const FunctionOptions = struct {
    doc: []const u8 = "",
    /// The names of all its parameters in Zig, for messages and the signature. Python passes them by position all the same.
    parameters: ?[]const []const u8 = null,
    /// Whether the interpreter's lock is released while it runs.
    release_gil: bool = false,
};

/// Sets an attribute to any value that can go to Python.
pub fn add(namespace: Namespace, name: [:0]const u8, value: anytype) object_zig.Error!void {
    return namespace.object.set(name, value);
}

/// Adds a function under a name. It may be private, or made by a call at compile time.
pub fn addFunction(
    namespace: Namespace,
    comptime name: [:0]const u8,
    comptime function: anytype,
    comptime options: FunctionOptions,
) object_zig.Error!void {
    const signature = comptime signatureOf(name, @TypeOf(function), options.parameters);
    const Made = Function(function, .{
        .name = name,
        .signature = signature,
        .doc = options.doc,
        .names = .{ .list = &.{} },
        .release_gil = options.release_gil,
    });
    const module_name = try namespace.object.get("__name__");
    defer module_name.deinit();
    const made: object_zig.Owned = try .from(c.PyCFunction_NewEx(&Made.method, namespace.extension, module_name.object.ptr));
    defer made.deinit();
    return namespace.add(name, made.object);
}

fn signatureOf(comptime name: []const u8, comptime F: type, comptime parameters: ?[]const []const u8) Signature {
    const by_position: Signature = .of(name, F, null, .{});
    if (by_position.parameters.len > by_position.positional) @compileError("function '" ++ name ++ "' has keyword-only parameters, " ++
        "which addFunction cannot give it; declare it 'pub' in the root file, or in a namespace of it");
    return .of(name, F, parameters, .{ .positional_only = by_position.positional });
}

/// A new module inside of this one, which can also be imported by its full name.
pub fn addSubmodule(namespace: Namespace, name: [:0]const u8, doc: [:0]const u8) object_zig.Error!Namespace {
    const outer = try namespace.object.get("__name__");
    defer outer.deinit();
    const path: object_zig.Owned = try .from(c.PyUnicode_FromFormat("%S.%s", outer.object.ptr, name.ptr));
    defer path.deinit();
    const module: object_zig.Owned = try .from(c.PyModule_NewObject(path.object.ptr));
    defer module.deinit();
    if (c.PyModule_SetDocString(module.object.ptr, doc) != 0) return error.Python;
    const modules = c.PyImport_GetModuleDict() orelse return error.Python;
    if (c.PyDict_SetItem(modules, path.object.ptr, module.object.ptr) != 0) return error.Python;
    try namespace.add(name, module.object);
    return .{ .object = module.object, .extension = namespace.extension };
}
