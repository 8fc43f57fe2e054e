"""A wheel whose name does not fit its library is refused, and the sentence says what would be true."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import pytest

from workbench import ROOT, Workbench, Zig

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

HELLO = ROOT / "examples" / "hello"

USES_NEW_GLIBC = """
extern fn getrandom(buffer: [*]u8, size: usize, flags: c_uint) isize;

pub fn lucky() u8 {
    var byte: [1]u8 = undefined;
    _ = getrandom(&byte, 1, 0);
    return byte[0];
}
"""


def refused(workbench: Workbench, zig: Zig, project: Path, *options: str) -> str:
    done = workbench.alloconda("wheel", *options, zig=zig, cwd=project, status=1)
    assert done.stdout == ""
    assert not list(project.glob("dist/*.whl"))
    return done.stderr


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (
            ["--zig-target", "x86_64-linux-gnu.2.17", "--platform-tag", "manylinux_2_17_aarch64"],
            ["error: ", "hello/_native.abi3.so", "x86_64", "manylinux_2_14_x86_64"],
        ),
        (
            ["--zig-target", "x86_64-linux-musl", "--platform-tag", "manylinux_2_17_x86_64"],
            ["error: ", "musl", "musllinux_1_2_x86_64"],
        ),
        (
            ["--zig-target", "aarch64-macos.14.0", "--platform-tag", "macosx_11_0_arm64"],
            ["error: ", "14.0", "macosx_14_0_arm64"],
        ),
        (
            ["--zig-target", "x86_64-windows-gnu", "--platform-tag", "manylinux_2_17_x86_64"],
            ["error: ", "win_amd64"],
        ),
        (["--ext-suffix", ".cpython-313-x86_64-linux-gnu.so"], ["error: ", ".cpython-313-x86_64-linux-gnu.so", "abi3"]),
    ],
    ids=["architecture", "libc", "macos", "system", "suffix"],
)
def test_a_forced_name_that_is_not_true(
    workbench: Workbench, zig: Zig, project: Callable[[str], Path], options: list[str], words: list[str]
) -> None:
    error = refused(workbench, zig, project("examples/hello"), *options)
    lines = [line for line in error.splitlines() if line.startswith("error: ")]
    for word in words:
        assert word in lines[0]


def test_a_symbol_of_a_newer_glibc(workbench: Workbench, any_zig: Zig, project: Callable[[str], Path]) -> None:
    hello = project("examples/hello")
    root = hello / "src" / "root.zig"
    root.write_text(root.read_text("utf-8") + USES_NEW_GLIBC, "utf-8")
    newer = ["--zig-target", "x86_64-linux-gnu.2.28", "--platform-tag", "manylinux_2_17_x86_64"]
    sentence = "error: hello/_native.abi3.so uses getrandom with the version GLIBC_2.25 of libc.so.6, which"
    error = refused(workbench, any_zig, hello, *newer)
    assert sentence in error
    assert "use the platform tag manylinux_2_25_x86_64" in error
    # Compiled for 2.17, the symbol has no version and would be looked for in vain.
    error = refused(workbench, any_zig, hello, "--manylinux", "2_17")
    assert "error: hello/_native.abi3.so uses getrandom, which glibc has since 2.25, but" in error
    workbench.alloconda("wheel", "--manylinux", "2_28", zig=any_zig, cwd=hello)


def test_audit_can_be_turned_down(workbench: Workbench, zig: Zig, project: Callable[[str], Path]) -> None:
    hello = project("examples/hello")
    wrong = ["--zig-target", "aarch64-macos.14.0", "--platform-tag", "macosx_11_0_arm64"]
    done = workbench.alloconda("wheel", *wrong, "--audit", "warn", zig=zig, cwd=hello)
    assert "macosx_14_0_arm64" in done.stderr
    done = workbench.alloconda("wheel", *wrong, "--audit", "off", zig=zig, cwd=hello)
    assert "macosx_14_0_arm64" not in done.stderr


def test_one_failing_target_does_not_stop_the_others(
    workbench: Workbench, zig: Zig, project: Callable[[str], Path]
) -> None:
    hello = project("examples/hello")
    root = hello / "src" / "root.zig"
    broken = 'comptime {\n    if (@import("builtin").os.tag == .windows) @compileError("not for Windows");\n}\n'
    root.write_text(root.read_text("utf-8") + broken, "utf-8")
    targets = ["--target", "manylinux_2_28_x86_64", "--target", "win_amd64", "--target", "macosx_11_0_arm64"]
    done = workbench.alloconda("wheel-all", *targets, zig=zig, cwd=hello, status=1)
    written = sorted(path.name.split("-")[-1] for path in (hello / "dist").glob("*.whl"))
    assert written == ["macosx_11_0_arm64.whl", "manylinux_2_28_x86_64.whl"]
    assert len(done.stdout.splitlines()) == 2
    assert "not for Windows" in done.stderr
    assert "cp310-abi3-win_amd64" in done.stderr


def test_inspect_says_what_is_not_true_of_a_wheel(workbench: Workbench, zig: Zig, tmp_path: Path) -> None:
    wheel = workbench.wheel(HELLO, zig=zig)
    workbench.alloconda("inspect", "--verify", wheel, zig=zig)

    renamed = tmp_path / wheel.name.replace("x86_64", "aarch64")
    renamed.write_bytes(wheel.read_bytes())
    done = workbench.alloconda("inspect", "--verify", renamed, zig=zig, status=1)
    assert "manylinux_2_17_x86_64" in done.stdout + done.stderr

    tampered = tmp_path / wheel.name
    with zipfile.ZipFile(wheel) as old, zipfile.ZipFile(tampered, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            content = old.read(info)
            new.writestr(info, content + b"#" if info.filename == "hello/__init__.py" else content)
    done = workbench.alloconda("inspect", "--verify", tampered, zig=zig, status=1)
    assert "hello/__init__.py" in done.stdout + done.stderr
    assert "RECORD" in done.stdout + done.stderr
