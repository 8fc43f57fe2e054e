"""Wheels for other machines, all out of one build: what independent auditors say of them, and what happens when the
interpreters of those platforms import them.

The usual Zig builds `functions`, which has code of every kind, for every platform. The others do so for the platforms
that differ most in what Zig makes for them, and build `hello` for every platform: the difference is a minute of
compiling the same code for 15 platforms.
"""

from __future__ import annotations

import hashlib
import json
import struct
import sys
import zipfile
from typing import TYPE_CHECKING

import pefile  # type: ignore[import-untyped]
import pytest

from interpreters import CHECKED, Platform, check
from workbench import ROOT, Workbench, Zig, usual_zig

if TYPE_CHECKING:
    from pathlib import Path

FUNCTIONS = CHECKED / "functions"

MANYLINUX = [
    "manylinux_2_17_x86_64",
    "manylinux_2_17_aarch64",
    "manylinux_2_17_i686",
    "manylinux_2_17_armv7l",
    "manylinux_2_17_ppc64le",
    "manylinux_2_17_s390x",
    "manylinux_2_31_riscv64",
]
MUSLLINUX = ["musllinux_1_2_x86_64", "musllinux_1_2_aarch64"]
MACOS = ["macosx_11_0_arm64", "macosx_10_13_x86_64", "macosx_11_0_universal2"]
WINDOWS = ["win_amd64", "win32", "win_arm64"]
ALL = [*MANYLINUX, *MUSLLINUX, *MACOS, *WINDOWS]
# `test_c_extensions.py` has single versions for aarch64 and macOS.
MAIN = ["manylinux_2_17_x86_64", "win_amd64"]
DIFFERENT = ["manylinux_2_17_i686", "manylinux_2_17_s390x", "musllinux_1_2_x86_64", "macosx_11_0_arm64", "win_amd64"]
"""32 bits, big-endian, and each format and C library."""
VERSIONS = {"3.13": "cp313-cp313", "3.14": "cp314-cp314", "3.13t": "cp313-cp313t"}

# Which interpreter imports which wheel.
EXECUTED = [
    ("cp310-abi3-manylinux_2_17_aarch64", "linux_aarch64-3.11"),
    ("cp310-abi3-manylinux_2_17_i686", "linux_i686-3.11"),
    ("cp310-abi3-manylinux_2_17_s390x", "linux_s390x-3.11"),
    ("cp310-abi3-musllinux_1_2_x86_64", "musllinux_x86_64-3.13"),
    ("cp310-abi3-win_amd64", "win_amd64-3.13"),
    ("cp313-cp313-win_amd64", "win_amd64-3.13"),
    ("cp310-abi3-manylinux_2_17_x86_64", "linux_x86_64-3.14"),
    ("cp314-cp314-manylinux_2_17_x86_64", "linux_x86_64-3.14"),
    ("cp313-cp313t-manylinux_2_17_x86_64", "linux_x86_64-3.13t"),
]


class Wheels:
    """All wheels of a project, of two builds: the stable ABI for every platform, single versions for the main ones."""

    def __init__(self, workbench: Workbench, zig: Zig) -> None:
        self.workbench = workbench
        self.folder = workbench.folder / f"all-{zig.version}"
        stable = [f"--target={platform}" for platform in ALL]
        versions = [f"--target={platform}" for platform in MAIN] + [f"--python-version={one}" for one in VERSIONS]
        for options in (stable, versions):
            arguments = ["wheel-all", "--project-dir", FUNCTIONS, "--out-dir", self.folder, *options]
            workbench.alloconda(*arguments, zig=zig)

    def __getitem__(self, tag: str) -> Path:
        return self.folder / f"functions-1.0-{tag}.whl"

    def unpacked(self, tag: str) -> Path:
        """The folder to put on sys.path."""
        folder = self.folder / tag
        if not folder.is_dir():
            self.workbench.run([sys.executable, "-m", "zipfile", "-e", self[tag], folder])
        return folder


def tags(platforms: list[str]) -> list[str]:
    """The tags of all wheels for some of the platforms."""
    stable = [f"cp310-abi3-{platform}" for platform in platforms]
    return stable + [f"{abi}-{platform}" for abi in VERSIONS.values() for platform in MAIN if platform in platforms]


@pytest.fixture(scope="session")
def wheels(workbench: Workbench, zig: Zig) -> Wheels:
    return Wheels(workbench, zig)


pytestmark = pytest.mark.xdist_group("platforms")


def test_every_wheel_is_there(wheels: Wheels) -> None:
    assert {path.name for path in wheels.folder.glob("*.whl")} == {wheels[tag].name for tag in tags(ALL)}


@pytest.mark.parametrize(("tag", "platform"), EXECUTED, ids=[f"{tag}-in-{name}" for tag, name in EXECUTED])
def test_the_real_interpreter_imports_it(wheels: Wheels, tag: str, platform: str) -> None:
    check(platform, "functions", "brief", path=wheels.unpacked(tag))


def test_every_zig_builds_for_every_platform(workbench: Workbench, any_zig: Zig, tmp_path: Path) -> None:
    """And passes our audit, which `wheel-all` asks."""
    builds = {FUNCTIONS: ALL} if any_zig == usual_zig() else {FUNCTIONS: DIFFERENT, ROOT / "examples" / "hello": ALL}
    for project, platforms in builds.items():
        targets = [f"--target={platform}" for platform in platforms]
        arguments = ["wheel-all", "--project-dir", project, "--out-dir", tmp_path / project.name, *targets]
        workbench.alloconda(*arguments, zig=any_zig)
        assert len(list((tmp_path / project.name).glob("*.whl"))) == len(platforms)
    for tag, name in (("win_amd64", "win_amd64-3.13"), ("musllinux_1_2_x86_64", "musllinux_x86_64-3.13")):
        wheel = tmp_path / "functions" / f"functions-1.0-cp310-abi3-{tag}.whl"
        workbench.run([sys.executable, "-m", "zipfile", "-e", wheel, tmp_path / tag])
        check(name, "functions", "brief", path=tmp_path / tag)
    for wheel in [wheel for tag in WINDOWS for wheel in tmp_path.glob(f"*/*-{tag}.whl")]:
        with zipfile.ZipFile(wheel) as archive:
            library = pefile.PE(data=archive.read(f"{wheel.parent.name}/_native.pyd"))
        assert [symbol.name for symbol in library.DIRECTORY_ENTRY_EXPORT.symbols] == [b"PyInit__native"]


@pytest.mark.parametrize("tag", tags([*MANYLINUX, *MUSLLINUX]))
def test_auditwheel_agrees(wheels: Wheels, tag: str) -> None:
    command = [sys.executable, "-m", "auditwheel", "show", "--json", wheels[tag]]
    platform = tag.rsplit("-", maxsplit=1)[-1]
    report = json.loads(wheels.workbench.run(command).stdout)
    # auditwheel names the oldest tag that the symbols allow, and knows older ones than ours on x86 only.
    older = {platform.replace("2_17", version) for version in ("2_5", "2_12")}
    assert report["overall_tag"] in {platform, *older}
    assert report["external_libs"] == {}


def test_abi3audit_agrees(wheels: Wheels) -> None:
    everything = [wheels[f"cp310-abi3-{platform}"] for platform in ALL]
    said = wheels.workbench.run([sys.executable, "-m", "abi3audit", "--strict", "--verbose", *everything]).stderr
    # It takes wheels of the stable ABI alone.
    assert [said.count(wheel.name) > 0 for wheel in everything] == [True] * len(ALL)


@pytest.mark.parametrize("tag", tags(WINDOWS))
def test_delvewheel_finds_nothing_to_add(wheels: Wheels, tag: str) -> None:
    report = wheels.workbench.run([sys.executable, "-m", "delvewheel", "show", wheels[tag]]).stdout
    assert "None" in report.split("The following DLLs will be copied into the wheel")[-1].splitlines()[1]


def test_contents_and_metadata_are_in_order(wheels: Wheels) -> None:
    everything = sorted(wheels.folder.glob("*.whl"))
    wheels.workbench.run([sys.executable, "-m", "check_wheel_contents", *everything])
    wheels.workbench.run([sys.executable, "-m", "twine", "check", *everything])


def test_our_own_audit_agrees_afterwards(wheels: Wheels, zig: Zig) -> None:
    everything = sorted(wheels.folder.glob("*.whl"))
    wheels.workbench.alloconda("inspect", "--verify", *everything, zig=zig)


@pytest.mark.parametrize(
    ("platform", "slices"),
    [
        ("macosx_11_0_arm64", [("ARM64", [11, 0, 0])]),
        ("macosx_10_13_x86_64", [("X86_64", [10, 13, 0])]),
        ("macosx_11_0_universal2", [("X86_64", [11, 0, 0]), ("ARM64", [11, 0, 0])]),
    ],
)
def test_macos_would_load_it(wheels: Wheels, platform: str, slices: list[tuple[str, list[int]]]) -> None:
    """No Mac here: the file has what the loader looks at, and Python's real library the names that it imports."""
    import lief

    library = wheels.unpacked(f"cp310-abi3-{platform}") / "functions" / "_native.abi3.so"
    content = library.read_bytes()
    fat = lief.MachO.parse(str(library))
    assert fat is not None
    exported = set(Platform("macos-3.14").symbols())
    found = []
    for i in range(fat.size):
        binary = fat.at(i)
        assert binary is not None
        version = binary.build_version.minos if binary.build_version else None
        version = binary.version_min.version if binary.version_min else version
        assert version is not None
        found.append((binary.header.cpu_type.name, list(version)))
        imported = {str(symbol.name).removeprefix("_") for symbol in binary.imported_symbols}
        assert {name for name in imported if name.startswith(("Py", "_Py"))} <= exported
        assert [library.name for library in binary.libraries if not library.name.startswith("@rpath/")] == [
            "/usr/lib/libSystem.B.dylib"
        ]
        if binary.header.cpu_type.name == "ARM64":
            signature = binary.code_signature
            assert signature is not None
            assert pages_are_signed(content[binary.fat_offset :], signature.data_offset)
    assert found == slices


def pages_are_signed(slice_: bytes, offset: int) -> bool:
    """Whether every page has the SHA-256 hash that the code directory says (Apple's cs_blobs.h)."""
    (count,) = struct.unpack_from(">8xI", slice_, offset)
    index = dict(struct.unpack_from(">II", slice_, offset + 12 + 8 * i) for i in range(count))
    directory = offset + index[0]
    hashes, _, _, pages, limit = struct.unpack_from(">16xIIIII", slice_, directory)
    hash_size, hash_type, _, page_shift = struct.unpack_from(">36xBBBB", slice_, directory)
    assert (hash_size, hash_type) == (32, 2)
    for page in range(pages):
        expected = slice_[directory + hashes + 32 * page :][:32]
        start = page << page_shift
        if hashlib.sha256(slice_[start : min(start + (1 << page_shift), limit)]).digest() != expected:
            return False
    return bool(pages)
