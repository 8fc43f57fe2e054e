//! Root of an extension library: exports `PyInit_<name>` for the user's root file.

const std = @import("std");
const builtin = @import("builtin");
const alloconda = @import("alloconda");
const user = @import("user");

pub const alloconda_extension = @import("identity.zig");

const name = "PyInit_" ++ @import("extension").name;

comptime {
    @export(&alloconda.Module.init, .{ .name = name });
    // What a DLL exports is for the linker to be told (a directive of PE/COFF): the build keeps Zig from exporting all.
    if (builtin.os.tag == .windows) asm (".section .drectve, \"yni\"\n.ascii \" -export:" ++ name ++ "\"\n.text\n");
}

/// What the user's root file says of the standard library's options holds for the extension.
pub const std_options: std.Options = if (@hasDecl(user, "std_options")) user.std_options else .{};

pub const panic = if (@hasDecl(user, "panic")) user.panic else std.debug.FullPanic(alloconda.panicked);
