//! Follows names through a project as far as syntax alone can: to a function or a container, in this file or in one
//! that it imports. Values that only the compiler could compute are `unknown`.

const std = @import("std");
const Allocator = std.mem.Allocator;
const Ast = std.zig.Ast;
const Source = @import("Source.zig");
const Sources = @import("Sources.zig");

const Resolver = @This();

arena: Allocator,
sources: *Sources,
/// How many more expressions may be looked at before the answer is `unknown`: names can go in circles.
steps_left: u32 = 0,

/// Far more than a name needs that a human wrote.
const steps_max = 1000;

/// A container in its place: where a name that its members use is looked up.
pub const Scope = struct {
    source: *const Source,
    /// `.root` for the file itself.
    node: Ast.Node.Index,
    members: []const Ast.Node.Index,
    parent: ?*const Scope,

    pub fn same(a: *const Scope, b: *const Scope) bool {
        return a.source == b.source and a.node == b.node;
    }
};

pub const Entity = union(enum) {
    container: *const Scope,
    function: struct { source: *const Source, node: Ast.Node.Index },
    unknown,
};

pub const Result = struct {
    entity: Entity = .unknown,
    /// Of the first declaration on the way that has one.
    doc: []const u8 = "",
};

pub fn init(sources: *Sources) Resolver {
    return .{ .arena = sources.arena, .sources = sources };
}

pub fn fileScope(resolver: *Resolver, source: *const Source) Allocator.Error!*const Scope {
    return resolver.enter(source, .root, null);
}

fn enter(
    resolver: *Resolver,
    source: *const Source,
    node: Ast.Node.Index,
    parent: ?*const Scope,
) Allocator.Error!*const Scope {
    const scope = try resolver.arena.create(Scope);
    scope.* = .{
        .source = source,
        .node = node,
        .members = try source.members(resolver.arena, node),
        .parent = parent,
    };
    return scope;
}

/// What a member of `scope` stands for, after all aliases.
pub fn resolveMember(resolver: *Resolver, scope: *const Scope, node: Ast.Node.Index) Sources.Error!Result {
    resolver.steps_left = steps_max;
    return resolver.resolveDeclaration(scope, node);
}

fn resolveDeclaration(resolver: *Resolver, scope: *const Scope, node: Ast.Node.Index) Sources.Error!Result {
    const tree = &scope.source.tree;
    const doc = try scope.source.docOf(resolver.arena, node);
    var buffer: [1]Ast.Node.Index = undefined;
    if (tree.fullFnProto(&buffer, node) != null) {
        return .{ .entity = .{ .function = .{ .source = scope.source, .node = node } }, .doc = doc };
    }
    const variable = tree.fullVarDecl(node) orelse return .{ .doc = doc };
    const constant = tree.tokenTag(variable.ast.mut_token) == .keyword_const;
    const init_node = variable.ast.init_node.unwrap() orelse return .{ .doc = doc };
    if (!constant) return .{ .doc = doc };
    var result = try resolver.resolve(scope, init_node);
    if (doc.len > 0) result.doc = doc;
    return result;
}

fn resolve(resolver: *Resolver, scope: *const Scope, node: Ast.Node.Index) Sources.Error!Result {
    if (resolver.steps_left == 0) return .{};
    resolver.steps_left -= 1;

    const source = scope.source;
    const tree = &source.tree;
    switch (tree.nodeTag(node)) {
        .identifier => return resolver.lookUp(scope, try source.identifier(resolver.arena, tree.nodeMainToken(node))),
        .grouped_expression => return resolver.resolve(scope, tree.nodeData(node).node_and_token[0]),
        .field_access => {
            const left, const name_token = tree.nodeData(node).node_and_token;
            const object = try resolver.resolve(scope, left);
            if (object.entity != .container) return .{};
            const inner = object.entity.container;
            const name = try source.identifier(resolver.arena, name_token);
            const member = try resolver.findMember(inner, name) orelse return .{};
            return resolver.resolveDeclaration(inner, member);
        },
        .builtin_call_two, .builtin_call_two_comma, .builtin_call, .builtin_call_comma => {
            const builtin_name = tree.tokenSlice(tree.nodeMainToken(node));
            if (std.mem.eql(u8, builtin_name, "@This")) return .{ .entity = .{ .container = scope } };
            if (!std.mem.eql(u8, builtin_name, "@import")) return .{};
            var buffer: [2]Ast.Node.Index = undefined;
            const parameters = tree.builtinCallParams(&buffer, node).?;
            if (parameters.len != 1) return .{};
            const name = try source.stringLiteral(resolver.arena, parameters[0]) orelse return .{};
            const file = try resolver.sources.import(source, name) orelse return .{};
            return .{ .entity = .{ .container = try resolver.fileScope(file) } };
        },
        else => {
            if (!source.isContainer(node)) return .{};
            return .{ .entity = .{ .container = try resolver.enter(source, node, scope) } };
        },
    }
}

/// A name as an expression: the nearest declaration of it, from the inside out.
fn lookUp(resolver: *Resolver, scope: *const Scope, name: []const u8) Sources.Error!Result {
    var current: ?*const Scope = scope;
    while (current) |candidate| : (current = candidate.parent) {
        if (try resolver.findMember(candidate, name)) |member| return resolver.resolveDeclaration(candidate, member);
    }
    return .{};
}

fn findMember(resolver: *Resolver, scope: *const Scope, name: []const u8) Allocator.Error!?Ast.Node.Index {
    for (scope.members) |member| {
        const token = nameToken(&scope.source.tree, member) orelse continue;
        if (std.mem.eql(u8, name, try scope.source.identifier(resolver.arena, token))) return member;
    }
    return null;
}

/// The token with the name of a function, constant or variable; null for a field, test or other member.
pub fn nameToken(tree: *const Ast, node: Ast.Node.Index) ?Ast.TokenIndex {
    var buffer: [1]Ast.Node.Index = undefined;
    if (tree.fullFnProto(&buffer, node)) |proto| return proto.name_token;
    if (tree.fullVarDecl(node)) |variable| return variable.ast.mut_token + 1;
    return null;
}

/// Whether a function, constant or variable is `pub`.
pub fn isPublic(tree: *const Ast, node: Ast.Node.Index) bool {
    var buffer: [1]Ast.Node.Index = undefined;
    if (tree.fullFnProto(&buffer, node)) |proto| return proto.visib_token != null;
    if (tree.fullVarDecl(node)) |variable| return variable.visib_token != null;
    return false;
}
