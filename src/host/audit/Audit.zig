//! One library held against the tags of its wheel: what the rules look at, and what they find.

const std = @import("std");
const Allocator = std.mem.Allocator;
const Binary = @import("../binary/Binary.zig");
const PythonTarget = @import("../../target/PythonTarget.zig");
const PlatformTag = PythonTarget.PlatformTag;
const identity = @import("identity.zig");
const linux = @import("linux.zig");
const macos = @import("macos.zig");
const windows = @import("windows.zig");
const python_abi = @import("python_abi.zig");

const Audit = @This();

arena: Allocator,
/// What sentences call the library.
file: []const u8,
/// The library's path in the wheel, when it is known.
path: ?[]const u8,
/// `hello._native`; null for a program, and for a shared library beside a module.
module: ?[]const u8,
/// Python knows nothing of a program.
is_program: bool,
target: PythonTarget,
/// The platform tag of `target`.
tag: []const u8,
/// One, or all of a fat file.
slices: []const Binary,
/// Names of libraries that are in the wheel too.
bundled: []const []const u8,
/// The smallest platform tag that the library fulfils; null when there is none.
true_tag: ?[]const u8,
findings: std.ArrayList(Finding) = .empty,
/// The rule that is looking.
rule: []const u8 = "",

pub const Finding = struct {
    rule: []const u8,
    file: []const u8,
    symbol: ?[]const u8,
    /// What is wrong and why.
    sentence: []const u8,
    /// What can be done.
    remedy: []const u8,
};

pub const Rule = struct {
    name: []const u8,
    check: union(enum) {
        file: *const fn (*Audit) Allocator.Error!void,
        slice: *const fn (*Audit, Binary) Allocator.Error!void,
    },
    /// Whether another platform tag can be the remedy: `smallestTag` goes by those rules alone.
    of_platform: bool = false,
    /// Whether it is nothing to a program.
    of_modules: bool = false,
};

pub const Subject = struct {
    path: ?[]const u8,
    /// Null for a program, and for a shared library beside a module.
    module: ?[]const u8,
    is_program: bool = false,
    target: PythonTarget,
    slices: []const Binary,
    bundled: []const []const u8 = &.{},
};

/// All that is wrong. Everything is `arena`'s.
pub fn run(arena: Allocator, subject: Subject) Allocator.Error!Audit {
    var audit: Audit = .{
        .arena = arena,
        .file = subject.path orelse if (subject.module) |module| try defaultPath(arena, module, subject.target) else if (subject.is_program) "the program" else "the library",
        .path = subject.path,
        .module = subject.module,
        .is_program = subject.is_program,
        .target = subject.target,
        .tag = try subject.target.platform.text(arena),
        .slices = subject.slices,
        .bundled = subject.bundled,
        .true_tag = try smallestTag(arena, subject),
    };
    try audit.apply(&platform_rules);
    // Rules of one system say nothing sensible about the library of another.
    if (audit.findings.items.len == 0) try audit.apply(systemRules(subject.target.platform.os));
    if (audit.module != null) try audit.apply(&identity.module_rules);
    if (!audit.is_program) try audit.apply(&python_abi.rules);
    return audit;
}

/// What the rules of a system take for granted.
const platform_rules = identity.platform_rules ++ linux.platform_rules;

/// For the tests: each must have a library that it refuses.
pub const all_rules = [_][]const Rule{
    &platform_rules,
    &identity.module_rules,
    &linux.rules,
    &macos.rules,
    &windows.rules,
    &python_abi.rules,
};

fn systemRules(os: PlatformTag.Os) []const Rule {
    return switch (os) {
        .linux => &linux.rules,
        .macos => &macos.rules,
        .windows => &windows.rules,
    };
}

fn apply(audit: *Audit, rules: []const Rule) Allocator.Error!void {
    for (rules) |rule| {
        if (audit.is_program and rule.of_modules) continue;
        try audit.applyOne(rule);
    }
}

fn applyOne(audit: *Audit, rule: Rule) Allocator.Error!void {
    audit.rule = rule.name;
    switch (rule.check) {
        .file => |check| try check(audit),
        .slice => |check| for (audit.slices) |slice| try check(audit, slice),
    }
}

/// Where the library belongs by its tags.
fn defaultPath(arena: Allocator, module: []const u8, target: PythonTarget) Allocator.Error![]const u8 {
    const suffix = try target.extensionSuffix(arena);
    return std.fmt.allocPrint(arena, "{s}{s}", .{ try modulePath(arena, module), suffix });
}

/// `hello/_native`
pub fn modulePath(arena: Allocator, module: []const u8) Allocator.Error![]const u8 {
    return std.mem.replaceOwned(u8, arena, module, ".", "/");
}

/// The first of the platform tags for the library's system and architecture that no rule has anything against.
fn smallestTag(arena: Allocator, subject: Subject) Allocator.Error!?[]const u8 {
    var platforms: Platforms = Platforms.init(subject) orelse return null;
    while (platforms.next()) |platform| {
        var audit: Audit = .{
            .arena = arena,
            .file = "",
            .path = null,
            .module = subject.module,
            .is_program = subject.is_program,
            .target = .{ .version = subject.target.version, .abi = subject.target.abi, .platform = platform },
            .tag = try platform.text(arena),
            .slices = subject.slices,
            .bundled = subject.bundled,
            .true_tag = null,
        };
        try audit.apply(&platform_rules);
        for (systemRules(platform.os)) |rule| if (rule.of_platform) try audit.applyOne(rule);
        if (audit.findings.items.len == 0) return audit.tag;
    }
    return null;
}

/// The platform tags of one system, C library and architecture, from the oldest on.
const Platforms = struct {
    platform: PlatformTag,

    fn init(subject: Subject) ?Platforms {
        const first = subject.slices[0];
        var arch = identity.archOf(first.machine) orelse return null;
        if (subject.slices.len > 1) arch = .universal2;
        return .{ .platform = switch (first.format) {
            .pe => .{ .os = .windows, .arch = arch, .libc = .none, .version = .none },
            .macho => .{ .os = .macos, .arch = arch, .libc = .none, .version = .{ .major = 10, .minor = 0 } },
            .elf => .{
                .os = .linux,
                .arch = arch,
                .libc = linux.libcOf(first, subject.target.platform.libc),
                .version = .none,
            },
        } };
    }

    fn next(platforms: *Platforms) ?PlatformTag {
        const version = &platforms.platform.version;
        // One after the other, without those that there cannot be.
        for (0..1000) |_| {
            switch (platforms.platform.os) {
                .windows => {
                    if (version.major != 0) return null;
                    version.major = 1;
                    var result = platforms.platform;
                    result.version = .none;
                    return result;
                },
                .macos => if (version.major == 10 and version.minor < 15) {
                    version.minor += 1;
                } else {
                    version.* = .{ .major = version.major + 1, .minor = 0 };
                    if (version.major > 99) return null;
                },
                .linux => if (version.major == 0) {
                    version.* = .{ .major = if (platforms.platform.libc == .musl) 1 else 2, .minor = 0 };
                } else {
                    version.minor += 1;
                    if (version.minor > 99) return null;
                },
            }
            if (platforms.platform.check()) |_| return platforms.platform else |_| {}
        }
        return null;
    }
};

/// What to call a slice in a sentence.
pub fn nameOf(audit: *const Audit, slice: Binary) Allocator.Error![]const u8 {
    if (audit.slices.len == 1) return audit.file;
    return std.fmt.allocPrint(audit.arena, "{s} ({t})", .{ audit.file, slice.machine });
}

/// Whether a needed library comes with the wheel. `library` may have a folder.
pub fn isBundled(audit: *const Audit, library: []const u8) bool {
    const name = std.fs.path.basenamePosix(library);
    for (audit.bundled) |known| {
        if (std.mem.eql(u8, name, known)) return true;
        if (audit.target.platform.os == .windows and std.ascii.eqlIgnoreCase(name, known)) return true;
    }
    return false;
}

/// Adds a finding of the current rule.
pub fn report(audit: *Audit, symbol: ?[]const u8, sentence: []const u8, remedy: []const u8) Allocator.Error!void {
    try audit.findings.append(audit.arena, .{
        .rule = audit.rule,
        .file = audit.file,
        .symbol = symbol,
        .sentence = sentence,
        .remedy = remedy,
    });
}

pub fn print(audit: *const Audit, comptime format: []const u8, values: anytype) Allocator.Error![]const u8 {
    return std.fmt.allocPrint(audit.arena, format, values);
}

/// A remedy when the tag promises too much: the tag that does not, or what else can be done.
pub fn retag(audit: *const Audit, otherwise: []const u8) Allocator.Error![]const u8 {
    const tag = audit.true_tag orelse return otherwise;
    return audit.print("use the platform tag {s}, or {s}", .{ tag, otherwise });
}
