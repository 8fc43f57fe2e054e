"""The zip file: what may stand in it, and that its bytes depend on nothing else."""

from __future__ import annotations

import os
import stat
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from workspace import Workspace

from alloconda.errors import AllocondaError
from alloconda.manifest import is_safe_path
from alloconda.pack.archive import Archive


def archive(*paths: str) -> Archive:
    made = Archive("a-1.dist-info")
    for number, path in enumerate(paths):
        made.add(path, b"content", origin=f"file {number}")
    return made


@pytest.mark.parametrize(
    ("first", "second", "sentence"),
    [
        ("a/x.py", "a/x.py", "a/x.py would be in the wheel twice: from file 1 and from file 0."),
        (
            "a/X.py",
            "a/x.py",
            "a/x.py would be in the wheel twice: from file 1 and from file 0, spelt a/X.py there (some file systems "
            "see no difference).",
        ),
        (
            "a/e\u0301.py",
            "a/\u00e9.py",
            "a/\u00e9.py would be in the wheel twice: from file 1 and from file 0, spelt a/e\u0301.py there (some file "
            "systems see no difference).",
        ),
        ("a/b", "a/b/c", "a/b (from file 0) would be both a file and the folder of a/b/c in the wheel."),
        ("a/B/c", "a/b", "a/b (from file 1) would be both a file and the folder of a/B/c in the wheel."),
    ],
)
def test_collision(tmp_path: Path, first: str, second: str, sentence: str) -> None:
    with pytest.raises(AllocondaError) as caught:
        archive(first, second).write(tmp_path / "a.whl")
    assert str(caught.value) == sentence
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "path", ["", "/a", "../a", "a/../b", "./a", "a//b", "a/", "a\\b", "c:/a", "a\nb", "a\x7fb", "a\x00", "a\udcff"]
)
def test_path_that_cannot_stand_in_a_wheel(path: str) -> None:
    assert not is_safe_path(path)
    with pytest.raises(AllocondaError, match=r"^file 0 cannot go into a wheel as .*: a file name must be UTF-8"):
        archive(path)


@given(st.text())
def test_a_safe_path_stays_in_its_folder(path: str) -> None:
    if is_safe_path(path):
        assert os.path.normpath(f"/wheel/{path}") == f"/wheel/{path}"
        path.encode()


@given(st.lists(st.sampled_from(["b", "a/b", "a/c", "a.py", "a-1.dist-info/W", "z", "Ä/ö", "a b"]), unique=True))
def test_order_does_not_depend_on_the_order_of_adding(paths: list[str]) -> None:
    order = archive(*paths).paths()
    assert order == archive(*reversed(paths)).paths()
    metadata = [path.startswith("a-1.dist-info/") for path in order]
    assert metadata == sorted(metadata)


@pytest.mark.parametrize(
    ("epoch", "expected"),
    [
        (None, (2020, 1, 1, 0, 0, 0)),
        ("0", (1980, 1, 1, 0, 0, 0)),
        ("-5", (1980, 1, 1, 0, 0, 0)),
        ("315532799", (1980, 1, 1, 0, 0, 0)),
        ("1700000000", (2023, 11, 14, 22, 13, 20)),
        ("2147483648", (2038, 1, 19, 3, 14, 8)),
        ("99999999999999999999", (2107, 12, 31, 23, 59, 58)),
    ],
)
def test_time(hello: Workspace, monkeypatch: pytest.MonkeyPatch, epoch: str | None, expected: tuple[int, ...]) -> None:
    if epoch is not None:
        monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    with zipfile.ZipFile(hello.pack()) as wheel:
        assert {info.date_time for info in wheel.infolist()} == {expected}


@pytest.mark.parametrize("epoch", ["", "soon", "1.5", "1e9", " 1", "1\n", "٣", "1" * 5000])
def test_malformed_time(hello: Workspace, monkeypatch: pytest.MonkeyPatch, epoch: str) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    with pytest.raises(AllocondaError, match="^SOURCE_DATE_EPOCH is '.*must be a whole number of seconds"):
        hello.pack()
    assert list(hello.out.iterdir()) == []


def test_headers_are_what_the_index_accepts(hello: Workspace) -> None:
    hello.add("python/hello/größe.txt", "x")
    content = hello.pack().read_bytes()
    offset = 0
    names = []
    while content[offset : offset + 4] == b"PK\x03\x04":
        (version, flags, method, _time, _date, _crc, packed, _size, name_length, extra_length) = struct.unpack_from(
            "<5H3I2H", content, offset + 4
        )
        name = content[offset + 30 : offset + 30 + name_length]
        assert flags == (0 if name.isascii() else 0x800)  # no data descriptor; UTF-8 where it matters
        assert (version, method, extra_length) == (20, 8, 0)
        names.append(name.decode())
        offset += 30 + name_length + packed
    for expected in names:
        assert content[offset : offset + 4] == b"PK\x01\x02"
        made_by, system = content[offset + 4 : offset + 6]
        lengths = struct.unpack_from("<3H", content, offset + 28)
        attributes = struct.unpack_from("<I", content, offset + 38)[0] >> 16
        assert (made_by, system) == (20, 3)
        assert lengths == (len(expected.encode()), 0, 0)  # no extra data, no comment
        assert stat.S_ISREG(attributes)
        offset += 46 + lengths[0]
    assert content[offset : offset + 4] == b"PK\x05\x06"
    assert len(content) == offset + 22  # nothing behind the end, and no comment
    assert "hello/größe.txt" in names
    assert names[-1] == "hello-0.1.0.dist-info/RECORD"


def test_same_bytes_whatever_the_surroundings(hello: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    first = hello.pack().read_bytes()
    moved = hello.project.rename(hello.project.with_name("elsewhere"))
    for path in moved.rglob("*.py"):
        os.utime(path, (1, 1))
        path.chmod(0o600)
    umask = os.umask(0o077)
    try:
        monkeypatch.setenv("TZ", "Pacific/Kiritimati")
        monkeypatch.setenv("HOME", "/nowhere")
        second = Workspace(moved, hello.stage, hello.out / "second", hello.extensions).pack().read_bytes()
    finally:
        os.umask(umask)
    assert first == second


def test_a_failure_leaves_the_previous_wheel(hello: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    wheel = hello.pack()
    before = wheel.read_bytes()

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    hello.add("python/hello/more.py")
    monkeypatch.setattr(zipfile.ZipFile, "writestr", full)
    with pytest.raises(AllocondaError, match=r"hello-0\.1\.0-.*\.whl cannot be written: No space left on device\.$"):
        hello.pack()
    assert wheel.read_bytes() == before
    assert list(hello.out.iterdir()) == [wheel]


def test_too_many_files_for_a_plain_zip(tmp_path: Path) -> None:
    made = Archive("a-1.dist-info")
    for number in range(65536):
        made.add(f"a/{number}", b"", origin="many")
    with pytest.raises(AllocondaError, match="would pass 2 GiB or 65535 files"):
        made.write(tmp_path / "a.whl")


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX")
@pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)])
def test_the_wheel_follows_the_umask(hello: Workspace, umask: int, mode: int) -> None:
    previous = os.umask(umask)
    try:
        assert stat.S_IMODE(hello.pack().stat().st_mode) == mode
    finally:
        os.umask(previous)
