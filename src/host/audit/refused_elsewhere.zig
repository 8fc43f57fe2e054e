//! What the rules of macOS and of Windows refuse. For tests only.

const Binary = @import("../binary/Binary.zig");
const samples = @import("samples.zig");
const macos = samples.macos;
const intel = samples.intel;
const windows = samples.windows;
const plain = samples.plain;
const from = samples.from;
const with = samples.with;

pub const on_macos = [_]samples.Refused{
    .{
        .rule = "minimum-macos",
        .slices = &.{with(macos, .{ .minimum_os = &[_]Binary.MinimumOs{.{ .system = .macos, .version = .{ .major = 26, .minor = 5, .patch = 2 } }} })},
        .platform = "macosx_26_0_arm64",
        .sentence = "hello/_native.abi3.so needs macOS 26.5.2, but macosx_26_0_arm64 promises that 26.0 is enough",
        .remedy = "use the platform tag macosx_27_0_arm64, or link it for the macOS of the tag",
        .smallest = "macosx_27_0_arm64",
    },
    .{
        // The older of two commands does not make up for the newer one.
        .rule = "minimum-macos",
        .slices = &.{ with(intel, .{ .minimum_os = &[_]Binary.MinimumOs{
            .{ .system = .macos, .version = .{ .major = 10, .minor = 13 } },
            .{ .system = .macos, .version = .{ .major = 10, .minor = 15 } },
        } }), macos },
        .platform = "macosx_10_13_universal2",
        .sentence = "hello/_native.abi3.so (x86_64) needs macOS 10.15, but macosx_10_13_universal2 promises that 10.13 is enough",
        .remedy = "use the platform tag macosx_10_15_universal2, or link it for the macOS of the tag",
        .smallest = "macosx_10_15_universal2",
    },
    .{
        .rule = "minimum-macos",
        .slices = &.{ intel, with(macos, .{ .minimum_os = &[_]Binary.MinimumOs{.{ .system = .macos, .version = .{ .major = 16, .minor = 0 } }} }) },
        .platform = "macosx_10_13_universal2",
        .sentence = "hello/_native.abi3.so (aarch64) needs macOS 16.0, but macosx_10_13_universal2 promises that 11.0 is enough",
        .remedy = "use the platform tag macosx_26_0_universal2, or link it for the macOS of the tag",
        .smallest = "macosx_26_0_universal2",
    },
    .{
        .rule = "minimum-macos",
        .slices = &.{with(macos, .{ .minimum_os = &[_]Binary.MinimumOs{.{ .system = .other, .version = .{ .major = 11, .minor = 0 } }} })},
        .platform = "macosx_11_0_arm64",
        .sentence = "hello/_native.abi3.so does not say which macOS it needs, but macosx_11_0_arm64 promises 11.0",
        .remedy = "link it for a version of macOS",
        .smallest = null,
    },
    .{
        .rule = "undefined-symbol",
        .slices = &.{with(macos, .{ .imports = &[_]Binary.Import{ plain("PyLong_FromLong"), plain("frobnicate") } })},
        .platform = "macosx_11_0_arm64",
        .symbol = "frobnicate",
        .sentence = "hello/_native.abi3.so uses frobnicate, which is neither Python's nor of a library that it names",
        .remedy = "link what defines it",
        .smallest = null,
    },
    .{
        .rule = "macos-library",
        .slices = &.{with(macos, .{
            .needed = &[_][]const u8{ "/usr/lib/libSystem.B.dylib", "/System/Library/Frameworks/Security.framework/Security", "/opt/homebrew/lib/libz.dylib" },
            .imports = &[_]Binary.Import{from("/opt/homebrew/lib/libz.dylib", "deflate")},
        })},
        .platform = "macosx_11_0_arm64",
        .symbol = "deflate",
        .sentence = "hello/_native.abi3.so needs /opt/homebrew/lib/libz.dylib, which is not part of macOS",
        .remedy = "link it statically",
        .smallest = "macosx_11_0_arm64",
    },
    .{
        .rule = "install-name",
        .slices = &.{with(macos, .{ .soname = @as(?[]const u8, "/home/me/zig-out/lib_native.so") })},
        .platform = "macosx_11_0_arm64",
        .sentence = "hello/_native.abi3.so has the install name /home/me/zig-out/lib_native.so, a place on the machine that built it",
        .remedy = "give it the install name @rpath/_native.abi3.so",
        .smallest = "macosx_11_0_arm64",
    },
    .{
        .rule = "rpath",
        .slices = &.{with(macos, .{ .runpath = &[_][]const u8{"/opt/lib"} })},
        .platform = "macosx_11_0_arm64",
        .sentence = "hello/_native.abi3.so looks for libraries in /opt/lib, which is not below its own folder",
        .remedy = "take the rpath away, or start it with @loader_path",
        .smallest = "macosx_11_0_arm64",
    },
    .{
        .rule = "signature",
        .slices = &.{ intel, with(macos, .{ .signature = @as(?Binary.Signature, .missing) }) },
        .platform = "macosx_11_0_universal2",
        .sentence = "hello/_native.abi3.so (aarch64) has no code signature, and macOS on arm64 loads nothing without one",
        .remedy = "let Zig's linker write it, or sign it with codesign -s -",
        .smallest = "macosx_10_13_universal2",
    },
    .{
        .rule = "signature",
        .slices = &.{with(intel, .{ .signature = @as(?Binary.Signature, .damaged) })},
        .platform = "macosx_11_0_x86_64",
        .sentence = "hello/_native.abi3.so has a code signature that is not of its bytes, and macOS kills programs that load it",
        .remedy = "do not change the file after it is linked, or sign it again with codesign -f -s -",
        .smallest = "macosx_10_13_x86_64",
    },
};

pub const on_windows = [_]samples.Refused{
    .{
        .rule = "python-dll",
        .slices = &.{with(windows, .{
            .needed = &[_][]const u8{ "python313.dll", "KERNEL32.dll" },
            .imports = &[_]Binary.Import{from("python313.dll", "PyLong_FromLong")},
        })},
        .platform = "win_amd64",
        .symbol = "PyLong_FromLong",
        .sentence = "hello/_native.pyd imports python313.dll, but the ABI tag abi3 means python3.dll and no other",
        .remedy = "link it with an import library of python3.dll",
        .smallest = "win_amd64",
    },
    .{
        .rule = "python-dll",
        .slices = &.{with(windows, .{
            .needed = &[_][]const u8{ "python313t.dll", "python313.dll" },
            .imports = &[_]Binary.Import{from("python313.dll", "PyObject_Free")},
        })},
        .python = "cp313",
        .abi = "cp313t",
        .platform = "win_amd64",
        .symbol = "PyObject_Free",
        .sentence = "hello/_native.cp313t-win_amd64.pyd imports python313.dll, but the ABI tag cp313t means python313t.dll and no other",
        .remedy = "link it with an import library of python313t.dll",
        .smallest = "win_amd64",
    },
    .{
        .rule = "python-dll",
        .slices = &.{with(windows, .{ .needed = &[_][]const u8{"KERNEL32.dll"} })},
        .python = "cp314",
        .abi = "cp314",
        .platform = "win_amd64",
        .sentence = "hello/_native.cp314-win_amd64.pyd imports no DLL of Python, but the ABI tag cp314 means python314.dll",
        .remedy = "link it with an import library of python314.dll",
        .smallest = "win_amd64",
    },
    .{
        .rule = "windows-library",
        .slices = &.{with(windows, .{
            .needed = &[_][]const u8{ "python3.dll", "libgcc_s_seh-1.dll" },
            .imports = &[_]Binary.Import{from("libgcc_s_seh-1.dll", "__udivti3")},
        })},
        .platform = "win_amd64",
        .symbol = "__udivti3",
        .sentence = "hello/_native.pyd needs libgcc_s_seh-1.dll, which neither Windows nor Python brings",
        .remedy = "link it statically",
        .smallest = "win_amd64",
    },
    .{
        .rule = "windows-library",
        .slices = &.{with(windows, .{
            .machine = .x86,
            .bits = 32,
            .needed = &[_][]const u8{ "python3.dll", "VCRUNTIME140_1.dll" },
            .imports = &[_]Binary.Import{},
        })},
        .platform = "win32",
        .sentence = "hello/_native.pyd needs VCRUNTIME140_1.dll, which neither Windows nor Python brings",
        .remedy = "link it statically",
        .smallest = "win32",
    },
    .{
        .rule = "dll-characteristics",
        .slices = &.{with(windows, .{ .dll_characteristics = @as(?Binary.DllCharacteristics, .{ .high_entropy_va = true, .dynamic_base = false, .nx_compat = true }) })},
        .platform = "win_amd64",
        .sentence = "hello/_native.pyd does not let Windows be loaded at another address (ASLR, the flag DYNAMIC_BASE)",
        .remedy = "link it without options that take the flag away",
        .smallest = "win_amd64",
    },
    .{
        .rule = "dll-characteristics",
        .slices = &.{with(windows, .{ .dll_characteristics = @as(?Binary.DllCharacteristics, .{ .high_entropy_va = true, .dynamic_base = true, .nx_compat = false }) })},
        .platform = "win_amd64",
        .sentence = "hello/_native.pyd does not let Windows keep its data from being run (DEP, the flag NX_COMPAT)",
        .remedy = "link it without options that take the flag away",
        .smallest = "win_amd64",
    },
    .{
        .rule = "dll-characteristics",
        .slices = &.{with(windows, .{ .dll_characteristics = @as(?Binary.DllCharacteristics, .{ .high_entropy_va = false, .dynamic_base = true, .nx_compat = true }) })},
        .platform = "win_amd64",
        .sentence = "hello/_native.pyd does not let Windows be loaded above four gigabytes (the flag HIGH_ENTROPY_VA)",
        .remedy = "link it without options that take the flag away",
        .smallest = "win_amd64",
    },
};
