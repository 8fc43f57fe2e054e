"""What `publish` refuses about an sdist, and about files that are none."""

from __future__ import annotations

import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from made_release import Files, pure_wheel, sdist, sdist_files

from alloconda.errors import AllocondaError
from alloconda.publish.files import release_files
from alloconda.publish.sdist_rules import inspect_sdist

PKG_INFO = "hello-0.1.0/PKG-INFO"


def found(path: Path) -> list[str]:
    (file,) = release_files([path])
    return [f"{finding.rule}: {finding}" for finding in inspect_sdist(file)]


def test_a_good_sdist(tmp_path: Path) -> None:
    assert found(sdist(tmp_path)) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda files: files.pop(PKG_INFO), ["sdist-file: there is no hello-0.1.0/PKG-INFO"]),
        (lambda files: files.pop("hello-0.1.0/pyproject.toml"), ["sdist-file: there is no hello-0.1.0/pyproject.toml"]),
        (lambda files: files.pop("hello-0.1.0/LICENSE"),
         [f"sdist-licence: {PKG_INFO}: the licence file LICENSE, which it names, is not in the archive"]),
        (lambda files: files.update({"other/x": b""}),
         ["sdist-folder: other/x: it is not below the folder hello-0.1.0"]),
        (lambda files: files.update({"hello-0.1.0/../x": b""}),
         ["sdist-path: hello-0.1.0/../x: the path leads out of the archive"]),
        (lambda files: files.update({PKG_INFO: files[PKG_INFO].replace(b"Version: 0.1.0", b"Version: 0.2.0")}),
         [f"sdist-metadata: {PKG_INFO}: it is of hello 0.2.0, and the file name says otherwise"]),
        (lambda files: files.update({PKG_INFO: b"Metadata-Version: 2.4\nName: hello\nVersion: x\n"}),
         [f"sdist-metadata: {PKG_INFO}: it is not valid ('x' is invalid for 'version')"]),
        (lambda files: files.update({PKG_INFO: b"x" * (17 << 20)}),
         [f"sdist-metadata: {PKG_INFO}: it is larger than 16 MiB"]),
    ],
)  # fmt: skip
def test_contents(tmp_path: Path, change: Callable[[Files], object], expected: list[str]) -> None:
    files = sdist_files()
    change(files)
    assert found(sdist(tmp_path, files)) == expected


def _sparse(member: tarfile.TarInfo) -> None:
    if member.name.endswith("LICENSE"):
        member.type, member.size = tarfile.GNUTYPE_SPARSE, 0


def _device(member: tarfile.TarInfo) -> None:
    if member.name.endswith("LICENSE"):
        member.type, member.size = tarfile.FIFOTYPE, 0


def test_entries_that_are_no_files(tmp_path: Path) -> None:
    assert found(sdist(tmp_path, change=_device))[0] == (
        "sdist-entry: hello-0.1.0/LICENSE: it is neither file nor folder nor link"
    )


def test_sparse(tmp_path: Path) -> None:
    assert found(sdist(tmp_path, change=_sparse))[0] == (
        "sdist-sparse: hello-0.1.0/LICENSE: it is stored as a sparse file, which PyPI refuses"
    )


def test_twice(tmp_path: Path) -> None:
    path = sdist(tmp_path)
    with tarfile.open(path) as old, tarfile.open(tmp_path / "twice", "w:gz") as new:
        for member in [*old.getmembers(), old.getmember("hello-0.1.0/LICENSE")]:
            new.addfile(member, old.extractfile(member))
    (tmp_path / "twice").rename(path)
    assert found(path) == ["sdist-twice: hello-0.1.0/LICENSE: it is in the archive twice"]


@pytest.mark.parametrize("keep", [0, 10, 200])
def test_cut_off(tmp_path: Path, keep: int) -> None:
    path = sdist(tmp_path)
    path.write_bytes(path.read_bytes()[:keep])
    assert [sentence.partition(" (")[0] for sentence in found(path)][-1] == (
        "sdist-archive: it is no whole .tar.gz archive"
    )


def test_name_that_is_not_normalised(tmp_path: Path) -> None:
    assert found(sdist(tmp_path, name="Hello-0.1.0.tar.gz")) == [
        "sdist-name: the file name is not hello-0.1.0.tar.gz, as PEP 625 writes it"
    ]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("hello.zip", "is neither a wheel (.whl) nor an sdist (.tar.gz): only these are published."),
        ("hello-0.1.0.whl", "is not named as the standards want it ("),
        ("hello.tar.gz", "is not named as the standards want it ("),
        ("missing", "missing is not a file."),
    ],
)
def test_no_files_of_a_release(tmp_path: Path, name: str, sentence: str) -> None:
    if name != "missing":
        (tmp_path / name).touch()
    with pytest.raises(AllocondaError) as caught:
        release_files([tmp_path / name])
    assert sentence in str(caught.value)


def test_order(tmp_path: Path) -> None:
    paths = [pure_wheel(tmp_path, tag="py3-none-any"), pure_wheel(tmp_path, tag="py2-none-any"), sdist(tmp_path)]
    assert [file.path.name for file in release_files(paths)] == [
        "hello-0.1.0.tar.gz",
        "hello-0.1.0-py2-none-any.whl",
        "hello-0.1.0-py3-none-any.whl",
    ]
