"""C and C++ extensions: a small one of our own for each kind of source, and real ones from PyPI, built unmodified.

The real ones are sdists that pip downloads; only build.zig, build.zig.zon and pyproject.toml are put beside their
files. Their own test suites run in the interpreters that the wheels are for, with headers that are fetched from a
server of python-build-standalone's layout.

A C library or C++ library for one more target costs a minute and more: the rows of other platforms and kinds that show
no more of the feature run with ALLOCONDA_TEST_ALL_C=1. What always runs for Windows takes one Zig, the newest.
"""

from __future__ import annotations

import itertools
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import lief
import pytest

from interpreters import Platform, python_or_skip
from releases import Release, Server, unix_members, windows_members
from sdists import HISTOGRAM, MARKUPSAFE, MSGPACK, SDISTS, UJSON, Sdist, Shelf, passed_tests, suite_command
from workbench import ROOT, Workbench, Zig, copy_project, usual_zig, zigs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PACKAGES = ROOT / "tests" / "packages"
NATIVE = "native"
WINDOWS, AARCH64, MUSL = "win_amd64-3.13", "linux_aarch64-3.11", "musllinux_x86_64-3.13"
FREE, NEWEST = "linux_x86_64-3.13t", "linux_x86_64-3.14"
MACOS = "macos-3.14"
TARGETS = {
    # What a wheel is for, by the interpreter that runs it: platform tag and Python version.
    WINDOWS: ("win_amd64", "3.13"),
    AARCH64: ("manylinux_2_17_aarch64", "3.11"),
    MUSL: ("musllinux_1_2_x86_64", "3.13"),
    FREE: ("manylinux_2_17_x86_64", "3.13t"),
    NEWEST: ("manylinux_2_17_x86_64", "3.14"),
    # Its symbols are here, and nothing runs it. Both architectures are compiled, audited and compared.
    MACOS: ("macosx_11_0_universal2", "3.14"),
}

ALL_C = bool(os.environ.get("ALLOCONDA_TEST_ALL_C"))
pytestmark = pytest.mark.xdist_group("c-extensions")


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    release = Release()
    for name, triple, suffix in [
        (AARCH64, "aarch64-unknown-linux-gnu", ".cpython-311-aarch64-linux-gnu.so"),
        (MUSL, "x86_64-unknown-linux-musl", ".cpython-313-x86_64-linux-musl.so"),
        (NEWEST, "x86_64-unknown-linux-gnu", ".cpython-314-x86_64-linux-gnu.so"),
        # Nothing of macOS is on this machine; the headers of CPython are the same but for pyconfig.h.
        (MUSL, "aarch64-apple-darwin", ".cpython-313-darwin.so"),
        (MUSL, "x86_64-apple-darwin", ".cpython-313-darwin.so"),
        (NEWEST, "aarch64-apple-darwin", ".cpython-314-darwin.so"),
        (NEWEST, "x86_64-apple-darwin", ".cpython-314-darwin.so"),
    ]:
        version = name.rpartition("-")[2]
        members = unix_members(Platform(name).include(), version, free_threaded=False, suffix=suffix)
        release.add(f"{version}.5", triple, "install_only_stripped.tar.gz", members)
    windows = windows_members(Platform(WINDOWS).include(), "3.13")
    for flavour in ("install_only_stripped.tar.gz", "freethreaded-install_only_stripped.tar.gz"):
        release.add("3.13.11", "x86_64-pc-windows-msvc", flavour, windows)
    suffix = ".cpython-313t-x86_64-linux-gnu.so"
    free = unix_members(Platform(FREE).include(), "3.13", free_threaded=True, suffix=suffix, full=True)
    release.add("3.13.5", "x86_64-unknown-linux-gnu", "freethreaded+pgo+lto-full.tar.zst", free)
    made = Server(release)
    yield made
    made.close()


class Builder:
    """Builds wheels with the server's headers."""

    def __init__(self, workbench: Workbench, server: Server) -> None:
        self.workbench = workbench
        self.environment = {
            "ALLOCONDA_PYTHON_MIRROR": server.url,
            "ALLOCONDA_PBS_CACHE": str(workbench.folder / "headers é"),
        }

    def run(self, project: Path, *options: str, zig: Zig, status: int = 0) -> subprocess.CompletedProcess[str]:
        return self.workbench.alloconda("wheel", *options, zig=zig, cwd=project, status=status, **self.environment)

    def wheel(self, project: Path, *options: str, zig: Zig) -> Path:
        """The wheel, unpacked."""
        out = project / "dist" / re.sub("[^a-z0-9]+", "-", " ".join([*options, zig.version]))
        self.run(project, "--out-dir", str(out), *options, zig=zig)
        (wheel,) = out.glob("*.whl")
        return self.workbench.unpacked(wheel)

    def wheel_for(self, project: Path, platform: str, zig: Zig) -> Path:
        if platform == NATIVE:
            return self.wheel(project, "--python-version", native_version(), "--no-fetch", zig=zig)
        tag, version = TARGETS[platform]
        return self.wheel(project, "--platform-tag", tag, "--python-version", version, zig=zig)


@pytest.fixture(scope="session")
def builder(workbench: Workbench, server: Server) -> Builder:
    return Builder(workbench, server)


@pytest.fixture(scope="session")
def own(workbench: Workbench) -> Path:
    """Our own extensions: C alone, Zig with C and libraries, Zig against the translated C API."""
    return copy_project(PACKAGES / "c_sources", workbench.folder / "c sources, é")


def native_version() -> str:
    return f"{sys.version_info.major}.{sys.version_info.minor}"


def test_each_kind_of_source_with_every_zig(builder: Builder, own: Path, any_zig: Zig) -> None:
    unpacked = builder.wheel(own, "--python-version", native_version(), "--no-fetch", zig=any_zig)
    done = builder.workbench.run([sys.executable, own / "checks.py"], environment={"PYTHONPATH": str(unpacked)})
    assert done.stdout == f"limited 0x0 minor {sys.version_info.minor} free-threaded 0\n"
    files = sorted(path.name for path in (unpacked / "c_sources").iterdir())
    stems = [name.split(".")[0] for name in files]
    # Stubs are for what alloconda binds.
    assert stems == ["__init__", "_mixed", "_mixed", "_plain", "_raw", "libgreeting", "py"]
    assert "def twice(value: int) -> int:" in (unpacked / "c_sources" / "_mixed.pyi").read_text("utf-8")


def test_the_stable_abi_sets_its_macro(builder: Builder, own: Path, zig: Zig) -> None:
    unpacked = builder.wheel(own, "--stable-abi", "3.11", "--no-fetch", zig=zig)
    for version in ("3.11", "3.13"):
        command = [python_or_skip(version), own / "checks.py"]
        said = builder.workbench.run(command, environment={"PYTHONPATH": str(unpacked)}).stdout
        assert said.startswith("limited 0x30b0000 minor ")


@pytest.mark.parametrize(
    ("platform", "facts"),
    [
        (WINDOWS, "limited 0x0 minor 13 free-threaded 0"),
        (AARCH64, "limited 0x0 minor 11 free-threaded 0"),
        *([(MUSL, "limited 0x0 minor 13 free-threaded 0"), (FREE, "limited 0x0 minor 13 free-threaded 1")] * ALL_C),
    ],
)
def test_the_interpreters_of_other_platforms_import_it(builder: Builder, own: Path, platform: str, facts: str) -> None:
    unpacked = builder.wheel_for(own, platform, zigs()[-1])
    said = Platform(platform).python(str(own / "checks.py"), path=unpacked)
    assert said.splitlines()[-1] == facts


@pytest.mark.parametrize("platform", [NATIVE, *([WINDOWS, AARCH64, MUSL] * ALL_C)])
def test_cpp_exceptions(builder: Builder, workbench: Workbench, platform: str) -> None:
    """Thrown in one file, through frames with destructors, and caught in another; with the C++ library inside."""
    project = copy_project(PACKAGES / "thrown", workbench.folder / f"thrown, {platform}, é")
    unpacked = builder.wheel_for(project, platform, usual_zig())
    checks = str(project / "checks.py")
    if platform == NATIVE:
        said = workbench.run([sys.executable, checks], environment={"PYTHONPATH": str(unpacked)}).stdout
    else:
        said = Platform(platform).python(checks, path=unpacked)
    assert said.splitlines()[-1] == "caught"


def test_the_translated_api_for_macos_with_every_zig(builder: Builder, own: Path, any_zig: Zig) -> None:
    # What one Zig joins, it compiles twice.
    tag = "macosx_11_0_universal2" if any_zig == usual_zig() else "macosx_11_0_arm64"
    unpacked = builder.wheel(own, "--platform-tag", tag, "--python-version", "3.13", zig=any_zig)
    files = {path.name for path in (unpacked / "c_sources").iterdir()}
    assert files >= {"libgreeting.1.dylib", "_raw.cpython-313-darwin.so"}
    fat = lief.MachO.parse(str(unpacked / "c_sources" / "_mixed.cpython-313-darwin.so"))
    assert fat is not None
    for half in fat:
        # The one beside it is looked for where the module is.
        assert "@rpath/libgreeting.1.dylib" in {str(library.name) for library in half.libraries}
        assert [str(path.path) for path in half.rpaths] == ["@loader_path"]


def test_windows_without_the_global_lock(builder: Builder, own: Path) -> None:
    """Nobody here runs it: the library says what it was compiled for, and is audited."""
    unpacked = builder.wheel(own, "--platform-tag", "win_amd64", "--python-version", "3.13t", zig=zigs()[-1])
    assert (unpacked / "c_sources" / "greeting.dll").is_file()
    content = (unpacked / "c_sources" / "_plain.cp313t-win_amd64.pyd").read_bytes()
    assert b"python313t.dll" in content
    assert b"for a build without the global interpreter lock" in content


def test_zig_build_test_has_all_that_the_root_imports(builder: Builder, own: Path, zig: Zig) -> None:
    """C sources, static and shared libraries, the translated C API."""
    options = [f"-Dpython={sys.executable}", f"-Dpython-version={native_version()}", "--summary", "all"]
    done = builder.workbench.zig_build("test", *options, zig=zig, cwd=own)
    assert re.search(r"tests of c_sources\._mixed (success|cached)", done.stderr)


def test_inspect_says_whose_headers(builder: Builder, own: Path, zig: Zig) -> None:
    workbench = builder.workbench
    arguments = ["inspect", f"-Dpython={sys.executable}", f"-Dpython-version={native_version()}", "-p", own / "out"]
    workbench.zig_build(*arguments, zig=zig, cwd=own)
    answer = json.loads(next((own / "out").glob("inspect/*/c_sources._plain.headers.json")).read_text())
    assert answer["source"] == "native"
    assert answer["version"] == native_version()
    include = workbench.folder / "headers of ours, é"
    shutil.copytree(answer["origin"], include, dirs_exist_ok=True)
    workbench.zig_build(*arguments, f"-Dpython-include={include}", zig=zig, cwd=own)
    answer = json.loads(next((own / "out").glob("inspect/*/c_sources._plain.headers.json")).read_text())
    assert answer == {"source": "given", "origin": str(include), "version": native_version(), "ext_suffix": None}


def test_headers_of_another_python_are_refused(builder: Builder, own: Path, zig: Zig, tmp_path: Path) -> None:
    foreign = Platform(WINDOWS).include()[0]
    options = ["--python-version", "3.13", "--platform-tag", "manylinux_2_17_x86_64", "--python-include", str(foreign)]
    done = builder.run(own, *options, zig=zig, status=1)
    assert (
        f"error: {foreign} has the pyconfig.h of Windows, and the build is for manylinux_2_17_x86_64: name headers of "
        "that platform" in done.stderr
    )
    done = builder.run(own, "--python-version", "3.13", "--python-include", str(tmp_path), zig=zig, status=1)
    assert f"error: {tmp_path} has no Python.h: name the folder of Python.h" in done.stderr


def test_headers_that_are_not_there(builder: Builder, own: Path, zig: Zig) -> None:
    options = ["--python-version", "3.14t", "--platform-tag", "manylinux_2_17_x86_64", "--no-fetch"]
    done = builder.run(own, *options, zig=zig, status=1)
    assert (
        "error: The headers of CPython 3.14t for x86_64-unknown-linux-gnu are not in the cache, and --no-fetch forbids "
        "to fetch them: run 'alloconda python fetch --version 3.14t --pbs-target x86_64-unknown-linux-gnu', or name "
        "them with --python-include." in done.stderr
    )
    assert "Traceback" not in done.stderr


def test_a_wrong_suffix_is_found(builder: Builder, own: Path, zig: Zig) -> None:
    triple = "x86_64-unknown-linux-musl"
    options = ["--python-version", "3.13", "--platform-tag", "manylinux_2_17_x86_64", "--pbs-target", triple]
    done = builder.run(own, *options, zig=zig, status=1)
    assert (
        "says that extensions end with .cpython-313-x86_64-linux-musl.so, and alloconda ends them with" in done.stderr
    )


MISTAKES = [
    ("", "'c_sources._plain' has nothing to be built from: give it a .root_source_file, or .c_sources"),
    (
        '.c_sources = &.{"src/plain.txt"},',
        "'src/plain.txt' of 'c_sources._plain' is no C or C++ source by its name: a name ends with .c, .cc, .cpp, "
        ".cxx or .S",
    ),
    (
        '.c_sources = &.{"/src/plain.c"},',
        "the source '/src/plain.c' of 'c_sources._plain' has an absolute path: name it from the project's folder, or "
        "set .c_root",
    ),
    (
        '.c_sources = &.{"src/plain.c"}, .macros = &.{"-DX"},',
        "'-DX' of 'c_sources._plain' is no macro: write NAME or NAME=VALUE",
    ),
    (
        '.c_sources = &.{"src/plain.c"}, .python_module = true,',
        "'c_sources._plain' has .python_module, which is for Zig code, and no .root_source_file: leave it out",
    ),
]


def test_mistakes_in_build_zig(builder: Builder, own: Path, zig: Zig, tmp_path: Path) -> None:
    project = copy_project(own, tmp_path / "project")
    zon = project / "build.zig.zon"
    zon.write_text(re.sub(r'\.path = "[^"]*"', f'.path = "{os.path.relpath(ROOT, project)}"', zon.read_text()))
    # One build.zig for all of them: Zig compiles it for seconds.
    cases = "".join(
        f'        {number} => package.addExtension(.{{ .name = "c_sources._plain", {options} }}),\n'
        for number, (options, _) in enumerate(MISTAKES)
    )
    (project / "build.zig").write_text(
        'const std = @import("std");\nconst alloconda = @import("alloconda");\n\n'
        "pub fn build(b: *std.Build) void {\n    const package = alloconda.package(b, .{});\n"
        f'    switch (b.option(u8, "mistake", "Its number").?) {{\n{cases}        else => unreachable,\n    }}\n}}\n'
    )
    for number, (_, sentence) in enumerate(MISTAKES):
        assert f"error: {sentence}\n" in builder.run(project, f"--zig-arg=-Dmistake={number}", zig=zig, status=1).stderr


@pytest.fixture(scope="session")
def shelf(workbench: Workbench) -> Shelf:
    return Shelf(workbench)


# Rows of sdist, interpreter and Zig that always run: each platform, each Zig, and each sdist but pybind11, which takes
# a minute to compile. C++ for another platform costs more than all of them.
ALWAYS = [
    # Zig 0.17 builds the C library of Windows only with unwind tables.
    (MARKUPSAFE, WINDOWS, "0.17"),
    (MARKUPSAFE, MUSL, "0.16"),
    (MARKUPSAFE, MACOS, "0.17"),
    (MSGPACK, AARCH64, "0.15"),
    (HISTOGRAM, NATIVE, "0.15"),
    (UJSON, NATIVE, "0.16"),
]
MORE = [
    *((sdist, platform, "0.16") for sdist, platform in [(MARKUPSAFE, FREE), (HISTOGRAM, NEWEST)]),
    *itertools.product(SDISTS, (NATIVE, AARCH64, MUSL, WINDOWS, MACOS), ("0.15", "0.16", "0.17")),
]
# NumPy itself does not run there: one interpreter has no libstdc++ beside it, and musl 1.2.3 crashes at loading it.
WITHOUT_NUMPY = (AARCH64, MUSL)
# The newest with no more of the C library than Wine has.
NUMPY_FOR_WINE = "numpy==2.2.0"


def rows() -> Iterator[object]:
    for row in ALWAYS + [row for row in MORE if ALL_C and row not in ALWAYS]:
        sdist, platform, series = row
        zig = next((zig for zig in zigs() if zig.version.startswith(series)), None)
        if zig or row in ALWAYS:
            yield pytest.param(sdist, platform, zig or zigs()[-1], id=f"{sdist.name}-{platform}-{series}")


@pytest.mark.parametrize(("sdist", "platform", "zig"), list(rows()))
def test_a_real_extension_passes_its_own_tests(  # noqa: PLR0917 - fixtures
    builder: Builder,
    shelf: Shelf,
    sdist: Sdist,
    platform: str,
    zig: Zig,
    record_property: Callable[[str, object], None],
) -> None:
    project = shelf.project(sdist)
    unpacked = builder.wheel_for(project, platform, zig)
    if platform != NATIVE:
        check_imports(unpacked, sdist, platform)
    if platform == MACOS or (sdist.needs and platform in WITHOUT_NUMPY):
        return
    folders = [unpacked, shelf.tools()]
    if sdist.needs and platform != NATIVE:
        requirement = NUMPY_FOR_WINE if platform == WINDOWS else sdist.needs
        folders.append(shelf.wheel_of_need(requirement, *TARGETS[platform]))
    path = Path(os.pathsep.join(map(str, folders)))
    command = suite_command(sdist, project, unpacked)
    if platform == NATIVE:
        environment = {"PYTHONPATH": str(path)}
        said = builder.workbench.run([sys.executable, *command], environment=environment).stdout
    else:
        said = Platform(platform).python(*command, path=path)
    record_property("passed", passed_tests(sdist, said))


def check_imports(unpacked: Path, sdist: Sdist, platform: str) -> None:
    """Compare what a library wants of Python with what the real interpreter has."""
    found = unpacked.glob(f"{sdist.module.replace('.', '/')}.*")
    (library,) = (path for path in found if path.suffix in (".so", ".pyd"))
    if platform == MACOS:
        whole = lief.MachO.parse(str(library))
        assert whole is not None
        halves = {half.header.cpu_type: half for half in whole}
        assert set(halves) == {lief.MachO.Header.CPU_TYPE.ARM64, lief.MachO.Header.CPU_TYPE.X86_64}
        names = {str(symbol.name).removeprefix("_") for half in halves.values() for symbol in half.imported_symbols}
        for half in halves.values():
            # C++ is linked statically there too.
            needed = {str(one.name) for one in half.libraries}
            assert {name for name in needed if "@rpath" not in name} == {"/usr/lib/libSystem.B.dylib"}
    elif isinstance(binary := lief.parse(library), lief.PE.Binary):
        names = {
            str(entry.name) for one in binary.imports if str(one.name).startswith("python") for entry in one.entries
        }
    else:
        assert isinstance(binary, lief.ELF.Binary)
        names = {str(symbol.name) for symbol in binary.dynamic_symbols if symbol.shndx == 0}
        assert not {str(name) for name in binary.libraries} & {"libc++.so.1", "libstdc++.so.6", "libgcc_s.so.1"}
    wanted = {name for name in names if name.startswith(("Py", "_Py"))}
    assert wanted
    assert wanted <= set(Platform(platform).symbols())


def test_numpys_headers_have_the_sizes_of_the_target(workbench: Workbench, zig: Zig, tmp_path: Path) -> None:
    """As NumPy's own wheels of those platforms have them in `_numpyconfig.h`."""
    pytest.importorskip("numpy")
    include = tmp_path / "include"
    command = [sys.executable, "-m", "alloconda", "headers", "numpy", "--output", include]
    workbench.run(command)
    for triple, long, longdouble, pointer in [
        ("x86_64-linux-gnu", 8, 16, 8),
        ("x86_64-windows-gnu", 4, 8, 8),
        ("x86-windows-gnu", 4, 8, 4),
        ("aarch64-macos", 8, 8, 8),
        ("x86-linux-musl", 4, 12, 4),
    ]:
        checks = {"LONG": long, "LONGDOUBLE": longdouble, "COMPLEX_LONGDOUBLE": 2 * longdouble, "INTP": pointer}
        source = tmp_path / "check.c"
        lines = [f"#if NPY_SIZEOF_{name} != {size}\n#error {name}\n#endif\n" for name, size in checks.items()]
        source.write_text('#include "numpy/_numpyconfig.h"\n' + "".join(lines))
        compile_ = ["cc", "-target", triple, "-E", "-I", include, source]
        workbench.run([zig.executable, *compile_], environment=zig.environment)
