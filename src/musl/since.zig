//! Functions that came within musl 1.2 and that Zig's standard library calls, so that a module runs on all of 1.2.
//! Linked into the module itself and hidden there.

const std = @import("std");
const linux = std.os.linux;

comptime {
    @export(&statx, .{ .name = "statx", .visibility = .hidden });
}

/// Since musl 1.2.5. Kernels before 4.11 have no such call either: the error is then ENOSYS, as musl's own has it.
fn statx(folder: c_int, path: [*:0]const u8, flags: c_uint, mask: c_uint, result: *anyopaque) callconv(.c) c_int {
    const status: isize = @bitCast(linux.syscall5(
        .statx,
        @bitCast(@as(isize, folder)),
        @intFromPtr(path),
        flags,
        mask,
        @intFromPtr(result),
    ));
    if (status >= 0) return @intCast(status);
    std.c._errno().* = @intCast(-status);
    return -1;
}
