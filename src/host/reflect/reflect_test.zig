//! Tables of what reflect makes of source text. Files are in memory: the disk has no part in it.

const std = @import("std");
const reflect = @import("../reflect.zig");
const Sources = @import("Sources.zig");

const File = struct { []const u8, [:0]const u8 };

fn readFromTable(context: *const anyopaque, path: []const u8) anyerror![:0]const u8 {
    const table: *const []const File = @ptrCast(@alignCast(context));
    for (table.*) |file| if (std.mem.eql(u8, file[0], path)) return file[1];
    return error.FileNotFound;
}

/// The file that is written for `files`, the first of which is the root.
fn reflected(arena: std.mem.Allocator, files: []const File) ![]const u8 {
    var sources: Sources = .{ .arena = arena, .reader = .{ .context = @ptrCast(&files), .readFn = readFromTable } };
    const container = try reflect.read(&sources, files[0][0]);
    var written: std.Io.Writer.Allocating = .init(arena);
    try container.writeFile("root.zig", &written.writer);
    return written.written();
}

/// The text is Zig, and as `zig fmt` writes it: nobody's own check stumbles over it.
fn expectZig(arena: std.mem.Allocator, text: []const u8) !void {
    const zig_ast = @import("../../compat/zig_ast.zig");
    const tree = try zig_ast.parse(arena, try std.fmt.allocPrintSentinel(arena, "{s}", .{text}, 0));
    try std.testing.expectEqual(0, tree.errors.len);
    try std.testing.expectEqualStrings(text, try tree.renderAlloc(arena));
}

const header =
    \\//! Written by alloconda from root.zig; an edit here is lost.
    \\
    \\const Container = @import("alloconda").source.Container;
    \\
    \\pub const root: Container =
++ " ";

/// `expected` is what follows the header.
fn expectReflected(expected: []const u8, files: []const File) !void {
    var arena: std.heap.ArenaAllocator = .init(std.testing.allocator);
    defer arena.deinit();
    const text = try reflected(arena.allocator(), files);
    try std.testing.expectStringStartsWith(text, header);
    try std.testing.expectEqualStrings(expected, text[header.len..]);
    try expectZig(arena.allocator(), text);
}

fn expectDeclarations(comptime expected: []const u8, source: [:0]const u8) !void {
    try expectReflected(".{\n    .declarations = &.{\n" ++ expected ++ "\n    },\n};\n", &.{.{ "root.zig", source }});
}

test "an empty file, and one that is not Zig yet" {
    try expectReflected(".{};\n", &.{.{ "root.zig", "" }});
    try expectReflected(".{};\n", &.{.{ "root.zig", "pub fn add(a: i64" }});
    try expectReflected(".{};\n", &.{.{ "root.zig", "pub fn add(a: i64) void {}\npub fn broken( {}" }});
    try expectReflected(".{};\n", &.{.{ "root.zig", "\xff\xfe\x00pub" }});
}

test "module doc, function docs, parameter names" {
    try expectReflected(
        \\.{
        \\    .doc = "Geometry.\n\nMore about it.",
        \\    .declarations = &.{
        \\        .{ .name = "add", .doc = "Add two integers.\n  Indented.", .parameters = &.{ "a", "b" } },
        \\        .{ .name = "zero", .parameters = &.{} },
        \\    },
        \\};
        \\
    , &.{.{
        "root.zig",
        \\//! Geometry.
        \\//!
        \\//! More about it.
        \\
        \\const std = @import("std");
        \\
        \\/// Add two integers.
        \\///   Indented.
        \\pub fn add(a: i64, b: i64) i64 {
        \\    return a + b;
        \\}
        \\
        \\// Not a doc comment.
        \\//// Neither is this.
        \\pub fn zero() void {}
        \\
        \\fn private(x: i64) void {}
        \\
        \\test add {}
    }});
}

test "parameters of every kind" {
    try expectDeclarations(
        \\        .{ .name = "a", .parameters = &.{ "T", "value", "rest" } },
        \\        .{ .name = "b", .parameters = &.{ "", "", "given" } },
        \\        .{ .name = "c", .parameters = &.{ "two words", "type" } },
        \\        .{ .name = "d", .parameters = &.{"format"} },
        \\        .{ .name = "e", .parameters = &.{ "", "" } },
        \\        .{ .name = "f", .parameters = &.{ "options", "last" } },
        \\        .{ .name = "g", .parameters = &.{ "documented", "other" } },
        \\        .{ .name = "h", .parameters = &.{ "x", "callback" } },
    ,
        \\pub fn a(comptime T: type, noalias value: *T, rest: anytype) void {}
        \\pub fn b(_: i64, _: anytype, given: u8) void {}
        \\pub fn c(@"two words": i64, @"type": u8) void {}
        \\pub extern "c" fn d(format: [*:0]const u8, ...) c_int;
        \\pub extern fn e(c_int, [*]u8) void;
        \\pub fn f(options: struct { x: i64 = 0, y: enum { a, b } = .a }, last: u8) void {}
        \\pub fn g(
        \\    /// About this one.
        \\    documented: i64,
        \\    other: anytype,
        \\) void {}
        \\pub fn h(x: fn (a: i64, b: i64) void, callback: *const fn (c: u8) void) void {}
    );
}

test "functions of every kind" {
    try expectDeclarations(
        \\        .{ .name = "inlined", .doc = "i", .parameters = &.{"a"} },
        \\        .{ .name = "exported", .doc = "e", .parameters = &.{"a"} },
        \\        .{ .name = "called", .doc = "c", .parameters = &.{"a"} },
        \\        .{ .name = "odd name", .doc = "o", .parameters = &.{} },
        \\        .{ .name = "generic", .parameters = &.{"T"} },
    ,
        \\/// i
        \\pub inline fn inlined(a: i64) void {}
        \\/// e
        \\pub export fn exported(a: i64) void {}
        \\/// c
        \\pub fn called(a: i64) callconv(.c) void {}
        \\/// o
        \\pub fn @"odd name"() void {}
        \\pub fn generic(comptime T: type) type { return struct { value: T }; }
    );
}

test "constants and variables that hold neither" {
    try expectDeclarations(
        \\        .{ .name = "limit", .doc = "The most." },
        \\        .{ .name = "counter" },
        \\        .{ .name = "List" },
        \\        .{ .name = "chosen" },
        \\        .{ .name = "std" },
        \\        .{ .name = "declared" },
        \\        .{ .name = "missing" },
    ,
        \\/// The most.
        \\pub const limit: i64 = 3;
        \\pub var counter: i64 = 0;
        \\pub const List = std.ArrayList(u8);
        \\pub const chosen = if (limit > 2) add else sub;
        \\pub const std = @import("std");
        \\pub extern var declared: c_int;
        \\pub const missing = nowhere.at.all;
        \\fn add(a: i64) void {}
        \\fn sub(a: i64) void {}
    );
}

test "containers: docs, fields, methods, nesting" {
    try expectReflected(
        \\.{
        \\    .declarations = &.{
        \\        .{ .name = "Point", .doc = "A point.", .container = &.{
        \\            .doc = "Inside.",
        \\            .fields = &.{
        \\                .{ .name = "x", .doc = "Across.\nSecond line." },
        \\                .{ .name = "y" },
        \\                .{ .name = "odd name" },
        \\            },
        \\            .declarations = &.{
        \\                .{ .name = "norm", .doc = "Length.", .parameters = &.{"self"} },
        \\                .{ .name = "Self" },
        \\                .{ .name = "Inner", .container = &.{
        \\                    .fields = &.{
        \\                        .{ .name = "z" },
        \\                    },
        \\                    .declarations = &.{
        \\                        .{ .name = "Outer" },
        \\                    },
        \\                } },
        \\            },
        \\        } },
        \\        .{ .name = "Color", .container = &.{
        \\            .fields = &.{
        \\                .{ .name = "red", .doc = "Hot." },
        \\                .{ .name = "green" },
        \\                .{ .name = "x y" },
        \\            },
        \\        } },
        \\        .{ .name = "Shape", .container = &.{
        \\            .doc = "In the union.",
        \\            .fields = &.{
        \\                .{ .name = "circle" },
        \\                .{ .name = "nothing" },
        \\            },
        \\        } },
        \\        .{ .name = "Pair", .container = &.{} },
        \\        .{ .name = "Packed", .container = &.{
        \\            .fields = &.{
        \\                .{ .name = "bit" },
        \\            },
        \\        } },
        \\        .{ .name = "Handle", .container = &.{} },
        \\    },
        \\};
        \\
    , &.{.{
        "root.zig",
        \\/// A point.
        \\pub const Point = struct {
        \\    //! Inside.
        \\
        \\    /// Across.
        \\    /// Second line.
        \\    x: f64,
        \\    y: f64 = 0,
        \\    comptime @"odd name": u8 = 1,
        \\    const hidden = 3;
        \\
        \\    /// Length.
        \\    pub fn norm(self: Self) f64 {
        \\        return self.x;
        \\    }
        \\    pub const Self = @This();
        \\    pub const Inner = struct {
        \\        z: f64,
        \\        pub const Outer = Self;
        \\    };
        \\};
        \\pub const Color = enum(u8) {
        \\    /// Hot.
        \\    red,
        \\    green = 3,
        \\    @"x y",
        \\};
        \\pub const Shape = union(enum) {
        \\    //! In the union.
        \\    circle: f64,
        \\    nothing,
        \\};
        \\pub const Pair = struct { i64, []const u8 };
        \\pub const Packed = packed struct(u8) { bit: u8 };
        \\pub const Handle = opaque {};
    }});
}

test "a file that is a struct has fields of its own" {
    try expectReflected(
        \\.{
        \\    .fields = &.{
        \\        .{ .name = "x", .doc = "Across." },
        \\    },
        \\    .declarations = &.{
        \\        .{ .name = "norm", .parameters = &.{"self"} },
        \\    },
        \\};
        \\
    , &.{.{
        "root.zig",
        \\const Point = @This();
        \\/// Across.
        \\x: f64,
        \\pub fn norm(self: Point) f64 {
        \\    return self.x;
        \\}
    }});
}

test "aliases in one file, with the doc of the alias before that of its target" {
    try expectDeclarations(
        \\        .{ .name = "plus", .doc = "Add.", .parameters = &.{"a"} },
        \\        .{ .name = "also", .doc = "Another name.", .parameters = &.{"a"} },
        \\        .{ .name = "deep", .doc = "Deep.", .parameters = &.{"b"} },
        \\        .{ .name = "chain", .doc = "Add.", .parameters = &.{"a"} },
        \\        .{ .name = "wrapped", .doc = "Add.", .parameters = &.{"a"} },
    ,
        \\/// Add.
        \\fn add(a: i64) void {}
        \\pub const plus = add;
        \\/// Another name.
        \\pub const also = add;
        \\const ns = struct {
        \\    const inner = struct {
        \\        /// Deep.
        \\        pub fn f(b: i64) void {}
        \\    };
        \\};
        \\pub const deep = ns.inner.f;
        \\pub const chain = link;
        \\const link = plus;
        \\pub const wrapped = (((add)));
    );
}

test "names are looked up from the inside out" {
    try expectReflected(
        \\.{
        \\    .declarations = &.{
        \\        .{ .name = "Inner", .container = &.{
        \\            .declarations = &.{
        \\                .{ .name = "here", .parameters = &.{"near"} },
        \\                .{ .name = "there", .parameters = &.{"outside"} },
        \\            },
        \\        } },
        \\    },
        \\};
        \\
    , &.{.{
        "root.zig",
        \\fn f(far: i64) void {}
        \\fn g(outside: i64) void {}
        \\pub const Inner = struct {
        \\    fn f(near: i64) void {}
        \\    pub const here = f;
        \\    pub const there = g;
        \\};
    }});
}

test "aliases across files" {
    try expectReflected(
        \\.{
        \\    .declarations = &.{
        \\        .{ .name = "add", .doc = "Add.", .parameters = &.{ "left", "right" } },
        \\        .{ .name = "sub", .parameters = &.{ "from", "what" } },
        \\        .{ .name = "Point", .container = &.{
        \\            .doc = "A point.",
        \\            .fields = &.{
        \\                .{ .name = "x" },
        \\            },
        \\            .declarations = &.{
        \\                .{ .name = "plus", .doc = "Add.", .parameters = &.{ "left", "right" } },
        \\            },
        \\        } },
        \\        .{ .name = "vendored", .container = &.{
        \\            .declarations = &.{
        \\                .{ .name = "f", .parameters = &.{"q"} },
        \\            },
        \\        } },
        \\    },
        \\};
        \\
    , &.{
        .{
            "src/root.zig",
            \\const math = @import("math.zig");
            \\pub const add = @import("math.zig").add;
            \\pub const sub = math.more.sub;
            \\pub const Point = @import("shapes/Point.zig");
            \\pub const vendored = @import("../vendor/lib.zig");
        },
        .{
            "src/math.zig",
            \\/// Add.
            \\pub fn add(left: i64, right: i64) void {}
            \\pub const more = struct {
            \\    pub fn sub(from: i64, what: i64) void {}
            \\};
        },
        .{
            "src/shapes/Point.zig",
            \\//! A point.
            \\x: f64,
            \\pub const plus = @import("../math.zig").add;
        },
        .{ "vendor/lib.zig", "pub fn f(q: u8) void {}" },
    });
}

test "files and names that go in circles end" {
    try expectReflected(
        \\.{
        \\    .declarations = &.{
        \\        .{ .name = "other", .container = &.{
        \\            .declarations = &.{
        \\                .{ .name = "back" },
        \\                .{ .name = "itself" },
        \\                .{ .name = "f", .parameters = &.{"a"} },
        \\            },
        \\        } },
        \\        .{ .name = "self" },
        \\        .{ .name = "f", .parameters = &.{"a"} },
        \\        .{ .name = "tick" },
        \\        .{ .name = "tock" },
        \\        .{ .name = "snake" },
        \\        .{ .name = "loop", .container = &.{
        \\            .declarations = &.{
        \\                .{ .name = "loop" },
        \\                .{ .name = "twice" },
        \\            },
        \\        } },
        \\    },
        \\};
        \\
    , &.{
        .{
            "root.zig",
            \\pub const other = @import("other.zig");
            \\pub const self = @import("root.zig");
            \\pub const f = other.back.other.back.other.f;
            \\pub const tick = tock;
            \\pub const tock = tick;
            \\pub const snake = snake.snake;
            \\pub const loop = struct {
            \\    pub const loop = @This();
            \\    pub const twice = twice.twice;
            \\};
        },
        .{
            "other.zig",
            \\pub const back = @import("root.zig");
            \\pub const itself = @import("./other.zig");
            \\pub fn f(a: i64) void {}
        },
    });
}

test "a project that re-exports its files by very many ways is cut off, not written out" {
    var arena: std.heap.ArenaAllocator = .init(std.testing.allocator);
    defer arena.deinit();
    var files: [30]File = undefined;
    for (&files, 0..) |*file, index| file.* = .{
        try std.fmt.allocPrint(arena.allocator(), "{d}.zig", .{index}),
        if (index + 1 == files.len) "pub fn f() void {}" else try std.fmt.allocPrintSentinel(
            arena.allocator(),
            "pub const a = @import(\"{d}.zig\");\npub const b = @import(\"{d}.zig\");",
            .{ index + 1, index + 1 },
            0,
        ),
    };
    const text = try reflected(arena.allocator(), &files);
    try std.testing.expect(text.len < 4 << 20);
}

test "line endings of Windows, and a byte order mark" {
    try expectReflected(
        \\.{
        \\    .doc = "Module.\nSecond.",
        \\    .declarations = &.{
        \\        .{ .name = "add", .doc = "Add.\n\nMore.", .parameters = &.{ "a", "b" } },
        \\    },
        \\};
        \\
    , &.{.{
        "root.zig",
        "\xef\xbb\xbf//! Module.\r\n//! Second.\r\n\r\n/// Add.\r\n///\r\n/// More.\r\npub fn add(\r\n    a: i64,\r\n    b: i64,\r\n) void {}\r\n",
    }});
}

test "docs are taken as they are" {
    try expectDeclarations(
        \\        .{ .name = "f", .doc = "Say \"hi\" \\ {s} 'x'\n世界 ¿\nno blank\n/ four", .parameters = &.{} },
    ,
        \\/// Say "hi" \ {s} 'x'
        \\/// 世界 ¿
        \\///no blank
        \\/// / four
        \\pub fn f() void {}
    );
}

test "a file that cannot be read is named, with its importer" {
    var arena: std.heap.ArenaAllocator = .init(std.testing.allocator);
    defer arena.deinit();
    const files: []const File = &.{.{ "src/root.zig", "pub const gone = @import(\"gone.zig\").f;" }};
    var sources: Sources = .{
        .arena = arena.allocator(),
        .reader = .{ .context = @ptrCast(&files), .readFn = readFromTable },
    };
    try std.testing.expectError(error.Unreadable, reflect.read(&sources, "src/root.zig"));
    try std.testing.expectEqualStrings("src/gone.zig", sources.failure.?.path);
    try std.testing.expectEqualStrings("src/root.zig", sources.failure.?.importer.?);
    try std.testing.expectEqual(error.FileNotFound, sources.failure.?.reason);
}

test "other modules and other kinds of file are left alone" {
    try expectDeclarations(
        \\        .{ .name = "zlib" },
        \\        .{ .name = "inflate" },
        \\        .{ .name = "data" },
        \\        .{ .name = "root" },
    ,
        \\pub const zlib = @import("zlib");
        \\pub const inflate = @import("zlib").inflate;
        \\pub const data = @import("data.zon");
        \\pub const root = @import("root");
    );
}
