//! A module written against the C API as Zig translates it.

const std = @import("std");
const c = @import("python");

fn add(_: ?*c.PyObject, arguments: ?*c.PyObject) callconv(.c) ?*c.PyObject {
    var a: c_long = 0;
    var b: c_long = 0;
    if (c.PyArg_ParseTuple(arguments, "ll", &a, &b) == 0) return null;
    return c.PyLong_FromLong(a + b);
}

var methods = [_]c.PyMethodDef{
    .{ .ml_name = "add", .ml_meth = add, .ml_flags = c.METH_VARARGS, .ml_doc = "Add in Zig." },
    std.mem.zeroes(c.PyMethodDef),
};
var definition: c.PyModuleDef = module: {
    var module = std.mem.zeroes(c.PyModuleDef);
    module.m_name = "_raw";
    break :module module;
};

export fn PyInit__raw() ?*c.PyObject {
    definition.m_methods = &methods;
    return c.PyModule_Create2(&definition, c.PYTHON_API_VERSION);
}
