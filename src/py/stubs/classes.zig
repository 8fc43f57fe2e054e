//! Classes, enums and unions in a stub.

const std = @import("std");
const Body = @import("Body.zig");
const convert = @import("../convert.zig");
const Description = @import("../class/Description.zig");
const functions = @import("functions.zig");
const meta = @import("../../compat/meta.zig");
const Object = @import("../object.zig").Object;
const options = @import("../options.zig");
const registry = @import("../registry.zig");
const Signature = @import("../signature.zig").Signature;
const slot_table = @import("../class/slot_table.zig");
const Variant = @import("../class/Variant.zig");

/// Writes a class with all that is in it.
pub fn write(body: *Body, comptime indent: usize, comptime T: type) !void {
    @setEvalBranchQuota(1_000_000);
    const description: Description = comptime .of(T);
    if (!description.given.subclassable) try body.line(indent, "@final");
    try body.line(indent, comptime "class " ++ description.class.name ++ bases(T, description) ++ ":");
    try body.doc(indent + 1, description.class.doc);
    const around = try body.enter(comptime namesOf(description));
    defer body.leave(around);
    if (@typeInfo(T) == .@"enum") {
        inline for (comptime meta.enumNames(T)) |name| {
            const value = comptime std.fmt.comptimePrint("{s} = {d}", .{ name, @intFromEnum(@field(T, name)) });
            try body.line(indent + 1, value);
        }
    }
    inline for (description.constants) |member| {
        const Value = convert.RuntimeType(@TypeOf(@field(T, member.name)));
        if (comptime convert.goesToPython(Value)) {
            const annotation = comptime convert.resultAnnotation(convert.Converter(Value).?);
            try body.line(indent + 1, member.python_name ++ ": ClassVar[" ++ annotation ++ "]");
        }
    }
    inline for (description.attributes) |attribute| {
        try property(body, indent + 1, attribute.name, attribute.field.type, attribute.writable, false, attribute.doc);
    }
    inline for (description.properties) |it| {
        try property(body, indent + 1, it.member.python_name, it.type, it.writable, it.deletable, it.doc);
    }
    if (comptime description.constructor.signature()) |signature| {
        try functions.declare(body, signature);
        try body.line(indent + 1, comptime "def __init__(" ++ functions.parameters(signature, .method) ++ ") -> None: ...");
    }
    inline for (description.operators) |method| {
        // The interpreter turns what the method returns into a memoryview.
        if (comptime std.mem.eql(u8, method.name, "__buffer__")) {
            try body.line(indent + 1, "def __buffer__(self, flags: int, /) -> memoryview: ...");
            continue;
        }
        const takes_keywords = comptime std.mem.eql(u8, method.name, "__call__");
        try functionOf(body, indent + 1, T, method, if (takes_keywords) .method else .operator);
    }
    inline for (description.methods) |method| try functionOf(body, indent + 1, T, method, switch (method.kind) {
        .instance, .state => .method,
        .class => .class_method,
        .static => .static_method,
    });
    inline for (description.nested) |index| {
        const class = registry.classes[index];
        if (class.kind != .variant) try write(body, indent + 1, class.type);
    }
    if (@typeInfo(T) == .@"union") {
        inline for (0..comptime meta.unionFields(T).len) |index| try variant(body, indent + 1, description, comptime .of(T, index));
    }
    try body.line(indent + 1, "...");
    try body.blank();
}

/// The names in a class that annotations in it could mean.
fn namesOf(comptime description: Description) []const []const u8 {
    var names: []const []const u8 = &.{};
    for (description.attributes) |attribute| names = names ++ .{attribute.name};
    for (description.properties) |it| names = names ++ .{it.member.python_name};
    for (description.methods) |method| names = names ++ .{method.name};
    for (description.constants) |member| names = names ++ .{member.python_name};
    return names;
}

fn bases(comptime T: type, comptime description: Description) []const u8 {
    if (@typeInfo(T) == .@"enum") return "(" ++ @tagName(description.given.enumeration) ++ ")";
    if (description.base) |Base| return "(" ++ registry.annotationOf(Base) ++ ")";
    const name = description.given.python_base orelse return "";
    if (!std.mem.startsWith(u8, name, "builtins.")) return "(" ++ name ++ ")";
    const short = name["builtins.".len..];
    // Generic classes: mypy is told that nothing is known of their items.
    const any: []const u8 = if (std.mem.eql(u8, short, "dict"))
        "[Any, Any]"
    else for ([_][]const u8{ "list", "set", "frozenset" }) |generic| {
        if (std.mem.eql(u8, short, generic)) break "[Any]";
    } else "";
    return "(" ++ short ++ any ++ ")";
}

/// An attribute that can be set is a plain annotation; any other one is a property.
fn property(
    body: *Body,
    comptime indent: usize,
    comptime name: []const u8,
    comptime T: type,
    comptime writable: bool,
    comptime deletable: bool,
    comptime doc: []const u8,
) !void {
    const C = convert.Converter(T) orelse return;
    const annotation = comptime functions.annotationOf(T);
    try body.declare(T);
    if (writable and !deletable) {
        try body.line(indent, name ++ ": " ++ annotation);
        return body.doc(indent, doc);
    }
    try body.line(indent, "@property");
    try body.line(indent, comptime "def " ++ name ++ "(self) -> " ++ annotation ++ if (doc.len > 0) ":" else ": ...");
    try body.doc(indent + 1, doc);
    if (writable) {
        try body.line(indent, "@" ++ name ++ ".setter");
        try body.line(indent, "def " ++ name ++ "(self, value: " ++ C.annotation ++ ") -> None: ...");
    }
    if (deletable) {
        try body.line(indent, "@" ++ name ++ ".deleter");
        try body.line(indent, "def " ++ name ++ "(self) -> None: ...");
    }
}

fn functionOf(
    body: *Body,
    comptime indent: usize,
    comptime T: type,
    comptime method: Description.Method,
    comptime kind: functions.Kind,
) !void {
    try functions.writeSignature(body, indent, method.name, comptime signatureOf(method), ResultOf(T, method), method.member.declaration.doc, kind);
}

/// What is of another type is not equal to an instance, and not in one: these methods take any object.
fn signatureOf(comptime method: Description.Method) Signature {
    for (.{ "__eq__", "__ne__", "__contains__" }) |name| {
        if (!std.mem.eql(u8, method.name, name) or method.signature.parameters.len != 1) continue;
        var parameter = method.signature.parameters[0];
        parameter.type = Object;
        var signature = method.signature;
        signature.parameters = &.{parameter};
        return signature;
    }
    return method.signature;
}

/// `__next__` gives items, and ends with an exception where the Zig function gives null. In-place operators that return
/// nothing return the instance, which null stands for.
fn ResultOf(comptime T: type, comptime method: Description.Method) ?type {
    const F = @TypeOf(@field(T, method.member.name));
    if (method.kind == .state) return void;
    const Value = meta.payloadOf(@typeInfo(F).@"fn".return_type.?);
    if (Value == void and slot_table.isInplace(method.name)) return null;
    const is_next = std.mem.eql(u8, method.name, "__next__") and @typeInfo(Value) == .optional;
    return if (is_next) @typeInfo(Value).optional.child else Value;
}

fn variant(body: *Body, comptime indent: usize, comptime union_: Description, comptime it: Variant) !void {
    try body.line(indent, comptime "class " ++ it.tag ++ "(" ++ union_.class.qualifiedName() ++ "):");
    inline for (it.attributes) |attribute| {
        try property(body, indent + 1, attribute.name, attribute.type, false, false, "");
    }
    try body.line(indent + 1, comptime "def __new__(" ++ functions.parameters(it.signature, .class_method) ++ ") -> Self: ...");
}
