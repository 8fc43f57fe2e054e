//! Every conversion of containers, for the tests.

const std = @import("std");
const py = @import("alloconda");

// Slices, arrays, lists and tuples

pub fn ints(values: []const i64) []const i64 {
    return values;
}

pub fn smallInts(values: []i8) []i8 {
    return values;
}

pub fn unsignedInts(values: []const u32) []const u32 {
    return values;
}

pub fn sum(values: []const i64) error{Overflow}!i64 {
    var total: i64 = 0;
    for (values) |value| total = try std.math.add(i64, total, value);
    return total;
}

pub fn floats(values: []const f64) []const f64 {
    return values;
}

pub fn bools(values: []const bool) []const bool {
    return values;
}

pub fn texts(values: []const []const u8) []const []const u8 {
    return values;
}

pub fn optionals(values: []const ?i32) []const ?i32 {
    return values;
}

pub fn nested(values: []const []const i64) []const []const i64 {
    return values;
}

pub fn nestedTexts(values: []const []const []const u8) []const []const []const u8 {
    return values;
}

pub fn objects(values: []const py.Object) []const py.Object {
    return values;
}

/// The argument is Zig's to change: Python's list stays.
pub fn sorted(values: []i64) []i64 {
    std.mem.sort(i64, values, {}, std.sort.asc(i64));
    return values;
}

pub fn point(value: [3]f64) [3]f64 {
    return value;
}

pub fn grid(value: [2][2]i32) [2][2]i32 {
    return value;
}

pub fn names(value: [2][]const u8) [2][]const u8 {
    return value;
}

pub fn literalList() *const [3]i32 {
    return &.{ 1, 2, 3 };
}

pub fn arrayList(arena: std.mem.Allocator, count: u32) !std.ArrayList(u32) {
    var list: std.ArrayList(u32) = .empty;
    for (0..count) |i| try list.append(arena, @intCast(i * i));
    return list;
}

pub fn textList(arena: std.mem.Allocator, text: []const u8) !std.ArrayList(u8) {
    var list: std.ArrayList(u8) = .empty;
    for (0..2) |_| try list.appendSlice(arena, text);
    return list;
}

pub fn pair(value: struct { i64, []const u8 }) struct { i64, []const u8 } {
    return value;
}

pub fn single(value: struct { bool }) struct { bool } {
    return value;
}

pub fn scaled(value: struct { i64, f64 }, factor: i64) f64 {
    return @as(f64, @floatFromInt(value[0] * factor)) * value[1];
}

pub fn pairs(values: []const struct { []const u8, f64 }) []const struct { []const u8, f64 } {
    return values;
}

pub fn unlocked(values: []const f64) f64 {
    var total: f64 = 0;
    for (values) |value| total += value;
    return total;
}

// Maps and sets

pub fn counts(value: std.StringHashMap(i64)) std.StringHashMap(i64) {
    return value;
}

pub fn countsUnmanaged(value: std.StringHashMapUnmanaged(i64)) std.StringHashMapUnmanaged(i64) {
    return value;
}

pub fn ordered(value: std.StringArrayHashMapUnmanaged([]const f64)) std.StringArrayHashMapUnmanaged([]const f64) {
    return value;
}

pub fn byNumber(value: std.AutoHashMap(u16, []const u8)) std.AutoHashMap(u16, []const u8) {
    return value;
}

pub fn orderedByNumber(value: std.AutoArrayHashMapUnmanaged(i32, bool)) std.AutoArrayHashMapUnmanaged(i32, bool) {
    return value;
}

pub fn maps(values: []const std.StringHashMapUnmanaged(i64)) []const std.StringHashMapUnmanaged(i64) {
    return values;
}

pub fn numberSet(value: std.AutoHashMap(i64, void)) std.AutoHashMap(i64, void) {
    return value;
}

pub fn textSet(value: std.StringHashMapUnmanaged(void)) std.StringHashMapUnmanaged(void) {
    return value;
}

// Views

pub fn listSum(values: py.List(i64)) error{ Python, Overflow }!i64 {
    var total: i64 = 0;
    var items = values.iterator();
    while (try items.next()) |value| total = try std.math.add(i64, total, value);
    return total;
}

pub fn listGet(values: py.List(i64), index: usize) !i64 {
    return values.get(index);
}

pub fn listSet(values: py.List(i64), index: usize, value: i64) !py.List(i64) {
    try values.set(index, value);
    return values;
}

pub fn listAppend(values: py.List([]const u8), value: []const u8) !void {
    return values.append(value);
}

pub fn listContains(values: py.List(i64), value: i64) !bool {
    return values.contains(value);
}

pub fn listLen(values: py.List(py.Object)) usize {
    return values.len();
}

/// The text is used after its list has been emptied.
pub fn listKeeps(values: py.List([]const u8)) ![]const u8 {
    const first = try values.get(0);
    try values.set(0, "other");
    return first;
}

pub fn listMade(scope: *py.Scope, count: u32) !py.List(u32) {
    const list = try py.List(u32).init(scope);
    for (0..count) |i| try list.append(@intCast(i));
    return list;
}

pub fn listFrom(scope: *py.Scope, values: []const []const u8) !py.List([]const u8) {
    return .from(scope, values);
}

pub fn sameList(value: py.List(py.Object)) py.List(py.Object) {
    return value;
}

pub fn sameTuple(value: py.Tuple(i64)) py.Tuple(i64) {
    return value;
}

pub fn sameDict(value: py.Dict([]const u8, i64)) py.Dict([]const u8, i64) {
    return value;
}

pub fn sameSet(value: py.Set(i64)) py.Set(i64) {
    return value;
}

pub fn sameFrozenSet(value: py.FrozenSet(i64)) py.FrozenSet(i64) {
    return value;
}

pub fn tupleSum(values: py.Tuple(f64)) !f64 {
    var total: f64 = 0;
    var items = values.iterator();
    while (try items.next()) |value| total += value;
    return total;
}

pub fn tupleGet(values: py.Tuple(f64), index: usize) !f64 {
    return values.get(index);
}

pub fn tupleMade(scope: *py.Scope, values: []const i64) !py.Tuple(i64) {
    return .from(scope, values);
}

pub fn dictGet(values: py.Dict([]const u8, i64), key: []const u8) !?i64 {
    return values.get(key);
}

pub fn dictSet(values: py.Dict([]const u8, i64), key: []const u8, value: i64) !void {
    return values.set(key, value);
}

pub fn dictRemove(values: py.Dict([]const u8, i64), key: []const u8) !bool {
    return values.remove(key);
}

pub fn dictContains(values: py.Dict([]const u8, i64), key: []const u8) !bool {
    return values.contains(key);
}

pub fn dictSum(values: py.Dict([]const u8, i64)) !struct { usize, i64 } {
    var length: usize = 0;
    var total: i64 = 0;
    var entries = try values.iterator();
    while (try entries.next()) |entry| {
        length += entry.key.len;
        total += entry.value;
    }
    return .{ length, total };
}

pub fn dictValues(values: py.Dict([]const u8, i64)) !i64 {
    var total: i64 = 0;
    var items = try values.valueIterator();
    while (try items.next()) |value| total += value;
    return total;
}

pub fn dictKeys(arena: std.mem.Allocator, values: py.Dict([]const u8, py.Object)) ![][]const u8 {
    var keys: std.ArrayList([]const u8) = .empty;
    var items = try values.keyIterator();
    while (try items.next()) |key| try keys.append(arena, key);
    return keys.items;
}

pub fn dictGrows(values: py.Dict(i64, i64)) !void {
    var entries = try values.iterator();
    while (try entries.next()) |entry| try values.set(entry.key + 1000, entry.value);
}

/// Puts `added` in the place of `removed` before the second step.
pub fn dictChanges(values: py.Dict(i64, i64), removed: i64, added: ?i64) !i64 {
    var seen: i64 = 0;
    var items = try values.valueIterator();
    while (try items.next()) |_| {
        if (seen == 0) {
            _ = try values.remove(removed);
            if (added) |key| try values.set(key, key);
        }
        seen += 1;
    }
    return seen;
}

pub fn dictMade(scope: *py.Scope, keys: []const []const u8) !py.Dict([]const u8, usize) {
    const dict = try py.Dict([]const u8, usize).init(scope);
    for (keys, 0..) |key, i| try dict.set(key, i);
    return dict;
}

pub fn setSum(values: py.Set(i64)) !i64 {
    var total: i64 = 0;
    const items = try values.iterator();
    while (try items.next()) |value| total += value;
    return total + @as(i64, @intCast(values.len()));
}

pub fn setChange(values: py.Set(i64), add: i64, remove: i64) !bool {
    try values.add(add);
    return values.remove(remove);
}

pub fn setContains(values: py.Set([]const u8), value: []const u8) !bool {
    return values.contains(value);
}

pub fn setMade(scope: *py.Scope, values: []const i64) !py.Set(i64) {
    const set = try py.Set(i64).init(scope);
    for (values) |value| try set.add(value);
    return set;
}

pub fn frozenSum(values: py.FrozenSet(i64)) !i64 {
    var total: i64 = 0;
    const items = try values.iterator();
    while (try items.next()) |value| total += value;
    return total;
}

pub fn frozenMade(scope: *py.Scope, values: []const i64) !py.FrozenSet(i64) {
    return .from(scope, values);
}

// Iterators

pub fn iterSum(values: py.Iterator(i64)) !i64 {
    var total: i64 = 0;
    while (try values.next()) |value| total += value;
    return total;
}

pub fn iterFirst(values: py.Iterator([]const u8)) !?[]const u8 {
    const first = try values.next();
    while (try values.next()) |_| {}
    return first;
}

pub fn iterTake(arena: std.mem.Allocator, values: py.Iterator(i64), count: usize) ![]i64 {
    const taken = try arena.alloc(i64, count);
    for (taken, 0..) |*slot, i| slot.* = try values.next() orelse return taken[0..i];
    return taken;
}

const Countdown = struct {
    left: u32,

    pub fn next(self: *Countdown) ?u32 {
        if (self.left == 0) return null;
        self.left -= 1;
        return self.left + 1;
    }
};

pub fn countdown(start: u32) Countdown {
    return .{ .left = start };
}

pub fn maybeCountdown(start: ?u32) ?Countdown {
    return if (start) |left| .{ .left = left } else null;
}

pub fn countdowns(start: u32) struct { Countdown, Countdown } {
    return .{ .{ .left = start }, .{ .left = start + 1 } };
}

/// Points into the argument.
pub fn words(text: []const u8) std.mem.TokenIterator(u8, .scalar) {
    return std.mem.tokenizeScalar(u8, text, ' ');
}

const Failing = struct {
    left: u32,

    pub fn next(self: *Failing) !?u32 {
        if (self.left == 0) return error.ValueError;
        self.left -= 1;
        return self.left;
    }
};

pub fn failing(count: u32) Failing {
    return .{ .left = count };
}

/// Uses the arena of the call after the call.
const Squares = struct {
    arena: std.mem.Allocator,
    values: []const i64,
    index: usize = 0,

    pub fn next(self: *Squares) !?[]i64 {
        if (self.index == self.values.len) return null;
        defer self.index += 1;
        const result = try self.arena.alloc(i64, 2);
        result[0] = self.values[self.index];
        result[1] = result[0] * result[0];
        return result;
    }
};

pub fn squares(arena: std.mem.Allocator, values: []const i64) Squares {
    return .{ .arena = arena, .values = values };
}

/// Asks a Python iterator for each of its items.
const Doubled = struct {
    values: py.Iterator(i64),

    pub fn next(self: *Doubled) !?i64 {
        return 2 * (try self.values.next() orelse return null);
    }
};

pub fn doubled(values: py.Iterator(i64)) Doubled {
    return .{ .values = values };
}

/// `deinit` is called once, in the end.
const Closing = struct {
    log: py.Owned,
    left: u32,

    pub fn next(self: *Closing) ?u32 {
        if (self.left == 0) return null;
        self.left -= 1;
        return self.left;
    }

    pub fn deinit(self: *Closing) void {
        self.log.deinit();
    }
};

pub fn closing(log: py.Object, count: u32) Closing {
    return .{ .log = log.own(), .left = count };
}

pub fn failsBefore(_: py.Iterator(i64)) !Countdown {
    return error.LookupError;
}

// Unions

const Scalar = union(enum) { none: void, flag: bool, whole: i64, real: f64, text: []const u8 };

pub fn scalar(value: Scalar) Scalar {
    return value;
}

pub fn scalarKind(value: Scalar) []const u8 {
    return @tagName(value);
}

pub fn scalars(values: []const Scalar) []const Scalar {
    return values;
}

const IntOrText = union(enum) { whole: i64, text: []const u8 };

pub fn intOrText(value: IntOrText) IntOrText {
    return value;
}

pub fn intOrTextKind(value: IntOrText) []const u8 {
    return @tagName(value);
}

pub fn table(value: std.StringHashMapUnmanaged(IntOrText)) std.StringHashMapUnmanaged(IntOrText) {
    return value;
}

const Width = union(enum) { small: u8, big: i64 };

pub fn width(value: Width) []const u8 {
    return @tagName(value);
}

const Many = union(enum) { texts: []const []const u8, numbers: []const f64, map: std.StringHashMapUnmanaged(i64), tuple: struct { i64, i64, i64 } };

pub fn many(value: Many) []const u8 {
    return @tagName(value);
}

const OneList = union(enum) { number: i64, numbers: []const i64 };

pub fn oneList(value: OneList) OneList {
    return value;
}

// Structs

const Person = struct { name: []const u8, age: u8 = 18, tags: []const []const u8 = &.{} };

pub fn person(value: Person) Person {
    return value;
}

pub fn people(values: []const Person) []const Person {
    return values;
}

const Settings = struct { retries: u8 = 3, verbose: bool = false };

/// A struct of defaults that is not last is a dict.
pub fn settingsFirst(settings: Settings, scale: i64) i64 {
    return settings.retries * scale + @intFromBool(settings.verbose);
}

/// One that is last makes keyword-only parameters, also before the arena.
pub fn settingsLast(scale: i64, settings: Settings, arena: std.mem.Allocator) i64 {
    _ = arena;
    return settings.retries * scale + @intFromBool(settings.verbose);
}

pub fn compoundDefaults(first: i64, more: struct {
    numbers: []const i64 = &.{ 1, 2 },
    corner: [2]f64 = .{ 0, 0.5 },
    pair: struct { i64, []const u8 } = .{ 1, "a" },
    either: IntOrText = .{ .text = "x" },
    person: Person = .{ .name = "Ann" },
    nothing: ?[]const []const u8 = null,
}) i64 {
    return first + more.numbers[0] + more.pair[0];
}

pub fn attributes(value: py.Attributes(Person)) Person {
    return value.value;
}

const PersonClass = py.Dataclass(Person, "containers.people.Person");
const PairClass = py.Dataclass(struct { first: i64, second: f64 }, "containers.people.Pair");

pub fn dataclass(value: PersonClass) PersonClass {
    return value;
}

pub fn namedTuples(values: []const PairClass) []const PairClass {
    return values;
}

pub fn strict(name: []const u8) py.Dataclass(Person, "containers.people.Strict") {
    return .{ .value = .{ .name = name } };
}

// What has to be given back

extern fn PyLong_AsLongLong(object: @FieldType(py.Object, "ptr")) c_longlong;
extern fn PyErr_Occurred() ?*anyopaque;

/// A converter of the user's own, which counts what it has taken and not given back. It takes even ints.
const Counted = struct {
    value: i64,

    var held: i64 = 0;

    pub const python_converter = struct {
        pub const annotation = "int";

        pub fn fromPython(object: @FieldType(py.Object, "ptr"), _: *py.Scope) py.FromError!Counted {
            const value = PyLong_AsLongLong(object);
            if (value == -1 and PyErr_Occurred() != null) return error.Python;
            if (@mod(value, 2) != 0) return error.WrongType;
            held += 1;
            return .{ .value = value };
        }

        pub fn release(_: *Counted) void {
            held -= 1;
        }
    };
};

pub fn heldNow() i64 {
    return Counted.held;
}

pub fn countedList(_: []const Counted) i64 {
    return Counted.held;
}

pub fn countedArray(_: [2]Counted) i64 {
    return Counted.held;
}

pub fn countedTuple(_: struct { Counted, i64, ?Counted }) i64 {
    return Counted.held;
}

pub fn countedStruct(_: struct { a: Counted, b: []const Counted, c: i64 }) i64 {
    return Counted.held;
}

pub fn countedAttributes(_: py.Attributes(struct { real: Counted, imag: i64 })) i64 {
    return Counted.held;
}

pub fn countedUnion(_: union(enum) { text: []const u8, one: Counted, list: []const Counted }) i64 {
    return Counted.held;
}

pub fn countedNested(_: []const []const Counted, _: i64) i64 {
    return Counted.held;
}

/// Zig has this type up to 0.15.
const ManagedArrayMap = if (@hasDecl(std, "AutoArrayHashMap")) std.AutoArrayHashMap(u8, u8) else std.AutoHashMap(u8, u8);

pub fn managedArrayMap(value: ManagedArrayMap) ManagedArrayMap {
    return value;
}

// The rest of the arguments

pub fn getRest(first: i64, args: py.Args) !i64 {
    var total = first;
    for (0..args.len()) |i| total += try args.get(i64, i);
    return total;
}

pub fn restOf(first: i64, args: py.ArgsOf([]const u8)) []const []const u8 {
    _ = first;
    return args.items;
}

pub fn unlockedRest(args: py.ArgsOf(f64)) f64 {
    return unlocked(args.items);
}

pub fn getKeyword(kwargs: py.Kwargs) !?[]const i64 {
    return kwargs.get([]const i64, "numbers");
}

pub fn partlyPositional(a: i64, b: i64, c: i64) i64 {
    return a * 100 + b * 10 + c;
}

pub const python = .{ .members = .{
    .unlocked = .{ .release_gil = true },
    .unlockedRest = .{ .release_gil = true },
    .partlyPositional = .{ .positional_only = 2 },
} };
