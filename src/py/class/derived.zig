//! What a class gets from its fields, or from the struct's `eql`, `order`, `hash` and `format`, where no special method
//! says otherwise.

const std = @import("std");
const c = @import("../c.zig");
const capi = @import("capi.zig");
const memory = @import("../memory.zig");
const meta = @import("../../compat/meta.zig");
const Names = @import("../Names.zig");
const options = @import("../options.zig");
const Scope = @import("../Scope.zig");
const Description = @import("Description.zig");
const Instance = @import("instance.zig").Instance;
const instance = @import("instance.zig");
const attributes = @import("attributes.zig");
const operators = @import("operators.zig");
const ownership = @import("ownership.zig");
const variants = @import("variants.zig");
const comparison = @import("comparison.zig");

/// `Point(x=1.0, y=2.0)`, with the name of the instance's own class.
pub fn Repr(comptime T: type) type {
    return struct {
        pub fn repr(self: *c.PyObject) callconv(.c) ?*c.PyObject {
            const name = c.PyObject_GetAttrString(&c.typeOf(self).object, "__qualname__") orelse return null;
            defer c.Py_DecRef(name);
            switch (capi.Py_ReprEnter(self)) {
                0 => {},
                1 => return c.PyUnicode_FromFormat("%U(...)", name),
                else => return null,
            }
            defer capi.Py_ReprLeave(self);

            var text = c.PyUnicode_FromFormat("%U(", name);
            if (@typeInfo(T) == .@"union") {
                const values = variants.fields(T, self) orelse {
                    c.Py_DecRef(text);
                    return null;
                };
                defer c.Py_DecRef(values);
                for (variants.fieldNames(T, self), 0..) |field, i| {
                    text = extended(text, if (i == 0) "" else ", ", field, capi.newReference(c.tupleItem(values, i)));
                }
                return ended(text);
            }
            var scope: Scope = undefined;
            attributes.beginScope(T, self, &scope);
            defer scope.deinit();
            const all = comptime Description.allAttributes(T);
            inline for (all, 0..) |attribute, i| {
                // The `repr` of a value may run Python code, which may have changed the instance.
                const value = if (instance.mayRead(T, self)) attributes.fieldObject(attribute, self, &scope) else null;
                text = extended(text, if (i == 0) "" else ", ", attribute.name, value);
            }
            return ended(text);
        }
    };
}

/// Takes over the reference.
fn ended(text: ?*c.PyObject) ?*c.PyObject {
    const start = text orelse return null;
    defer c.Py_DecRef(start);
    return c.PyUnicode_FromFormat("%U)", start);
}

/// Takes over both references. Null when one of them is.
noinline fn extended(text: ?*c.PyObject, separator: [*:0]const u8, name: [*:0]const u8, value: ?*c.PyObject) ?*c.PyObject {
    defer c.Py_DecRef(text);
    defer c.Py_DecRef(value);
    if (text == null or value == null) return null;
    return c.PyUnicode_FromFormat("%U%s%s=%R", text.?, separator, name, value.?);
}

/// `str()` by the struct's `format`.
pub fn Str(comptime T: type) type {
    return struct {
        pub fn str(self: *c.PyObject) callconv(.c) ?*c.PyObject {
            if (!instance.borrow(T, self, .shared)) return null;
            defer instance.giveBack(T, self, .shared);
            var text: std.Io.Writer.Allocating = .init(memory.allocator);
            defer text.deinit();
            const value = Instance(T).value(self);
            const First = comptime meta.parameterTypes(@TypeOf(T.format))[0].?;
            T.format(if (First == T) value.* else value, &text.writer) catch {
                if (c.PyErr_Occurred() == null) _ = c.PyErr_NoMemory();
                return null;
            };
            const written = text.written();
            return c.PyUnicode_FromStringAndSize(written.ptr, @intCast(written.len));
        }
    };
}

/// The tuple of all attributes, or null with an exception set.
pub fn fields(comptime T: type, self: *c.PyObject) ?*c.PyObject {
    if (@typeInfo(T) == .@"union") return variants.fields(T, self);
    if (!instance.mayRead(T, self)) return null;
    var scope: Scope = undefined;
    attributes.beginScope(T, self, &scope);
    defer scope.deinit();
    const all = comptime Description.allAttributes(T);
    var items: [all.len]?*c.PyObject = undefined;
    inline for (&items, all) |*item, attribute| item.* = attributes.fieldObject(attribute, self, &scope);
    return capi.tupleOf(&items);
}

/// As the tuple of the attributes.
pub fn Hash(comptime T: type) type {
    return struct {
        pub fn hash(self: *c.PyObject) callconv(.c) c.Size {
            if (comptime Description.isHash(T)) {
                if (!instance.borrow(T, self, .shared)) return -1;
                defer instance.giveBack(T, self, .shared);
                return operators.hashOf(Instance(T).value(self).hash());
            }
            const tuple = fields(T, self) orelse return -1;
            defer c.Py_DecRef(tuple);
            return c.PyObject_Hash(tuple);
        }
    };
}

/// `tp_richcompare`.
pub fn Compare(comptime T: type, comptime description: Description, comptime names: Names) type {
    return struct {
        pub fn compare(self: *c.PyObject, other: *c.PyObject, operation: c_int) callconv(.c) ?*c.PyObject {
            switch (@as(c.Comparison, @enumFromInt(operation))) {
                .eq => return by("__eq__", self, other, operation),
                .ne => {
                    if (comptime description.operator("__ne__") != null) return by("__ne__", self, other, operation);
                    const equal = by("__eq__", self, other, @intFromEnum(c.Comparison.eq)) orelse return null;
                    if (equal == &c.typeObject("_Py_NotImplementedStruct").object) return equal;
                    defer c.Py_DecRef(equal);
                    const is_equal = c.PyObject_IsTrue(equal);
                    return if (is_equal < 0) null else c.newSingletonReference(c.boolean(is_equal == 0));
                },
                .lt => return by("__lt__", self, other, operation),
                .le => return by("__le__", self, other, operation),
                .gt => return by("__gt__", self, other, operation),
                .ge => return by("__ge__", self, other, operation),
                _ => return capi.notImplemented(),
            }
        }

        fn by(comptime name: []const u8, self: *c.PyObject, other: *c.PyObject, operation: c_int) ?*c.PyObject {
            if (comptime description.operator(name)) |method| return operators.invoke(T, method, operators.Operand, names, self, .{other});
            const is_eq = comptime std.mem.eql(u8, name, "__eq__");
            if (comptime is_eq and Description.hasEql(T)) return pair(self, other, .eql, operation);
            if (comptime Description.hasOrder(T)) return pair(self, other, .order, operation);
            if (comptime if (is_eq) comparesFields(T) else description.given.order) {
                // As for a dataclass: an instance of a derived class has more to it.
                if (c.typeOf(self) != c.typeOf(other)) return capi.notImplemented();
                return comparison.byFields(T, self, other, operation);
            }
            // As `object` does.
            if (is_eq and self == other) return c.newSingletonReference(c.boolean(true));
            return capi.notImplemented();
        }

        fn pair(self: *c.PyObject, other: *c.PyObject, comptime function: @TypeOf(.literal), operation: c_int) ?*c.PyObject {
            if (!instance.isInstance(T, other)) return capi.notImplemented();
            if (!instance.borrow(T, self, .shared)) return null;
            defer instance.giveBack(T, self, .shared);
            if (!instance.borrow(T, other, .shared)) return null;
            defer instance.giveBack(T, other, .shared);
            const f = @field(T, @tagName(function));
            const types = comptime meta.parameterTypes(@TypeOf(f));
            const a = Instance(T).value(self);
            const b = Instance(T).value(other);
            const result = f(if (types[0].? == T) a.* else a, if (types[1].? == T) b.* else b);
            return c.newSingletonReference(c.boolean(if (@TypeOf(result) == bool) result else comparison.holds(result, operation)));
        }
    };
}

/// Whether `==` is derived from the fields.
pub fn comparesFields(comptime T: type) bool {
    return options.class(T).eq and options.class(T).python_base == null and !ownership.isManual(T) and comparison.isComparable(T);
}

/// Whether a class has a `tp_richcompare`.
pub fn isCompared(comptime T: type, comptime description: Description) bool {
    for (.{ "__lt__", "__le__", "__eq__", "__ne__", "__gt__", "__ge__" }) |name| {
        if (description.operator(name) != null) return true;
    }
    return Description.hasEql(T) or Description.hasOrder(T) or comparesFields(T) or description.given.order;
}

/// Whether a class whose instances are compared is hashable without a method of its own.
pub fn isHashed(comptime T: type, comptime description: Description) bool {
    if (Description.isHash(T)) return true;
    return (description.given.frozen or @typeInfo(T) == .@"union") and comparesFields(T) and !Description.hasEql(T) and !Description.hasOrder(T) and
        description.operator("__eq__") == null;
}
