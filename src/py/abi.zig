//! The CPython ABI that this extension is compiled for, as the build chose it.

const std = @import("std");
const options = @import("python_abi");

/// Minor version of Python 3 that is compiled for; with the stable ABI, the oldest one.
pub const minor: u8 = options.minor;
/// The stable ABI (PEP 384): one binary for `minor` and all later versions, object layouts out of reach.
pub const stable: bool = options.stable;
/// The free-threaded build of CPython (PEP 703), with its own object header.
pub const free_threaded: bool = options.free_threaded;

/// Whether object layouts are those of one known CPython version, so that fields may be read directly.
pub const layouts_known = !stable;

/// A function of the C API that is not part of the stable ABI at the oldest supported floor.
///
/// `since`: minor version that brought it. `stable_since`: minor version in which it joined the stable ABI, or null
/// (CPython's Misc/stable_abi.toml). Using it in a build that cannot have it is a compile error that names the way out.
pub fn function(comptime name: [:0]const u8, comptime F: type, comptime since: u8, comptime stable_since: ?u8) *const F {
    const needed = if (stable) stable_since orelse @compileError(
        name ++ " is not in Python's stable ABI: build for one version (-Dpython-version) to use it",
    ) else since;
    if (minor < needed) @compileError(std.fmt.comptimePrint(
        "{s} needs Python 3.{d}, but this build is for 3.{d}{s}",
        .{ name, needed, minor, if (stable) " and newer (stable ABI)" else "" },
    ));
    return @extern(*const F, .{ .name = name });
}
