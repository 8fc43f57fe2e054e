"""Why a wheel failed, out of what three versions of Zig write."""

from __future__ import annotations

import pytest

from alloconda.toolchain.failures import plain, reasons

MAC, LINUX, OLD_LINUX = "cp310-abi3-macosx_11_0_arm64", "cp310-abi3-manylinux_2_28_x86_64", "cp310-abi3-linux_2"

ZIG_0_15 = """\
wheel-all
+- pack cp310-abi3-macosx_11_0_arm64
   +- stage cp310-abi3-macosx_11_0_arm64
      +- compile hello._native for cp310-abi3-macosx_11_0_arm64 1 errors
src/root.zig:31:46: error: no mac today
    if (@import("builtin").os.tag == .macos) @compileError("no mac today");
                                             ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~
referenced by:
    user: /a/src/py/entry.zig:7:22
    6 reference(s) hidden; use '-freference-trace=8' to see all references
error: the following command failed with 1 compilation errors:
/zig/zig build-lib -fstrip --listen=-
wheel-all
+- pack cp310-abi3-manylinux_2_28_x86_64
   +- stage cp310-abi3-manylinux_2_28_x86_64
      +- manifest for cp310-abi3-manylinux_2_28_x86_64
         +- audit hello._native for cp310-abi3-manylinux_2_28_x86_64 failure
error: getrandom needs GLIBC_2.25
usage: host
error: stderr:
error: getrandom needs GLIBC_2.25

error: the following command exited with error code 2:
./alloconda-host audit --platform-tag manylinux_2_28_x86_64

Build Summary: 14/29 steps succeeded; 3 failed
wheel-all transitive failure
+- pack cp310-abi3-manylinux_2_28_x86_64 transitive failure
error: not a reason
"""

ZIG_0_16 = """\
wheel-all
+- pack cp310-abi3-macosx_11_0_arm64
   +- audit hello._native for cp310-abi3-macosx_11_0_arm64
      +- compile hello._native for cp310-abi3-macosx_11_0_arm64 1 errors
src/root.zig:31:46: error: no mac today
src/root.zig:32:46: error: and no tomorrow
error: 1 compilation errors
failed command: /zig/zig build-lib --listen=-

wheel-all
+- pack cp310-abi3-manylinux_2_28_x86_64
   +- audit hello._native for cp310-abi3-manylinux_2_28_x86_64 failure
error: getrandom needs GLIBC_2.25
error: process exited with error code 2
failed command: ./alloconda-host audit

"""

ON_A_TERMINAL = """\
\x1b[0m\x1b[2mwheel-all
\x1b(0mq\x1b(B \x1b[2mpack cp310-abi3-macosx_11_0_arm64
   \x1b(0mq\x1b(B compile hello._native for cp310-abi3-macosx_11_0_arm64 \x1b[31m1 errors\x1b[0m
\x1b[1msrc/root.zig:31:46: \x1b[31merror: \x1b[0m\x1b[1mno mac today\x1b[0m
"""

SHARED = """\
wheel-all
+- pack cp310-abi3-macosx_11_0_arm64
   +- compile hello._native for cp310-abi3-macosx_11_0_arm64
      +- reflect hello._native
         +- compile exe alloconda-host debug native 1 errors
src/host.zig:1:2: error: broken
"""

PACK = """\
error: the file could not be packed
wheel-all
+- pack cp310-abi3-macosx_11_0_arm64 failure
error: process exited with error code 1
failed command: python pack
"""

AT_ONCE = """\
downloading one
error: no headers for macOS
error: no headers for Linux
wheel-all
+- pack cp310-abi3-macosx_11_0_arm64
   +- find the headers of Python for cp310-abi3-macosx_11_0_arm64 failure
error: the following command exited with error code 1:
python headers
wheel-all
+- pack cp310-abi3-manylinux_2_28_x86_64
   +- find the headers of Python for cp310-abi3-manylinux_2_28_x86_64 failure
error: the following command exited with error code 1:
python headers
"""

TRACEBACK = """\
wheel-all
+- pack cp310-abi3-macosx_11_0_arm64
   +- audit hello._native for cp310-abi3-macosx_11_0_arm64 failure
thread 1 panic: index out of bounds
error: process terminated unexpectedly
"""

SILENT = (
    "wheel-all\n+- pack cp310-abi3-macosx_11_0_arm64 failure\nerror: the following command exited with 3:\npython\n"
)

NO_MAC = "src/root.zig:31:46: no mac today"
GLIBC = "getrandom needs GLIBC_2.25"


@pytest.mark.parametrize(
    ("text", "labels", "expected"),
    [
        (ZIG_0_15, [MAC, LINUX], {MAC: NO_MAC, LINUX: GLIBC}),
        (ZIG_0_16, [MAC, LINUX], {MAC: NO_MAC, LINUX: GLIBC}),
        (ZIG_0_16, [MAC, LINUX, OLD_LINUX], {MAC: NO_MAC, LINUX: GLIBC}),
        (ON_A_TERMINAL, [MAC], {MAC: NO_MAC}),
        (SHARED, [MAC, LINUX], {MAC: "src/host.zig:1:2: broken", LINUX: "src/host.zig:1:2: broken"}),
        (PACK, [MAC], {MAC: "the file could not be packed"}),
        (ZIG_0_15.partition("\nBuild")[0] + PACK, [MAC], {MAC: NO_MAC}),
        (AT_ONCE, [MAC, LINUX], {MAC: "no headers for macOS", LINUX: "no headers for Linux"}),
        (TRACEBACK, [MAC], {MAC: "thread 1 panic: index out of bounds"}),
        (SILENT, [MAC], {MAC: "the step 'pack cp310-abi3-macosx_11_0_arm64 failure' failed"}),
        ("", [MAC], {}),
        ("error: no step\n", [MAC], {}),
    ],
)
def test_reasons(text: str, labels: list[str], expected: dict[str, str]) -> None:
    assert reasons(text.splitlines(keepends=True), labels) == expected


def test_a_label_is_compared_as_a_whole() -> None:
    text = "wheel-all\n+- compile x for cp313-cp313t-win_amd64 1 errors\nerror: no\n"
    assert reasons(text.splitlines(), ["cp313-cp313t-win_amd64"]) == {"cp313-cp313t-win_amd64": "no"}
    both = ["cp313-cp313t-win_amd64", "cp313-cp313t-win_amd"]
    assert reasons(text.splitlines(), both) == {"cp313-cp313t-win_amd64": "no"}


def test_plain() -> None:
    assert plain("\x1b[1mbold\x1b[0m \x1b(0x\x1b(B\r\n") == "bold x"
