//! Conversion between Python objects and Zig values: one converter per type, chosen by `Converter`.
//!
//! A converter is a namespace with
//! - `annotation`: the type as Python writes it, for signatures, stubs and messages;
//! - `fromPython(object) FromError!T`, where the type can come from Python;
//! - `toPython(value) ?*PyObject`, where it can go there: a new reference, or null with a Python exception set;
//! - `range`: what an `OutOfRange` value should have been, where that error exists.

const std = @import("std");
const c = @import("c.zig");
const Int = @import("convert/int.zig").Int;
const Float = @import("convert/float.zig").Float;
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
        .pointer => string.Converter(T),
        else => null,
    };
}

const Void = struct {
    pub const annotation = "None";

    pub fn toPython(_: void) ?*c.PyObject {
        return c.newSingletonReference(c.none());
    }
};

const Bool = struct {
    pub const annotation = "bool";

    pub fn fromPython(object: *c.PyObject) FromError!bool {
        if (object == c.boolean(true)) return true;
        if (object == c.boolean(false)) return false;
        return error.WrongType;
    }

    pub fn toPython(value: bool) ?*c.PyObject {
        return c.newSingletonReference(c.boolean(value));
    }
};

fn Optional(comptime T: type, comptime Child: type) type {
    const From = struct {
        inline fn fromPython(object: *c.PyObject) FromError!?T {
            if (object == c.none()) return null;
            return try Child.fromPython(object);
        }
    };
    const To = struct {
        fn toPython(value: ?T) ?*c.PyObject {
            return if (value) |v| Child.toPython(v) else Void.toPython({});
        }
    };
    return struct {
        pub const annotation = Child.annotation ++ " | None";
        pub const range = if (@hasDecl(Child, "range")) Child.range ++ " or None" else "";
        pub const fromPython = if (@hasDecl(Child, "fromPython")) From.fromPython else {};
        pub const toPython = if (@hasDecl(Child, "toPython")) To.toPython else {};
    };
}

/// Whether values of `T` can come from Python.
pub fn comesFromPython(comptime T: type) bool {
    return has(T, "fromPython");
}

/// Whether values of `T` can go to Python.
pub fn goesToPython(comptime T: type) bool {
    return has(T, "toPython");
}

fn has(comptime T: type, comptime direction: []const u8) bool {
    const C = Converter(T) orelse return false;
    return @hasDecl(C, direction) and @TypeOf(@field(C, direction)) != void;
}

/// What compile errors say a type may be.
pub const known_types = "bool, integers up to 128 bits, f16, f32, f64, []const u8, and optionals of these";
