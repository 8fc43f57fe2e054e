//! One file of the user's project: its syntax tree, and the questions that reflect asks about it.

const std = @import("std");
const Allocator = std.mem.Allocator;
const Ast = std.zig.Ast;
const zig_ast = @import("../../compat/zig_ast.zig");

const Source = @This();

/// As it was opened.
path: []const u8,
tree: Ast,

/// A file with errors of syntax is read as an empty one: the compiler reports them better.
pub fn parse(arena: Allocator, path: []const u8, text: [:0]const u8) Allocator.Error!Source {
    const tree = try zig_ast.parse(arena, text);
    return .{
        .path = path,
        .tree = if (tree.errors.len == 0) tree else try zig_ast.parse(arena, ""),
    };
}

/// The fields and declarations of the whole file (`.root`) or of a container in it, in order.
pub fn members(source: *const Source, arena: Allocator, node: Ast.Node.Index) Allocator.Error![]const Ast.Node.Index {
    if (node == .root) return source.tree.rootDecls();
    var buffer: [2]Ast.Node.Index = undefined;
    const container = source.tree.fullContainerDecl(&buffer, node).?;
    return arena.dupe(Ast.Node.Index, container.ast.members);
}

pub fn isContainer(source: *const Source, node: Ast.Node.Index) bool {
    var buffer: [2]Ast.Node.Index = undefined;
    return source.tree.fullContainerDecl(&buffer, node) != null;
}

/// Whether a container is a struct: a file is one, an enum, union or opaque is not.
pub fn isStruct(source: *const Source, node: Ast.Node.Index) bool {
    if (node == .root) return true;
    return source.tree.tokenTag(source.tree.nodeMainToken(node)) == .keyword_struct;
}

/// The name that an identifier token stands for: `@"x y"` is `x y`.
pub fn identifier(source: *const Source, arena: Allocator, token: Ast.TokenIndex) Allocator.Error![]const u8 {
    const text = source.tree.tokenSlice(token);
    if (!std.mem.startsWith(u8, text, "@\"")) return text;
    return std.zig.string_literal.parseAlloc(arena, text[1..]) catch |err| switch (err) {
        error.OutOfMemory => error.OutOfMemory,
        error.InvalidLiteral => text,
    };
}

/// The value of a string literal, or null when the node is something else.
pub fn stringLiteral(source: *const Source, arena: Allocator, node: Ast.Node.Index) Allocator.Error!?[]const u8 {
    if (source.tree.nodeTag(node) != .string_literal) return null;
    const text = source.tree.tokenSlice(source.tree.nodeMainToken(node));
    return std.zig.string_literal.parseAlloc(arena, text) catch |err| switch (err) {
        error.OutOfMemory => error.OutOfMemory,
        error.InvalidLiteral => null,
    };
}

/// The `///` lines above a declaration or field.
pub fn docOf(source: *const Source, arena: Allocator, node: Ast.Node.Index) Allocator.Error![]const u8 {
    const end = source.tree.firstToken(node);
    var start = end;
    while (start > 0 and source.tree.tokenTag(start - 1) == .doc_comment) start -= 1;
    return source.docText(arena, start, end);
}

/// The `//!` lines at the start of a file or a container.
pub fn containerDoc(source: *const Source, arena: Allocator, node: Ast.Node.Index) Allocator.Error![]const u8 {
    const start = if (node == .root) 0 else source.afterBrace(node);
    var end = start;
    while (source.tree.tokenTag(end) == .container_doc_comment) end += 1;
    return source.docText(arena, start, end);
}

/// The token that follows a container's opening brace.
fn afterBrace(source: *const Source, node: Ast.Node.Index) Ast.TokenIndex {
    var buffer: [2]Ast.Node.Index = undefined;
    const container = source.tree.fullContainerDecl(&buffer, node).?;
    // The argument, as in `enum(u8)`, is an expression that could have braces of its own.
    var token = if (container.ast.arg.unwrap()) |arg| source.tree.lastToken(arg) + 1 else container.ast.main_token;
    while (source.tree.tokenTag(token) != .l_brace) token += 1;
    return token + 1;
}

/// The text of doc comments, without their three slashes and the one blank that follows them by custom.
fn docText(
    source: *const Source,
    arena: Allocator,
    start: Ast.TokenIndex,
    end: Ast.TokenIndex,
) Allocator.Error![]const u8 {
    if (start == end) return "";
    var text: std.ArrayList(u8) = .empty;
    var token = start;
    while (token < end) : (token += 1) {
        if (token > start) try text.append(arena, '\n');
        const line = source.tree.tokenSlice(token)["///".len..];
        const content = if (std.mem.startsWith(u8, line, " ")) line[1..] else line;
        try text.appendSlice(arena, std.mem.trimEnd(u8, content, " \t\r"));
    }
    return text.items;
}
