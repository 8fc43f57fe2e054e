"""A project on disk, and what a Zig build would hand over for it."""

from __future__ import annotations

import json
import sys
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from alloconda.config import Config
from alloconda.manifest import Manifest
from alloconda.pack.wheel import write_wheel
from alloconda.project import Project, read_config

DATA = Path(__file__).parent / "data"

PYPROJECT = '[project]\nname = "hello"\nversion = "0.1.0"\n'


def write(path: Path, content: str | bytes = "") -> Path:
    """Write a file and the folders that it needs."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def write_program(path: Path, code: str) -> Path:
    """Write an executable file of Python code. It begins as a shell's: after `#!` no path can have blanks."""
    write(path, f"#!/bin/sh\n'''exec' '{sys.executable}' \"$0\" \"$@\"\n' '''\n{code}").chmod(0o755)
    return path


@dataclass
class Workspace:
    """A project, and a folder that stands for what a Zig build hands over."""

    project: Path
    stage: Path
    out: Path
    extensions: list[dict[str, Any]] = field(default_factory=list)

    def add(self, path: str, content: str | bytes = "") -> Path:
        return write(self.project / path, content)

    def pyproject(self, *lines: str) -> None:
        self.add("pyproject.toml", PYPROJECT + "".join(f"{line}\n" for line in lines))

    def extension(self, module: str, suffix: str = ".abi3.so", content: bytes = b"library") -> None:
        file = module.replace(".", "/") + suffix
        write(self.stage / file, content)
        self.extensions.append({"module": module, "file": file, "stubs": [], "facts": {}})

    def manifest(self, **tags: str) -> Path:
        wheel = {"python_tag": "cp310", "abi_tag": "abi3", "platform_tag": "manylinux_2_17_x86_64", **tags}
        document = {"manifest": 1, "wheel": wheel, "extensions": self.extensions}
        return write(self.stage / "manifest.json", json.dumps(document))

    def pack(self, over: Config | None = None, **tags: str) -> Path:
        config = read_config(self.project, over)
        return write_wheel(Manifest.load(self.manifest(**tags)), Project.load(self.project), config, self.out)

    def packed(self, over: Config | None = None) -> list[str]:
        """Pack, and list the files of the wheel without those of the metadata folder."""
        with zipfile.ZipFile(self.pack(over)) as wheel:
            return [name for name in wheel.namelist() if ".dist-info/" not in name]
