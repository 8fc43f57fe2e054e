//! A library with imports and exports of each kind, built for many targets and read by several readers.

const builtin = @import("builtin");

extern fn PyLong_FromLong(value: c_long) ?*anyopaque;
extern fn PyModule_Create2(definition: *anyopaque, version: c_int) ?*anyopaque;

var definition: [256]u8 align(16) = @splat(0);

export fn PyInit_native() callconv(.c) ?*anyopaque {
    const none = @extern(*usize, .{ .name = "_Py_NoneStruct", .is_dll_import = builtin.os.tag == .windows });
    none.* +%= 1;
    _ = PyLong_FromLong(definition[0]);
    return PyModule_Create2(&definition, 1013);
}
