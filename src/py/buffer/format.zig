//! What the items of a buffer are: the formats of PEP 3118, which are those of Python's `struct` module and `Z` for complex.

const std = @import("std");
const builtin = @import("builtin");

/// The type of items that a Zig function works with.
pub const Item = struct {
    kind: Kind,
    size: usize,
    /// For messages.
    name: [:0]const u8,

    pub const Kind = enum { signed, unsigned, float, complex };

    /// Integers and floats of 1, 2, 4 or 8 bytes, and complex numbers of them.
    pub fn of(comptime T: type) Item {
        const kind: Kind = switch (@typeInfo(T)) {
            .int => |info| if (info.signedness == .signed) .signed else .unsigned,
            .float => .float,
            .@"struct" => if (T == std.math.Complex(f32) or T == std.math.Complex(f64)) .complex else refuse(T),
            else => refuse(T),
        };
        if (kind != .complex and (@bitSizeOf(T) != 8 * @sizeOf(T) or @sizeOf(T) > 8)) refuse(T);
        return .{ .kind = kind, .size = @sizeOf(T), .name = if (kind == .complex) "complex" else @typeName(T) };
    }

    fn refuse(comptime T: type) noreturn {
        const hint = if (T == bool) " (u8 takes a buffer of bool, whose bytes may be other than 0 and 1)" else "";
        @compileError("a buffer of " ++ @typeName(T) ++ " is not known to Python: use an integer or float of 8, 16, 32 or 64 bits, " ++
            "or std.math.Complex of f32 or f64" ++ hint);
    }

    /// The format that a buffer of such items is given.
    pub fn format(comptime item: Item) [:0]const u8 {
        return switch (item.kind) {
            .signed => switch (item.size) {
                1 => "b",
                2 => "h",
                4 => "i",
                else => if (@sizeOf(c_long) == 8) "l" else "q",
            },
            .unsigned => switch (item.size) {
                1 => "B",
                2 => "H",
                4 => "I",
                else => if (@sizeOf(c_long) == 8) "L" else "Q",
            },
            .float => switch (item.size) {
                2 => "e",
                4 => "f",
                else => "d",
            },
            .complex => if (item.size == 8) "Zf" else "Zd",
        };
    }

    /// Whether a buffer of that format has such items, in the byte order of this machine.
    pub fn isIn(item: *const Item, text: []const u8, size: usize) bool {
        if (item.size != size or text.len == 0) return false;
        const prefixed = std.mem.indexOfScalar(u8, "@=<>!^", text[0]) != null;
        const order: std.builtin.Endian = switch (text[0]) {
            '<' => .little,
            '>', '!' => .big,
            else => native,
        };
        return (order == native or size == 1) and item.kind == kindOf(text[@intFromBool(prefixed)..], size);
    }

    const native = builtin.cpu.arch.endian();
};

/// What a code of `struct` means for items of that size; null where it means something else, or several things.
fn kindOf(code: []const u8, size: usize) ?Item.Kind {
    if (code.len == 2 and code[0] == 'Z') return if (kindOf(code[1..], size / 2) == .float) .complex else null;
    if (code.len != 1) return null;
    const kind: Item.Kind, const code_size = switch (code[0]) {
        'b' => .{ .signed, 1 },
        'h' => .{ .signed, 2 },
        'i' => .{ .signed, 4 },
        'q' => .{ .signed, 8 },
        // 4 or 8 bytes.
        'l', 'n' => .{ .signed, size },
        // The last two are a byte of text, and a bool.
        'B', 'c', '?' => .{ .unsigned, 1 },
        'H' => .{ .unsigned, 2 },
        'I' => .{ .unsigned, 4 },
        'Q' => .{ .unsigned, 8 },
        'L', 'N' => .{ .unsigned, size },
        'e' => .{ .float, 2 },
        'f' => .{ .float, 4 },
        'd' => .{ .float, 8 },
        // Since Python 3.14.
        'F' => .{ .complex, 8 },
        'D' => .{ .complex, 16 },
        else => return null,
    };
    return if (size == code_size) kind else null;
}

test "formats" {
    const foreign: []const u8 = if (Item.native == .little) ">" else "<";
    const double: Item = .of(f64);
    for ([_][]const u8{ "d", "@d", "=d", "^d" }) |text| try std.testing.expect(double.isIn(text, 8));
    try std.testing.expect(!double.isIn(foreign ++ "d", 8));
    for ([_][]const u8{ "", "@", "f", "q", "dd", "2d", "Zd", "T{d:x:}", "O", "x", "g" }) |text| try std.testing.expect(!double.isIn(text, 8));
    try std.testing.expect(!double.isIn("d", 16));

    const byte: Item = .of(u8);
    for ([_][]const u8{ "B", "c", "?", "<B", ">B", "!B" }) |text| try std.testing.expect(byte.isIn(text, 1));
    for ([_][]const u8{ "b", "s", "H" }) |text| try std.testing.expect(!byte.isIn(text, 1));

    const long: Item = .of(i64);
    try std.testing.expect(long.isIn("l", 8) and long.isIn("q", 8) and long.isIn("n", 8) and !long.isIn("Q", 8) and !long.isIn("l", 4));

    const complex: Item = .of(std.math.Complex(f64));
    try std.testing.expect(complex.isIn("Zd", 16) and complex.isIn("D", 16) and !complex.isIn("d", 16) and !complex.isIn("Zi", 16));

    inline for (.{ i8, u8, i16, u16, i32, u32, i64, u64, f16, f32, f64, std.math.Complex(f32), std.math.Complex(f64) }) |T| {
        const item: Item = comptime .of(T);
        try std.testing.expect(item.isIn(comptime item.format(), @sizeOf(T)));
    }
}
