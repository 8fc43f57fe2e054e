"""C and C++ extensions: a small one of our own for each kind of source, and real ones from PyPI, built unmodified.

The real ones are sdists that pip downloads; only build.zig, build.zig.zon and pyproject.toml are put beside their
files. Their own test suites run in the interpreters that the wheels are for, with headers that are fetched from a
server of python-build-standalone's layout.

A C library or C++ library for one more target costs a minute and more: the rows of other platforms and kinds that show
no more of the feature run with ALLOCONDA_TEST_ALL_C=1.
"""

from __future__ import annotations

import functools
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from interpreters import Platform, python_or_skip, skip
from releases import Release, Server, unix_members, windows_members
from workbench import ROOT, Workbench, Zig, copy_project

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGES = ROOT / "tests" / "packages"
OVERLAYS = PACKAGES / "c_extensions"
WINDOWS, AARCH64, MUSL = "win_amd64-3.13", "linux_aarch64-3.11", "musllinux_x86_64-3.13"
FREE, NEWEST = "linux_x86_64-3.13t", "linux_x86_64-3.14"
TARGETS = {
    # What a wheel is for, by the interpreter that runs it: platform tag and Python version.
    WINDOWS: ("win_amd64", "3.13"),
    AARCH64: ("manylinux_2_17_aarch64", "3.11"),
    MUSL: ("musllinux_1_2_x86_64", "3.13"),
    FREE: ("manylinux_2_17_x86_64", "3.13t"),
    NEWEST: ("manylinux_2_17_x86_64", "3.14"),
}
# Hypothesis asks Windows for its version in a way that Wine does not know.
OPTIONS = ["-q", "-p", "no:cacheprovider", "-p", "no:hypothesispytest", "-W", "ignore"]
TEST_TOOLS = ["pytest==8.4.2", "colorama", "hypothesis==6.112.1"]

for_all_c = pytest.mark.skipif(not os.environ.get("ALLOCONDA_TEST_ALL_C"), reason="runs with ALLOCONDA_TEST_ALL_C=1")
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
        pytest.param(WINDOWS, "limited 0x0 minor 13 free-threaded 0", marks=for_all_c),
        (AARCH64, "limited 0x0 minor 11 free-threaded 0"),
        pytest.param(MUSL, "limited 0x0 minor 13 free-threaded 0", marks=for_all_c),
        pytest.param(FREE, "limited 0x0 minor 13 free-threaded 1", marks=for_all_c),
    ],
)
def test_the_interpreters_of_other_platforms_import_it(
    builder: Builder, own: Path, zig: Zig, platform: str, facts: str
) -> None:
    unpacked = builder.wheel_for(own, platform, zig)
    said = Platform(platform).python(str(own / "checks.py"), path=unpacked)
    assert said.splitlines()[-1] == facts


@for_all_c
@pytest.mark.parametrize("target", [("macosx_11_0_universal2", "3.13"), ("win_amd64", "3.13t")])
def test_platforms_that_nobody_here_runs_pass_the_audit(
    builder: Builder, own: Path, zig: Zig, target: tuple[str, str]
) -> None:
    tag, version = target
    options = ["--zig-arg=-Draw=false"] if tag.startswith("macosx") else []
    unpacked = builder.wheel(own, "--platform-tag", tag, "--python-version", version, *options, zig=zig)
    files = {path.name for path in (unpacked / "c_sources").iterdir()}
    assert files >= ({"libgreeting.1.dylib"} if tag.startswith("macosx") else {"greeting.dll"})


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
    done = builder.run(own, "--python-version", "3.14", "--platform-tag", "win_arm64", "--no-fetch", zig=zig, status=1)
    assert (
        "error: The headers of CPython 3.14 for aarch64-pc-windows-msvc are not in the cache, and --no-fetch forbids "
        "to fetch them: run 'alloconda python fetch --version 3.14 --pbs-target aarch64-pc-windows-msvc', or name them "
        "with --python-include." in done.stderr
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
    for options, sentence in MISTAKES:
        (project / "build.zig").write_text(
            'const std = @import("std");\nconst alloconda = @import("alloconda");\n\n'
            "pub fn build(b: *std.Build) void {\n"
            f'    alloconda.package(b, .{{}}).addExtension(.{{ .name = "c_sources._plain", {options} }});\n}}\n'
        )
        assert f"error: {sentence}\n" in builder.run(project, zig=zig, status=1).stderr


@dataclass(frozen=True)
class Sdist:
    """A project of PyPI, as its sdist is."""

    name: str
    version: str
    module: str
    tests: tuple[str, ...]
    """Files and folders that its tests consist of."""
    passed: int
    """How many of its own tests pass at least."""
    without: str = ""
    """A test that is left out, with the reason where the sdist is named."""
    needs: tuple[str, ...] = ()
    """What the tests import, as wheels of the platform."""

    @property
    def key(self) -> str:
        return self.name.replace("-", "_")


MARKUPSAFE = Sdist("markupsafe", "3.0.4", "markupsafe._speedups", ("tests",), 79)
MSGPACK = Sdist("msgpack", "1.2.4", "msgpack._cmsgpack", ("test",), 160)
UJSON = Sdist("ujson", "6.1.0", "ujson", ("tests",), 476)
HISTOGRAM = Sdist(
    "fast-histogram",
    "0.14",
    "fast_histogram._histogram_core",
    (),
    10,
    # numpy.histogram itself refuses data of this test since NumPy 2.
    "test_1d_compare_with_numpy",
    ("numpy",),
)
PYBIND11 = Sdist(
    "pybind11",
    "3.1.0",
    "pybind11_tests",
    (
        "tests/conftest.py",
        "tests/env.py",
        "tests/test_enum.py",
        "tests/test_operator_overloading.py",
        "tests/test_methods_and_attributes.py",
        "tests/test_sequences_and_iterators.py",
    ),
    65,
)
NATIVE = [
    pytest.param(MARKUPSAFE, marks=for_all_c),
    MSGPACK,
    UJSON,
    HISTOGRAM,
    pytest.param(PYBIND11, marks=for_all_c),
]


class Shelf:
    """Sdists of PyPI, each downloaded once."""

    def __init__(self, workbench: Workbench) -> None:
        self._workbench = workbench
        self._folder = workbench.folder / "sdists"

    @functools.cache  # noqa: B019 - one for the whole session
    def project(self, sdist: Sdist) -> Path:
        """Unpack an sdist, with our build files beside its own."""
        options = ["--no-deps", "--no-binary", sdist.name, "-d", self._folder]
        self._pip("download", *options, f"{sdist.name}=={sdist.version}")
        (archive,) = self._folder.glob(f"{sdist.key}-*.tar.gz")
        target = self._folder / sdist.key
        with tarfile.open(archive) as tar:
            tar.extractall(self._folder / "x" / sdist.key, filter="data")
        (unpacked,) = (self._folder / "x" / sdist.key).iterdir()
        unpacked.rename(target)
        for file in (OVERLAYS / sdist.key).iterdir():
            shutil.copy(file, target / file.name)
        # The upper half of a fingerprint is the checksum of the name.
        fingerprint = zlib.crc32(sdist.key.encode()) << 32 | 0x4974F841
        (target / "build.zig.zon").write_text(
            f'.{{ .name = .{sdist.key}, .version = "0.1.0", .fingerprint = 0x{fingerprint:x}, .paths = .{{""}}, '
            f'.dependencies = .{{ .alloconda = .{{ .path = "{os.path.relpath(ROOT, target)}" }} }} }}\n'
        )
        return target

    @functools.cache  # noqa: B019
    def tools(self) -> Path:
        """Pure Python packages that run the test suites, good for every interpreter."""
        folder = self._folder / "tools"
        options = ["--target", folder, "--no-compile", "--only-binary", ":all:", "--python-version", "3.11"]
        self._pip("install", *options, *TEST_TOOLS)
        return folder

    @functools.cache  # noqa: B019
    def wheels(self, needs: tuple[str, ...], platform: str) -> Path:
        """Packages with compiled parts for another platform."""
        tag, version = TARGETS[platform]
        folder = self._folder / f"needs-{platform}"
        tags = ["--platform", tag.replace("2_17", "2_28"), "--platform", tag.replace("_2_17", "2014")]
        self._pip("install", "--target", folder, "--only-binary", ":all:", "--python-version", version, *tags, *needs)
        return folder

    def _pip(self, *arguments: object) -> None:
        command = [sys.executable, "-m", "pip", "-q", *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            skip(f"pip cannot download: {done.stderr.strip()[-500:]}")


@pytest.fixture(scope="session")
def shelf(workbench: Workbench) -> Shelf:
    return Shelf(workbench)


def check_suite(sdist: Sdist, said: str) -> None:
    """Read how many tests of a suite have passed."""
    counts = re.search(r"(?:(\d+) failed, )?(\d+) passed", said)
    assert counts, said
    assert counts[1] is None, said
    assert int(counts[2]) >= sdist.passed, said


def suite_command(sdist: Sdist, project: Path, unpacked: Path) -> list[str]:
    """Copy a project's tests beside its wheel, and make sure that they test the extension."""
    for name in sdist.tests:
        source, target = project / name, unpacked / name
        if not target.exists():
            target.parent.mkdir(exist_ok=True)
            (shutil.copytree if source.is_dir() else shutil.copy)(source, target)
    code = (
        f"import sys, os, {sdist.module} as m; os.chdir(sys.argv.pop(1)); assert m.__file__.endswith(('.so', '.pyd'));"
        " import pytest; sys.exit(pytest.main(sys.argv[1:]))"
    )
    without = ["-k", f"not {sdist.without}"] if sdist.without else []
    tests = [name for name in sdist.tests if not name.endswith(("conftest.py", "env.py"))] or [sdist.key]
    return ["-c", code, str(unpacked), *OPTIONS, *without, *tests]


@pytest.mark.parametrize("sdist", NATIVE, ids=lambda sdist: sdist.name)
def test_a_real_extension_passes_its_own_tests(builder: Builder, shelf: Shelf, zig: Zig, sdist: Sdist) -> None:
    project = shelf.project(sdist)
    unpacked = builder.wheel(project, "--python-version", native_version(), "--no-fetch", zig=zig)
    path = f"{unpacked}{os.pathsep}{shelf.tools()}"
    done = subprocess.run(
        [sys.executable, *suite_command(sdist, project, unpacked)],
        env=os.environ | {"PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    check_suite(sdist, done.stdout + done.stderr)


FOREIGN = [
    (MARKUPSAFE, WINDOWS),
    (MARKUPSAFE, AARCH64),
    pytest.param(MARKUPSAFE, FREE, marks=for_all_c),
    pytest.param(MSGPACK, WINDOWS, marks=for_all_c),
    pytest.param(UJSON, AARCH64, marks=for_all_c),
    # Wine lacks functions that NumPy's own library needs, and the other trees lack libstdc++.
    pytest.param(HISTOGRAM, NEWEST, marks=for_all_c),
]


@pytest.mark.parametrize(("sdist", "platform"), FOREIGN, ids=lambda part: getattr(part, "name", part))
def test_a_real_extension_passes_them_on_another_platform(
    builder: Builder, shelf: Shelf, zig: Zig, sdist: Sdist, platform: str
) -> None:
    project = shelf.project(sdist)
    unpacked = builder.wheel_for(project, platform, zig)
    folders = [unpacked, shelf.tools(), *([shelf.wheels(sdist.needs, platform)] if sdist.needs else [])]
    merged = Path(os.pathsep.join(map(str, folders)))
    said = Platform(platform).python(*suite_command(sdist, project, unpacked), path=merged)
    check_suite(sdist, said)


@for_all_c
def test_a_real_extension_with_every_zig(builder: Builder, shelf: Shelf, any_zig: Zig) -> None:
    project = shelf.project(MARKUPSAFE)
    for tag in ("win_amd64", "musllinux_1_2_x86_64", "macosx_11_0_arm64"):
        unpacked = builder.wheel(project, "--platform-tag", tag, "--python-version", "3.13", zig=any_zig)
        assert len(list(unpacked.glob("markupsafe/_speedups.c*3*"))) == 1


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
