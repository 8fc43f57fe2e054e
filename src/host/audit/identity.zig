//! Rules about what a library is: the format, machine and module that its wheel's tags and its own name say.

const std = @import("std");
const Allocator = std.mem.Allocator;
const Audit = @import("Audit.zig");
const Binary = @import("../binary/Binary.zig");
const PythonTarget = @import("../../target/PythonTarget.zig");
const PlatformTag = PythonTarget.PlatformTag;
const entry_symbol = @import("../entry_symbol.zig");
const name_list = @import("../name_list.zig");

/// What every other rule of a platform takes for granted.
pub const platform_rules = [_]Audit.Rule{
    .{ .name = "format", .check = .{ .file = format }, .of_platform = true },
    .{ .name = "machine", .check = .{ .file = machine }, .of_platform = true },
    .{ .name = "machine-flags", .check = .{ .slice = machineFlags }, .of_platform = true },
};

pub const module_rules = [_]Audit.Rule{
    .{ .name = "entry-symbol", .check = .{ .slice = entrySymbol } },
    .{ .name = "file-name", .check = .{ .file = fileName } },
    .{ .name = "exports", .check = .{ .slice = exports } },
};

fn formatText(value: Binary.Format) []const u8 {
    return switch (value) {
        .elf => "ELF (Linux)",
        .macho => "Mach-O (macOS)",
        .pe => "PE (Windows)",
    };
}

fn format(audit: *Audit) Allocator.Error!void {
    const expected: Binary.Format = switch (audit.target.platform.os) {
        .linux => .elf,
        .macos => .macho,
        .windows => .pe,
    };
    const actual = audit.slices[0].format;
    if (actual == expected) return;
    try audit.report(
        null,
        try audit.print("{s} is {s}, but {s} means {s}", .{
            audit.file, formatText(actual), audit.tag, formatText(expected),
        }),
        try audit.retag("give the wheel the library of that platform"),
    );
}

/// The machine of a wheel's architecture; both for `universal2`.
fn machinesOf(arch: PlatformTag.Arch) []const Binary.Machine {
    return switch (arch) {
        .x86_64 => &.{.x86_64},
        .x86 => &.{.x86},
        .aarch64 => &.{.aarch64},
        .armv7l => &.{.arm},
        .ppc64le => &.{.ppc64le},
        .s390x => &.{.s390x},
        .riscv64 => &.{.riscv64},
        .loongarch64 => &.{.loongarch64},
        .universal2 => &.{ .x86_64, .aarch64 },
    };
}

pub fn archOf(value: Binary.Machine) ?PlatformTag.Arch {
    return switch (value) {
        .x86_64 => .x86_64,
        .x86 => .x86,
        .aarch64 => .aarch64,
        .arm => .armv7l,
        .ppc64le => .ppc64le,
        .s390x => .s390x,
        .riscv64 => .riscv64,
        .loongarch64 => .loongarch64,
        .ppc64, .other => null,
    };
}

fn bitsOf(value: Binary.Machine) u8 {
    return switch (value) {
        .x86, .arm => 32,
        else => 64,
    };
}

fn machine(audit: *Audit) Allocator.Error!void {
    for (machinesOf(audit.target.platform.arch)) |expected| {
        for (audit.slices) |slice| {
            if (slice.machine == expected and slice.bits == bitsOf(expected)) break;
        } else try audit.report(
            null,
            try audit.print("{s} is for {s}, but {s} means {t}", .{ audit.file, try machineList(audit), audit.tag, expected }),
            try audit.retag("give the wheel the library of that architecture"),
        );
    }
}

fn machineList(audit: *const Audit) Allocator.Error![]const u8 {
    var list: std.ArrayList([]const u8) = .empty;
    for (audit.slices) |slice| {
        const name = if (slice.machine == .other) "a machine that no wheel is for" else @tagName(slice.machine);
        const usual = slice.machine == .other or slice.bits == bitsOf(slice.machine);
        try list.append(audit.arena, if (usual) name else try audit.print("{s} with {d} bits", .{ name, slice.bits }));
    }
    return std.mem.join(audit.arena, " and ", list.items);
}

/// Calling conventions of which a machine has several: the bits of ELF's flags that must have a value.
const conventions = [_]struct { machine: Binary.Machine, mask: u32, value: u32, name: []const u8 }{
    .{ .machine = .arm, .mask = 0xff00_0400, .value = 0x0500_0400, .name = "EABI 5 with floats in registers (armhf)" },
    .{ .machine = .riscv64, .mask = 0x0000_000e, .value = 0x0000_0004, .name = "doubles in registers (lp64d)" },
    .{ .machine = .ppc64le, .mask = 0x0000_0003, .value = 0x0000_0002, .name = "ELFv2" },
    .{ .machine = .loongarch64, .mask = 0x0000_0007, .value = 0x0000_0003, .name = "doubles in registers (lp64d)" },
};

fn machineFlags(audit: *Audit, slice: Binary) Allocator.Error!void {
    if (slice.format != .elf) return;
    for (conventions) |convention| {
        if (slice.machine != convention.machine or slice.machine_flags & convention.mask == convention.value) continue;
        try audit.report(
            null,
            try audit.print("{s} has the machine flags 0x{x}, but {s} means {s}", .{
                audit.file, slice.machine_flags, audit.tag, convention.name,
            }),
            "compile all of it for the target that alloconda sets, without flags of its own",
        );
    }
}

fn entrySymbol(audit: *Audit, slice: Binary) Allocator.Error!void {
    const expected = entry_symbol.expected(audit.arena, audit.module.?) catch |err| switch (err) {
        error.OutOfMemory => return error.OutOfMemory,
        error.InvalidModuleName => return audit.report(
            null,
            try audit.print("'{s}' is not the name of a module", .{audit.module.?}),
            "write identifiers with dots between them",
        ),
    };
    var found: std.ArrayList([]const u8) = .empty;
    for (slice.exports) |name| if (entry_symbol.isEntry(name)) try found.append(audit.arena, name);
    const name = try audit.nameOf(slice);
    if (found.items.len == 0) return audit.report(
        expected,
        try audit.print("{s} defines no PyInit_ function, but Python looks for {s} in the module '{s}'", .{
            name, expected, audit.module.?,
        }),
        "let alloconda compile the module, or export the function",
    );
    if (found.items.len > 1) return audit.report(
        expected,
        try audit.print("{s} defines {s}, but is one module, '{s}', and Python looks for {s} alone", .{
            name, try name_list.text(audit.arena, found.items), audit.module.?, expected,
        }),
        "give each module a library of its own",
    );
    if (!std.mem.eql(u8, found.items[0], expected)) return audit.report(
        found.items[0],
        try audit.print("{s} defines {s}, but Python looks for {s} in the module '{s}'", .{
            name, found.items[0], expected, audit.module.?,
        }),
        "make the two names agree",
    );
}

/// Whether Python finds the module under its name.
fn fileName(audit: *Audit) Allocator.Error!void {
    const path = audit.path orelse return;
    const module_path = try Audit.modulePath(audit.arena, audit.module.?);
    const own = try audit.target.extensionSuffix(audit.arena);
    if (!std.mem.startsWith(u8, path, module_path) or !std.mem.startsWith(u8, path[module_path.len..], ".")) {
        return audit.report(
            null,
            try audit.print("{s} is not where Python looks for the module '{s}'", .{ path, audit.module.? }),
            try audit.print("name it {s}{s}", .{ module_path, own }),
        );
    }
    const suffix = path[module_path.len..];
    const python_on_windows = audit.target.platform.os == .windows;
    // Those without a version are looked for by every Python of the system.
    if (std.mem.eql(u8, suffix, own) or std.mem.eql(u8, suffix, if (python_on_windows) ".pyd" else ".so")) return;
    const takes_stable = audit.target.abi != .free_threaded and !python_on_windows;
    if (takes_stable and std.mem.eql(u8, suffix, ".abi3.so")) return;
    const tags = try audit.print("{s}-{s}", .{
        try audit.target.pythonTag(audit.arena), try audit.target.abiTag(audit.arena),
    });
    try audit.report(
        null,
        try audit.print("{s} ends with {s}, but the Pythons of {s} on {s} look for {s}", .{
            path, suffix, tags, audit.tag, own,
        }),
        try audit.print("name it {s}{s}", .{ module_path, own }),
    );
}

/// What linkers export on their own.
const linker_exports = [_][]const u8{ "_init", "_fini", "_edata", "_end", "__bss_start", "__bss_start__", "_bss_end__", "__bss_end__", "__end__" };

/// Exported names are for all modules of a process, which then take each other's. Only ELF has a list of names to
/// export that Zig's linker follows.
fn exports(audit: *Audit, slice: Binary) Allocator.Error!void {
    if (slice.format != .elf) return;
    var others: std.ArrayList([]const u8) = .empty;
    for (slice.exports) |name| {
        if (entry_symbol.isEntry(name) or std.mem.startsWith(u8, name, "PyModExport_")) continue;
        for (linker_exports) |known| {
            if (std.mem.eql(u8, name, known)) break;
        } else try others.append(audit.arena, name);
    }
    if (others.items.len == 0) return;
    try audit.report(
        others.items[0],
        try audit.print("{s} exports more than its PyInit_ function, and may take the place of symbols of those names in other modules: {s}", .{
            audit.file, try name_list.text(audit.arena, others.items),
        }),
        "export PyInit_ functions only, by a version script",
    );
}
