"""The host program's readers and audit on what Zig's linkers write, compared with readers and audits of others."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import lief
import pefile  # type: ignore[import-untyped]
import pytest
from elftools.elf.elffile import ELFFile

from workbench import ROOT, Workbench, Zig

SOURCE = ROOT / "tests" / "packages" / "library" / "native.zig"
MODULE = "hello.native"
STABLE = ("cp310", "abi3")
VERSIONED = ("cp313", "cp313")

# Zig target, tags, and the smallest platform tag that is true of it.
TARGETS = [
    ("x86_64-linux-gnu.2.17", STABLE, "manylinux_2_17_x86_64", "manylinux_2_5_x86_64"),
    ("aarch64-linux-gnu.2.28", STABLE, "manylinux_2_28_aarch64", "manylinux_2_17_aarch64"),
    ("arm-linux-gnueabihf.2.17", STABLE, "manylinux_2_17_armv7l", "manylinux_2_17_armv7l"),
    ("s390x-linux-gnu.2.17", STABLE, "manylinux_2_17_s390x", "manylinux_2_17_s390x"),
    ("x86_64-linux-musl", STABLE, "musllinux_1_2_x86_64", "musllinux_1_2_x86_64"),
    ("x86_64-macos.10.13", STABLE, "macosx_10_13_x86_64", "macosx_10_13_x86_64"),
    ("aarch64-macos.11.0", VERSIONED, "macosx_11_0_arm64", "macosx_11_0_arm64"),
    ("x86_64-windows-gnu", STABLE, "win_amd64", "win_amd64"),
    ("x86-windows-gnu", STABLE, "win32", "win32"),
    ("aarch64-windows-gnu", VERSIONED, "win_arm64", "win_arm64"),
]
DLLTOOL_MACHINES = {"x86_64": "i386:x86-64", "x86": "i386", "aarch64": "arm64"}


class Host:
    """The host program of one compiler, and libraries that the compiler has built."""

    def __init__(self, workbench: Workbench, zig: Zig, folder: Path) -> None:
        self.workbench = workbench
        self.zig = zig
        self.folder = folder
        self.executable = folder / "host"
        # As build.zig does.
        self.compile(
            "build-exe", "-fstrip", f"-femit-bin={self.executable}", "--name", "host", ROOT / "src" / "host.zig"
        )

    def compile(self, *arguments: object) -> None:
        self.workbench.run([self.zig.executable, *arguments], environment=self.zig.environment)

    def library(self, target: str, tags: tuple[str, str], *, compiler_rt: bool = False) -> Path:
        output = self.folder / target
        options: list[object] = ["-dynamic", "-target", target, "-mcpu=baseline", "-OReleaseSmall", "-fstrip"]
        # The compiler's own library takes longer to build than all the rest.
        options += ["-fcompiler-rt" if compiler_rt else "-fno-compiler-rt", "--name", "native"]
        if "windows" in target:
            options += [
                "-fno-emit-implib",
                self.import_library(target, "python3.dll" if tags == STABLE else "python313.dll"),
            ]
        else:
            options.append("-fallow-shlib-undefined")
        if "macos" in target:
            options += ["-install_name", "@rpath/native.so"]
        self.compile("build-lib", *options, f"-femit-bin={output}", SOURCE)
        return output

    def import_library(self, target: str, dll: str) -> Path:
        arch = target.partition("-")[0]
        definitions, output = self.folder / "python.def", self.folder / f"{arch}.lib"
        self.workbench.run([self.executable, "definitions", "--dll", dll, "--arch", arch, "--output", definitions])
        machine = DLLTOOL_MACHINES[arch]
        self.workbench.run([self.zig.executable, "dlltool", "-m", machine, "-D", dll, "-d", definitions, "-l", output])
        return output

    def facts(self, library: Path) -> dict[str, Any]:
        output = self.folder / "facts.json"
        self.workbench.run([self.executable, "inspect", library, "--module", MODULE, "--output", output])
        facts: dict[str, Any] = json.loads(output.read_bytes())
        return facts

    def audit(self, library: Path, tags: tuple[str, str], platform: str) -> dict[str, Any]:
        output = self.folder / "audit.json"
        named = ["--python-tag", tags[0], "--abi-tag", tags[1], "--platform-tag", platform]
        self.workbench.run(
            [self.executable, "audit", library, "--module", MODULE, *named, "--mode", "warn", "--output", output]
        )
        audit: dict[str, Any] = json.loads(output.read_bytes())
        return audit


@pytest.fixture(scope="module")
def hosts() -> dict[Zig, Host]:
    return {}


@pytest.fixture
def host(any_zig: Zig, hosts: dict[Zig, Host], workbench: Workbench, tmp_path_factory: pytest.TempPathFactory) -> Host:
    if any_zig not in hosts:
        hosts[any_zig] = Host(workbench, any_zig, tmp_path_factory.mktemp("libraries"))
    return hosts[any_zig]


def read_elf(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        elf = ELFFile(file)
        sections: dict[str, Any] = {section.name: section for section in elf.iter_sections()}
        versions: dict[int, tuple[str, str]] = {}
        for library, needs in sections[".gnu.version_r"].iter_versions() if ".gnu.version_r" in sections else ():
            versions |= {need["vna_other"]: (library.name, need.name) for need in needs}
        exports, imports = [], []
        for number, symbol in enumerate(sections[".dynsym"].iter_symbols()):
            binding = symbol["st_info"]["bind"]
            if not symbol.name or binding == "STB_LOCAL":
                continue
            if symbol["st_shndx"] != "SHN_UNDEF":
                exports.append(symbol.name)
                continue
            index = sections[".gnu.version"].get_symbol(number)["ndx"] if versions else 0
            imports.append((symbol.name, *versions.get(index, (None, None)), binding == "STB_WEAK"))
        dynamic = list(sections[".dynamic"].iter_tags())
        return {
            "bits": elf.elfclass,
            "endian": "little" if elf.little_endian else "big",
            "machine_flags": elf["e_flags"],
            "exports": sorted(exports),
            "imports": sorted(imports),
            "needed": [tag.needed for tag in dynamic if tag.entry.d_tag == "DT_NEEDED"],
            "soname": next((tag.soname for tag in dynamic if tag.entry.d_tag == "DT_SONAME"), None),
        }


def read_pe(path: Path) -> dict[str, Any]:
    pe = pefile.PE(str(path))
    flags = pe.OPTIONAL_HEADER.DllCharacteristics
    return {
        "bits": 64 if pe.OPTIONAL_HEADER.Magic == 0x20B else 32,
        "exports": sorted(symbol.name.decode() for symbol in pe.DIRECTORY_ENTRY_EXPORT.symbols),
        "imports": sorted(
            (symbol.name.decode(), library.dll.decode(), None, False)
            for library in pe.DIRECTORY_ENTRY_IMPORT
            for symbol in library.imports
        ),
        "needed": [library.dll.decode() for library in pe.DIRECTORY_ENTRY_IMPORT],
        "soname": pe.DIRECTORY_ENTRY_EXPORT.name.decode(),
        "dll_characteristics": {
            "high_entropy_va": bool(flags & 0x20),
            "dynamic_base": bool(flags & 0x40),
            "nx_compat": bool(flags & 0x100),
        },
    }


def read_macho(path: Path) -> dict[str, Any]:
    # In a process of its own: lief writes to standard error, and has been seen to end with a fault.
    done = subprocess.run([sys.executable, __file__, path], capture_output=True, text=True, check=True)
    facts: dict[str, Any] = json.loads(done.stdout)
    facts["imports"] = [tuple(entry) for entry in facts["imports"]]
    return facts


def macho_facts(path: str) -> dict[str, Any]:
    fat: Any = lief.MachO.parse(path)
    binary = fat.at(0)
    own = lief.MachO.LoadCommand.TYPE.ID_DYLIB
    imports = {
        (symbol_name(bind.symbol.name), bind.library.name if bind.has_library else None, None, False)
        for bind in binary.bindings
        if bind.has_symbol
    }
    minimum = binary.build_version.minos if binary.has_build_version else binary.version_min.version
    return {
        "exports": sorted(symbol_name(symbol.name) for symbol in binary.exported_symbols),
        "imports": sorted(imports),
        "needed": [library.name for library in binary.libraries if library.command != own],
        "soname": next(library.name for library in binary.libraries if library.command == own),
        "minimum_os": [{"system": "macos", "version": f"{minimum[0]}.{minimum[1]}"}],
    }


def symbol_name(name: str) -> str:
    return name.removeprefix("_")


READERS = {"elf": read_elf, "macho": read_macho, "pe": read_pe}


@pytest.mark.parametrize(("target", "tags", "platform", "smallest"), TARGETS, ids=[entry[0] for entry in TARGETS])
def test_libraries_of_every_linker(
    host: Host, target: str, tags: tuple[str, str], platform: str, smallest: str
) -> None:
    # 32-bit arm is the only one that needs the compiler's own library.
    library = host.library(target, tags, compiler_rt=target.startswith("arm-"))
    facts = host.facts(library)
    imports = [(entry["name"], entry["library"], entry["version"], entry["weak"]) for entry in facts["imports"]]
    expected = READERS[facts["format"]](library)
    assert {**facts, "imports": sorted(imports, key=str)} == {
        **facts,
        **expected,
        "imports": sorted(expected["imports"], key=str),
    }
    assert {"PyLong_FromLong", "_Py_NoneStruct"} <= {entry[0] for entry in imports}
    assert host.audit(library, tags, platform) == {"findings": [], "true_platform_tag": smallest}


def test_a_changed_byte_breaks_the_signature_of_macos(host: Host) -> None:
    library = host.library("aarch64-macos.11.0", STABLE)
    changed = library.with_name("changed")
    shutil.copy(library, changed)
    data = bytearray(changed.read_bytes())
    # Somewhere in the code, where no table is.
    place = data.index(b"\x00" * 64) + 32
    data[place] ^= 1
    changed.write_bytes(data)
    assert host.facts(library)["signature"] == "valid"
    assert host.facts(changed)["signature"] == "damaged"
    (finding,) = host.audit(changed, STABLE, "macosx_11_0_arm64")["findings"]
    assert finding["rule"] == "signature"


def test_what_linkers_leave_undefined(host: Host) -> None:
    library = host.library("arm-linux-gnueabihf.2.17", STABLE)
    audit = host.audit(library, STABLE, "manylinux_2_17_armv7l")
    assert {finding["rule"] for finding in audit["findings"]} == {"undefined-symbol"}
    assert "__aeabi_unwind_cpp_pr0" in {finding["symbol"] for finding in audit["findings"]}
    assert audit["true_platform_tag"] is None


def test_a_library_under_the_tags_of_another(host: Host) -> None:
    library = host.library("x86_64-linux-gnu.2.17", STABLE)
    audit = host.audit(library, STABLE, "manylinux_2_17_aarch64")
    assert [finding["rule"] for finding in audit["findings"]] == ["machine"]
    assert re.search("x86_64, but manylinux_2_17_aarch64 means aarch64", audit["findings"][0]["sentence"])
    assert audit["true_platform_tag"] == "manylinux_2_5_x86_64"


if __name__ == "__main__":
    sys.stdout.write(json.dumps(macho_facts(sys.argv[1])))
