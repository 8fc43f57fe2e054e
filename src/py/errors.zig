//! From Zig errors to Python exceptions, and raising with a message.
//!
//! `error.Python` always means that a Python exception is set; nothing else does.

const std = @import("std");
const c = @import("c.zig");
const meta = @import("../compat/meta.zig");
const allocator = @import("memory.zig").allocator;

/// Python's built-in exceptions that can be raised with a message alone (Python 3.10, Doc/library/exceptions.rst).
pub const Exception = enum {
    ArithmeticError,
    AssertionError,
    AttributeError,
    BlockingIOError,
    BrokenPipeError,
    BufferError,
    ChildProcessError,
    ConnectionAbortedError,
    ConnectionError,
    ConnectionRefusedError,
    ConnectionResetError,
    EOFError,
    Exception,
    FileExistsError,
    FileNotFoundError,
    FloatingPointError,
    ImportError,
    IndexError,
    InterruptedError,
    IsADirectoryError,
    KeyError,
    KeyboardInterrupt,
    LookupError,
    MemoryError,
    NameError,
    NotADirectoryError,
    NotImplementedError,
    OSError,
    OverflowError,
    PermissionError,
    ProcessLookupError,
    RecursionError,
    ReferenceError,
    RuntimeError,
    StopAsyncIteration,
    StopIteration,
    SystemError,
    SystemExit,
    TimeoutError,
    TypeError,
    UnicodeError,
    ValueError,
    ZeroDivisionError,

    /// The exception class, borrowed.
    pub inline fn class(comptime exception: Exception) *c.PyObject {
        return c.exception(@tagName(exception));
    }
};

/// Zig's usual errors and the exceptions that Python users expect in their place.
const usual = .{
    .{ "AccessDenied", Exception.PermissionError },
    .{ "BrokenPipe", Exception.BrokenPipeError },
    .{ "ConnectionRefused", Exception.ConnectionRefusedError },
    .{ "ConnectionResetByPeer", Exception.ConnectionResetError },
    .{ "ConnectionTimedOut", Exception.TimeoutError },
    .{ "DivisionByZero", Exception.ZeroDivisionError },
    .{ "EndOfStream", Exception.EOFError },
    .{ "FileNotFound", Exception.FileNotFoundError },
    .{ "IndexOutOfBounds", Exception.IndexError },
    .{ "InvalidArgument", Exception.ValueError },
    .{ "InvalidCharacter", Exception.ValueError },
    .{ "InvalidUtf8", Exception.ValueError },
    .{ "IsDir", Exception.IsADirectoryError },
    .{ "NotDir", Exception.NotADirectoryError },
    .{ "OutOfMemory", Exception.MemoryError },
    .{ "Overflow", Exception.OverflowError },
    .{ "PathAlreadyExists", Exception.FileExistsError },
    .{ "PermissionDenied", Exception.PermissionError },
    .{ "Timeout", Exception.TimeoutError },
};

/// Sets a Python exception with a formatted message and returns `error.Python`, to be returned in turn:
/// `return py.raise(.ValueError, "{d} is not prime", .{n});`
///
/// `format` and `arguments` are those of `std.fmt`; bytes that are not UTF-8 are shown as U+FFFD.
pub fn raise(comptime exception: Exception, comptime format: []const u8, arguments: anytype) error{Python} {
    const text = formatted(format, arguments) orelse return error.Python;
    defer c.Py_DecRef(text);
    c.PyErr_SetObject(exception.class(), text);
    return error.Python;
}

/// A new str, or null with an exception set.
pub fn formatted(comptime format: []const u8, arguments: anytype) ?*c.PyObject {
    var buffer: [256]u8 = undefined;
    if (std.fmt.bufPrint(&buffer, format, arguments)) |message| return decode(message) else |_| {}
    const message = std.fmt.allocPrint(allocator, format, arguments) catch return c.PyErr_NoMemory();
    defer allocator.free(message);
    return decode(message);
}

fn decode(message: []const u8) ?*c.PyObject {
    return c.PyUnicode_DecodeUTF8(message.ptr, @intCast(message.len), "replace");
}

/// Sets the Python exception that stands for a Zig error.
///
/// `error.Python`: one is set already. A name of `Exception` is raised as that, without a message. The usual Zig errors
/// become what a Python user expects, every other one `RuntimeError`, both with the error's name as the message.
pub fn setFromZig(err: anytype) void {
    const Set = @TypeOf(err);
    if (comptime meta.errorNames(Set)) |names| {
        inline for (names) |name| {
            if (err == @field(anyerror, name)) return setFromName(name);
        }
        unreachable;
    }
    // `anyerror` does not say which errors it can hold, so all names with a meaning are tried.
    const any: anyerror = err;
    if (any == error.Python) return;
    inline for (comptime std.enums.values(Exception)) |exception| {
        if (any == @field(anyerror, @tagName(exception))) return setFromName(@tagName(exception));
    }
    inline for (usual) |entry| {
        if (any == @field(anyerror, entry[0])) return setFromName(entry[0]);
    }
    c.PyErr_SetString(Exception.class(.RuntimeError), @errorName(any));
}

fn setFromName(comptime name: [:0]const u8) void {
    if (comptime std.mem.eql(u8, name, "Python")) return;
    if (comptime std.meta.stringToEnum(Exception, name)) |exception| return c.PyErr_SetNone(exception.class());
    const exception: Exception = comptime for (usual) |entry| {
        if (std.mem.eql(u8, entry[0], name)) break entry[1];
    } else .RuntimeError;
    c.PyErr_SetString(exception.class(), name);
}
