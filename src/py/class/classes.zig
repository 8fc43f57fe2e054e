//! All classes of the extension.

const c = @import("../c.zig");
const ClassType = @import("class_type.zig").ClassType;
const VariantType = @import("variants.zig").VariantType;
const Variant = @import("Variant.zig");
const enumeration = @import("enumeration.zig");
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
        switch (class.kind) {
            .class, .enumeration, .variants => result = Description.of(class.type).names(result),
            .variant => result = Description.namesOf(Variant.of(class.type.Union, class.type.number).signature, result),
            else => {},
        }
    }
    return result;
}

/// Makes all classes, bases before what derives from them, and then their constants. Returns false with an exception set.
pub fn makeAll(state: State, scope: *Scope) bool {
    inline for (registry.classes) |class| if (class.kind != .exception and !make(class, state, scope)) return false;
    inline for (registry.classes) |class| switch (class.kind) {
        .class, .enumeration, .variants => if (!addMembers(class.type, scope)) return false,
        else => {},
    };
    return true;
}

fn make(comptime class: registry.Class, state: State, scope: *Scope) bool {
    const T = class.type;
    const slot = state.class(T);
    if (slot.* != null) return true;
    switch (class.kind) {
        .class => {
            if (comptime options.class(T).base) |Base| if (!make(registry.classes[registry.indexOf(Base).?], state, scope)) return false;
            slot.* = ClassType(T).make(scope) orelse return false;
        },
        .variants => slot.* = ClassType(T).make(scope) orelse return false,
        .variant => slot.* = VariantType(T.Union, T.number, class).make(scope) orelse return false,
        .enumeration => slot.* = enumeration.make(T, scope) orelse return false,
        else => comptime unreachable,
    }
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
    return convert.goesToPython(convert.RuntimeType(@TypeOf(@field(T, member.name))));
}
