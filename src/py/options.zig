//! `pub const python = .{…}` of a file, namespace or type: what convention cannot guess.
//!
//!     pub const python = .{
//!         .members = .{
//!             .plus = .{ .name = "add", .positional_only = 2 },
//!             .internal = .{ .hidden = true },
//!         },
//!     };

const std = @import("std");
const meta = @import("../compat/meta.zig");

/// Options of one declaration, by its name in the source.
pub const Member = struct {
    /// The name in Python; that of the source by default.
    name: ?[:0]const u8 = null,
    /// Python does not see the declaration.
    hidden: bool = false,
    /// How many of a function's parameters cannot be given by keyword.
    positional_only: usize = 0,
    /// A function runs without the interpreter's lock (GIL). None of its parameters may hold Python objects.
    release_gil: bool = false,
    /// A field of a class that Python can read and not set.
    read_only: bool = false,
};

/// Options of a type that becomes a class. Those of a file or namespace are `members` alone.
pub const Class = struct {
    /// Attributes cannot be set, and instances are hashable.
    frozen: bool = false,
    /// Instances take any attribute (`__dict__`).
    dict: bool = false,
    /// Instances can be referenced weakly.
    weakref: bool = false,
    /// Python classes may be derived from it.
    subclassable: bool = true,
    /// `<`, `<=`, `>` and `>=` compare field by field, as for tuples.
    order: bool = false,
    /// `==` compares field by field; otherwise by identity.
    eq: bool = true,
    /// What an enum derives from, in Python's `enum` module.
    enumeration: enum { IntEnum, IntFlag, Enum } = .IntEnum,
    /// The class of the extension that it derives from. The struct has one field of that type.
    base: ?type = null,
    /// The Python class that it derives from, as "module.Name".
    python_base: ?[:0]const u8 = null,
};

/// Options of the class of `T`.
pub fn class(comptime T: type) Class {
    comptime {
        return if (@hasDecl(T, "python")) read(Class, T.python, "python of " ++ @typeName(T)) else .{};
    }
}

/// Whether `T`, which has a `python` declaration, says anything that only a class can have.
pub fn isClass(comptime T: type) bool {
    for (meta.structFields(@TypeOf(T.python))) |field| {
        if (!std.mem.eql(u8, field.name, "members")) return true;
    }
    return meta.structFields(@TypeOf(T.python)).len == 0;
}

/// The table of options of a container's declarations, as the user wrote it.
pub fn membersOf(comptime T: type) MembersOf(T) {
    comptime {
        if (MembersOf(T) == Empty) return .{};
        const table = T.python.members;
        for (meta.structFields(@TypeOf(table))) |field| {
            if (!@hasDecl(T, field.name) and !@hasField(T, field.name)) @compileError("python.members of " ++ @typeName(T) ++ " names '" ++ field.name ++
                "', which is no field and no public declaration there: correct the name, or write 'pub' before the declaration");
        }
        return table;
    }
}

const Empty = struct {};

fn MembersOf(comptime T: type) type {
    if (!@hasDecl(T, "python") or !@hasField(@TypeOf(T.python), "members")) return Empty;
    return @TypeOf(T.python.members);
}

/// What the exception class of `T` derives from, as the user wrote it: an enum literal, or another exception struct.
pub fn exceptionBase(comptime T: type) @TypeOf(T.python.exception) {
    return T.python.exception;
}

/// Whether `T` is the struct of an exception class.
pub fn isException(comptime T: type) bool {
    return @hasDecl(T, "python") and @hasField(@TypeOf(T.python), "exception");
}

/// A row of the root file's table of errors, which `hasErrorEntry` has.
pub fn ErrorEntry(comptime T: type, comptime name: []const u8) type {
    const literal = @field(T.python.errors, name);
    const Literal = @TypeOf(literal);
    const is_pair = Literal != type and @typeInfo(Literal) == .@"struct" and @typeInfo(Literal).@"struct".is_tuple;
    const raised = if (is_pair) literal[0] else literal;
    return struct {
        pub const message: ?[]const u8 = if (is_pair) literal[1] else null;
        /// What `raise` takes.
        pub const exception = if (@TypeOf(raised) == type) raised{} else raised;
    };
}

/// The names of the options of a root file.
const Root = struct { members: void, errors: void, setup: void };

/// A compile error for an option that a root file cannot have.
pub fn requireRoot(comptime T: type) void {
    if (!@hasDecl(T, "python")) return;
    for (meta.structFields(@TypeOf(T.python))) |field| requireKnown(Root, field.name, "python of the root file", "option");
}

/// A compile error for a name that is none of the fields of `Known`.
pub fn requireKnown(comptime Known: type, comptime name: []const u8, comptime where: []const u8, comptime kind: []const u8) void {
    if (!@hasField(Known, name)) @compileError(where ++ " has the unknown " ++ kind ++ " '" ++ name ++ "'; the " ++ kind ++ "s are " ++ namesOf(Known));
}

/// Whether the root file `T` has a function to be called when the module is made.
pub fn hasSetup(comptime T: type) bool {
    return @hasDecl(T, "python") and @hasField(@TypeOf(T.python), "setup");
}

/// Whether the table of the root file `T` names an error.
pub fn hasErrorEntry(comptime T: type, comptime name: []const u8) bool {
    return @hasDecl(T, "python") and @hasField(@TypeOf(T.python), "errors") and @hasField(@TypeOf(T.python.errors), name);
}

/// The errors that the table of the root file `T` names.
pub fn errorNames(comptime T: type) []const [:0]const u8 {
    if (!@hasDecl(T, "python") or !@hasField(@TypeOf(T.python), "errors")) return &.{};
    var names: []const [:0]const u8 = &.{};
    for (meta.structFields(@TypeOf(T.python.errors))) |field| names = names ++ .{field.name};
    return names;
}

/// The options of one declaration in a table that `membersOf` gave.
pub fn member(comptime table: anytype, comptime name: []const u8) Member {
    comptime {
        if (!@hasField(@TypeOf(table), name)) return .{};
        return read(Member, @field(table, name), "python.members." ++ name);
    }
}

/// `Options` with the values of a literal, whose fields must all be fields of it.
fn read(comptime Options: type, comptime literal: anytype, comptime where: []const u8) Options {
    var result: Options = .{};
    for (meta.structFields(@TypeOf(literal))) |field| {
        if (Options == Class and std.mem.eql(u8, field.name, "members")) continue;
        requireKnown(Options, field.name, where, "option");
        @field(result, field.name) = @field(literal, field.name);
    }
    return result;
}

fn namesOf(comptime Options: type) []const u8 {
    var names: []const u8 = "";
    for (meta.structFields(Options), 0..) |field, i| names = names ++ (if (i == 0) "" else ", ") ++ field.name;
    return names;
}

test "options of declarations and classes" {
    const Sample = struct {
        x: u8,
        pub const python = .{ .frozen = true, .members = .{ .f = .{ .name = "g", .positional_only = 1 } } };
        pub fn f(_: u8) void {}
    };
    const table = comptime membersOf(Sample);
    const options = comptime member(table, "f");
    try std.testing.expectEqualStrings("g", options.name.?);
    try std.testing.expectEqual(1, options.positional_only);
    try std.testing.expect(!(comptime member(table, "other")).hidden);
    try std.testing.expect((comptime class(Sample)).frozen);
    try std.testing.expect(comptime isClass(Sample));
}
