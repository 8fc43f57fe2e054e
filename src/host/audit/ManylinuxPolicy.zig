//! What a manylinux tag lets a library use on one architecture, by auditwheel's tables in `manylinux_policies.txt`.

const std = @import("std");
const Allocator = std.mem.Allocator;
const PlatformTag = @import("../../target/PlatformTag.zig");

const ManylinuxPolicy = @This();

const table = @embedFile("manylinux_policies.txt");

minor: u16,
/// Whether the tag has a policy of its own. For any other, that of the next lower one holds, and glibc is what the tag
/// says.
exact: bool,
libraries: []const []const u8,
/// By prefix: `GLIBC`.
versions: std.StringHashMapUnmanaged(std.ArrayList([]const u8)),
/// By library.
private: std.StringHashMapUnmanaged([]const []const u8),

/// That of `manylinux_2_<minor>_<arch>`. All memory is `arena`'s.
pub fn load(arena: Allocator, arch: PlatformTag.Arch, minor: u16) Allocator.Error!ManylinuxPolicy {
    var policy: ManylinuxPolicy = .{
        .minor = minor,
        .exact = false,
        .libraries = &.{},
        .versions = .empty,
        .private = .empty,
    };
    var libraries: std.ArrayList([]const u8) = .empty;
    const arch_text = if (arch == .x86) "i686" else @tagName(arch);
    var lines: Lines = .{};
    while (try lines.next(arena)) |words| {
        const first = words[0];
        const rest = words[1..];
        if (std.mem.startsWith(u8, first, "manylinux_2_")) {
            const number = std.fmt.parseInt(u16, first["manylinux_2_".len..], 10) catch unreachable; // a test reads all
            if (number > minor) break;
            policy.exact = number == minor;
        } else if (std.mem.eql(u8, first, "libraries")) {
            try libraries.appendSlice(arena, rest);
        } else if (std.mem.eql(u8, first, "private")) {
            try policy.private.put(arena, rest[0], rest[1..]);
        } else if (std.mem.eql(u8, first, arch_text)) {
            const entry = try policy.versions.getOrPutValue(arena, rest[0], .empty);
            try entry.value_ptr.appendSlice(arena, rest[1..]);
        }
    }
    policy.libraries = libraries.items;
    return policy;
}

/// The words of one line after the other, each with the indented ones below it.
const Lines = struct {
    rest: std.mem.TokenIterator(u8, .scalar) = std.mem.tokenizeScalar(u8, table, '\n'),

    fn next(lines: *Lines, arena: Allocator) Allocator.Error!?[]const []const u8 {
        var words: std.ArrayList([]const u8) = .empty;
        while (lines.rest.peek()) |line| {
            if (words.items.len > 0 and !std.mem.startsWith(u8, line, "    ")) break;
            _ = lines.rest.next();
            if (line[0] == '#') continue;
            var parts = std.mem.tokenizeScalar(u8, line, ' ');
            while (parts.next()) |part| try words.append(arena, part);
        }
        return if (words.items.len > 0) words.items else null;
    }
};

pub fn hasLibrary(policy: ManylinuxPolicy, name: []const u8) bool {
    // The loader itself
    if (std.mem.indexOf(u8, name, "ld-linux") != null) return true;
    if (std.mem.eql(u8, name, "ld64.so.1") or std.mem.eql(u8, name, "ld64.so.2")) return true;
    return contains(policy.libraries, name);
}

/// Whether a version such as `GLIBC_2.17` is there. One of a prefix that no policy speaks of is.
pub fn hasVersion(policy: ManylinuxPolicy, name: []const u8) bool {
    const underscore = std.mem.indexOfScalar(u8, name, '_') orelse return true;
    const prefix = name[0..underscore];
    const version = name[underscore + 1 ..];
    const listed = policy.versions.get(prefix) orelse return true;
    if (contains(listed.items, version)) return true;
    if (policy.exact or !std.mem.eql(u8, prefix, "GLIBC")) return false;
    const numbers = parseGlibc(version) orelse return false;
    return numbers.order(.{ .major = 2, .minor = policy.minor }) != .gt;
}

/// `2.17`, or `2.3.4`, whose last number is left away.
fn parseGlibc(text: []const u8) ?PlatformTag.Version {
    var parts = std.mem.splitScalar(u8, text, '.');
    const major = std.fmt.parseInt(u16, parts.first(), 10) catch return null;
    const minor = std.fmt.parseInt(u16, parts.next() orelse return null, 10) catch return null;
    return .{ .major = major, .minor = minor };
}

/// Whether a symbol of a library is its own affair, though it can be linked with.
pub fn isPrivate(policy: ManylinuxPolicy, library: []const u8, symbol: []const u8) bool {
    const symbols = policy.private.get(library) orelse return false;
    return contains(symbols, symbol);
}

/// The libraries that have private symbols.
pub fn privateLibraries(policy: *const ManylinuxPolicy) std.StringHashMapUnmanaged([]const []const u8).KeyIterator {
    return policy.private.keyIterator();
}

fn contains(list: []const []const u8, wanted: []const u8) bool {
    for (list) |item| if (std.mem.eql(u8, item, wanted)) return true;
    return false;
}

test "versions by policy and architecture, as auditwheel has them" {
    var arena: std.heap.ArenaAllocator = .init(std.testing.allocator);
    defer arena.deinit();
    const cases = [_]struct { PlatformTag.Arch, u16, []const u8, bool }{
        .{ .x86_64, 5, "GLIBC_2.5", true },
        .{ .x86_64, 5, "GLIBC_2.6", false },
        .{ .x86_64, 5, "GLIBC_2.2.5", true },
        // A set, not a ceiling: x86_64 never had it.
        .{ .x86_64, 17, "GLIBC_2.0", false },
        .{ .x86, 17, "GLIBC_2.0", true },
        .{ .x86_64, 17, "GLIBC_2.17", true },
        .{ .x86_64, 17, "GLIBC_2.18", false },
        .{ .aarch64, 17, "GLIBC_2.18", true },
        .{ .x86_64, 17, "GLIBC_PRIVATE", false },
        .{ .x86_64, 34, "GLIBC_ABI_DT_RELR", false },
        .{ .x86_64, 36, "GLIBC_ABI_DT_RELR", true },
        .{ .ppc64le, 17, "GLIBCXX_LDBL_3.4", true },
        .{ .x86_64, 17, "GLIBCXX_LDBL_3.4", false },
        .{ .x86_64, 17, "GLIBCXX_3.4.19", true },
        .{ .x86_64, 17, "GLIBCXX_3.4.20", false },
        .{ .x86_64, 5, "ZLIB_1.2.9", false },
        .{ .x86_64, 28, "ZLIB_1.2.9", true },
        // No policy speaks of it.
        .{ .x86_64, 17, "OPENSSL_1_1_0", true },
        .{ .x86_64, 17, "Base", true },
        // Tags without a policy of their own
        .{ .x86_64, 25, "GLIBC_2.25", true },
        .{ .x86_64, 25, "GLIBC_2.26", false },
        .{ .x86_64, 25, "GLIBC_PRIVATE", false },
        .{ .x86_64, 25, "GLIBCXX_3.4.22", true },
        .{ .x86_64, 25, "GLIBCXX_3.4.29", false },
        .{ .x86_64, 42, "GLIBC_2.42", true },
        .{ .x86_64, 42, "GLIBC_2.43", false },
        .{ .riscv64, 31, "GLIBC_2.27", true },
        .{ .riscv64, 31, "GLIBC_2.32", false },
        .{ .loongarch64, 36, "GLIBC_2.36", true },
        .{ .s390x, 17, "GLIBC_2.2", true },
        .{ .armv7l, 17, "GLIBC_2.4", true },
    };
    for (cases) |case| {
        const policy = try load(arena.allocator(), case[0], case[1]);
        errdefer std.debug.print("{t} {d} {s}\n", .{ case[0], case[1], case[2] });
        try std.testing.expectEqual(case[3], policy.hasVersion(case[2]));
    }
}

test "libraries and private symbols" {
    var arena: std.heap.ArenaAllocator = .init(std.testing.allocator);
    defer arena.deinit();
    const old = try load(arena.allocator(), .x86_64, 5);
    const usual = try load(arena.allocator(), .x86_64, 17);
    const new = try load(arena.allocator(), .x86_64, 41);
    for ([_][]const u8{ "libc.so.6", "libm.so.6", "libstdc++.so.6", "ld-linux-x86-64.so.2", "ld64.so.1" }) |name| {
        for ([_]ManylinuxPolicy{ old, usual, new }) |policy| try std.testing.expect(policy.hasLibrary(name));
    }
    for ([_][]const u8{ "libssl.so.3", "libpython3.13.so.1.0", "libc.so", "", "libmvec.so.1" }) |name| {
        try std.testing.expect(!usual.hasLibrary(name));
    }
    try std.testing.expect(!old.hasLibrary("libexpat.so.1"));
    try std.testing.expect(usual.hasLibrary("libexpat.so.1"));
    try std.testing.expect(new.hasLibrary("libmvec.so.1"));
    try std.testing.expect(usual.isPrivate("libc.so.6", "__cxa_thread_atexit_impl"));
    try std.testing.expect(!usual.isPrivate("libm.so.6", "__cxa_thread_atexit_impl"));
    try std.testing.expect(!new.isPrivate("libc.so.6", "__cxa_thread_atexit_impl"));
    try std.testing.expect(usual.isPrivate("libz.so.1", "uncompress2"));
    try std.testing.expect(!new.isPrivate("libz.so.1", "uncompress2"));
    try std.testing.expect(usual.exact and new.exact);
    try std.testing.expect(!(try load(arena.allocator(), .x86_64, 42)).exact);
}
