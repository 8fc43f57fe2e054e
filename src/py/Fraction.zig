//! Python's `fractions.Fraction`: a ratio of unbounded integers. A result is brought to lowest terms by Python, and one
//! with the denominator 0 raises ZeroDivisionError.

const Fraction = @This();

const std = @import("std");
const big = @import("convert/big.zig");
const c = @import("c.zig");
const FromError = @import("convert.zig").FromError;
const instances = @import("instances.zig");
const Scope = @import("Scope.zig");

/// In the arena of the call where it is an argument.
numerator: std.math.big.int.Const,
/// Positive, and without a common factor with `numerator`, where it is an argument.
denominator: std.math.big.int.Const,

pub const python_converter = struct {
    pub const annotation = "fractions.Fraction";
    pub const compound = true;
    pub const needs_lock = false;

    pub fn fromPython(object: *c.PyObject, scope: *Scope) FromError!Fraction {
        try instances.require(object, scope, .@"fractions.Fraction");
        return .{
            .numerator = try instances.attribute(std.math.big.int.Const, object, .numerator, scope),
            .denominator = try instances.attribute(std.math.big.int.Const, object, .denominator, scope),
        };
    }

    pub fn toPython(fraction: Fraction, scope: *Scope) ?*c.PyObject {
        const class = scope.imported(.@"fractions.Fraction") orelse return null;
        const numerator = big.Const.toPython(fraction.numerator, scope) orelse return null;
        defer c.Py_DecRef(numerator);
        const denominator = big.Const.toPython(fraction.denominator, scope) orelse return null;
        defer c.Py_DecRef(denominator);
        return c.PyObject_CallFunction(class, "OO", numerator, denominator);
    }
};
