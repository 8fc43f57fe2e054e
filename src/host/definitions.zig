//! `host definitions`: writes the module definition file of one of Python's Windows DLLs, out of which `zig dlltool`
//! makes the import library that an extension is linked with.

const std = @import("std");
const Allocator = std.mem.Allocator;
const io = @import("../compat/io.zig");
const Arguments = @import("Arguments.zig");
const PlatformTag = @import("../target/PlatformTag.zig");
const PythonVersion = @import("../target/PythonVersion.zig");
const python_symbols = @import("python_symbols.zig");
const exports = python_symbols.exports;
const stable_abi = python_symbols.stable_abi;

pub const usage = "host definitions --dll NAME --arch ARCH --output FILE";

/// What a DLL's name tells.
const Dll = union(enum) {
    /// `python3.dll`, which passes the stable ABI on to the DLL of whatever version is running.
    stable,
    /// `python313.dll`, `python313t.dll`
    one_version: struct { version: PythonVersion, free_threaded: bool },

    fn parse(name: []const u8) ?Dll {
        const prefix = "python3";
        const suffix = ".dll";
        if (name.len < prefix.len + suffix.len) return null;
        if (!std.mem.startsWith(u8, name, prefix) or !std.mem.endsWith(u8, name, suffix)) return null;
        const rest = name[prefix.len .. name.len - suffix.len];
        if (rest.len == 0) return .stable;
        const free_threaded = rest[rest.len - 1] == 't';
        const digits = if (free_threaded) rest[0 .. rest.len - 1] else rest;
        if (digits.len == 0 or digits[0] == '0') return null;
        for (digits) |digit| if (!std.ascii.isDigit(digit)) return null;
        const minor = std.fmt.parseInt(u8, digits, 10) catch return null;
        return .{ .one_version = .{ .version = .{ .major = 3, .minor = minor }, .free_threaded = free_threaded } };
    }
};

/// The sentence for the user when nothing is known about a DLL, or null when `write` can write its definitions.
fn complaint(arena: Allocator, name: []const u8) Allocator.Error!?[]const u8 {
    const dll = Dll.parse(name) orelse return try std.fmt.allocPrint(
        arena,
        "'{s}' is not one of Python's DLLs, such as python3.dll, python313.dll or python313t.dll",
        .{name},
    );
    switch (dll) {
        .stable => return null,
        .one_version => |one| {
            if (exports.iterate(library(one.version, one.free_threaded, .x86_64)) != null) return null;
            const known = exports.range(one.free_threaded);
            const flag = if (one.free_threaded) "t" else "";
            return try std.fmt.allocPrint(
                arena,
                "it is not known what {s} exports: build for Windows with the stable ABI, or for one of Python 3.{d}{s} to 3.{d}{s}",
                .{ name, known.first, flag, known.last, flag },
            );
        },
    }
}

fn library(version: PythonVersion, free_threaded: bool, arch: PlatformTag.Arch) exports.Library {
    return .{ .version = version, .free_threaded = free_threaded, .bits = if (arch == .x86) .@"32" else .@"64" };
}

/// Writes the names undecorated, as Python's DLLs export them on every architecture: for 32-bit x86 it is
/// `zig dlltool -m i386` that puts the underscore of C names before them, and takes it off for the loader.
/// `complaint` must have passed the name of the DLL.
fn write(name: []const u8, arch: PlatformTag.Arch, writer: *std.Io.Writer) std.Io.Writer.Error!void {
    try writer.print("LIBRARY \"{s}\"\nEXPORTS\n", .{name});
    switch (Dll.parse(name).?) {
        .stable => {
            var symbols = stable_abi.all(.windows);
            while (symbols.next()) |symbol| try writeSymbol(symbol.name, symbol.kind, writer);
        },
        .one_version => |one| {
            var symbols = exports.iterate(library(one.version, one.free_threaded, arch)).?;
            while (symbols.next()) |symbol| try writeSymbol(symbol.name, symbol.kind, writer);
        },
    }
}

fn writeSymbol(name: []const u8, kind: python_symbols.Kind, writer: *std.Io.Writer) std.Io.Writer.Error!void {
    try writer.print("    {s}{s}\n", .{ name, if (kind == .data) " DATA" else "" });
}

pub fn run(context: io.Context) !void {
    var arguments: Arguments = .init(context);
    var dll_given: ?[]const u8 = null;
    var arch_given: ?[]const u8 = null;
    var output_given: ?[]const u8 = null;
    while (arguments.next()) |argument| {
        const name = switch (argument) {
            .option => |name| name,
            .positional => |text| return arguments.unknown(text),
        };
        const place: *?[]const u8 = if (std.mem.eql(u8, name, "--dll"))
            &dll_given
        else if (std.mem.eql(u8, name, "--arch"))
            &arch_given
        else if (std.mem.eql(u8, name, "--output"))
            &output_given
        else
            return arguments.unknown(name);
        place.* = try arguments.once(place.*, name, try arguments.value());
    }
    const dll = try arguments.required(dll_given, "--dll");
    const arch_name = try arguments.required(arch_given, "--arch");
    const output = try arguments.required(output_given, "--output");
    const arch = parseArch(arch_name) orelse {
        context.printError("Python's DLLs are made for x86_64, x86 and aarch64, not for '{s}'", .{arch_name});
        return error.Reported;
    };
    if (try complaint(context.arena, dll)) |sentence| {
        context.printError("{s}", .{sentence});
        return error.Reported;
    }
    var text: std.Io.Writer.Allocating = .init(context.arena);
    try write(dll, arch, &text.writer);
    try arguments.writeFile(output, text.written());
}

/// An architecture of Windows.
fn parseArch(text: []const u8) ?PlatformTag.Arch {
    const arch = std.meta.stringToEnum(PlatformTag.Arch, text) orelse return null;
    return switch (arch) {
        .x86_64, .x86, .aarch64 => arch,
        else => null,
    };
}

test "names of DLLs" {
    const cases = [_]struct { []const u8, ?Dll }{
        .{ "python3.dll", .stable },
        .{ "python310.dll", .{ .one_version = .{ .version = .{ .major = 3, .minor = 10 }, .free_threaded = false } } },
        .{ "python314t.dll", .{ .one_version = .{ .version = .{ .major = 3, .minor = 14 }, .free_threaded = true } } },
        .{ "python3t.dll", null },
        .{ "python3010.dll", null },
        .{ "python3999.dll", null },
        .{ "python313_d.dll", null },
        .{ "python27.dll", null },
        .{ "python3", null },
        .{ "python.dll", null },
        .{ "", null },
    };
    for (cases) |case| try std.testing.expectEqualDeep(case[1], Dll.parse(case[0]));
}

test complaint {
    const cases = [_]struct { []const u8, ?[]const u8 }{
        .{ "python3.dll", null },
        .{ "python310.dll", null },
        .{ "python314.dll", null },
        .{ "python313t.dll", null },
        .{ "python315.dll", "it is not known what python315.dll exports: build for Windows with the stable ABI, or for one of Python 3.10 to 3.14" },
        .{ "python312t.dll", "it is not known what python312t.dll exports: build for Windows with the stable ABI, or for one of Python 3.13t to 3.14t" },
        .{ "vcruntime140.dll", "'vcruntime140.dll' is not one of Python's DLLs, such as python3.dll, python313.dll or python313t.dll" },
    };
    var arena: std.heap.ArenaAllocator = .init(std.testing.allocator);
    defer arena.deinit();
    for (cases) |case| try std.testing.expectEqualDeep(case[1], try complaint(arena.allocator(), case[0]));
}

test write {
    const Case = struct { dll: []const u8, arch: PlatformTag.Arch, has: []const []const u8, lacks: []const []const u8 };
    const cases = [_]Case{
        .{
            .dll = "python3.dll",
            .arch = .x86_64,
            .has = &.{ "LIBRARY \"python3.dll\"\nEXPORTS\n", "\n    PyLong_FromLong\n", "\n    _Py_NoneStruct DATA\n", "\n    PyExc_WindowsError DATA\n" },
            .lacks = &.{ " PyUnicode_AsUTF8\n", " PyOS_BeforeFork\n", " _Py_RefTotal ", " PyOS_CheckStack\n" },
        },
        .{
            .dll = "python313.dll",
            .arch = .aarch64,
            .has = &.{ "LIBRARY \"python313.dll\"\n", "\n    PyUnicode_AsUTF8\n", "\n    PyExc_ValueError DATA\n" },
            .lacks = &.{ " PyUnstable_Module_SetGIL\n", " PyOS_CheckStack\n" },
        },
        .{
            .dll = "python313t.dll",
            .arch = .x86,
            .has = &.{ "\n    PyUnstable_Module_SetGIL\n", "\n    PyOS_CheckStack\n" },
            .lacks = &.{" _PyLong_FromLong"},
        },
    };
    for (cases) |case| {
        var written: std.Io.Writer.Allocating = .init(std.testing.allocator);
        defer written.deinit();
        try write(case.dll, case.arch, &written.writer);
        const text = written.written();
        for (case.has) |part| try std.testing.expect(std.mem.indexOf(u8, text, part) != null);
        for (case.lacks) |part| try std.testing.expect(std.mem.indexOf(u8, text, part) == null);
    }
}

test parseArch {
    try std.testing.expectEqual(PlatformTag.Arch.x86, parseArch("x86").?);
    try std.testing.expectEqual(null, parseArch("riscv64"));
    try std.testing.expectEqual(null, parseArch("arm64"));
}

test {
    _ = python_symbols;
}
