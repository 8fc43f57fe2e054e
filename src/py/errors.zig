//! From Zig errors to Python exceptions.
//!
//! `error.Python` always means that a Python exception is set; nothing else does.

const std = @import("std");
const c = @import("c.zig");
const exceptions = @import("exceptions.zig");
const meta = @import("../compat/meta.zig");
const options = @import("options.zig");
const registry = @import("registry.zig");
const Exception = exceptions.Exception;

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

/// Sets the Python exception that stands for a Zig error.
///
/// `error.Python`: one is set already. Then the table `pub const python = .{ .errors = .{ .NotPrime = .ValueError } }` of the
/// root file counts. A name of `Exception` is raised as that, without a message. The usual Zig errors
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
    inline for (comptime options.errorNames(registry.extension.user)) |name| {
        if (any == @field(anyerror, name)) return setFromName(name);
    }
    inline for (comptime std.enums.values(Exception)) |exception| {
        if (any == @field(anyerror, @tagName(exception))) return setFromName(@tagName(exception));
    }
    inline for (usual) |entry| {
        if (any == @field(anyerror, entry[0])) return setFromName(entry[0]);
    }
    exceptions.setMessage(.RuntimeError, @errorName(any));
}

fn setFromName(comptime name: [:0]const u8) void {
    if (comptime std.mem.eql(u8, name, "Python")) return;
    if (comptime options.hasErrorEntry(registry.extension.user, name)) {
        const Entry = options.ErrorEntry(registry.extension.user, name);
        return exceptions.setMessage(Entry.exception, Entry.message orelse name);
    }
    if (comptime std.meta.stringToEnum(Exception, name)) |exception| return c.PyErr_SetNone(exception.class());
    const exception: Exception = comptime for (usual) |entry| {
        if (std.mem.eql(u8, entry[0], name)) break entry[1];
    } else .RuntimeError;
    c.PyErr_SetString(exception.class(), name);
}
