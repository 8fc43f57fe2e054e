//! A map from intervals to objects.

const std = @import("std");
const py = @import("alloconda");

/// What the map holds: a half-open interval, and an object. Intervals are ordered by where they start, then by where
/// they stop.
pub const Interval = struct {
    start: f64,
    stop: f64,
    value: ?py.Object = null,

    pub const python = .{ .frozen = true };

    pub fn order(self: *const Interval, other: *const Interval) std.math.Order {
        const by_start = std.math.order(self.start, other.start);
        return if (by_start == .eq) std.math.order(self.stop, other.stop) else by_start;
    }

    pub fn hash(self: *const Interval) u64 {
        // Equal numbers have equal bits, but for the two zeros.
        return std.hash.int(@as(u64, @bitCast(self.start + 0))) ^ @as(u64, @bitCast(self.stop + 0));
    }

    /// How long the interval is.
    pub const length = py.property(.{ .get = getLength });

    fn getLength(self: *const Interval) f64 {
        return self.stop - self.start;
    }

    pub fn __contains__(self: *const Interval, point: f64) bool {
        return self.start <= point and point < self.stop;
    }

    /// Whether the two have a point in common.
    pub fn overlaps(self: *const Interval, other: *const Interval) bool {
        return self.start < other.stop and other.start < self.stop;
    }
};

/// Numbers that NumPy, memoryview and others read where they are: `numpy.asarray(map.starts)` copies nothing.
pub const Column = struct {
    _numbers: []const f64,

    pub fn __len__(self: *const Column) usize {
        return self._numbers.len;
    }

    pub fn __buffer__(self: *const Column) []const f64 {
        return self._numbers;
    }
};

const Entry = struct {
    start: f64,
    stop: f64,
    /// The last stop of this entry and all before it: where to end a search to the left.
    reach: f64,
    value: ?py.Owned,
};

/// A map from intervals to objects. Intervals may overlap, and be there more than once.
pub const IntervalMap = struct {
    /// Sorted by start; among equal ones, as they were added.
    _entries: std.ArrayList(Entry),

    pub fn init() IntervalMap {
        return .{ ._entries = .empty };
    }

    pub fn deinit(self: *IntervalMap) void {
        for (self._entries.items) |entry| if (entry.value) |value| value.deinit();
        self._entries.deinit(py.allocator);
    }

    /// Add an interval that ends before `stop`.
    pub fn add(self: *IntervalMap, start: f64, stop: f64, value: ?py.Object) !void {
        if (!(start < stop)) return py.raise(.ValueError, "an interval from {d} to {d} is empty", .{ start, stop });
        const index = self.firstFrom(start, .after);
        try self._entries.insert(py.allocator, index, .{
            .start = start,
            .stop = stop,
            .reach = stop,
            .value = if (value) |object| object.own() else null,
        });
        self.updateReach(index);
    }

    /// Remove the first interval with exactly these ends, and return its value.
    pub fn pop(self: *IntervalMap, start: f64, stop: f64) !?py.Owned {
        var index = self.firstFrom(start, .at);
        const entries = self._entries.items;
        while (index < entries.len and entries[index].start == start) : (index += 1) {
            if (entries[index].stop != stop) continue;
            const entry = self._entries.orderedRemove(index);
            self.updateReach(index);
            return entry.value;
        }
        return py.raise(.KeyError, "no interval from {d} to {d}", .{ start, stop });
    }

    /// Remove all intervals.
    pub fn clear(self: *IntervalMap) void {
        var old = self.*;
        self.* = init();
        old.deinit();
    }

    /// The intervals that contain a point, from the last start to the first.
    pub fn at(self: py.Ref(IntervalMap), point: f64) !Search {
        return .{ .map = self, .left = point, .right = point, .index = (try self.get()).firstFrom(point, .after) };
    }

    /// The intervals that have a point in common with the one from `start` to `stop`, from the last start to the first.
    pub fn overlapping(self: py.Ref(IntervalMap), start: f64, stop: f64) !Search {
        return .{ .map = self, .left = start, .right = stop, .index = (try self.get()).firstFrom(stop, .at) };
    }

    pub fn __len__(self: *const IntervalMap) usize {
        return self._entries.items.len;
    }

    pub fn __contains__(self: *const IntervalMap, point: f64) bool {
        var index = self.firstFrom(point, .after);
        while (index > 0) {
            index -= 1;
            const entry = self._entries.items[index];
            if (entry.reach <= point) return false;
            if (entry.stop > point) return true;
        }
        return false;
    }

    const Key = union(enum) { index: isize, slice: py.Slice };
    const Found = union(enum) { one: Interval, several: []const Interval };

    /// An interval by its place, or a list of them by a slice.
    pub fn __getitem__(self: *const IntervalMap, arena: std.mem.Allocator, key: Key) !Found {
        const entries = self._entries.items;
        switch (key) {
            .index => |index| {
                const length: isize = @intCast(entries.len);
                const place = if (index < 0) index + length else index;
                if (place < 0 or place >= length) return py.raise(.IndexError, "interval index out of range", .{});
                return .{ .one = intervalOf(entries[@intCast(place)]) };
            },
            .slice => |slice| {
                const range = slice.of(entries.len);
                const found = try arena.alloc(Interval, range.count);
                for (found, 0..) |*interval, i| interval.* = intervalOf(entries[range.index(i)]);
                return .{ .several = found };
            },
        }
    }

    /// Where the intervals start, in order, at this moment.
    pub const starts = py.property(.{ .get = getStarts });
    /// Where the intervals stop, in the order of their starts, at this moment.
    pub const stops = py.property(.{ .get = getStops });

    fn getStarts(self: *const IntervalMap, arena: std.mem.Allocator) !Column {
        const numbers = try arena.alloc(f64, self._entries.items.len);
        for (numbers, self._entries.items) |*number, entry| number.* = entry.start;
        return .{ ._numbers = numbers };
    }

    fn getStops(self: *const IntervalMap, arena: std.mem.Allocator) !Column {
        const numbers = try arena.alloc(f64, self._entries.items.len);
        for (numbers, self._entries.items) |*number, entry| number.* = entry.stop;
        return .{ ._numbers = numbers };
    }

    pub fn iterator(self: py.Ref(IntervalMap)) Iterator {
        return .{ .map = self };
    }

    /// Goes through a map in order. A map that changes meanwhile is gone through as it then is.
    pub const Iterator = struct {
        map: py.Ref(IntervalMap),
        _index: usize = 0,

        pub fn next(self: *Iterator) !?Interval {
            const entries = (try self.map.get())._entries.items;
            if (self._index >= entries.len) return null;
            defer self._index += 1;
            return intervalOf(entries[self._index]);
        }
    };

    /// What a search finds.
    pub const Search = struct {
        map: py.Ref(IntervalMap),
        left: f64,
        right: f64,
        index: usize,

        pub const python = .{ .members = .{
            .map = .{ .hidden = true },
            .left = .{ .hidden = true },
            .right = .{ .hidden = true },
            .index = .{ .hidden = true },
        } };

        pub fn next(self: *Search) !?Interval {
            const entries = (try self.map.get())._entries.items;
            self.index = @min(self.index, entries.len);
            while (self.index > 0) {
                self.index -= 1;
                const entry = entries[self.index];
                if (entry.reach <= self.left) return null;
                if (entry.stop > self.left) return intervalOf(entry);
            }
            return null;
        }
    };

    /// Index of the first entry that starts at `start` or later; with `.after`, later.
    fn firstFrom(self: *const IntervalMap, start: f64, comptime where: enum { at, after }) usize {
        var low: usize = 0;
        var high = self._entries.items.len;
        while (low < high) {
            const middle = low + (high - low) / 2;
            const found = self._entries.items[middle].start;
            if (found < start or (where == .after and found == start)) low = middle + 1 else high = middle;
        }
        return low;
    }

    fn updateReach(self: *IntervalMap, from: usize) void {
        const entries = self._entries.items;
        for (from..entries.len) |i| {
            entries[i].reach = if (i == 0) entries[i].stop else @max(entries[i].stop, entries[i - 1].reach);
        }
    }
};

fn intervalOf(entry: Entry) Interval {
    return .{ .start = entry.start, .stop = entry.stop, .value = if (entry.value) |value| value.object else null };
}
