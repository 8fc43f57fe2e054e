//! An extension module by hand, with no binding library: what it imports is all that its import library must have.

const builtin = @import("builtin");

const Object = opaque {};

const Method = extern struct {
    name: ?[*:0]const u8 = null,
    function: ?*const fn (self: ?*Object, none: ?*Object) callconv(.c) ?*Object = null,
    flags: c_int = 0,
    doc: ?[*:0]const u8 = null,
};

const Definition = extern struct {
    base: [5]usize = @splat(0),
    name: [*:0]const u8,
    doc: ?[*:0]const u8 = null,
    state_size: isize = 0,
    methods: [*]const Method,
    rest: [4]?*anyopaque = @splat(null),
};

extern fn PyModuleDef_Init(definition: *Definition) ?*Object;
extern fn PyLong_FromLong(value: c_long) ?*Object;
extern fn PyErr_SetString(exception: *Object, text: [*:0]const u8) void;
extern fn Py_IncRef(object: *Object) void;

fn data(comptime T: type, comptime name: []const u8) *T {
    return @extern(*T, .{ .name = name, .is_dll_import = builtin.os.tag == .windows });
}

fn number(_: ?*Object, _: ?*Object) callconv(.c) ?*Object {
    return PyLong_FromLong(42);
}

fn nothing(_: ?*Object, _: ?*Object) callconv(.c) ?*Object {
    const none = data(Object, "_Py_NoneStruct");
    Py_IncRef(none);
    return none;
}

fn fail(_: ?*Object, _: ?*Object) callconv(.c) ?*Object {
    PyErr_SetString(data(*Object, "PyExc_ValueError").*, "as asked");
    return null;
}

const METH_NOARGS = 4;
const methods = [_]Method{
    .{ .name = "number", .function = number, .flags = METH_NOARGS },
    .{ .name = "nothing", .function = nothing, .flags = METH_NOARGS },
    .{ .name = "fail", .function = fail, .flags = METH_NOARGS },
    .{},
};
var definition: Definition = .{ .name = "probe", .methods = &methods };

export fn PyInit_probe() ?*Object {
    return PyModuleDef_Init(&definition);
}
