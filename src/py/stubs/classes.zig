//! Classes, enums and unions in a stub.

const std = @import("std");
const Body = @import("Body.zig");
const convert = @import("../convert.zig");
const Description = @import("../class/Description.zig");
const functions = @import("functions.zig");
const meta = @import("../../compat/meta.zig");
const Object = @import("../object.zig").Object;
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
    try matchArguments(body, indent + 1, comptime description.matchArguments());
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
    try writeDerived(body, indent + 1, T, description);
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

/// What a class has without its being written, and `object` has not.
fn writeDerived(body: *Body, comptime indent: usize, comptime T: type, comptime description: Description) !void {
    if (comptime Description.hasOrder(T) or description.given.order) {
        inline for (.{ "__lt__", "__le__", "__gt__", "__ge__" }) |name| {
            if (comptime description.operator(name) == null) try body.line(indent, "def " ++ name ++ "(self, other: Self, /) -> bool: ...");
        }
    }
    if (comptime description.operator("__next__") != null and description.operator("__iter__") == null)
        try body.line(indent, "def __iter__(self) -> Self: ...");
}

fn matchArguments(body: *Body, comptime indent: usize, comptime names: []const [:0]const u8) !void {
    if (names.len == 0) return;
    comptime var list: []const u8 = "";
    inline for (names, 0..) |name, i| list = list ++ (if (i == 0) "" else ", ") ++ "\"" ++ name ++ "\"";
    try body.line(indent, "__match_args__ = (" ++ list ++ (if (names.len == 1) ",)" else ")"));
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
    const written = if (std.mem.startsWith(u8, name, "builtins.")) name["builtins.".len..] else name;
    return "(" ++ written ++ argumentsOf(name) ++ ")";
}

/// Generic classes: checkers are told that nothing is known of their items.
fn argumentsOf(comptime name: []const u8) []const u8 {
    const of_one = .{
        .{ "builtins", .{ "frozenset", "list", "set" } },
        .{ "collections", .{ "Counter", "UserList", "deque" } },
        .{ "collections.abc", .{
            "AsyncIterable",   "AsyncIterator", "Awaitable",  "Collection", "Container", "Iterable",   "Iterator", "KeysView",
            "MutableSequence", "MutableSet",    "Reversible", "Sequence",   "Set",       "ValuesView",
        } },
        .{ "contextlib", .{ "AbstractAsyncContextManager", "AbstractContextManager" } },
    };
    const of_two = .{
        .{ "builtins", .{"dict"} },
        .{ "collections", .{ "ChainMap", "OrderedDict", "UserDict", "defaultdict" } },
        .{ "collections.abc", .{ "AsyncGenerator", "ItemsView", "Mapping", "MutableMapping" } },
    };
    for (.{ of_one, of_two }, .{ "[Any]", "[Any, Any]" }) |table, arguments| for (table) |entry| for (entry[1]) |class| {
        if (std.mem.eql(u8, name, entry[0] ++ "." ++ class)) return arguments;
    };
    return "";
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
    try functions.writeSignature(body, indent, method.name, comptime signatureOf(method), resultOf(T, method), method.member.declaration.doc, kind);
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

/// What Python code sees, where that is more than what the Zig function returns.
fn resultOf(comptime T: type, comptime method: Description.Method) functions.Result {
    const F = @TypeOf(@field(T, method.member.name));
    if (method.kind == .state) return .{ .value = void };
    const Value = meta.ResultOf(F);
    // In-place operators that return nothing return the instance.
    if (Value == void and slot_table.isInplace(method.name)) return .{ .text = "Self" };
    // They end with an exception where the Zig function gives null.
    if (std.mem.eql(u8, method.name, "__next__") or std.mem.eql(u8, method.name, "__anext__")) {
        if (@typeInfo(Value) == .optional) return .{ .value = @typeInfo(Value).optional.child };
    }
    // Checkers want a generator, though `await` takes any iterator; what it ends with, no type of Zig says.
    if (std.mem.eql(u8, method.name, "__await__") and registry.isClass(Value)) return .{ .text = "Generator[Any, Any, Any]" };
    return .{ .value = Value };
}

fn variant(body: *Body, comptime indent: usize, comptime union_: Description, comptime it: Variant) !void {
    try body.line(indent, comptime "class " ++ it.tag ++ "(" ++ union_.class.qualifiedName() ++ "):");
    try matchArguments(body, indent + 1, comptime it.matchArguments());
    inline for (it.attributes) |attribute| {
        try property(body, indent + 1, attribute.name, attribute.type, false, false, "");
    }
    try body.line(indent + 1, comptime "def __new__(" ++ functions.parameters(it.signature, .class_method) ++ ") -> Self: ...");
}
