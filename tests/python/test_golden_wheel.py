"""One whole wheel against literal text: manifest.json version 1 and [project] in, every byte of metadata out."""

from __future__ import annotations

import json
import re
import shutil
import zipfile
from pathlib import Path

import pytest
from workspace import DATA, Workspace, write

DIST_INFO = "hello_world-1.0.0rc1.dist-info"


@pytest.fixture
def golden(bare: Workspace) -> Workspace:
    shutil.copyfile(DATA / "pyproject.toml", bare.project / "pyproject.toml")
    bare.add("README.md", "# Hello\n\nGrüße.\n")
    bare.add("LICENSE", "BSD\n")
    bare.add("licences/mit.txt", "MIT\n")
    bare.add("python/hello/__init__.py", "from hello._native import add\n")
    bare.add("python/hello/py.typed")
    bare.add('python/hello/data/a "quoted", name.txt', "x")
    write(bare.stage / "hello/_native.abi3.so", b"library")
    return bare


def pack(golden: Workspace) -> Path:
    from alloconda.config import Config
    from alloconda.manifest import Manifest
    from alloconda.pack.wheel import write_wheel
    from alloconda.project import Project

    shutil.copyfile(DATA / "manifest.json", golden.stage / "manifest.json")
    manifest = Manifest.load(golden.stage / "manifest.json")
    return write_wheel(manifest, Project.load(golden.project), Config(), golden.out)


def test_listing(golden: Workspace) -> None:
    wheel = pack(golden)
    assert wheel.name == "hello_world-1.0.0rc1-cp310-abi3-manylinux_2_17_x86_64.whl"
    with zipfile.ZipFile(wheel) as archive:
        assert [(info.filename, oct(info.external_attr >> 16)) for info in archive.infolist()] == [
            ("hello/__init__.py", "0o100644"),
            ("hello/_native.abi3.so", "0o100755"),
            ('hello/data/a "quoted", name.txt', "0o100644"),
            ("hello/py.typed", "0o100644"),
            (f"{DIST_INFO}/METADATA", "0o100644"),
            (f"{DIST_INFO}/WHEEL", "0o100644"),
            (f"{DIST_INFO}/entry_points.txt", "0o100644"),
            (f"{DIST_INFO}/licenses/LICENSE", "0o100644"),
            (f"{DIST_INFO}/licenses/licences/mit.txt", "0o100644"),
            (f"{DIST_INFO}/RECORD", "0o100644"),
        ]


@pytest.mark.parametrize("name", ["WHEEL", "METADATA", "entry_points.txt", "RECORD"])
def test_metadata_file(golden: Workspace, name: str) -> None:
    with zipfile.ZipFile(pack(golden)) as archive:
        assert archive.read(f"{DIST_INFO}/{name}").decode() == (DATA / name).read_text(encoding="utf-8")


def test_tag_sets_are_sorted_in_the_name_and_expanded_in_wheel(hello: Workspace) -> None:
    wheel = hello.pack(
        python_tag="cp311.cp310", abi_tag="abi3", platform_tag="manylinux_2_17_x86_64.manylinux2014_x86_64"
    )
    assert wheel.name == "hello-0.1.0-cp310.cp311-abi3-manylinux2014_x86_64.manylinux_2_17_x86_64.whl"
    with zipfile.ZipFile(wheel) as archive:
        lines = archive.read("hello-0.1.0.dist-info/WHEEL").decode().splitlines()
    assert lines[3:] == [
        "Tag: cp310-abi3-manylinux2014_x86_64",
        "Tag: cp310-abi3-manylinux_2_17_x86_64",
        "Tag: cp311-abi3-manylinux2014_x86_64",
        "Tag: cp311-abi3-manylinux_2_17_x86_64",
    ]


def test_the_documentation_shows_the_golden_manifest() -> None:
    text = (Path(__file__).parents[2] / "docs" / "manifest.md").read_text(encoding="utf-8")
    shown = re.search(r"```json\n(.*?)```", text, re.DOTALL)
    assert shown is not None
    document = json.loads(shown[1])
    # What a manifest need not have.
    assert document.pop("zig_version") == "0.16.0"
    assert document.pop("programs") == [{"name": "hello-tool", "file": "programs/hello-tool", "facts": {}}]
    assert document == json.loads((DATA / "manifest.json").read_bytes())
