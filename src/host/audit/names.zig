//! Tables of what systems have: text files with a name at the start of each line, sorted by bytes. Pure look-ups.

const std = @import("std");

/// glibc's symbols, each with the version that brought it.
pub const glibc_symbols: Names = .init(@embedFile("glibc_symbols.txt"));
/// musl's symbols, each with the version that brought it and the architectures that have it.
pub const musl_symbols: Names = .init(@embedFile("../../musl/symbols.txt"));
/// The DLLs of Windows, in small letters, with architectures where not all have it.
pub const windows_libraries: Names = .init(@embedFile("windows_libraries.txt"));

pub const Names = struct {
    /// The file without the comment at its top.
    lines: []const u8,

    fn init(comptime text: []const u8) Names {
        @setEvalBranchQuota(10_000);
        var start: usize = 0;
        while (text[start] == '#') start = std.mem.indexOfScalarPos(u8, text, start, '\n').? + 1;
        return .{ .lines = text[start..] };
    }

    /// What follows `name` on its line, or null when there is none. `name` may be anything.
    pub fn find(names: Names, name: []const u8) ?[]const u8 {
        // Between `low` and `high` lie whole lines, one of which is the wanted one if there is any.
        var low: usize = 0;
        var high = names.lines.len;
        while (low < high) {
            const middle = low + (high - low) / 2;
            const start = if (std.mem.lastIndexOfScalar(u8, names.lines[low..middle], '\n')) |at| low + at + 1 else low;
            const end = start + std.mem.indexOfScalar(u8, names.lines[start..], '\n').?;
            const line = names.lines[start..end];
            const name_end = std.mem.indexOfScalar(u8, line, ' ') orelse line.len;
            switch (std.mem.order(u8, name, line[0..name_end])) {
                .eq => return line[@min(name_end + 1, line.len)..],
                .lt => high = start,
                .gt => low = end + 1,
            }
        }
        return null;
    }
};

test "what systems have" {
    const cases = [_]struct { Names, []const u8, ?[]const u8 }{
        .{ glibc_symbols, "getrandom", "2.25" },
        .{ glibc_symbols, "malloc", "2.0" },
        .{ glibc_symbols, "arc4random", "2.36" },
        .{ glibc_symbols, "__libc_single_threaded", "2.32" },
        .{ glibc_symbols, "no_such_function", null },
        .{ musl_symbols, "malloc", "1.2.0 *" },
        .{ musl_symbols, "getrandom", "1.2.0 *" },
        .{ musl_symbols, "__ctype_b_loc", "1.2.0 *" },
        .{ musl_symbols, "statx", "1.2.5 *" },
        .{ musl_symbols, "backtrace", null },
        .{ windows_libraries, "kernel32.dll", "" },
        .{ windows_libraries, "ws2_32.dll", "" },
        .{ windows_libraries, "bcryptprimitives.dll", "" },
        .{ windows_libraries, "ntdll.dll", "" },
        .{ windows_libraries, "msvcrt40.dll", "x86" },
        .{ windows_libraries, "libgcc_s_seh-1.dll", null },
        .{ windows_libraries, "msvcp140.dll", null },
        .{ windows_libraries, "KERNEL32.dll", null },
        .{ windows_libraries, "", null },
    };
    for (cases) |case| try std.testing.expectEqualDeep(case[2], case[0].find(case[1]));
}

test "lines are sorted and unique, and each is found" {
    for ([_]Names{ glibc_symbols, musl_symbols, windows_libraries }) |names| {
        var lines = std.mem.tokenizeScalar(u8, names.lines, '\n');
        var before: []const u8 = "";
        while (lines.next()) |line| {
            const name = std.mem.sliceTo(line, ' ');
            try std.testing.expectEqual(std.math.Order.lt, std.mem.order(u8, before, name));
            try std.testing.expect(names.find(name) != null);
            before = name;
        }
    }
}
