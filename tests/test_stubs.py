"""Type stubs: what checkers read about an extension is what the extension is."""

from __future__ import annotations

import shutil
import sys
import zipfile
from typing import TYPE_CHECKING

import pytest

from workbench import ROOT, Workbench, Zig

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PACKAGES = ("functions", "objects", "containers", "values", "arrays", "classes")

ALLOWED = """
classes._native.memory.Shy.__buffer__
classes._native.memory.Stack.__buffer__
classes._native.protocols.Doubled.__get__
classes._native.protocols.Dynamic.__getattr__
classes._native.protocols.Even.__pow__
classes._native.protocols.Mod.__rpow__
classes._native.protocols.Pixels.__buffer__
"""
"""Special methods that CPython shows in another way than they can be written, or only since 3.12."""


def site(workbench: Workbench, zig: Zig, package: str) -> Path:
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    project = ROOT / "tests" / "packages" / package
    return workbench.unpacked(workbench.wheel(project, "--python-version", version, zig=zig))


@pytest.mark.parametrize("package", PACKAGES)
def test_stubs_agree_with_the_module(workbench: Workbench, zig: Zig, package: str, tmp_path: Path) -> None:
    folder = site(workbench, zig, package)
    environment = {"PYTHONPATH": str(folder), "MYPYPATH": str(folder)}
    allowed = tmp_path / "allowed"
    allowed.write_text(ALLOWED)
    # Types have more special methods than the source, such as __radd__ beside __add__. The users' own operators may be
    # such as mypy would not have them.
    config = tmp_path / "mypy.ini"
    config.write_text("[mypy]\ndisable_error_code = misc\n")
    options = ["--ignore-missing-stub", "--ignore-disjoint-bases", "--ignore-unused-allowlist", "--allowlist", allowed]
    stubtest = [sys.executable, "-m", "mypy.stubtest", *options, "--mypy-config-file", config, f"{package}._native"]
    assert "Success" in workbench.run(stubtest, environment=environment).stdout
    checked = [sys.executable, "-m", "mypy", "--strict", "--disable-error-code", "misc", "-p", package]
    assert (
        "Success" in workbench.run([*checked, "--cache-dir", workbench.folder / "mypy"], environment=environment).stdout
    )


def test_annotations_name_the_right_class(workbench: Workbench, zig: Zig) -> None:
    """Namespaces have classes of the same name; in-place operators return the instance."""
    folder = site(workbench, zig, "classes") / "classes" / "_native"
    text = (folder / "__init__.pyi").read_text("utf-8")
    memory, protocols = "_classes__native_memory.Ticket", "_classes__native_protocols.Ticket"
    assert f"def tickets(one: {memory}, other: {protocols}) -> tuple[{memory}, {protocols}]:\n" in text
    assert "import classes._native.memory as _classes__native_memory\n" in text
    assert "Ticket\n" not in text
    protocols = (folder / "protocols.pyi").read_text("utf-8")
    assert "    def __aiter__(self) -> Ticket: ...\n" in protocols
    assert "    def __iadd__(self, b: int, /) -> Self: ...\n" in protocols
    assert "    def __eq__(self, b: object, /) -> bool: ...\n" in protocols
    assert "    def __contains__(self, value: object, /) -> bool: ...\n" in protocols


def test_checkers_understand_what_users_write(workbench: Workbench, zig: Zig, tmp_path: Path) -> None:
    folder = site(workbench, zig, "classes")
    program = shutil.copy(ROOT / "tests" / "packages" / "classes" / "typed.py", tmp_path)
    environment = {"PYTHONPATH": str(folder), "MYPYPATH": str(folder)}
    options = ["--strict", "--follow-imports=silent", "--cache-dir", tmp_path]
    done = workbench.run([sys.executable, "-m", "mypy", *options, program], tmp_path, environment=environment)
    assert "Success" in done.stdout
    workbench.run([sys.executable, program], environment=environment)


def test_checkers_find_the_stubs_of_a_wheel(workbench: Workbench, zig: Zig) -> None:
    folder = site(workbench, zig, "functions")
    assert (folder / "functions" / "py.typed").read_bytes() == b""
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.pyi"))
    assert names == [
        "functions/_native/__init__.pyi",
        "functions/_native/shapes/__init__.pyi",
        "functions/_native/shapes/deeper.pyi",
    ]
    # Part of the module is made when it is loaded.
    whole = (folder / "functions/_native/__init__.pyi").read_text("utf-8")
    assert "\ndef __getattr__(name: str) -> Any: ...\n" in whole
    assert (folder / "functions/_native/shapes/__init__.pyi").read_text("utf-8") == (
        "# Written by alloconda from the Zig sources; an edit here is lost.\n"
        "\n"
        '"""A namespace is a submodule."""\n'
        "\n"
        "from . import deeper as deeper\n"
        "from typing import Final\n"
        "\n"
        "sides: Final[int]\n"
        "def area(width: float, height: float) -> float:\n"
        '    """Area of a rectangle."""\n'
    )


STRUCTS = """
import json
from containers._native import attributes, people, person

one = person({"name": "Ann"})
reveal_type(one["tags"])
people([one, person(json.loads("{}"))])[0]["age"] + 1
attributes(one)["nam"]
"""


def test_structs_are_dicts_with_known_keys(workbench: Workbench, zig: Zig, tmp_path: Path) -> None:
    folder = site(workbench, zig, "containers")
    (tmp_path / "program.py").write_text(STRUCTS, "utf-8")
    mypy = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", tmp_path / "cache", tmp_path / "program.py"]
    said = workbench.run(mypy, status=1, environment={"MYPYPATH": str(folder)}).stdout
    assert 'Revealed type is "list[str]"' in said.replace("builtins.", "")
    assert 'TypedDict "_Person" has no key "nam"' in said
    assert "Found 1 error" in said


def test_checkers_find_the_stubs_of_a_module_of_its_own(workbench: Workbench, zig: Zig, tmp_path: Path) -> None:
    """Where a wheel is installed, types of a module that is in no package are seen."""
    wheel = workbench.wheel(ROOT / "tests" / "packages" / "flat_module", zig=zig)
    workbench.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "venv"])
    python = tmp_path / "venv" / "bin" / "python"
    workbench.run([sys.executable, "-m", "pip", "--python", python, "install", "--no-index", wheel])
    program = tmp_path / "program.py"
    program.write_text("import flat_module\n\nreveal_type(flat_module.add)\nflat_module.add(1, b='2')\n", "utf-8")
    mypy = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", tmp_path, "--python-executable", python, program]
    said = workbench.run(mypy, status=1).stdout
    assert 'Revealed type is "def (a: int, b: int) -> int"' in said.replace("builtins.", "")
    assert 'Argument "b" to "add" has incompatible type "str"; expected "int"' in said
    assert "Found 1 error" in said


def test_the_command_writes_them_into_the_sources(
    workbench: Workbench, any_zig: Zig, project: Callable[[str], Path]
) -> None:
    objects = project("tests/packages/objects")
    done = workbench.alloconda("stubs", zig=any_zig, cwd=objects)
    assert done.stdout == "python/objects/_native.pyi\n"
    stub = objects / "python/objects/_native.pyi"
    assert "def dumps(value: object) -> Any: ...\n" in stub.read_text("utf-8")
    assert not list(objects.rglob("*.so"))


@pytest.mark.parametrize("layout", ["src/objects", "lib/sources"])
def test_the_command_knows_where_packages_lie(
    workbench: Workbench, zig: Zig, project: Callable[[str], Path], layout: str
) -> None:
    objects = project("tests/packages/objects")
    (objects / layout).parent.mkdir(exist_ok=True)
    (objects / "python" / "objects").rename(objects / layout)
    options = [f"--package-dir={layout}"] if layout.startswith("lib") else []
    assert workbench.alloconda("stubs", *options, zig=zig, cwd=objects).stdout == f"{layout}/_native.pyi\n"


def test_no_library_is_compiled_for_them(workbench: Workbench, zig: Zig, project: Callable[[str], Path]) -> None:
    """Only its headers are there, when `configure` links one."""
    with_c = project("tests/packages/with_c")
    build = with_c / "build.zig"
    text = build.read_text("utf-8")
    plain = '    context.module.addCSourceFile(.{ .file = context.b.path("src/twice.c") });\n'
    assert plain in text
    library = """
    var options = context.options;
    options.link_libc = true;
    const module = context.b.createModule(options);
    module.addCSourceFile(.{ .file = context.b.path("src/twice.c") });
    const library = context.b.addLibrary(.{ .name = "twice", .linkage = .dynamic, .root_module = module });
    library.installHeader(context.b.path("src/root.zig"), "twice.h");
    context.addSharedLibrary(library);
"""
    build.write_text(text.replace(plain, library), "utf-8")
    said = workbench.zig_build("stubs", "--summary", "all", zig=zig, cwd=with_c).stderr
    assert "compile stubs of with_c._native" in said
    assert "compile lib twice" not in said
    stub = with_c / "zig-out" / "stubs" / "with_c" / "_native.pyi"
    assert "def " in stub.read_text("utf-8")


def test_a_stub_that_somebody_wrote_wins(workbench: Workbench, zig: Zig, project: Callable[[str], Path]) -> None:
    objects = project("tests/packages/objects")
    stub = objects / "python/objects/_native.pyi"
    stub.write_text("def mine() -> None: ...\n", "utf-8")
    done = workbench.alloconda("stubs", zig=zig, cwd=objects)
    assert done.stdout == ""
    assert "somebody wrote it" in done.stderr
    wheel = objects / workbench.alloconda("wheel", zig=zig, cwd=objects).stdout.strip()
    with zipfile.ZipFile(wheel) as archive:
        assert archive.read("objects/_native.pyi") == b"def mine() -> None: ...\n"
    # One that a build wrote is written anew.
    stub.write_text("# Written by alloconda from the Zig sources\n", "utf-8")
    shutil.rmtree(wheel.parent)
    workbench.alloconda("build", zig=zig, cwd=objects)
    assert "def dumps" in stub.read_text("utf-8")
