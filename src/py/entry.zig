//! Root of an extension library: exports `PyInit_<name>` for the user's root file.

const std = @import("std");
const alloconda = @import("alloconda");
const user = @import("user");

pub const alloconda_extension = @import("identity.zig");

comptime {
    @export(&alloconda.Module.init, .{ .name = "PyInit_" ++ @import("extension").name });
}

/// What the user's root file says of the standard library's options holds for the extension.
pub const std_options: std.Options = if (@hasDecl(user, "std_options")) user.std_options else .{};

pub const panic = if (@hasDecl(user, "panic")) user.panic else std.debug.FullPanic(alloconda.panicked);
