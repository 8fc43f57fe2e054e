//! Rules of Python's own symbols: what a module asks the interpreter for, every interpreter of its tags must have.

const std = @import("std");
const Allocator = std.mem.Allocator;
const Audit = @import("Audit.zig");
const Binary = @import("../binary/Binary.zig");
const python_symbols = @import("../python_symbols.zig");
const windows = @import("windows.zig");

pub const rules = [_]Audit.Rule{
    .{ .name = "stable-abi", .check = .{ .slice = stableAbi } },
    .{ .name = "python-symbol", .check = .{ .slice = pythonSymbol } },
};

fn stableAbi(audit: *Audit, slice: Binary) Allocator.Error!void {
    if (audit.target.abi != .stable) return;
    for (slice.imports) |import| {
        if (!isPythons(import)) continue;
        const floor = audit.target.version;
        const os = audit.target.platform.os;
        const name = try audit.nameOf(slice);
        const symbol = python_symbols.stable_abi.find(import.name) orelse {
            try audit.report(
                import.name,
                try audit.print("{s} uses {s}, which is not in the stable ABI that the tag abi3 means", .{ name, import.name }),
                "do without it, or build for one Python version",
            );
            continue;
        };
        if (symbol.since.order(floor) == .gt) {
            try audit.report(
                import.name,
                try audit.print("{s} uses the {s} {s}, which is in the stable ABI since Python {d}.{d}, but cp{d}{d}-abi3 means Python {d}.{d} and later", .{
                    name,               if (symbol.kind == .data) "variable" else "function", import.name,
                    symbol.since.major, symbol.since.minor,                                   floor.major,
                    floor.minor,        floor.major,                                          floor.minor,
                }),
                try audit.print("build for the stable ABI of {d}.{d}, or do without it", .{ symbol.since.major, symbol.since.minor }),
            );
        } else if (!symbol.availableOn(os)) {
            try audit.report(
                import.name,
                try audit.print("{s} uses {s}, which Python does not have on {s}", .{ name, import.name, audit.tag }),
                "do without it on that platform",
            );
        }
    }
}

/// For a module of one version. What is known are the exports of Windows' DLLs: elsewhere there are a few more, none
/// of which is public.
fn pythonSymbol(audit: *Audit, slice: Binary) Allocator.Error!void {
    if (audit.target.abi == .stable) return;
    const version = audit.target.version;
    const library: python_symbols.exports.Library = .{
        .version = version,
        .free_threaded = audit.target.abi == .free_threaded,
        .bits = if (slice.bits == 32) .@"32" else .@"64",
    };
    if (python_symbols.exports.iterate(library) == null) return;
    const os = audit.target.platform.os;
    for (slice.imports) |import| {
        if (!isPythons(import) or (os != .windows and import.name[0] == '_')) continue;
        if (python_symbols.exports.find(library, import.name) != null) continue;
        const symbol = python_symbols.stable_abi.find(import.name);
        if (os != .windows and symbol != null and symbol.?.since.order(version) != .gt and symbol.?.availableOn(os)) continue;
        try audit.report(
            import.name,
            try audit.print("{s} uses {s}, which Python {d}.{d}{s} does not have on {s}", .{
                try audit.nameOf(slice), import.name,                            version.major,
                version.minor,           if (library.free_threaded) "t" else "", audit.tag,
            }),
            "do without it",
        );
    }
}

/// Whether the interpreter is asked for it. What may be missing when the module is loaded asks for nothing.
pub fn isPythons(import: Binary.Import) bool {
    if (import.weak or !python_symbols.isPythonName(import.name)) return false;
    const library = import.library orelse return true;
    return windows.isPythonDll(library);
}
