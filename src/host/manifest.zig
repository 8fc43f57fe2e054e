//! `host manifest`: writes `manifest.json`, all that the packer needs to know of a wheel's compiled files and the only
//! thing that crosses from Zig to Python.

const std = @import("std");
const Allocator = std.mem.Allocator;
const builtin = @import("builtin");
const io = @import("../compat/io.zig");
const Arguments = @import("Arguments.zig");

pub const usage =
    "host manifest --output FILE --python-tag TAG --abi-tag TAG --platform-tag TAG" ++
    " {--extension NAME --file PATH --facts FILE [--stubs FILE]}... {--program NAME --file PATH --facts FILE}..." ++
    " [--library PATH]...";

/// Counted up when a reader of the older one would misunderstand the newer one.
const manifest_version = 1;

const Manifest = struct {
    manifest: u32 = manifest_version,
    /// The Zig that built the files: part of what they are made of.
    zig_version: []const u8 = builtin.zig_version_string,
    wheel: Wheel,
    extensions: []const Extension,
    programs: []const Program,
    /// Shared libraries beside the extensions, by their paths.
    libraries: []const []const u8,
};

const Wheel = struct {
    python_tag: []const u8,
    abi_tag: []const u8,
    platform_tag: []const u8,
};

const Extension = struct {
    module: []const u8,
    /// At once below the manifest's own folder and in the wheel.
    file: []const u8,
    /// The same for its stubs: one `.pyi`, or several when it has submodules.
    stubs: []const []const u8,
    /// What `inspect` wrote, unchanged.
    facts: std.json.Value,
};

/// An executable that users call by its name.
const Program = struct {
    name: []const u8,
    /// Below the manifest's own folder; the packer puts it where installers look for scripts.
    file: []const u8,
    facts: std.json.Value,
};

/// An extension or a program as the command line has it, one option after the other.
const Given = struct {
    /// The module of an extension.
    name: []const u8,
    is_program: bool,
    file: ?[]const u8 = null,
    /// A file that lists the stubs, by their paths below the folder of `file`.
    stubs: ?[]const u8 = null,
    facts: ?[]const u8 = null,
};

fn write(manifest: Manifest, writer: *std.Io.Writer) std.Io.Writer.Error!void {
    try std.json.Stringify.value(manifest, .{ .whitespace = .indent_2 }, writer);
    try writer.writeByte('\n');
}

/// Whether a path means the same file in a wheel on every system: relative, with slashes, and nothing but names.
fn isWheelPath(path: []const u8) bool {
    var parts = std.mem.splitScalar(u8, path, '/');
    while (parts.next()) |part| {
        if (part.len == 0 or std.mem.eql(u8, part, ".") or std.mem.eql(u8, part, "..")) return false;
        for (part) |byte| if (byte == '\\' or byte == ':' or std.ascii.isControl(byte)) return false;
    }
    return true;
}

/// The sentence for the user when extensions cannot be in one wheel, or null when they can.
fn complaint(
    arena: Allocator,
    extensions: []const Extension,
    programs: []const Program,
    libraries: []const []const u8,
) Allocator.Error!?[]const u8 {
    if (extensions.len == 0 and programs.len == 0) return "the package has no extension: call addExtension in build.zig";
    for (extensions, 0..) |extension, index| {
        for (0..1 + extension.stubs.len) |i| {
            const path = if (i == 0) extension.file else extension.stubs[i - 1];
            if (!isWheelPath(path)) return try std.fmt.allocPrint(
                arena,
                "the file '{s}' of module '{s}' has no place in a wheel: its path must be relative, with slashes",
                .{ path, extension.module },
            );
        }
        for (extensions[0..index]) |other| {
            if (std.mem.eql(u8, other.module, extension.module)) return try std.fmt.allocPrint(
                arena,
                "the module '{s}' is added twice: name each extension once",
                .{extension.module},
            );
            if (std.mem.eql(u8, other.file, extension.file)) return try std.fmt.allocPrint(
                arena,
                "the modules '{s}' and '{s}' have the same file '{s}'",
                .{ other.module, extension.module, extension.file },
            );
        }
    }
    for (programs, 0..) |program, index| {
        for (programs[0..index]) |other| {
            if (std.mem.eql(u8, other.name, program.name)) return try std.fmt.allocPrint(
                arena,
                "the program '{s}' is added twice: name each executable once",
                .{program.name},
            );
        }
    }
    for (libraries) |path| {
        if (!isWheelPath(path)) return try std.fmt.allocPrint(arena, "the library '{s}' has no place in a wheel: its path must be relative, with slashes", .{path});
        for (extensions) |extension| {
            if (std.mem.eql(u8, extension.file, path)) return try std.fmt.allocPrint(
                arena,
                "the module '{s}' and a shared library beside it have the same file '{s}'",
                .{ extension.module, path },
            );
        }
    }
    return null;
}

pub fn run(context: io.Context) !void {
    var arguments: Arguments = .init(context);
    var output: ?[]const u8 = null;
    var python_tag: ?[]const u8 = null;
    var abi_tag: ?[]const u8 = null;
    var platform_tag: ?[]const u8 = null;
    var given: std.ArrayList(Given) = .empty;
    var libraries: std.ArrayList([]const u8) = .empty;
    while (arguments.next()) |argument| {
        const name = switch (argument) {
            .option => |name| name,
            .positional => |text| return arguments.unknown(text),
        };
        const is_program = std.mem.eql(u8, name, "--program");
        if (is_program or std.mem.eql(u8, name, "--extension")) {
            try given.append(context.arena, .{ .name = try arguments.value(), .is_program = is_program });
            continue;
        }
        if (std.mem.eql(u8, name, "--library")) {
            try libraries.append(context.arena, try arguments.value());
            continue;
        }
        const place: *?[]const u8 = if (std.mem.eql(u8, name, "--output"))
            &output
        else if (std.mem.eql(u8, name, "--python-tag"))
            &python_tag
        else if (std.mem.eql(u8, name, "--abi-tag"))
            &abi_tag
        else if (std.mem.eql(u8, name, "--platform-tag"))
            &platform_tag
        else if (given.items.len == 0)
            return arguments.unknown(name)
        else extension: {
            const current = &given.items[given.items.len - 1];
            if (std.mem.eql(u8, name, "--file")) break :extension &current.file;
            if (std.mem.eql(u8, name, "--stubs")) break :extension &current.stubs;
            if (std.mem.eql(u8, name, "--facts")) break :extension &current.facts;
            return arguments.unknown(name);
        };
        place.* = try arguments.once(place.*, name, try arguments.value());
    }
    const output_path = try arguments.required(output, "--output");
    var wheel: Wheel = .{
        .python_tag = try arguments.required(python_tag, "--python-tag"),
        .abi_tag = try arguments.required(abi_tag, "--abi-tag"),
        .platform_tag = try arguments.required(platform_tag, "--platform-tag"),
    };

    var extensions: std.ArrayList(Extension) = .empty;
    var programs: std.ArrayList(Program) = .empty;
    for (given.items) |item| {
        const file = try arguments.required(item.file, "--file");
        const facts = try readFacts(&arguments, try arguments.required(item.facts, "--facts"), item.name);
        if (item.is_program) {
            try programs.append(context.arena, .{ .name = item.name, .file = file, .facts = facts });
        } else try extensions.append(context.arena, .{
            .module = item.name,
            .file = file,
            .stubs = try readStubs(&arguments, item.stubs, file),
            .facts = facts,
        });
    }
    if (try complaint(context.arena, extensions.items, programs.items, libraries.items)) |sentence| {
        context.printError("{s}", .{sentence});
        return error.Reported;
    }
    // Programs alone are nothing to the interpreter: any will do to install them.
    if (extensions.items.len == 0) {
        wheel.python_tag = "py3";
        wheel.abi_tag = "none";
    }
    var text: std.Io.Writer.Allocating = .init(context.arena);
    try write(.{
        .wheel = wheel,
        .extensions = extensions.items,
        .programs = programs.items,
        .libraries = libraries.items,
    }, &text.writer);
    try arguments.writeFile(output_path, text.written());
}

/// The paths of the stubs that a list has, in the wheel.
fn readStubs(arguments: *const Arguments, list: ?[]const u8, file: []const u8) ![]const []const u8 {
    var lines = std.mem.tokenizeScalar(u8, try arguments.readFile(list orelse return &.{}), '\n');
    var paths: std.ArrayList([]const u8) = .empty;
    const arena = arguments.context.arena;
    while (lines.next()) |line| {
        const folder = std.fs.path.dirnamePosix(file);
        try paths.append(arena, if (folder) |outer| try std.fmt.allocPrint(arena, "{s}/{s}", .{ outer, line }) else line);
    }
    return paths.items;
}

fn readFacts(arguments: *const Arguments, path: []const u8, name: []const u8) !std.json.Value {
    const context = arguments.context;
    const text = try arguments.readFile(path);
    const value = std.json.parseFromSliceLeaky(std.json.Value, context.arena, text, .{}) catch |err| switch (err) {
        error.OutOfMemory => return error.OutOfMemory,
        else => {
            context.printError("the facts of '{s}' in {s} are not JSON ({t})", .{ name, path, err });
            return error.Reported;
        },
    };
    if (value != .object) {
        context.printError("the facts of '{s}' in {s} are not a JSON object", .{ name, path });
        return error.Reported;
    }
    return value;
}

test isWheelPath {
    for ([_][]const u8{ "_native.abi3.so", "hello/_native.abi3.so", "hello/inner/_x.cp313-win_amd64.pyd", "a b/ü.so" }) |path| {
        try std.testing.expect(isWheelPath(path));
    }
    for ([_][]const u8{ "", "/a.so", "a//b.so", "a/", "./a.so", "a/../b.so", "..", "a\\b.so", "C:/a.so", "a\nb.so" }) |path| {
        try std.testing.expect(!isWheelPath(path));
    }
}

test complaint {
    const hello: Extension = .{ .module = "hello._native", .file = "hello/_native.abi3.so", .stubs = &.{}, .facts = .null };
    const other: Extension = .{ .module = "hello.other", .file = "hello/other.abi3.so", .stubs = &.{"hello/other.pyi"}, .facts = .null };
    var same_file = other;
    same_file.file = hello.file;
    var outside = other;
    outside.stubs = &.{"../other.pyi"};
    const cases = [_]struct { []const Extension, ?[]const u8 }{
        .{ &.{ hello, other }, null },
        .{ &.{}, "the package has no extension: call addExtension in build.zig" },
        .{ &.{ hello, other, hello }, "the module 'hello._native' is added twice: name each extension once" },
        .{ &.{ hello, same_file }, "the modules 'hello._native' and 'hello.other' have the same file 'hello/_native.abi3.so'" },
        .{ &.{outside}, "the file '../other.pyi' of module 'hello.other' has no place in a wheel: its path must be relative, with slashes" },
    };
    var arena: std.heap.ArenaAllocator = .init(std.testing.allocator);
    defer arena.deinit();
    for (cases) |case| try std.testing.expectEqualDeep(case[1], try complaint(arena.allocator(), case[0], &.{}, &.{}));
    const program: Program = .{ .name = "tool", .file = "tool", .facts = .null };
    try std.testing.expectEqual(null, try complaint(arena.allocator(), &.{}, &.{program}, &.{}));
    try std.testing.expectEqualStrings(
        "the program 'tool' is added twice: name each executable once",
        (try complaint(arena.allocator(), &.{hello}, &.{ program, program }, &.{})).?,
    );
    try std.testing.expectEqualStrings(
        "the module 'hello._native' and a shared library beside it have the same file 'hello/_native.abi3.so'",
        (try complaint(arena.allocator(), &.{hello}, &.{}, &.{"hello/_native.abi3.so"})).?,
    );
}

test write {
    var arena: std.heap.ArenaAllocator = .init(std.testing.allocator);
    defer arena.deinit();
    const facts = try std.json.parseFromSliceLeaky(
        std.json.Value,
        arena.allocator(),
        "{\"format\": \"elf\", \"bits\": 64, \"soname\": null, \"needed\": [\"libc.so.6\"]}",
        .{},
    );
    var written: std.Io.Writer.Allocating = .init(arena.allocator());
    try write(.{
        .zig_version = "0.16.0",
        .wheel = .{ .python_tag = "cp310", .abi_tag = "abi3", .platform_tag = "manylinux_2_17_x86_64" },
        .extensions = &.{.{ .module = "hello._native", .file = "hello/_native.abi3.so", .stubs = &.{}, .facts = facts }},
        .programs = &.{},
        .libraries = &.{"hello/libz.so.1"},
    }, &written.writer);
    try std.testing.expectEqualStrings(
        \\{
        \\  "manifest": 1,
        \\  "zig_version": "0.16.0",
        \\  "wheel": {
        \\    "python_tag": "cp310",
        \\    "abi_tag": "abi3",
        \\    "platform_tag": "manylinux_2_17_x86_64"
        \\  },
        \\  "extensions": [
        \\    {
        \\      "module": "hello._native",
        \\      "file": "hello/_native.abi3.so",
        \\      "stubs": [],
        \\      "facts": {
        \\        "format": "elf",
        \\        "bits": 64,
        \\        "soname": null,
        \\        "needed": [
        \\          "libc.so.6"
        \\        ]
        \\      }
        \\    }
        \\  ],
        \\  "programs": [],
        \\  "libraries": [
        \\    "hello/libz.so.1"
        \\  ]
        \\}
        \\
    , written.written());
}
