"""Projects whose build.zig does not know alloconda, and libraries that are built already."""

from __future__ import annotations

import shutil
import sys
import sysconfig
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from interpreters import Platform, skip
from releases import Release, Server, unix_members
from workbench import Workbench, Zig

THIS = f"cp3{sys.version_info.minor}"
SUFFIX = f".cpython-3{sys.version_info.minor}-x86_64-linux-gnu.so"
Project = Callable[[str], Path]


@pytest.fixture
def foreign(project: Project) -> Path:
    return project("tests/packages/foreign")


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def answer(workbench: Workbench, path: Path, module: str = "foreign") -> None:
    code = f"import {module}; assert {module}.answer() == 42"
    workbench.run([sys.executable, "-c", code], environment={"PYTHONPATH": str(path)})


def refused(workbench: Workbench, zig: Zig, *arguments: str, cwd: Path) -> str:
    """The sentence, which is the last line."""

    def libraries() -> list[Path]:
        return sorted(path for place in ("python", "dist") for path in (cwd / place).rglob("*.*") if path.is_file())

    before = libraries()
    done = workbench.alloconda(*arguments, zig=zig, cwd=cwd, status=1)
    assert "Traceback" not in done.stderr
    assert libraries() == before
    return done.stderr.splitlines()[-1]


def test_build_and_wheel(workbench: Workbench, any_zig: Zig, foreign: Path) -> None:
    done = workbench.alloconda("build", zig=any_zig, cwd=foreign)
    assert done.stdout == f"python/foreign/_native{SUFFIX}\n"
    answer(workbench, foreign / "python")
    # The library of the package's folder will do for a wheel.
    done = workbench.alloconda("wheel", "--skip-build", zig=any_zig, cwd=foreign)
    assert done.stdout == f"dist/foreign-0.1.0-{THIS}-{THIS}-manylinux_2_17_x86_64.whl\n"
    answer(workbench, workbench.unpacked(foreign / done.stdout.strip()))


def test_develop(workbench: Workbench, zig: Zig, foreign: Path, tmp_path: Path) -> None:
    workbench.virtual_environment(tmp_path / "environment")
    python = tmp_path / "environment" / "bin" / "python"
    options = ["develop", "--project-dir", foreign, "--pip-arg=--no-deps"]
    environment = {"VIRTUAL_ENV": str(tmp_path / "environment"), **zig.environment}
    command = [python, "-m", "alloconda", *options]
    done = workbench.run([*command, "--skip-build"], tmp_path, 1, environment)
    assert done.stderr.splitlines()[-1] == (
        f"error: {foreign / 'python' / 'foreign'} has no library with exactly one PyInit_ function, but no library at "
        "all: run 'alloconda build', or leave out --skip-build."
    )
    library = f"{foreign}/python/foreign/_native{SUFFIX}\n"
    assert workbench.run(command, tmp_path, 0, environment).stdout == library
    assert workbench.run([*command, "--skip-build"], tmp_path, 0, environment).stdout == library
    workbench.run([python, "-c", "import foreign; assert foreign.answer() == 42"], tmp_path)


def test_pip_install(workbench: Workbench, zig: Zig, foreign: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pip", "install", "--no-build-isolation", "--no-index", "--no-deps"]
    workbench.run([*command, "--target", tmp_path / "site", foreign], environment=zig.environment)
    answer(workbench, tmp_path / "site")


def test_wheels_for_other_platforms(workbench: Workbench, zig: Zig, foreign: Path) -> None:
    """Built for each of them, and joined for universal2; Windows needs Python's import library, which nobody gave."""
    options = [
        "--python-version=3.13",
        "--target=macosx_11_0_universal2",
        "--target=manylinux_2_28_aarch64",
        "--target=win_amd64",
    ]
    done = workbench.alloconda("wheel-all", *options, zig=zig, cwd=foreign, status=1)
    assert sorted(done.stdout.split()) == [
        "dist/foreign-0.1.0-cp313-cp313-macosx_11_0_universal2.whl",
        "dist/foreign-0.1.0-cp313-cp313-manylinux_2_28_aarch64.whl",
    ]
    assert "means python313.dll: link it with an import library of python313.dll.\n" in done.stderr
    with zipfile.ZipFile(foreign / "dist" / "foreign-0.1.0-cp313-cp313-macosx_11_0_universal2.whl") as archive:
        assert "foreign/_native.cpython-313-darwin.so" in archive.namelist()
    for wheel in (foreign / "dist").glob("*.whl"):
        workbench.alloconda("inspect", "--verify", wheel, zig=zig)


def test_a_library_that_is_built_already(workbench: Workbench, zig: Zig, foreign: Path) -> None:
    workbench.zig_build("-Doptimize=ReleaseSmall", "-Dtarget=x86_64-linux-gnu.2.17", zig=zig, cwd=foreign)
    library = foreign / "zig-out" / "lib" / "libnative.so"
    for name in ("build.zig", "src"):
        shutil.move(foreign / name, foreign / f"{name} no more")
    done = workbench.alloconda(
        "build", "--lib", library, "--module", "foreign.inner._native", zig=zig, cwd=foreign, status=1
    )
    assert "make python/foreign/inner/__init__.py" in done.stderr
    (foreign / "python" / "foreign" / "inner").mkdir()
    (foreign / "python" / "foreign" / "__init__.py").write_text("", "utf-8")
    done = workbench.alloconda("build", "--lib", library, "--module", "foreign.inner._native", zig=zig, cwd=foreign)
    assert done.stdout == f"python/foreign/inner/_native{SUFFIX}\n"
    answer(workbench, foreign / "python", "foreign.inner")
    done = workbench.alloconda("wheel", "--lib", library, "--stable-abi", zig=zig, cwd=foreign)
    assert done.stdout == "dist/foreign-0.1.0-cp310-abi3-manylinux_2_17_x86_64.whl\n"
    # The name of the file is as it is asked for.
    done = workbench.alloconda("build", "--lib", library, "--ext-suffix", ".so", zig=zig, cwd=foreign)
    assert done.stdout == "python/foreign/_native.so\n"
    assert refused(workbench, zig, "build", "--lib", str(library), "--module", "foreign._other", cwd=foreign) == (
        f"error: 'lib' is '{library}', and it has no extension module '_other', but libnative.so (PyInit__native): "
        "give another one."
    )


def test_init_is_written_when_it_is_wanted(workbench: Workbench, zig: Zig, foreign: Path) -> None:
    init = foreign / "python" / "foreign" / "__init__.py"
    init.unlink()
    workbench.alloconda("build", "--no-init", zig=zig, cwd=foreign)
    assert not init.exists()
    done = workbench.alloconda("build", zig=zig, cwd=foreign)
    assert f"wrote {init}\n" in done.stderr
    answer(workbench, foreign / "python")
    init.write_text("mine = 1\n", "utf-8")
    workbench.alloconda("build", zig=zig, cwd=foreign)
    assert init.read_text("utf-8") == "mine = 1\n"
    workbench.alloconda("build", "--force-init", zig=zig, cwd=foreign)
    assert "from foreign._native import *" in init.read_text("utf-8")


def test_several_libraries(workbench: Workbench, zig: Zig, foreign: Path) -> None:
    """One sentence with the candidates; the option chooses."""
    text = (foreign / "src" / "native.zig").read_text("utf-8")
    (foreign / "src" / "other.zig").write_text(text.replace("_native", "_other"), "utf-8")
    (foreign / "src" / "plain.zig").write_text("export fn plain() void {}\n", "utf-8")
    edit(
        foreign / "build.zig",
        '    const library = b.addLibrary(.{\n        .name = "native",',
        """
    const optimize = b.standardOptimizeOption(.{});
    for ([_][]const u8{ "native", "other", "plain" }) |name| {
    const library = b.addLibrary(.{
        .name = name,""",
    )
    edit(foreign / "build.zig", 'b.path("src/native.zig")', 'b.path(b.fmt("src/{s}.zig", .{name}))')
    edit(foreign / "build.zig", "b.standardOptimizeOption(.{}),", "optimize,")
    edit(foreign / "build.zig", 'b.option(bool, "strip", "Leave out debug information")', "true")
    edit(foreign / "build.zig", "b.installArtifact(library);\n", "b.installArtifact(library);\n    }\n")
    assert refused(workbench, zig, "build", cwd=foreign) == (
        f"error: zig build install in {foreign} has several extension modules, lib/libnative.so (PyInit__native); "
        "lib/libother.so (PyInit__other): choose one with --module (key 'module-name') or --lib."
    )
    assert refused(workbench, zig, "build", "--module", "_third", cwd=foreign) == (
        f"error: zig build install in {foreign} has no extension module '_third', but lib/libnative.so "
        "(PyInit__native); lib/libother.so (PyInit__other); lib/libplain.so (no PyInit_ function): install the "
        "extension there, or choose another 'build-step'."
    )
    done = workbench.alloconda("build", "--module", "_other", zig=zig, cwd=foreign)
    assert done.stdout == f"python/foreign/_other{SUFFIX}\n"


def test_a_package_that_is_not_clear(workbench: Workbench, zig: Zig, foreign: Path) -> None:
    for name in ("one", "two"):
        (foreign / "python" / name).mkdir()
        (foreign / "python" / name / "__init__.py").touch()
    shutil.rmtree(foreign / "python" / "foreign")
    assert refused(workbench, zig, "build", cwd=foreign) == (
        "error: The extension could belong to several packages (python/one, python/two): choose one with --package-dir."
    )
    workbench.alloconda("build", "--package-dir=python/two", zig=zig, cwd=foreign)
    answer(workbench, foreign / "python", "two._native")


def test_nothing_installed(workbench: Workbench, zig: Zig, foreign: Path) -> None:
    edit(
        foreign / "build.zig",
        "b.installArtifact(library);",
        'b.step("other", "").dependOn(&b.addInstallArtifact(library, .{}).step);',
    )
    assert refused(workbench, zig, "build", cwd=foreign) == (
        f"error: zig build install in {foreign} has no library with exactly one PyInit_ function, but no library at "
        "all: install the extension there, or choose another 'build-step'."
    )
    with (foreign / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write('\n[tool.alloconda]\nbuild-step = "other"\n')
    workbench.alloconda("build", zig=zig, cwd=foreign)


def test_what_the_library_is_must_be_what_the_wheel_says(workbench: Workbench, zig: Zig, foreign: Path) -> None:
    """A build.zig with no -Dtarget builds for this machine alone."""
    edit(
        foreign / "build.zig",
        "b.standardTargetOptions(.{})",
        "b.resolveTargetQuery(.{ .cpu_arch = .aarch64, .os_tag = .linux, .abi = .gnu })",
    )
    assert refused(workbench, zig, "wheel", "--manylinux=2_28", cwd=foreign) == (
        f"error: build.zig in {foreign} has no option -Dtarget, so it builds for this machine alone: use "
        "b.standardTargetOptions there, or name no platform."
    )
    assert refused(workbench, zig, "wheel", cwd=foreign) == (
        f"error: foreign/_native{SUFFIX} is for aarch64, but manylinux_2_17_x86_64 means x86_64: use the platform tag "
        "manylinux_2_17_aarch64, or give the wheel the library of that architecture."
    )
    assert list((foreign / "dist").iterdir()) == []


@pytest.fixture
def with_headers(foreign: Path) -> Path:
    """The project, with a C source and an option for the headers that it includes."""
    edit(
        foreign / "build.zig",
        "    library.linker",
        """
    const include = b.option([]const u8, "python-include", "Folder with Python.h");
    if (include) |folder| library.root_module.addIncludePath(.{ .cwd_relative = folder });
    library.root_module.addCSourceFile(.{ .file = b.path("src/version.c") });
    library.linker""",
    )
    (foreign / "src" / "version.c").write_text(
        "#include <Python.h>\nstatic const int minor = PY_MINOR_VERSION;\n", "utf-8"
    )
    return foreign


def test_headers_of_this_python_are_offered(workbench: Workbench, zig: Zig, with_headers: Path) -> None:
    if not Path(sysconfig.get_path("include"), "Python.h").is_file():
        skip("this Python has no headers")
    workbench.alloconda("build", "--no-fetch", zig=zig, cwd=with_headers)
    answer(workbench, with_headers / "python")


def test_headers_are_those_of_the_wheel(workbench: Workbench, zig: Zig, with_headers: Path) -> None:
    """Fetched, when they are not those of the Python that runs alloconda; locked in the project."""
    checks = "#include <Python.h>\n#if PY_MINOR_VERSION != 11 || !ARCH\n#error headers of another target\n#endif\n"
    source = with_headers / "src" / "version.c"
    (with_headers / "alloconda.lock").write_text('{"lock": 1, "pythons": {}}', "utf-8")
    release = Release()
    platform = "linux_aarch64-3.11"
    members = unix_members(
        Platform(platform).include(), "3.11", free_threaded=False, suffix=".cpython-311-aarch64-linux-gnu.so"
    )
    release.add("3.11.2", "aarch64-unknown-linux-gnu", "install_only_stripped.tar.gz", members)
    for triple, arch in (("aarch64-apple-darwin", "ARM64"), ("x86_64-apple-darwin", "X86_64")):
        renamed = dict(members)
        data = next(name for name in renamed if "_sysconfigdata" in name)
        renamed[data] = b"build_time_vars = {'EXT_SUFFIX': '.cpython-311-darwin.so'}\n"
        renamed["python/include/python3.11/of_arch.h"] = f"#define OF_{arch} 1\n".encode()
        release.add("3.11.2", triple, "install_only_stripped.tar.gz", renamed)
    server = Server(release)
    options = ["--python-version", "3.11", "--mirror", server.url]
    cache = str(with_headers / "cache é")
    try:
        source.write_text(checks.replace("ARCH", "defined(__aarch64__)"), "utf-8")
        wheel = ["wheel", "--platform-tag", "manylinux_2_17_aarch64", *options]
        assert refused(workbench, zig, *wheel, "--no-fetch", cwd=with_headers).startswith(
            "error: The headers of CPython 3.11 for aarch64-unknown-linux-gnu are not in the cache, and --no-fetch"
        )
        workbench.alloconda(*wheel, zig=zig, cwd=with_headers, ALLOCONDA_PBS_CACHE=cache)
        assert "3.11 aarch64-unknown-linux-gnu" in (with_headers / "alloconda.lock").read_text("utf-8")
        # Each half of a universal2 wheel has its own.
        each = "#include <of_arch.h>\n" + checks.replace("ARCH", "(OF_ARM64 == defined(__aarch64__))")
        source.write_text(each, "utf-8")
        wheel = ["wheel", "--platform-tag", "macosx_11_0_universal2", *options]
        workbench.alloconda(*wheel, zig=zig, cwd=with_headers, ALLOCONDA_PBS_CACHE=cache)
    finally:
        server.close()
