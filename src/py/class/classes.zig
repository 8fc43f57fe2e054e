//! All classes of the extension.

const c = @import("../c.zig");
const capi = @import("capi.zig");
const ClassType = @import("class_type.zig").ClassType;
const convert = @import("../convert.zig");
const Description = @import("Description.zig");
const module = @import("../module.zig");
const Names = @import("../Names.zig");
const options = @import("../options.zig");
const registry = @import("../registry.zig");
const Scope = @import("../Scope.zig");
const State = @import("../State.zig");

/// `found`, and the names that calls of the classes and their methods know.
pub fn names(comptime found: Names) Names {
    var result = found;
    for (registry.classes) |class| {
        if (class.kind == .class) result = Description.of(class.type).names(result);
    }
    return result;
}

/// Makes all classes, bases before what derives from them, and then their constants. Returns false with an exception set.
pub fn makeAll(state: State, scope: *Scope) bool {
    inline for (registry.classes) |class| if (class.kind == .class and !make(class.type, state, scope)) return false;
    inline for (registry.classes) |class| if (class.kind == .class and !addMembers(class.type, scope)) return false;
    return true;
}

fn make(comptime T: type, state: State, scope: *Scope) bool {
    const slot = state.class(T);
    if (slot.* != null) return true;
    if (comptime options.class(T).base) |Base| if (!make(Base, state, scope)) return false;
    slot.* = ClassType(T).make(scope) orelse return false;
    return true;
}

fn addMembers(comptime T: type, scope: *Scope) bool {
    const description: Description = comptime .of(T);
    const class = &scope.class(T).?.object;
    inline for (description.nested) |index| {
        const inner = registry.classes[index];
        const object = &(scope.class(inner.type) orelse return false).object;
        if (c.PyObject_SetAttrString(class, inner.name, object) != 0) return false;
    }
    inline for (description.constants) |member| {
        if (comptime isUseful(T, member)) if (!module.add(class, member.python_name, module.constant(T, member, scope))) return false;
    }
    return true;
}

/// Constants of types that Python does not know are Zig's.
fn isUseful(comptime T: type, comptime member: registry.Member) bool {
    return convert.goesToPython(module.RuntimeType(@TypeOf(@field(T, member.name))));
}
