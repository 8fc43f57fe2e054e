//! The code signature at the end of a Mach-O library: whether its hashes are those of the bytes that it covers. Who
//! signed is not looked at, since what linkers write ("ad hoc") names nobody. An arm64 Mac refuses to load a library
//! whose hashes are wrong, as they are after any tool has changed the file.

const std = @import("std");
const Binary = @import("Binary.zig");
const Bytes = @import("Bytes.zig");

const Error = Binary.Error;
const Sha1 = std.crypto.hash.Sha1;
const Sha256 = std.crypto.hash.sha2.Sha256;

/// One for each kind of hash.
const directories_max = 8;

/// `file` is one architecture; the signature is at `offset` in it.
pub fn verify(file: []const u8, offset: u64, size: u64) Binary.Signature {
    const good = check(file, offset, size) catch false;
    return if (good) .valid else .damaged;
}

fn check(file: []const u8, offset: u64, size: u64) Error!bool {
    const outer: Bytes = .{ .all = file, .bits = 64, .endian = .big };
    const signature: Bytes = .{ .all = try outer.slice(offset, size), .bits = 64, .endian = .big };
    const embedded_signature = 0xfade0cc0;
    if (try signature.int(u32, 0) != embedded_signature) return false;
    const count = try signature.int(u32, 8);
    _ = try signature.table(12, count, 8);

    const code_directory = 0xfade0c02;
    var directories: u32 = 0;
    var strong = false;
    for (0..count) |index| {
        const place = try signature.int(u32, 12 + 8 * index + 4);
        if (try signature.int(u32, place) != code_directory) continue;
        directories += 1;
        if (directories > directories_max) return false;
        const length = try signature.int(u32, try Bytes.add(place, 4));
        const directory: Bytes = .{ .all = try signature.slice(place, length), .bits = 64, .endian = .big };
        const hash_type = try directory.int(u8, 37);
        const good = switch (hash_type) {
            1 => try pagesAgree(Sha1, file[0..@intCast(offset)], directory),
            2 => try pagesAgree(Sha256, file[0..@intCast(offset)], directory),
            // A kind that only newer systems know must stand beside one of the others.
            else => continue,
        };
        if (!good) return false;
        if (hash_type == 2) strong = true;
    }
    return strong;
}

/// Whether the directory covers all of `code`, which is what stands before the signature, with the right hashes.
fn pagesAgree(comptime Hash: type, code: []const u8, directory: Bytes) Error!bool {
    const hashes_offset = try directory.int(u32, 16);
    const count = try directory.int(u32, 28);
    const hash_size = try directory.int(u8, 36);
    const page_size_log2 = try directory.int(u8, 39);
    if (hash_size != Hash.digest_length or page_size_log2 > 30) return false;
    const page_size: usize = if (page_size_log2 == 0) @max(code.len, 1) else @as(usize, 1) << @intCast(page_size_log2);

    const has_wide_limit = try directory.int(u32, 8) >= 0x20300;
    const wide_limit = if (has_wide_limit) try directory.int(u64, 56) else 0;
    const limit = if (wide_limit != 0) wide_limit else try directory.int(u32, 32);
    const pages = code.len / page_size + @intFromBool(code.len % page_size != 0);
    if (limit != code.len or count != pages) return false;

    const hashes = try directory.table(hashes_offset, count, hash_size);
    for (0..pages) |page| {
        const start = page * page_size;
        var hash: [Hash.digest_length]u8 = undefined;
        Hash.hash(code[start..@min(start + page_size, code.len)], &hash, .{});
        if (!std.mem.eql(u8, &hash, hashes[page * hash.len ..][0..hash.len])) return false;
    }
    return true;
}
