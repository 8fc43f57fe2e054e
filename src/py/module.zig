//! An extension module: multi-phase initialisation (PEP 489), its functions and its state.

const std = @import("std");
const c = @import("c.zig");
const meta = @import("../compat/meta.zig");
const source = @import("source.zig");
const Function = @import("function.zig").Function;
const Names = @import("Names.zig");
const Signature = @import("signature.zig").Signature;

/// The module whose functions are the `pub fn` of `root`, with names and docs from `container`.
///
/// `init` is what `PyInit_<name>` has to be.
pub fn Module(comptime name: [:0]const u8, comptime root: type, comptime container: source.Container) type {
    @setEvalBranchQuota(1_000_000);
    const functions = functionsOf(root, container);
    const names = namesOf(functions);
    const State = names.State();

    return struct {
        const methods = blk: {
            var table: [functions.len + 1]c.PyMethodDef = undefined;
            for (table[0..functions.len], functions) |*method, function| {
                method.* = Function(function.name, @field(root, function.name), function.signature, function.doc, names).method;
            }
            table[functions.len] = .{};
            break :blk table;
        };

        const slots = [_]c.PyModuleDef_Slot{
            .{ .slot = c.Py_mod_exec, .value = @ptrCast(&exec) },
            .{},
        };

        var definition: c.PyModuleDef = .{
            .name = name,
            .doc = if (container.doc.len > 0) container.doc ++ "" else null,
            .state_size = @sizeOf(State),
            .methods = &methods,
            .slots = &slots,
            .free = &free,
        };

        pub fn init() callconv(.c) ?*c.PyObject {
            return c.PyModuleDef_Init(&definition);
        }

        fn exec(module: *c.PyObject) callconv(.c) c_int {
            const state = stateOf(module) orelse return 0;
            for (&state.interned, names.list) |*interned, text| {
                interned.* = c.PyUnicode_InternFromString(text) orelse return -1;
            }
            return 0;
        }

        /// Also called for a module whose `exec` failed, or has not run.
        fn free(module: *c.PyObject) callconv(.c) void {
            const state = stateOf(module) orelse return;
            for (&state.interned) |*interned| {
                c.Py_DecRef(interned.*);
                interned.* = null;
            }
        }

        fn stateOf(module: *c.PyObject) ?*State {
            return @ptrCast(@alignCast(c.PyModule_GetState(module)));
        }
    };
}

const Entry = struct {
    name: [:0]const u8,
    doc: []const u8,
    signature: Signature,
};

fn functionsOf(comptime root: type, comptime container: source.Container) []const Entry {
    var functions: []const Entry = &.{};
    for (meta.declarationNames(root)) |name| {
        const F = @TypeOf(@field(root, name));
        if (@typeInfo(F) != .@"fn" or belongsToZig(name)) continue;
        const declaration = container.declaration(name) orelse source.Declaration{ .name = name };
        functions = functions ++ .{Entry{
            .name = name,
            .doc = declaration.doc,
            .signature = .of(name, F, declaration.parameters),
        }};
    }
    return functions;
}

/// Declarations of a root file that Zig's standard library looks for.
fn belongsToZig(comptime name: []const u8) bool {
    return std.mem.eql(u8, name, "main") or std.mem.eql(u8, name, "panic");
}

fn namesOf(comptime functions: []const Entry) Names {
    var names: Names = .{ .list = &.{} };
    for (functions) |function| {
        for (function.signature.parameters) |parameter| {
            if (parameter.kind != .positional_only) names = names.with(parameter.name);
        }
    }
    return names;
}
