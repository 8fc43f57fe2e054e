"""What independent auditors say of our wheels, and that builds can be repeated byte for byte."""

from __future__ import annotations

import json
import os
import sys
import zipfile
from email import message_from_bytes
from typing import TYPE_CHECKING

import pytest

from workbench import ROOT, Workbench, Zig, copy_package, copy_project

if TYPE_CHECKING:
    from pathlib import Path

HELLO = ROOT / "examples" / "hello"
SEVERAL = ROOT / "tests" / "packages" / "several"
FUNCTIONS = ROOT / "tests" / "packages" / "functions"


def test_auditwheel_agrees(workbench: Workbench, any_zig: Zig) -> None:
    for options in ((), ("--python-version", "3.13")):
        wheel = workbench.wheel(HELLO, *options, zig=any_zig)
        report = json.loads(workbench.run([sys.executable, "-m", "auditwheel", "show", "--json", wheel]).stdout)
        assert report["overall_tag"] == "manylinux_2_17_x86_64"
        assert report["external_libs"] == {}


def test_auditwheel_agrees_with_a_newer_tag(workbench: Workbench, zig: Zig) -> None:
    wheel = workbench.wheel(HELLO, "--manylinux", "2_28", zig=zig)
    assert wheel.name == "hello-0.1.0-cp310-abi3-manylinux_2_28_x86_64.whl"
    report = json.loads(workbench.run([sys.executable, "-m", "auditwheel", "show", "--json", wheel]).stdout)
    # auditwheel names the oldest tag that the symbols allow.
    assert report["overall_tag"] in {"manylinux_2_17_x86_64", "manylinux_2_28_x86_64"}


def test_abi3audit_agrees(workbench: Workbench, any_zig: Zig) -> None:
    for project in (HELLO, FUNCTIONS):
        wheel = workbench.wheel(project, zig=any_zig)
        workbench.run([sys.executable, "-m", "abi3audit", "--strict", "--verbose", wheel])


@pytest.mark.parametrize("project", [HELLO, SEVERAL], ids=lambda path: path.name)
def test_contents_and_metadata_are_in_order(workbench: Workbench, zig: Zig, project: Path) -> None:
    wheel = workbench.wheel(project, zig=zig)
    workbench.run([sys.executable, "-m", "check_wheel_contents", "--ignore", "W002", wheel])
    workbench.run([sys.executable, "-m", "twine", "check", "--strict", wheel])


def test_several_extensions_share_a_wheel(workbench: Workbench, any_zig: Zig) -> None:
    wheel = workbench.wheel(SEVERAL, zig=any_zig)
    assert wheel.name == "several_extensions-1.2.0rc1-cp311-abi3-manylinux_2_17_x86_64.whl"
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        metadata = message_from_bytes(archive.read("several_extensions-1.2.0rc1.dist-info/METADATA"))
        entry_points = archive.read("several_extensions-1.2.0rc1.dist-info/entry_points.txt").decode()
    assert names == [
        "several/__init__.py",
        "several/_one.abi3.so",
        "several/_one.pyi",
        "several/data/note.txt",
        "several/inner/__init__.py",
        "several/inner/_two.abi3.so",
        "several/inner/_two.pyi",
        "several/py.typed",
        "several_extensions-1.2.0rc1.dist-info/METADATA",
        "several_extensions-1.2.0rc1.dist-info/WHEEL",
        "several_extensions-1.2.0rc1.dist-info/entry_points.txt",
        "several_extensions-1.2.0rc1.dist-info/licenses/LICENCES/bsd.txt",
        "several_extensions-1.2.0rc1.dist-info/licenses/LICENCES/mit.txt",
        "several_extensions-1.2.0rc1.dist-info/sboms/alloconda.cdx.json",
        "several_extensions-1.2.0rc1.dist-info/RECORD",
    ]
    assert metadata["License-Expression"] == "MIT AND BSD-3-Clause"
    assert metadata.get_all("License-File") == ["LICENCES/bsd.txt", "LICENCES/mit.txt"]
    assert metadata["Provides-Extra"] == "extra-one"
    assert "several = several:main" in entry_points
    path = workbench.unpacked(wheel)
    code = "import several; print(several.one(), several.two(), several.minor()); several.main()"
    done = workbench.run([sys.executable, "-c", code], environment={"PYTHONPATH": str(path)})
    assert done.stdout == "1 2 11\n3\n"
    # A module in which no function takes anything has no state.
    done = workbench.run([sys.executable, "-c", "import several; several.one(1)"], None, 1, {"PYTHONPATH": str(path)})
    assert "TypeError: one() takes 0 positional arguments but 1 was given" in done.stderr


def test_the_same_bytes_anywhere(workbench: Workbench, any_zig: Zig, tmp_path: Path) -> None:
    """Other folders, another umask, HOME, time and locale: the same wheel."""
    wheels = []
    for i, umask in enumerate((0o022, 0o077)):
        folder = tmp_path / f"copy {i}" / ("deeper" * i)
        project = copy_project(SEVERAL, folder / "project")
        for path in sorted(project.rglob("*"), reverse=bool(i)):
            os.utime(path, (1_000_000_000 + i, 1_000_000_000 + i))
            if path.is_file():
                path.chmod(0o666 & ~umask)
        home = tmp_path / f"home {i}"
        home.mkdir()
        out = tmp_path / f"out {i}"
        environment = any_zig.environment | {"HOME": str(home), "LC_ALL": "C" if i else "C.UTF-8", "TZ": f"UTC{i}"}
        # The copies depend on copies of alloconda: its place must not show either.
        copy = copy_package(tmp_path / f"alloconda {i}")
        zon = project / "build.zig.zon"
        relative = os.path.relpath(copy, project)
        text = zon.read_text("utf-8")
        old = text.split('.path = "')[1].split('"')[0]
        zon.write_text(text.replace(old, relative), "utf-8")
        script = f"import os, sys; os.umask({umask}); from alloconda.cli import main; sys.exit(main())"
        command = [sys.executable, "-c", script, "wheel", "--out-dir", out]
        workbench.run(command, cwd=project, environment=environment)
        wheels.append(next(out.glob("*.whl")).read_bytes())
    assert wheels[0] == wheels[1]


def test_only_the_entry_symbol_is_exported(workbench: Workbench, any_zig: Zig) -> None:
    from elftools.elf.elffile import ELFFile
    from elftools.elf.sections import SymbolTableSection

    path = workbench.unpacked(workbench.wheel(HELLO, zig=any_zig))
    with (path / "hello" / "_native.abi3.so").open("rb") as file:
        table = ELFFile(file).get_section_by_name(".dynsym")
        assert isinstance(table, SymbolTableSection)
        exported = [one.name for one in table.iter_symbols() if one["st_shndx"] != "SHN_UNDEF" and one.name]
    assert exported == ["PyInit__native"]


def test_a_minimal_module_is_small(workbench: Workbench, any_zig: Zig, tmp_path: Path) -> None:
    project = copy_project(HELLO, tmp_path / "project")
    (project / "src" / "root.zig").write_text("pub fn add(a: i64, b: i64) i64 {\n    return a + b;\n}\n", "utf-8")
    (project / "hello" / "__init__.py").write_text("", "utf-8")
    for options in ((), ("--python-version", "3.13")):
        workbench.alloconda("wheel", *options, zig=any_zig, cwd=project)
    for wheel in (project / "dist").glob("*.whl"):
        with zipfile.ZipFile(wheel) as archive:
            (size,) = [info.file_size for info in archive.infolist() if info.filename.endswith(".so")]
        assert size < 8000


def test_debug_builds_keep_their_symbols_to_themselves(workbench: Workbench, zig: Zig) -> None:
    """The audit would refuse them: names of C sources, and of the runtime that explains undefined behaviour."""
    wheel = workbench.wheel(SEVERAL, "--debug", zig=zig)
    assert wheel.name.endswith("cp311-abi3-manylinux_2_17_x86_64.whl")
