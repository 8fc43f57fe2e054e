//! The extension that is compiled, for the binding library (`registry.zig`).

const std = @import("std");

/// Full name, as Python imports it.
pub const name = std.fmt.comptimePrint("{s}", .{@import("extension").module});
/// The user's root file.
pub const user = @import("user");
/// What the reflect step read in it.
pub const container = @import("signatures").root;
