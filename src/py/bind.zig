//! Puts the arguments of a call in the order of the parameters: vectorcall's arrays in, one object per parameter out.
//!
//! One copy of this code serves all functions of an extension; what differs between them is in a `Layout`. What each
//! function does for itself, arguments by position, is in `function.zig`.
//! Wording of the errors: `missing_arguments`, `too_many_positional` and their caller in CPython's Python/ceval.c.

const c = @import("c.zig");
const convert = @import("convert.zig");
const exceptions = @import("exceptions.zig");
const Scope = @import("Scope.zig");
const State = @import("State.zig");

/// The parameters of one function, as data.
pub const Layout = struct {
    function: [*:0]const u8,
    parameters: []const Parameter,
    /// How many parameters may be given by position; they come first, the rest is keyword-only.
    positional: usize,
    positional_only: usize,
    /// Whether keywords that are no parameter's are taken, by a `Kwargs` parameter.
    takes_kwargs: bool,

    pub const Parameter = struct {
        name: [*:0]const u8,
        /// Where the module's state has the interned name; of no meaning for a positional-only parameter.
        interned: usize,
        required: bool,
        /// What the argument should be, for a value of a wrong type.
        expected: [*:0]const u8,
        /// What the argument should be, for a value that does not fit.
        range: [*:0]const u8,
    };
};

/// Puts the keyword arguments into `bound`, which has the positional ones already and null elsewhere. Returns false with
/// a TypeError set when one does not match a parameter, or its parameter has an argument already.
///
/// `arguments` holds `count` positional arguments and then one for each of `names`, a tuple (PEP 590). All objects stay
/// borrowed from the caller.
pub fn bindKeywords(
    layout: *const Layout,
    module: *c.PyObject,
    names: *c.PyObject,
    arguments: [*]const *c.PyObject,
    count: usize,
    bound: [*]?*c.PyObject,
) bool {
    const interned = State.names(module);
    // Keywords are mostly written in the order of the parameters, after the positional arguments.
    var next = @max(count, layout.positional_only);
    for (0..c.tupleSize(names)) |i| {
        const name = c.tupleItem(names, i);
        const at = if (next < layout.parameters.len and interned[layout.parameters[next].interned] == name)
            next
        else
            find(layout, interned, name) orelse if (layout.takes_kwargs) continue else return refuseKeyword(layout, names, name);
        if (bound[at] != null) {
            return fail("%s() got multiple values for argument '%s'", .{ layout.function, layout.parameters[at].name });
        }
        bound[at] = arguments[count + i];
        next = at + 1;
    }
    return true;
}

/// Whether `count` arguments by position and then `names` are all parameters in their order, as they are mostly written:
/// then the objects of the call are those of the parameters. False leaves open whether the call is right.
pub inline fn isInOrder(comptime layout: *const Layout, module: *c.PyObject, names: *c.PyObject, count: usize) bool {
    const named = c.tupleSize(names);
    if (count + named != layout.parameters.len or count < layout.positional_only or count > layout.positional) return false;
    const interned = State.names(module);
    inline for (layout.parameters, 0..) |parameter, i| {
        if (i >= count and interned[parameter.interned] != c.tupleItem(names, i - count)) return false;
    }
    return true;
}

/// Index of the parameter called `name`, which may be given by keyword.
pub noinline fn find(layout: *const Layout, interned: [*]const *c.PyObject, name: *c.PyObject) ?usize {
    const candidates = layout.parameters[layout.positional_only..];
    // Names in source code are interned, so that comparing pointers nearly always decides.
    for (candidates, layout.positional_only..) |parameter, i| {
        if (interned[parameter.interned] == name) return i;
    }
    for (candidates, layout.positional_only..) |parameter, i| {
        if (c.PyUnicode_Compare(interned[parameter.interned], name) == 0) return i;
    }
    return null;
}

/// `name` is the first of `names` that no parameter takes by keyword. Wording: `positional_only_passed_as_keyword`.
noinline fn refuseKeyword(layout: *const Layout, names: *c.PyObject, name: *c.PyObject) bool {
    c.PyErr_Clear();
    var listed: ?*c.PyObject = null;
    defer c.Py_DecRef(listed);
    for (0..c.tupleSize(names)) |i| {
        const candidate = c.tupleItem(names, i);
        for (layout.parameters[0..layout.positional_only]) |parameter| {
            if (c.PyUnicode_CompareWithASCIIString(candidate, parameter.name) != 0) continue;
            const longer = if (listed) |list| format("%U, %U", .{ list, candidate }) else format("%U", .{candidate});
            c.Py_DecRef(listed);
            listed = longer orelse return false;
        }
    }
    const list = listed orelse return fail("%s() got an unexpected keyword argument '%S'", .{ layout.function, name });
    return fail("%s() got some positional-only arguments passed as keyword arguments: '%U'", .{ layout.function, list });
}

/// Sets the exception for more positional arguments than there are parameters for. Always null.
pub noinline fn refuseCount(layout: *const Layout, count: usize, bound: [*]const ?*c.PyObject) ?*c.PyObject {
    var required: usize = 0;
    for (layout.parameters[0..layout.positional]) |parameter| required += @intFromBool(parameter.required);
    var keyword_only: usize = 0;
    for (bound[layout.positional..layout.parameters.len]) |object| keyword_only += @intFromBool(object != null);

    const takes = if (required < layout.positional)
        format("from %zd to %zd positional arguments", .{ size(required), size(layout.positional) })
    else
        format("%zd positional argument%s", .{ size(layout.positional), plural(layout.positional) });
    defer c.Py_DecRef(takes);
    const given = if (keyword_only > 0)
        format("%zd positional argument%s (and %zd keyword-only argument%s) were", .{
            size(count), plural(count), size(keyword_only), plural(keyword_only),
        })
    else
        format("%zd %s", .{ size(count), @as([*:0]const u8, if (count == 1) "was" else "were") });
    defer c.Py_DecRef(given);
    if (takes == null or given == null) return null;
    return refuse("%s() takes %U but %U given", .{ layout.function, takes, given });
}

/// Sets the exception for a required parameter that has no argument. Always null.
pub noinline fn refuseMissing(layout: *const Layout, bound: [*]const ?*c.PyObject) ?*c.PyObject {
    if (nothingMissing(layout, bound[0..layout.positional], 0, "positional")) {
        _ = nothingMissing(layout, bound[layout.positional..layout.parameters.len], layout.positional, "keyword-only");
    }
    return null;
}

/// Whether every required parameter among `bound` has an argument; `first` is the index of the first of them.
fn nothingMissing(layout: *const Layout, bound: []const ?*c.PyObject, first: usize, kind: [*:0]const u8) bool {
    const parameters = layout.parameters[first..][0..bound.len];
    var missing: usize = 0;
    for (parameters, bound) |*parameter, object| missing += @intFromBool(isMissing(parameter, object));
    if (missing == 0) return true;

    var names = format("", .{});
    defer c.Py_DecRef(names);
    var listed: usize = 0;
    for (parameters, bound) |*parameter, object| {
        if (!isMissing(parameter, object)) continue;
        listed += 1;
        const separator: [*:0]const u8 = if (listed == 1) "" else if (listed < missing) ", " else if (missing == 2) " and " else ", and ";
        const shorter = names orelse return false;
        names = format("%U%s'%s'", .{ shorter, separator, parameter.name });
        c.Py_DecRef(shorter);
    }
    return fail("%s() missing %zd required %s argument%s: %U", .{
        layout.function, size(missing), kind, plural(missing), names orelse return false,
    });
}

/// Not inlined: loops that only run before an exception would be vectorized, which takes 300 bytes of a module of Zig 0.15.
noinline fn isMissing(parameter: *const Layout.Parameter, object: ?*c.PyObject) bool {
    return object == null and parameter.required;
}

/// Sets the exception for an argument that its converter refused. Always null.
pub noinline fn refuseArgument(
    layout: *const Layout,
    index: usize,
    objects: [*]const ?*c.PyObject,
    reason: convert.FromError,
    refusal: ?*const Scope.Refusal,
) ?*c.PyObject {
    const parameter = layout.parameters[index];
    if (reason != error.Python) if (refusal) |part| if (part.isTold()) {
        const path = part.path() orelse return null;
        defer c.Py_DecRef(path);
        const where = format("%s() argument '%s'%U", .{ layout.function, parameter.name, path }) orelse return null;
        defer c.Py_DecRef(where);
        return refusePart(where, part, reason);
    };
    switch (reason) {
        error.Python => return null,
        error.OutOfRange => return c.PyErr_Format(
            c.exception("OverflowError"),
            "%s() argument '%s': expected %s",
            layout.function,
            parameter.name,
            parameter.range,
        ),
        error.WrongType => {
            const got = c.PyObject_GetAttrString(&c.typeOf(objects[index].?).object, "__name__") orelse return null;
            defer c.Py_DecRef(got);
            return refuse("%s() argument '%s': expected %s, got %S", .{ layout.function, parameter.name, parameter.expected, got });
        },
    }
}

/// Says in the exception that is set, where it is that a str has no UTF-8, which argument that str is or is in. `object` is
/// the argument.
pub noinline fn placeText(layout: *const Layout, index: usize, object: *c.PyObject, refusal: ?*const Scope.Refusal) void {
    if (!concernsText(object, refusal)) return;
    const exception = exceptions.take() orelse return;
    defer c.Py_DecRef(exception);
    const argument = format("%s() argument '%s'", .{ layout.function, layout.parameters[index].name }) orelse return;
    defer c.Py_DecRef(argument);
    addPlace(exception, argument, refusal);
}

/// Whether the exception that is set is about a str which is `object`, or a part of it.
fn concernsText(object: *c.PyObject, refusal: ?*const Scope.Refusal) bool {
    const in_part = if (refusal) |part| part.depth > 0 else false;
    return exceptions.saysUnencodable(if (in_part) null else object);
}

/// Sets a UnicodeEncodeError that tells where the str is: `place`, a str, and the part of it.
fn addPlace(exception: *c.PyObject, place: *c.PyObject, refusal: ?*const Scope.Refusal) void {
    const path = (if (refusal) |part| part.path() else format("", .{})) orelse return;
    defer c.Py_DecRef(path);
    const reason = format("surrogates not allowed in %U%U", .{ place, path }) orelse return;
    defer c.Py_DecRef(reason);
    if (c.PyObject_SetAttrString(exception, "reason", reason) == 0) exceptions.restore(exception);
}

/// Sets the exception for a part of a value that a converter refused. `where` is a str. Always null.
fn refusePart(where: *c.PyObject, part: *const Scope.Refusal, reason: convert.FromError) ?*c.PyObject {
    if (part.words) |words| return c.PyErr_Format(part.exception.?, "%U: %U", where, words);
    if (reason == error.OutOfRange) return c.PyErr_Format(c.exception("OverflowError"), "%U: expected %s", where, part.expected);
    const got = c.PyObject_GetAttrString(part.got.?, "__name__") orelse return null;
    defer c.Py_DecRef(got);
    return refuse("%U: expected %s, got %S", .{ where, part.expected, got });
}

/// Sets the exception for an object that `C` refused outside the parameters of a function. `where` is what
/// `PyUnicode_FromFormat` takes: a format and its values, which say what the object is.
pub fn raiseRefusal(scope: *Scope, comptime C: type, object: *c.PyObject, reason: convert.FromError, where: anytype) error{Python} {
    defer scope.forgive();
    if (reason == error.Python and !concernsText(object, &scope.refusal)) return error.Python;
    const unencodable = exceptions.take();
    defer c.Py_DecRef(unencodable);
    const place = @call(.auto, c.PyUnicode_FromFormat, where) orelse return error.Python;
    defer c.Py_DecRef(place);
    if (unencodable) |exception| {
        addPlace(exception, place, &scope.refusal);
    } else {
        setRefusal(place, C.annotation, if (@hasDecl(C, "range")) C.range ++ "" else "", object, reason, &scope.refusal);
    }
    return error.Python;
}

/// As `raiseRefusal`, for a value that has a name, such as the attribute that it was to be: `Point.x: expected float, got str`.
pub fn refuseValue(scope: *Scope, name: [*:0]const u8, comptime C: type, object: *c.PyObject, reason: convert.FromError) void {
    raiseRefusal(scope, C, object, reason, .{ "%s", name }) catch {};
}

noinline fn setRefusal(
    place: *c.PyObject,
    expected: [*:0]const u8,
    range: [*:0]const u8,
    object: *c.PyObject,
    reason: convert.FromError,
    refusal: *const Scope.Refusal,
) void {
    if (refusal.isTold()) {
        const path = refusal.path() orelse return;
        defer c.Py_DecRef(path);
        const where = format("%U%U", .{ place, path }) orelse return;
        defer c.Py_DecRef(where);
        _ = refusePart(where, refusal, reason);
    } else if (reason == error.OutOfRange) {
        _ = c.PyErr_Format(c.exception("OverflowError"), "%U: expected %s", place, range);
    } else {
        const got = c.PyObject_GetAttrString(&c.typeOf(object).object, "__name__") orelse return;
        defer c.Py_DecRef(got);
        _ = refuse("%U: expected %s, got %S", .{ place, expected, got });
    }
}

/// Always null.
fn refuse(comptime message: [:0]const u8, values: anytype) ?*c.PyObject {
    return @call(.auto, c.PyErr_Format, .{ c.exception("TypeError"), message } ++ values);
}

/// Always false.
fn fail(comptime message: [:0]const u8, values: anytype) bool {
    return refuse(message, values) != null;
}

/// A new str, or null with an exception set. The format is CPython's (`PyUnicode_FromFormat`).
fn format(comptime message: [:0]const u8, values: anytype) ?*c.PyObject {
    return @call(.auto, c.PyUnicode_FromFormat, .{message} ++ values);
}

fn size(count: usize) c.Size {
    return @intCast(count);
}

fn plural(count: usize) [*:0]const u8 {
    return if (count == 1) "" else "s";
}
