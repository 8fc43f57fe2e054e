//! The text of one stub: lines, and the imports that the names in them need.

const Body = @This();

const std = @import("std");
const registry = @import("../registry.zig");

arena: std.mem.Allocator,
/// The module that the stub describes.
module: []const u8,
lines: std.ArrayList(u8) = .empty,
/// `import x` and `from x import `, with the names that the latter brings, separated by ", ".
imports: std.StringArrayHashMapUnmanaged([]const u8) = .empty,

/// Where names that annotations use come from.
const known = .{
    .{ "typing", .{ "Any", "ClassVar", "Final", "Literal", "NoReturn", "Self", "SupportsFloat", "SupportsIndex", "TypedDict", "final", "overload" } },
    .{ "collections.abc", .{ "Awaitable", "Buffer", "Callable", "Iterable", "Iterator", "Mapping", "MutableMapping", "Sequence" } },
    .{ "enum", .{ "Enum", "IntEnum", "IntFlag" } },
};

/// In `typing` or `collections.abc` only since Python 3.11 or 3.12.
const extended = .{ "Self", "Buffer" };

pub fn init(arena: std.mem.Allocator, module: []const u8) Body {
    return .{ .arena = arena, .module = module };
}

pub fn blank(body: *Body) !void {
    try body.lines.append(body.arena, '\n');
}

/// One line of code. Its names are imported when they have to be.
pub fn line(body: *Body, indent: usize, text: []const u8) !void {
    try body.lines.appendNTimes(body.arena, ' ', 4 * indent);
    try body.lines.appendSlice(body.arena, text);
    try body.blank();
    // A decorator such as `@name.setter` is about a name of the class.
    if (text[0] != '@' or std.mem.indexOfScalar(u8, text, '.') == null) try body.importNames(text);
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

fn importNames(body: *Body, text: []const u8) !void {
    var i: usize = 0;
    while (i < text.len) {
        if (text[i] == '\'' or text[i] == '"') {
            i = afterString(text, i);
            continue;
        }
        const start = i;
        while (i < text.len and isNameByte(text[i])) i += 1;
        if (i > start) try body.importName(text[start..i]) else i += 1;
    }
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
    inline for (registry.classes) |class| {
        const qualified_name = comptime class.qualifiedName();
        if (std.mem.eql(u8, name, qualified_name)) {
            if (std.mem.eql(u8, class.module, body.module)) return;
            const outer = qualified_name[0 .. std.mem.indexOfScalar(u8, qualified_name, '.') orelse qualified_name.len];
            return body.addImport("from " ++ class.module ++ " import ", outer);
        }
    }
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
