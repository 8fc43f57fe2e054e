//! Conversion between Python objects and Zig values: one converter per type, chosen by `Converter`.
//!
//! A converter is a namespace with
//! - `annotation`: the type as Python writes it, for stubs and messages: built-in names, names with their module
//!   (`datetime.date`), and those of `typing` and `collections.abc` (`Callable`);
//! - `fromPython(object, scope) FromError!T`, where the type can come from Python;
//! - `toPython(value, scope) ?*PyObject`, where it can go there: a new reference, or null with a Python exception set;
//! - `range`: what an `OutOfRange` value should have been, where that error exists;
//! - `ignores_scope`: true where it never looks at the scope, so that small functions need not bring the code that ends one;
//! - `direct(object) ?T`: the value of an object that is what it usually is for `T`, found without running Python code;
//!   null, and no exception set, for `fromPython` to see to;
//! - `compound`: true where it may say more of what was refused: which part (`Scope.refuse`), or why (`Scope.reject`); and
//!   where values are in the memory of the scope, so that they end with it;
//! - `result_annotation`: the type of what `toPython` makes, where it is not `annotation`;
//! - `needs_lock`: false where values of the type hold no Python objects, so that they may be used without the GIL;
//! - `borrows`: false where values of the type do not point into the object that they came from;
//! - `literal`: how Python writes the only value of the type that is a default of a parameter;
//! - `release(value: *T) void`, where a value from Python holds what has to be given back after the call.
//!
//! A type of the user's, or of this library, brings its own as `pub const python_converter`.

const std = @import("std");
const c = @import("c.zig");
const meta = @import("../compat/meta.zig");
const registry = @import("registry.zig");
const Scope = @import("Scope.zig");
const Int = @import("convert/int.zig").Int;
const Float = @import("convert/float.zig").Float;
const enumeration = @import("class/enumeration.zig");
const instance = @import("convert/instance.zig");
const hint = @import("convert/hint.zig");
const string = @import("convert/string.zig");
const sequence = @import("convert/sequence.zig");
const mapping = @import("convert/mapping.zig");
const iteration = @import("convert/iteration.zig");
const recursion = @import("convert/recursion.zig");
const Tuple = @import("convert/tuple.zig").Tuple;
const Record = @import("convert/record.zig").Record;
const Either = @import("convert/either.zig").Either;
const big = @import("convert/big.zig");
const Complex = @import("convert/complex.zig").Complex;

pub const FromError = error{
    /// A Python exception is set.
    Python,
    /// The object is of a type that the converter does not take. No exception is set.
    WrongType,
    /// The type is right and the value does not fit. No exception is set.
    OutOfRange,
};

/// The converter of a type, or null when it has none.
pub fn Converter(comptime T: type) ?type {
    switch (T) {
        std.math.big.int.Const => return big.Const,
        std.math.big.int.Managed => return big.Managed,
        std.math.Complex(f32), std.math.Complex(f64) => return Complex(T),
        else => {},
    }
    @setEvalBranchQuota(1_000_000);
    return switch (@typeInfo(T)) {
        .void => Void,
        .bool => Bool,
        .int => |info| if (info.bits <= 128) Int(T) else big.Wide(T),
        .float => Float(T),
        .optional => |info| if (Converter(info.child)) |Child| Optional(info.child, Child) else null,
        .pointer => |info| if (info.size == .one and registry.isClass(info.child))
            instance.Pointer(T)
        else
            string.Converter(T) orelse sequence.Slice(T),
        .array => sequence.Array(T),
        .@"struct", .@"union", .@"enum", .@"opaque" => if (@hasDecl(T, "python_converter")) T.python_converter else Plain(T),
        else => null,
    };
}

/// The converter of a struct, union or enum that brings none.
fn Plain(comptime T: type) ?type {
    if (registry.isClass(T)) {
        if (recursion.findInClass(T)) |found| @compileError(recursion.containsItself(found));
        return instance.Converter(T);
    }
    if (registry.isEnumeration(T)) return enumeration.Converter(T);
    if (registry.indexOf(T) != null) return null;
    // Where a function's parameter or result is not at hand to be named, as for the items of a view.
    if (recursion.find(T)) |found| @compileError(recursion.containsItself(found));
    if (@typeInfo(T) == .@"union") return Either(T);
    if (@typeInfo(T) != .@"struct") return null;
    if (@typeInfo(T).@"struct".is_tuple) return Tuple(T);
    if (sequence.isList(T)) return sequence.Slice(T);
    if (mapping.isMap(T)) return mapping.Map(T);
    if (iteration.isIterator(T)) return iteration.Lazy(T);
    return if (isPlainStruct(T)) Record(T) else null;
}

/// Whether a struct is a plain value, with a key for each field: neither a container of std's, nor an iterator, nor with a
/// converter or class of its own, nor of the binding library.
pub fn isPlainStruct(comptime T: type) bool {
    if (@typeInfo(T) != .@"struct" or @typeInfo(T).@"struct".is_tuple or @typeInfo(T).@"struct".layout == .@"extern") return false;
    switch (T) {
        std.math.big.int.Const, std.math.big.int.Managed, std.math.Complex(f32), std.math.Complex(f64) => return false,
        else => {},
    }
    if (T == std.mem.Allocator or @hasDecl(T, "python_converter") or @hasDecl(T, "is_argument") or registry.indexOf(T) != null) return false;
    return !sequence.isList(T) and !mapping.isMap(T) and !iteration.isIterator(T);
}

const Void = struct {
    pub const annotation = "None";
    pub const ignores_scope = true;

    pub fn toPython(_: void, _: *Scope) ?*c.PyObject {
        return c.newSingletonReference(c.none());
    }
};

const Bool = struct {
    pub const annotation = "bool";
    pub const ignores_scope = true;

    pub fn fromPython(object: *c.PyObject, _: *Scope) FromError!bool {
        return direct(object) orelse error.WrongType;
    }

    pub inline fn direct(object: *c.PyObject) ?bool {
        if (object == c.boolean(true)) return true;
        if (object == c.boolean(false)) return false;
        return null;
    }

    pub fn toPython(value: bool, _: *Scope) ?*c.PyObject {
        return c.newSingletonReference(c.boolean(value));
    }
};

fn Optional(comptime T: type, comptime Child: type) type {
    const From = struct {
        inline fn fromPython(object: *c.PyObject, scope: *Scope) FromError!?T {
            if (object == c.none()) return null;
            return try Child.fromPython(object, scope);
        }

        fn release(value: *?T) void {
            if (value.*) |*child| Child.release(child);
        }
    };
    const To = struct {
        fn toPython(value: ?T, scope: *Scope) ?*c.PyObject {
            return if (value) |v| Child.toPython(v, scope) else Void.toPython({}, scope);
        }
    };
    return struct {
        pub const annotation = Child.annotation ++ " | None";
        pub const range = if (@hasDecl(Child, "range")) Child.range ++ " or None" else "";
        pub const result_annotation = resultAnnotation(Child) ++ " | None";
        pub const compound = isCompound(Child);
        pub const ignores_scope = ignoresScope(Child);
        pub const fromPython = if (has(Child, "fromPython")) From.fromPython else {};
        pub const toPython = if (has(Child, "toPython")) To.toPython else {};
        pub const release = if (has(Child, "release")) From.release else {};
    };
}

/// The type that a literal, which has a type of its own at compile time, is converted as.
pub fn RuntimeType(comptime T: type) type {
    return switch (@typeInfo(T)) {
        .comptime_int => i128,
        .comptime_float => f64,
        .null => ?bool,
        else => T,
    };
}

/// Whether a converter may say which part of an object it refused.
pub fn isCompound(comptime C: type) bool {
    return @hasDecl(C, "compound") and C.compound;
}

/// Whether a converter never looks at the scope.
pub fn ignoresScope(comptime C: type) bool {
    return @hasDecl(C, "ignores_scope") and C.ignores_scope;
}

/// Whether the usual objects become a `T` without a scope.
pub fn isDirect(comptime T: type) bool {
    return has(Converter(T).?, "direct");
}

/// Whether a converter has a function; `{}` in its place stands for none.
pub fn has(comptime C: type, comptime function: []const u8) bool {
    return @hasDecl(C, function) and @TypeOf(@field(C, function)) != void;
}

/// The type of what a converter makes, as Python writes it.
pub fn resultAnnotation(comptime C: type) [:0]const u8 {
    return if (@hasDecl(C, "result_annotation")) C.result_annotation else C.annotation;
}

/// Whether a value of `T` is or has a Python object, which only the thread that holds the interpreter's lock may use.
pub fn holdsObjects(comptime T: type) bool {
    if (T == *Scope) return true;
    switch (@typeInfo(T)) {
        .optional => |info| return holdsObjects(info.child),
        .@"struct" => if (T == std.mem.Allocator) return false else if (@hasDecl(T, "is_argument")) return !@hasDecl(T, "Item") or holdsObjects(T.Item),
        .@"union", .array, .pointer => {},
        else => return false,
    }
    if (Converter(T)) |C| {
        if (@hasDecl(C, "needs_lock")) return C.needs_lock;
        return @typeInfo(T) != .pointer;
    }
    // What threads share.
    if (@typeInfo(T) == .pointer) return @typeInfo(T).pointer.size == .one and hasObjectField(@typeInfo(T).pointer.child);
    // The options of a function, whose fields are parameters.
    return @typeInfo(T) == .@"struct" and anyField(meta.structFields(T), holdsObjects);
}

/// Whether a struct that is no value of Python's has a field for an object.
fn hasObjectField(comptime T: type) bool {
    return @typeInfo(T) == .@"struct" and !@typeInfo(T).@"struct".is_tuple and anyField(meta.structFields(T), isObject);
}

fn isObject(comptime T: type) bool {
    return switch (@typeInfo(T)) {
        .optional => |info| isObject(info.child),
        .@"struct", .@"union", .@"opaque" => @hasDecl(T, "python_converter") and holdsObjects(T),
        else => false,
    };
}

/// Whether a value of `T` may point into the object that it came from, which then has to live as long as it is used.
pub fn borrows(comptime T: type) bool {
    const C = Converter(T) orelse return false;
    if (@hasDecl(C, "borrows")) return C.borrows;
    return switch (@typeInfo(T)) {
        .void, .bool, .int, .float, .@"enum" => false,
        .optional => |info| borrows(info.child),
        else => true,
    };
}

/// A value of a type from an object that may go away before the call ends. A converter of `T` must exist.
pub inline fn fromKept(comptime T: type, object: *c.PyObject, scope: *Scope) FromError!T {
    if (comptime borrows(T)) try scope.keep(object);
    return Converter(T).?.fromPython(object, scope);
}

/// Whether a value of `T` from Python has to be given back after the call.
pub fn isReleased(comptime T: type) bool {
    return has(Converter(T) orelse return false, "release");
}

/// Gives back what the first `count` fields of a struct or tuple hold.
pub fn releaseFields(comptime T: type, value: *T, count: usize) void {
    inline for (comptime meta.structFields(T), 0..) |field, i| {
        if (comptime isReleased(field.type)) if (i < count) Converter(field.type).?.release(&@field(value, field.name));
    }
}

/// Whether a value of `T` that goes to Python is or has an iterator, which uses the scope after the call.
pub fn isLazy(comptime T: type) bool {
    const C = Converter(T) orelse return false;
    if (@typeInfo(T) == .optional) return isLazy(@typeInfo(T).optional.child);
    return @hasDecl(C, "is_lazy") and C.is_lazy;
}

/// Whether values of `T` tell later which argument they are: a view, whose items are converted when they are read.
pub fn hasOrigin(comptime T: type) bool {
    if (@typeInfo(T) == .optional) return hasOrigin(@typeInfo(T).optional.child);
    return @hasDecl(Converter(T).?, "has_origin");
}

/// Whether something holds for the type of any field of a struct, or variant of a union.
pub fn anyField(comptime fields: anytype, comptime holds: fn (type) bool) bool {
    for (fields) |field| if (holds(field.type)) return true;
    return false;
}

pub fn allFields(comptime fields: anytype, comptime holds: fn (type) bool) bool {
    for (fields) |field| if (!holds(field.type)) return false;
    return true;
}

/// A compile error for a type that contains itself. `where` is for the message.
pub fn requireFinite(comptime where: []const u8, comptime T: type) void {
    const found = recursion.find(T) orelse return;
    @compileError(where ++ ": " ++ recursion.containsItself(found));
}

pub const Direction = enum { from_python, to_python };

/// Whether values of `T` can come from Python.
pub fn comesFromPython(comptime T: type) bool {
    return has(Converter(T) orelse return false, "fromPython");
}

/// Whether values of `T` can go to Python.
pub fn goesToPython(comptime T: type) bool {
    return has(Converter(T) orelse return false, "toPython");
}

/// The converter of a type whose values are taken from Python one by one, while a function runs.
pub fn Input(comptime T: type) type {
    if (!comesFromPython(T)) @compileError(hint.refusal(T, .from_python));
    if (isReleased(T)) @compileError("type " ++ @typeName(T) ++ " has to be given back after the call: make it a parameter of its own");
    return Converter(T).?;
}

/// The converter of a type whose values go to Python while a function runs.
pub fn Output(comptime T: type) type {
    if (!goesToPython(T)) @compileError(hint.refusal(T, .to_python));
    return Converter(T).?;
}

/// Whether an object is of the type whose own instances are converted to `T` without running any Python code, and `T`
/// points nowhere.
pub inline fn isPlain(comptime T: type, object: *c.PyObject) bool {
    return c.typeOf(object) == c.typeObject(comptime PlainType(T) orelse return false);
}

pub fn PlainType(comptime T: type) ?[]const u8 {
    return switch (@typeInfo(T)) {
        .bool => "PyBool_Type",
        .int => "PyLong_Type",
        .float => "PyFloat_Type",
        else => null,
    };
}
