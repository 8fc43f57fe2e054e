//! What a Zig function looks like from Python: its parameters, their kinds and defaults. Compile time only.

const std = @import("std");
const arguments = @import("arguments.zig");
const convert = @import("convert.zig");
const hint = @import("convert/hint.zig");
const meta = @import("../compat/meta.zig");
const Scope = @import("Scope.zig");

pub const Kind = enum { positional_only, positional_or_keyword, keyword_only };

/// One parameter as Python sees it.
pub const Parameter = struct {
    /// A valid Python identifier that is not a keyword.
    name: [:0]const u8,
    type: type,
    kind: Kind,
    /// Index of the Zig parameter that it fills.
    index: usize,
    /// For a keyword-only parameter, the field of that Zig parameter, which also holds the default.
    field: ?meta.Field = null,
    /// Python text of the default, or null when the argument must be given.
    default: ?[]const u8 = null,

    fn text(comptime parameter: Parameter) []const u8 {
        return parameter.name ++ if (parameter.default) |default| "=" ++ default else "";
    }
};

/// The view of a function from Python.
///
/// - A parameter of type `std.mem.Allocator` or `*Scope` is not seen: it gets the arena or the scope of the call.
/// - A last parameter that is a struct whose fields all have defaults becomes keyword-only parameters.
/// - Trailing optionals (`?T`) may be left out and are then null.
/// - When a name is not known, all positional parameters are positional-only.
/// - Parameters of type `Args`, `ArgsOf(T)` and `Kwargs` take what no other one takes.
pub const Signature = struct {
    parameters: []const Parameter,
    /// How many of them may be given by position; they come first.
    positional: usize,
    positional_only: usize,
    /// Name and index of the Zig parameter that is `*args`.
    args: ?Rest = null,
    /// Name and index of the Zig parameter that is `**kwargs`.
    kwargs: ?Rest = null,

    pub const Rest = struct { name: []const u8, index: usize };

    pub const Options = struct {
        /// How many Zig parameters come before those that Python passes: 1 for the `self` of a method.
        skipped: usize = 0,
        /// How many parameters cannot be given by keyword.
        positional_only: usize = 0,
    };

    /// `F` is a function type; `names` are its parameter names when the source shows them; `function` is for messages.
    pub fn of(
        comptime function: []const u8,
        comptime F: type,
        comptime names: ?[]const []const u8,
        comptime given: Options,
    ) Signature {
        comptime {
            const types = parameterTypes(function, F);
            const known = namesKnown(types, names, given.skipped);
            var parameters: []const Parameter = &.{};
            var options: []const Parameter = &.{};
            var args: ?Rest = null;
            var kwargs: ?Rest = null;
            for (types, 0..) |T, i| {
                if (i < given.skipped or isOfCall(T)) continue;
                if (isRest(T)) {
                    const rest = if (arguments.isArgs(T)) &args else &kwargs;
                    if (rest.* != null) @compileError("function '" ++ function ++ "' has two parameters for the rest of its " ++
                        (if (arguments.isArgs(T)) "positional" else "keyword") ++ " arguments; keep one");
                    rest.* = .{ .name = if (known) names.?[i] else if (arguments.isArgs(T)) "args" else "kwargs", .index = i };
                    continue;
                }
                if (i == lastOf(types) and isOptions(T)) {
                    options = keywordOnly(function, T, i);
                    continue;
                }
                const source_name = if (known) names.?[i] else std.fmt.comptimePrint("arg{d}", .{parameters.len});
                requireConvertible(function, source_name, T);
                parameters = parameters ++ .{Parameter{
                    .name = Signature.pythonName(source_name),
                    .type = T,
                    .kind = if (known and parameters.len >= given.positional_only) .positional_or_keyword else .positional_only,
                    .index = i,
                }};
            }
            const all = withOptionalTail(parameters) ++ options;
            requireDistinct(function, all);
            if (given.positional_only > parameters.len) @compileError(std.fmt.comptimePrint(
                "function '{s}' has {d} positional parameters, and its option positional_only is {d}",
                .{ function, parameters.len, given.positional_only },
            ));
            return .{
                .parameters = all,
                .positional = parameters.len,
                .positional_only = if (known) given.positional_only else parameters.len,
                .args = args,
                .kwargs = kwargs,
            };
        }
    }

    /// A field of the struct that is the Zig parameter number `index`.
    pub const FieldOf = struct { index: usize, field: meta.Field };

    /// The view of a constructor that takes the fields of structs. One that must be given and comes after one that has a
    /// default can be given by keyword only.
    pub fn ofFields(comptime function: []const u8, comptime fields: []const FieldOf) Signature {
        comptime {
            var parameters: []const Parameter = &.{};
            var positional: ?usize = null;
            for (fields, 0..) |entry, i| {
                const field = entry.field;
                if (field.default_value == null and i > 0 and fields[i - 1].field.default_value != null and positional == null) positional = i;
                parameters = parameters ++ .{Parameter{
                    .name = Signature.pythonName(field.name),
                    .type = field.type,
                    .kind = if (positional == null) .positional_or_keyword else .keyword_only,
                    .index = entry.index,
                    .field = field,
                    .default = if (field.default_value != null) pythonText(field.type, field.default().?) else null,
                }};
            }
            requireDistinct(function, parameters);
            return .{ .parameters = parameters, .positional = positional orelse parameters.len, .positional_only = 0 };
        }
    }

    /// A Zig name as Python may use it: a keyword gets a trailing underscore (PEP 8).
    pub fn pythonName(comptime name: []const u8) [:0]const u8 {
        const suffix = for (python_keywords) |keyword| {
            if (std.mem.eql(u8, keyword, name)) break "_";
        } else "";
        return name ++ suffix;
    }

    /// The signature in the form that CPython turns into `__text_signature__`: `add($module, a, b)`. `receiver` is
    /// "$module", "$self" or "$type", or empty for a static method.
    pub fn text(comptime signature: Signature, comptime function: []const u8, comptime receiver: []const u8) []const u8 {
        comptime {
            var list: []const []const u8 = if (receiver.len > 0) &.{receiver} else &.{};
            for (signature.parameters[0..signature.positional], 1..) |parameter, count| {
                list = list ++ .{parameter.text()};
                if (count == signature.positional_only) list = list ++ .{"/"};
            }
            if (signature.args) |args| list = list ++ .{"*" ++ args.name};
            const keyword_only = signature.parameters[signature.positional..];
            if (keyword_only.len > 0 and signature.args == null) list = list ++ .{"*"};
            for (keyword_only) |parameter| list = list ++ .{parameter.text()};
            if (signature.kwargs) |kwargs| list = list ++ .{"**" ++ kwargs.name};
            var result: []const u8 = function ++ "(";
            for (list, 0..) |item, i| result = result ++ (if (i == 0) "" else ", ") ++ item;
            return result ++ ")";
        }
    }
};

fn parameterTypes(comptime function: []const u8, comptime F: type) []const type {
    const info = @typeInfo(F).@"fn";
    const is_varargs = if (@hasField(@TypeOf(info), "is_var_args")) info.is_var_args else info.attrs.varargs;
    if (is_varargs) @compileError("function '" ++ function ++ "' takes C variable arguments, which Python cannot pass" ++ way_out);
    var types: []const type = &.{};
    for (meta.parameterTypes(F), 0..) |T, i| types = types ++ .{T orelse @compileError(std.fmt.comptimePrint(
        "function '{s}' is generic: parameter {d} has no type of its own, so Python cannot pass it{s}",
        .{ function, i + 1, way_out },
    ))};
    return types;
}

const way_out = "; give it a concrete type, or make the function private by leaving out 'pub'";

fn requireConvertible(comptime function: []const u8, comptime parameter: []const u8, comptime T: type) void {
    convert.requireFinite("function '" ++ function ++ "', parameter '" ++ parameter ++ "'", T);
    if (!convert.comesFromPython(T)) @compileError("function '" ++ function ++ "', parameter '" ++ parameter ++
        "': " ++ hint.refusal(T, .from_python) ++ ", or make the function private by leaving out 'pub'");
}

fn namesKnown(comptime types: []const type, comptime names: ?[]const []const u8, comptime skipped: usize) bool {
    const given = names orelse return false;
    if (given.len != types.len) return false;
    for (given, types, 0..) |name, T, i| {
        if (i < skipped or isOfCall(T) or i == lastOf(types) and isOptions(T)) continue;
        if (!isIdentifier(name)) return false;
    }
    return true;
}

/// Whether Python's grammar takes `name` too: Zig's `@"…"` allows more, and an unnamed parameter has the name "".
fn isIdentifier(comptime name: []const u8) bool {
    for (name, 0..) |byte, i| switch (byte) {
        'a'...'z', 'A'...'Z', '_' => {},
        '0'...'9' => if (i == 0) return false,
        else => return false,
    };
    return name.len > 0;
}

/// Whether a parameter is not seen by Python: memory or scope of the call.
pub fn isOfCall(comptime T: type) bool {
    return T == std.mem.Allocator or T == *Scope;
}

/// Whether a parameter takes the arguments that no other one takes.
fn isRest(comptime T: type) bool {
    return arguments.isArgs(T) or T == arguments.Kwargs;
}

/// Index of the last parameter that one argument fills.
fn lastOf(comptime types: []const type) usize {
    var last = types.len - 1;
    while (last > 0 and (isRest(types[last]) or isOfCall(types[last]))) last -= 1;
    return last;
}

/// A struct whose fields all have defaults, and that is no value of its own.
fn isOptions(comptime T: type) bool {
    if (!convert.isPlainStruct(T)) return false;
    const fields = meta.structFields(T);
    for (fields) |field| {
        if (field.default_value == null) return false;
    }
    return fields.len > 0;
}

fn keywordOnly(comptime function: []const u8, comptime T: type, comptime index: usize) []const Parameter {
    var parameters: []const Parameter = &.{};
    for (meta.structFields(T)) |field| {
        requireConvertible(function, field.name, field.type);
        parameters = parameters ++ .{Parameter{
            .name = Signature.pythonName(field.name),
            .type = field.type,
            .kind = .keyword_only,
            .index = index,
            .field = field,
            .default = pythonText(field.type, field.default().?),
        }};
    }
    return parameters;
}

fn withOptionalTail(comptime parameters: []const Parameter) []const Parameter {
    var result: [parameters.len]Parameter = parameters[0..parameters.len].*;
    var i = parameters.len;
    while (i > 0 and @typeInfo(result[i - 1].type) == .optional) : (i -= 1) result[i - 1].default = "None";
    const final = result;
    return &final;
}

fn requireDistinct(comptime function: []const u8, comptime parameters: []const Parameter) void {
    for (parameters, 0..) |one, i| {
        for (parameters[0..i]) |other| {
            if (std.mem.eql(u8, one.name, other.name)) @compileError("function '" ++ function ++
                "' has two parameters that Python would call '" ++ one.name ++ "'; rename one of them");
        }
    }
}

/// A default value as Python writes it; `...` stands for what has no literal.
fn pythonText(comptime T: type, comptime value: T) []const u8 {
    return switch (@typeInfo(T)) {
        .optional => |info| if (value) |v| pythonText(info.child, v) else "None",
        .bool => if (value) "True" else "False",
        .int => std.fmt.comptimePrint("{d}", .{value}),
        .float => if (std.math.isFinite(value)) floatText(value) else "...",
        .pointer => |info| if (!convert.comesFromPython(T))
            "..."
        else if (info.child == u8)
            quoted(value)
        else
            listText(info.child, value),
        .array => |info| listText(info.child, &value),
        .@"struct" => |info| if (info.is_tuple)
            fieldsText(T, value, "(", ")")
        else if (convert.isPlainStruct(T))
            fieldsText(T, value, "{", "}")
        else if (@hasDecl(T, "python_converter") and @hasDecl(T.python_converter, "literal"))
            T.python_converter.literal
        else
            "...",
        .@"union" => if (@hasDecl(T, "python_converter") or !convert.comesFromPython(T)) "..." else switch (value) {
            inline else => |payload| if (@TypeOf(payload) == void) "None" else pythonText(@TypeOf(payload), payload),
        },
        else => "...",
    };
}

fn listText(comptime Element: type, comptime values: []const Element) []const u8 {
    var text: []const u8 = "[";
    for (values, 0..) |value, i| text = text ++ (if (i == 0) "" else ", ") ++ pythonText(Element, value);
    return text ++ "]";
}

fn fieldsText(comptime T: type, comptime value: T, comptime start: []const u8, comptime end: []const u8) []const u8 {
    const fields = meta.structFields(T);
    const is_tuple = @typeInfo(T).@"struct".is_tuple;
    var text = start;
    for (fields, 0..) |field, i| {
        text = text ++ (if (i == 0) "" else ", ") ++ (if (is_tuple) "" else "'" ++ field.name ++ "': ") ++
            pythonText(field.type, @field(value, field.name));
    }
    return text ++ (if (is_tuple and fields.len == 1) "," else "") ++ end;
}

fn floatText(comptime value: anytype) []const u8 {
    const digits = std.fmt.comptimePrint("{d}", .{value});
    return if (std.mem.indexOfScalar(u8, digits, '.') == null) digits ++ ".0" else digits;
}

/// A Python literal in ASCII, which is all that `inspect` reads in a signature.
fn quoted(comptime text: []const u8) []const u8 {
    const view = std.unicode.Utf8View.init(text) catch return "...";
    var result: []const u8 = "'";
    var characters = view.iterator();
    while (characters.nextCodepoint()) |character| {
        const escaped = switch (character) {
            '\'' => "\\'",
            '\\' => "\\\\",
            ' '...'&', '('...'[', ']'...'~' => &[_]u8{@intCast(character)},
            0...31, 127...0xff => std.fmt.comptimePrint("\\x{x:0>2}", .{character}),
            0x100...0xffff => std.fmt.comptimePrint("\\u{x:0>4}", .{character}),
            0x10000...0x10ffff => std.fmt.comptimePrint("\\U{x:0>8}", .{character}),
            else => unreachable,
        };
        result = result ++ escaped;
    }
    return result ++ "'";
}

/// `keyword.kwlist` of Python 3.10 to 3.14.
const python_keywords = .{
    "False", "None",     "True",  "and",    "as",   "assert", "async",  "await",    "break",
    "class", "continue", "def",   "del",    "elif", "else",   "except", "finally",  "for",
    "from",  "global",   "if",    "import", "in",   "is",     "lambda", "nonlocal", "not",
    "or",    "pass",     "raise", "return", "try",  "while",  "with",   "yield",
};

fn sample(_: std.mem.Allocator, _: i64, _: ?f64, _: struct { mode: []const u8 = "a'b", from: bool = false }) void {}

fn expectText(comptime expected: []const u8, comptime names: ?[]const []const u8) !void {
    const signature: Signature = comptime .of("sample", @TypeOf(sample), names, .{});
    try std.testing.expectEqualStrings(expected, comptime signature.text("sample", "$module"));
}

test "a signature as Python shows it" {
    try expectText("sample($module, n, x=None, *, mode='a\\'b', from_=False)", &.{ "arena", "n", "x", "options" });
}

test "names that are not known, or that Python does not take, leave the position" {
    const unknown = "sample($module, arg0, arg1=None, /, *, mode='a\\'b', from_=False)";
    try expectText(unknown, null);
    try expectText(unknown, &.{ "arena", "", "x", "options" });
    try expectText(unknown, &.{ "arena", "with blanks", "x", "options" });
    try expectText(unknown, &.{"too few"});
}

test "which arguments may be left out" {
    const signature: Signature = comptime .of("sample", @TypeOf(sample), null, .{});
    try std.testing.expectEqual(2, signature.positional);
    try std.testing.expectEqual(2, signature.positional_only);
    try std.testing.expectEqual(4, signature.parameters.len);
    try std.testing.expectEqual(null, signature.parameters[0].default);
    try std.testing.expectEqual(3, signature.parameters[3].index);
}
