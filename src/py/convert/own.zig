//! Converters of the user's own, from two functions.

const convert = @import("../convert.zig");
const c = @import("../c.zig");
const errors = @import("../errors.zig");
const meta = @import("../../compat/meta.zig");
const object_zig = @import("../object.zig");
const options = @import("../options.zig");
const Scope = @import("../Scope.zig");
const Object = object_zig.Object;

/// The names of its fields.
const Known = struct { annotation: void, from: void, to: void, range: void, needs_lock: void };

/// The converter of a type of your own: `pub const python_converter = py.converter(Address, .{ … });`, with the fields
/// - `annotation`: the type as Python writes it, with its module;
/// - `from`: a function `(py.Object, *py.Scope) !Address`, for types that come from Python. `error.WrongType` is a TypeError
///   that names the argument, `error.OutOfRange` an OverflowError that does, and `scope.reject` any other one. Memory of
///   `scope.allocator()` lives as long as the call;
/// - `to`: a function `(Address) !py.Owned`, for types that go there;
/// - `range`: what a value that is `error.OutOfRange` should have been. Default: the annotation;
/// - `needs_lock`: false where a value holds no Python objects, so that functions with `release_gil` may take it.
pub fn converter(comptime T: type, comptime parts: anytype) type {
    const Parts = @TypeOf(parts);
    for (meta.structFields(Parts)) |field| options.requireKnown(Known, field.name, "py.converter of " ++ @typeName(T), "field");
    const From = struct {
        fn fromPython(object: *c.PyObject, scope: *Scope) convert.FromError!T {
            return parts.from(Object{ .ptr = object }, scope) catch |err| switch (@as(anyerror, err)) {
                error.Python => error.Python,
                error.WrongType => error.WrongType,
                error.OutOfRange => error.OutOfRange,
                else => {
                    errors.setFromZig(err);
                    return error.Python;
                },
            };
        }
    };
    const To = struct {
        fn toPython(value: T, _: *Scope) ?*c.PyObject {
            const owned: object_zig.Owned = parts.to(value) catch |err| {
                errors.setFromZig(err);
                return null;
            };
            return owned.object.ptr;
        }
    };
    return struct {
        pub const annotation: [:0]const u8 = parts.annotation;
        pub const range: [:0]const u8 = if (@hasField(Parts, "range")) parts.range else annotation;
        pub const compound = true;
        pub const needs_lock = if (@hasField(Parts, "needs_lock")) parts.needs_lock else true;
        pub const fromPython = if (@hasField(Parts, "from")) From.fromPython else {};
        pub const toPython = if (@hasField(Parts, "to")) To.toPython else {};
    };
}
