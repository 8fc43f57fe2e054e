//! `host fat`: joins Mach-O libraries of several architectures to one universal file. Every slice stays byte for byte what
//! it was, so that its signature stays valid. Source of the layout: <mach-o/fat.h>, and cctools' lipo for alignments.

const std = @import("std");
const Allocator = std.mem.Allocator;
const io = @import("../compat/io.zig");
const Arguments = @import("Arguments.zig");

pub const usage = "host fat LIBRARY... --output FILE";

/// Slices begin at multiples of the largest page size of any Mac.
const alignment_log2 = 14;
const alignment = 1 << alignment_log2;
const magic: u32 = 0xcafebabe;
const magic_thin_64: u32 = 0xfeedfacf;
const header_size = 8;
const entry_size = 20;
/// More architectures than there have ever been.
const slices_max = 8;

pub const Error = error{ NotThinMachO, SameArchitecture, TooManySlices, TooLarge } || Allocator.Error;

/// The universal file of thin 64-bit Mach-O files, in their order. The caller owns the memory.
pub fn join(gpa: Allocator, slices: []const []const u8) Error![]u8 {
    if (slices.len > slices_max) return error.TooManySlices;
    var size: u64 = header_size + entry_size * slices.len;
    for (slices) |slice| size = std.mem.alignForward(u64, size, alignment) + slice.len;
    // All offsets of this format have 32 bits.
    if (size > std.math.maxInt(u32)) return error.TooLarge;

    const file = try gpa.alloc(u8, @intCast(size));
    errdefer gpa.free(file);
    @memset(file, 0);
    std.mem.writeInt(u32, file[0..4], magic, .big);
    std.mem.writeInt(u32, file[4..8], @intCast(slices.len), .big);
    var offset: usize = header_size + entry_size * slices.len;
    for (slices, 0..) |slice, i| {
        if (slice.len < 32 or std.mem.readInt(u32, slice[0..4], .little) != magic_thin_64) return error.NotThinMachO;
        const cpu = slice[4..12];
        for (slices[0..i]) |other| {
            if (std.mem.eql(u8, other[4..8], cpu[0..4])) return error.SameArchitecture;
        }
        offset = std.mem.alignForward(usize, offset, alignment);
        const entry = file[header_size + entry_size * i ..][0..entry_size];
        std.mem.writeInt(u32, entry[0..4], std.mem.readInt(u32, cpu[0..4], .little), .big);
        std.mem.writeInt(u32, entry[4..8], std.mem.readInt(u32, cpu[4..8], .little), .big);
        std.mem.writeInt(u32, entry[8..12], @intCast(offset), .big);
        std.mem.writeInt(u32, entry[12..16], @intCast(slice.len), .big);
        std.mem.writeInt(u32, entry[16..20], alignment_log2, .big);
        @memcpy(file[offset..][0..slice.len], slice);
        offset += slice.len;
    }
    return file;
}

pub fn run(context: io.Context) !void {
    var arguments: Arguments = .init(context);
    var output: ?[]const u8 = null;
    var slices: std.ArrayList([]const u8) = .empty;
    while (arguments.next()) |argument| switch (argument) {
        .positional => |path| try slices.append(context.arena, try arguments.readFile(path)),
        .option => |name| if (std.mem.eql(u8, name, "--output")) {
            output = try arguments.once(output, name, try arguments.value());
        } else return arguments.unknown(name),
    };
    const file = join(context.arena, slices.items) catch |err| {
        context.printError("the libraries cannot be joined to a universal one ({t})", .{err});
        return error.Reported;
    };
    try arguments.writeFile(try arguments.required(output, "--output"), file);
}

/// A Mach-O file as far as `join` looks at it.
fn thin(comptime cpu_type: u32, comptime fill: u8) [100]u8 {
    var file: [100]u8 = @splat(fill);
    std.mem.writeInt(u32, file[0..4], magic_thin_64, .little);
    std.mem.writeInt(u32, file[4..8], cpu_type, .little);
    std.mem.writeInt(u32, file[8..12], 3, .little);
    return file;
}

test "slices stay what they were, at aligned places" {
    const x86_64 = thin(0x01000007, 'x');
    const arm64 = thin(0x0100000c, 'a');
    const file = try join(std.testing.allocator, &.{ &x86_64, &arm64 });
    defer std.testing.allocator.free(file);
    try std.testing.expectEqualSlices(u8, "\xca\xfe\xba\xbe\x00\x00\x00\x02", file[0..8]);
    try std.testing.expectEqualSlices(u8, &x86_64, file[0x4000..][0..100]);
    try std.testing.expectEqualSlices(u8, &arm64, file[0x8000..][0..100]);
    try std.testing.expectEqualSlices(u8, "\x01\x00\x00\x0c\x00\x00\x00\x03\x00\x00\x80\x00\x00\x00\x00\x64\x00\x00\x00\x0e", file[28..48]);
    try std.testing.expectEqual(0x8000 + 100, file.len);
}

test "what cannot be joined" {
    const x86_64 = thin(0x01000007, 0);
    try std.testing.expectError(error.SameArchitecture, join(std.testing.allocator, &.{ &x86_64, &x86_64 }));
    try std.testing.expectError(error.NotThinMachO, join(std.testing.allocator, &.{ &x86_64, "\x7fELF" }));
    try std.testing.expectError(error.NotThinMachO, join(std.testing.allocator, &.{""}));
}
