//! What the rules of Linux refuse. For tests only.

const Binary = @import("../binary/Binary.zig");
const samples = @import("samples.zig");
const linux = samples.linux;
const musl = samples.musl;
const plain = samples.plain;
const with = samples.with;

const two_seventeen = "manylinux_2_17_x86_64";

pub const cases = [_]samples.Refused{
    .{
        .rule = "libc",
        .slices = &.{linux},
        .platform = "musllinux_1_2_x86_64",
        .sentence = "hello/_native.abi3.so needs glibc, but musllinux_1_2_x86_64 means musl",
        .remedy = "use the platform tag manylinux_2_5_x86_64, or give the wheel the library of that C library",
        .smallest = "manylinux_2_5_x86_64",
    },
    .{
        .rule = "libc",
        .slices = &.{musl},
        .platform = two_seventeen,
        .sentence = "hello/_native.abi3.so needs musl, but manylinux_2_17_x86_64 means glibc",
        .remedy = "use the platform tag musllinux_1_2_x86_64, or give the wheel the library of that C library",
        .smallest = "musllinux_1_2_x86_64",
    },
    .{
        .rule = "musl-name",
        .slices = &.{with(musl, .{ .needed = &[_][]const u8{"libc.so"} })},
        .platform = "musllinux_1_2_x86_64",
        .sentence = "hello/_native.abi3.so needs libc.so, but the C library of musllinux_1_2_x86_64 is libc.musl-x86_64.so.1",
        .remedy = "have libc.musl-x86_64.so.1 written in its place, as alloconda does when it links",
        .smallest = "musllinux_1_2_x86_64",
    },
    .{
        .rule = "glibc-version",
        .slices = &.{with(linux, .{
            .imports = &[_]Binary.Import{.{ .name = "getrandom", .library = "libc.so.6", .version = "GLIBC_2.25", .weak = false }},
            .versions = &[_]Binary.Version{.{ .library = "libc.so.6", .name = "GLIBC_2.25" }},
        })},
        .platform = two_seventeen,
        .symbol = "getrandom",
        .sentence = "hello/_native.abi3.so uses getrandom with the version GLIBC_2.25 of libc.so.6, which manylinux_2_17_x86_64 does not promise",
        .remedy = "use the platform tag manylinux_2_25_x86_64, or do without it",
        .smallest = "manylinux_2_25_x86_64",
    },
    .{
        .rule = "glibc-version",
        .slices = &.{with(linux, .{ .imports = &[_]Binary.Import{ plain("getrandom"), plain("memcpy") } })},
        .platform = two_seventeen,
        .symbol = "getrandom",
        .sentence = "hello/_native.abi3.so uses getrandom, which glibc has since 2.25, but manylinux_2_17_x86_64 promises that glibc 2.17 is enough",
        .remedy = "use the platform tag manylinux_2_25_x86_64, or do without it",
        .smallest = "manylinux_2_25_x86_64",
    },
    .{
        .rule = "glibc-version",
        .slices = &.{with(linux, .{ .versions = &[_]Binary.Version{.{ .library = "libc.so.6", .name = "GLIBC_ABI_DT_RELR" }} })},
        .platform = "manylinux_2_34_x86_64",
        .sentence = "hello/_native.abi3.so asks for the version GLIBC_ABI_DT_RELR of libc.so.6, which manylinux_2_34_x86_64 does not promise",
        .remedy = "use the platform tag manylinux_2_36_x86_64, or do without it",
        .smallest = "manylinux_2_36_x86_64",
    },
    .{
        .rule = "glibc-version",
        .slices = &.{with(linux, .{
            .imports = &[_]Binary.Import{.{ .name = "__libc_start_call_main", .library = "libc.so.6", .version = "GLIBC_PRIVATE", .weak = false }},
            .versions = &[_]Binary.Version{.{ .library = "libc.so.6", .name = "GLIBC_PRIVATE" }},
        })},
        .platform = two_seventeen,
        .symbol = "__libc_start_call_main",
        .sentence = "hello/_native.abi3.so uses __libc_start_call_main of libc.so.6, which is private to glibc and can change with any release",
        .remedy = "do without it",
        .smallest = null,
    },
    .{
        .rule = "glibc-version",
        .slices = &.{with(linux, .{
            .needed = &[_][]const u8{"libstdc++.so.6"},
            .imports = &[_]Binary.Import{},
            .versions = &[_]Binary.Version{.{ .library = "libstdc++.so.6", .name = "GLIBCXX_3.4.20" }},
        })},
        .platform = two_seventeen,
        .sentence = "hello/_native.abi3.so asks for the version GLIBCXX_3.4.20 of libstdc++.so.6, which manylinux_2_17_x86_64 does not promise",
        .remedy = "use the platform tag manylinux_2_24_x86_64, or do without it",
        .smallest = "manylinux_2_24_x86_64",
    },
    .{
        .rule = "linux-library",
        .slices = &.{with(linux, .{ .needed = &[_][]const u8{ "libc.so.6", "libssl.so.3" } })},
        .platform = two_seventeen,
        .sentence = "hello/_native.abi3.so needs libssl.so.3, which manylinux_2_17_x86_64 does not promise",
        .remedy = "link it statically",
        .smallest = null,
    },
    .{
        .rule = "linux-library",
        .slices = &.{with(musl, .{ .needed = &[_][]const u8{ "libc.musl-x86_64.so.1", "libpython3.13.so.1.0" } })},
        .platform = "musllinux_1_2_x86_64",
        .sentence = "hello/_native.abi3.so needs libpython3.13.so.1.0, which musllinux_1_2_x86_64 does not promise",
        .remedy = "link without it: the interpreter brings Python's symbols",
        .smallest = null,
    },
    .{
        .rule = "linux-library",
        .slices = &.{with(linux, .{ .needed = &[_][]const u8{ "libc.so.6", "libexpat.so.1" } })},
        .platform = "manylinux_2_5_x86_64",
        .sentence = "hello/_native.abi3.so needs libexpat.so.1, which manylinux_2_5_x86_64 does not promise",
        .remedy = "use the platform tag manylinux_2_12_x86_64, or link it statically",
        .smallest = "manylinux_2_12_x86_64",
    },
    .{
        .rule = "private-symbol",
        .slices = &.{with(linux, .{
            .needed = &[_][]const u8{ "libc.so.6", "libz.so.1" },
            .imports = &[_]Binary.Import{plain("uncompress2")},
        })},
        .platform = "manylinux_2_28_x86_64",
        .symbol = "uncompress2",
        .sentence = "hello/_native.abi3.so uses uncompress2 of libz.so.1, which is private to it in manylinux_2_28_x86_64",
        .remedy = "use the platform tag manylinux_2_34_x86_64, or link the library statically, or do without the symbol",
        .smallest = "manylinux_2_34_x86_64",
    },
    .{
        .rule = "undefined-symbol",
        .slices = &.{with(linux, .{ .imports = &[_]Binary.Import{ plain("PyLong_FromLong"), plain("frobnicate") } })},
        .platform = two_seventeen,
        .symbol = "frobnicate",
        .sentence = "hello/_native.abi3.so uses frobnicate, which is neither Python's nor of the C library, and no library that it names has it",
        .remedy = "link what defines it",
        .smallest = null,
    },
    .{
        .rule = "undefined-symbol",
        .slices = &.{with(musl, .{ .imports = &[_]Binary.Import{ plain("malloc"), plain("backtrace") } })},
        .platform = "musllinux_1_2_x86_64",
        .symbol = "backtrace",
        .sentence = "hello/_native.abi3.so uses backtrace, which is neither Python's nor of the C library, and no library that it names has it",
        .remedy = "link what defines it",
        .smallest = null,
    },
    .{
        .rule = "executable-stack",
        .slices = &.{with(linux, .{ .executable_stack = true })},
        .platform = two_seventeen,
        .sentence = "hello/_native.abi3.so asks for a stack that code can run on, which glibc refuses since 2.41",
        .remedy = "mark the stack of its assembly code (.section .note.GNU-stack), or link with -z noexecstack",
        .smallest = "manylinux_2_5_x86_64",
    },
    .{
        .rule = "text-relocations",
        .slices = &.{with(linux, .{ .text_relocations = true })},
        .platform = two_seventeen,
        .sentence = "hello/_native.abi3.so has code that the loader must change (TEXTREL), which musl and hardened systems refuse",
        .remedy = "compile all of it as position-independent code",
        .smallest = "manylinux_2_5_x86_64",
    },
    .{
        .rule = "runpath",
        .slices = &.{with(linux, .{ .runpath = &[_][]const u8{ "$ORIGIN", "$ORIGINAL/lib" } })},
        .platform = two_seventeen,
        .sentence = "hello/_native.abi3.so looks for libraries in '$ORIGINAL/lib', which is not below its own folder",
        .remedy = "take the run path away, or start it with $ORIGIN",
        .smallest = "manylinux_2_5_x86_64",
    },
    .{
        .rule = "runpath",
        .slices = &.{with(linux, .{ .runpath = &[_][]const u8{""} })},
        .platform = two_seventeen,
        .sentence = "hello/_native.abi3.so looks for libraries in '', which is not below its own folder",
        .remedy = "take the run path away, or start it with $ORIGIN",
        .smallest = "manylinux_2_5_x86_64",
    },
};
