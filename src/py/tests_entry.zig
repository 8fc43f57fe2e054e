//! Root of the library that runs an extension's `test` blocks inside Python: the extension itself, and a second module
//! that runs them.

const std = @import("std");
const builtin = @import("builtin");
const alloconda = @import("alloconda");
const user = @import("user");

pub const alloconda_extension = @import("identity.zig");

comptime {
    @export(&alloconda.Module.init, .{ .name = "PyInit_" ++ @import("extension").name });
    @export(&alloconda.tests.Module(functions).init, .{ .name = "PyInit_alloconda_tests" });
}

fn functions() []const std.builtin.TestFn {
    return builtin.test_functions;
}

pub const std_options: std.Options = if (@hasDecl(user, "std_options")) user.std_options else .{};

pub const panic = if (@hasDecl(user, "panic")) user.panic else std.debug.FullPanic(alloconda.panicked);
