//! Calls from Zig that reach methods which a class derived in Python has overridden.

const std = @import("std");
const attributes = @import("attributes.zig");
const bind = @import("../bind.zig");
const c = @import("../c.zig");
const capi = @import("capi.zig");
const convert = @import("../convert.zig");
const instance = @import("instance.zig");
const meta = @import("../../compat/meta.zig");
const object = @import("../object.zig");
const ownership = @import("ownership.zig");
const receiver = @import("receiver.zig");
const Scope = @import("../Scope.zig");
const signature = @import("../signature.zig");

/// What `call` returns: the method's own result, and `error.Python`.
pub fn Result(comptime T: type, comptime name: []const u8) type {
    const R = meta.returnType(@TypeOf(@field(T, name))).?;
    return switch (@typeInfo(R)) {
        .error_union => |info| (info.error_set || error{Python})!info.payload,
        else => error{Python}!R,
    };
}

pub inline fn call(comptime T: type, comptime name: [:0]const u8, self: *c.PyObject, arguments: anytype) Result(T, name) {
    const class = instance.classIn(T, c.typeOf(self)).?;
    if (c.typeOf(self) == class) {
        const F = @TypeOf(@field(T, name));
        const First = comptime meta.parameterTypes(F)[0].?;
        const Access = receiver.ValueAccess(T, First);
        var hold: Access.Hold = undefined;
        const first = Access.enter(self, &hold) orelse return error.Python;
        const result = @call(.auto, @field(T, name), .{first} ++ arguments);
        if (!Access.leave(self, &hold)) return error.Python;
        return result;
    }
    return callPython(T, name, self, arguments);
}

/// By attribute, as Python code would.
fn callPython(comptime T: type, comptime name: [:0]const u8, self: *c.PyObject, arguments: anytype) Result(T, name) {
    const Value = meta.ResultOf(@TypeOf(@field(T, name)));
    const types = comptime meta.parameterTypes(@TypeOf(@field(T, name)))[1..];
    comptime requireKept(name, Value, types);

    var scope: Scope = undefined;
    attributes.beginScope(T, self, &scope);
    defer scope.deinit();
    var objects: [seenCount(types)]?*c.PyObject = undefined;
    comptime var count = 0;
    inline for (types, arguments) |Argument, argument| {
        if (comptime signature.isOfCall(Argument.?)) continue;
        objects[count] = convert.Converter(Argument.?).?.toPython(argument, &scope);
        count += 1;
    }
    const tuple = capi.tupleOf(&objects) orelse return error.Python;
    defer c.Py_DecRef(tuple);
    const method = c.PyObject_GetAttrString(self, name) orelse return error.Python;
    defer c.Py_DecRef(method);
    const result = try object.Owned.from(capi.PyObject_CallObject(method, tuple));
    if (Value == object.Owned) return result;
    defer result.deinit();
    if (Value == void) return;

    if (comptime indexOf(types, *Scope)) |at| {
        const outer: *Scope = arguments[at];
        try outer.keep(result.object.ptr);
        return converted(T, name, Value, result.object.ptr, outer);
    }
    if (comptime indexOf(types, std.mem.Allocator)) |at| {
        scope.outer = arguments[at];
        const value = try converted(T, name, Value, result.object.ptr, &scope);
        // Texts in it are those of the result.
        return ownership.copy(Value, value, arguments[at]) catch scope.outOfMemory();
    }
    return converted(T, name, Value, result.object.ptr, &scope);
}

fn converted(comptime T: type, comptime name: [:0]const u8, comptime Value: type, result: *c.PyObject, scope: *Scope) error{Python}!Value {
    const C = convert.Converter(Value).?;
    return C.fromPython(result, scope) catch |reason|
        bind.raiseRefusal(scope, C, result, reason, .{instance.nameOf(T) ++ "." ++ name ++ "() result"});
}

/// What Python has returned is gone when the call has ended, unless the method has memory or a scope for it.
fn requireKept(comptime name: [:0]const u8, comptime Value: type, comptime types: []const ?type) void {
    if (Value == void or Value == object.Owned) return;
    const start = "py.Ref.call of '" ++ name ++ "': a result of type " ++ @typeName(Value);
    if (!convert.comesFromPython(Value) or convert.isReleased(Value)) @compileError(start ++ " cannot come from a method in Python; return a value, or py.Owned");
    if (ownership.contentOf(Value) == .plain or indexOf(types, *Scope) != null) return;
    if (ownership.contentOf(Value) == .foreign or ownership.holdsObjects(Value)) @compileError(start ++
        " points into what a method in Python returns; give the method a parameter of type *py.Scope, which keeps that, or return py.Owned");
    if (indexOf(types, std.mem.Allocator) == null) @compileError(start ++
        " needs memory where a method in Python returns it; give the method a parameter of type std.mem.Allocator");
}

fn indexOf(comptime types: []const ?type, comptime Wanted: type) ?usize {
    for (types, 0..) |T, i| if (T.? == Wanted) return i;
    return null;
}

/// How many arguments Python sees.
fn seenCount(comptime types: []const ?type) usize {
    var count: usize = 0;
    for (types) |T| count += @intFromBool(!signature.isOfCall(T.?));
    return count;
}
