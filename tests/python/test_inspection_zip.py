"""Zip files that are not what a plain writer makes, byte by byte."""

from __future__ import annotations

import struct
import time
import zipfile
from pathlib import Path

import pytest
from made_wheels import (
    DIST_INFO,
    HANGS,
    LIBRARY,
    NAME,
    found,
    good,
    put,
    record,
    report,
    wheel,
    write_zip,
)

from alloconda.errors import AllocondaError
from alloconda.inspection.show import wheel_lines


class TestZip:
    @staticmethod
    def good_bytes(folder: Path) -> bytearray:
        return bytearray(wheel(folder).read_bytes())

    @staticmethod
    def write(folder: Path, data: bytes | bytearray) -> Path:
        path = folder / NAME
        path.write_bytes(data)
        return path

    @staticmethod
    def central(data: bytearray, name: str) -> int:
        """Where the entry of a file starts in the directory."""
        return data.index(name.encode(), data.index(b"PK\x01\x02")) - 46

    def test_comment(self, tmp_path: Path) -> None:
        data = self.good_bytes(tmp_path)
        data[-2:] = b"\x02\x00"
        assert found(self.write(tmp_path, data + b"hi")) == ["zip-comment: the zip file has a comment"]

    def test_trailing_data(self, tmp_path: Path) -> None:
        expected = ["zip-trailing-data: bytes stand behind the end of the zip file"]
        assert found(self.write(tmp_path, self.good_bytes(tmp_path) + b"hidden")) == expected

    def test_entry_comment(self, tmp_path: Path) -> None:
        with zipfile.ZipFile(wheel(tmp_path), "a") as archive:
            archive.getinfo(LIBRARY).comment = b"hi"
            archive.comment = b""
            archive._didModify = True  # type: ignore[attr-defined]  # noqa: SLF001 - so that it is written
        assert found(tmp_path / NAME) == [f"zip-comment: {LIBRARY}: the entry has a comment"]

    def test_prepended_data(self, tmp_path: Path) -> None:
        data = self.good_bytes(tmp_path)
        for at in [index for index in range(len(data)) if data[index : index + 4] == b"PK\x01\x02"]:
            (offset,) = struct.unpack_from("<L", data, at + 42)
            struct.pack_into("<L", data, at + 42, offset + 4)
        (offset,) = struct.unpack_from("<L", data, len(data) - 6)
        struct.pack_into("<L", data, len(data) - 6, offset + 4)
        assert found(self.write(tmp_path, b"#!/x" + data)) == [
            "zip-hidden-data: hello/__init__.py: bytes that belong to no file stand before it"
        ]

    def test_duplicate(self, tmp_path: Path) -> None:
        path = wheel(tmp_path, put("Hello/__init__.py"))
        assert found(path) == ["zip-duplicate: Hello/__init__.py: the name stands in the zip file twice"]

    @pytest.mark.parametrize("name", ["../escape.py", "/etc/x", "hello//x.py", "a\\b.py", "C:x", "a\x01b"])
    def test_name(self, tmp_path: Path, name: str) -> None:
        expected = f"zip-name: {name}: the name leads out of the folder, or has unusual characters"
        assert expected in found(wheel(tmp_path, put(name)))

    def test_name_that_is_not_utf_8(self, tmp_path: Path) -> None:
        data = self.good_bytes(tmp_path)
        data = data.replace(b"hello/__init__.py", b"hello/__\xffnit__.py")
        assert "zip-name: hello/__\\xffnit__.py: the name is not UTF-8, or is not marked as UTF-8" in found(
            self.write(tmp_path, data)
        )

    def test_method(self, tmp_path: Path) -> None:
        files = good()
        with zipfile.ZipFile(tmp_path / NAME, "w", zipfile.ZIP_BZIP2) as archive:
            for name, content in {**files, f"{DIST_INFO}/RECORD": record(files)}.items():
                archive.writestr(name, content)
        assert f"zip-method: {LIBRARY}: compression method 12 is neither 0 nor 8 (deflate)" in found(tmp_path / NAME)

    @pytest.mark.parametrize(
        ("offset", "value", "expected"),
        [
            (16, b"\1\2\3\4", "the checksum beside the file and in the directory differ"),
            (24, b"\1\0\0\0", "the size beside the file and in the directory differ"),
            (8, b"\1\0", "the file is encrypted"),
        ],
    )
    def test_two_truths(self, tmp_path: Path, offset: int, value: bytes, expected: str) -> None:
        data = self.good_bytes(tmp_path)
        at = self.central(data, LIBRARY) + offset
        data[at : at + len(value)] = value
        assert any(expected in line for line in found(self.write(tmp_path, data)))

    def test_data_descriptor(self, tmp_path: Path) -> None:
        class Stream:
            """Cannot seek, so that sizes come after the files."""

            def __init__(self, path: Path) -> None:
                self.file = path.open("wb")
                self.write = self.file.write
                self.flush = self.file.flush

        files = good()
        stream = Stream(tmp_path / NAME)
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:  # type: ignore[call-overload]
            for name, content in {**files, f"{DIST_INFO}/RECORD": record(files)}.items():
                archive.writestr(name, content)
        stream.file.close()
        assert {line.partition(":")[0] for line in found(tmp_path / NAME)} == {"zip-data-descriptor"}

    def test_damaged_data(self, tmp_path: Path) -> None:
        data = self.good_bytes(tmp_path)
        at = data.index(LIBRARY.encode()) + len(LIBRARY)
        data[at] = 0xFF
        assert f"zip-data: {LIBRARY}: the compressed bytes are damaged" in found(self.write(tmp_path, data))

    def test_extra_field(self, tmp_path: Path) -> None:
        with zipfile.ZipFile(tmp_path / NAME, "w") as archive:
            info = zipfile.ZipInfo("a/b")
            info.extra = struct.pack("<2H", 0x7777, 0) * 2
            archive.writestr(info, b"")
        assert "zip-extra: a/b: the extra field is damaged, or has a part twice" in found(tmp_path / NAME)

    @pytest.mark.parametrize(
        ("content", "expected"),
        [
            (b"", "it has no directory of files at its end: it is not a zip file, or cut short"),
            (b"PK\x05\x06", "it has no directory of files at its end"),
            (b"x" * 100_000, "it has no directory of files at its end"),
            (
                struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 9, 9, 46 * 9, 0, 0),
                "its directory of files is not where its end",
            ),
            (struct.pack("<4s4H2LH", b"PK\5\6", 1, 0, 0, 0, 0, 0, 0), "it is one part of a zip file in several parts"),
            (struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1, 1, 0xFFFFFFFF, 0, 0), "it is a zip64 file, for sizes that no"),
            (
                bytes(46) + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1, 1, 46, 0, 0),
                "its directory of files is cut short",
            ),
        ],
    )
    def test_refused(self, tmp_path: Path, content: bytes, expected: str) -> None:
        path = self.write(tmp_path, content)
        with pytest.raises(AllocondaError) as caught:
            report(path)
        assert str(caught.value).startswith(f"{path} cannot be inspected: {expected}")

    def test_overlapping_files(self, tmp_path: Path) -> None:
        data = self.good_bytes(tmp_path)
        first = self.central(data, "hello/__init__.py")
        second = self.central(data, LIBRARY)
        data[second + 42 : second + 46] = data[first + 42 : first + 46]
        with pytest.raises(AllocondaError, match="has bytes of another file: it is a zip bomb, or damaged"):
            report(self.write(tmp_path, data))

    def test_bomb(self, tmp_path: Path) -> None:
        path = wheel(tmp_path, put("hello/zeros", bytes(80 << 20)))
        with pytest.raises(AllocondaError, match=r"bytes would unpack to \d+, which no index takes"):
            report(path)

    def test_a_file_that_is_larger_than_it_says(self, tmp_path: Path) -> None:
        data = bytearray(wheel(tmp_path, put("hello/zeros", bytes(30 << 20))).read_bytes())
        for at in (data.index(b"hello/zeros") - 30 + 22, self.central(data, "hello/zeros") + 24):
            data[at : at + 4] = struct.pack("<L", 10)
        start = time.monotonic()
        lines = found(self.write(tmp_path, data))
        assert time.monotonic() - start < HANGS
        assert "zip-data: hello/zeros: the bytes are not those of which the size and checksum are given" in lines

    def test_many_files(self, tmp_path: Path) -> None:
        path = wheel(tmp_path, lambda files: files.update({f"hello/{number}.txt": b"" for number in range(20_000)}))
        start = time.monotonic()
        assert found(path) == []
        assert time.monotonic() - start < HANGS

    def test_many_findings_are_cut(self, tmp_path: Path) -> None:
        files = good() | {f"hello/{number}.txt": b"" for number in range(500)}
        made = report(write_zip(tmp_path / NAME, {**files, f"{DIST_INFO}/RECORD": b""}))
        assert len(made.findings) == 200
        assert made.findings_left_out > 300
        assert list(wheel_lines(made))[-1] == f"  and {made.findings_left_out} more"
