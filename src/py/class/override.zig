//! Calls from Zig that reach methods which a class derived in Python has overridden.

const attributes = @import("attributes.zig");
const bind = @import("../bind.zig");
const c = @import("../c.zig");
const capi = @import("capi.zig");
const convert = @import("../convert.zig");
const instance = @import("instance.zig");
const meta = @import("../../compat/meta.zig");
const receiver = @import("receiver.zig");

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

/// By attribute, as Python code would. Strings of the result, and other memory, are not kept: it must be a value.
fn callPython(comptime T: type, comptime name: [:0]const u8, self: *c.PyObject, arguments: anytype) Result(T, name) {
    const Value = meta.payloadOf(meta.returnType(@TypeOf(@field(T, name))).?);
    const C = convert.Converter(Value).?;
    if (comptime Value != void and (@typeInfo(Value) == .pointer or convert.has(C, "release") or !convert.has(C, "fromPython")))
        @compileError("py.Ref.call of '" ++ name ++ "': a result of type " ++ @typeName(Value) ++ " cannot outlive the Python object that it is of; return a value");

    var scope = attributes.scopeOf(T, self);
    defer scope.deinit();
    const types = comptime meta.parameterTypes(@TypeOf(@field(T, name)));
    var objects: [arguments.len]?*c.PyObject = undefined;
    inline for (&objects, 0..) |*object, i| object.* = convert.Converter(types[i + 1].?).?.toPython(arguments[i], &scope);
    const tuple = capi.tupleOf(&objects) orelse return error.Python;
    defer c.Py_DecRef(tuple);
    const method = c.PyObject_GetAttrString(self, name) orelse return error.Python;
    defer c.Py_DecRef(method);
    const result = capi.PyObject_CallObject(method, tuple) orelse return error.Python;
    defer c.Py_DecRef(result);
    if (Value == void) return;
    return C.fromPython(result, &scope) catch |reason| {
        bind.refuseValue(&scope, instance.nameOf(T) ++ "." ++ name ++ "() result", C, result, reason);
        return error.Python;
    };
}
