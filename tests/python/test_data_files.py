"""The folder of the key `data`, programs, and the wheel's .data folder."""

from __future__ import annotations

import json
import zipfile

import pytest
from workspace import Workspace, write

from alloconda.config import Config
from alloconda.errors import AllocondaError
from alloconda.manifest import Manifest
from alloconda.pack.wheel import write_wheel
from alloconda.project import Project


def entries(hello: Workspace, config: Config) -> dict[str, str]:
    wheel = hello.pack(config)
    with zipfile.ZipFile(wheel) as archive:
        return {i.filename: oct(i.external_attr >> 16) for i in archive.infolist() if ".data/" in i.filename}


def test_schemes_and_modes(hello: Workspace) -> None:
    hello.add("files/scripts/run", "#!python\n")
    hello.add("files/data/share/é f/x.txt", "x")
    hello.add("files/headers/hello.h").chmod(0o755)
    hello.add("files/platlib/extra.py")
    hello.add("files/data/__pycache__/x.pyc")
    hello.add("files/data/.DS_Store")
    assert entries(hello, Config(data="files")) == {
        "hello-0.1.0.data/data/share/é f/x.txt": "0o100644",
        "hello-0.1.0.data/headers/hello.h": "0o100755",
        "hello-0.1.0.data/platlib/extra.py": "0o100644",
        "hello-0.1.0.data/scripts/run": "0o100755",
    }


@pytest.mark.parametrize(
    ("file", "data", "sentence"),
    [
        ("x/scripts/a", "gone", "'data' in [tool.alloconda] is 'gone', and there is no such folder below the project."),
        ("x/scripts/a", "../out", "'data' in [tool.alloconda] is '../out', and there is no such folder below the "
         "project."),
        ("x/bin/a", "x", "{}/x/bin/a has no place in the wheel's .data folder: put it below one of x/data, x/headers, "
         "x/platlib, x/purelib, x/scripts."),
        ("x/scripts", "x", "{}/x/scripts has no place in the wheel's .data folder: put it below one of x/data, "
         "x/headers, x/platlib, x/purelib, x/scripts."),
    ],
)  # fmt: skip
def test_refused(hello: Workspace, file: str, data: str, sentence: str) -> None:
    hello.add(file)
    with pytest.raises(AllocondaError) as caught:
        hello.pack(Config(data=data))
    assert str(caught.value) == sentence.format(hello.project)


def test_a_program_and_a_script_of_one_name(hello: Workspace) -> None:
    hello.add("x/scripts/tool")
    document = json.loads(hello.manifest().read_text("utf-8"))
    write(hello.stage / "programs/tool", b"program")
    document["programs"] = [{"name": "tool", "file": "programs/tool", "facts": {}}]
    path = write(hello.stage / "manifest.json", json.dumps(document))
    with pytest.raises(AllocondaError, match="hello-0.1.0.data/scripts/tool would be in the wheel twice"):
        write_wheel(Manifest.load(path), Project.load(hello.project), Config(data="x"), hello.out)


@pytest.mark.parametrize("programs", [1, [{}], [{"name": "x", "file": "../x"}], [{"name": "", "file": "x"}]])
def test_damaged_programs(hello: Workspace, programs: object) -> None:
    document = json.loads(hello.manifest().read_text("utf-8")) | {"programs": programs}
    path = write(hello.stage / "manifest.json", json.dumps(document))
    with pytest.raises(AllocondaError, match="is not valid"):
        Manifest.load(path)
