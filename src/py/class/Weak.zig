//! A reference that does not keep what it is to alive.

const c = @import("../c.zig");
const convert = @import("../convert.zig");
const Instance = @import("instance.zig").Instance;
const instance = @import("instance.zig");
const object = @import("../object.zig");
const Ref = @import("Ref.zig").Ref;
const registry = @import("../registry.zig");
const Scope = @import("../Scope.zig");

/// A weak reference to an instance of the class of `T`, or, as `py.Weak(py.Object)`, to any object that allows it.
///
/// Python gives it and gets it as the object itself, or None when that is gone or there has been none. As an argument it
/// is valid for the call, and so is what `to` makes; a field of this type keeps it.
pub fn Weak(comptime T: type) type {
    const is_any = T == object.Object;
    return struct {
        const Self = @This();
        const Strong = if (is_any) object.Object else Ref(T);

        /// Python's weak reference.
        reference: ?object.Object,

        /// To nothing.
        pub const empty: Self = .{ .reference = null };

        /// Fails with TypeError for an object whose type does not allow weak references.
        pub fn to(strong: Strong, scope: *Scope) error{Python}!Self {
            return .of(if (is_any) strong.ptr else strong.object.ptr, scope);
        }

        /// The object, which then lives until the call has ended, or null when it is gone.
        pub fn get(weak: Self, scope: *Scope) error{Python}!?Strong {
            const reference = weak.reference orelse return null;
            const found = c.weaklyReferenced(reference.ptr) orelse return null;
            defer c.Py_DecRef(found);
            try scope.keep(found);
            return if (is_any) .{ .ptr = found } else .{ .object = .{ .ptr = found } };
        }

        fn of(strong: *c.PyObject, scope: *Scope) error{Python}!Self {
            comptime requireReferable(T);
            const reference = c.PyWeakref_NewRef(strong, null) orelse return error.Python;
            defer c.Py_DecRef(reference);
            try scope.keep(reference);
            return .{ .reference = .{ .ptr = reference } };
        }

        pub const python_converter = struct {
            pub const annotation = (if (is_any) "object" else registry.annotationOf(T)) ++ " | None";
            pub const result_annotation = (if (is_any) "Any" else registry.annotationOf(T)) ++ " | None";
            /// How a default is written.
            pub const literal = "None";

            pub fn fromPython(value: *c.PyObject, scope: *Scope) convert.FromError!Self {
                if (value == c.none()) return empty;
                if (!is_any and !instance.isInstance(T, value)) return error.WrongType;
                return of(value, scope);
            }

            pub fn toPython(weak: Self, _: *Scope) ?*c.PyObject {
                const reference = weak.reference orelse return c.newSingletonReference(c.none());
                return c.weaklyReferenced(reference.ptr) orelse c.newSingletonReference(c.none());
            }
        };
    };
}

/// Whether a class that derives from a Python class allows weak references, only Python knows.
fn requireReferable(comptime T: type) void {
    if (T == object.Object or Instance(T).has_weakrefs or Instance(T).at_end) return;
    @compileError("py.Weak(" ++ @typeName(T) ++ "): instances of " ++ instance.nameOf(T) ++
        " cannot be referenced weakly; write '.weakref = true' in the python options of the struct");
}
