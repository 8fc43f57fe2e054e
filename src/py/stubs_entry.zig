//! Root of the program that writes an extension's stubs. It runs on the machine that builds, and needs no Python: only
//! the types of the user's code are looked at.

const alloconda = @import("alloconda");

pub const alloconda_extension = @import("identity.zig");

pub const main = alloconda.stubs.main;
