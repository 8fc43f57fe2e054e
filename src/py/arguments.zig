//! `*args` and `**kwargs`: parameters that take what no other parameter takes.

const bind = @import("bind.zig");
const c = @import("c.zig");
const convert = @import("convert.zig");
const Object = @import("object.zig").Object;
const Scope = @import("Scope.zig");

/// A parameter of this type is `*args`. It is valid for the call.
pub const Args = struct {
    objects: []const *c.PyObject,
    layout: *const bind.Layout,
    scope: *Scope,

    pub const is_argument = true;

    pub fn len(args: Args) usize {
        return args.objects.len;
    }

    /// Argument number `index`, which must be below `len`.
    pub fn at(args: Args, index: usize) Object {
        return .{ .ptr = args.objects[index] };
    }

    /// Argument number `index`, which must be below `len`, converted as a parameter of type `T` would be.
    pub fn get(args: Args, comptime T: type, index: usize) error{Python}!T {
        const C = convert.Input(T);
        const object = args.objects[index];
        return C.fromPython(object, args.scope) catch |reason| bind.raiseRefusal(args.scope, C, object, reason, .{
            "%s() argument %zu", args.layout.function, args.layout.positional + index + 1,
        });
    }
};

/// A parameter of this type is `*args` whose arguments are all of type `T`, converted before the call.
pub fn ArgsOf(comptime T: type) type {
    return struct {
        items: []const T,

        pub const is_argument = true;
        pub const Item = T;

        pub fn from(args: Args) error{Python}!@This() {
            const items = args.scope.allocator().alloc(T, args.len()) catch return args.scope.outOfMemory();
            for (items, 0..) |*item, i| item.* = try args.get(T, i);
            return .{ .items = items };
        }
    };
}

/// Whether a parameter takes the rest of the positional arguments.
pub fn isArgs(comptime T: type) bool {
    return T == Args or isArgsOf(T);
}

pub fn isArgsOf(comptime T: type) bool {
    return @typeInfo(T) == .@"struct" and @hasDecl(T, "is_argument") and @hasField(T, "items");
}

/// A parameter of this type is `**kwargs`. It is valid for the call.
pub const Kwargs = struct {
    /// Names and values of all keyword arguments; those of named parameters are among them.
    names: ?*c.PyObject,
    values: [*]const *c.PyObject,
    layout: *const bind.Layout,
    interned: [*]const *c.PyObject,
    scope: *Scope,

    pub const is_argument = true;

    pub const Entry = struct { name: []const u8, value: Object, name_object: *c.PyObject };

    pub const Iterator = struct {
        kwargs: Kwargs,
        index: usize = 0,

        /// The next keyword and its value, in the order of the call. Fails for a name that has no UTF-8.
        pub fn next(self: *Iterator) error{Python}!?Entry {
            const i = self.nextIndex() orelse return null;
            const name = c.tupleItem(self.kwargs.names.?, i);
            var size: c.Size = undefined;
            const text = c.PyUnicode_AsUTF8AndSize(name, &size) orelse return error.Python;
            return .{ .name = text[0..@intCast(size)], .value = .{ .ptr = self.kwargs.values[i] }, .name_object = name };
        }

        /// Where the next keyword is that no named parameter takes.
        fn nextIndex(self: *Iterator) ?usize {
            const names = self.kwargs.names orelse return null;
            while (self.index < c.tupleSize(names)) {
                defer self.index += 1;
                if (bind.find(self.kwargs.layout, self.kwargs.interned, c.tupleItem(names, self.index)) == null) return self.index;
            }
            return null;
        }
    };

    pub fn iterator(kwargs: Kwargs) Iterator {
        return .{ .kwargs = kwargs };
    }

    /// How many there are.
    pub fn len(kwargs: Kwargs) error{Python}!usize {
        var entries = kwargs.iterator();
        var count: usize = 0;
        while (entries.nextIndex()) |_| count += 1;
        return count;
    }

    /// The value of a keyword, or null when it is not given.
    pub fn get(kwargs: Kwargs, comptime T: type, name: []const u8) error{Python}!?T {
        const C = convert.Input(T);
        const wanted = c.PyUnicode_FromStringAndSize(name.ptr, @intCast(name.len)) orelse return error.Python;
        defer c.Py_DecRef(wanted);
        var entries = kwargs.iterator();
        while (entries.nextIndex()) |i| {
            const name_object = c.tupleItem(kwargs.names.?, i);
            // By the texts themselves: another keyword may have no UTF-8.
            if (c.PyUnicode_Compare(name_object, wanted) != 0) continue;
            const value = kwargs.values[i];
            return C.fromPython(value, kwargs.scope) catch |reason|
                return bind.raiseRefusal(kwargs.scope, C, value, reason, .{ "%s() argument '%U'", kwargs.layout.function, name_object });
        }
        return null;
    }
};
