//! Runs `test` blocks inside Python. What fails is said on standard error.

const std = @import("std");
const c = @import("c.zig");
const compat = @import("../compat/testing.zig");

/// A module with one function, `run`, which returns how many of the tests failed.
pub fn Module(comptime functions: fn () []const std.builtin.TestFn) type {
    return struct {
        var definition: c.PyModuleDef = .{
            .name = "alloconda_tests",
            .methods = &[_]c.PyMethodDef{ .{ .name = "run", .function = &run, .flags = c.METH_NOARGS }, .{} },
            .slots = &[_]c.PyModuleDef_Slot{.{}},
        };

        pub fn init() callconv(.c) ?*c.PyObject {
            return c.PyModuleDef_Init(&definition);
        }

        fn run(_: *c.PyObject, _: ?*c.PyObject) callconv(.c) ?*c.PyObject {
            var failed: c_longlong = 0;
            for (functions()) |function| failed += @intFromBool(!passes(function));
            return c.PyLong_FromLongLong(failed);
        }
    };
}

fn passes(function: std.builtin.TestFn) bool {
    compat.begin();
    const result = function.func();
    const raised = c.PyErr_Occurred() != null;
    const failed = if (result) |_| false else |err| err != error.SkipZigTest;
    if (failed) {
        result catch |err| std.debug.print("{s} failed: {t}\n", .{ function.name, err });
        compat.dumpErrorReturnTrace(@errorReturnTrace());
        if (raised) c.PyErr_Print();
    } else if (raised) {
        // An error that was expected.
        c.PyErr_Clear();
    }
    const leaked = compat.end();
    if (leaked) std.debug.print("{s} leaked memory\n", .{function.name});
    return !failed and !leaked;
}
