//! `host headers-choose` and `host headers-check`: the one place that decides whose `Python.h` an extension is compiled
//! with, and that it is the right one. In this order: the folders that the user names; those of the interpreter that
//! packs, when it is of the target's version and platform; those that are fetched.

const std = @import("std");
const Allocator = std.mem.Allocator;
const io = @import("../compat/io.zig");
const Arguments = @import("Arguments.zig");
const tags = @import("audit/tags.zig");
const PythonTarget = tags.PythonTarget;
const PythonVersion = PythonTarget.PythonVersion;

pub const choose_usage =
    "host headers-choose --native FILE --python-tag TAG --abi-tag TAG --platform-tag TAG --output FILE";
pub const check_usage =
    "host headers-check --include DIR... [--facts FILE] --python-tag TAG --abi-tag TAG --platform-tag TAG --output FILE";

/// The interpreter that packs, as `alloconda headers native` describes it.
const Native = struct {
    version: []const u8,
    free_threaded: bool,
    implementation: []const u8,
    os: []const u8,
    arch: []const u8,
    libc: []const u8,
    ext_suffix: ?[]const u8,
    include: []const []const u8,
};

/// What `alloconda headers provide` reads.
const Choice = struct {
    source: Source,
    version: []const u8,
    free_threaded: bool,
    stable: bool,
    platform_tag: []const u8,
    include: []const []const u8,
    ext_suffix: ?[]const u8,
};

const Source = enum { given, native, fetched };

/// What `alloconda headers provide` writes, and `inspect` shows.
const Facts = struct {
    source: Source,
    /// Where they were before they were copied.
    origin: []const u8,
    version: []const u8,
    ext_suffix: ?[]const u8,
};

/// Whether an interpreter's own headers are those of the target. Under the stable ABI newer ones are as good: the macro
/// Py_LIMITED_API hides what the floor does not have (PEP 384).
fn isNativeFor(native: Native, target: PythonTarget) bool {
    const version = PythonVersion.parse(native.version) catch return false;
    const order = version.order(target.version);
    const right_version = if (target.abi == .stable) order != .lt else order == .eq;
    return right_version and native.include.len > 0 and
        std.mem.eql(u8, native.implementation, "cpython") and
        native.free_threaded == (target.abi == .free_threaded) and
        std.mem.eql(u8, native.os, @tagName(target.platform.os)) and
        std.mem.eql(u8, native.arch, @tagName(target.platform.arch)) and
        std.mem.eql(u8, native.libc, @tagName(target.platform.libc));
}

/// The options that both commands have.
const Options = struct {
    arguments: Arguments,
    input: ?[]const u8 = null,
    include: std.ArrayList([]const u8) = .empty,
    output: []const u8,
    target: PythonTarget,

    fn read(context: io.Context, input_name: []const u8) !Options {
        var arguments: Arguments = .init(context);
        var input: ?[]const u8 = null;
        var output: ?[]const u8 = null;
        var python_tag: ?[]const u8 = null;
        var abi_tag: ?[]const u8 = null;
        var platform_tag: ?[]const u8 = null;
        var include: std.ArrayList([]const u8) = .empty;
        const places = [_]struct { []const u8, *?[]const u8 }{
            .{ input_name, &input },
            .{ "--output", &output },
            .{ "--python-tag", &python_tag },
            .{ "--abi-tag", &abi_tag },
            .{ "--platform-tag", &platform_tag },
        };
        while (arguments.next()) |argument| switch (argument) {
            .positional => |text| return arguments.unknown(text),
            .option => |name| if (std.mem.eql(u8, name, "--include")) {
                try include.append(context.arena, try arguments.value());
            } else for (places) |place| {
                if (!std.mem.eql(u8, name, place[0])) continue;
                place[1].* = try arguments.once(place[1].*, name, try arguments.value());
                break;
            } else return arguments.unknown(name),
        };
        const result = try tags.read(
            context.arena,
            try arguments.required(python_tag, "--python-tag"),
            try arguments.required(abi_tag, "--abi-tag"),
            try arguments.required(platform_tag, "--platform-tag"),
        );
        return .{
            .arguments = arguments,
            .input = input,
            .include = include,
            .output = try arguments.required(output, "--output"),
            .target = switch (result) {
                .targets => |targets| targets[0],
                .complaint => |sentence| {
                    context.printError("{s}", .{sentence});
                    return error.Reported;
                },
            },
        };
    }

    fn parse(options: *const Options, comptime T: type, path: []const u8) !T {
        const context = options.arguments.context;
        const text = try options.arguments.readFile(path);
        return std.json.parseFromSliceLeaky(T, context.arena, text, .{ .ignore_unknown_fields = true }) catch |err| {
            context.printError("{s} does not say what Python is: {t}; the alloconda of the interpreter that packs must be that of the build", .{ path, err });
            return error.Reported;
        };
    }

    fn write(options: *const Options, value: anytype) !void {
        var text: std.Io.Writer.Allocating = .init(options.arguments.context.arena);
        try std.json.Stringify.value(value, .{ .whitespace = .indent_2 }, &text.writer);
        try text.writer.writeByte('\n');
        try options.arguments.writeFile(options.output, text.written());
    }
};

pub fn choose(context: io.Context) !void {
    const options: Options = try .read(context, "--native");
    const native = try options.parse(Native, try options.arguments.required(options.input, "--native"));
    const target = options.target;
    const take_native = isNativeFor(native, target);
    try options.write(Choice{
        .source = if (take_native) .native else .fetched,
        .version = if (take_native) native.version else try target.version.text(context.arena),
        .free_threaded = target.abi == .free_threaded,
        .stable = target.abi == .stable,
        .platform_tag = try target.platformTag(context.arena),
        .include = if (take_native) native.include else &.{},
        .ext_suffix = if (take_native) native.ext_suffix else null,
    });
}

/// What the compiler will see of a set of headers.
const Headers = struct {
    /// Of patchlevel.h.
    version: ?PythonVersion,
    /// Values that pyconfig.h defines SIZEOF_VOID_P as: those for Windows and macOS have one for each word size.
    pointer_sizes: []const u8,
    /// Whether pyconfig.h itself is that of a free-threaded build.
    free_threaded: bool,
    /// Whether pyconfig.h is that of Windows, which leaves the choice to the compiler's command line.
    for_windows: bool,
};

fn describe(arena: Allocator, patchlevel: []const u8, pyconfig: []const u8) Allocator.Error!Headers {
    var headers: Headers = .{ .version = null, .pointer_sizes = "", .free_threaded = false, .for_windows = false };
    const major = definedNumber(patchlevel, "PY_MAJOR_VERSION");
    const minor = definedNumber(patchlevel, "PY_MINOR_VERSION");
    if (major != null and minor != null) headers.version = .{ .major = major.?, .minor = minor.? };
    var sizes: std.ArrayList(u8) = .empty;
    var lines = std.mem.tokenizeAny(u8, pyconfig, "\r\n");
    while (lines.next()) |line| {
        if (definition(line, "SIZEOF_VOID_P")) |value| {
            if (std.fmt.parseInt(u8, value, 10)) |size| try sizes.append(arena, size) else |_| {}
        }
        if (definition(line, "Py_GIL_DISABLED")) |value| headers.free_threaded = std.mem.eql(u8, value, "1");
        if (definition(line, "MS_WIN32") != null) headers.for_windows = true;
    }
    headers.pointer_sizes = sizes.items;
    return headers;
}

fn definedNumber(text: []const u8, name: []const u8) ?u8 {
    var lines = std.mem.tokenizeAny(u8, text, "\r\n");
    while (lines.next()) |line| {
        const value = definition(line, name) orelse continue;
        return std.fmt.parseInt(u8, value, 10) catch null;
    }
    return null;
}

/// The first word after `#define NAME`, empty when there is none; null for any other line.
fn definition(line: []const u8, name: []const u8) ?[]const u8 {
    var words = std.mem.tokenizeAny(u8, line, " \t");
    var first = words.next() orelse return null;
    if (std.mem.eql(u8, first, "#")) first = words.next() orelse return null;
    if (!std.mem.eql(u8, first, "#define") and !std.mem.eql(u8, first, "define")) return null;
    if (!std.mem.eql(u8, words.next() orelse return null, name)) return null;
    return words.next() orelse "";
}

/// Why headers are not those of the target, as a sentence for the user; null when they are.
fn complaint(arena: Allocator, target: PythonTarget, headers: Headers, place: []const u8, suffix: ?[]const u8) Allocator.Error!?[]const u8 {
    const wanted = try target.version.text(arena);
    const version = headers.version orelse
        return try std.fmt.allocPrint(arena, "{s} has no patchlevel.h that tells its version: name the folder of Python.h", .{place});
    const order = version.order(target.version);
    if (order == .lt or (order == .gt and target.abi != .stable)) return try std.fmt.allocPrint(
        arena,
        "{s} has the headers of Python {d}.{d}, and the build is for {s}: name those of {s}, or leave them out to have them found",
        .{ place, version.major, version.minor, wanted, wanted },
    );
    if (headers.for_windows != (target.platform.os == .windows)) return try std.fmt.allocPrint(
        arena,
        "{s} has the pyconfig.h of {s}, and the build is for {s}: name headers of that platform",
        .{ place, if (headers.for_windows) "Windows" else "another system than Windows", try target.platformTag(arena) },
    );
    const size: u8 = switch (target.platform.arch) {
        .x86, .armv7l => 4,
        else => 8,
    };
    if (headers.pointer_sizes.len > 0 and std.mem.indexOfScalar(u8, headers.pointer_sizes, size) == null) return try std.fmt.allocPrint(
        arena,
        "{s} has the pyconfig.h of a machine with {d} bits, and {s} has {d}: name headers of that platform",
        .{ place, @as(u32, headers.pointer_sizes[0]) * 8, try target.platformTag(arena), @as(u32, size) * 8 },
    );
    const free_threaded = target.abi == .free_threaded;
    if (headers.free_threaded != free_threaded and !(free_threaded and headers.for_windows)) return try std.fmt.allocPrint(
        arena,
        "{s} has the headers of a build {s}, and the build is for one {s}: name the headers of {s}{s}",
        .{ place, lockText(!headers.free_threaded), lockText(!free_threaded), wanted, if (free_threaded) "t" else "" },
    );
    const said = suffix orelse return null;
    if (target.abi == .stable) return null;
    const own = try target.extensionSuffix(arena);
    if (std.mem.eql(u8, said, own)) return null;
    return try std.fmt.allocPrint(
        arena,
        "the configuration beside {s} says that extensions end with {s}, and alloconda ends them with {s}: they are not headers of {s}",
        .{ place, said, own, try target.platformTag(arena) },
    );
}

fn lockText(has_lock: bool) []const u8 {
    return if (has_lock) "with the global interpreter lock" else "without the global interpreter lock";
}

pub fn check(context: io.Context) !void {
    const options: Options = try .read(context, "--facts");
    const folders = options.include.items;
    if (folders.len == 0) _ = try options.arguments.required(null, "--include");
    for ([_][]const u8{ "Python.h", "pyconfig.h" }) |name| {
        if (readFrom(context, folders, name) != null) continue;
        context.printError("{s} has no {s}: name the folder of Python.h, and with Debian's headers its parent too", .{
            try std.mem.join(context.arena, " and ", folders), name,
        });
        return error.Reported;
    }
    const facts: ?Facts = if (options.input) |path| try options.parse(Facts, path) else null;
    const place = if (facts) |known| known.origin else folders[0];
    const headers = try describe(
        context.arena,
        readFrom(context, folders, "patchlevel.h") orelse "",
        readFrom(context, folders, "pyconfig.h").?,
    );
    const suffix = if (facts) |known| known.ext_suffix else null;
    if (try complaint(context.arena, options.target, headers, place, suffix)) |sentence| {
        context.printError("{s}", .{sentence});
        return error.Reported;
    }
    try options.write(facts orelse Facts{
        .source = .given,
        .origin = place,
        .version = try headers.version.?.text(context.arena),
        .ext_suffix = null,
    });
}

fn readFrom(context: io.Context, folders: []const []const u8, name: []const u8) ?[]const u8 {
    for (folders) |folder| {
        const path = std.fs.path.join(context.arena, &.{ folder, name }) catch return null;
        return context.readFile(path) catch continue;
    }
    return null;
}

const testing_native: Native = .{
    .version = "3.13",
    .free_threaded = false,
    .implementation = "cpython",
    .os = "linux",
    .arch = "x86_64",
    .libc = "gnu",
    .ext_suffix = ".cpython-313-x86_64-linux-gnu.so",
    .include = &.{"/usr/include/python3.13"},
};

fn testingTarget(abi: PythonTarget.Abi, minor: u8, platform: []const u8) !PythonTarget {
    return .{ .version = .{ .major = 3, .minor = minor }, .abi = abi, .platform = try .parse(platform) };
}

test isNativeFor {
    const cases = [_]struct { bool, PythonTarget.Abi, u8, []const u8 }{
        .{ true, .gil, 13, "manylinux_2_17_x86_64" },
        .{ true, .gil, 13, "manylinux_2_34_x86_64" },
        .{ false, .gil, 12, "manylinux_2_17_x86_64" },
        .{ false, .gil, 14, "manylinux_2_17_x86_64" },
        .{ false, .free_threaded, 13, "manylinux_2_17_x86_64" },
        .{ false, .gil, 13, "manylinux_2_17_aarch64" },
        .{ false, .gil, 13, "musllinux_1_2_x86_64" },
        .{ false, .gil, 13, "win_amd64" },
        .{ true, .stable, 10, "manylinux_2_17_x86_64" },
        .{ true, .stable, 13, "manylinux_2_17_x86_64" },
        .{ false, .stable, 14, "manylinux_2_17_x86_64" },
    };
    for (cases) |case| try std.testing.expectEqual(case[0], isNativeFor(testing_native, try testingTarget(case[1], case[2], case[3])));
    const target = try testingTarget(.gil, 13, "manylinux_2_17_x86_64");
    var other = testing_native;
    other.include = &.{};
    try std.testing.expect(!isNativeFor(other, target));
    other = testing_native;
    other.implementation = "pypy";
    try std.testing.expect(!isNativeFor(other, target));
}

test complaint {
    var arena: std.heap.ArenaAllocator = .init(std.testing.allocator);
    defer arena.deinit();
    const gpa = arena.allocator();
    const linux = try testingTarget(.gil, 13, "manylinux_2_17_x86_64");
    const patchlevel = "#define PY_MAJOR_VERSION        3\r\n#define PY_MINOR_VERSION        13\r\n";
    const unix = "#define SIZEOF_VOID_P 8\n/* #undef Py_GIL_DISABLED */\n";
    const windows = "#define MS_WIN32 /* only support win32 and greater. */\n#   define SIZEOF_VOID_P 8\n#   define SIZEOF_VOID_P 4\n";
    const cases = [_]struct { PythonTarget, []const u8, []const u8, ?[]const u8, ?[]const u8 }{
        .{ linux, patchlevel, unix, ".cpython-313-x86_64-linux-gnu.so", null },
        .{ linux, patchlevel, unix, null, null },
        .{ try testingTarget(.gil, 13, "win32"), patchlevel, windows, null, null },
        .{ try testingTarget(.free_threaded, 13, "win_amd64"), patchlevel, windows, null, null },
        .{ try testingTarget(.stable, 10, "manylinux_2_17_x86_64"), patchlevel, unix, ".cpython-313-x86_64-linux-gnu.so", null },
        .{ linux, "", unix, null, "here has no patchlevel.h that tells its version: name the folder of Python.h" },
        .{ try testingTarget(.gil, 12, "manylinux_2_17_x86_64"), patchlevel, unix, null, "here has the headers of Python 3.13, and the build is for 3.12: name those of 3.12, or leave them out to have them found" },
        .{ try testingTarget(.stable, 14, "manylinux_2_17_x86_64"), patchlevel, unix, null, "here has the headers of Python 3.13, and the build is for 3.14: name those of 3.14, or leave them out to have them found" },
        .{ linux, patchlevel, windows, null, "here has the pyconfig.h of Windows, and the build is for manylinux_2_17_x86_64: name headers of that platform" },
        .{ try testingTarget(.gil, 13, "manylinux_2_17_i686"), patchlevel, unix, null, "here has the pyconfig.h of a machine with 64 bits, and manylinux_2_17_i686 has 32: name headers of that platform" },
        .{ try testingTarget(.free_threaded, 13, "manylinux_2_17_x86_64"), patchlevel, unix, null, "here has the headers of a build with the global interpreter lock, and the build is for one without the global interpreter lock: name the headers of 3.13t" },
        .{ linux, patchlevel, "#define Py_GIL_DISABLED 1\n", null, "here has the headers of a build without the global interpreter lock, and the build is for one with the global interpreter lock: name the headers of 3.13" },
        .{ linux, patchlevel, unix, ".cpython-313-darwin.so", "the configuration beside here says that extensions end with .cpython-313-darwin.so, and alloconda ends them with .cpython-313-x86_64-linux-gnu.so: they are not headers of manylinux_2_17_x86_64" },
    };
    for (cases) |case| {
        const headers = try describe(gpa, case[1], case[2]);
        const found = try complaint(gpa, case[0], headers, "here", case[3]);
        try std.testing.expectEqualStrings(case[4] orelse "nothing", found orelse "nothing");
    }
}
