//! alloconda's binding library: plain Zig in, a Python extension module out.
//!
//! Functions of the root file need nothing from here. What they may use:
//!
//!     const py = @import("alloconda");
//!     return py.raise(.ValueError, "{d} is negative", .{n});

const exceptions = @import("py/exceptions.zig");
pub const Exception = exceptions.Exception;
pub const Warning = exceptions.Warning;
pub const raise = exceptions.raise;
pub const raiseFrom = exceptions.raiseFrom;
pub const caught = exceptions.caught;
pub const warn = exceptions.warn;

const object = @import("py/object.zig");
pub const Object = object.Object;
pub const Owned = object.Owned;
pub const Callable = object.Callable;
pub const from = object.from;
pub const import = object.import;
pub const none = object.none;

const threads = @import("py/threads.zig");
pub const allowThreads = threads.allowThreads;
pub const Gil = threads.Gil;
pub const checkSignals = threads.checkSignals;
pub const keepAlive = @import("py/lifetime.zig").keepAlive;

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
pub const Dataclass = @import("py/convert/dataclass.zig").Dataclass;
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
/// For classes.
pub const property = @import("py/class/property.zig").property;
pub const Ref = @import("py/class/Ref.zig").Ref;
pub const Weak = @import("py/class/Weak.zig").Weak;
pub const Type = @import("py/class/Type.zig").Type;
pub const Slice = @import("py/class/Slice.zig").Slice;

/// General-purpose allocator for memory that outlives a call. For the length of a call, take a parameter of type
/// `std.mem.Allocator` instead.
pub const allocator = @import("py/memory.zig").allocator;

/// What `pub const python = .{ .setup = … }` of the root file gets, to add what no declaration can say.
pub const Namespace = @import("py/Namespace.zig");

/// The Python that is compiled for.
pub const abi = @import("py/abi.zig");

/// For converters of your own: `pub const python_converter` of a type.
pub const converter = @import("py/convert/own.zig").converter;
pub const FromError = @import("py/convert.zig").FromError;
/// One call. A parameter of type `*py.Scope` gets it, unseen by Python: new lists, dicts and sets are made in it.
pub const Scope = @import("py/Scope.zig");

// For the code that the build generates.
pub const source = @import("py/source.zig");
pub const Module = @import("py/module.zig").Module;
pub const stubs = @import("py/stubs.zig");
pub const tests = @import("py/tests.zig");
pub const panicked = @import("py/panic.zig").panicked;

test {
    _ = @import("compat/meta.zig");
    _ = @import("py/Decimal.zig");
    _ = @import("py/buffer/format.zig");
    _ = @import("py/datetime.zig");
    _ = @import("py/class/ownership.zig");
    _ = @import("py/memory.zig");
    _ = @import("py/options.zig");
    _ = @import("py/signature.zig");
    _ = @import("py/stubs/Body.zig");
}
