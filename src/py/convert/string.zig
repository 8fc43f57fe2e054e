//! Python's str and Zig's UTF-8 slices.

const std = @import("std");
const c = @import("../c.zig");
const abi = @import("../abi.zig");
const layout = @import("../layout.zig");
const convert = @import("../convert.zig");
const FromError = convert.FromError;

/// The converter of a slice of u8 or of a pointer to an array of them, or null for any other pointer.
///
/// `[]const u8` and `[:0]const u8` come from a str and borrow its UTF-8 for the call. All of them, string literals
/// included, go to Python as a str.
pub fn Converter(comptime T: type) ?type {
    const info = @typeInfo(T).pointer;
    const Element = switch (info.size) {
        .slice => info.child,
        .one => switch (@typeInfo(info.child)) {
            .array => |array| array.child,
            else => return null,
        },
        else => return null,
    };
    return switch (T) {
        []const u8 => Both(T, borrow),
        [:0]const u8 => Both(T, borrowTerminated),
        else => if (Element == u8) To(T) else null,
    };
}

fn Both(comptime T: type, comptime from: anytype) type {
    return struct {
        pub const annotation = "str";
        pub const fromPython = from;
        pub const toPython = To(T).toPython;
    };
}

fn To(comptime T: type) type {
    return struct {
        pub const annotation = "str";

        pub fn toPython(text: T) ?*c.PyObject {
            const bytes: []const u8 = text;
            return c.PyUnicode_FromStringAndSize(bytes.ptr, @intCast(bytes.len));
        }
    };
}

inline fn borrow(object: *c.PyObject) FromError![]const u8 {
    return utf8Of(object);
}

fn borrowTerminated(object: *c.PyObject) FromError![:0]const u8 {
    const text = try utf8Of(object);
    if (std.mem.indexOfScalar(u8, text, 0) != null) {
        c.PyErr_SetString(c.exception("ValueError"), "embedded null character");
        return error.Python;
    }
    return text;
}

inline fn utf8Of(object: *c.PyObject) FromError![:0]const u8 {
    if (c.typeOf(object) != c.typeObject("PyUnicode_Type") and !c.isInstance(object, c.Py_TPFLAGS_UNICODE_SUBCLASS)) return error.WrongType;
    if (abi.layouts_known) {
        if (layout.asciiText(object)) |text| return text;
    }
    var size: c.Size = undefined;
    const text = c.PyUnicode_AsUTF8AndSize(object, &size) orelse return error.Python;
    return text[0..@intCast(size) :0];
}
