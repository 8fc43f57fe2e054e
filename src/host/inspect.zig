//! `host inspect`: reads a compiled extension, checks that Python will find its entry under the module's name, and
//! writes the facts that the audit and the manifest go by. Without a module it only reads, whatever the file is.

const std = @import("std");
const Allocator = std.mem.Allocator;
const io = @import("../compat/io.zig");
const Arguments = @import("Arguments.zig");
const Binary = @import("binary/Binary.zig");
const entry_symbol = @import("entry_symbol.zig");
const name_list = @import("name_list.zig");

pub const usage = "host inspect LIBRARY [--module NAME] --output FILE";

/// What `facts.json` says, by the names of its keys and in their order.
const Facts = struct {
    format: Binary.Format,
    machine: Binary.Machine,
    machine_flags: u32,
    bits: u8,
    endian: std.builtin.Endian,
    /// The one function that Python calls; null in a file that nobody calls a module.
    entry: ?[]const u8,
    exports: []const []const u8,
    imports: []const Binary.Import,
    needed: []const []const u8,
    versions: []const Binary.Version,
    soname: ?[]const u8,
    runpath: []const []const u8,
    executable_stack: bool,
    text_relocations: bool,
    minimum_os: []const Binary.MinimumOs,
    signature: ?Binary.Signature,
    dll_characteristics: ?Binary.DllCharacteristics,
    debug_files: []const []const u8,
    /// The same for the other architectures of a fat Mach-O file.
    other_slices: []const Facts,

    fn of(binary: Binary, entry: ?[]const u8, other_slices: []const Facts) Facts {
        return .{
            .format = binary.format,
            .machine = binary.machine,
            .machine_flags = binary.machine_flags,
            .bits = binary.bits,
            .endian = binary.endian,
            .entry = entry,
            .exports = binary.exports,
            .imports = binary.imports,
            .needed = binary.needed,
            .versions = binary.versions,
            .soname = binary.soname,
            .runpath = binary.runpath,
            .executable_stack = binary.executable_stack,
            .text_relocations = binary.text_relocations,
            .minimum_os = binary.minimum_os,
            .signature = binary.signature,
            .dll_characteristics = binary.dll_characteristics,
            .debug_files = binary.debug_files,
            .other_slices = other_slices,
        };
    }
};

/// The sentence for the user when a library is not the module that it should be, or null when it is.
/// `library` is the name to call it by.
fn complaint(
    arena: Allocator,
    library: []const u8,
    module: []const u8,
    expected: []const u8,
    exports: []const []const u8,
) Allocator.Error!?[]const u8 {
    var entries: std.ArrayList([]const u8) = .empty;
    for (exports) |name| if (entry_symbol.isEntry(name)) try entries.append(arena, name);

    if (entries.items.len == 0) return try std.fmt.allocPrint(
        arena,
        "{s} defines no PyInit_ function, but build.zig names the module '{s}' (expected {s}); exported symbols: {s}",
        .{ library, module, expected, try name_list.text(arena, exports) },
    );
    if (entries.items.len > 1) return try std.fmt.allocPrint(
        arena,
        "{s} defines several PyInit_ functions, but is one module, '{s}' (expected {s} alone): {s}; give each module an addExtension of its own",
        .{ library, module, expected, try name_list.text(arena, entries.items) },
    );
    if (!std.mem.eql(u8, entries.items[0], expected)) return try std.fmt.allocPrint(
        arena,
        "{s} defines {s}, but build.zig names the module '{s}' (expected {s}): make the two names agree",
        .{ library, entries.items[0], module, expected },
    );
    return null;
}

fn writeFacts(
    arena: Allocator,
    slices: []const Binary,
    entry: ?[]const u8,
    writer: *std.Io.Writer,
) (Allocator.Error || std.Io.Writer.Error)!void {
    const others = try arena.alloc(Facts, slices.len - 1);
    for (others, slices[1..]) |*other, slice| other.* = .of(slice, entry, &.{});
    const facts: Facts = .of(slices[0], entry, others);
    try std.json.Stringify.value(facts, .{ .whitespace = .indent_2 }, writer);
    try writer.writeByte('\n');
}

pub fn run(context: io.Context) !void {
    var arguments: Arguments = .init(context);
    var library_given: ?[]const u8 = null;
    var module_given: ?[]const u8 = null;
    var output_given: ?[]const u8 = null;
    while (arguments.next()) |argument| switch (argument) {
        .positional => |value| library_given = try arguments.once(library_given, "LIBRARY", value),
        .option => |name| if (std.mem.eql(u8, name, "--module")) {
            module_given = try arguments.once(module_given, name, try arguments.value());
        } else if (std.mem.eql(u8, name, "--output")) {
            output_given = try arguments.once(output_given, name, try arguments.value());
        } else return arguments.unknown(name),
    };
    const path = try arguments.required(library_given, "LIBRARY");
    const output = try arguments.required(output_given, "--output");
    // Below the cache, the folders of the path say nothing to a human.
    const library = std.fs.path.basename(path);

    const bytes = try arguments.readFile(path);
    const read = if (module_given == null) Binary.readAny(context.arena, bytes) else Binary.read(context.arena, bytes);
    const slices = read catch |err| {
        if (module_given) |module| {
            context.printError("{s} of module '{s}' {s}", .{ library, module, Binary.reason(err) });
        } else context.printError("{s} {s}", .{ library, Binary.reason(err) });
        return error.Reported;
    };
    const entry = if (module_given) |module| try entryOf(context, library, module, slices) else null;
    var text: std.Io.Writer.Allocating = .init(context.arena);
    try writeFacts(context.arena, slices, entry, &text.writer);
    try arguments.writeFile(output, text.written());
}

/// The module's entry, which every slice has and no other.
fn entryOf(context: io.Context, library: []const u8, module: []const u8, slices: []const Binary) ![]const u8 {
    const expected = entry_symbol.expected(context.arena, module) catch |err| switch (err) {
        error.OutOfMemory => return error.OutOfMemory,
        error.InvalidModuleName => {
            context.printError("'{s}' is not a module name: write identifiers with dots between them", .{module});
            return error.Reported;
        },
    };
    for (slices) |slice| {
        const name = if (slices.len == 1) library else try std.fmt.allocPrint(
            context.arena,
            "{s} ({t})",
            .{ library, slice.machine },
        );
        if (try complaint(context.arena, name, module, expected, slice.exports)) |sentence| {
            context.printError("{s}", .{sentence});
            return error.Reported;
        }
    }
    return expected;
}

test complaint {
    const many = [_][]const u8{ "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l" };
    const cases = [_]struct { []const []const u8, ?[]const u8 }{
        .{ &.{"PyInit__native"}, null },
        .{ &.{ "PyInit__native", "foo" }, null },
        .{ &.{ "foo", "bar" }, "lib_native.so defines no PyInit_ function, but build.zig names the module 'hello._native' (expected PyInit__native); exported symbols: foo, bar" },
        .{ &.{}, "lib_native.so defines no PyInit_ function, but build.zig names the module 'hello._native' (expected PyInit__native); exported symbols: none" },
        .{ &many, "lib_native.so defines no PyInit_ function, but build.zig names the module 'hello._native' (expected PyInit__native); exported symbols: a, b, c, d, e, f, g, h, i, j and 2 more" },
        .{ &.{ "PyInit__native", "PyInit_b", "c" }, "lib_native.so defines several PyInit_ functions, but is one module, 'hello._native' (expected PyInit__native alone): PyInit__native, PyInit_b; give each module an addExtension of its own" },
        .{ &.{ "PyInit_native", "c" }, "lib_native.so defines PyInit_native, but build.zig names the module 'hello._native' (expected PyInit__native): make the two names agree" },
    };
    var arena: std.heap.ArenaAllocator = .init(std.testing.allocator);
    defer arena.deinit();
    for (cases) |case| {
        const sentence = try complaint(arena.allocator(), "lib_native.so", "hello._native", "PyInit__native", case[0]);
        try std.testing.expectEqualDeep(case[1], sentence);
    }
}

test writeFacts {
    const binary: Binary = .{
        .format = .elf,
        .machine = .x86_64,
        .bits = 64,
        .endian = .little,
        .exports = &.{"PyInit__native"},
        .imports = &.{
            .{ .name = "PyLong_FromLong", .library = null, .version = null, .weak = false },
            .{ .name = "malloc", .library = "libc.so.6", .version = "GLIBC_2.2.5", .weak = false },
        },
        .needed = &.{"libc.so.6"},
        .versions = &.{.{ .library = "libc.so.6", .name = "GLIBC_2.2.5" }},
        .soname = "lib_native.so",
        .runpath = &.{},
        .executable_stack = false,
        .text_relocations = false,
    };
    var arena: std.heap.ArenaAllocator = .init(std.testing.allocator);
    defer arena.deinit();
    var written: std.Io.Writer.Allocating = .init(arena.allocator());
    try writeFacts(arena.allocator(), &.{binary}, "PyInit__native", &written.writer);
    try std.testing.expectEqualStrings(
        \\{
        \\  "format": "elf",
        \\  "machine": "x86_64",
        \\  "machine_flags": 0,
        \\  "bits": 64,
        \\  "endian": "little",
        \\  "entry": "PyInit__native",
        \\  "exports": [
        \\    "PyInit__native"
        \\  ],
        \\  "imports": [
        \\    {
        \\      "name": "PyLong_FromLong",
        \\      "library": null,
        \\      "version": null,
        \\      "weak": false
        \\    },
        \\    {
        \\      "name": "malloc",
        \\      "library": "libc.so.6",
        \\      "version": "GLIBC_2.2.5",
        \\      "weak": false
        \\    }
        \\  ],
        \\  "needed": [
        \\    "libc.so.6"
        \\  ],
        \\  "versions": [
        \\    {
        \\      "library": "libc.so.6",
        \\      "name": "GLIBC_2.2.5"
        \\    }
        \\  ],
        \\  "soname": "lib_native.so",
        \\  "runpath": [],
        \\  "executable_stack": false,
        \\  "text_relocations": false,
        \\  "minimum_os": [],
        \\  "signature": null,
        \\  "dll_characteristics": null,
        \\  "debug_files": [],
        \\  "other_slices": []
        \\}
        \\
    , written.written());
}

test {
    _ = Binary;
    _ = entry_symbol;
    _ = name_list;
}
