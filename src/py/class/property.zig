//! Attributes that are computed: `pub const area = py.property(.{ .get = getArea, .set = setArea, .doc = "…" });`

/// What `py.property` returns: the accessors as they were given.
pub fn Property(comptime given: anytype) type {
    const known = .{ "get", "set", "delete", "doc" };
    for (@import("std").meta.fieldNames(@TypeOf(given))) |name| {
        for (known) |candidate| {
            if (@import("std").mem.eql(u8, name, candidate)) break;
        } else @compileError("py.property has no '" ++ name ++ "'; it takes get, set, delete and doc");
    }
    if (!@hasField(@TypeOf(given), "get")) @compileError("py.property needs a function 'get'");
    return struct {
        pub const python_property = {};
        comptime accessors: @TypeOf(given) = given,
    };
}

/// A property of a class. `get` takes the instance; `set` the instance and the new value; `delete` the instance. Each
/// may fail. They may be private functions. `doc` is the docstring; the `///` comment of the declaration by default.
pub fn property(comptime given: anytype) Property(given) {
    return .{};
}

/// Whether a constant of this type is a property.
pub fn is(comptime T: type) bool {
    return @typeInfo(T) == .@"struct" and @hasDecl(T, "python_property");
}
