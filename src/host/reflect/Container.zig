//! What reflect knows about a struct, enum, union or source file, and its text as a Zig value: the runtime twin of
//! `Container` in the binding library, which reads that text.

const std = @import("std");
const Writer = std.Io.Writer;

const Container = @This();

doc: []const u8 = "",
fields: []const Field = &.{},
declarations: []const Declaration = &.{},

pub const Field = struct {
    name: []const u8,
    doc: []const u8 = "",
};

pub const Declaration = struct {
    name: []const u8,
    doc: []const u8 = "",
    /// Of a function, in order; a parameter without a name has the name "".
    parameters: ?[]const []const u8 = null,
    container: ?*const Container = null,

    fn write(declaration: Declaration, depth: usize, writer: *Writer) Writer.Error!void {
        try writer.writeAll(".{");
        try writeNameAndDoc(declaration.name, declaration.doc, writer);
        if (declaration.parameters) |parameters| {
            try writer.writeAll(", .parameters = &.{");
            // `zig fmt` puts blanks inside the braces of two or more.
            const blank = if (parameters.len > 1) " " else "";
            for (parameters, 0..) |name, index| {
                try writer.writeAll(if (index == 0) blank else ", ");
                try writeString(name, writer);
            }
            try writer.print("{s}}}", .{blank});
        }
        if (declaration.container) |container| {
            try writer.writeAll(", .container = &");
            try container.write(depth, writer);
        }
        try writer.writeAll(" }");
    }
};

/// A whole Zig file, formatted as `zig fmt` would. `origin` is the user's file as a human would name it.
pub fn writeFile(root: Container, origin: []const u8, writer: *Writer) Writer.Error!void {
    try writer.writeAll("//! Written by alloconda from ");
    for (origin) |byte| try writer.writeByte(if (std.ascii.isControl(byte)) '?' else byte);
    try writer.writeAll(
        \\; an edit here is lost.
        \\
        \\const Container = @import("alloconda").source.Container;
        \\
        \\pub const root: Container =
    );
    try writer.writeByte(' ');
    try root.write(0, writer);
    try writer.writeAll(";\n");
}

fn write(container: Container, depth: usize, writer: *Writer) Writer.Error!void {
    if (container.doc.len + container.fields.len + container.declarations.len == 0) return writer.writeAll(".{}");
    try writer.writeAll(".{\n");
    if (container.doc.len > 0) {
        try indent(depth + 1, writer);
        try writer.writeAll(".doc = ");
        try writeString(container.doc, writer);
        try writer.writeAll(",\n");
    }
    if (container.fields.len > 0) {
        try indent(depth + 1, writer);
        try writer.writeAll(".fields = &.{\n");
        for (container.fields) |field| {
            try indent(depth + 2, writer);
            try writer.writeAll(".{");
            try writeNameAndDoc(field.name, field.doc, writer);
            try writer.writeAll(" },\n");
        }
        try indent(depth + 1, writer);
        try writer.writeAll("},\n");
    }
    if (container.declarations.len > 0) {
        try indent(depth + 1, writer);
        try writer.writeAll(".declarations = &.{\n");
        for (container.declarations) |declaration| {
            try indent(depth + 2, writer);
            try declaration.write(depth + 2, writer);
            try writer.writeAll(",\n");
        }
        try indent(depth + 1, writer);
        try writer.writeAll("},\n");
    }
    try indent(depth, writer);
    try writer.writeAll("}");
}

fn writeNameAndDoc(name: []const u8, doc: []const u8, writer: *Writer) Writer.Error!void {
    try writer.writeAll(" .name = ");
    try writeString(name, writer);
    if (doc.len > 0) {
        try writer.writeAll(", .doc = ");
        try writeString(doc, writer);
    }
}

fn indent(depth: usize, writer: *Writer) Writer.Error!void {
    try writer.splatByteAll(' ', 4 * depth);
}

/// A Zig string literal that reads back as `bytes`, whatever they are.
fn writeString(bytes: []const u8, writer: *Writer) Writer.Error!void {
    const plain_unicode = std.unicode.utf8ValidateSlice(bytes);
    try writer.writeByte('"');
    for (bytes) |byte| switch (byte) {
        '\n' => try writer.writeAll("\\n"),
        '\t' => try writer.writeAll("\\t"),
        '"' => try writer.writeAll("\\\""),
        '\\' => try writer.writeAll("\\\\"),
        0...8, 11...31, 127 => try writer.print("\\x{x:0>2}", .{byte}),
        128...255 => if (plain_unicode) try writer.writeByte(byte) else try writer.print("\\x{x:0>2}", .{byte}),
        else => try writer.writeByte(byte),
    };
    try writer.writeByte('"');
}

test writeString {
    const gpa = std.testing.allocator;
    var every_byte: [256]u8 = undefined;
    for (&every_byte, 0..) |*byte, index| byte.* = @intCast(index);
    for ([_][]const u8{
        "",
        "plain text",
        "say \"a\\b\"\n\tthen 'c'",
        "Grüße, 世界 \u{1f600}",
        "\xff not UTF-8",
        &every_byte,
    }) |text| {
        var written: Writer.Allocating = .init(gpa);
        defer written.deinit();
        try writeString(text, &written.writer);
        const back = try std.zig.string_literal.parseAlloc(gpa, written.written());
        defer gpa.free(back);
        try std.testing.expectEqualStrings(text, back);
    }
}
