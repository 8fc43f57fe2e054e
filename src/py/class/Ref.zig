//! A reference to an instance of one of the extension's classes.

const c = @import("../c.zig");
const capi = @import("capi.zig");
const convert = @import("../convert.zig");
const Instance = @import("instance.zig").Instance;
const instance = @import("instance.zig");
const object = @import("../object.zig");
const override = @import("override.zig");
const registry = @import("../registry.zig");
const Scope = @import("../Scope.zig");

/// An instance of the class of `T`, or of a class derived from it. As an argument it is valid for the call; a field of this
/// type keeps the instance alive, and the garbage collector knows of it.
pub fn Ref(comptime T: type) type {
    return struct {
        const Self = @This();

        object: object.Object,

        /// The value, to be read until Python code runs. Fails while a call changes it.
        pub inline fn get(ref: Self) error{Python}!*const T {
            if (!instance.mayRead(T, ref.object.ptr)) return error.Python;
            return Instance(T).value(ref.object.ptr);
        }

        /// The value, to be changed until Python code runs. Fails while a call uses it. Not for values with slices or
        /// objects of their own: those are changed by methods that take `*T`.
        pub inline fn getMutable(ref: Self) error{Python}!*T {
            if (Instance(T).content == .managed) @compileError("the slices and objects of " ++ @typeName(T) ++
                " belong to its instances; change them by a method that takes *" ++ @typeName(T));
            if (!instance.mayWrite(T, ref.object.ptr)) return error.Python;
            return Instance(T).value(ref.object.ptr);
        }

        /// Calls a method of `T` by its name: that of a class derived in Python, where there is one, and else Zig's.
        ///
        /// `arguments` is a tuple of those after the instance. Errors of Python code come as `error.Python`.
        pub inline fn call(ref: Self, comptime method: @TypeOf(.literal), arguments: anytype) override.Result(T, @tagName(method)) {
            return override.call(T, @tagName(method), ref.object.ptr, arguments);
        }

        pub const python_converter = struct {
            pub const annotation = registry.annotationOf(T);

            pub fn fromPython(value: *c.PyObject, _: *Scope) convert.FromError!Self {
                if (!instance.isInstance(T, value)) return error.WrongType;
                return .{ .object = .{ .ptr = value } };
            }

            pub fn toPython(value: Self, _: *Scope) ?*c.PyObject {
                return capi.newReference(value.object.ptr);
            }
        };
    };
}
