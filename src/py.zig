//! alloconda's binding library: plain Zig in, a Python extension module out.
//!
//! Functions of the root file need nothing from here. What they may use:
//!
//!     const py = @import("alloconda");
//!     return py.raise(.ValueError, "{d} is negative", .{n});

pub const Exception = @import("py/errors.zig").Exception;
pub const raise = @import("py/errors.zig").raise;

pub const Object = @import("py/object.zig").Object;
pub const Owned = @import("py/object.zig").Owned;
pub const Args = @import("py/arguments.zig").Args;
pub const Kwargs = @import("py/arguments.zig").Kwargs;

/// For classes.
pub const property = @import("py/class/property.zig").property;
pub const Ref = @import("py/class/Ref.zig").Ref;
pub const Type = @import("py/class/Type.zig").Type;
pub const Slice = @import("py/class/Slice.zig").Slice;

/// General-purpose allocator for memory that outlives a call. For the length of a call, take a parameter of type
/// `std.mem.Allocator` instead.
pub const allocator = @import("py/memory.zig").allocator;

/// The Python that is compiled for.
pub const abi = @import("py/abi.zig");

/// For converters of your own: `pub const python_converter` of a type.
pub const FromError = @import("py/convert.zig").FromError;
pub const Scope = @import("py/Scope.zig");

// For the code that the build generates.
pub const source = @import("py/source.zig");
pub const Module = @import("py/module.zig").Module;
pub const panicked = @import("py/panic.zig").panicked;

test {
    _ = @import("compat/meta.zig");
    _ = @import("py/class/ownership.zig");
    _ = @import("py/memory.zig");
    _ = @import("py/options.zig");
    _ = @import("py/signature.zig");
}
