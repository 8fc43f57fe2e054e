//! The text of one stub: lines, and the imports that the names in them need.

const Body = @This();

const std = @import("std");
const annotation = @import("annotation.zig");
const registry = @import("../registry.zig");

arena: std.mem.Allocator,
/// The module that the stub describes.
module: []const u8,
/// Its own names, and those of the classes around what is being written: they hide built-in types and modules of the same
/// name.
own_names: std.ArrayList([]const u8),
lines: std.ArrayList(u8) = .empty,
/// `import x` and `from x import `, with the names that the latter brings, separated by ", ".
imports: std.StringArrayHashMapUnmanaged([]const u8) = .empty,
/// The declarations that stand before all lines, by their names.
declarations: std.StringArrayHashMapUnmanaged([]const u8) = .empty,

/// Where names that annotations use come from.
const known = .{
    .{ "typing", .{ "Any", "ClassVar", "Final", "Literal", "NoReturn", "Self", "SupportsFloat", "SupportsIndex", "TypedDict", "final", "overload" } },
    .{ "collections.abc", .{ "Awaitable", "Buffer", "Callable", "Generator", "Iterable", "Iterator", "Mapping", "MutableMapping", "Sequence" } },
    .{ "enum", .{ "Enum", "IntEnum", "IntFlag" } },
};

/// In `typing` or `collections.abc` only since Python 3.11 or 3.12.
const extended = .{ "Self", "Buffer" };

pub fn init(arena: std.mem.Allocator, module: []const u8) Body {
    return .{ .arena = arena, .module = module, .own_names = .empty };
}

/// Begins a scope, of the module or of a class, that has these names. `leave` with what this returns ends it.
pub fn enter(body: *Body, names: []const []const u8) !usize {
    const before = body.own_names.items.len;
    try body.own_names.appendSlice(body.arena, names);
    return before;
}

pub fn leave(body: *Body, before: usize) void {
    body.own_names.items.len = before;
}

pub fn blank(body: *Body) !void {
    try body.lines.append(body.arena, '\n');
}

/// One line of code. Its names are imported when they have to be.
pub fn line(body: *Body, indent: usize, text: []const u8) !void {
    try body.lines.appendNTimes(body.arena, ' ', 4 * indent);
    // A decorator such as `@name.setter` is about a name of the class.
    if (text[0] == '@' and std.mem.indexOfScalar(u8, text, '.') != null) {
        try body.lines.appendSlice(body.arena, text);
    } else {
        try body.appendWithImports(text);
    }
    try body.blank();
}

/// Declares what the type of a value names and no module has.
pub fn declare(body: *Body, comptime T: type) !void {
    inline for (comptime annotation.recordsOf(T)) |Record| {
        const name = comptime annotation.recordName(Record).?;
        const entry = try body.declarations.getOrPut(body.arena, name);
        if (!entry.found_existing) {
            // The names in it are imported as those of any line are.
            const lines = body.lines;
            body.lines = .empty;
            defer body.lines = lines;
            try body.appendWithImports(comptime annotation.declaration(Record));
            entry.value_ptr.* = body.lines.items;
            try body.addImport("from typing import ", "TypedDict");
        }
    }
}

/// A docstring; nothing for an empty one.
pub fn doc(body: *Body, indent: usize, text: []const u8) !void {
    if (text.len == 0) return;
    try body.lines.appendNTimes(body.arena, ' ', 4 * indent);
    try body.lines.appendSlice(body.arena, try docstring(body.arena, text, indent));
    try body.blank();
}

/// `from . import name as name`, which says that the name may be used from outside (PEP 484).
pub fn importSubmodule(body: *Body, name: []const u8) !void {
    try body.addImport("from . import ", try std.fmt.allocPrint(body.arena, "{s} as {s}", .{ name, name }));
}

/// The whole file.
pub fn finish(body: *Body, module_doc: []const u8) ![]const u8 {
    var text: std.ArrayList(u8) = .empty;
    try text.appendSlice(body.arena, "# Written by alloconda from the Zig sources; an edit here is lost.\n\n");
    if (module_doc.len > 0) {
        try text.appendSlice(body.arena, try docstring(body.arena, module_doc, 0));
        try text.appendSlice(body.arena, "\n\n");
    }
    body.imports.sort(Order{ .keys = body.imports.keys() });
    for (body.imports.keys(), body.imports.values()) |statement, names| {
        try text.appendSlice(body.arena, statement);
        try text.appendSlice(body.arena, names);
        try text.append(body.arena, '\n');
    }
    if (body.imports.count() > 0) try text.append(body.arena, '\n');
    for (body.declarations.values()) |declaration| {
        try text.appendSlice(body.arena, declaration);
        try text.append(body.arena, '\n');
    }
    if (body.declarations.count() > 0) try text.append(body.arena, '\n');
    const lines = std.mem.trimEnd(u8, body.lines.items, "\n");
    try text.appendSlice(body.arena, lines);
    if (lines.len > 0) try text.append(body.arena, '\n');
    return text.items;
}

const Order = struct {
    keys: []const []const u8,

    pub fn lessThan(order: Order, left: usize, right: usize) bool {
        return std.mem.lessThan(u8, order.keys[left], order.keys[right]);
    }
};

fn addImport(body: *Body, statement: []const u8, name: []const u8) !void {
    const entry = try body.imports.getOrPut(body.arena, statement);
    if (!entry.found_existing) {
        entry.value_ptr.* = name;
        return;
    }
    var names = std.mem.splitSequence(u8, entry.value_ptr.*, ", ");
    while (names.next()) |other| if (std.mem.eql(u8, other, name)) return;
    entry.value_ptr.* = try std.fmt.allocPrint(body.arena, "{s}, {s}", .{ entry.value_ptr.*, name });
}

/// Appends code, and imports the types that it names.
fn appendWithImports(body: *Body, text: []const u8) !void {
    var i: usize = 0;
    while (i < text.len) {
        const start = i;
        if (text[i] == '\'' or text[i] == '"') {
            i = @min(text.len, afterString(text, i));
            try body.lines.appendSlice(body.arena, text[start..i]);
            continue;
        }
        while (i < text.len and isNameByte(text[i])) i += 1;
        if (i == start) {
            try body.lines.append(body.arena, text[i]);
            i += 1;
            continue;
        }
        const name = text[start..i];
        const ends_head = std.mem.eql(u8, text[i..], ":") or std.mem.eql(u8, text[i..], ": ...");
        const is_type = ends_head or i == text.len or (text[i] != ':' and text[i] != '(' and text[i] != '=');
        const is_declared = std.mem.endsWith(u8, text[0..start], "class ") or std.mem.endsWith(u8, text[0..start], "def ");
        if (is_type and !is_declared) try body.appendType(name) else try body.lines.appendSlice(body.arena, name);
    }
}

/// Appends a name in an annotation; one that a name of the module hides is written in another way.
fn appendType(body: *Body, written: []const u8) !void {
    // `typing_extensions` has it for every version.
    const name = if (std.mem.eql(u8, written, "collections.abc.Buffer")) "Buffer" else written;
    const dot = std.mem.indexOfScalar(u8, name, '.') orelse name.len;
    if (try body.appendClass(name)) return;
    if (body.hides(name[0..dot])) {
        if (dot == name.len) {
            if (!isBuiltin(name)) return body.lines.appendSlice(body.arena, name);
            try body.addImport("import builtins", "");
            return body.lines.print(body.arena, "builtins.{s}", .{name});
        }
        const module = name[0..std.mem.lastIndexOfScalar(u8, name, '.').?];
        if (std.ascii.isAlphabetic(name[0])) return body.appendFrom(module, name[module.len + 1 ..]);
    }
    try body.lines.appendSlice(body.arena, name);
    try body.importName(name);
}

fn hides(body: *const Body, name: []const u8) bool {
    return for (body.own_names.items) |own| {
        if (std.mem.eql(u8, own, name)) break true;
    } else false;
}

/// Appends the name of a class of the extension. Returns false for any other name.
fn appendClass(body: *Body, name: []const u8) !bool {
    inline for (registry.classes) |class| {
        const qualified_name = comptime class.qualifiedName();
        if (std.mem.eql(u8, name, comptime class.annotation())) {
            const outermost = comptime class.outermostName();
            if (std.mem.eql(u8, class.module, body.module)) {
                try body.lines.appendSlice(body.arena, qualified_name);
            } else if (name.len > qualified_name.len or body.hides(outermost)) {
                try body.appendFrom(class.module, qualified_name);
            } else {
                try body.addImport("from " ++ class.module ++ " import ", outermost);
                try body.lines.appendSlice(body.arena, qualified_name);
            }
            return true;
        }
    }
    return false;
}

/// Appends a name of a module that is imported under a name of its own, which nothing hides.
fn appendFrom(body: *Body, module: []const u8, name: []const u8) !void {
    const alias = try std.mem.replaceOwned(u8, body.arena, module, ".", "_");
    try body.addImport(try std.fmt.allocPrint(body.arena, "import {s} as _{s}", .{ module, alias }), "");
    return body.lines.print(body.arena, "_{s}.{s}", .{ alias, name });
}

/// Types of Python that annotations name without a module.
fn isBuiltin(name: []const u8) bool {
    const types = [_][]const u8{ "bool", "bytearray", "bytes", "complex", "dict", "float", "frozenset", "int", "list", "memoryview", "object", "range", "set", "slice", "str", "tuple", "type" };
    for (types) |candidate| if (std.mem.eql(u8, candidate, name)) return true;
    return false;
}

fn isNameByte(byte: u8) bool {
    return std.ascii.isAlphanumeric(byte) or byte == '_' or byte == '.';
}

fn afterString(text: []const u8, start: usize) usize {
    var i = start + 1;
    while (i < text.len and text[i] != text[start]) : (i += 1) {
        if (text[i] == '\\') i += 1;
    }
    return i + 1;
}

fn importName(body: *Body, name: []const u8) !void {
    inline for (known) |entry| {
        inline for (entry[1]) |candidate| {
            if (std.mem.eql(u8, name, candidate)) {
                inline for (extended) |late| {
                    if (comptime std.mem.eql(u8, late, candidate)) return body.addImport("from typing_extensions import ", name);
                }
                return body.addImport("from " ++ entry[0] ++ " import ", name);
            }
        }
    }
    const dot = std.mem.lastIndexOfScalar(u8, name, '.') orelse return;
    if (!std.ascii.isAlphabetic(name[0])) return;
    try body.addImport(try std.fmt.allocPrint(body.arena, "import {s}", .{name[0..dot]}), "");
}

/// A docstring literal whose later lines stand at `indent`.
fn docstring(arena: std.mem.Allocator, text: []const u8, indent: usize) ![]const u8 {
    var result: std.ArrayList(u8) = .empty;
    const raw = std.mem.indexOfScalar(u8, text, '\\') != null and std.mem.indexOf(u8, text, "\"\"\"") == null and text[text.len - 1] != '\\';
    try result.appendSlice(arena, if (raw) "r\"\"\"" else "\"\"\"");
    var lines = std.mem.splitScalar(u8, text, '\n');
    var first = true;
    var several = false;
    while (lines.next()) |part| {
        if (!first) {
            several = true;
            try result.append(arena, '\n');
            if (part.len > 0) try result.appendNTimes(arena, ' ', 4 * indent);
        }
        first = false;
        for (part, 0..) |byte, i| {
            if (!raw and (byte == '\\' or byte == '"' and (i + 1 == part.len or std.mem.startsWith(u8, part[i..], "\"\"\"")))) try result.append(arena, '\\');
            try result.append(arena, byte);
        }
    }
    if (several) {
        try result.append(arena, '\n');
        try result.appendNTimes(arena, ' ', 4 * indent);
    }
    try result.appendSlice(arena, "\"\"\"");
    return result.items;
}

test docstring {
    var arena: std.heap.ArenaAllocator = .init(std.testing.allocator);
    defer arena.deinit();
    const cases = [_]struct { []const u8, []const u8 }{
        .{ "One.", "\"\"\"One.\"\"\"" },
        .{ "One.\n\nTwo.", "\"\"\"One.\n\n    Two.\n    \"\"\"" },
        .{ "a \"quoted\"", "\"\"\"a \"quoted\\\"\"\"\"" },
        .{ "a\\b", "r\"\"\"a\\b\"\"\"" },
        .{ "a\"\"\"b\\", "\"\"\"a\\\"\"\"b\\\\\"\"\"" },
    };
    for (cases) |case| try std.testing.expectEqualStrings(case[1], try docstring(arena.allocator(), case[0], 1));
}
