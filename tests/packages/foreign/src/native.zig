//! An extension by hand: no alloconda, no Python.h.

const Object = opaque {};
const Method = extern struct {
    name: ?[*:0]const u8 = null,
    function: ?*const fn (?*Object, ?*Object) callconv(.c) ?*Object = null,
    flags: c_int = 0,
    doc: ?[*:0]const u8 = null,
};

extern fn PyModule_Create2(definition: *Definition, api_version: c_int) ?*Object;
extern fn PyLong_FromLong(value: c_long) ?*Object;

const Definition = extern struct {
    base: extern struct { references: isize = 1, type: ?*Object = null, init: ?*anyopaque = null, index: isize = 0, copy: ?*Object = null } = .{},
    name: [*:0]const u8,
    doc: ?[*:0]const u8 = null,
    size: isize = -1,
    methods: [*]Method,
    rest: [4]?*anyopaque = @splat(null),
};

var methods = [_]Method{ .{ .name = "answer", .function = answer, .flags = 4 }, .{} };
var definition: Definition = .{ .name = "_native", .methods = &methods };

fn answer(_: ?*Object, _: ?*Object) callconv(.c) ?*Object {
    return PyLong_FromLong(42);
}

pub export fn PyInit__native() ?*Object {
    return PyModule_Create2(&definition, 1013);
}
