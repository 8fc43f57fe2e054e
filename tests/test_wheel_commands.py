"""`wheel-all`, `inspect` and the options of `wheel`, with real Zigs: what is built, refused and said."""

from __future__ import annotations

import json
import shutil
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

from workbench import ROOT, Workbench, Zig

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

HELLO = ROOT / "examples" / "hello"
LINUX = "hello-0.1.0-cp310-abi3-manylinux_2_17_x86_64.whl"
I686 = "hello-0.1.0-cp310-abi3-manylinux_2_17_i686.whl"
MAC = "hello-0.1.0-cp310-abi3-macosx_11_0_arm64.whl"
TARGETS = ("--target=macosx_11_0_arm64", "--target=manylinux_2_17_i686")
NO_MAC = """
comptime {
    if (@import("builtin").os.tag == .macos) @compileError("no mac today");
}
"""


def cache(workbench: Workbench) -> str:
    """Where the host program is built, once for all tests."""
    return str(workbench.folder / "user cache")


def inspected(workbench: Workbench, zig: Zig, *wheels: Path, status: int = 0) -> list[dict[str, Any]]:
    done = workbench.alloconda(
        "inspect", "--verify", "--json", *wheels, zig=zig, status=status, XDG_CACHE_HOME=cache(workbench)
    )
    reports: list[dict[str, Any]] = json.loads(done.stdout)["wheels"]
    return reports


def test_one_target_fails_and_the_other_is_written(
    workbench: Workbench, any_zig: Zig, project: Callable[[str], Path]
) -> None:
    hello = project("examples/hello")
    with (hello / "src" / "root.zig").open("a", encoding="utf-8") as source:
        source.write(NO_MAC)
    done = workbench.alloconda("wheel-all", *TARGETS, zig=any_zig, cwd=hello, status=1)
    assert done.stdout == f"dist/{I686}\n"
    assert [path.name for path in (hello / "dist").iterdir()] == [I686]
    lines = done.stderr.splitlines()
    assert lines[0] == "building 2 wheels"
    assert f"[1/2] {I686}" in lines
    assert any(line.startswith("src/root.zig:") and "error: no mac today" in line for line in lines)
    (row,) = [line.split(maxsplit=2) for line in lines if line.startswith("cp310-abi3-macosx_11_0_arm64  ")]
    assert row[1] == "failed"
    assert row[2].endswith(": no mac today")
    assert lines[-1] == "1 of 2 wheels written"


def test_a_sentence_of_the_build_is_everybodys_reason(
    workbench: Workbench, zig: Zig, project: Callable[[str], Path]
) -> None:
    hello = project("examples/hello")
    build = hello / "build.zig"
    build.write_text(build.read_text("utf-8").replace("hello._native", "hello.3d"), "utf-8")
    done = workbench.alloconda("wheel-all", *TARGETS, "--dry-run", zig=zig, cwd=hello, status=1)
    assert "'hello.3d' is not the name of a Python module" in done.stderr


def test_dry_run(workbench: Workbench, any_zig: Zig) -> None:
    done = workbench.alloconda("wheel-all", "--dry-run", "--json", zig=any_zig, cwd=HELLO)
    platforms = [wheel["platform_tag"] for wheel in json.loads(done.stdout)["wheels"]]
    assert platforms == [
        "macosx_11_0_arm64",
        "macosx_10_13_x86_64",
        "manylinux_2_28_x86_64",
        "manylinux_2_28_aarch64",
    ]
    assert done.stderr == ""
    more = ["--include-musllinux", "--include-windows", "--python-version=3.13", "--python-version=3.14t"]
    done = workbench.alloconda("wheel-all", "--dry-run", *more, zig=any_zig, cwd=HELLO)
    assert len(done.stdout.splitlines()) == 1 + 8 * 2
    assert "cp314   cp314t  win_amd64" in done.stdout


def test_wheels_of_all_kinds_are_true(workbench: Workbench, zig: Zig) -> None:
    out = workbench.folder / "of all kinds"
    more = ["--include-musllinux", "--include-windows", "--out-dir", out]
    workbench.alloconda("wheel-all", *more, zig=zig, cwd=HELLO)
    reports = inspected(workbench, zig, *sorted(out.glob("*.whl")))
    assert [report["findings"] for report in reports] == [[]] * 8
    assert [report["libraries"][0]["facts"]["format"] for report in reports] == ["macho"] * 2 + ["elf"] * 4 + ["pe"] * 2


@pytest.mark.parametrize(
    ("tags", "rule", "true_tag"),
    [
        ("cp310-abi3-manylinux_2_17_aarch64", "machine", "manylinux_2_14_x86_64"),
        ("cp310-abi3-manylinux_2_5_x86_64", "glibc-version", "manylinux_2_14_x86_64"),
    ],
)
def test_a_wheel_under_a_wrong_tag(  # noqa: PLR0917 - fixtures
    workbench: Workbench, zig: Zig, tmp_path: Path, tags: str, rule: str, true_tag: str
) -> None:
    copy = tmp_path / f"hello-0.1.0-{tags}.whl"
    shutil.copyfile(workbench.wheel(HELLO, zig=zig), copy)
    (report,) = inspected(workbench, zig, copy, status=1)
    found = {finding["rule"]: finding for finding in report["findings"]}
    assert "wheel-tags" in found
    assert found[rule]["file"] == "hello/_native.abi3.so"
    assert true_tag in found[rule]["sentence"] + found[rule]["remedy"]
    assert report["libraries"][0]["true_platform_tags"] == [true_tag]


def test_a_tampered_library(workbench: Workbench, zig: Zig, tmp_path: Path) -> None:
    with zipfile.ZipFile(workbench.wheel(HELLO, zig=zig)) as old, zipfile.ZipFile(tmp_path / LINUX, "w") as new:
        for info in old.infolist():
            content = old.read(info)
            new.writestr(info, content + b"x" if info.filename.endswith(".so") else content)
    (report,) = inspected(workbench, zig, tmp_path / LINUX, status=1)
    assert [finding["rule"] for finding in report["findings"]] == ["record-size"]


def test_inspect_lib(workbench: Workbench, zig: Zig) -> None:
    library = workbench.unpacked(workbench.wheel(HELLO, zig=zig)) / "hello" / "_native.abi3.so"
    done = workbench.alloconda("inspect-lib", "--json", library, zig=zig, XDG_CACHE_HOME=cache(workbench))
    facts = json.loads(done.stdout)["facts"]
    assert (facts["machine"], facts["entry"], facts["needed"]) == ("x86_64", "PyInit__native", ["libc.so.6"])
    verify = ["inspect-lib", "--verify", "--module=hello._native", library, "--tags"]
    true, false = "cp310-abi3-manylinux_2_17_x86_64", "cp310-abi3-manylinux_2_17_aarch64"
    workbench.alloconda(*verify, true, zig=zig, XDG_CACHE_HOME=cache(workbench))
    done = workbench.alloconda(*verify, false, zig=zig, status=1, XDG_CACHE_HOME=cache(workbench))
    assert "\n  WRONG: " in done.stdout
    assert "or give the wheel the library of that architecture [machine]\n" in done.stdout
    done = workbench.alloconda(
        "inspect-lib", "--module=other", library, zig=zig, status=1, XDG_CACHE_HOME=cache(workbench)
    )
    assert done.stderr.startswith("error: alloconda-host inspect: ")
    assert "PyInit_other" in done.stderr


def test_skip_build(workbench: Workbench, any_zig: Zig, project: Callable[[str], Path]) -> None:
    hello = project("examples/hello")
    workbench.alloconda("build", zig=any_zig, cwd=hello)
    source = hello / "src" / "root.zig"
    source.write_text(source.read_text("utf-8") + "syntax error", "utf-8")
    built = (hello / "hello" / "_native.abi3.so").read_bytes()
    # No tag says what the library is: that of a default build is compared with it.
    assert workbench.alloconda("wheel", "--skip-build", zig=any_zig, cwd=hello).stdout == f"dist/{LINUX}\n"
    with zipfile.ZipFile(hello / "dist" / LINUX) as wheel:
        assert wheel.read("hello/_native.abi3.so") == built
    refused = workbench.alloconda(
        "wheel", "--skip-build", "--platform-tag=manylinux_2_17_aarch64", zig=any_zig, cwd=hello, status=1
    )
    assert "manylinux_2_14_x86_64" in refused.stderr
    assert [path.name for path in (hello / "dist").iterdir()] == [LINUX]


@pytest.mark.parametrize("command", ["wheel", "wheel-all"])
def test_an_init_that_is_asked_for(
    workbench: Workbench, zig: Zig, project: Callable[[str], Path], command: str
) -> None:
    hello = project("examples/hello")
    options = ["--force-init"] if command == "wheel" else ["--target=manylinux_2_17_x86_64"]
    if command == "wheel-all":
        with (hello / "pyproject.toml").open("a", encoding="utf-8") as file:
            file.write('\n[tool.alloconda]\ninit = "always"\nmodule-name = "_native"\n')
    wheel = workbench.alloconda(command, *options, zig=zig, cwd=hello).stdout.strip()
    with zipfile.ZipFile(hello / wheel) as archive:
        assert b"from hello._native import *" in archive.read("hello/__init__.py")


@pytest.mark.parametrize(
    ("options", "name"),
    [
        (["--platform-tag=win_amd64", "--python-version=3.13"], "cp313-cp313-win_amd64"),
        (["--python-tag=cp312"], "cp312-cp312-manylinux_2_17_x86_64"),
        (["--python-tag=cp312", "--abi-tag=abi3"], "cp312-abi3-manylinux_2_17_x86_64"),
        (["--zig-target=aarch64-linux-musl"], "cp310-abi3-musllinux_1_2_aarch64"),
        (["--manylinux=2_28", "--arch=aarch64"], "cp310-abi3-manylinux_2_28_aarch64"),
    ],
)
def test_options_that_name_the_wheel(workbench: Workbench, zig: Zig, options: list[str], name: str) -> None:
    assert workbench.wheel(HELLO, *options, zig=zig).name == f"hello-0.1.0-{name}.whl"


@pytest.mark.parametrize(
    "options",
    [
        ["--zig-target=aarch64-linux-gnu.2.17", "--platform-tag=manylinux_2_17_x86_64"],
        ["--ext-suffix=.cpython-313-x86_64-linux-gnu.so"],
    ],
)
def test_what_is_forced_and_not_true_is_refused(
    workbench: Workbench, zig: Zig, options: list[str], tmp_path: Path
) -> None:
    done = workbench.alloconda("wheel", *options, "--out-dir", tmp_path / "out", zig=zig, cwd=HELLO, status=1)
    assert "error: " in done.stderr
    assert list((tmp_path / "out").iterdir()) == []
    workbench.alloconda("wheel", *options, "--audit=off", "--out-dir", tmp_path / "out", zig=zig, cwd=HELLO)
    assert len(list((tmp_path / "out").iterdir())) == 1
