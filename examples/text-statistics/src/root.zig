//! Words of texts: lists, tuples, dicts and iterators between Python and Zig.

const std = @import("std");
const py = @import("alloconda");

/// How often each word occurs, in the order of the text.
const Counts = std.StringArrayHashMapUnmanaged(usize);

const not_in_words = " \t\r\n.,;:!?\"()[]";

/// The words of a text, one after the other. The text is read as the words are asked for.
pub fn words(text: []const u8) std.mem.TokenIterator(u8, .any) {
    return std.mem.tokenizeAny(u8, text, not_in_words);
}

/// How often each word occurs in a text, in the order in which they first come. `least` leaves out shorter words.
pub fn counts(arena: std.mem.Allocator, text: []const u8, options: struct { least: usize = 1 }) error{OutOfMemory}!Counts {
    var result: Counts = .empty;
    try count(arena, text, options.least, &result);
    return result;
}

/// The sum of several counts.
pub fn merge(arena: std.mem.Allocator, all: py.ArgsOf(Counts)) error{ OutOfMemory, Overflow }!Counts {
    var result: Counts = .empty;
    for (all.items) |one| {
        var entries = one.iterator();
        while (entries.next()) |entry| try add(arena, &result, entry.key_ptr.*, entry.value_ptr.*);
    }
    return result;
}

const Counted = struct { []const u8, usize };

/// The most frequent words and how often they occur, the first ones first; all of them without a limit.
pub fn most_common(arena: std.mem.Allocator, of: Counts, limit: ?usize) error{OutOfMemory}![]const Counted {
    const result = try arena.alloc(Counted, of.count());
    for (result, of.keys(), of.values()) |*counted, word, number| counted.* = .{ word, number };
    std.mem.sort(Counted, result, {}, moreFrequent);
    return result[0..@min(limit orelse result.len, result.len)];
}

fn moreFrequent(_: void, a: Counted, b: Counted) bool {
    return a[1] > b[1];
}

/// Becomes a dict with these keys.
const Summary = struct {
    texts: usize = 0,
    words: usize = 0,
    different_words: usize = 0,
    longest: ?[]const u8 = null,
};

/// Numbers about any number of texts: a list, a file, a generator.
pub fn summary(arena: std.mem.Allocator, texts: py.Iterator([]const u8)) error{ OutOfMemory, Python }!Summary {
    var seen: Counts = .empty;
    var result: Summary = .{};
    while (try texts.next()) |text| {
        result.texts += 1;
        try count(arena, text, 1, &seen);
    }
    for (seen.keys(), seen.values()) |word, number| {
        result.words += number;
        if (result.longest == null or word.len > result.longest.?.len) result.longest = word;
    }
    result.different_words = seen.count();
    return result;
}

fn count(arena: std.mem.Allocator, text: []const u8, least: usize, into: *Counts) error{OutOfMemory}!void {
    var each = words(text);
    while (each.next()) |word| {
        if (word.len < least) continue;
        const entry = try into.getOrPut(arena, word);
        if (entry.found_existing) entry.value_ptr.* += 1 else entry.value_ptr.* = 1;
    }
}

fn add(arena: std.mem.Allocator, to: *Counts, word: []const u8, number: usize) error{ OutOfMemory, Overflow }!void {
    const entry = try to.getOrPut(arena, word);
    entry.value_ptr.* = if (entry.found_existing) try std.math.add(usize, entry.value_ptr.*, number) else number;
}

test "words are counted in the order of the text" {
    var arena: std.heap.ArenaAllocator = .init(std.testing.allocator);
    defer arena.deinit();
    const result = try counts(arena.allocator(), "to be, or not to be", .{});
    try std.testing.expectEqual(4, result.count());
    try std.testing.expectEqualStrings("to", result.keys()[0]);
    try std.testing.expectEqual(2, result.get("be").?);
}
