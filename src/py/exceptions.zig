//! Python's exceptions from Zig: raising, catching, chaining, warning, and exception classes of the extension's own.
//!
//! An exception class is a struct that says what it derives from; its fields are attributes of the exception:
//!
//!     /// A line that cannot be read.
//!     pub const BadLine = struct {
//!         line: usize = 0,
//!         pub const python = .{ .exception = .ValueError };
//!     };
//!     return py.raise(BadLine{ .line = 3 }, "line {d} has no value", .{3});

const std = @import("std");
const c = @import("c.zig");
const convert = @import("convert.zig");
const derived = @import("class/derived.zig");
const meta = @import("../compat/meta.zig");
const object = @import("object.zig");
const options = @import("options.zig");
const registry = @import("registry.zig");
const Scope = @import("Scope.zig");
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

/// Sets a Python exception with a formatted message and returns `error.Python`, to be returned in turn:
/// `return py.raise(.ValueError, "{d} is not prime", .{n});`
///
/// `exception` is the name of a built-in exception, a value of an exception struct of the extension's own, or one of a
/// class that derives from a Python exception; such a class has its fields in place of a message, and `format` is "".
/// `format` and `arguments` are those of `std.fmt`; bytes that are not UTF-8 are shown as U+FFFD. An exception that is
/// set already becomes the new one's `__context__`.
pub fn raise(exception: anytype, comptime format: []const u8, arguments: anytype) error{Python} {
    const earlier = take();
    if (comptime registry.isClass(@TypeOf(exception))) setOfClass(exception, format) else set(exception, format, arguments);
    if (earlier) |context| amend(context, c.PyException_SetContext);
    return error.Python;
}

/// Python's `raise exception from cause`.
pub fn raiseFrom(cause: object.Object, exception: anytype, comptime format: []const u8, arguments: anytype) error{Python} {
    raise(exception, format, arguments) catch {};
    c.Py_IncRef(cause.ptr);
    amend(cause.ptr, c.PyException_SetCause);
    return error.Python;
}

/// When the exception that is set is an `exception`: clears it and returns it, to be ended with `deinit`. Else null, and
/// what is set stays set.
///
///     const value = table.item(key) catch |err| {
///         const missing = py.caught(.KeyError) orelse return err;
///         defer missing.deinit();
///         return null;
///     };
///
/// `exception` is the name of a built-in exception, or an exception struct of the extension's own.
pub fn caught(comptime exception: anytype) ?object.Owned {
    if (c.PyErr_Occurred() == null) return null;
    if (@TypeOf(exception) == type) {
        const pending = take().?;
        const class = classOf(exception);
        c.PyErr_SetObject(&c.typeOf(pending).object, pending);
        c.Py_DecRef(pending);
        if (c.PyErr_ExceptionMatches(class orelse return null) == 0) return null;
    } else if (c.PyErr_ExceptionMatches(@as(Exception, exception).class()) == 0) return null;
    return .{ .object = .{ .ptr = take() orelse return null } };
}

/// Issues a warning: `try py.warn(.DeprecationWarning, 1, "use {s}", .{"add"});`
///
/// `stack_level` 1 is the Python line that called the function. Fails where a filter turns the warning into an exception.
pub fn warn(category: Warning, stack_level: isize, comptime format: []const u8, arguments: anytype) error{Python}!void {
    const text = std.fmt.allocPrintSentinel(allocator, format, arguments, 0) catch {
        _ = c.PyErr_NoMemory();
        return error.Python;
    };
    defer allocator.free(text);
    const class = switch (category) {
        inline else => |tag| c.exception(@tagName(tag)),
    };
    if (c.PyErr_WarnEx(class, text, stack_level) < 0) return error.Python;
}

/// Python's built-in categories of warnings.
pub const Warning = enum {
    BytesWarning,
    DeprecationWarning,
    FutureWarning,
    ImportWarning,
    PendingDeprecationWarning,
    ResourceWarning,
    RuntimeWarning,
    SyntaxWarning,
    UnicodeWarning,
    UserWarning,
    Warning,
};

/// Sets an exception and replaces what was set.
fn set(exception: anytype, comptime format: []const u8, arguments: anytype) void {
    const text = formatted(format, arguments) orelse return;
    defer c.Py_DecRef(text);
    setText(exception, text);
}

/// Sets an exception with a message as it is. `exception` as in `raise`.
pub fn setMessage(exception: anytype, message: []const u8) void {
    const text = decode(message) orelse return;
    defer c.Py_DecRef(text);
    setText(exception, text);
}

/// A message as a new str, or null with an exception set.
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

fn setText(exception: anytype, text: *c.PyObject) void {
    switch (@typeInfo(@TypeOf(exception))) {
        .@"struct" => setInstance(exception, text),
        else => c.PyErr_SetObject(@as(Exception, exception).class(), text),
    }
}

/// Sets an exception that is an instance of a class with a constructor: its `args` are its fields.
fn setOfClass(exception: anytype, comptime format: []const u8) void {
    const T = @TypeOf(exception);
    const name = comptime registry.annotationOf(T);
    if (comptime options.class(T).python_base == null) @compileError("class " ++ @typeName(T) ++
        " is no exception: give it the option .python_base = \"builtins.ValueError\", or .exception = .ValueError");
    if (format.len > 0) @compileError("class " ++ @typeName(T) ++ " has fields in place of a message: raise it with the format \"\"");
    var scope: Scope = undefined;
    scope.begin(null);
    defer scope.deinit();
    const made: object.Owned = .{ .object = .{ .ptr = convert.Converter(T).?.toPython(exception, &scope) orelse return } };
    defer made.deinit();
    const base = made.object.isInstance(.{ .ptr = c.exception("BaseException") }) catch return;
    if (!base) return c.PyErr_SetString(c.exception("TypeError"), "exceptions must derive from BaseException, and " ++ name ++ " does not");
    const values = derived.fields(T, made.object.ptr) orelse return;
    defer c.Py_DecRef(values);
    if (c.PyObject_SetAttrString(made.object.ptr, "args", values) == 0) restore(made.object.ptr);
}

fn setInstance(exception: anytype, text: *c.PyObject) void {
    const T = @TypeOf(exception);
    if (comptime registry.isClass(T)) @compileError("class " ++ @typeName(T) ++
        " has fields in place of a message, and the table of errors needs one: give it an exception with the option .exception");
    const class = classOf(T) orelse return;
    const arguments = c.PyTuple_New(1) orelse return;
    defer c.Py_DecRef(arguments);
    c.Py_IncRef(text);
    if (c.PyTuple_SetItem(arguments, 0, text) != 0) return;
    const instance: object.Object = .{ .ptr = c.PyObject_Call(class, arguments, null) orelse return };
    defer c.Py_DecRef(instance.ptr);
    inline for (comptime meta.structFields(T)) |field| {
        instance.set(field.name, @field(exception, field.name)) catch return;
    }
    c.PyErr_SetObject(class, instance.ptr);
}

/// The class of an exception struct, borrowed, or null with an exception set.
fn classOf(comptime T: type) ?*c.PyObject {
    if (comptime registry.indexOf(T) == null) @compileError(@typeName(T) ++
        " is no exception of this extension: declare it 'pub' where the root file shows it, with pub const python = .{ .exception = .ValueError }");
    var scope: Scope = undefined;
    scope.begin(null);
    return @ptrCast(scope.class(T) orelse return null);
}

/// The exception that is set, as a new reference, and clears it. Null when none is.
pub fn take() ?*c.PyObject {
    var pending: c.Pending = .take();
    if (pending.class == null) return null;
    c.PyErr_NormalizeException(&pending.class, &pending.value, &pending.traceback);
    defer c.Py_DecRef(pending.class);
    if (pending.traceback) |frames| {
        _ = c.PyException_SetTraceback(pending.value.?, frames);
        c.Py_DecRef(frames);
    }
    return pending.value;
}

/// Sets context or cause of the exception that is set; takes over the reference to `other`.
fn amend(other: *c.PyObject, setter: *const fn (exception: *c.PyObject, other: ?*c.PyObject) callconv(.c) void) void {
    const exception = take() orelse return c.Py_DecRef(other);
    defer c.Py_DecRef(exception);
    if (exception == other) c.Py_DecRef(other) else setter(exception, other);
    restore(exception);
}

/// Whether the exception that is set says that a str has no UTF-8, since there are surrogates in it, and `candidate` may be that
/// str; null if it is known to be one. No code of others runs when a str is converted, so that it is no exception of theirs.
pub fn saysUnencodable(candidate: ?*c.PyObject) bool {
    if (candidate) |text| if (!c.isInstance(text, c.Py_TPFLAGS_UNICODE_SUBCLASS)) return false;
    return c.PyErr_ExceptionMatches(c.exception("UnicodeEncodeError")) != 0;
}

/// Adds a note to the exception that is set, from Python 3.11 on (PEP 678).
pub fn addNote(text: []const u8) void {
    const exception = take() orelse return;
    defer c.Py_DecRef(exception);
    const pending: object.Object = .{ .ptr = exception };
    if (pending.method("add_note", .{text})) |result| result.deinit() else |_| c.PyErr_Clear();
    restore(exception);
}

/// Sets an exception object as it is.
pub fn restore(exception: *c.PyObject) void {
    c.PyErr_SetObject(&c.typeOf(exception).object, exception);
}

/// The class of an exception struct: a new reference, or null with an exception set.
pub fn makeClass(comptime class: registry.Class, scope: *Scope) ?*c.PyObject {
    const T = class.type;
    const base = options.exceptionBase(T);
    const base_class: ?*c.PyObject = if (@TypeOf(base) == type) @ptrCast(scope.class(base)) else @as(Exception, base).class();
    const dict = c.PyDict_New() orelse return null;
    defer c.Py_DecRef(dict);
    const attributes: object.Object = .{ .ptr = dict };
    inline for (comptime meta.structFields(T)) |field| {
        if (comptime field.default()) |default| attributes.setItem(@as([]const u8, field.name), @as(field.type, default)) catch return null;
    }
    const doc: ?[*:0]const u8 = if (class.doc.len > 0) class.doc ++ "" else null;
    return c.PyErr_NewExceptionWithDoc(class.module ++ "." ++ class.name, doc, base_class orelse return null, dict);
}
