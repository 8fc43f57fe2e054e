"""Wheels that are made up for a test, and a host program that answers without being one."""

from __future__ import annotations

import base64
import hashlib
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from alloconda.errors import AllocondaError
from alloconda.inspection.libraries import module_of
from alloconda.inspection.wheel import WheelReport, inspect_wheel
from alloconda.manifest import Tags
from alloconda.toolchain.host import Host

HANGS = 120
"""Seconds after which something that a hostile wheel caused would never end; far above what a busy machine takes."""

NAME = "hello-0.1.0-cp310-abi3-manylinux_2_17_x86_64.whl"
LIBRARY = "hello/_native.abi3.so"
DIST_INFO = "hello-0.1.0.dist-info"
AT_METADATA = f"{DIST_INFO}/METADATA"
AT_WHEEL = f"{DIST_INFO}/WHEEL"
AT_RECORD = f"{DIST_INFO}/RECORD"
AT_ENTRY_POINTS = f"{DIST_INFO}/entry_points.txt"
METADATA = "Metadata-Version: 2.4\nName: hello\nVersion: 0.1.0\n"
WHEEL = "Wheel-Version: 1.0\nRoot-Is-Purelib: false\nTag: cp310-abi3-manylinux_2_17_x86_64\n"
FACTS = {"format": "elf", "machine": "x86_64", "bits": 64, "endian": "little", "entry": "PyInit__native"}

Files = dict[str, bytes]
Change = Callable[[Files], object]


@dataclass(frozen=True)
class FakeHost(Host):
    """Answers without any program."""

    executable: Path = Path("alloconda-host")
    answer: Mapping[str, Any] = field(default_factory=lambda: {"findings": [], "true_platform_tag": None})
    asked: list[Tags] = field(default_factory=list)

    def inspect(self, library: Path, module: str | None = None) -> dict[str, Any]:
        if not library.read_bytes().startswith(b"\x7fELF"):
            raise AllocondaError(f"alloconda-host inspect: {library.name[2:]} is no library.")
        return {**FACTS, "module": module}

    def audit(self, library: Path, module: str, file: str, tags: Tags) -> dict[str, Any]:
        assert (library.name, module, file) == (f"0-{Path(file).name}", module_of(file), file)
        self.asked.append(tags)
        return dict(self.answer)


def good() -> Files:
    return {
        "hello/__init__.py": b"",
        LIBRARY: b"\x7fELF" + bytes(100),
        f"{DIST_INFO}/METADATA": METADATA.encode(),
        f"{DIST_INFO}/WHEEL": WHEEL.encode(),
    }


def record(files: Mapping[str, bytes], dist_info: str = DIST_INFO) -> bytes:
    rows = [f"{dist_info}/RECORD,,"]
    for name, content in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        rows.append(f'"{name}",sha256={digest},{len(content)}')
    return "".join(f"{row}\n" for row in rows).encode()


def write_zip(path: Path, files: Mapping[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return path


def wheel(folder: Path, change: Change | None = None, name: str = NAME) -> Path:
    """A wheel with a right RECORD, of the good files after a change."""
    files = good()
    if change:
        change(files)
    return write_zip(folder / name, {**files, f"{DIST_INFO}/RECORD": record(files)})


def report(path: Path, host: Host | None = None) -> WheelReport:
    return inspect_wheel(path, lambda: host or FakeHost())


def found(path: Path, host: Host | None = None) -> list[str]:
    return [f"{finding.rule}: {finding}" for finding in report(path, host).findings]


AUDIT = {
    "findings": [
        {
            "rule": "glibc-version",
            "file": LIBRARY,
            "symbol": "getrandom",
            "sentence": "getrandom needs GLIBC_2.25, and the tag stands for GLIBC_2.17.",
            "remedy": "leave it out",
        }
    ],
    "true_platform_tag": "manylinux_2_25_x86_64",
}


def replace(name: str, old: str, new: str) -> Change:
    def change(files: Files) -> None:
        assert old.encode() in files[f"{DIST_INFO}/{name}"]
        files[f"{DIST_INFO}/{name}"] = files[f"{DIST_INFO}/{name}"].replace(old.encode(), new.encode())

    return change


def put(name: str, content: bytes = b"") -> Change:
    return lambda files: files.update({name: content})
