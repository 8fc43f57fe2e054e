//! Python's str and Zig's UTF-8 slices.

const std = @import("std");
const c = @import("../c.zig");
const abi = @import("../abi.zig");
const layout = @import("../layout.zig");
const convert = @import("../convert.zig");
const Scope = @import("../Scope.zig");
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
        pub const ignores_scope = T == []const u8;
        pub const compound = !ignores_scope;
        pub const fromPython = from;
        pub const toPython = To(T).toPython;
    };
}

fn To(comptime T: type) type {
    return struct {
        pub const annotation = "str";
        pub const ignores_scope = true;

        pub fn toPython(text: T, _: *Scope) ?*c.PyObject {
            return fromUtf8(text);
        }
    };
}

/// Longer texts are CPython's: its decoder goes over them once, `fromUtf8` would twice.
const copied_size_max = 64;

/// A new str. A short ASCII text is copied into place, which costs less than the call of CPython's decoder.
noinline fn fromUtf8(text: []const u8) ?*c.PyObject {
    // A single character is an object that CPython has ready.
    if (abi.layouts_known and layout.ascii_known and text.len > 1 and text.len <= copied_size_max and isAscii(text)) {
        const str = c.newAscii(text.len) orelse return null;
        @memcpy(@constCast(layout.asciiText(str)), text);
        return str;
    }
    return c.PyUnicode_FromStringAndSize(text.ptr, @intCast(text.len));
}

fn isAscii(text: []const u8) bool {
    var bits: u64 = 0;
    var rest = text;
    while (rest.len >= 8) : (rest = rest[8..]) bits |= @bitCast(rest[0..8].*);
    for (rest) |byte| bits |= byte;
    return bits & 0x8080_8080_8080_8080 == 0;
}

inline fn borrow(object: *c.PyObject, _: *Scope) FromError![]const u8 {
    return utf8Of(object);
}

fn borrowTerminated(object: *c.PyObject, scope: *Scope) FromError![:0]const u8 {
    const text = try utf8Of(object);
    if (std.mem.indexOfScalar(u8, text, 0) != null) return scope.reject(.ValueError, "embedded null character", .{});
    return text;
}

inline fn utf8Of(object: *c.PyObject) FromError![:0]const u8 {
    var text: [:0]const u8 = undefined;
    if (abi.layouts_known and c.typeOf(object) == c.typeObject("PyUnicode_Type") and layout.isAscii(object)) {
        @branchHint(.likely);
        text = layout.asciiText(object);
    } else {
        try readOther(object, &text);
    }
    return text;
}

/// Error and text come back apart: an error union of a slice is returned in memory.
noinline fn readOther(object: *c.PyObject, text: *[:0]const u8) FromError!void {
    if (c.typeOf(object) != c.typeObject("PyUnicode_Type") and !c.isInstance(object, c.Py_TPFLAGS_UNICODE_SUBCLASS)) return error.WrongType;
    var size: c.Size = undefined;
    const bytes = c.PyUnicode_AsUTF8AndSize(object, &size) orelse return error.Python;
    text.* = bytes[0..@intCast(size) :0];
}
