//! Conversion between Python objects and Zig values: one converter per type, chosen by `Converter`.
//!
//! A converter is a namespace with
//! - `annotation`: the type as Python writes it, for signatures, stubs and messages;
//! - `fromPython(object, scope) FromError!T`, where the type can come from Python;
//! - `toPython(value, scope) ?*PyObject`, where it can go there: a new reference, or null with a Python exception set;
//! - `range`: what an `OutOfRange` value should have been, where that error exists;
//! - `compound`: true where it converts parts with other converters, and so may say which part was refused;
//! - `release(value: *T) void`, where a value from Python holds what has to be given back after the call.
//!
//! A type of the user's, or of this library, brings its own as `pub const python_converter`.

const std = @import("std");
const c = @import("c.zig");
const meta = @import("../compat/meta.zig");
const registry = @import("registry.zig");
const Scope = @import("Scope.zig");
const Int = @import("convert/int.zig").Int;
const Float = @import("convert/float.zig").Float;
const enumeration = @import("class/enumeration.zig");
const instance = @import("convert/instance.zig");
const string = @import("convert/string.zig");

pub const FromError = error{
    /// A Python exception is set.
    Python,
    /// The object is of a type that the converter does not take. No exception is set.
    WrongType,
    /// The type is right and the value does not fit. No exception is set.
    OutOfRange,
};

/// The converter of a type, or null when it has none.
pub fn Converter(comptime T: type) ?type {
    return switch (@typeInfo(T)) {
        .void => Void,
        .bool => Bool,
        .int => |info| if (info.bits <= 128) Int(T) else null,
        .float => |info| if (info.bits <= 64) Float(T) else null,
        .optional => |info| if (Converter(info.child)) |Child| Optional(info.child, Child) else null,
        .pointer => |info| if (info.size == .one and registry.isClass(info.child)) instance.Pointer(T) else string.Converter(T),
        .@"struct", .@"union", .@"enum", .@"opaque" => if (@hasDecl(T, "python_converter"))
            T.python_converter
        else if (registry.isClass(T))
            instance.Converter(T)
        else if (registry.isEnumeration(T))
            enumeration.Converter(T)
        else
            null,
        else => null,
    };
}

const Void = struct {
    pub const annotation = "None";

    pub fn toPython(_: void, _: *Scope) ?*c.PyObject {
        return c.newSingletonReference(c.none());
    }
};

const Bool = struct {
    pub const annotation = "bool";

    pub fn fromPython(object: *c.PyObject, _: *Scope) FromError!bool {
        if (object == c.boolean(true)) return true;
        if (object == c.boolean(false)) return false;
        return error.WrongType;
    }

    pub fn toPython(value: bool, _: *Scope) ?*c.PyObject {
        return c.newSingletonReference(c.boolean(value));
    }
};

fn Optional(comptime T: type, comptime Child: type) type {
    const From = struct {
        inline fn fromPython(object: *c.PyObject, scope: *Scope) FromError!?T {
            if (object == c.none()) return null;
            return try Child.fromPython(object, scope);
        }

        fn release(value: *?T) void {
            if (value.*) |*child| Child.release(child);
        }
    };
    const To = struct {
        fn toPython(value: ?T, scope: *Scope) ?*c.PyObject {
            return if (value) |v| Child.toPython(v, scope) else Void.toPython({}, scope);
        }
    };
    return struct {
        pub const annotation = Child.annotation ++ " | None";
        pub const range = if (@hasDecl(Child, "range")) Child.range ++ " or None" else "";
        pub const compound = isCompound(Child);
        pub const fromPython = if (has(Child, "fromPython")) From.fromPython else {};
        pub const toPython = if (has(Child, "toPython")) To.toPython else {};
        pub const release = if (has(Child, "release")) From.release else {};
    };
}

/// Whether a converter may say which part of an object it refused.
pub fn isCompound(comptime C: type) bool {
    return @hasDecl(C, "compound") and C.compound;
}

/// Whether a converter has a function; `{}` in its place stands for none.
pub fn has(comptime C: type, comptime function: []const u8) bool {
    return @hasDecl(C, function) and @TypeOf(@field(C, function)) != void;
}

/// Whether a value of `T` is or has a Python object, which only the thread that holds the interpreter's lock may use.
pub fn holdsObjects(comptime T: type) bool {
    return switch (@typeInfo(T)) {
        .optional => |info| holdsObjects(info.child),
        .array => |info| holdsObjects(info.child),
        .pointer => |info| info.size == .slice and holdsObjects(info.child),
        .@"struct" => T != std.mem.Allocator and (@hasDecl(T, "python_converter") or for (meta.structFields(T)) |field| {
            if (holdsObjects(field.type)) break true;
        } else false),
        else => false,
    };
}

/// Whether values of `T` can come from Python.
pub fn comesFromPython(comptime T: type) bool {
    return has(Converter(T) orelse return false, "fromPython");
}

/// Whether values of `T` can go to Python.
pub fn goesToPython(comptime T: type) bool {
    return has(Converter(T) orelse return false, "toPython");
}

/// What compile errors say a type may be.
pub const known_types = "bool, integers up to 128 bits, f16, f32, f64, []const u8, and optionals of these";
