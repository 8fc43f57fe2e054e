"""A project of one C file, whose name is not plain: on a good day, and on bad ones."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from interpreters import Platform
from releases import TAG, Release, Server, unix_members
from workbench import Workbench, Zig

SOURCE = "src/größe der Dinge.c"
TEXT = """\
#include <Python.h>
#include "zwei.h"

static PyObject *twice(PyObject *module, PyObject *value) { return PyNumber_Multiply(PyLong_FromLong(TWO), value); }
static PyMethodDef methods[] = {{"twice", twice, METH_O, NULL}, {NULL, NULL, 0, NULL}};
static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "_plain", NULL, 0, methods};
PyMODINIT_FUNC PyInit__plain(void) { return PyModule_Create(&definition); }
"""
EXTENSION = f'.c_sources = &.{{"{SOURCE}"}}, .include_paths = &.{{b.path("include, ü")}}'


@pytest.fixture
def one(project: Callable[[str], Path]) -> Path:
    folder = project("tests/packages/c_sources")
    for path in (folder / "src").iterdir():
        path.unlink()
    (folder / SOURCE).write_text(TEXT, "utf-8")
    (folder / "python" / "c_sources" / "__init__.py").write_text("", "utf-8")
    (folder / "include, ü").mkdir()
    (folder / "include, ü" / "zwei.h").write_text("#define TWO 2\n", "utf-8")
    (folder / "build.zig").write_text(
        'const std = @import("std");\nconst alloconda = @import("alloconda");\n\n'
        "pub fn build(b: *std.Build) void {\n"
        f'    alloconda.package(b, .{{}}).addExtension(.{{ .name = "c_sources._plain", {EXTENSION} }});\n}}\n',
        "utf-8",
    )
    return folder


def first_error(workbench: Workbench, zig: Zig, *options: str, cwd: Path, **environment: str) -> str:
    """What stands first of all that is said, which is what there is to mend."""
    done = workbench.alloconda("wheel", *options, zig=zig, cwd=cwd, status=1, **environment)
    assert "Traceback" not in done.stderr
    assert not (cwd / "dist").exists() or list((cwd / "dist").iterdir()) == []
    return next(line for line in done.stderr.splitlines() if "error: " in line)


def test_names_with_blanks_and_umlauts(workbench: Workbench, zig: Zig, one: Path) -> None:
    wheel = one / workbench.alloconda("wheel", "--no-fetch", zig=zig, cwd=one).stdout.strip()
    code = "from c_sources import _plain; assert _plain.twice(21) == 42"
    workbench.run([sys.executable, "-c", code], environment={"PYTHONPATH": str(workbench.unpacked(wheel))})


def test_mistakes_in_the_sources(workbench: Workbench, zig: Zig, one: Path) -> None:
    source = one / SOURCE
    # Zig 0.17 names files as seen from the project.
    named = f"./{SOURCE}" if zig.version.startswith("0.17.") else str(source)
    for word, wrong, *sentences in [
        ("zwei.h", "drei.h", f"{named}:2:10: error: 'drei.h' file not found"),
        ("PyObject *value", "PyOject *value", f"{named}:4:42: error: unknown type name 'PyOject'"),
        (
            "PyInit__plain",
            "PyInit_plane",
            # Of two steps, whichever comes first.
            "error: lib_plain.so defines no PyInit_ function, but build.zig names the module 'c_sources._plain' "
            "(expected PyInit__plain); exported symbols: none",
            "error: c_sources/_plain.abi3.so defines no PyInit_ function, but Python looks for PyInit__plain in the "
            "module 'c_sources._plain': let alloconda compile the module, or export the function",
        ),
    ]:
        source.write_text(TEXT.replace(word, wrong), "utf-8")
        assert first_error(workbench, zig, "--no-fetch", cwd=one) in sentences


def test_a_source_that_is_not_there(workbench: Workbench, zig: Zig, one: Path) -> None:
    (one / SOURCE).rename(one / "src" / "other.c")
    assert first_error(workbench, zig, "--no-fetch", cwd=one) == (
        f"error: there is no {one / SOURCE}, which 'c_sources._plain' has among its .c_sources: correct the name in "
        "build.zig, or restore the file"
    )


def test_headers_from_nowhere(workbench: Workbench, zig: Zig, one: Path, tmp_path: Path) -> None:
    server = Server(Release())
    server.files.clear()
    options = ["--platform-tag", "win_amd64", "--python-version", "3.13", "--mirror", server.url]
    try:
        cache = str(tmp_path / "cache")
        assert first_error(workbench, zig, *options, cwd=one, ALLOCONDA_PBS_CACHE=cache) == (
            f"error: {server.url}/latest-release.json cannot be read: the server says 404 Not Found."
        )
        cache = str(one / SOURCE / "cache")
        assert first_error(workbench, zig, *options, cwd=one, ALLOCONDA_PBS_CACHE=cache) == (
            f"error: The cache of headers cannot be written ({cache}: Not a directory): set ALLOCONDA_PBS_CACHE to "
            "another folder."
        )
    finally:
        server.close()


def test_zig_build_with_fetched_headers(workbench: Workbench, zig: Zig, one: Path) -> None:
    """What `inspect` says of them, and what is in them."""
    release = Release()
    members = unix_members(
        Platform("linux_x86_64-3.14").include(), "3.14", free_threaded=False, suffix=".cpython-314-x86_64-linux-gnu.so"
    )
    name = release.add("3.14.5", "x86_64-unknown-linux-gnu", "install_only_stripped.tar.gz", members)
    (one / SOURCE).write_text(f"{TEXT}#if PY_MINOR_VERSION != 14\n#error other headers\n#endif\n", "utf-8")
    server = Server(release)
    try:
        options = [f"-Dmirror={server.url}", f"-Dpython={sys.executable}", "-Dpython-version=3.14"]
        platform = "-Dplatform=manylinux_2_17_x86_64"
        cache = one / "cache"
        command = ["inspect", platform, *options, "-p", one / "out"]
        workbench.zig_build(*command, zig=zig, cwd=one, ALLOCONDA_PBS_CACHE=str(cache))
    finally:
        server.close()
    answer = json.loads(next((one / "out").glob("inspect/*/c_sources._plain.headers.json")).read_text("utf-8"))
    entry = re.sub("-install_only.*", "", name)
    assert entry == f"cpython-3.14.5+{TAG}-x86_64-unknown-linux-gnu"
    assert answer == {
        "source": "fetched",
        "origin": str(cache / entry),
        "version": "3.14.5",
        "ext_suffix": ".cpython-314-x86_64-linux-gnu.so",
    }


def test_openmp(workbench: Workbench, zig: Zig, one: Path) -> None:
    """Zig has no runtime for it: a wheel that could not be imported is not written."""
    build = one / "build.zig"
    flags = f'{EXTENSION}, .c_flags = &.{{"-fopenmp"}}'
    build.write_text(build.read_text("utf-8").replace(EXTENSION, flags), "utf-8")
    loop = (
        "static void loop(void) {\n#pragma omp parallel for\n    for (int i = 0; i < 9; i++) PyErr_CheckSignals();\n}\n"
    )
    text = TEXT.replace("static PyObject", f"{loop}static PyObject", 1).replace("{ return PyN", "{ loop(); return PyN")
    (one / SOURCE).write_text(text, "utf-8")
    said = first_error(workbench, zig, "--no-fetch", cwd=one)
    assert re.fullmatch(r"error: \S+ uses __kmpc_\w+, which is neither Python's nor .*: link what defines it", said)


BESIDE = """
fn configure(context: alloconda.Extension.Context) void {
    const module = context.b.createModule(context.options);
    module.link_libc = true;
    module.addCSourceFile(.{ .file = context.b.path("src/beside.c") });
    module.addRPath(.{ .cwd_relative = "/opt/lib" });
    context.addSharedLibrary(context.b.addLibrary(.{ .name = "beside", .linkage = .dynamic, .root_module = module }));
}
"""


def test_a_library_beside_the_module_is_audited(workbench: Workbench, zig: Zig, one: Path) -> None:
    build = one / "build.zig"
    build.write_text(
        build.read_text("utf-8").replace(EXTENSION, f"{EXTENSION}, .configure = configure") + BESIDE, "utf-8"
    )
    (one / "src" / "beside.c").write_text("int beside(void) { return 42; }\n", "utf-8")
    assert first_error(workbench, zig, "--no-fetch", cwd=one) == (
        "error: c_sources/libbeside.so looks for libraries in '/opt/lib', which is not below its own folder: take the "
        "run path away, or start it with $ORIGIN"
    )
