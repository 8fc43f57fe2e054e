//! The function that Python looks for in an extension module: `PyInit_` and the module's last name, or `PyInitU_` and
//! its Punycode when the name is not ASCII (PEP 489).

const std = @import("std");
const Allocator = std.mem.Allocator;

pub const Error = Allocator.Error || error{
    /// Not dotted identifiers.
    InvalidModuleName,
};

/// Whether a symbol is the entry of some module.
pub fn isEntry(symbol: []const u8) bool {
    return std.mem.startsWith(u8, symbol, "PyInit_") or std.mem.startsWith(u8, symbol, "PyInitU_");
}

/// The symbol for `module`, such as `hello._native`.
pub fn expected(gpa: Allocator, module: []const u8) Error![]u8 {
    var parts = std.mem.splitScalar(u8, module, '.');
    while (parts.next()) |part| if (!isIdentifier(part)) return error.InvalidModuleName;
    const start = if (std.mem.lastIndexOfScalar(u8, module, '.')) |dot| dot + 1 else 0;
    const name = module[start..];

    var result: std.ArrayList(u8) = .empty;
    errdefer result.deinit(gpa);
    const ascii = for (name) |byte| {
        if (!std.ascii.isAscii(byte)) break false;
    } else true;
    if (ascii) {
        try result.appendSlice(gpa, "PyInit_");
        try result.appendSlice(gpa, name);
    } else {
        try result.appendSlice(gpa, "PyInitU_");
        try appendPunycode(gpa, &result, name);
        std.mem.replaceScalar(u8, result.items, '-', '_');
    }
    return result.toOwnedSlice(gpa);
}

/// Any character beyond ASCII passes for a letter: Python itself will say which are.
fn isIdentifier(text: []const u8) bool {
    if (text.len == 0 or std.ascii.isDigit(text[0]) or !std.unicode.utf8ValidateSlice(text)) return false;
    for (text) |byte| {
        if (std.ascii.isAscii(byte) and !std.ascii.isAlphanumeric(byte) and byte != '_') return false;
    }
    return true;
}

/// RFC 3492, as Python's codec of that name does it. `text` is valid UTF-8.
fn appendPunycode(gpa: Allocator, out: *std.ArrayList(u8), text: []const u8) Allocator.Error!void {
    var points: std.ArrayList(u21) = .empty;
    defer points.deinit(gpa);
    var iterator: std.unicode.Utf8Iterator = .{ .bytes = text, .i = 0 };
    while (iterator.nextCodepoint()) |point| {
        try points.append(gpa, point);
        if (point < 0x80) try out.append(gpa, @intCast(point));
    }
    var handled: u32 = 0;
    for (points.items) |point| handled += @intFromBool(point < 0x80);
    const basic = handled;
    if (basic > 0) try out.append(gpa, '-');

    // 64 bits hold the greatest product of a length and a code point.
    var least: u21 = 0x80;
    var delta: u64 = 0;
    var bias: u64 = 72;
    while (handled < points.items.len) {
        var following: u21 = std.math.maxInt(u21);
        for (points.items) |point| {
            if (point >= least) following = @min(following, point);
        }
        delta += @as(u64, following - least) * (handled + 1);
        least = following;
        for (points.items) |point| {
            if (point < least) delta += 1;
            if (point != least) continue;
            try appendNumber(gpa, out, delta, bias);
            bias = adapt(delta, handled + 1, handled == basic);
            delta = 0;
            handled += 1;
        }
        delta += 1;
        least += 1;
    }
}

/// A number in digits whose weights follow from the bias.
fn appendNumber(gpa: Allocator, out: *std.ArrayList(u8), number: u64, bias: u64) Allocator.Error!void {
    const digits = "abcdefghijklmnopqrstuvwxyz0123456789";
    var rest = number;
    var k: u64 = 36;
    while (true) : (k += 36) {
        const threshold = std.math.clamp(k -| bias, 1, 26);
        if (rest < threshold) break;
        try out.append(gpa, digits[@intCast(threshold + (rest - threshold) % (36 - threshold))]);
        rest = (rest - threshold) / (36 - threshold);
    }
    try out.append(gpa, digits[@intCast(rest)]);
}

fn adapt(delta_: u64, count: u64, first: bool) u64 {
    var delta = if (first) delta_ / 700 else delta_ / 2;
    delta += delta / count;
    var k: u64 = 0;
    while (delta > 35 * 26 / 2) : (k += 36) delta /= 35;
    return k + 36 * delta / (delta + 38);
}

test expected {
    const cases = [_]struct { []const u8, []const u8 }{
        .{ "spam", "PyInit_spam" },
        .{ "hello._native", "PyInit__native" },
        .{ "a.b.c1", "PyInit_c1" },
        .{ "lančmít", "PyInitU_lanmt_2sa6t" },
        .{ "スパム", "PyInitU_zck5b2b" },
        .{ "pkg.größe", "PyInitU_gre_6ka8i" },
        .{ "日本語で何か_x", "PyInitU__x_z73ate443oek2ao4bc84j" },
    };
    for (cases) |case| {
        const symbol = try expected(std.testing.allocator, case[0]);
        defer std.testing.allocator.free(symbol);
        try std.testing.expectEqualStrings(case[1], symbol);
        try std.testing.expect(isEntry(symbol));
    }
    for ([_][]const u8{ "", ".", "a.", ".a", "a..b", "a-b", "1a", "a b", "a/b", "a.\xff" }) |module| {
        try std.testing.expectError(error.InvalidModuleName, expected(std.testing.allocator, module));
    }
}
