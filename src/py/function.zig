//! A Zig function as an entry of a module's method table: `METH_FASTCALL`, with keywords where names are known.

const std = @import("std");
const bind = @import("bind.zig");
const c = @import("c.zig");
const convert = @import("convert.zig");
const errors = @import("errors.zig");
const memory = @import("memory.zig");
const meta = @import("../compat/meta.zig");
const Names = @import("Names.zig");
const Signature = @import("signature.zig").Signature;

/// `f` is the function; `names` are the interned names of the module that it is in.
pub fn Function(
    comptime name: [:0]const u8,
    comptime f: anytype,
    comptime signature: Signature,
    comptime doc: []const u8,
    comptime names: Names,
) type {
    const F = @TypeOf(f);
    const parameters = signature.parameters;
    const takes_keywords = parameters.len > signature.positional_only;
    // A function with defaults is often called with keywords: that way is then made fast at the cost of size.
    const inlined: std.builtin.CallModifier = for (parameters) |parameter| {
        if (parameter.default != null) break .always_inline;
    } else .never_inline;
    const takes_arena = std.mem.indexOfScalar(?type, meta.parameterTypes(F), std.mem.Allocator) != null;
    comptime requireResult(name, F);

    return struct {
        pub const method: c.PyMethodDef = .{
            .name = name,
            .function = if (takes_keywords) &callWithKeywords else &call,
            .flags = c.METH_FASTCALL | (if (takes_keywords) c.METH_KEYWORDS else 0),
            .doc = signature.text(name) ++ "\n--\n\n" ++ doc,
        };

        const layout: bind.Layout = .{
            .function = name,
            .positional = signature.positional,
            .positional_only = signature.positional_only,
            .parameters = blk: {
                var entries: [parameters.len]bind.Layout.Parameter = undefined;
                for (&entries, parameters) |*entry, parameter| {
                    const C = convert.Converter(parameter.type).?;
                    entry.* = .{
                        .name = parameter.name,
                        .interned = names.index(parameter.name) orelse 0,
                        .required = parameter.default == null,
                        .expected = C.annotation,
                        .range = if (@hasDecl(C, "range")) C.range else "",
                    };
                }
                const final = entries;
                break :blk &final;
            },
        };

        fn callWithKeywords(
            module: *c.PyObject,
            arguments: [*]const *c.PyObject,
            count: c.Size,
            keywords: ?*c.PyObject,
        ) callconv(.c) ?*c.PyObject {
            // The common call: every parameter given by position.
            if (keywords == null and count == parameters.len and signature.positional == parameters.len) {
                return @call(.never_inline, invoke, .{@as([*]const ?*c.PyObject, @ptrCast(arguments))});
            }
            return bindAndInvoke(module, arguments, @intCast(count), keywords);
        }

        fn call(module: *c.PyObject, arguments: [*]const *c.PyObject, count: c.Size) callconv(.c) ?*c.PyObject {
            if (count == parameters.len) return @call(.never_inline, invoke, .{@as([*]const ?*c.PyObject, @ptrCast(arguments))});
            return bindAndInvoke(module, arguments, @intCast(count), null);
        }

        /// What is fast is done here, for this function alone; the rest is code that all functions share.
        noinline fn bindAndInvoke(
            module: *c.PyObject,
            arguments: [*]const *c.PyObject,
            count: usize,
            keywords: ?*c.PyObject,
        ) ?*c.PyObject {
            var bound: [parameters.len]?*c.PyObject = undefined;
            inline for (&bound, 0..) |*slot, i| {
                slot.* = if (i < signature.positional and i < count) arguments[i] else null;
            }
            if (takes_keywords and keywords != null) {
                const all_known = @call(inlined, bind.bindKeywords, .{ &layout, module, keywords.?, arguments, count, &bound });
                if (!all_known) return null;
            } else {
                if (count > signature.positional) return bind.refuseCount(&layout, count, &bound);
            }
            inline for (parameters, 0..) |parameter, i| {
                if (parameter.default == null and bound[i] == null) return bind.refuseMissing(&layout, &bound);
            }
            return @call(inlined, invoke, .{&bound});
        }

        /// `objects` has one entry per parameter, null for a default.
        fn invoke(objects: [*]const ?*c.PyObject) ?*c.PyObject {
            var arena: memory.CallArena = if (takes_arena) .init() else undefined;
            defer if (takes_arena) arena.deinit();
            var values: std.meta.ArgsTuple(F) = undefined;
            inline for (comptime meta.parameterTypes(F), 0..) |T, i| {
                if (T.? == std.mem.Allocator) values[i] = arena.interface();
            }
            inline for (parameters, 0..) |parameter, i| {
                const slot = if (parameter.field) |field| &@field(values[parameter.index], field.name) else &values[parameter.index];
                if (parameter.default == null or objects[i] != null) {
                    const object = objects[i].?;
                    slot.* = convert.Converter(parameter.type).?.fromPython(object) catch |reason|
                        return bind.refuseArgument(&layout, i, objects, reason);
                } else {
                    slot.* = if (parameter.field) |field| comptime field.default().? else null;
                }
            }
            return resultToPython(@call(.auto, f, values));
        }
    };
}

/// A new reference, or null with a Python exception set.
inline fn resultToPython(result: anytype) ?*c.PyObject {
    const value = switch (@typeInfo(@TypeOf(result))) {
        .error_union => result catch |err| {
            errors.setFromZig(err);
            return null;
        },
        else => result,
    };
    return convert.Converter(@TypeOf(value)).?.toPython(value);
}

fn requireResult(comptime function: []const u8, comptime F: type) void {
    const Result = @typeInfo(F).@"fn".return_type orelse @compileError("function '" ++ function ++
        "' is generic: its return type depends on its arguments; make it private by leaving out 'pub'");
    const Value = switch (@typeInfo(Result)) {
        .error_union => |info| info.payload,
        else => Result,
    };
    if (Value == noreturn) return;
    if (!convert.goesToPython(Value)) @compileError("function '" ++ function ++ "', return type " ++ @typeName(Result) ++
        ": type " ++ @typeName(Value) ++ " cannot go to Python; use void, or one of " ++ convert.known_types ++
        ", or make the function private by leaving out 'pub'");
}
