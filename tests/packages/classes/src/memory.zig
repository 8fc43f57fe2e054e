//! Who owns what.

const std = @import("std");
const py = @import("alloconda");

/// Owns copies of its texts.
pub const Person = struct {
    name: []const u8,
    nick: ?[:0]const u8 = null,
    born: u16 = 2000,

    /// Stores what belongs to the caller; the instance gets a copy.
    pub fn rename(self: *Person, name: []const u8) void {
        self.name = name;
    }

    /// The rest of its own memory.
    pub fn chop(self: *Person) void {
        if (self.name.len > 0) self.name = self.name[1..];
    }

    pub fn swap(self: *Person) void {
        const nick = self.nick orelse return;
        self.nick = null;
        self.name = nick;
    }

    pub fn shout(self: *Person, arena: std.mem.Allocator) !void {
        const upper = try arena.alloc(u8, self.name.len);
        _ = std.ascii.upperString(upper, self.name);
        self.name = upper;
    }

    pub fn twin(self: Person) Person {
        return self;
    }

    pub fn greet(self: *const Person, other: *const Person, arena: std.mem.Allocator) ![]const u8 {
        return std.fmt.allocPrint(arena, "{s} greets {s}", .{ self.name, other.name });
    }
};

/// Made by `init`, freed by `deinit`.
pub const Stack = struct {
    items: std.ArrayList(f64),
    allocator: std.mem.Allocator,
    _on_end: ?py.Owned = null,

    pub fn init(allocator: std.mem.Allocator, count: usize, fill: ?f64) !Stack {
        if (count > 1000) return py.raise(.ValueError, "{d} is too many", .{count});
        var items: std.ArrayList(f64) = .empty;
        try items.appendNTimes(allocator, fill orelse 0, count);
        return .{ .items = items, .allocator = allocator };
    }

    pub fn deinit(self: *Stack) void {
        self.items.deinit(self.allocator);
        if (self._on_end) |callback| callback.deinit();
    }

    pub fn push(self: *Stack, value: f64) !void {
        try self.items.append(self.allocator, value);
    }

    pub fn pop(self: *Stack) !f64 {
        return self.items.pop() orelse py.raise(.IndexError, "pop from empty stack", .{});
    }

    pub fn keep(self: *Stack, object: py.Object) void {
        if (self._on_end) |old| old.deinit();
        self._on_end = object.own();
    }

    /// Calls something in the middle of a change.
    pub fn during(self: *Stack, callback: py.Object) !py.Owned {
        return callback.call(.{self.items.items.len});
    }

    pub fn __len__(self: *const Stack) usize {
        return self.items.items.len;
    }

    pub fn __buffer__(self: *const Stack) []const f64 {
        return self.items.items;
    }
};

/// Memory that cannot always be shown.
pub const Shy = struct {
    numbers: []const u16 = &.{},
    hidden: bool = false,

    pub fn __buffer__(self: *const Shy) ![]const u16 {
        if (self.hidden) return error.PermissionDenied;
        return self.numbers;
    }
};

/// Holds any objects: the garbage collector must see them.
pub const Node = struct {
    value: py.Object,
    next: ?py.Object = null,

    pub fn set(self: *Node, value: py.Object) void {
        self.value = value;
    }
};

/// Holds objects in a tree, each one below that before it.
pub const Outline = struct {
    _top: Entry = .{},

    const Entry = struct { object: ?py.Owned = null, below: []Entry = &.{} };

    pub fn init(objects: []const py.Object) !Outline {
        var outline: Outline = .{};
        errdefer outline.deinit();
        var entry = &outline._top;
        for (objects) |object| {
            entry.below = try py.allocator.alloc(Entry, 1);
            entry = &entry.below[0];
            entry.* = .{ .object = object.own() };
        }
        return outline;
    }

    pub fn deinit(self: *Outline) void {
        free(&self._top);
    }

    fn free(entry: *Entry) void {
        for (entry.below) |*below| free(below);
        py.allocator.free(entry.below);
        if (entry.object) |object| object.deinit();
    }
};

/// With attributes of its own and weak references.
pub const Open = struct {
    x: i64 = 0,

    pub const python = .{ .dict = true, .weakref = true };
};

/// Knows what it grows on, and does not keep it.
pub const Branch = struct {
    name: []const u8,
    parent: py.Weak(Branch) = .empty,

    pub const python = .{ .weakref = true };

    pub fn grow(self: py.Ref(Branch), scope: *py.Scope, name: []const u8) !Branch {
        return .{ .name = name, .parent = try .to(self, scope) };
    }

    /// The last one that is still there.
    pub fn root(self: py.Ref(Branch), scope: *py.Scope) !py.Ref(Branch) {
        var top = self;
        while (try (try top.get()).parent.get(scope)) |next| top = next;
        return top;
    }

    pub fn graft(self: *Branch, parent: py.Weak(Branch)) void {
        self.parent = parent;
    }
};

/// Grows on a branch.
pub const Leaf = struct {
    branch: Branch,
    size: f64 = 1,

    pub const python = .{ .base = Branch };
};

/// Looks at any object.
pub const Watcher = struct {
    _seen: py.Weak(py.Object) = .empty,

    pub fn watch(self: *Watcher, object: py.Weak(py.Object)) void {
        self._seen = object;
    }

    pub fn seen(self: *const Watcher) py.Weak(py.Object) {
        return self._seen;
    }
};

/// The names of those that are there.
pub fn names(scope: *py.Scope, arena: std.mem.Allocator, branches: []const py.Weak(Branch)) ![]const []const u8 {
    var found: std.ArrayList([]const u8) = .empty;
    for (branches) |weak| if (try weak.get(scope)) |branch| try found.append(arena, (try branch.get()).name);
    return found.items;
}

/// Saves what Python does not see.
pub const Ledger = struct {
    owner: []const u8,
    _total: i64 = 0,

    const State = struct { []const u8, i64 };

    pub fn add(self: *Ledger, amount: i64) i64 {
        self._total += amount;
        return self._total;
    }

    pub fn __getstate__(self: *const Ledger) State {
        return .{ self.owner, self._total };
    }

    pub fn __setstate__(state: State) !Ledger {
        if (state[1] < 0) return py.raise(.ValueError, "{d} is negative", .{state[1]});
        return .{ .owner = state[0], ._total = state[1] };
    }
};

/// As Ledger, with memory that it frees itself.
pub const Tape = struct {
    cells: []u8,

    pub fn init(allocator: std.mem.Allocator, text: []const u8) !Tape {
        return .{ .cells = try allocator.dupe(u8, text) };
    }

    pub fn deinit(self: *Tape, allocator: std.mem.Allocator) void {
        allocator.free(self.cells);
    }

    pub fn __str__(self: *const Tape) []const u8 {
        return self.cells;
    }

    pub fn __getstate__(self: *const Tape) []const u8 {
        return self.cells;
    }

    pub fn __setstate__(allocator: std.mem.Allocator, state: []const u8) !Tape {
        return init(allocator, state);
    }
};

/// Tells how it is made anew.
pub const Ticket = struct {
    _number: u32,

    pub fn init(number: u32) Ticket {
        return .{ ._number = number };
    }

    pub fn __index__(self: *const Ticket) u32 {
        return self._number;
    }

    pub fn __reduce__(self: py.Ref(Ticket)) !struct { py.Owned, struct { u32 } } {
        return .{ try self.object.get("__class__"), .{(try self.get())._number} };
    }
};

/// Cannot be made by Python.
pub const Sealed = struct {
    _value: u32,

    pub const python = .{ .subclassable = false };

    pub fn make(number: u32) Sealed {
        return .{ ._value = number };
    }

    pub fn value(self: Sealed) u32 {
        return self._value;
    }
};

/// New instances by value, of classes whose instances have more to them than the value.
pub fn again(node: Node) Node {
    return node;
}

pub fn reopened(open: Open) Open {
    return open;
}
