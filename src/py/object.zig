//! Python objects as Zig values: `Object` is borrowed, `Owned` holds a reference. Calling Python from Zig.
//!
//! All of it needs the interpreter's lock (GIL). What fails returns `error.Python`, and the exception is set.

const std = @import("std");
const abi = @import("abi.zig");
const bind = @import("bind.zig");
const c = @import("c.zig");
const convert = @import("convert.zig");
const meta = @import("../compat/meta.zig");
const parts = @import("convert/parts.zig");
const Scope = @import("Scope.zig");

/// A Python exception is set.
pub const Error = error{Python};

/// Any Python object, borrowed: as an argument it is valid for the call. Returned to Python, it becomes a new reference.
pub const Object = struct {
    ptr: *c.PyObject,

    pub const python_converter = struct {
        pub const annotation = "object";
        pub const result_annotation = "Any";
        pub const ignores_scope = true;

        pub fn fromPython(object: *c.PyObject, _: *Scope) convert.FromError!Object {
            return .{ .ptr = object };
        }

        pub fn toPython(object: Object, _: *Scope) ?*c.PyObject {
            c.Py_IncRef(object.ptr);
            return object.ptr;
        }
    };

    /// A reference of its own, which may outlive the call.
    pub fn own(object: Object) Owned {
        c.Py_IncRef(object.ptr);
        return .{ .object = object };
    }

    pub fn isNone(object: Object) bool {
        return object.ptr == c.none();
    }

    /// Whether both are the same object: Python's `is`.
    pub fn is(object: Object, other: Object) bool {
        return object.ptr == other.ptr;
    }

    /// The object as a Zig value, which may borrow from it. For types whose parts are converted one by one, such as
    /// slices, use `copy`.
    pub fn to(object: Object, comptime T: type) Error!T {
        const C = ConverterOf(T);
        comptime requireNoView(T);
        if (comptime convert.isCompound(C)) @compileError(@typeName(T) ++ " needs memory: use copy(" ++ @typeName(T) ++ ", allocator)");
        if (comptime convert.has(C, "release")) @compileError(@typeName(T) ++ " has to be released: take it as a parameter");
        var scope: Scope = undefined;
        scope.begin(null);
        defer scope.deinit();
        return C.fromPython(object.ptr, &scope) catch |reason| bind.raiseRefusal(&scope, C, object.ptr, reason, .{"value"});
    }

    /// The object as a Zig value that is valid for a call, as an argument would be. `scope` is a parameter of type
    /// `*py.Scope`. For views of containers, such as `py.List(T)`, and for all else.
    pub fn in(object: Object, comptime T: type, scope: *Scope) Error!T {
        const C = convert.Input(T);
        return convert.fromKept(T, object.ptr, scope) catch |reason| bind.raiseRefusal(scope, C, object.ptr, reason, .{"value"});
    }

    /// The object as a Zig value in memory of an arena. Texts in it may borrow from the object.
    pub fn copy(object: Object, comptime T: type, arena: std.mem.Allocator) Error!T {
        const C = ConverterOf(T);
        comptime requireNoView(T);
        var scope: Scope = undefined;
        scope.beginIn(arena);
        defer scope.deinit();
        return C.fromPython(object.ptr, &scope) catch |reason| bind.raiseRefusal(&scope, C, object.ptr, reason, .{"value"});
    }

    // Attributes

    pub fn get(object: Object, name: [:0]const u8) Error!Owned {
        return .from(c.PyObject_GetAttrString(object.ptr, name));
    }

    pub fn set(object: Object, name: [:0]const u8, value: anytype) Error!void {
        const new = try from(value);
        defer new.deinit();
        return check(c.PyObject_SetAttrString(object.ptr, name, new.object.ptr));
    }

    pub fn delete(object: Object, name: [:0]const u8) Error!void {
        const text = try Owned.from(c.PyUnicode_InternFromString(name));
        defer text.deinit();
        return check(c.PyObject_SetAttr(object.ptr, text.object.ptr, null));
    }

    /// Whether there is such an attribute. Exceptions other than AttributeError are passed on.
    pub fn has(object: Object, name: [:0]const u8) Error!bool {
        const value = object.get(name) catch {
            if (c.PyErr_ExceptionMatches(c.exception("AttributeError")) == 0) return error.Python;
            c.PyErr_Clear();
            return false;
        };
        value.deinit();
        return true;
    }

    // Calls

    /// Calls with positional arguments, a tuple of Zig values: `function.call(.{ 1, "two" })`.
    pub fn call(object: Object, positional: anytype) Error!Owned {
        return object.callKeywords(positional, .{});
    }

    /// Calls with positional and keyword arguments: `dumps.callKeywords(.{value}, .{ .indent = 2 })`.
    pub fn callKeywords(object: Object, positional: anytype, keywords: anytype) Error!Owned {
        var arguments: Arguments(@TypeOf(positional), @TypeOf(keywords)) = try .init(positional, keywords);
        defer arguments.deinit();
        return .from(arguments.call(object.ptr));
    }

    /// Calls a method: `text.method("split", .{","})`.
    pub fn method(object: Object, name: [:0]const u8, positional: anytype) Error!Owned {
        const bound = try object.get(name);
        defer bound.deinit();
        return bound.object.call(positional);
    }

    // Items

    pub fn len(object: Object) Error!usize {
        const size = c.PyObject_Size(object.ptr);
        return if (size < 0) error.Python else @intCast(size);
    }

    pub fn item(object: Object, key: anytype) Error!Owned {
        const k = try from(key);
        defer k.deinit();
        return .from(c.PyObject_GetItem(object.ptr, k.object.ptr));
    }

    pub fn setItem(object: Object, key: anytype, value: anytype) Error!void {
        const k = try from(key);
        defer k.deinit();
        const v = try from(value);
        defer v.deinit();
        return check(c.PyObject_SetItem(object.ptr, k.object.ptr, v.object.ptr));
    }

    pub fn deleteItem(object: Object, key: anytype) Error!void {
        const k = try from(key);
        defer k.deinit();
        return check(c.PyObject_DelItem(object.ptr, k.object.ptr));
    }

    /// Python's `value in object`.
    pub fn contains(object: Object, value: anytype) Error!bool {
        const v = try from(value);
        defer v.deinit();
        return truth(c.PySequence_Contains(object.ptr, v.object.ptr));
    }

    /// Python's `iter(object)`; to be ended with `deinit`.
    pub fn iterate(object: Object) Error!ObjectIterator {
        return .{ .iterator = try Owned.from(c.PyObject_GetIter(object.ptr)) };
    }

    /// Python's `hash(object)`. Fails with TypeError for an object that has none.
    pub fn hash(object: Object) Error!isize {
        const found = c.PyObject_Hash(object.ptr);
        return if (found == -1) error.Python else found;
    }

    // Operators

    /// Python's binary operators: `a.binary(.add, b)`.
    pub fn binary(object: Object, comptime operator: Binary, other: anytype) Error!Owned {
        const right = try from(other);
        defer right.deinit();
        const function = @extern(*const fn (*c.PyObject, *c.PyObject) callconv(.c) ?*c.PyObject, .{ .name = operator.symbol() });
        return .from(function(object.ptr, right.object.ptr));
    }

    /// Python's unary operators: `a.unary(.negative)`.
    pub fn unary(object: Object, comptime operator: Unary) Error!Owned {
        const function = @extern(*const fn (*c.PyObject) callconv(.c) ?*c.PyObject, .{ .name = operator.symbol() });
        return .from(function(object.ptr));
    }

    /// Python's `object ** exponent % modulus`; a null modulus is none.
    pub fn power(object: Object, exponent: anytype, modulus: anytype) Error!Owned {
        const e = try from(exponent);
        defer e.deinit();
        const m = try from(modulus);
        defer m.deinit();
        return .from(c.PyNumber_Power(object.ptr, e.object.ptr, m.object.ptr));
    }

    /// The truth of a comparison: `a.compare(.lt, b)`.
    pub fn compare(object: Object, operator: c.Comparison, other: anytype) Error!bool {
        const right = try from(other);
        defer right.deinit();
        return truth(c.PyObject_RichCompareBool(object.ptr, right.object.ptr, operator));
    }

    pub fn isTrue(object: Object) Error!bool {
        return truth(c.PyObject_IsTrue(object.ptr));
    }

    /// Python's `isinstance(object, class)`; `class` may be a tuple of classes.
    pub fn isInstance(object: Object, class: Object) Error!bool {
        return truth(c.PyObject_IsInstance(object.ptr, class.ptr));
    }

    /// Python's `str(object)`.
    pub fn str(object: Object) Error!Owned {
        return .from(c.PyObject_Str(object.ptr));
    }

    /// Python's `repr(object)`.
    pub fn repr(object: Object) Error!Owned {
        return .from(c.PyObject_Repr(object.ptr));
    }
};

/// Any Python object with a reference that its holder gives back with `deinit`, or passes on by returning it.
pub const Owned = struct {
    object: Object,

    pub const python_converter = struct {
        pub const annotation = "Any";
        pub const ignores_scope = true;

        /// The value holds a reference, which belongs to whom it is given to: the callee calls `deinit`.
        pub fn toPython(owned: Owned, _: *Scope) ?*c.PyObject {
            return owned.object.ptr;
        }
    };

    /// Takes over a new reference of the C API; null stands for an exception that is set.
    pub fn from(new_reference: ?*c.PyObject) Error!Owned {
        return .{ .object = .{ .ptr = new_reference orelse return error.Python } };
    }

    pub fn deinit(owned: Owned) void {
        c.Py_DecRef(owned.object.ptr);
    }
};

/// Items of an iterable: `while (try items.next()) |item| { defer item.deinit(); … }`.
pub const ObjectIterator = struct {
    iterator: Owned,

    pub fn deinit(items: ObjectIterator) void {
        items.iterator.deinit();
    }

    pub fn next(items: ObjectIterator) Error!?Owned {
        const object = c.PyIter_Next(items.iterator.object.ptr) orelse
            return if (c.PyErr_Occurred() != null) error.Python else null;
        return .{ .object = .{ .ptr = object } };
    }
};

pub const Binary = enum {
    add,
    subtract,
    multiply,
    matrix_multiply,
    true_divide,
    floor_divide,
    remainder,
    divmod,
    lshift,
    rshift,
    @"and",
    xor,
    @"or",

    fn symbol(comptime operator: Binary) []const u8 {
        return "PyNumber_" ++ switch (operator) {
            .add => "Add",
            .subtract => "Subtract",
            .multiply => "Multiply",
            .matrix_multiply => "MatrixMultiply",
            .true_divide => "TrueDivide",
            .floor_divide => "FloorDivide",
            .remainder => "Remainder",
            .divmod => "Divmod",
            .lshift => "Lshift",
            .rshift => "Rshift",
            .@"and" => "And",
            .xor => "Xor",
            .@"or" => "Or",
        };
    }
};

pub const Unary = enum {
    negative,
    positive,
    absolute,
    invert,

    fn symbol(comptime operator: Unary) []const u8 {
        return "PyNumber_" ++ switch (operator) {
            .negative => "Negative",
            .positive => "Positive",
            .absolute => "Absolute",
            .invert => "Invert",
        };
    }
};

/// Any Zig value that can go to Python, as a new object. An `Owned` is passed on.
pub fn from(value: anytype) Error!Owned {
    const T = convert.RuntimeType(@TypeOf(value));
    if (comptime !convert.goesToPython(T)) @compileError(@typeName(T) ++ " cannot go to Python");
    var scope: Scope = undefined;
    scope.begin(null);
    defer scope.deinit();
    return .from(convert.Converter(T).?.toPython(value, &scope));
}

/// Python's `import name`, for a dotted name the innermost module.
pub fn import(name: [:0]const u8) Error!Owned {
    return .from(c.PyImport_ImportModule(name));
}

/// `None`.
pub fn none() Object {
    return .{ .ptr = c.none() };
}

/// A function that Python passes, with the types of a Zig function: `py.Callable(fn (i64, []const u8) bool)`.
pub fn Callable(comptime F: type) type {
    const Result = @typeInfo(F).@"fn".return_type.?;
    return struct {
        object: Object,

        const Self = @This();

        pub const python_converter = struct {
            pub const annotation = "Callable[[" ++ blk: {
                var list: []const u8 = "";
                for (meta.parameterTypes(F), 0..) |T, i| list = list ++ (if (i == 0) "" else ", ") ++ convert.resultAnnotation(ConverterOf(T.?));
                break :blk list;
            } ++ "], " ++ ConverterOf(Result).annotation ++ "]";

            pub fn fromPython(object: *c.PyObject, _: *Scope) convert.FromError!Self {
                return if (c.PyCallable_Check(object) != 0) .{ .object = .{ .ptr = object } } else error.WrongType;
            }

            pub fn toPython(callable: Self, scope: *Scope) ?*c.PyObject {
                return Object.python_converter.toPython(callable.object, scope);
            }
        };

        /// Calls it with the arguments as a tuple. The result must be a value that borrows nothing: numbers, `bool`,
        /// `void`, `Owned`.
        pub fn call(callable: Self, arguments: std.meta.ArgsTuple(F)) Error!Result {
            const result = try callable.object.call(arguments);
            if (Result == Owned) return result;
            defer result.deinit();
            if (comptime convert.borrows(Result)) @compileError("the result of a Callable cannot be " ++ @typeName(Result) ++
                ", which would borrow from an object that is gone; use py.Owned");
            if (Result == void) return;
            return result.object.to(Result);
        }
    };
}

fn requireNoView(comptime T: type) void {
    if (parts.holdScope(T)) @compileError(@typeName(T) ++ " is valid for a call: use in(" ++ @typeName(T) ++
        ", scope), with the scope of the call, which a parameter of type *py.Scope gets");
}

fn ConverterOf(comptime T: type) type {
    return convert.Converter(T) orelse @compileError(@typeName(T) ++ " cannot be converted");
}

/// The arguments of one call, as vectorcall takes them (PEP 590): positional, then those of keywords.
fn Arguments(comptime Positional: type, comptime Keywords: type) type {
    const positional = meta.structFields(Positional);
    const keywords = meta.structFields(Keywords);
    const count = positional.len + keywords.len;
    return struct {
        /// The first entry is free for the callee (`PY_VECTORCALL_ARGUMENTS_OFFSET`).
        objects: [1 + count]?*c.PyObject = @splat(null),
        names: ?*c.PyObject = null,

        const Self = @This();
        const arguments_offset = @as(usize, 1) << (@bitSizeOf(usize) - 1);

        fn init(first: Positional, second: Keywords) Error!Self {
            var self: Self = .{};
            errdefer self.deinit();
            inline for (positional, 0..) |field, i| {
                self.objects[1 + i] = (try from(@field(first, field.name))).object.ptr;
            }
            inline for (keywords, positional.len..) |field, i| {
                self.objects[1 + i] = (try from(@field(second, field.name))).object.ptr;
            }
            if (keywords.len > 0) {
                self.names = c.PyTuple_New(keywords.len) orelse return error.Python;
                inline for (keywords, 0..) |field, i| {
                    const name = c.PyUnicode_InternFromString(field.name) orelse return error.Python;
                    if (c.PyTuple_SetItem(self.names.?, i, name) != 0) return error.Python;
                }
            }
            return self;
        }

        fn deinit(self: *Self) void {
            c.Py_DecRef(self.names);
            for (self.objects) |object| c.Py_DecRef(object);
        }

        fn call(self: *Self, callee: *c.PyObject) ?*c.PyObject {
            if (abi.minor >= if (abi.stable) 12 else 11) {
                const vectorcall = abi.function("PyObject_Vectorcall", c.Vectorcall, 11, 12);
                return vectorcall(callee, @ptrCast(self.objects[1..].ptr), positional.len | arguments_offset, self.names);
            }
            const tuple = c.PyTuple_New(positional.len) orelse return null;
            defer c.Py_DecRef(tuple);
            for (self.objects[1..][0..positional.len], 0..) |object, i| {
                c.Py_IncRef(object);
                if (c.PyTuple_SetItem(tuple, @intCast(i), object) != 0) return null;
            }
            if (keywords.len == 0) return c.PyObject_Call(callee, tuple, null);
            const dict = c.PyDict_New() orelse return null;
            defer c.Py_DecRef(dict);
            for (self.objects[1 + positional.len ..], 0..) |object, i| {
                if (c.PyDict_SetItem(dict, c.tupleItem(self.names.?, i), object.?) != 0) return null;
            }
            return c.PyObject_Call(callee, tuple, dict);
        }
    };
}

fn check(status: c_int) Error!void {
    if (status < 0) return error.Python;
}

fn truth(status: c_int) Error!bool {
    return if (status < 0) error.Python else status != 0;
}
