//! Functions and methods in a stub.

const annotation = @import("annotation.zig");
const Body = @import("Body.zig");
const convert = @import("../convert.zig");
const meta = @import("../../compat/meta.zig");
const registry = @import("../registry.zig");
const Signature = @import("../signature.zig").Signature;

/// How a function is called. An operator takes no keywords.
pub const Kind = enum { function, method, operator, class_method, static_method };

/// Writes a function of a module, or a method: one whose first Zig parameter is the receiver.
pub fn write(body: *Body, comptime indent: usize, comptime T: type, comptime member: registry.Member, comptime kind: Kind) !void {
    const F = @TypeOf(@field(T, member.name));
    const signature: Signature = comptime .of(member.name, F, member.declaration.parameters, .{
        .skipped = if (kind == .method or kind == .class_method) 1 else 0,
        .positional_only = member.options.positional_only,
    });
    try writeSignature(body, indent, member.python_name, signature, .{ .value = meta.ResultOf(F) }, member.declaration.doc, kind);
}

/// What a function returns: a Zig value that is converted, or something that is written so.
pub const Result = union(enum) { value: type, text: []const u8 };

/// Writes a function whose signature is known.
pub fn writeSignature(
    body: *Body,
    comptime indent: usize,
    comptime name: []const u8,
    comptime signature: Signature,
    comptime result: Result,
    comptime doc: []const u8,
    comptime kind: Kind,
) !void {
    switch (kind) {
        .class_method => try body.line(indent, "@classmethod"),
        .static_method => try body.line(indent, "@staticmethod"),
        .function, .method, .operator => {},
    }
    try declare(body, signature);
    if (result == .value) try body.declare(result.value);
    const returns = comptime switch (result) {
        .value => |Value| annotationOf(Value),
        .text => |text| text,
    };
    const end = comptime if (doc.len > 0) ":" else ": ...";
    try body.line(indent, comptime "def " ++ name ++ "(" ++ parameters(signature, kind) ++ ") -> " ++ returns ++ end);
    try body.doc(indent + 1, doc);
}

/// The parameters as Python writes them, with annotations and defaults.
pub fn parameters(comptime signature: Signature, comptime kind: Kind) []const u8 {
    comptime {
        var list: []const []const u8 = switch (kind) {
            .method, .operator => &.{"self"},
            .class_method => &.{"cls"},
            .function, .static_method => &.{},
        };
        for (signature.parameters[0..signature.positional], 1..) |parameter, count| {
            list = list ++ .{annotated(parameter)};
            if (count == if (kind == .operator) signature.positional else signature.positional_only) list = list ++ .{"/"};
        }
        if (signature.args) |args| list = list ++ .{"*" ++ args.name ++ ": object"};
        const keyword_only = signature.parameters[signature.positional..];
        if (keyword_only.len > 0 and signature.args == null) list = list ++ .{"*"};
        for (keyword_only) |parameter| list = list ++ .{annotated(parameter)};
        if (signature.kwargs) |kwargs| list = list ++ .{"**" ++ kwargs.name ++ ": object"};
        var text: []const u8 = "";
        for (list, 0..) |item, i| text = text ++ (if (i == 0) "" else ", ") ++ item;
        return text;
    }
}

fn annotated(comptime parameter: @import("../signature.zig").Parameter) []const u8 {
    const text = parameter.name ++ ": " ++ annotation.of(parameter.type, .from_python);
    return if (parameter.default) |default| text ++ " = " ++ default else text;
}

/// Declares what the types of parameters name and no module has.
pub fn declare(body: *Body, comptime signature: Signature) !void {
    inline for (signature.parameters) |parameter| try body.declare(parameter.type);
}

/// A value as a result of a function.
pub fn annotationOf(comptime Value: type) []const u8 {
    if (Value == noreturn) return "NoReturn";
    return if (convert.Converter(Value) == null) "Any" else annotation.of(Value, .to_python);
}
