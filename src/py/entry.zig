//! Root of an extension library: exports `PyInit_<name>` for the user's root file.

const std = @import("std");
const alloconda = @import("alloconda");
const extension = @import("extension");
const signatures = @import("signatures");
const user = @import("user");

/// What the binding library looks for (`registry.zig`).
pub const alloconda_extension = struct {
    pub const name = std.fmt.comptimePrint("{s}", .{extension.module});
    pub const user = @import("user");
    pub const container = signatures.root;
};

comptime {
    @export(&alloconda.Module.init, .{ .name = "PyInit_" ++ extension.name });
}

/// What the user's root file says of the standard library's options holds for the extension.
pub const std_options: std.Options = if (@hasDecl(user, "std_options")) user.std_options else .{};

pub const panic = if (@hasDecl(user, "panic")) user.panic else std.debug.FullPanic(alloconda.panicked);
