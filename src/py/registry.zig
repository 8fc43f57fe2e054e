//! What the extension's root file declares beside functions: namespaces, classes, enums, unions, constants. Found by
//! walking public declarations at compile time.

const std = @import("std");
const meta = @import("../compat/meta.zig");
const options = @import("options.zig");
const source = @import("source.zig");

const root = @import("root");

/// The extension that is compiled, as its root module (`entry.zig`) tells. Empty where there is none, as in tests.
pub const extension = if (@hasDecl(root, "alloconda_extension")) root.alloconda_extension else struct {
    pub const name = "";
    pub const user = struct {};
    pub const container: source.Container = .{};
};

/// What becomes of a declaration.
pub const Kind = enum {
    function,
    /// A value: an attribute of the module.
    constant,
    /// A struct without fields, or a file: a submodule.
    namespace,
    /// A struct with fields: a class.
    class,
    /// An enum: a subclass of `enum.IntEnum`.
    enumeration,
    /// A tagged union: a class with a subclass per variant.
    variants,
    /// A variant of a tagged union, which `Variant` stands for.
    variant,
    /// A struct that says which exception it derives from: an exception class.
    exception,
};

/// A public declaration that Python sees.
pub const Member = struct {
    kind: Kind,
    /// The name in the source.
    name: [:0]const u8,
    /// The name in Python.
    python_name: [:0]const u8,
    declaration: source.Declaration,
    options: options.Member,
};

/// A type that has a class in the module.
pub const Class = struct {
    type: type,
    kind: Kind,
    /// `__name__`.
    name: [:0]const u8,
    /// `__module__`.
    module: [:0]const u8,
    doc: []const u8,
    container: source.Container,
    /// The class that this one is nested in, as an index of `classes`.
    owner: ?usize,

    /// `__qualname__`.
    pub fn qualifiedName(comptime class: Class) [:0]const u8 {
        const owner = class.owner orelse return class.name;
        return classes[owner].qualifiedName() ++ "." ++ class.name;
    }

    /// How annotations and messages name it: with its module where another namespace has a class of the same name.
    pub fn annotation(comptime class: Class) [:0]const u8 {
        @setEvalBranchQuota(1_000_000);
        for (classes) |other| {
            if (std.mem.eql(u8, other.module, class.module) or !std.mem.eql(u8, other.outermostName(), class.outermostName())) continue;
            return class.module ++ "." ++ class.qualifiedName();
        }
        return class.qualifiedName();
    }

    /// The name of the class itself, or of the one around all that it is nested in.
    pub fn outermostName(comptime class: Class) [:0]const u8 {
        return if (class.owner) |owner| classes[owner].outermostName() else class.name;
    }
};

/// All classes of the extension, each type once, in the order of the sources; owners before what is nested in them.
pub const classes: []const Class = blk: {
    @setEvalBranchQuota(1_000_000);
    break :blk classesIn(extension.user, extension.container, extension.name, null, &.{});
};

fn classesIn(
    comptime T: type,
    comptime container: source.Container,
    comptime module: [:0]const u8,
    comptime owner: ?usize,
    comptime found: []const Class,
) []const Class {
    var all = found;
    for (members(T, container)) |member| switch (member.kind) {
        .function, .constant => {},
        .namespace => all = classesIn(@field(T, member.name), containerOf(member), module ++ "." ++ member.python_name, null, all),
        else => {
            const Type = @field(T, member.name);
            if (indexIn(all, Type) != null) continue;
            all = all ++ .{Class{
                .type = Type,
                .kind = member.kind,
                .name = member.python_name,
                .module = module,
                .doc = member.declaration.doc,
                .container = containerOf(member),
                .owner = owner,
            }};
            const index = all.len - 1;
            if (member.kind == .variants) all = withVariants(all, Type);
            if (member.kind != .exception) all = classesIn(Type, containerOf(member), module, index, all);
        },
    };
    return all;
}

/// What stands for the variant number `index` of a tagged union.
pub fn Variant(comptime U: type, comptime index: usize) type {
    return struct {
        pub const Union = U;
        pub const number = index;
    };
}

/// Adds the variants of a union, which is the last of `found`.
fn withVariants(comptime found: []const Class, comptime U: type) []const Class {
    const whole = found[found.len - 1];
    var all = found;
    for (meta.unionFields(U), 0..) |variant, i| all = all ++ .{Class{
        .type = Variant(U, i),
        .kind = .variant,
        .name = variant.name,
        .module = whole.module,
        .doc = for (whole.container.fields) |field| {
            if (std.mem.eql(u8, field.name, variant.name)) break field.doc;
        } else "",
        .container = .{},
        .owner = found.len - 1,
    }};
    return all;
}

/// Index of the class of a type, or null when it has none.
pub fn indexOf(comptime T: type) ?usize {
    return indexIn(classes, T);
}

/// How annotations and messages name the class of `T`.
pub fn annotationOf(comptime T: type) [:0]const u8 {
    return comptime classes[indexOf(T).?].annotation();
}

/// Whether `T` is a struct or a union whose values lie in instances of a class.
pub fn isClass(comptime T: type) bool {
    const index = indexOf(T) orelse return false;
    return classes[index].kind == .class or classes[index].kind == .variants;
}

/// Whether `T` is an enum that has a class.
pub fn isEnumeration(comptime T: type) bool {
    return @typeInfo(T) == .@"enum" and indexOf(T) != null;
}

fn indexIn(comptime list: []const Class, comptime T: type) ?usize {
    return inline for (list, 0..) |class, i| {
        if (class.type == T) break i;
    } else null;
}

/// What the source says of the insides of a member; empty where it says nothing.
pub fn containerOf(comptime member: Member) source.Container {
    return if (member.declaration.container) |container| container.* else .{};
}

/// The docstring of a namespace: the `//!` comment of a file, or the `///` comment of the declaration.
pub fn docOf(comptime member: Member) []const u8 {
    const inner = containerOf(member).doc;
    return if (inner.len > 0) inner else member.declaration.doc;
}

/// The public declarations of a container that Python sees, in the order of the source.
pub fn members(comptime T: type, comptime container: source.Container) []const Member {
    const table = options.membersOf(T);
    var result: []const Member = &.{};
    for (meta.declarationNames(T)) |name| {
        if (belongsToZig(name)) continue;
        const member = options.member(table, name);
        if (member.hidden) continue;
        const declaration = container.declaration(name) orelse source.Declaration{ .name = name };
        const kind = kindOf(T, name, declaration) orelse continue;
        result = result ++ .{Member{
            .kind = kind,
            .name = name,
            .python_name = member.name orelse name,
            .declaration = declaration,
            .options = member,
        }};
    }
    return result;
}

/// Null for what Python has no use for: private imports, types of other packages, variables.
fn kindOf(comptime T: type, comptime name: [:0]const u8, comptime declaration: source.Declaration) ?Kind {
    // Of functions only the type is looked at: the program that writes stubs cannot link what they call.
    const Value = @TypeOf(@field(T, name));
    if (@typeInfo(Value) == .@"fn") return .function;
    // Zig does not tell a constant from a variable, but for a pointer to it.
    if (!meta.isConst(@TypeOf(&@field(T, name)))) return null;
    if (Value != type) return .constant;
    return kindOfType(@field(T, name), declaration.container != null);
}

/// `known`: the reflect step has seen the type's source inside the project. A type from elsewhere, or one that a
/// function makes, is a class when it has a `python` declaration.
fn kindOfType(comptime T: type, comptime known: bool) ?Kind {
    switch (@typeInfo(T)) {
        .@"struct", .@"enum", .@"union" => {},
        else => return null,
    }
    if (options.isException(T)) return .exception;
    if (@hasDecl(T, "python_converter")) return null;
    const marked = @hasDecl(T, "python");
    if (!known and !marked) return null;
    return switch (@typeInfo(T)) {
        .@"struct" => if (meta.structFields(T).len == 0 and !(marked and options.isClass(T)) and !hasMethods(T)) .namespace else .class,
        .@"enum" => .enumeration,
        .@"union" => |info| if (info.tag_type != null) .variants else null,
        else => unreachable,
    };
}

/// Whether a struct without fields has a function that takes it.
fn hasMethods(comptime T: type) bool {
    for (meta.declarationNames(T)) |name| {
        const F = @TypeOf(@field(T, name));
        if (@typeInfo(F) != .@"fn") continue;
        const types = meta.parameterTypes(F);
        if (types.len == 0) continue;
        const First = types[0] orelse continue;
        if (First == T or First == *T or First == *const T) return true;
    }
    return false;
}

/// Declarations that Zig's standard library or the binding library looks for.
fn belongsToZig(comptime name: []const u8) bool {
    for (.{ "main", "panic", "std_options", "std_options_debug_threaded_io", "std_options_debug_io", "std_options_cwd", "python" }) |reserved| {
        if (std.mem.eql(u8, name, reserved)) return true;
    }
    return false;
}
