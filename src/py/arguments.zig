//! `*args` and `**kwargs`: parameters that take what no other parameter takes.

const std = @import("std");
const bind = @import("bind.zig");
const c = @import("c.zig");
const convert = @import("convert.zig");
const Object = @import("object.zig").Object;
const Scope = @import("Scope.zig");

/// A parameter of this type is `*args`. It is valid for the call.
pub const Args = struct {
    objects: []const *c.PyObject,
    scope: *Scope,

    pub fn len(args: Args) usize {
        return args.objects.len;
    }

    /// Argument number `index`, which must be below `len`.
    pub fn at(args: Args, index: usize) Object {
        return .{ .ptr = args.objects[index] };
    }

    /// Argument number `index`, which must be below `len`, converted as a parameter of type `T` would be.
    pub fn get(args: Args, comptime T: type, index: usize) error{Python}!T {
        const C = converterOf(T);
        return C.fromPython(args.objects[index], args.scope) catch |reason|
            bind.raiseRefusal(args.scope, C, args.objects[index], reason);
    }
};

/// A parameter of this type is `**kwargs`. It is valid for the call.
pub const Kwargs = struct {
    /// Names and values of all keyword arguments; those of named parameters are among them.
    names: ?*c.PyObject,
    values: [*]const *c.PyObject,
    layout: *const bind.Layout,
    interned: [*]const *c.PyObject,
    scope: *Scope,

    pub const Entry = struct { name: []const u8, value: Object };

    pub const Iterator = struct {
        kwargs: Kwargs,
        index: usize = 0,

        /// The next keyword and its value, in the order of the call. Fails for a name that has no UTF-8.
        pub fn next(self: *Iterator) error{Python}!?Entry {
            const names = self.kwargs.names orelse return null;
            while (self.index < c.tupleSize(names)) {
                const i = self.index;
                self.index += 1;
                const name = c.tupleItem(names, i);
                if (bind.find(self.kwargs.layout, self.kwargs.interned, name) != null) continue;
                var size: c.Size = undefined;
                const text = c.PyUnicode_AsUTF8AndSize(name, &size) orelse return error.Python;
                return .{ .name = text[0..@intCast(size)], .value = .{ .ptr = self.kwargs.values[i] } };
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
        while (try entries.next()) |_| count += 1;
        return count;
    }

    /// The value of a keyword, or null when it is not given.
    pub fn get(kwargs: Kwargs, comptime T: type, name: []const u8) error{Python}!?T {
        const C = converterOf(T);
        var entries = kwargs.iterator();
        while (try entries.next()) |entry| {
            if (!std.mem.eql(u8, entry.name, name)) continue;
            return C.fromPython(entry.value.ptr, kwargs.scope) catch |reason|
                return bind.raiseRefusal(kwargs.scope, C, entry.value.ptr, reason);
        }
        return null;
    }
};

fn converterOf(comptime T: type) type {
    const C = convert.Converter(T) orelse @compileError(@typeName(T) ++ " cannot come from Python");
    if (convert.has(C, "release")) @compileError(@typeName(T) ++ " has to be given back after the call, so it must be a parameter of its own");
    return C;
}
