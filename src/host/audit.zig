//! `host audit`: holds a compiled library against the tags of its wheel, and says what of them is not true of it.

const std = @import("std");
const Allocator = std.mem.Allocator;
const io = @import("../compat/io.zig");
const Arguments = @import("Arguments.zig");
const Binary = @import("binary/Binary.zig");
const Audit = @import("audit/Audit.zig");
const tags = @import("audit/tags.zig");

pub const usage =
    "host audit LIBRARY [--module NAME | --program] --python-tag TAG --abi-tag TAG --platform-tag TAG" ++
    " --mode error|warn|off --output FILE [--file PATH] [--bundled LIBRARY]...";

/// What happens when something is found.
const Mode = enum {
    /// It is said, and the audit fails.
    @"error",
    /// It is said.
    warn,
    /// Nothing is looked at.
    off,
};

/// What `audit.json` says, by the names of its keys and in their order.
const Report = struct {
    findings: []const Audit.Finding,
    /// The smallest that the library fulfils; null when there is none.
    true_platform_tag: ?[]const u8,
};

/// Sentences that are said, not more than a screen has room for.
const said_max = 20;

/// What is held against each of the targets.
const Subject = struct {
    path: ?[]const u8,
    module: ?[]const u8,
    is_program: bool = false,
    slices: []const Binary,
    bundled: []const []const u8,
};

/// The findings of all platforms of a set, each once.
fn auditAll(
    arena: Allocator,
    targets: []const tags.PythonTarget,
    subject: Subject,
) Allocator.Error!Report {
    var findings: std.ArrayList(Audit.Finding) = .empty;
    var true_tag: ?[]const u8 = null;
    for (targets) |target| {
        const audit: Audit = try .run(arena, .{
            .path = subject.path,
            .module = subject.module,
            .is_program = subject.is_program,
            .target = target,
            .slices = subject.slices,
            .bundled = subject.bundled,
        });
        true_tag = audit.true_tag;
        for (audit.findings.items) |finding| {
            for (findings.items) |known| {
                if (std.mem.eql(u8, known.sentence, finding.sentence)) break;
            } else try findings.append(arena, finding);
        }
    }
    return .{ .findings = findings.items, .true_platform_tag = true_tag };
}

pub fn run(context: io.Context) !void {
    var arguments: Arguments = .init(context);
    var library_given: ?[]const u8 = null;
    var module_given: ?[]const u8 = null;
    var python_given: ?[]const u8 = null;
    var abi_given: ?[]const u8 = null;
    var platform_given: ?[]const u8 = null;
    var mode_given: ?[]const u8 = null;
    var output_given: ?[]const u8 = null;
    var file_given: ?[]const u8 = null;
    var bundled: std.ArrayList([]const u8) = .empty;
    var is_program = false;
    const options = [_]struct { []const u8, *?[]const u8 }{
        .{ "--module", &module_given },
        .{ "--python-tag", &python_given },
        .{ "--abi-tag", &abi_given },
        .{ "--platform-tag", &platform_given },
        .{ "--mode", &mode_given },
        .{ "--output", &output_given },
        .{ "--file", &file_given },
    };
    while (arguments.next()) |argument| switch (argument) {
        .positional => |value| library_given = try arguments.once(library_given, "LIBRARY", value),
        .option => |name| if (std.mem.eql(u8, name, "--bundled")) {
            try bundled.append(context.arena, try arguments.value());
        } else if (std.mem.eql(u8, name, "--program")) {
            is_program = true;
        } else for (options) |option| {
            if (!std.mem.eql(u8, name, option[0])) continue;
            option[1].* = try arguments.once(option[1].*, name, try arguments.value());
            break;
        } else return arguments.unknown(name),
    };
    const path = try arguments.required(library_given, "LIBRARY");
    // With neither it is a shared library beside a module.
    const module = if (is_program) null else module_given;
    const python_tag = try arguments.required(python_given, "--python-tag");
    const abi_tag = try arguments.required(abi_given, "--abi-tag");
    const platform_tag = try arguments.required(platform_given, "--platform-tag");
    const mode_text = try arguments.required(mode_given, "--mode");
    const output = try arguments.required(output_given, "--output");
    const mode = std.meta.stringToEnum(Mode, mode_text) orelse {
        context.printError("--mode is error, warn or off, not '{s}'", .{mode_text});
        return error.Usage;
    };
    if (mode == .off) return writeReport(&arguments, output, .{ .findings = &.{}, .true_platform_tag = null });

    const arena = context.arena;
    const targets = switch (try tags.read(arena, python_tag, abi_tag, platform_tag)) {
        .targets => |targets| targets,
        .complaint => |complaint| {
            context.printError("{s}", .{complaint});
            return error.Reported;
        },
    };
    const bytes = try arguments.readFile(path);
    const read = if (is_program) Binary.readAny(arena, bytes) else Binary.read(arena, bytes);
    const report: Report = if (read) |slices|
        try auditAll(arena, targets, .{
            .path = file_given,
            .module = module,
            .is_program = is_program,
            .slices = slices,
            .bundled = bundled.items,
        })
    else |err| switch (err) {
        error.OutOfMemory => return error.OutOfMemory,
        else => .{ .findings = try unreadable(arena, file_given orelse std.fs.path.basename(path), err), .true_platform_tag = null },
    };
    try writeReport(&arguments, output, report);
    const word = if (mode == .@"error") "error" else "warning";
    for (report.findings, 0..) |finding, index| {
        if (index == said_max) {
            std.debug.print("{s}: and {d} more\n", .{ word, report.findings.len - said_max });
            break;
        }
        std.debug.print("{s}: {s}: {s}\n", .{ word, finding.sentence, finding.remedy });
    }
    if (mode == .@"error" and report.findings.len > 0) return error.Reported;
}

fn unreadable(arena: Allocator, file: []const u8, err: Binary.Error) Allocator.Error![]const Audit.Finding {
    return arena.dupe(Audit.Finding, &.{.{
        .rule = "format",
        .file = file,
        .symbol = null,
        .sentence = try std.fmt.allocPrint(arena, "{s} {s}", .{ file, Binary.reason(err) }),
        .remedy = "give the wheel a library",
    }});
}

fn writeReport(arguments: *const Arguments, output: []const u8, report: Report) !void {
    var text: std.Io.Writer.Allocating = .init(arguments.context.arena);
    try std.json.Stringify.value(report, .{ .whitespace = .indent_2 }, &text.writer);
    try text.writer.writeByte('\n');
    try arguments.writeFile(output, text.written());
}

test "a set of platforms: what is wrong with any of them, each thing once" {
    const binary: Binary = .{
        .format = .elf,
        .machine = .x86_64,
        .bits = 64,
        .endian = .little,
        .exports = &.{"PyInit_spam"},
        .imports = &.{.{ .name = "getrandom", .library = "libc.so.6", .version = "GLIBC_2.25", .weak = false }},
        .needed = &.{"libc.so.6"},
        .versions = &.{.{ .library = "libc.so.6", .name = "GLIBC_2.25" }},
        .soname = null,
        .runpath = &.{},
        .executable_stack = true,
        .text_relocations = false,
    };
    var arena: std.heap.ArenaAllocator = .init(std.testing.allocator);
    defer arena.deinit();
    const targets = (try tags.read(arena.allocator(), "cp310", "abi3", "manylinux2014_x86_64.manylinux_2_17_x86_64.manylinux_2_28_x86_64")).targets;
    try std.testing.expectEqual(2, targets.len);
    const report = try auditAll(arena.allocator(), targets, .{
        .path = "spam.abi3.so",
        .module = "spam",
        .slices = &.{binary},
        .bundled = &.{},
    });
    var written: std.Io.Writer.Allocating = .init(arena.allocator());
    try std.json.Stringify.value(report, .{ .whitespace = .indent_2 }, &written.writer);
    try std.testing.expectEqualStrings(
        \\{
        \\  "findings": [
        \\    {
        \\      "rule": "glibc-version",
        \\      "file": "spam.abi3.so",
        \\      "symbol": "getrandom",
        \\      "sentence": "spam.abi3.so uses getrandom with the version GLIBC_2.25 of libc.so.6, which manylinux_2_17_x86_64 does not promise",
        \\      "remedy": "use the platform tag manylinux_2_25_x86_64, or do without it"
        \\    },
        \\    {
        \\      "rule": "executable-stack",
        \\      "file": "spam.abi3.so",
        \\      "symbol": null,
        \\      "sentence": "spam.abi3.so asks for a stack that code can run on, which glibc refuses since 2.41",
        \\      "remedy": "mark the stack of its assembly code (.section .note.GNU-stack), or link with -z noexecstack"
        \\    }
        \\  ],
        \\  "true_platform_tag": "manylinux_2_25_x86_64"
        \\}
    , written.written());
}

test {
    _ = tags;
    _ = @import("audit/names.zig");
    _ = @import("audit/ManylinuxPolicy.zig");
    _ = @import("audit/linux.zig");
    _ = @import("audit/windows.zig");
    _ = @import("audit/audit_test.zig");
}
