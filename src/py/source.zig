//! What the user's source says and `@typeInfo` cannot: parameter names, `///` docs and the order of declarations.
//! The reflect step of the build writes one value of `Container` for an extension's root file.

const std = @import("std");

/// A struct, enum or union, or a source file.
pub const Container = struct {
    /// Text of the `//!` comment of a file; empty for other containers.
    doc: []const u8 = "",
    fields: []const Field = &.{},
    declarations: []const Declaration = &.{},

    /// The public declaration called `name`, or null.
    pub fn declaration(comptime container: Container, comptime name: []const u8) ?Declaration {
        for (container.declarations) |candidate| {
            if (std.mem.eql(u8, candidate.name, name)) return candidate;
        }
        return null;
    }
};

pub const Field = struct {
    name: []const u8,
    doc: []const u8 = "",
};

/// A public declaration: a function when it has `parameters`, a namespace or type when it has a `container`.
pub const Declaration = struct {
    name: []const u8,
    /// Text of the `///` comment.
    doc: []const u8 = "",
    /// Names in order; a parameter called `_` has the name "".
    parameters: ?[]const []const u8 = null,
    container: ?*const Container = null,
};
