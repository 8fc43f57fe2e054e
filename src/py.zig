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

pub const Bytes = @import("py/bytes.zig").Bytes;
pub const ByteArray = @import("py/bytes.zig").ByteArray;
pub const Buffer = @import("py/buffer.zig").Buffer;
pub const BufferMut = @import("py/buffer.zig").BufferMut;
pub const Array = @import("py/array.zig").Array;
pub const Path = @import("py/Path.zig");
pub const Date = @import("py/datetime.zig").Date;
pub const Time = @import("py/datetime.zig").Time;
pub const DateTime = @import("py/datetime.zig").DateTime;
pub const TimeDelta = @import("py/datetime.zig").TimeDelta;
pub const Decimal = @import("py/Decimal.zig");
pub const Fraction = @import("py/Fraction.zig");
pub const Uuid = @import("py/Uuid.zig");

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
    _ = @import("py/Decimal.zig");
    _ = @import("py/buffer/format.zig");
    _ = @import("py/datetime.zig");
    _ = @import("py/memory.zig");
    _ = @import("py/options.zig");
    _ = @import("py/signature.zig");
}
