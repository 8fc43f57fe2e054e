//! What the rules that hold on every system refuse. For tests only.

const Binary = @import("../binary/Binary.zig");
const samples = @import("samples.zig");
const linux = samples.linux;
const macos = samples.macos;
const intel = samples.intel;
const windows = samples.windows;
const plain = samples.plain;
const from = samples.from;
const with = samples.with;

const two_seventeen = "manylinux_2_17_x86_64";

pub const by_identity = [_]samples.Refused{
    .{
        .rule = "format",
        .slices = &.{linux},
        .platform = "win_amd64",
        .sentence = "hello/_native.pyd is ELF (Linux), but win_amd64 means PE (Windows)",
        .remedy = "use the platform tag manylinux_2_5_x86_64, or give the wheel the library of that platform",
        .smallest = "manylinux_2_5_x86_64",
    },
    .{
        .rule = "machine",
        .slices = &.{linux},
        .platform = "manylinux_2_17_aarch64",
        .sentence = "hello/_native.abi3.so is for x86_64, but manylinux_2_17_aarch64 means aarch64",
        .remedy = "use the platform tag manylinux_2_5_x86_64, or give the wheel the library of that architecture",
        .smallest = "manylinux_2_5_x86_64",
    },
    .{
        .rule = "machine",
        .slices = &.{with(linux, .{ .bits = 32 })},
        .platform = two_seventeen,
        .sentence = "hello/_native.abi3.so is for x86_64 with 32 bits, but manylinux_2_17_x86_64 means x86_64",
        .remedy = "give the wheel the library of that architecture",
        .smallest = null,
    },
    .{
        .rule = "machine",
        .slices = &.{with(linux, .{ .machine = .other })},
        .platform = two_seventeen,
        .sentence = "hello/_native.abi3.so is for a machine that no wheel is for, but manylinux_2_17_x86_64 means x86_64",
        .remedy = "give the wheel the library of that architecture",
        .smallest = null,
    },
    .{
        .rule = "machine",
        .slices = &.{intel},
        .platform = "macosx_11_0_universal2",
        .sentence = "hello/_native.abi3.so is for x86_64, but macosx_11_0_universal2 means aarch64",
        .remedy = "use the platform tag macosx_10_13_x86_64, or give the wheel the library of that architecture",
        .smallest = "macosx_10_13_x86_64",
    },
    .{
        .rule = "machine-flags",
        .slices = &.{with(linux, .{ .machine = .arm, .bits = 32, .machine_flags = 0x0500_0200 })},
        .platform = "manylinux_2_17_armv7l",
        .sentence = "hello/_native.abi3.so has the machine flags 0x5000200, but manylinux_2_17_armv7l means EABI 5 with floats in registers (armhf)",
        .remedy = "compile all of it for the target that alloconda sets, without flags of its own",
        .smallest = null,
    },
    .{
        .rule = "entry-symbol",
        .slices = &.{with(linux, .{ .exports = &[_][]const u8{} })},
        .platform = two_seventeen,
        .symbol = "PyInit__native",
        .sentence = "hello/_native.abi3.so defines no PyInit_ function, but Python looks for PyInit__native in the module 'hello._native'",
        .remedy = "let alloconda compile the module, or export the function",
        .smallest = "manylinux_2_5_x86_64",
    },
    .{
        .rule = "entry-symbol",
        .slices = &.{with(linux, .{ .exports = &[_][]const u8{ "PyInit__native", "PyInit_other" } })},
        .platform = two_seventeen,
        .symbol = "PyInit__native",
        .sentence = "hello/_native.abi3.so defines PyInit__native, PyInit_other, but is one module, 'hello._native', and Python looks for PyInit__native alone",
        .remedy = "give each module a library of its own",
        .smallest = "manylinux_2_5_x86_64",
    },
    .{
        .rule = "entry-symbol",
        .slices = &.{ intel, with(macos, .{ .exports = &[_][]const u8{"PyInit_other"} }) },
        .platform = "macosx_11_0_universal2",
        .symbol = "PyInit_other",
        .sentence = "hello/_native.abi3.so (aarch64) defines PyInit_other, but Python looks for PyInit__native in the module 'hello._native'",
        .remedy = "make the two names agree",
        .smallest = "macosx_10_13_universal2",
    },
    .{
        .rule = "file-name",
        .slices = &.{linux},
        .platform = two_seventeen,
        .path = "hello/_native.cpython-313-x86_64-linux-gnu.so",
        .sentence = "hello/_native.cpython-313-x86_64-linux-gnu.so ends with .cpython-313-x86_64-linux-gnu.so, but the Pythons of cp310-abi3 on manylinux_2_17_x86_64 look for .abi3.so",
        .remedy = "name it hello/_native.abi3.so",
        .smallest = "manylinux_2_5_x86_64",
    },
    .{
        .rule = "file-name",
        .slices = &.{linux},
        .python = "cp313",
        .abi = "cp313t",
        .platform = two_seventeen,
        .path = "hello/_native.abi3.so",
        .sentence = "hello/_native.abi3.so ends with .abi3.so, but the Pythons of cp313-cp313t on manylinux_2_17_x86_64 look for .cpython-313t-x86_64-linux-gnu.so",
        .remedy = "name it hello/_native.cpython-313t-x86_64-linux-gnu.so",
        .smallest = "manylinux_2_5_x86_64",
    },
    .{
        .rule = "file-name",
        .slices = &.{windows},
        .platform = "win_amd64",
        .path = "hello/native.pyd",
        .sentence = "hello/native.pyd is not where Python looks for the module 'hello._native'",
        .remedy = "name it hello/_native.pyd",
        .smallest = "win_amd64",
    },
    .{
        .rule = "exports",
        .slices = &.{with(linux, .{ .exports = &[_][]const u8{ "PyInit__native", "_init", "deflate", "inflate" } })},
        .platform = two_seventeen,
        .symbol = "deflate",
        .sentence = "hello/_native.abi3.so exports more than its PyInit_ function, and may take the place of symbols of those names in other modules: deflate, inflate",
        .remedy = "export PyInit_ functions only, by a version script",
        .smallest = "manylinux_2_5_x86_64",
    },
};

pub const by_python = [_]samples.Refused{
    .{
        .rule = "stable-abi",
        .slices = &.{with(linux, .{ .imports = &[_]Binary.Import{ plain("PyLong_FromLong"), plain("PyType_GetName") } })},
        .platform = two_seventeen,
        .symbol = "PyType_GetName",
        .sentence = "hello/_native.abi3.so uses the function PyType_GetName, which is in the stable ABI since Python 3.11, but cp310-abi3 means Python 3.10 and later",
        .remedy = "build for the stable ABI of 3.11, or do without it",
        .smallest = "manylinux_2_5_x86_64",
    },
    .{
        .rule = "stable-abi",
        .slices = &.{with(macos, .{ .imports = &[_]Binary.Import{plain("PyStructSequence_UnnamedField")} })},
        .platform = "macosx_11_0_arm64",
        .symbol = "PyStructSequence_UnnamedField",
        .sentence = "hello/_native.abi3.so uses the variable PyStructSequence_UnnamedField, which is in the stable ABI since Python 3.11, but cp310-abi3 means Python 3.10 and later",
        .remedy = "build for the stable ABI of 3.11, or do without it",
        .smallest = "macosx_11_0_arm64",
    },
    .{
        .rule = "stable-abi",
        .slices = &.{with(windows, .{ .imports = &[_]Binary.Import{from("python3.dll", "PyUnicode_AsUTF8")} })},
        .platform = "win_amd64",
        .symbol = "PyUnicode_AsUTF8",
        .sentence = "hello/_native.pyd uses PyUnicode_AsUTF8, which is not in the stable ABI that the tag abi3 means",
        .remedy = "do without it, or build for one Python version",
        .smallest = "win_amd64",
    },
    .{
        .rule = "stable-abi",
        .slices = &.{with(linux, .{ .imports = &[_]Binary.Import{plain("PyErr_SetFromWindowsErr")} })},
        .platform = two_seventeen,
        .symbol = "PyErr_SetFromWindowsErr",
        .sentence = "hello/_native.abi3.so uses PyErr_SetFromWindowsErr, which Python does not have on manylinux_2_17_x86_64",
        .remedy = "do without it on that platform",
        .smallest = "manylinux_2_5_x86_64",
    },
    .{
        .rule = "python-symbol",
        .slices = &.{with(linux, .{ .imports = &[_]Binary.Import{
            plain("PyUnicode_AsUTF8"),       plain("PyOS_AfterFork_Child"), plain("_Py_Gid_Converter"),
            plain("PyThread_get_thread_ID"),
        } })},
        .python = "cp313",
        .abi = "cp313t",
        .platform = two_seventeen,
        .symbol = "PyThread_get_thread_ID",
        .sentence = "hello/_native.cpython-313t-x86_64-linux-gnu.so uses PyThread_get_thread_ID, which Python 3.13t does not have on manylinux_2_17_x86_64",
        .remedy = "do without it",
        .smallest = "manylinux_2_5_x86_64",
    },
    .{
        // Later than 3.12
        .rule = "python-symbol",
        .slices = &.{with(windows, .{
            .needed = &[_][]const u8{"python312.dll"},
            .imports = &[_]Binary.Import{ from("python312.dll", "PyLong_FromLong"), from("python312.dll", "PyLong_AsInt") },
        })},
        .python = "cp312",
        .abi = "cp312",
        .platform = "win_amd64",
        .symbol = "PyLong_AsInt",
        .sentence = "hello/_native.cp312-win_amd64.pyd uses PyLong_AsInt, which Python 3.12 does not have on win_amd64",
        .remedy = "do without it",
        .smallest = "win_amd64",
    },
};
