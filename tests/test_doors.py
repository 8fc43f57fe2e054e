"""One module out of every door: Zig's own build, the build backend, the commands."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from interpreters import VERSIONS, Platform, python_or_skip, skip
from workbench import ROOT, Workbench, Zig, copy_package

if TYPE_CHECKING:
    from collections.abc import Callable

HELLO = ROOT / "examples" / "hello"
PROOF = "import hello; print(hello.add(a=1, b=2), hello.greet('Ada', punctuation='?'), hello.count('aaa', 'a', 2))"
PROVEN = "3 Hello, Ada? None\n"
STABLE = "hello-0.1.0-cp310-abi3-manylinux_2_17_x86_64.whl"
OWN = "hello-0.1.0-cp313-cp313-manylinux_2_17_x86_64.whl"


def prove(workbench: Workbench, path: Path, python: Path | str = sys.executable) -> None:
    """Import the module from `path` and call it."""
    assert workbench.run([python, "-c", PROOF], environment={"PYTHONPATH": str(path)}).stdout == PROVEN


def test_zig_build_wheel(workbench: Workbench, any_zig: Zig, project: Callable[[str], Path]) -> None:
    hello = project("examples/hello")
    python = f"-Dpython={sys.executable}"
    workbench.zig_build("wheel", python, zig=any_zig, cwd=hello)
    workbench.zig_build("wheel", python, "-Dpython-version=3.13", zig=any_zig, cwd=hello)
    assert sorted(path.name for path in (hello / "dist").iterdir()) == [STABLE, OWN]
    prove(workbench, workbench.unpacked(hello / "dist" / STABLE))


def test_zig_build_several_versions(workbench: Workbench, zig: Zig, project: Callable[[str], Path]) -> None:
    hello = project("examples/hello")
    workbench.zig_build(
        "wheel", f"-Dpython={sys.executable}", "-Dpython-version=3.12,3.13", "-Dwheel-dir=out", zig=zig, cwd=hello
    )
    tags = [path.name.split("-")[2] for path in sorted((hello / "out").iterdir())]
    assert tags == ["cp312", "cp313"]


def test_zig_build_install(workbench: Workbench, any_zig: Zig, project: Callable[[str], Path]) -> None:
    hello = project("examples/hello")
    workbench.zig_build(zig=any_zig, cwd=hello)
    assert (hello / "zig-out" / "hello" / "_native.abi3.so").is_file()
    workbench.zig_build("-Dtarget=x86_64-linux-gnu.2.28", "-Dpython-version=3.12", zig=any_zig, cwd=hello)
    assert (hello / "zig-out" / "hello" / "_native.cpython-312-x86_64-linux-gnu.so").is_file()


def test_zig_build_test(workbench: Workbench, any_zig: Zig, project: Callable[[str], Path]) -> None:
    hello = project("examples/hello")
    python = f"-Dpython={sys.executable}"
    workbench.zig_build("test", python, zig=any_zig, cwd=hello)
    source = hello / "src" / "root.zig"
    source.write_text(source.read_text("utf-8").replace("expectEqual(2,", "expectEqual(99,"), "utf-8")
    source.write_text(
        source.read_text("utf-8") + 'test "raises" {\n    _ = try greet(undefined, "", .{});\n}\n', "utf-8"
    )
    said = workbench.zig_build("test", python, zig=any_zig, cwd=hello, status=1).stderr
    assert "expected 99" in said
    assert "test.raises failed: Python\n" in said
    assert "\nValueError: a name must not be empty\n" in said


def test_zig_build_test_needs_that_version(workbench: Workbench, zig: Zig, project: Callable[[str], Path]) -> None:
    other = "3.14" if sys.version_info[:2] == (3, 13) else "3.13"
    options = (f"-Dpython-version={other}", f"-Dpython={sys.executable}")
    said = workbench.zig_build("test", *options, zig=zig, cwd=project("examples/hello"), status=1).stderr
    assert f"error: the tests are built for CPython {other}, and {sys.executable} is 3." in said
    assert "name another interpreter with -Dpython=PATH" in said


@pytest.mark.parametrize("name", ["c_sources", "with_c"])
def test_zig_build_test_with_c(workbench: Workbench, any_zig: Zig, project: Callable[[str], Path], name: str) -> None:
    """C code, also in libraries and for Python, is there when the tests run."""
    workbench.zig_build("test", f"-Dpython={sys.executable}", zig=any_zig, cwd=project(f"tests/packages/{name}"))


DEPENDENCY = {
    "build.zig.zon": """.{ .name = .thrice, .version = "0.1.0", .fingerprint = 0x7d0be7f300003039,
    .minimum_zig_version = "0.15.2", .paths = .{""} }""",
    "build.zig": """const std = @import("std");
pub fn build(b: *std.Build) void {
    const target = b.standardTargetOptions(.{});
    const optimize = b.standardOptimizeOption(.{});
    const half = b.addLibrary(.{ .name = "half", .root_module = b.createModule(.{
        .target = target, .optimize = optimize, .pic = true,
    }) });
    half.root_module.addCSourceFile(.{ .file = b.path("half.c") });
    const module = b.addModule("thrice", .{
        .root_source_file = b.path("thrice.zig"), .target = target, .optimize = optimize,
    });
    module.addCMacro("FACTOR", "6");
    module.addIncludePath(b.path("include"));
    module.addCSourceFile(.{ .file = b.path("thrice.c"), .flags = &.{"-DOFFSET=OFFSET_OF_HEADER"} });
    module.linkLibrary(half);
}""",
    "include/offset.h": "#define OFFSET_OF_HEADER 1",
    "half.c": "long long half(long long n) { return n / 2; }",
    "thrice.c": """#include <offset.h>
long long half(long long);
long long thrice(long long n) { return half(FACTOR * n) + OFFSET - 1; }""",
    "thrice.zig": """extern fn thrice(value: c_longlong) c_longlong;
pub fn of(value: i64) i64 { return thrice(value); }""",
}
USES_DEPENDENCY = """const std = @import("std");
const py = @import("alloconda");
const thrice = @import("thrice");

pub fn times(value: i64) !i64 {
    return if (value < 0) py.raise(.ValueError, "negative", .{}) else thrice.of(value);
}

test times {
    try std.testing.expectEqual(15, try times(5));
    try std.testing.expectError(error.Python, times(-1));
    py.caught(.ValueError).?.deinit();
}
"""


def test_zig_build_test_with_c_of_a_dependency(
    workbench: Workbench, any_zig: Zig, project: Callable[[str], Path]
) -> None:
    """What a package of others brings is there too, and so is Python."""
    hello = project("examples/hello")
    for name, text in DEPENDENCY.items():
        (hello / "thrice" / name).parent.mkdir(parents=True, exist_ok=True)
        (hello / "thrice" / name).write_text(text, "utf-8")
    zon = hello / "build.zig.zon"
    zon.write_text(zon.read_text("utf-8").replace(".alloconda =", '.thrice = .{ .path = "thrice" },\n.alloconda ='))
    build = hello / "build.zig"
    configured = build.read_text("utf-8").replace('b.path("src/root.zig")', 'b.path("src/root.zig"), .configure = add')
    build.write_text(
        configured + "fn add(context: alloconda.Extension.Context) void {\n"
        'context.module.addImport("thrice", context.dependency("thrice").module("thrice"));\n}\n',
        "utf-8",
    )
    source = hello / "src" / "root.zig"
    source.write_text(USES_DEPENDENCY, "utf-8")
    python = f"-Dpython={sys.executable}"
    workbench.zig_build("test", python, zig=any_zig, cwd=hello)
    source.write_text(USES_DEPENDENCY.replace("expectEqual(15", "expectEqual(16"), "utf-8")
    assert "expected 16, found 15" in workbench.zig_build("test", python, zig=any_zig, cwd=hello, status=1).stderr


@pytest.mark.parametrize(("options", "name"), [((), STABLE), (("--python-version", "3.13"), OWN)])
def test_alloconda_wheel(workbench: Workbench, zig: Zig, options: tuple[str, ...], name: str) -> None:
    wheel = workbench.wheel(HELLO, *options, zig=zig)
    assert wheel.name == name


@pytest.mark.parametrize("version", VERSIONS)
def test_one_stable_wheel_is_for_every_python(workbench: Workbench, zig: Zig, version: str) -> None:
    prove(workbench, workbench.unpacked(workbench.wheel(HELLO, zig=zig)), python_or_skip(version))


def test_one_stable_wheel_is_for_python_3_14(workbench: Workbench, zig: Zig) -> None:
    path = workbench.unpacked(workbench.wheel(HELLO, zig=zig))
    assert Platform("linux_x86_64-3.14").python("-c", PROOF, path=path) == PROVEN


def test_alloconda_build(workbench: Workbench, zig: Zig, project: Callable[[str], Path]) -> None:
    hello = project("examples/hello")
    workbench.alloconda("build", zig=zig, cwd=hello)
    assert [path.name for path in (hello / "hello").glob("*.so")] == ["_native.abi3.so"]
    prove(workbench, hello)
    # A library of another build that would be found first does not stay.
    workbench.alloconda("build", "--python-version", "3.13", zig=zig, cwd=hello)
    assert [path.name for path in (hello / "hello").glob("*.so")] == ["_native.cpython-313-x86_64-linux-gnu.so"]


def test_pip_install(
    workbench: Workbench, zig: Zig, project: Callable[[str], Path], isolated: dict[str, str], tmp_path: Path
) -> None:
    hello = project("examples/hello")
    pip = [sys.executable, "-m", "pip", "install", "--no-deps", "--target", tmp_path / "site", hello]
    workbench.run(pip, environment=isolated | zig.environment)
    prove(workbench, tmp_path / "site")


def test_python_m_build(
    workbench: Workbench, zig: Zig, project: Callable[[str], Path], isolated: dict[str, str]
) -> None:
    hello = project("examples/hello")
    build = [sys.executable, "-m", "build", "--wheel", hello]
    workbench.run(build, environment=isolated | zig.environment)
    prove(workbench, workbench.unpacked(hello / "dist" / STABLE))


def test_a_front_end_shows_the_sentence(workbench: Workbench, zig: Zig, project: Callable[[str], Path]) -> None:
    hello = project("examples/hello")
    (hello / "build.zig").unlink()
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", hello]
    done = workbench.run(build, status=1, environment=zig.environment)
    assert "error: There is no build.zig" in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr


def test_metadata_is_prepared_as_it_will_be(workbench: Workbench, zig: Zig, tmp_path: Path) -> None:
    code = (
        f"from alloconda import build_backend; print(build_backend.prepare_metadata_for_build_wheel({str(tmp_path)!r}))"
    )
    # No Zig at all: nothing is compiled.
    done = workbench.run([sys.executable, "-c", code], cwd=HELLO, environment={"ALLOCONDA_ZIG": "/nowhere/zig"})
    assert done.stdout == "hello-0.1.0.dist-info\n"
    prepared = {path.name: path.read_bytes() for path in (tmp_path / "hello-0.1.0.dist-info").iterdir()}
    with zipfile.ZipFile(workbench.wheel(HELLO, zig=zig)) as archive:
        for name, content in prepared.items():
            assert archive.read(f"hello-0.1.0.dist-info/{name}") == content


def test_a_pinned_dependency_builds_without_network(
    workbench: Workbench,
    any_zig: Zig,
    project: Callable[[str], Path],
    empty_store: Callable[[], dict[str, str]],
    tmp_path: Path,
) -> None:
    """From an empty store: what build.zig.zon pins is in the package `alloconda`. `test_init.py` empties all of it."""
    unshare = shutil.which("unshare")
    if unshare is None or subprocess.run([unshare, "-rn", "true"], check=False).returncode != 0:
        skip("this system has no way to turn the network off for one program (unshare -rn)")
    hello = project("examples/hello")
    package = copy_package(tmp_path / "package")
    environment = any_zig.environment | empty_store()
    fetched = workbench.run([any_zig.executable, "fetch", package], hello, environment=environment)
    zon = hello / "build.zig.zon"
    path = zon.read_text("utf-8").split(".alloconda = ")[1].split("}")[0] + "}"
    pinned = f'.{{ .url = "https://alloconda.invalid/alloconda.tar.gz", .hash = "{fetched.stdout.strip()}" }}'
    zon.write_text(zon.read_text("utf-8").replace(path, pinned), "utf-8")
    command = [unshare, "-rn", sys.executable, "-m", "alloconda", "wheel", "--out-dir", tmp_path / "out"]
    workbench.run(command, cwd=hello, environment=any_zig.environment | empty_store())
    prove(workbench, workbench.unpacked(tmp_path / "out" / STABLE))
