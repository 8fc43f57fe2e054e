//! Special methods.

const std = @import("std");
const py = @import("alloconda");

/// Modular numbers: all operators.
pub const Mod = struct {
    value: i64,

    fn of(value: i64) Mod {
        return .{ .value = @mod(value, 97) };
    }

    pub fn init(value: i64) Mod {
        return of(value);
    }
    pub fn __add__(a: Mod, b: Mod) Mod {
        return of(a.value + b.value);
    }
    pub fn __radd__(a: Mod, b: i64) Mod {
        return of(a.value + b);
    }
    pub fn __sub__(a: Mod, b: Mod) Mod {
        return of(a.value - b.value);
    }
    pub fn __rsub__(a: Mod, b: i64) Mod {
        return of(b - a.value);
    }
    pub fn __mul__(a: Mod, b: Mod) Mod {
        return of(a.value * b.value);
    }
    pub fn __matmul__(a: Mod, b: Mod) i64 {
        return a.value * b.value;
    }
    pub fn __truediv__(a: Mod, b: Mod) !f64 {
        if (b.value == 0) return error.ZeroDivisionError;
        return @as(f64, @floatFromInt(a.value)) / @as(f64, @floatFromInt(b.value));
    }
    pub fn __floordiv__(a: Mod, b: Mod) !i64 {
        return std.math.divFloor(i64, a.value, b.value);
    }
    pub fn __mod__(a: Mod, b: i64) i64 {
        return @mod(a.value, b);
    }
    pub fn __divmod__(a: Mod, b: i64) i64 {
        return @divFloor(a.value, b);
    }
    pub fn __pow__(a: Mod, b: u32, modulus: ?i64) i64 {
        var result: i64 = 1;
        for (0..b) |_| result = @mod(result * a.value, modulus orelse 97);
        return result;
    }
    pub fn __rpow__(a: Mod, b: i64) i64 {
        return b + 1000 * a.value;
    }
    pub fn __lshift__(a: Mod, b: u5) i64 {
        return a.value << b;
    }
    pub fn __rshift__(a: Mod, b: u5) i64 {
        return a.value >> b;
    }
    pub fn __and__(a: Mod, b: Mod) i64 {
        return a.value & b.value;
    }
    pub fn __or__(a: Mod, b: Mod) i64 {
        return a.value | b.value;
    }
    pub fn __xor__(a: Mod, b: Mod) i64 {
        return a.value ^ b.value;
    }
    pub fn __neg__(a: Mod) Mod {
        return of(-a.value);
    }
    pub fn __pos__(a: py.Ref(Mod)) py.Ref(Mod) {
        return a;
    }
    pub fn __abs__(a: Mod) i64 {
        return a.value;
    }
    pub fn __invert__(a: Mod) i64 {
        return ~a.value;
    }
    pub fn __int__(a: Mod) i64 {
        return a.value;
    }
    pub fn __index__(a: Mod) i64 {
        return a.value;
    }
    pub fn __float__(a: Mod) f64 {
        return @floatFromInt(a.value);
    }
    pub fn __bool__(a: Mod) bool {
        return a.value != 0;
    }
    pub fn __iadd__(a: *Mod, b: i64) void {
        a.value = @mod(a.value + b, 97);
    }
    pub fn __isub__(a: *Mod, b: i64) !void {
        if (b < 0) return error.ValueError;
        a.value = @mod(a.value - b, 97);
    }
    pub fn __imul__(a: Mod, b: i64) Mod {
        return of(a.value * b);
    }
    pub fn __round__(a: Mod, digits: ?i64) i64 {
        return a.value + (digits orelse 0);
    }
    pub fn __call__(a: Mod, x: i64, y: ?i64, options: struct { twice: bool = false }) i64 {
        const sum = a.value + x + (y orelse 0);
        return if (options.twice) 2 * sum else sum;
    }
    pub fn order(a: Mod, b: Mod) std.math.Order {
        return std.math.order(a.value, b.value);
    }
    pub fn hash(a: Mod) u64 {
        return @intCast(a.value);
    }
    pub fn format(a: Mod, writer: *std.Io.Writer) std.Io.Writer.Error!void {
        try writer.print("{d} mod 97", .{a.value});
    }
};

/// Does not know what to do with odd numbers.
pub const Even = struct {
    value: i64,

    fn requireEven(number: i64) error{NotImplemented}!void {
        if (@mod(number, 2) == 1) return error.NotImplemented;
    }

    pub fn __add__(a: Even, b: i64) !i64 {
        try requireEven(b);
        return a.value + b;
    }
    pub fn __radd__(a: Even, b: i64) !i64 {
        try requireEven(b);
        return a.value - b;
    }
    pub fn __iadd__(a: *Even, b: i64) !void {
        try requireEven(b);
        a.value += b;
    }
    pub fn __pow__(a: Even, b: i64) anyerror!i64 {
        try requireEven(b);
        return a.value * b;
    }
    pub fn __eq__(a: Even, b: i64) !bool {
        try requireEven(b);
        return a.value == b;
    }
};

/// A container.
pub const Numbers = struct {
    items: std.ArrayList(i64) = .empty,

    pub fn init(count: usize) !Numbers {
        var numbers: Numbers = .{};
        for (0..count) |i| try numbers.items.append(py.allocator, @intCast(i));
        return numbers;
    }

    pub fn deinit(self: *Numbers) void {
        self.items.deinit(py.allocator);
    }

    pub fn append(self: *Numbers, value: i64) !void {
        try self.items.append(py.allocator, value);
    }

    fn at(self: *const Numbers, index: isize) !usize {
        const length: isize = @intCast(self.items.items.len);
        const place = if (index < 0) index + length else index;
        if (place < 0 or place >= length) return py.raise(.IndexError, "index {d} is out of range", .{index});
        return @intCast(place);
    }

    pub fn __len__(self: *const Numbers) usize {
        return self.items.items.len;
    }

    pub fn __getitem__(self: *const Numbers, index: isize) !i64 {
        return self.items.items[try self.at(index)];
    }

    pub fn __setitem__(self: *Numbers, index: isize, value: i64) !void {
        self.items.items[try self.at(index)] = value;
    }

    pub fn __delitem__(self: *Numbers, index: isize) !void {
        _ = self.items.orderedRemove(try self.at(index));
    }

    pub fn __contains__(self: *const Numbers, value: i64) bool {
        return std.mem.indexOfScalar(i64, self.items.items, value) != null;
    }

    pub fn iterator(self: py.Ref(Numbers)) Iterator {
        return .{ .numbers = self };
    }

    pub fn __reversed__(self: py.Ref(Numbers)) !Iterator {
        return .{ .numbers = self, .index = (try self.get()).items.items.len, .backward = true };
    }

    /// The sum of a part.
    pub fn part(self: *const Numbers, slice: py.Slice) i64 {
        const range = slice.of(self.items.items.len);
        var sum: i64 = 0;
        for (0..range.count) |i| sum += self.items.items[range.index(i)];
        return sum;
    }

    pub const Iterator = struct {
        numbers: py.Ref(Numbers),
        index: usize = 0,
        backward: bool = false,

        pub fn next(self: *Iterator) !?i64 {
            const items = (try self.numbers.get()).items.items;
            if (self.backward) {
                if (self.index == 0) return null;
                self.index -= 1;
                return items[self.index];
            }
            if (self.index >= items.len) return null;
            defer self.index += 1;
            return items[self.index];
        }
    };
};

/// What happened, in order.
pub const Manager = struct {
    _entered: u32 = 0,
    swallow: bool = false,

    pub fn __enter__(self: *Manager) *Manager {
        self._entered += 1;
        return self;
    }

    pub fn __exit__(self: *Manager, kind: ?py.Object, _: ?py.Object, _: ?py.Object) bool {
        self._entered -= 1;
        return self.swallow and kind != null;
    }

    pub fn entered(self: Manager) u32 {
        return self._entered;
    }
};

/// A descriptor that doubles what it is given.
pub const Doubled = struct {
    _value: i64 = 0,

    pub fn __get__(self: py.Ref(Doubled), object: ?py.Object, _: ?py.Object) !i64 {
        if (object == null) return -1;
        return (try self.get())._value;
    }

    pub fn __set__(self: *Doubled, object: py.Object, value: i64) void {
        _ = object;
        self._value = 2 * value;
    }

    pub fn __delete__(self: *Doubled, _: py.Object) void {
        self._value = -2;
    }
};

/// Attributes that are not there.
pub const Dynamic = struct {
    real: i64 = 1,
    _last: i64 = 0,

    pub fn __getattr__(_: *const Dynamic, name: []const u8) !usize {
        if (std.mem.eql(u8, name, "missing")) return py.raise(.AttributeError, "no {s}", .{name});
        return name.len;
    }

    pub fn __setattr__(self: *Dynamic, name: []const u8, value: i64) !void {
        if (!std.mem.startsWith(u8, name, "ok")) return py.raise(.AttributeError, "cannot set {s}", .{name});
        self._last = value;
    }

    pub fn last(self: Dynamic) i64 {
        return self._last;
    }
};

/// Awaitable, and an asynchronous iterator.
pub const Ticket = struct {
    left: u32,

    pub fn __await__(self: *const Ticket) Steps {
        return .{ .left = self.left };
    }

    pub const Steps = struct {
        left: u32,

        pub fn __next__(self: *Steps) !?void {
            if (self.left == 0) return error.StopIteration;
            self.left -= 1;
        }
    };

    pub fn __aiter__(self: *Ticket) *Ticket {
        return self;
    }

    pub fn __anext__(self: *Ticket) ?Ticket {
        if (self.left == 0) return null;
        self.left -= 1;
        return .{ .left = 0 };
    }
};

/// Special methods without a slot.
pub const Generic = struct {
    width: u8 = 0,

    pub fn __class_getitem__(class: py.Type, _: py.Object) py.Type {
        return class;
    }

    pub fn __format__(self: Generic, spec: []const u8, arena: std.mem.Allocator) ![]const u8 {
        return std.fmt.allocPrint(arena, "{d}:{s}", .{ self.width, spec });
    }

    pub fn __sizeof__(_: Generic) usize {
        return 4096;
    }

    pub fn __copy__(_: Generic) Generic {
        return .{ .width = 99 };
    }

    pub fn __deepcopy__(_: Generic, _: py.Object) Generic {
        return .{ .width = 100 };
    }

    pub fn __complex__(self: Generic) f64 {
        return @floatFromInt(self.width);
    }
};

/// Memory that can be written.
pub const Pixels = struct {
    _data: []u8,

    pub fn init(count: usize) !Pixels {
        const data = try py.allocator.alloc(u8, count);
        @memset(data, 0);
        return .{ ._data = data };
    }

    pub fn deinit(self: *Pixels) void {
        py.allocator.free(self._data);
    }

    pub fn __buffer__(self: *Pixels) []u8 {
        return self._data;
    }

    pub fn clear(self: *Pixels) void {
        @memset(self._data, 0);
    }
};
