//! Types as stubs write them. They are those of the converters, but that a struct without a class is a `TypedDict` (PEP
//! 589) with its keys where messages say `dict[str, Any]`.

const std = @import("std");
const convert = @import("../convert.zig");
const meta = @import("../../compat/meta.zig");
const parts = @import("../convert/parts.zig");
const registry = @import("../registry.zig");

const Direction = convert.Direction;

/// The type of a value that has a converter. From Python, a dict whose keys are not known is right too.
pub fn of(comptime T: type, comptime direction: Direction) [:0]const u8 {
    comptime {
        const C = convert.Converter(T).?;
        const known: [:0]const u8 = if (direction == .to_python) convert.resultAnnotation(C) else C.annotation ++ "";
        if (recordsOf(T).len == 0) return known;
        if (recordName(T)) |name| return name ++ if (direction == .from_python) " | dict[str, Any]" else "";
        const start = known[0 .. (std.mem.indexOfScalar(u8, known, '[') orelse return known) + 1];
        return switch (@typeInfo(T)) {
            .optional => |info| of(info.child, direction) ++ " | None",
            .@"union" => either(T, direction),
            else => start ++ inside(T, direction) ++ "]",
        };
    }
}

/// What stands in the brackets of a container's type.
fn inside(comptime T: type, comptime direction: Direction) [:0]const u8 {
    var text: [:0]const u8 = "";
    for (partsOf(T), 0..) |Part, i| text = text ++ (if (i == 0) "" else ", ") ++ of(Part, direction);
    return text;
}

fn either(comptime T: type, comptime direction: Direction) [:0]const u8 {
    var names: []const [:0]const u8 = &.{};
    var text: [:0]const u8 = "";
    next: for (partsOf(T)) |Part| {
        const name = of(Part, direction);
        for (names) |earlier| if (std.mem.eql(u8, earlier, name)) continue :next;
        text = text ++ (if (names.len == 0) "" else " | ") ++ name;
        names = names ++ .{name};
    }
    return text;
}

/// The structs that become a `TypedDict` in the type of `T`, each once, and before those that hold them.
pub fn recordsOf(comptime T: type) []const type {
    comptime {
        var all: []const type = &.{};
        for (partsOf(T)) |Part| {
            for (recordsOf(Part)) |record| all = with(all, record);
        }
        return if (recordName(T) != null) with(all, T) else all;
    }
}

fn with(comptime all: []const type, comptime T: type) []const type {
    for (all) |other| if (other == T) return all;
    return all ++ .{T};
}

/// The types that the type of `T` names. A struct without a name of its own does not say what it is made of.
fn partsOf(comptime T: type) []const type {
    const is_record = @typeInfo(T) == .@"struct" and convert.isPlainStruct(T);
    return if (is_record and recordName(T) == null) &.{} else parts.of(T);
}

/// The name of the `TypedDict` of a struct: its own after an underscore, since no module has it, and after that of the
/// namespace or file where this is not the root file. Null for all that has another type, and for structs without a name of
/// their own.
pub fn recordName(comptime T: type) ?[:0]const u8 {
    if (@typeInfo(T) != .@"struct" or !convert.isPlainStruct(T) or meta.structFields(T).len == 0) return null;
    const whole = @typeName(T);
    const root = @typeName(registry.extension.user) ++ ".";
    var name: [:0]const u8 = "_";
    for (whole[if (std.mem.startsWith(u8, whole, root)) root.len else 0..]) |byte| switch (byte) {
        '.' => name = name ++ "_",
        'a'...'z', 'A'...'Z', '0'...'9', '_' => name = name ++ .{byte},
        else => return null,
    };
    return if (std.mem.indexOf(u8, name, "__struct_") == null) name else null;
}

/// The line that declares the `TypedDict` of a struct.
pub fn declaration(comptime T: type) []const u8 {
    comptime {
        const name = recordName(T).?;
        var text: []const u8 = name ++ " = TypedDict(\"" ++ name ++ "\", {";
        for (meta.structFields(T), 0..) |field, i| {
            text = text ++ (if (i == 0) "" else ", ") ++ "\"" ++ field.name ++ "\": " ++ of(field.type, .to_python);
        }
        return text ++ "})";
    }
}
