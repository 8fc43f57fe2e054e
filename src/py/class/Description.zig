//! All that is known of a class at compile time: what its type object is built from, and its stub written from. Nothing in
//! here refers to the interpreter.

const Description = @This();

const std = @import("std");
const convert = @import("../convert.zig");
const meta = @import("../../compat/meta.zig");
const Names = @import("../Names.zig");
const options = @import("../options.zig");
const ownership = @import("ownership.zig");
const property = @import("property.zig");
const receiver = @import("receiver.zig");
const registry = @import("../registry.zig");
const Signature = @import("../signature.zig").Signature;
const slot_table = @import("slot_table.zig");

class: registry.Class,
given: options.Class,
/// The Zig type of the class that it derives from.
base: ?type,
constructor: Constructor,
/// Of the class itself, in the order of the fields; those of the base are the base's.
attributes: []const Attribute,
/// Methods, class methods and static methods by the names that Python calls them, special methods without a slot among
/// them.
methods: []const Method,
/// Special methods that type objects have a slot for.
operators: []const Method,
properties: []const Property,
/// Values that are attributes of the class.
constants: []const registry.Member,
/// Indices in `registry.classes` of the classes that are declared in it.
nested: []const usize,

pub const Attribute = struct {
    /// The type whose field it is.
    owner: type,
    field: meta.Field,
    name: [:0]const u8,
    doc: []const u8,
    writable: bool,
};

pub const Method = struct {
    member: registry.Member,
    /// The name in Python.
    name: [:0]const u8,
    kind: receiver.Kind,
    signature: Signature,
};

pub const Property = struct {
    member: registry.Member,
    /// What the getter's value, and so the attribute, is.
    type: type,
    writable: bool,
    deletable: bool,
    doc: []const u8,
};

pub const Constructor = union(enum) {
    /// Parameters of the fields, those of the base first.
    fields: Signature,
    /// Those of the function `init`.
    init: Signature,
    /// Python cannot make instances.
    none,

    pub fn signature(comptime constructor: Constructor) ?Signature {
        return switch (constructor) {
            .fields, .init => |it| it,
            .none => null,
        };
    }
};

/// The names in `__match_args__`: of the fields that make an instance by position.
pub fn matchArguments(comptime description: Description) []const [:0]const u8 {
    if (description.constructor != .fields) return &.{};
    const signature = description.constructor.fields;
    var found: []const [:0]const u8 = &.{};
    for (signature.parameters[0..signature.positional]) |parameter| found = found ++ .{parameter.name};
    return found;
}

/// The description of a struct's, an enum's or a union's class.
pub fn of(comptime T: type) Description {
    comptime {
        @setEvalBranchQuota(1_000_000);
        const index = registry.indexOf(T).?;
        const class = registry.classes[index];
        const given = options.class(T);
        const is_struct = @typeInfo(T) == .@"struct";
        var result: Description = .{
            .class = class,
            .given = given,
            .base = given.base,
            .constructor = if (is_struct) constructorOf(T, class) else .none,
            .attributes = if (is_struct) ownAttributes(T, class.container, given) else &.{},
            .methods = &.{},
            .operators = &.{},
            .properties = &.{},
            .constants = &.{},
            .nested = nestedIn(index),
        };
        for (registry.members(T, class.container)) |member| switch (member.kind) {
            .function => {
                const method = methodOf(T, class, member) orelse continue;
                if (method.kind == .instance and slot_table.has(method.name)) {
                    result.operators = result.operators ++ .{method};
                } else {
                    result.methods = result.methods ++ .{method};
                }
            },
            .constant => if (property.is(@TypeOf(@field(T, member.name)))) {
                result.properties = result.properties ++ .{propertyOf(T, member)};
            } else {
                result.constants = result.constants ++ .{member};
            },
            else => {},
        };
        return result;
    }
}

/// The attributes of a class and of all that it derives from, the base's first.
pub fn allAttributes(comptime T: type) []const Attribute {
    comptime {
        @setEvalBranchQuota(1_000_000);
        const given = options.class(T);
        const inherited: []const Attribute = if (given.base) |Base| allAttributes(Base) else &.{};
        return inherited ++ ownAttributes(T, registry.classes[registry.indexOf(T).?].container, given);
    }
}

/// The names that can be given by keyword, for the table of the module.
pub fn names(comptime description: Description, comptime found: Names) Names {
    var result = found;
    if (description.constructor.signature()) |signature| result = namesOf(signature, result);
    for (description.methods) |method| result = namesOf(method.signature, result);
    for (description.operators) |method| {
        if (std.mem.eql(u8, method.name, "__call__")) result = namesOf(method.signature, result);
    }
    return result;
}

pub fn namesOf(comptime signature: Signature, comptime found: Names) Names {
    var result = found;
    for (signature.parameters) |parameter| {
        if (parameter.kind != .positional_only) result = result.with(parameter.name);
    }
    return result;
}

/// The method of a special name, or null.
pub fn operator(comptime description: Description, comptime name: []const u8) ?Method {
    for (description.operators) |method| {
        if (std.mem.eql(u8, method.name, name)) return method;
    }
    return null;
}

pub fn hasMethod(comptime description: Description, comptime name: []const u8) bool {
    for (description.methods) |method| {
        if (std.mem.eql(u8, method.name, name)) return true;
    }
    return false;
}

/// Whether copies and pickles can be made from the attributes: they are all that there is.
pub fn isMadeOfAttributes(comptime T: type) bool {
    comptime {
        @setEvalBranchQuota(1_000_000);
        const given = options.class(T);
        if (ownership.isManual(T) or @typeInfo(T) != .@"struct" or given.python_base != null) return false;
        for (meta.structFields(T)) |field| {
            if (given.base != null and field.type == given.base.?) {
                if (!isMadeOfAttributes(field.type)) return false;
            } else if (!isAttribute(T, field) or !convert.comesFromPython(field.type)) return false;
        }
        return true;
    }
}

fn ownAttributes(comptime T: type, comptime container: anytype, comptime given: options.Class) []const Attribute {
    var result: []const Attribute = &.{};
    const table = options.membersOf(T);
    for (meta.structFields(T)) |field| {
        if (!isAttribute(T, field)) continue;
        const member = options.member(table, field.name);
        // Memory that the struct manages itself cannot be replaced from outside.
        const replaceable = !ownership.isManual(T) or ownership.contentOf(field.type) == .plain;
        result = result ++ .{Attribute{
            .owner = T,
            .field = field,
            .name = member.name orelse Signature.pythonName(field.name),
            .doc = for (container.fields) |known| {
                if (std.mem.eql(u8, known.name, field.name)) break known.doc;
            } else "",
            .writable = !given.frozen and !member.read_only and replaceable and convert.comesFromPython(field.type),
        }};
    }
    return result;
}

/// Whether a field is an attribute and a parameter of the constructor. Private are the base, names with a leading
/// underscore, what is hidden by options, and what Python cannot see.
pub fn isAttribute(comptime T: type, comptime field: meta.Field) bool {
    if (field.name[0] == '_') return false;
    if (options.class(T).base) |Base| if (field.type == Base) return false;
    if (options.member(options.membersOf(T), field.name).hidden) return false;
    return convert.goesToPython(field.type);
}

fn constructorOf(comptime T: type, comptime class: registry.Class) Constructor {
    if (@hasDecl(T, "init")) {
        const declaration = class.container.declaration("init");
        return .{ .init = .of(class.name, @TypeOf(T.init), if (declaration) |known| known.parameters else null, .{}) };
    }
    const fields = constructorFields(T) orelse return .none;
    return .{ .fields = .ofFields(class.name, fields) };
}

/// Null when there is no way to give every field a value.
fn constructorFields(comptime T: type) ?[]const Signature.FieldOf {
    var result: []const Signature.FieldOf = &.{};
    const Base = options.class(T).base;
    if (Base) |B| result = constructorFields(B) orelse return null;
    if (Base) |B| if (@hasDecl(B, "init")) return null;
    const index = if (result.len == 0) depthOf(T) else result[result.len - 1].index + 1;
    for (meta.structFields(T)) |field| {
        if (Base != null and field.type == Base.?) continue;
        if (isAttribute(T, field) and convert.comesFromPython(field.type)) {
            if (ownership.isManual(T) and ownership.contentOf(field.type) != .plain) return null;
            result = result ++ .{Signature.FieldOf{ .index = index, .field = field }};
        } else if (field.default_value == null) return null;
    }
    return result;
}

/// How many classes a class derives from.
pub fn depthOf(comptime T: type) usize {
    return if (options.class(T).base) |Base| depthOf(Base) + 1 else 0;
}

fn methodOf(comptime T: type, comptime class: registry.Class, comptime member: registry.Member) ?Method {
    const F = @TypeOf(@field(T, member.name));
    if (isIdiom(T, member.name)) return null;
    const kind = if (isState(T, member, F)) .state else receiver.kindOf(T, F);
    if (kind == .instance and @typeInfo(T) == .@"union" and meta.parameterTypes(F)[0].? == *T) @compileError("method '" ++ member.name ++
        "' of union " ++ @typeName(T) ++ " takes a pointer that it may change the union by, and instances of variants cannot be changed; take the union itself or *const");
    const name: [:0]const u8 = if (kind != .instance)
        member.python_name
    else if (std.mem.eql(u8, member.python_name, "next") and isNext(F) and !@hasDecl(T, "__next__"))
        "__next__"
    else if (std.mem.eql(u8, member.python_name, "iterator") and isIterator(F) and !@hasDecl(T, "__iter__"))
        "__iter__"
    else
        member.python_name;
    return .{
        .member = member,
        .name = name,
        .kind = kind,
        .signature = .of(class.name ++ "." ++ name, F, member.declaration.parameters, .{
            .skipped = if (kind == .static or kind == .state) 0 else 1,
            .positional_only = member.options.positional_only,
        }),
    };
}

/// `pub fn __setstate__(state: …) !T`, which makes the value of an instance that has none yet.
fn isState(comptime T: type, comptime member: registry.Member, comptime F: type) bool {
    if (@typeInfo(T) != .@"struct" or !std.mem.eql(u8, member.python_name, "__setstate__")) return false;
    return receiver.kindOf(T, F) == .static and meta.payloadOf(meta.returnType(F) orelse return false) == T;
}

/// Functions that Zig code gives a meaning of their own.
fn isIdiom(comptime T: type, comptime name: []const u8) bool {
    const F = @TypeOf(@field(T, name));
    if (std.mem.eql(u8, name, "init") or std.mem.eql(u8, name, "deinit")) return true;
    if (std.mem.eql(u8, name, "format")) return isFormat(T);
    if (std.mem.eql(u8, name, "eql")) return isPairFunction(T, F, bool);
    if (std.mem.eql(u8, name, "order")) return isPairFunction(T, F, std.math.Order);
    if (std.mem.eql(u8, name, "hash")) return isHash(T);
    return false;
}

/// `pub fn format(self, writer: *std.Io.Writer) !void`, which `{f}` calls.
pub fn isFormat(comptime T: type) bool {
    if (!@hasDecl(T, "format") or @typeInfo(@TypeOf(T.format)) != .@"fn") return false;
    const types = meta.parameterTypes(@TypeOf(T.format));
    return types.len == 2 and types[1] == *std.Io.Writer;
}

pub fn hasEql(comptime T: type) bool {
    return @hasDecl(T, "eql") and isPairFunction(T, @TypeOf(T.eql), bool);
}

pub fn hasOrder(comptime T: type) bool {
    return @hasDecl(T, "order") and isPairFunction(T, @TypeOf(T.order), std.math.Order);
}

/// `pub fn hash(self) u64`
pub fn isHash(comptime T: type) bool {
    if (!@hasDecl(T, "hash") or @typeInfo(@TypeOf(T.hash)) != .@"fn") return false;
    const types = meta.parameterTypes(@TypeOf(T.hash));
    return types.len == 1 and (types[0] == T or types[0] == *const T) and meta.returnType(@TypeOf(T.hash)) == u64;
}

fn isPairFunction(comptime T: type, comptime F: type, comptime Result: type) bool {
    if (@typeInfo(F) != .@"fn" or meta.returnType(F) != Result) return false;
    const types = meta.parameterTypes(F);
    if (types.len != 2) return false;
    for (types) |P| if (P != T and P != *const T) return false;
    return true;
}

fn isNext(comptime F: type) bool {
    return meta.parameterTypes(F).len == 1 and @typeInfo(meta.payloadOf(meta.returnType(F) orelse return false)) == .optional;
}

fn isIterator(comptime F: type) bool {
    return meta.parameterTypes(F).len == 1 and registry.indexOf(meta.payloadOf(meta.returnType(F) orelse return false)) != null;
}

fn propertyOf(comptime T: type, comptime member: registry.Member) Property {
    const accessors = @field(T, member.name).accessors;
    return .{
        .member = member,
        .type = meta.ResultOf(@TypeOf(accessors.get)),
        .writable = @hasField(@TypeOf(accessors), "set"),
        .deletable = @hasField(@TypeOf(accessors), "delete"),
        .doc = if (@hasField(@TypeOf(accessors), "doc")) accessors.doc else member.declaration.doc,
    };
}

fn nestedIn(comptime owner: usize) []const usize {
    var result: []const usize = &.{};
    for (registry.classes, 0..) |class, i| {
        if (class.owner == owner) result = result ++ .{i};
    }
    return result;
}
