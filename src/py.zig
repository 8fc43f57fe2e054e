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
pub const ArgsOf = @import("py/arguments.zig").ArgsOf;
pub const Kwargs = @import("py/arguments.zig").Kwargs;

// Python's containers, used in place. They are valid for the call.
pub const List = @import("py/views/list.zig").List;
pub const Tuple = @import("py/views/list.zig").Tuple;
pub const Dict = @import("py/views/dict.zig").Dict;
pub const Set = @import("py/views/set.zig").Set;
pub const FrozenSet = @import("py/views/set.zig").FrozenSet;
pub const Iterator = @import("py/views/iterator.zig").Iterator;
pub const Attributes = @import("py/convert/record.zig").Attributes;

/// General-purpose allocator for memory that outlives a call. For the length of a call, take a parameter of type
/// `std.mem.Allocator` instead.
pub const allocator = @import("py/memory.zig").allocator;

/// The Python that is compiled for.
pub const abi = @import("py/abi.zig");

/// For converters of your own: `pub const python_converter` of a type.
pub const FromError = @import("py/convert.zig").FromError;
/// One call. A parameter of type `*py.Scope` gets it, unseen by Python: new lists, dicts and sets are made in it.
pub const Scope = @import("py/Scope.zig");

// For the code that the build generates.
pub const source = @import("py/source.zig");
pub const Module = @import("py/module.zig").Module;
pub const panicked = @import("py/panic.zig").panicked;

test {
    _ = @import("compat/meta.zig");
    _ = @import("py/memory.zig");
    _ = @import("py/options.zig");
    _ = @import("py/signature.zig");
}
