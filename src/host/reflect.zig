//! `host reflect`: reads the user's root file and what it imports, and writes a Zig file with what `@typeInfo` cannot
//! know: doc comments, the names of parameters, and the order of declarations.

const std = @import("std");
const Allocator = std.mem.Allocator;
const Ast = std.zig.Ast;
const io = @import("../compat/io.zig");
const Container = @import("reflect/Container.zig");
const Resolver = @import("reflect/Resolver.zig");
const Source = @import("reflect/Source.zig");
const Sources = @import("reflect/Sources.zig");
const Arguments = @import("Arguments.zig");

pub const usage = "host reflect ROOT.zig --output FILE --depfile FILE";

/// A project has fewer; one that re-exports its files by many ways could otherwise be written out without end.
const containers_max = 1000;
const depth_max = 16;

/// Reads the file at `root_path` and whatever its public declarations lead to. All memory is `sources.arena`'s.
pub fn read(sources: *Sources, root_path: []const u8) Sources.Error!Container {
    const root = try sources.open(root_path, null);
    var builder: Builder = .{ .arena = sources.arena, .resolver = .init(sources) };
    return builder.container(try builder.resolver.fileScope(root));
}

const Builder = struct {
    arena: Allocator,
    resolver: Resolver,
    /// The containers that the current one is in, outermost first: one that holds itself ends there.
    stack: std.ArrayList(*const Resolver.Scope) = .empty,
    containers_left: u32 = containers_max,

    fn container(builder: *Builder, scope: *const Resolver.Scope) Sources.Error!Container {
        builder.containers_left -= 1;
        try builder.stack.append(builder.arena, scope);
        defer _ = builder.stack.pop();

        const source = scope.source;
        var fields: std.ArrayList(Container.Field) = .empty;
        var declarations: std.ArrayList(Container.Declaration) = .empty;
        for (scope.members) |member| {
            if (source.tree.fullContainerField(member)) |field| {
                // The parser takes the members of an enum for those of a tuple, which have a type and no name.
                if (field.ast.tuple_like and source.isStruct(scope.node)) continue;
                try fields.append(builder.arena, .{
                    .name = try source.identifier(builder.arena, field.ast.main_token),
                    .doc = try source.docOf(builder.arena, member),
                });
            } else if (Resolver.isPublic(&source.tree, member)) {
                try declarations.append(builder.arena, try builder.declaration(scope, member));
            }
        }
        return .{
            .doc = try source.containerDoc(builder.arena, scope.node),
            .fields = fields.items,
            .declarations = declarations.items,
        };
    }

    fn declaration(
        builder: *Builder,
        scope: *const Resolver.Scope,
        member: Ast.Node.Index,
    ) Sources.Error!Container.Declaration {
        const name_token = Resolver.nameToken(&scope.source.tree, member).?;
        const resolved = try builder.resolver.resolveMember(scope, member);
        var result: Container.Declaration = .{
            .name = try scope.source.identifier(builder.arena, name_token),
            .doc = resolved.doc,
        };
        switch (resolved.entity) {
            .function => |function| result.parameters = try builder.parameters(function.source, function.node),
            .container => |inner| if (builder.mayEnter(inner)) {
                const made = try builder.arena.create(Container);
                made.* = try builder.container(inner);
                result.container = made;
            },
            .unknown => {},
        }
        return result;
    }

    fn mayEnter(builder: *const Builder, scope: *const Resolver.Scope) bool {
        if (builder.containers_left == 0 or builder.stack.items.len >= depth_max) return false;
        for (builder.stack.items) |outer| if (outer.same(scope)) return false;
        return true;
    }

    fn parameters(builder: *Builder, source: *const Source, node: Ast.Node.Index) Sources.Error![]const []const u8 {
        var buffer: [1]Ast.Node.Index = undefined;
        const proto = source.tree.fullFnProto(&buffer, node).?;
        var names: std.ArrayList([]const u8) = .empty;
        var iterator = proto.iterate(&source.tree);
        while (iterator.next()) |parameter| {
            if (parameter.anytype_ellipsis3) |token| {
                if (source.tree.tokenTag(token) == .ellipsis3) continue;
            }
            const token = parameter.name_token orelse {
                try names.append(builder.arena, "");
                continue;
            };
            const unnamed = std.mem.eql(u8, source.tree.tokenSlice(token), "_");
            try names.append(builder.arena, if (unnamed) "" else try source.identifier(builder.arena, token));
        }
        return names.items;
    }
};

/// The dependencies of `target` as Make syntax, in the dialect that Zig's build runner reads.
fn writeDepfile(sources: *const Sources, target: []const u8, writer: *std.Io.Writer) std.Io.Writer.Error!void {
    try writeDepfilePath(target, writer);
    try writer.writeByte(':');
    for (sources.items.items) |source| {
        try writer.writeByte(' ');
        try writeDepfilePath(source.path, writer);
    }
    try writer.writeByte('\n');
}

fn writeDepfilePath(path: []const u8, writer: *std.Io.Writer) std.Io.Writer.Error!void {
    for (path) |byte| {
        if (byte == ' ') try writer.writeByte('\\');
        try writer.writeByte(byte);
    }
}

pub fn run(context: io.Context) !void {
    var arguments: Arguments = .init(context);
    var root_path: ?[]const u8 = null;
    var output: ?[]const u8 = null;
    var depfile: ?[]const u8 = null;
    while (arguments.next()) |argument| switch (argument) {
        .positional => |value| root_path = try arguments.once(root_path, "ROOT.zig", value),
        .option => |name| if (std.mem.eql(u8, name, "--output")) {
            output = try arguments.once(output, name, try arguments.value());
        } else if (std.mem.eql(u8, name, "--depfile")) {
            depfile = try arguments.once(depfile, name, try arguments.value());
        } else return arguments.unknown(name),
    };
    const root = try arguments.required(root_path, "ROOT.zig");
    const output_path = try arguments.required(output, "--output");
    const depfile_path = try arguments.required(depfile, "--depfile");

    var sources: Sources = .{
        .arena = context.arena,
        .reader = .{ .context = &context, .readFn = readFromDisk },
    };
    const container = read(&sources, root) catch |err| switch (err) {
        error.OutOfMemory => return error.OutOfMemory,
        error.Unreadable => {
            const failure = sources.failure.?;
            if (failure.importer) |importer| context.printError(
                "{s} imports {s}, which cannot be read ({t}): create the file or correct the import",
                .{ importer, failure.path, failure.reason },
            ) else context.printError("{s} cannot be read ({t})", .{ failure.path, failure.reason });
            return error.Reported;
        },
    };

    var text: std.Io.Writer.Allocating = .init(context.arena);
    try container.writeFile(std.fs.path.basename(root), &text.writer);
    try arguments.writeFile(output_path, text.written());

    var dependencies: std.Io.Writer.Allocating = .init(context.arena);
    try writeDepfile(&sources, output_path, &dependencies.writer);
    try arguments.writeFile(depfile_path, dependencies.written());
}

fn readFromDisk(context: *const anyopaque, path: []const u8) anyerror![:0]const u8 {
    const typed: *const io.Context = @ptrCast(@alignCast(context));
    return typed.readFile(path);
}

test {
    _ = Container;
    _ = Resolver;
    _ = Source;
    _ = Sources;
    _ = @import("reflect/reflect_test.zig");
}
