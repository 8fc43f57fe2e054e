//! From a tuple and a dict of arguments to the arrays of a vectorcall (PEP 590).

const c = @import("../c.zig");
const capi = @import("capi.zig");
const allocator = @import("../memory.zig").allocator;

const on_stack_max = 16;

/// Calls `target`, which takes arguments as a method table's function with keywords does. Null with an exception set.
pub fn call(target: *const c.FastCallKeywords, self: *c.PyObject, arguments: *c.PyObject, keywords: ?*c.PyObject) ?*c.PyObject {
    const positional: usize = @intCast(capi.PyTuple_Size(arguments));
    const named: usize = if (keywords) |dict| @intCast(c.PyDict_Size(dict)) else 0;
    var stack: [on_stack_max]*c.PyObject = undefined;
    const objects = if (positional + named <= on_stack_max) stack[0 .. positional + named] else allocator.alloc(*c.PyObject, positional + named) catch return c.PyErr_NoMemory();
    defer if (objects.ptr != &stack) allocator.free(objects);

    for (objects[0..positional], 0..) |*object, i| object.* = c.tupleItem(arguments, i);
    if (named == 0) return target(self, objects.ptr, @intCast(positional), null);

    // The dict is the call's own: nobody else can change it meanwhile.
    const names = c.PyTuple_New(@intCast(named)) orelse return null;
    defer c.Py_DecRef(names);
    var position: c.Size = 0;
    var name: ?*c.PyObject = null;
    var value: ?*c.PyObject = null;
    var i: usize = 0;
    while (i < named and c.PyDict_Next(keywords.?, &position, &name, &value) != 0) : (i += 1) {
        if (c.PyTuple_SetItem(names, @intCast(i), capi.newReference(name.?)) != 0) return null;
        objects[positional + i] = value.?;
    }
    return target(self, objects.ptr, @intCast(positional), names);
}
