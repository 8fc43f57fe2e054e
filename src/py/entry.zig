//! Root of an extension library: exports `PyInit_<name>` for the user's root file.

const std = @import("std");
const alloconda = @import("alloconda");
const extension = @import("extension");
const signatures = @import("signatures");
const user = @import("user");

comptime {
    const Module = alloconda.Module(std.fmt.comptimePrint("{s}", .{extension.module}), user, signatures.root);
    @export(&Module.init, .{ .name = "PyInit_" ++ extension.name });
}

/// What the user's root file says of the standard library's options holds for the extension.
pub const std_options: std.Options = if (@hasDecl(user, "std_options")) user.std_options else .{};

pub const panic = if (@hasDecl(user, "panic")) user.panic else std.debug.FullPanic(alloconda.panicked);
