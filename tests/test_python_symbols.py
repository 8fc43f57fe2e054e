"""The tables of CPython's symbols: what the binding library uses is in them, and import libraries come out of them."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import pefile  # type: ignore[import-untyped]
import pytest

from interpreters import Platform, skip
from workbench import ROOT, Workbench, Zig, zigs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TABLES = ROOT / "src" / "host" / "python_symbols"
BINDING = ROOT / "src" / "py"
PROBE = ROOT / "tests" / "packages" / "import_library" / "probe.zig"
FLOOR = 10

# What `zig dlltool -m` and the PE header call an architecture of ours.
ARCHITECTURES = {"x86_64": ("i386:x86-64", 0x8664), "x86": ("i386", 0x14C), "aarch64": ("arm64", 0xAA64)}
PROBE_IMPORTS = {
    *("PyErr_SetString", "PyExc_ValueError", "PyLong_FromLong", "PyModuleDef_Init", "Py_IncRef", "_Py_NoneStruct"),
}


@dataclass(frozen=True)
class Stable:
    """A line of stable_abi.txt."""

    kind: str
    since: int
    condition: str | None


@cache
def stable_abi() -> dict[str, Stable]:
    table = {}
    for line in lines("stable_abi.txt"):
        name, kind, since, *condition = line.split()
        table[name] = Stable(kind, int(since.removeprefix("3.")), condition[0] if condition else None)
    return table


def lines(table: str) -> Iterator[str]:
    text = (TABLES / table).read_text("utf-8")
    return (line for line in text.splitlines() if not line.startswith("#"))


def exports() -> list[list[str]]:
    """The lines of exports.txt: name, kind, versions with the global interpreter lock, without, mark."""
    rows = (line.split() for line in lines("exports.txt"))
    return [row for row in rows if row[0] != "versions"]


def first_export(name: str) -> int | None:
    """Minor version of the first DLL with the global interpreter lock that exports a symbol."""
    found = [int(row[2].removeprefix("3.").split("-")[0]) for row in exports() if row[0] == name and row[2] != "-"]
    return min(found, default=None)


def sources() -> str:
    return "\n".join(path.read_text("utf-8") for path in sorted(BINDING.rglob("*.zig")))


def test_plain_externs_are_in_the_stable_abi_of_the_floor() -> None:
    names = set(re.findall(r"\bextern fn (\w+)\(", sources()))
    assert {"PyModuleDef_Init", "PyLong_FromLongLong"} <= names
    wrong = {
        name: stable_abi().get(name)
        for name in names
        if (found := stable_abi().get(name)) is None
        or found.kind != "function"
        or found.since > FLOOR
        or found.condition is not None
    }
    assert wrong == {}, "declare these with abi.function"


def test_later_functions_declare_the_truth() -> None:
    text = sources()
    declared = re.findall(r'\babi\.function\(\s*"(\w+)",.*?,\s*(\d+),\s*(\d+|null),?\s*\)', text, re.DOTALL)
    assert len(declared) == len(re.findall(r"\babi\.function\(", text)), "a call that this test cannot read"
    for name, since, stable_since in declared:
        stable = stable_abi().get(name)
        assert stable_since == (str(stable.since) if stable else "null"), name
        assert stable is None or stable.kind == "function", name
        first = first_export(name)
        assert first is not None, f"no DLL exports {name}"
        assert first == int(since) or (first == FLOOR and int(since) <= FLOOR), f"{name} came with 3.{first}"


def test_data_symbols_are_data_in_the_stable_abi_of_the_floor() -> None:
    text = sources()
    names = set(re.findall(r'\b(?:data\([\w*]+, |typeObject\()"(\w+)"\)', text))
    names |= {f"PyExc_{name}" for name in re.findall(r'\bexception\("(\w+)"\)', text)}
    assert {"_Py_NoneStruct", "PyLong_Type", "PyExc_ValueError"} <= names
    for name in names:
        stable = stable_abi().get(name)
        assert stable is not None, name
        assert (stable.kind, stable.since <= FLOOR, stable.condition) == ("data", True, None), name


def test_the_table_of_exports_is_that_of_the_real_library() -> None:
    exported = {row[0] for row in exports() if row[-1] != "win32" and row[2] != "-" and covers(row[2], 13)}
    done = subprocess.run(
        [*Platform("win_amd64-3.13").command, "symbols", "win_amd64-3.13"], capture_output=True, text=True, check=False
    )
    if done.returncode == 125:
        skip(done.stderr.strip())
    assert exported == set(done.stdout.split())


def covers(versions: str, minor: int) -> bool:
    first, last = (part.removeprefix("3.") for part in versions.split("-"))
    return int(first) <= minor <= (int(last) if last else minor)


@cache
def host(workbench: Workbench, zig: Zig) -> Path:
    """The host program, compiled from the checkout."""
    prefix = workbench.folder / f"host-{zig.version}"
    workbench.zig_build("--prefix", prefix, zig=zig, cwd=ROOT)
    (program,) = prefix.glob("bin/alloconda-host*")
    return program


@cache
def import_library(workbench: Workbench, zig: Zig, dll: str, arch: str) -> Path:
    """The import library of a DLL, made as the build graph makes it."""
    stem = workbench.folder / f"{dll}-{arch}-{zig.version}"
    definitions, library = stem.with_suffix(".def"), stem.with_suffix(".lib")
    workbench.run([host(workbench, zig), "definitions", "--dll", dll, "--arch", arch, "--output", definitions])
    workbench.run([zig.executable, "dlltool", "-m", ARCHITECTURES[arch][0], "-d", definitions, "-l", library])
    return library


@cache
def probe(workbench: Workbench, zig: Zig, dll: str, arch: str) -> Path:
    """The extension module that imports from a DLL."""
    folder = workbench.folder / f"probe-{dll}-{arch}-{zig.version}"
    folder.mkdir()
    workbench.run(
        [
            *(zig.executable, "build-lib", "-dynamic", "-target", f"{arch}-windows-gnu", "-O", "ReleaseSmall"),
            # The compiler's own library takes longer to build than all the rest.
            *("-fstrip", "-fno-compiler-rt", "--name", "probe", f"-femit-bin={folder / 'probe.pyd'}"),
            *(PROBE, import_library(workbench, zig, dll, arch)),
        ],
        cwd=folder,
        environment=zig.environment,
    )
    return folder / "probe.pyd"


@pytest.mark.parametrize("arch", ARCHITECTURES)
@pytest.mark.parametrize("dll", ["python3.dll", "python313.dll", "python313t.dll"])
def test_an_extension_imports_one_dll(workbench: Workbench, any_zig: Zig, dll: str, arch: str) -> None:
    image = pefile.PE(probe(workbench, any_zig, dll, arch))
    assert image.FILE_HEADER.Machine == ARCHITECTURES[arch][1]
    imports = {entry.dll.decode(): {symbol.name.decode() for symbol in entry.imports} for entry in import_table(image)}
    assert imports == {dll: PROBE_IMPORTS}
    assert b"PyInit_probe" in {symbol.name for symbol in image.DIRECTORY_ENTRY_EXPORT.symbols}


def import_table(image: pefile.PE) -> list[pefile.ImportDescData]:
    return list(image.DIRECTORY_ENTRY_IMPORT)


@pytest.mark.parametrize(
    "case",
    [
        ("win_amd64-3.13", "python3.dll", "x86_64", "probe.pyd"),
        ("win_amd64-3.13", "python313.dll", "x86_64", "probe.cp313-win_amd64.pyd"),
        ("win32-3.13", "python3.dll", "x86", "probe.pyd"),
        ("win32-3.13", "python313.dll", "x86", "probe.cp313-win32.pyd"),
    ],
    ids=lambda case: "-".join(case[:2]),
)
def test_an_extension_runs(workbench: Workbench, any_zig: Zig, tmp_path: Path, case: tuple[str, str, str, str]) -> None:
    platform, dll, arch, file = case
    interpreter = Platform(platform)
    shutil.copy(probe(workbench, any_zig, dll, arch), tmp_path / file)
    code = (
        "import probe\nprint(probe.number(), probe.nothing())\n"
        "try:\n    probe.fail()\nexcept ValueError as error:\n    print(error)\n"
    )
    assert interpreter.python("-c", code, path=tmp_path).split("\n") == ["42 None", "as asked", ""]


@pytest.mark.parametrize("arch", ARCHITECTURES)
def test_import_libraries_do_not_depend_on_the_compiler(workbench: Workbench, arch: str) -> None:
    made = [import_library(workbench, zig, "python3.dll", arch).read_bytes() for zig in zigs()]
    assert len({hashlib.sha256(library).hexdigest() for library in made}) == 1


def test_what_no_import_library_can_be_made_for(workbench: Workbench, zig: Zig) -> None:
    cases = {
        ("python315.dll", "x86_64"): (
            "it is not known what python315.dll exports: build for Windows with the stable ABI, "
            "or for one of Python 3.10 to 3.14"
        ),
        ("python3.dll", "riscv64"): "Python's DLLs are made for x86_64, x86 and aarch64, not for 'riscv64'",
        (
            "spam.dll",
            "x86",
        ): "'spam.dll' is not one of Python's DLLs, such as python3.dll, python313.dll or python313t.dll",
    }
    for (dll, arch), sentence in cases.items():
        command = [host(workbench, zig), "definitions", "--dll", dll, "--arch", arch, "--output", "none.def"]
        assert workbench.run(command, status=1).stderr == f"error: {sentence}\n"
    assert not (workbench.folder / "none.def").exists()
