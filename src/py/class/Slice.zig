//! `items[start:stop:step]` as a Zig value.

const c = @import("../c.zig");
const capi = @import("capi.zig");
const convert = @import("../convert.zig");
const Scope = @import("../Scope.zig");

/// A slice object. A union of an integer and a `py.Slice` takes all that a list takes in brackets.
pub const Slice = struct {
    start: isize,
    stop: isize,
    step: isize,

    /// Which items of `length` are meant, as `slice.indices` says: `count` of them, from `first` on, `step` apart.
    pub const Range = struct {
        first: isize,
        step: isize,
        count: usize,

        /// Index of the item number `i`, which must be below `count`.
        pub fn index(range: Range, i: usize) usize {
            return @intCast(range.first + range.step * @as(isize, @intCast(i)));
        }
    };

    pub fn of(slice: Slice, length: usize) Range {
        var start = slice.start;
        var stop = slice.stop;
        const count = capi.PySlice_AdjustIndices(@intCast(length), &start, &stop, slice.step);
        return .{ .first = start, .step = slice.step, .count = @intCast(count) };
    }

    pub const python_converter = struct {
        pub const annotation = "slice";

        pub fn fromPython(object: *c.PyObject, _: *Scope) convert.FromError!Slice {
            if (c.typeOf(object) != c.typeObject("PySlice_Type")) return error.WrongType;
            var slice: Slice = undefined;
            if (capi.PySlice_Unpack(object, &slice.start, &slice.stop, &slice.step) != 0) return error.Python;
            return slice;
        }
    };
};
