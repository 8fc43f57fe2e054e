"""manifest.json: what is read, and that nothing is taken on trust."""

from __future__ import annotations

import contextlib
import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from workspace import DATA, write

from alloconda.errors import AllocondaError
from alloconda.manifest import Extension, Manifest, Tags

GOLDEN: dict[str, Any] = json.loads((DATA / "manifest.json").read_bytes())


def load(folder: Path, document: object) -> Manifest:
    write(folder / "hello/_native.abi3.so")
    write(folder / "hello/_native.pyi")
    write(folder.parent / "outside.so")
    return Manifest.load(write(folder / "manifest.json", json.dumps(document)))


def test_golden(tmp_path: Path) -> None:
    manifest = load(tmp_path / "stage", GOLDEN)
    assert manifest.folder == tmp_path / "stage"
    assert manifest.tags == Tags("cp310", "abi3", "manylinux_2_17_x86_64")
    (extension,) = manifest.extensions
    assert extension == Extension("hello._native", "hello/_native.abi3.so", (), extension.facts)
    assert extension.package == "hello"
    assert extension.facts["imports"][0]["version"] == "GLIBC_2.2.5"


def test_a_key_that_a_later_version_adds_is_passed_by(tmp_path: Path) -> None:
    document = copy.deepcopy(GOLDEN)
    document["later"] = document["wheel"]["later"] = document["extensions"][0]["later"] = 1
    assert load(tmp_path / "stage", document).tags.python == "cp310"


def test_stub(tmp_path: Path) -> None:
    document = copy.deepcopy(GOLDEN)
    document["extensions"][0]["stubs"] = ["hello/_native.pyi"]
    assert load(tmp_path / "stage", document).extensions[0].stubs == ("hello/_native.pyi",)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"manifest": 2}, "'manifest' must be 1, and it is 2; the build and the packer must be the same alloconda"),
        (
            {"manifest": True},
            "'manifest' must be 1, and it is True; the build and the packer must be the same alloconda",
        ),
        ({"wheel": None}, "wheel must be an object, and it is None"),
        ({"wheel": {"python_tag": "CP310"}}, "'python_tag' of wheel is not a wheel tag: 'CP310'"),
        ({"wheel": {"python_tag": "cp310-x"}}, "'python_tag' of wheel is not a wheel tag: 'cp310-x'"),
        ({"wheel": {"python_tag": 310}}, "'python_tag' of wheel must be a string, and it is 310"),
        ({"extensions": []}, "'extensions' must be a list of at least one extension"),
        ({"libraries": {}}, "'libraries' must be a list of paths"),
        ({"libraries": ["../libz.so.1"]}, "'path' of libraries is not a plain relative path: '../libz.so.1'"),
        (
            {"libraries": ["hello/libz.so.1"]},
            "'path' of libraries names hello/libz.so.1, and there is no such file beside the manifest",
        ),
        ({"extensions": {}}, "'extensions' must be a list of at least one extension"),
        ({"extensions": ["x"]}, "extensions[0] must be an object, and it is 'x'"),
        ({"extensions": GOLDEN["extensions"] * 2}, "the module hello._native is listed twice"),
    ],
)
def test_refused(tmp_path: Path, change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(AllocondaError) as caught:
        load(tmp_path / "stage", {**GOLDEN, **change})
    assert str(caught.value) == f"The manifest {tmp_path / 'stage/manifest.json'} is not valid: {sentence}."


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"module": "hello.1"}, "'module' of extensions[0] is not a dotted Python name: 'hello.1'"),
        ({"module": "../x"}, "'module' of extensions[0] is not a dotted Python name: '../x'"),
        ({"module": ""}, "'module' of extensions[0] must be a string, and it is ''"),
        ({"file": "../outside.so"}, "'file' of extensions[0] is not a plain relative path: '../outside.so'"),
        ({"file": "/etc/passwd"}, "'file' of extensions[0] is not a plain relative path: '/etc/passwd'"),
        ({"file": "hello\\_native.so"}, "'file' of extensions[0] is not a plain relative path: 'hello\\\\_native.so'"),
        ({"file": "c:/x.so"}, "'file' of extensions[0] is not a plain relative path: 'c:/x.so'"),
        ({"file": "hello/\ud800.so"}, "'file' of extensions[0] is not a plain relative path: 'hello/\\ud800.so'"),
        (
            {"file": "hello/_native.so"},
            "'file' of extensions[0] names hello/_native.so, and there is no such file beside the manifest",
        ),
        ({"file": "hello"}, "'file' of extensions[0] names hello, and there is no such file beside the manifest"),
        (
            {"file": "hello/_native.pyi"},
            "'file' of extensions[0] is 'hello/_native.pyi', which Python would not import as hello._native",
        ),
        (
            {"module": "hello.other"},
            "'file' of extensions[0] is 'hello/_native.abi3.so', which Python would not import as hello.other",
        ),
        (
            {"stubs": ["hello/_native.abi3.so"]},
            "'stubs' of extensions[0] has 'hello/_native.abi3.so', and hello/_native.pyi is where type checkers look",
        ),
        ({"facts": []}, "facts of extensions[0] must be an object, and it is []"),
    ],
)
def test_refused_extension(tmp_path: Path, change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(AllocondaError) as caught:
        load(tmp_path / "stage", {**GOLDEN, "extensions": [{**GOLDEN["extensions"][0], **change}]})
    assert str(caught.value) == f"The manifest {tmp_path / 'stage/manifest.json'} is not valid: {sentence}."


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b"[" * 100_000, b"nan("])
def test_not_json(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(AllocondaError, match="is not JSON"):
        Manifest.load(write(tmp_path / "manifest.json", content))


def test_missing(tmp_path: Path) -> None:
    with pytest.raises(AllocondaError, match=r"manifest\.json cannot be read: No such file or directory\.$"):
        Manifest.load(tmp_path / "manifest.json")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(["manifest", "wheel", "extensions", "python_tag", "module", "file", "stubs", "facts"]), json_values
)
def test_any_value_is_taken_or_refused_with_a_sentence(tmp_path: Path, key: str, value: object) -> None:
    document = copy.deepcopy(GOLDEN)
    for table in (document, document["wheel"], document["extensions"][0]):
        if key in table:
            table[key] = value
    with contextlib.suppress(AllocondaError):
        load(tmp_path / "stage", document)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("hello/_native.abi3.so", True),
        ("hello/_native.so", True),
        ("hello/_native.cpython-314t-x86_64-linux-gnu.so", True),
        ("hello/_native.cp314-win_amd64.pyd", True),
        ("hello/_native.py", False),
        ("hello/_native2.so", False),
        ("hello/_native_more.abi3.so", False),
        ("hello/_native/x.so", False),
        ("other/_native.so", False),
    ],
)
def test_is_build_of(path: str, expected: object) -> None:
    assert Extension("hello._native", "", (), {}).is_build_of(path) is expected
