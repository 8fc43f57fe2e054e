//! Memory of other objects, without a copy: bytes, bytearray, array.array, memoryview, NumPy arrays, ctypes arrays and all
//! else that exports the buffer protocol (PEP 3118). In the stable ABI since Python 3.11.

const std = @import("std");
const abi = @import("abi.zig");
const c = @import("c.zig");
const FromError = @import("convert.zig").FromError;
const Item = @import("buffer/format.zig").Item;
const Scope = @import("Scope.zig");

/// A parameter of this type takes any object whose memory holds items of type `T`, in any number of dimensions. The memory
/// stays where it is, and is given back when the call has ended.
pub fn Buffer(comptime T: type) type {
    return View(T, .read_only);
}

/// As `Buffer`, of memory that may be written to.
pub fn BufferMut(comptime T: type) type {
    return View(T, .writable);
}

const Access = enum { read_only, writable };

fn View(comptime T: type, comptime access: Access) type {
    if (abi.stable and abi.minor < 11) @compileError(std.fmt.comptimePrint(
        "py.Buffer needs Python 3.11, but this build is for 3.{d} and newer (stable ABI): build with the stable ABI of 3.11 " ++
            "(-Dstable-abi=3.11) or for one version (-Dpython-version=3.{d})",
        .{ abi.minor, abi.minor },
    ));
    return struct {
        const Self = @This();
        const Slice = if (access == .writable) []T else []const T;
        const item: Item = .of(T);

        view: c.Py_buffer,
        /// Shape and strides of what has one dimension: an exporter may have them in `view` itself, which moves.
        one_length: c.Size,
        one_stride: c.Size,
        contiguous_items: bool,

        /// Number of dimensions. A single item has none.
        pub fn rank(self: *const Self) usize {
            return @intCast(self.view.ndim);
        }

        /// Length of each dimension.
        pub fn shape(self: *const Self) []const usize {
            return @ptrCast(self.dimensions(self.view.shape, &self.one_length));
        }

        /// For each dimension, how many bytes lie from one item to the next. May be negative.
        pub fn strides(self: *const Self) []const isize {
            return self.dimensions(self.view.strides, &self.one_stride);
        }

        fn dimensions(self: *const Self, many: ?[*]const c.Size, one: *const c.Size) []const c.Size {
            return switch (self.view.ndim) {
                0 => &.{},
                1 => one[0..1],
                else => many.?[0..self.rank()],
            };
        }

        /// Number of items in all dimensions together.
        pub fn len(self: *const Self) usize {
            return @as(usize, @intCast(self.view.len)) / @sizeOf(T);
        }

        /// All items in C order where they lie next to each other, else null.
        pub fn slice(self: *const Self) ?Slice {
            if (!self.contiguous_items) return null;
            if (self.view.len == 0) return &.{};
            const items: [*]T = @ptrCast(@alignCast(self.view.buf.?));
            return items[0..self.len()];
        }

        /// All items in C order: `slice`, or a copy in memory of `allocator` where there is none.
        pub fn contiguous(self: *const Self, allocator: std.mem.Allocator) error{OutOfMemory}![]const T {
            if (self.slice()) |items| return items;
            const copy = try allocator.alloc(T, self.len());
            var items = self.iterator();
            for (copy) |*to| to.* = items.next().?;
            return copy;
        }

        /// One item. `index` is an integer for one dimension, else a tuple or array with an integer for each. It must be
        /// inside of `shape`: that is checked as Zig checks the index of a slice, in Debug and ReleaseSafe.
        pub fn at(self: *const Self, index: anytype) T {
            return self.pointer(index).*;
        }

        pub const set = if (access == .writable) setItem else {};

        /// Writes one item; `index` as for `at`.
        fn setItem(self: *const Self, index: anytype, value: T) void {
            self.pointer(index).* = value;
        }

        /// Items need not be aligned.
        inline fn pointer(self: *const Self, index: anytype) *align(1) T {
            const indices = switch (@typeInfo(@TypeOf(index))) {
                .int, .comptime_int => .{index},
                else => index,
            };
            std.debug.assert(indices.len == self.rank());
            var offset: isize = 0;
            inline for (0..indices.len) |dimension| {
                const i: usize = indices[dimension];
                std.debug.assert(i < self.shape()[dimension]);
                offset += @as(isize, @intCast(i)) * self.strides()[dimension];
            }
            return @ptrFromInt(@intFromPtr(self.view.buf) +% @as(usize, @bitCast(offset)));
        }

        /// All items in C order: the last index changes first.
        pub fn iterator(self: *const Self) Iterator {
            return .{ .buffer = self, .address = @intFromPtr(self.view.buf), .left = self.len() };
        }

        pub const Iterator = struct {
            buffer: *const Self,
            address: usize,
            left: usize,
            index: [dimensions_max]usize = @splat(0),

            pub fn next(self: *Iterator) ?T {
                const item_pointer = self.nextAddress() orelse return null;
                return item_pointer.*;
            }

            pub const nextPointer = if (access == .writable) nextAddress else {};

            /// The next item, to be written to.
            fn nextAddress(self: *Iterator) ?*align(1) T {
                if (self.left == 0) return null;
                self.left -= 1;
                const current: *align(1) T = @ptrFromInt(self.address);
                var dimension = self.buffer.rank();
                while (dimension > 0) {
                    dimension -= 1;
                    const stride: usize = @bitCast(self.buffer.strides()[dimension]);
                    const length = self.buffer.shape()[dimension];
                    self.index[dimension] += 1;
                    self.address +%= stride;
                    if (self.index[dimension] < length) break;
                    self.index[dimension] = 0;
                    self.address -%= stride *% length;
                }
                return current;
            }
        };

        pub const python_converter = struct {
            pub const annotation = "collections.abc.Buffer";
            pub const compound = true;
            pub const needs_lock = false;

            pub fn fromPython(object: *c.PyObject, scope: *Scope) FromError!Self {
                var self: Self = undefined;
                try acquire(object, &self.view, access, &item, scope);
                errdefer c.PyBuffer_Release(&self.view);
                if (self.view.ndim == 1) {
                    self.one_length = if (self.view.shape) |lengths| lengths[0] else @divExact(self.view.len, @sizeOf(T));
                    self.one_stride = if (self.view.strides) |distances| distances[0] else @sizeOf(T);
                } else if (self.view.ndim > 1 and self.view.strides == null) {
                    self.view.strides = try stridesOf(&self.view, scope);
                }
                self.contiguous_items = isContiguous(self.shape(), self.strides(), @sizeOf(T)) and
                    std.mem.isAligned(@intFromPtr(self.view.buf), @alignOf(T));
                return self;
            }

            pub fn release(self: *Self) void {
                c.PyBuffer_Release(&self.view);
            }
        };
    };
}

/// `PyBUF_MAX_NDIM`.
const dimensions_max = 64;

/// Gets a view whose items are `item`s, or none.
noinline fn acquire(object: *c.PyObject, view: *c.Py_buffer, access: Access, item: *const Item, scope: *Scope) FromError!void {
    if (!c.PyObject_CheckBuffer(object)) return error.WrongType;
    const flags = c.PyBUF_STRIDES | c.PyBUF_FORMAT;
    if (access == .writable) try acquireWritable(object, view, flags, scope) else {
        if (c.PyObject_GetBuffer(object, view, flags) != 0) return error.Python;
    }
    const format: [:0]const u8 = if (view.format) |format| std.mem.span(format) else "B";
    const is_wanted = item.isIn(format, std.math.cast(usize, view.itemsize) orelse 0);
    if (is_wanted and view.ndim >= 0 and view.ndim <= dimensions_max) return;
    defer c.PyBuffer_Release(view);
    return scope.reject(.TypeError, "expected a buffer of {s} in this machine's byte order, got one of format '{s}' with {d} bytes an item", .{
        item.name, format, view.itemsize,
    });
}

fn acquireWritable(object: *c.PyObject, view: *c.Py_buffer, flags: c_int, scope: *Scope) FromError!void {
    if (c.PyObject_GetBuffer(object, view, flags | c.PyBUF_WRITABLE) == 0) return;
    // Exporters differ in what they raise for memory that is read-only.
    const pending: c.Pending = .take();
    if (c.PyObject_GetBuffer(object, view, flags) == 0) {
        const read_only = view.readonly != 0;
        c.PyBuffer_Release(view);
        if (read_only) {
            pending.drop();
            return scope.reject(.TypeError, "expected a writable buffer, got a read-only one", .{});
        }
    }
    pending.restore();
    return error.Python;
}

/// The strides of a view in C order that has none of its own, as ctypes exports them.
fn stridesOf(view: *const c.Py_buffer, scope: *Scope) error{Python}![*]c.Size {
    const rank: usize = @intCast(view.ndim);
    const strides = scope.allocator().alloc(c.Size, rank) catch return scope.outOfMemory();
    var stride = view.itemsize;
    var dimension = rank;
    while (dimension > 0) {
        dimension -= 1;
        strides[dimension] = stride;
        stride *= view.shape.?[dimension];
    }
    return strides.ptr;
}

/// Whether items lie next to each other in C order. Of a dimension of length 1 the stride does not matter.
fn isContiguous(shape: []const usize, strides: []const isize, item_size: usize) bool {
    if (std.mem.indexOfScalar(usize, shape, 0) != null) return true;
    var expected: isize = @intCast(item_size);
    var dimension = shape.len;
    while (dimension > 0) {
        dimension -= 1;
        if (shape[dimension] != 1 and strides[dimension] != expected) return false;
        expected *= @intCast(shape[dimension]);
    }
    return true;
}
