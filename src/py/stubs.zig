//! Writes the stubs (PEP 484, PEP 561) of an extension from its types: one `.pyi` per module and submodule.

const std = @import("std");
const convert = @import("convert.zig");
const io = @import("../compat/io.zig");
const meta = @import("../compat/meta.zig");
const options = @import("options.zig");
const registry = @import("registry.zig");
const Body = @import("stubs/Body.zig");
const classes = @import("stubs/classes.zig");
const functions = @import("stubs/functions.zig");
const source = @import("source.zig");

pub const main = io.Program(run).main;

/// Arguments: the folder to write to, which is that of the extension's package, and the file to list the stubs in, one
/// path below the folder per line.
fn run(context: io.Context) u8 {
    if (context.args.len != 2) {
        context.printError("stubs FOLDER LIST", .{});
        return 2;
    }
    var writer: Stubs = .{ .context = context, .folder = context.args[0] };
    writer.writeAll(context.args[1]) catch |err| {
        context.printError("the stubs of {s} cannot be written to {s} ({t})", .{ registry.extension.name, context.args[0], err });
        return 1;
    };
    return 0;
}

const Stubs = struct {
    context: io.Context,
    folder: []const u8,
    list: std.ArrayList(u8) = .empty,

    fn writeAll(stubs: *Stubs, list_path: []const u8) !void {
        const name = comptime lastName(registry.extension.name);
        try stubs.namespace(registry.extension.user, registry.extension.container, registry.extension.name, name, registry.extension.container.doc);
        try stubs.context.writeFile(list_path, stubs.list.items);
    }

    /// `path` is where the module is below the folder, without a suffix.
    fn namespace(
        stubs: *Stubs,
        comptime T: type,
        comptime container: source.Container,
        comptime module: [:0]const u8,
        comptime path: []const u8,
        comptime doc: []const u8,
    ) !void {
        @setEvalBranchQuota(1_000_000);
        const members = comptime registry.members(T, container);
        comptime var has_submodules = false;
        comptime for (members) |member| {
            if (member.kind == .namespace) has_submodules = true;
        };
        const own_names = comptime blk: {
            var names: [members.len][]const u8 = undefined;
            for (&names, members) |*name, member| name.* = member.python_name;
            break :blk names;
        };
        var body: Body = .init(stubs.context.arena, module);
        _ = try body.enter(&own_names);
        inline for (members) |member| switch (member.kind) {
            .function => try functions.write(&body, 0, T, member, .function),
            .constant => try constant(&body, T, member),
            .namespace => {
                try body.importSubmodule(member.python_name);
                const Inner = @field(T, member.name);
                try stubs.namespace(Inner, comptime registry.containerOf(member), module ++ "." ++ member.python_name, path ++ "/" ++ member.python_name, comptime registry.docOf(member));
            },
            .exception => try exception(&body, T, member),
            .class, .enumeration, .variants => try classes.write(&body, 0, @field(T, member.name)),
            .variant => {},
        };
        // What is added when the module is made.
        if (T == registry.extension.user and comptime options.hasSetup(T)) try body.line(0, "def __getattr__(name: str) -> Any: ...");
        const file = path ++ if (has_submodules) "/__init__.pyi" else ".pyi";
        const target = try std.fs.path.join(stubs.context.arena, &.{ stubs.folder, file });
        try stubs.context.makePath(std.fs.path.dirname(target).?);
        try stubs.context.writeFile(target, try body.finish(doc));
        try stubs.list.appendSlice(stubs.context.arena, file ++ "\n");
    }
};

fn constant(body: *Body, comptime T: type, comptime member: registry.Member) !void {
    const Value = convert.RuntimeType(@TypeOf(@field(T, member.name)));
    if (convert.Converter(Value) == null) return;
    try body.declare(Value);
    try body.line(0, comptime member.python_name ++ ": Final[" ++ functions.annotationOf(Value) ++ "]");
    try body.doc(0, member.declaration.doc);
}

fn exception(body: *Body, comptime T: type, comptime member: registry.Member) !void {
    const Type = @field(T, member.name);
    const base = comptime options.exceptionBase(Type);
    const base_name = comptime if (@TypeOf(base) == type) registry.annotationOf(base) else @tagName(base);
    try body.line(0, "class " ++ member.python_name ++ "(" ++ base_name ++ "):");
    try body.doc(1, member.declaration.doc);
    const fields = comptime meta.structFields(Type);
    inline for (fields) |field| {
        const C = convert.Converter(field.type) orelse continue;
        try body.line(1, field.name ++ ": " ++ C.annotation);
    }
    if (fields.len == 0 and member.declaration.doc.len == 0) try body.line(1, "...");
    try body.blank();
}

fn lastName(comptime path: []const u8) []const u8 {
    return path[if (std.mem.lastIndexOfScalar(u8, path, '.')) |dot| dot + 1 else 0..];
}
