//! The interpreter's lock (GIL): without it a thread may not touch Python, and while it is held no other thread runs Python.

const std = @import("std");
const c = @import("c.zig");
const convert = @import("convert.zig");
const meta = @import("../compat/meta.zig");

/// Calls a function without the lock, so that other threads run Python meanwhile, and returns what it returns.
///
/// `arguments` is a tuple, as for `@call`. It may hold no Python objects, and the function must not use any: what it
/// needs is converted before. Slices that borrow from arguments of the current call stay valid.
pub fn allowThreads(comptime function: anytype, arguments: std.meta.ArgsTuple(@TypeOf(function))) Result(function) {
    if (comptime convert.holdsObjects(@TypeOf(arguments))) @compileError(
        "py.allowThreads cannot pass Python objects, which a thread without the lock must not touch; convert them before",
    );
    if (comptime convert.holdsObjects(meta.ResultOf(@TypeOf(function)))) @compileError(
        "py.allowThreads cannot run a function that makes Python objects; return Zig values",
    );
    comptime requireNoExceptions("py.allowThreads cannot run a function", Result(function));
    const thread = c.PyEval_SaveThread();
    defer c.PyEval_RestoreThread(thread);
    return @call(.auto, function, arguments);
}

fn Result(comptime function: anytype) type {
    return meta.returnType(@TypeOf(function)).?;
}

/// A compile error where a function without the lock can fail with `error.Python`: then it touches Python. Of `anyerror`
/// nothing is known.
pub fn requireNoExceptions(comptime who: []const u8, comptime R: type) void {
    if (@typeInfo(R) != .error_union) return;
    for (meta.errorNames(@typeInfo(R).error_union.error_set) orelse return) |name| {
        if (std.mem.eql(u8, name, "Python")) @compileError(who ++ " that fails with error.Python: without the lock nothing can " ++
            "be raised, and no object be used; return errors of Zig, or take the lock for that part with py.Gil");
    }
}

/// The lock, taken by a thread that Zig started: `const gil: py.Gil = .acquire(); defer gil.release();`
///
/// For the main interpreter only (CPython's `PyGILState_Ensure`). A thread that Python started holds it already.
pub const Gil = struct {
    state: c_int,

    pub fn acquire() Gil {
        return .{ .state = c.PyGILState_Ensure() };
    }

    pub fn release(gil: Gil) void {
        c.PyGILState_Release(gil.state);
    }
};

/// Lets Python handle signals that came meanwhile; fails with KeyboardInterrupt after Ctrl-C. A long loop calls it now and
/// then, with the lock.
pub fn checkSignals() error{Python}!void {
    if (c.PyErr_CheckSignals() != 0) return error.Python;
}
