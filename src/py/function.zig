//! A Zig function as an entry of a method table: `METH_FASTCALL`, with keywords where names are known.

const std = @import("std");
const builtin = @import("builtin");
const arguments = @import("arguments.zig");
const bind = @import("bind.zig");
const c = @import("c.zig");
const convert = @import("convert.zig");
const errors = @import("errors.zig");
const hint = @import("convert/hint.zig");
const meta = @import("../compat/meta.zig");
const Names = @import("Names.zig");
const ownership = @import("class/ownership.zig");
const Scope = @import("Scope.zig");
const Parameter = @import("signature.zig").Parameter;
const Signature = @import("signature.zig").Signature;
const State = @import("State.zig");
const threads = @import("threads.zig");
const trace = @import("trace.zig");

/// What Python sees of a function, beside the function itself.
pub const Spec = struct {
    name: [:0]const u8,
    signature: Signature,
    doc: []const u8,
    /// The interned names of the module that it is in.
    names: Names,
    /// What Python passes as `self`.
    Receiver: type = Module,
    /// Whether the interpreter's lock is released while the function runs.
    release_gil: bool = false,
};

/// The receiver of a module's function. A receiver is a namespace with
/// - `text`: how a signature writes it; empty for none;
/// - `flags`: what a method table says of it, beside the calling convention;
/// - `module(self) ?*PyObject`: the module object whose code runs, or null with an exception set;
/// - `First`: the type of the Zig parameter that comes before those of the signature, or void. It is made for each call
///   by `enter(self, hold) ?First`, null with an exception set, and ended by `leave(self, hold) bool`, false with an
///   exception set. `hold` points to memory of type `Hold` that lives as long as the call.
///
/// A receiver may also have
/// - `finish(self, result, scope) Result`: what is done with the function's result instead of converting it, with `failed`
///   for a `Result` that stands for an exception;
/// - `foreign(reason) ?Result`: what the call returns when its parameter does not take the first argument, or null for the
///   exception that says so;
/// - `declined(result) ?Result`: what the call returns in place of the function's result, or null for that;
/// - `allocator`: what parameters of type `std.mem.Allocator` get instead of the arena of the call.
pub const Module = struct {
    pub const text = "$module";
    pub const flags = 0;
    pub const First = void;

    pub inline fn module(self: *c.PyObject) ?*c.PyObject {
        return self;
    }
};

pub fn Function(comptime f: anytype, comptime spec: Spec) type {
    const F = @TypeOf(f);
    const Receiver = spec.Receiver;
    const signature = spec.signature;
    const parameters = signature.parameters;
    const takes_rest = signature.args != null or signature.kwargs != null;
    const takes_keywords = parameters.len > signature.positional_only or signature.kwargs != null;
    // A function with defaults is often called with keywords: that way is then made fast at the cost of size.
    const inlined: std.builtin.CallModifier = for (parameters) |parameter| {
        if (parameter.default != null) break .always_inline;
    } else if (@hasDecl(Receiver, "expects_keywords")) .always_inline else .never_inline;
    const Result = if (@hasDecl(Receiver, "Result")) Receiver.Result else ?*c.PyObject;
    const failed: Result = if (@hasDecl(Receiver, "failed")) Receiver.failed else null;
    const finishes = convert.has(Receiver, "finish");
    if (!finishes) comptime requireResult(spec.name, F);
    const uses_scope = takes_rest or Receiver != Module or !ignoresScope(F, parameters);
    const is_lazy = !finishes and comptime convert.isLazy(meta.ResultOf(F));
    if (is_lazy) comptime requireNothingReleased(spec.name, parameters);
    if (spec.release_gil) comptime requireNoObjects(spec.name, F);
    const has_origins = for (parameters) |parameter| {
        if (convert.hasOrigin(parameter.type)) break true;
    } else false;
    // The interpreter has a fast path for methods without arguments, and none for such functions.
    const is_bare = Receiver.First != void and parameters.len == 0 and !takes_rest;

    return struct {
        pub const method: c.PyMethodDef = .{
            .name = spec.name,
            .function = if (is_bare) &callBare else if (takes_keywords) &callWithKeywords else &call,
            .flags = Receiver.flags | if (is_bare) c.METH_NOARGS else c.METH_FASTCALL | (if (takes_keywords) c.METH_KEYWORDS else 0),
            .doc = signature.text(spec.name, Receiver.text) ++ "\n--\n\n" ++ spec.doc,
        };

        pub const layout: bind.Layout = .{
            .function = spec.name,
            .positional = signature.positional,
            .positional_only = signature.positional_only,
            .takes_kwargs = signature.kwargs != null,
            .parameters = blk: {
                var entries: [parameters.len]bind.Layout.Parameter = undefined;
                for (&entries, parameters) |*entry, parameter| {
                    const C = convert.Converter(parameter.type).?;
                    entry.* = .{
                        .name = parameter.name,
                        .interned = spec.names.index(parameter.name) orelse 0,
                        .required = parameter.default == null,
                        .expected = C.annotation,
                        .range = if (@hasDecl(C, "range")) C.range else "",
                    };
                }
                const final = entries;
                break :blk &final;
            },
        };

        const origins: [parameters.len]Scope.Origin = blk: {
            var entries: [parameters.len]Scope.Origin = undefined;
            for (&entries, parameters) |*entry, parameter| entry.* = .{ .function = spec.name, .parameter = parameter.name };
            break :blk entries;
        };

        /// What `Args` and `Kwargs` parameters show.
        pub const Rest = struct {
            positional: []const *c.PyObject = &.{},
            names: ?*c.PyObject = null,
            values: [*]const *c.PyObject = undefined,
        };

        /// Also the vectorcall of a class, whose receiver is the class.
        pub fn callWithKeywords(
            self: *c.PyObject,
            objects: [*]const *c.PyObject,
            count: c.Size,
            keywords: ?*c.PyObject,
        ) callconv(.c) ?*c.PyObject {
            // The common call: every parameter given by position.
            if (!takes_rest and keywords == null and count == parameters.len and signature.positional == parameters.len) {
                return @call(.never_inline, invoke, .{ self, @as([*]const ?*c.PyObject, @ptrCast(objects)), Rest{} });
            }
            return bindAndInvoke(self, objects, @intCast(count), keywords);
        }

        fn callBare(self: *c.PyObject, _: ?*c.PyObject) callconv(.c) ?*c.PyObject {
            return invoke(self, &[0]?*c.PyObject{}, .{});
        }

        fn call(self: *c.PyObject, objects: [*]const *c.PyObject, count: c.Size) callconv(.c) ?*c.PyObject {
            if (!takes_rest and count == parameters.len) {
                return @call(.never_inline, invoke, .{ self, @as([*]const ?*c.PyObject, @ptrCast(objects)), Rest{} });
            }
            return bindAndInvoke(self, objects, @intCast(count), null);
        }

        /// What is fast is done here, for this function alone; the rest is code that all functions share.
        noinline fn bindAndInvoke(
            self: *c.PyObject,
            objects: [*]const *c.PyObject,
            count: usize,
            keywords: ?*c.PyObject,
        ) ?*c.PyObject {
            if (inlined == .always_inline and takes_keywords and !takes_rest) if (keywords) |given| {
                const module = Receiver.module(self) orelse return null;
                if (bind.isInOrder(&layout, module, given, count)) return @call(inlined, invoke, .{ self, @as([*]const ?*c.PyObject, @ptrCast(objects)), Rest{} });
            };
            var bound: [parameters.len]?*c.PyObject = undefined;
            inline for (&bound, 0..) |*slot, i| {
                slot.* = if (i < signature.positional and i < count) objects[i] else null;
            }
            if (takes_keywords and keywords != null) {
                const module = Receiver.module(self) orelse return null;
                const all_known = @call(inlined, bind.bindKeywords, .{ &layout, module, keywords.?, objects, count, &bound });
                if (!all_known) return null;
            }
            if (signature.args == null and count > signature.positional) return bind.refuseCount(&layout, count, &bound);
            inline for (parameters, 0..) |parameter, i| {
                if (parameter.default == null and bound[i] == null) return bind.refuseMissing(&layout, &bound);
            }
            const rest: Rest = if (takes_rest) .{
                .positional = if (count > signature.positional) objects[signature.positional..count] else &.{},
                .names = keywords,
                .values = objects + count,
            } else .{};
            return @call(inlined, invoke, .{ self, &bound, rest });
        }

        /// `objects` has one entry per parameter, null for a default.
        pub fn invoke(self: *c.PyObject, objects: [*]const ?*c.PyObject, rest: Rest) Result {
            if (comptime isDirect(F, parameters, spec)) {
                if (direct(objects)) |values| return finish(self, run(values), undefined);
                return @call(.never_inline, invokeInScope, .{ self, objects, rest });
            }
            return @call(.always_inline, invokeInScope, .{ self, objects, rest });
        }

        fn invokeInScope(self: *c.PyObject, objects: [*]const ?*c.PyObject, rest: Rest) Result {
            const module = if (Receiver == Module) self else null;
            var own: Scope = undefined;
            if (!is_lazy) own.begin(module);
            const scope: *Scope = if (is_lazy) Scope.create(module) orelse return failed else &own;
            defer if (is_lazy) scope.drop() else if (uses_scope) scope.deinit();
            if (Receiver != Module) {
                scope.self = self;
                scope.find = &Receiver.module;
            }
            if (is_lazy) keepAll(scope, self, objects[0..parameters.len], rest) catch return failed;
            var values: std.meta.ArgsTuple(F) = undefined;
            var converted: usize = 0;
            defer release(&values, converted);

            inline for (comptime meta.parameterTypes(F), 0..) |T, i| switch (T.?) {
                std.mem.Allocator => values[i] = if (@hasDecl(Receiver, "allocator")) Receiver.allocator else scope.allocator(),
                *Scope => values[i] = scope,
                arguments.Args => values[i] = .{ .objects = rest.positional, .layout = &layout, .scope = scope },
                arguments.Kwargs => values[i] = .{
                    .names = rest.names,
                    .values = rest.values,
                    .layout = &layout,
                    .interned = State.names(Receiver.module(self) orelse return failed),
                    .scope = scope,
                },
                else => if (comptime arguments.isArgsOf(T.?)) {
                    values[i] = T.?.from(.{ .objects = rest.positional, .layout = &layout, .scope = scope }) catch return failed;
                },
            };
            inline for (parameters, 0..) |parameter, i| {
                const slot = if (parameter.field) |field| &@field(values[parameter.index], field.name) else &values[parameter.index];
                const C = convert.Converter(parameter.type).?;
                if (parameter.default == null or objects[i] != null) {
                    const object = objects[i].?;
                    if (comptime has_origins) scope.origin = if (comptime convert.hasOrigin(parameter.type)) &origins[i] else null;
                    slot.* = C.fromPython(object, scope) catch |reason| {
                        defer if (comptime convert.isCompound(C)) scope.refusal.deinit();
                        if (i == 0 and comptime convert.has(Receiver, "foreign")) if (Receiver.foreign(reason)) |instead| return instead;
                        const part = if (comptime convert.isCompound(C)) &scope.refusal else null;
                        if (comptime convert.borrows(parameter.type)) if (reason == error.Python) bind.placeText(&layout, i, object, part);
                        _ = bind.refuseArgument(&layout, i, objects, reason, part);
                        return failed;
                    };
                } else {
                    slot.* = if (parameter.field) |field| comptime field.default().? else null;
                }
                converted = i + 1;
            }
            if (comptime has_origins) scope.origin = null;
            var hold: if (Receiver.First == void) void else Receiver.Hold = undefined;
            if (Receiver.First != void) values[0] = Receiver.enter(self, &hold) orelse return failed;
            // What has nothing but its bytes needs neither receiver nor arguments any more. The compiler then drops most of
            // what it costs to hold them.
            if (comptime meta.ResultOf(F) != noreturn and ownership.contentOf(meta.ResultOf(F)) == .plain) {
                const value = run(values);
                release(&values, converted);
                converted = 0;
                if (Receiver.First != void and !Receiver.leave(self, &hold)) return failed;
                return finish(self, value, scope);
            }
            const result = finish(self, run(values), scope);
            if (Receiver.First == void or Receiver.leave(self, &hold)) return result;
            if (Result == ?*c.PyObject) c.Py_DecRef(result);
            return failed;
        }

        /// The arguments of the usual call, which needs no scope, or null for one that does.
        inline fn direct(objects: [*]const ?*c.PyObject) ?std.meta.ArgsTuple(F) {
            var values: std.meta.ArgsTuple(F) = undefined;
            inline for (parameters, &values, 0..) |parameter, *value, i| value.* = convert.Converter(parameter.type).?.direct(objects[i].?) orelse return null;
            return values;
        }

        /// What an iterator may point into when the call has ended.
        fn keepAll(scope: *Scope, self: *c.PyObject, objects: []const ?*c.PyObject, rest: Rest) error{Python}!void {
            if (Receiver != Module) try scope.keep(self);
            for (objects) |object| try scope.keep(object orelse continue);
            for (rest.positional) |object| try scope.keep(object);
            const names = rest.names orelse return;
            try scope.keep(names);
            for (rest.values[0..c.tupleSize(names)]) |object| try scope.keep(object);
        }

        inline fn finish(self: *c.PyObject, result: anytype, scope: *Scope) Result {
            if (comptime convert.has(Receiver, "declined")) if (Receiver.declined(result)) |instead| return instead;
            return if (comptime convert.has(Receiver, "finish")) Receiver.finish(self, result, scope) else resultToPython(result, scope);
        }

        inline fn run(values: std.meta.ArgsTuple(F)) @typeInfo(F).@"fn".return_type.? {
            if (!spec.release_gil) return @call(.auto, f, values);
            comptime threads.requireNoExceptions("option release_gil: function '" ++ spec.name ++ "' cannot be one", @typeInfo(F).@"fn".return_type.?);
            const thread = c.PyEval_SaveThread();
            defer c.PyEval_RestoreThread(thread);
            return @call(.auto, f, values);
        }

        /// Gives back what the first `converted` arguments hold.
        inline fn release(values: *std.meta.ArgsTuple(F), converted: usize) void {
            inline for (parameters, 0..) |parameter, i| {
                const C = convert.Converter(parameter.type).?;
                if (!comptime convert.has(C, "release")) continue;
                const slot = if (parameter.field) |field| &@field(values[parameter.index], field.name) else &values[parameter.index];
                if (i < converted) C.release(slot);
            }
        }
    };
}

/// Whether no usual call needs a scope, though some unusual one may.
fn isDirect(comptime F: type, comptime parameters: []const Parameter, comptime spec: Spec) bool {
    const Value = meta.ResultOf(F);
    if (spec.Receiver != Module or meta.parameterTypes(F).len != parameters.len or Value == noreturn) return false;
    var is_compound = false;
    for (parameters) |parameter| {
        if (parameter.field != null or parameter.default != null or !convert.isDirect(parameter.type)) return false;
        is_compound = is_compound or convert.PlainType(parameter.type) == null;
    }
    return is_compound and convert.ignoresScope(convert.Converter(Value).?);
}

/// Whether the converters of all parameters and of the result do without the scope.
fn ignoresScope(comptime F: type, comptime parameters: []const Parameter) bool {
    for (meta.parameterTypes(F)) |T| {
        if (T.? == std.mem.Allocator or T.? == *Scope or arguments.isArgsOf(T.?)) return false;
    }
    for (parameters) |parameter| if (!convert.ignoresScope(convert.Converter(parameter.type).?)) return false;
    const Value = meta.ResultOf(F);
    return Value == noreturn or convert.ignoresScope(convert.Converter(Value).?);
}

/// A new reference, or null with a Python exception set.
pub inline fn resultToPython(result: anytype, scope: *Scope) ?*c.PyObject {
    const value = switch (@typeInfo(@TypeOf(result))) {
        .error_union => result catch |err| {
            errors.setFromZig(err);
            if (builtin.mode == std.builtin.OptimizeMode.Debug) trace.note(@errorReturnTrace());
            return null;
        },
        else => result,
    };
    return convert.Converter(@TypeOf(value)).?.toPython(value, scope);
}

/// An iterator is used after the call.
fn requireNothingReleased(comptime function: []const u8, comptime parameters: []const Parameter) void {
    for (parameters) |parameter| {
        if (convert.isReleased(parameter.type)) @compileError("function '" ++ function ++ "' returns an iterator, which is used after the call, when what its parameter '" ++
            parameter.name ++ "' of type " ++ @typeName(parameter.type) ++ " holds has been given back; take a slice, which is copied, or a py.Object");
    }
}

fn requireResult(comptime function: []const u8, comptime F: type) void {
    const Result = @typeInfo(F).@"fn".return_type orelse @compileError("function '" ++ function ++
        "' is generic: its return type depends on its arguments; make it private by leaving out 'pub'");
    const Value = meta.ResultOf(F);
    if (Value == noreturn) return;
    convert.requireFinite("function '" ++ function ++ "', return type", Value);
    if (!convert.goesToPython(Value)) @compileError("function '" ++ function ++ "', return type " ++ @typeName(Result) ++
        ": " ++ hint.refusal(Value, .to_python) ++ ", or make the function private by leaving out 'pub'");
}

/// Python objects may only be used by the thread that holds the interpreter's lock.
fn requireNoObjects(comptime function: []const u8, comptime F: type) void {
    for (meta.parameterTypes(F)) |T| {
        if (convert.holdsObjects(T.?)) @compileError("function '" ++ function ++ "' has the option release_gil, and its parameter of type " ++
            @typeName(T.?) ++ " holds Python objects, which cannot be used without the lock; take Zig values, or release the lock inside");
    }
    const Value = meta.ResultOf(F);
    if (Value != noreturn and convert.holdsObjects(Value)) @compileError("function '" ++ function ++ "' has the option release_gil, and its result of type " ++
        @typeName(Value) ++ " holds Python objects, which cannot be made without the lock; return Zig values, or release the lock inside");
}
