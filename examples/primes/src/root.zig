//! Counts primes on several processors.

const std = @import("std");
const py = @import("alloconda");

const threads_max = 64;

/// Count the primes below `limit`.
///
/// The work is done by `threads` threads, and other Python threads go on meanwhile. Ctrl-C stops it.
pub fn count(limit: u32, options: struct { threads: u8 = 4 }) !u64 {
    if (options.threads == 0 or options.threads > threads_max) {
        return py.raise(.ValueError, "threads must be from 1 to {d}, and it is {d}", .{ threads_max, options.threads });
    }
    var job: Job = .{ .limit = limit };
    var workers: [threads_max]std.Thread = undefined;
    var started: usize = 0;
    defer for (workers[0..started]) |worker| worker.join();
    errdefer job.stopped.store(true, .monotonic);
    while (started < options.threads) : (started += 1) {
        workers[started] = std.Thread.spawn(.{}, Job.work, .{&job}) catch
            return py.raise(.RuntimeError, "a thread cannot be started", .{});
    }
    while (!py.allowThreads(Job.waitForAMoment, .{&job})) try py.checkSignals();
    return job.found.load(.monotonic);
}

/// What the threads share. None of it is Python's.
const Job = struct {
    limit: u32,
    next: std.atomic.Value(u32) = .init(0),
    found: std.atomic.Value(u64) = .init(0),
    done: std.atomic.Value(u32) = .init(0),
    stopped: std.atomic.Value(bool) = .init(false),

    const block = 1 << 12;

    fn work(job: *Job) void {
        while (!job.stopped.load(.monotonic)) {
            const start = job.next.fetchAdd(1, .monotonic);
            if (@as(u64, start) * block >= job.limit) break;
            const first: u64 = @as(u64, start) * block;
            var found: u64 = 0;
            for (first..@min(first + block, job.limit)) |n| found += @intFromBool(isPrime(n));
            _ = job.found.fetchAdd(found, .monotonic);
            _ = job.done.fetchAdd(1, .monotonic);
        }
    }

    /// Whether all blocks are done, after a few milliseconds at the most. Runs without the interpreter's lock.
    fn waitForAMoment(job: *Job) bool {
        const blocks = std.math.divCeil(u32, job.limit, block) catch unreachable;
        for (0..100) |_| {
            if (job.done.load(.monotonic) >= blocks) return true;
            std.Thread.yield() catch {};
        }
        return false;
    }
};

fn isPrime(n: u64) bool {
    if (n < 4) return n > 1;
    if (n % 2 == 0 or n % 3 == 0) return false;
    var divisor: u64 = 5;
    while (divisor * divisor <= n) : (divisor += 6) {
        if (n % divisor == 0 or n % (divisor + 2) == 0) return false;
    }
    return true;
}

/// Whether `n` is prime. Other Python threads go on meanwhile.
pub fn is_prime(n: u64) bool {
    return isPrime(n);
}

pub const python = .{ .members = .{ .is_prime = .{ .release_gil = true, .positional_only = 1 } } };

test isPrime {
    const primes = [_]u64{ 2, 3, 5, 7, 11, 13, 4093, 65537 };
    for (primes) |n| try std.testing.expect(isPrime(n));
    for ([_]u64{ 0, 1, 4, 9, 25, 4095, 65536 }) |n| try std.testing.expect(!isPrime(n));
}
