//! What to build for: the Python targets that the options mean, for one wheel or for all of them.

const Matrix = @This();

const std = @import("std");
const PlatformTag = @import("../target/PlatformTag.zig");
const PythonTarget = @import("../target/PythonTarget.zig");
const PythonVersion = @import("../target/PythonVersion.zig");

/// For the steps `install` and `wheel`.
one: []const PythonTarget,
/// For the step `wheel-all`.
all: []const PythonTarget,
/// The platform of `-Dtarget`, which is compiled for whatever platform tag the wheel gets.
compiled: ?PlatformTag,

/// The options that say what to build for, as text.
pub const Wanted = struct {
    versions: []const []const u8,
    platforms: []const []const u8,
    zig_target: ?[]const u8,
    stable: ?[]const u8,
    /// Whether that is `-Dstable-abi`, and not what build.zig asks for, which the tags win over.
    stable_is_option: bool,
    python_tag: ?[]const u8,
    abi_tag: ?[]const u8,
    include_musllinux: bool,
    include_windows: bool,
};

/// What `wheel-all` builds for when no platform is named.
const default_platforms = [_][]const u8{
    "macosx_11_0_arm64",
    "macosx_10_13_x86_64",
    "manylinux_2_28_x86_64",
    "manylinux_2_28_aarch64",
};
const musllinux_platforms = [_][]const u8{ "musllinux_1_2_x86_64", "musllinux_1_2_aarch64" };
const windows_platforms = [_][]const u8{ "win_amd64", "win_arm64" };

/// `problem` is set to a sentence for the user when the options make no sense; the matrix is then empty.
pub fn init(b: *std.Build, wanted: Wanted, problem: *?[]const u8) Matrix {
    var reader: Reader = .{ .b = b, .wanted = wanted, .problem = problem };
    return reader.matrix() catch .{ .one = &.{}, .all = &.{}, .compiled = null };
}

/// Some target of those, for what does not depend on it. Null when there is none.
pub fn any(matrix: Matrix) ?PythonTarget {
    if (matrix.one.len > 0) return matrix.one[0];
    return if (matrix.all.len > 0) matrix.all[0] else null;
}

/// The Zig target that is asked for, with the baseline processor, if it is one.
pub fn query(wanted: Wanted) ?std.Target.Query {
    var result = std.Target.Query.parse(.{ .arch_os_abi = wanted.zig_target orelse return null }) catch return null;
    result.cpu_model = .baseline;
    return result;
}

/// A version and its ABI, not yet for a platform.
const Python = PythonTarget.VersionAndAbi;

const Reader = struct {
    b: *std.Build,
    wanted: Wanted,
    problem: *?[]const u8,

    const Error = error{Refused};

    fn matrix(reader: *Reader) Error!Matrix {
        const compiled = try reader.compiledPlatform();
        const pythons = try reader.readPythons();
        const named = try reader.readPlatforms(reader.wanted.platforms);
        const one = if (named.len > 0) named else if (compiled) |platform| reader.single(PlatformTag, platform) else try reader.hostPlatform();
        const all = if (named.len > 0 or compiled != null) one else try reader.allPlatforms();
        return .{ .one = reader.product(pythons, one), .all = reader.product(pythons, all), .compiled = compiled };
    }

    fn product(reader: *Reader, pythons: []const Python, platforms: []const PlatformTag) []const PythonTarget {
        const targets = reader.b.allocator.alloc(PythonTarget, pythons.len * platforms.len) catch @panic("OOM");
        for (targets, 0..) |*target, i| {
            const python = pythons[i % pythons.len];
            target.* = .{ .version = python.version, .abi = python.abi, .platform = platforms[i / pythons.len] };
        }
        return targets;
    }

    fn readPythons(reader: *Reader) Error![]const Python {
        const wanted = reader.wanted;
        if (wanted.python_tag != null or wanted.abi_tag != null) return reader.pythonOfTags();
        var pythons: std.ArrayList(Python) = .empty;
        for (wanted.versions) |text| {
            if (std.mem.eql(u8, text, "all")) {
                var version = PythonVersion.min;
                while (version.order(.newest_released) != .gt) : (version.minor += 1) {
                    reader.add(Python, &pythons, .{ .version = version, .abi = .gil });
                }
            } else reader.add(Python, &pythons, try reader.readVersion(text));
        }
        const floor = try reader.stableFloor() orelse return pythons.items;
        for (pythons.items) |python| try reader.requireStable(python, floor);
        return reader.single(Python, .{ .version = floor, .abi = .stable });
    }

    fn requireStable(reader: *Reader, python: Python, floor: PythonVersion) Error!void {
        const version = python.version.text(reader.b.allocator) catch @panic("OOM");
        if (python.abi == .free_threaded) {
            return reader.refuse("free-threaded Python {s}t has no stable ABI: leave out the 't', or set stable-abi to false", .{version});
        }
        if (python.version.order(floor) == .lt) {
            return reader.refuse("the stable ABI is asked for from Python 3.{d} on, which leaves out {s}: lower stable-abi, or set it to false", .{ floor.minor, version });
        }
    }

    /// The oldest Python of a stable ABI build, or null for builds that are tied to one version.
    fn stableFloor(reader: *Reader) Error!?PythonVersion {
        const any_version = reader.wanted.versions.len == 0;
        const stable = reader.wanted.stable orelse return if (any_version) PythonVersion.min else null;
        if (std.mem.eql(u8, stable, "true")) return PythonVersion.min;
        if (std.mem.eql(u8, stable, "false")) {
            if (!any_version) return null;
            return reader.refuse("stable-abi is false, so a Python version must be named: add -Dpython-version=3.13, or another one", .{});
        }
        return PythonVersion.parse(stable) catch |err|
            reader.refuse("stable-abi: {s}", .{PythonVersion.reason(reader.b.allocator, stable, err) catch @panic("OOM")});
    }

    fn readVersion(reader: *Reader, text: []const u8) Error!Python {
        return PythonTarget.parseVersion(text) catch |err|
            reader.refuse("{s}", .{PythonTarget.versionReason(reader.b.allocator, text, err) catch @panic("OOM")});
    }

    /// The Python that `-Dpython-tag` and `-Dabi-tag` name; either implies the other, but for abi3.
    fn pythonOfTags(reader: *Reader) Error![]const Python {
        const wanted = reader.wanted;
        const stable = wanted.abi_tag != null and std.mem.eql(u8, wanted.abi_tag.?, "abi3");
        if (wanted.stable_is_option and stable == std.mem.eql(u8, wanted.stable.?, "false")) {
            const tag = if (wanted.abi_tag) |tag| reader.b.fmt("-Dabi-tag={s}", .{tag}) else reader.b.fmt("-Dpython-tag={s}", .{wanted.python_tag.?});
            return reader.refuse("-Dstable-abi={s} and {s} contradict each other: keep one", .{ wanted.stable.?, tag });
        }
        const by_python = if (wanted.python_tag) |tag| try reader.readTag("python-tag", tag) else null;
        const by_abi = if (wanted.abi_tag) |tag| (if (stable) null else try reader.readTag("abi-tag", tag)) else null;
        var python: Python = by_abi orelse by_python orelse .{ .version = try reader.stableFloor() orelse PythonVersion.min, .abi = .stable };
        if (by_python) |one| {
            if (one.abi != .gil) return reader.refuse("-Dpython-tag={s}: the 't' of a free-threaded build stands in the ABI tag, not in the Python tag", .{wanted.python_tag.?});
            if (!one.version.eql(python.version)) return reader.refuse("-Dpython-tag={s} and -Dabi-tag={s} contradict each other", .{ wanted.python_tag.?, wanted.abi_tag.? });
        }
        if (stable) python.abi = .stable;
        if (wanted.stable_is_option and stable and !std.mem.eql(u8, wanted.stable.?, "true")) {
            if (try reader.stableFloor()) |floor| {
                if (!floor.eql(python.version)) return reader.refuse("-Dstable-abi={s} and -Dpython-tag={s} contradict each other: keep one", .{ wanted.stable.?, wanted.python_tag.? });
            }
        }
        for (wanted.versions) |text| {
            const version = try reader.readVersion(text);
            const fits = if (stable) version.version.order(python.version) != .lt else std.meta.eql(version, python);
            if (!fits) return reader.refuse("-Dpython-version={s} contradicts the tags that are asked for", .{text});
        }
        return reader.single(Python, python);
    }

    /// `cp313` or `cp313t`
    fn readTag(reader: *Reader, option: []const u8, tag: []const u8) Error!Python {
        if (!std.mem.startsWith(u8, tag, "cp3") or tag.len < "cp310".len) {
            return reader.refuse("-D{s}={s} is not a tag of CPython: write it as cp313", .{ option, tag });
        }
        return reader.readVersion(reader.b.fmt("3.{s}", .{tag["cp3".len..]}));
    }

    fn readPlatforms(reader: *Reader, tags: []const []const u8) Error![]const PlatformTag {
        const host = PlatformTag.fromTarget(reader.b.graph.host.result);
        var platforms: std.ArrayList(PlatformTag) = .empty;
        for (tags) |tag| {
            const platform = if (host) |known| PlatformTag.parseWithHost(tag, known.arch) else |_| PlatformTag.parse(tag);
            reader.add(PlatformTag, &platforms, platform catch |err| return reader.refusePlatform(tag, err));
        }
        return platforms.items;
    }

    fn hostPlatform(reader: *Reader) Error![]const PlatformTag {
        const platform = PlatformTag.fromTarget(reader.b.graph.host.result) catch |err| return reader.refusePlatform("this machine", err);
        return reader.single(PlatformTag, platform);
    }

    fn compiledPlatform(reader: *Reader) Error!?PlatformTag {
        const triple = reader.wanted.zig_target orelse return null;
        const parsed = query(reader.wanted) orelse
            return reader.refuse("'{s}' is not a Zig target: write it as x86_64-linux-gnu.2.28, for instance", .{triple});
        return PlatformTag.fromQuery(parsed, reader.b.graph.host.result) catch |err| return reader.refusePlatform(triple, err);
    }

    fn allPlatforms(reader: *Reader) Error![]const PlatformTag {
        var tags: std.ArrayList([]const u8) = .empty;
        tags.appendSlice(reader.b.allocator, &default_platforms) catch @panic("OOM");
        if (reader.wanted.include_musllinux) tags.appendSlice(reader.b.allocator, &musllinux_platforms) catch @panic("OOM");
        if (reader.wanted.include_windows) tags.appendSlice(reader.b.allocator, &windows_platforms) catch @panic("OOM");
        return reader.readPlatforms(tags.items);
    }

    fn add(reader: *Reader, comptime T: type, items: *std.ArrayList(T), item: T) void {
        for (items.items) |other| {
            if (std.meta.eql(other, item)) return;
        }
        items.append(reader.b.allocator, item) catch @panic("OOM");
    }

    fn single(reader: *Reader, comptime T: type, item: T) []const T {
        return reader.b.allocator.dupe(T, &.{item}) catch @panic("OOM");
    }

    fn refusePlatform(reader: *Reader, text: []const u8, err: PlatformTag.Error) Error {
        return reader.refuse("{s}", .{PlatformTag.reason(reader.b.allocator, text, err) catch @panic("OOM")});
    }

    fn refuse(reader: *Reader, comptime sentence: []const u8, values: anytype) Error {
        reader.problem.* = reader.b.fmt(sentence, values);
        return error.Refused;
    }
};
