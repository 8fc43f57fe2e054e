"""The records of a zip file, byte by byte, and the rules of the package index for them.

A zip file says most things twice: beside each file, and in the directory at its end. A reader that goes by one and a
reader that goes by the other must see the same files, and nothing may stand between the records. The rules are those
that PyPI documents (docs.pypi.org/archives). A file whose records cannot be followed is refused; one that breaks a
rule is read on, and has a finding.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from alloconda.errors import AllocondaError

if TYPE_CHECKING:
    from pathlib import Path

    from alloconda.inspection.findings import Findings

_END = struct.Struct("<4s4H2LH")
_END_SIGNATURE = b"PK\x05\x06"
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_CENTRAL_SIGNATURE = b"PK\x01\x02"
_LOCAL = struct.Struct("<4s5H3L2H")
_LOCAL_SIGNATURE = b"PK\x03\x04"
_COMMENT_MAX = 0xFFFF
_ZIP64_LOCATOR = b"PK\x06\x07"
_ZIP64_LOCATOR_SIZE = 20
_SEE_ZIP64 = 0xFFFFFFFF
_DATA_DESCRIPTOR_SIZE_MAX = 24

STORED = 0
DEFLATED = 8
_ENCRYPTED = 1 << 0
_DATA_DESCRIPTOR = 1 << 3
_UTF_8 = 1 << 11

_DIRECTORY_SIZE_MAX = 64 << 20
"""How much of a directory is read: 65535 entries with names of 1000 bytes."""
_TAR_MAGIC = slice(257, 262)


@dataclass(frozen=True)
class Record:
    """A file in a zip file."""

    name: str
    raw_name: bytes
    flags: int
    method: int
    crc: int
    compressed_size: int
    size: int
    mode: int
    """Unix mode bits; 0 when there are none."""
    offset: int
    """Where the local header starts."""
    data_offset: int
    """Where the compressed bytes start."""

    @property
    def is_folder(self) -> bool:
        """Whether it is no file, but a folder."""
        return self.name.endswith("/")

    @property
    def end(self) -> int:
        """Where the compressed bytes end."""
        return self.data_offset + self.compressed_size


def read_records(file: IO[bytes], path: Path, findings: Findings) -> list[Record]:
    """Read the directory of a zip file, and the header of each file.

    Args:
        file: the zip file.
        path: its name, for errors.
        findings: takes the rules that are broken.

    Raises:
        AllocondaError: the file is no zip file, or one that nobody should open.
    """
    return _Reader(file, path, findings).records()


class _Reader:
    def __init__(self, file: IO[bytes], path: Path, findings: Findings) -> None:
        self._file = file
        self._path = path
        self._findings = findings
        self._size = file.seek(0, 2)

    def records(self) -> list[Record]:
        count, directory_offset, directory = self._directory()
        if self._at(0, 512)[_TAR_MAGIC] == b"ustar":
            self._findings.add("zip-tar", "the file is a zip file and a tar archive at once")
        records = []
        position = 0
        for _ in range(count):
            record, position = self._record(directory, position)
            records.append(record)
        if position != len(directory):
            self._findings.add("zip-directory", "the directory at the end has more bytes than its entries")
        self._check_names(records)
        self._check_layout(records, directory_offset)
        return records

    def _directory(self) -> tuple[int, int, bytes]:
        """Find the directory: count of its entries, its place and its bytes."""
        tail_offset = max(0, self._size - _END.size - _COMMENT_MAX)
        tail = self._at(tail_offset, self._size - tail_offset)
        at = len(tail) - _END.size
        if tail[at : at + 4] != _END_SIGNATURE:
            at = tail.rfind(_END_SIGNATURE)
        if at < 0 or len(tail) - at < _END.size:
            raise self._error("it has no directory of files at its end: it is not a zip file, or cut short")
        _, disk, first_disk, count_here, count, size, offset, comment_size = _END.unpack_from(tail, at)
        end = tail_offset + at
        locator = tail[max(0, at - _ZIP64_LOCATOR_SIZE) : at]
        if _SEE_ZIP64 in (size, offset) or locator.startswith(_ZIP64_LOCATOR):
            raise self._error("it is a zip64 file, for sizes that no index takes")
        if disk or first_disk or count_here != count:
            raise self._error("it is one part of a zip file in several parts")
        if comment_size:
            self._findings.add("zip-comment", "the zip file has a comment")
        if end + _END.size + comment_size != self._size:
            self._findings.add("zip-trailing-data", "bytes stand behind the end of the zip file")
        if offset + size > end or size > _DIRECTORY_SIZE_MAX or size < count * _CENTRAL.size:
            raise self._error("its directory of files is not where its end says")
        if offset + size != end:
            self._findings.add("zip-hidden-data", "bytes stand between the directory of files and its end")
        return count, offset, self._at(offset, size)

    def _record(self, directory: bytes, position: int) -> tuple[Record, int]:
        if len(directory) - position < _CENTRAL.size:
            raise self._error("its directory of files is cut short")
        fields = _CENTRAL.unpack_from(directory, position)
        signature, made_by, _, flags, method, _, _, crc, compressed, size, *lengths, disk, _, attributes, offset = (
            fields
        )
        name_length, extra_length, comment_length = lengths
        position += _CENTRAL.size
        end = position + name_length + extra_length + comment_length
        if signature != _CENTRAL_SIGNATURE or end > len(directory):
            raise self._error("its directory of files is cut short or damaged")
        if disk or _SEE_ZIP64 in (compressed, size, offset):
            raise self._error("it is a zip64 file, or one in several parts")
        raw_name = directory[position : position + name_length]
        name = self._name(raw_name, flags)
        self._check_extra(directory[position + name_length : position + name_length + extra_length], name)
        if comment_length:
            self._findings.add("zip-comment", "the entry has a comment", file=name)
        if method not in (STORED, DEFLATED):
            self._findings.add("zip-method", f"compression method {method} is neither 0 nor 8 (deflate)", file=name)
        if flags & _ENCRYPTED:
            self._findings.add("zip-encrypted", "the file is encrypted", file=name)
        if flags & _DATA_DESCRIPTOR:
            self._findings.add(
                "zip-data-descriptor", "the sizes stand behind the file, in a data descriptor", file=name
            )
        mode = attributes >> 16 if made_by >> 8 == 3 else 0  # noqa: PLR2004 - 3 is Unix
        central = (flags, method, crc, compressed, size, raw_name)
        data_offset = self._data_offset(offset, central, name)
        return Record(name, raw_name, flags, method, crc, compressed, size, mode, offset, data_offset), end

    def _data_offset(self, offset: int, central: tuple[int, int, int, int, int, bytes], name: str) -> int:
        """Compare the header beside the file with the directory, and find where the bytes start."""
        header = self._at(offset, _LOCAL.size)
        if len(header) < _LOCAL.size or not header.startswith(_LOCAL_SIGNATURE):
            raise self._error(f"there is no file where its directory says that {name!r:.200} is")
        _, _, flags, method, _, _, crc, compressed, size, name_length, extra_length = _LOCAL.unpack(header)
        rest = self._at(offset + _LOCAL.size, name_length + extra_length)
        local = (flags, method, crc, compressed, size, rest[:name_length])
        if flags & central[0] & _DATA_DESCRIPTOR:
            local = (*local[:2], *central[2:5], local[5])  # they follow the file
        if local != central:
            what = ("flags", "method", "checksum", "compressed size", "size", "name")
            different = [word for word, one, other in zip(what, local, central, strict=True) if one != other]
            self._findings.add(
                "zip-two-truths",
                f"the {' and the '.join(different)} beside the file and in the directory differ",
                file=name,
            )
        self._check_extra(rest[name_length:], name)
        data_offset: int = offset + _LOCAL.size + name_length + extra_length
        if data_offset + central[3] > self._size:
            raise self._error(f"{name!r:.200} ends behind the end of the file")
        return data_offset

    def _name(self, raw: bytes, flags: int) -> str:
        try:
            name = raw.decode("utf-8" if flags & _UTF_8 else "ascii")
        except UnicodeDecodeError:
            name = raw.decode("utf-8", errors="backslashreplace")
            self._findings.add("zip-name", "the name is not UTF-8, or is not marked as UTF-8", file=name)
        return name

    def _check_names(self, records: list[Record]) -> None:
        from alloconda.manifest import is_safe_path

        seen: set[str] = set()
        for record in records:
            name = record.name.removesuffix("/")
            if not is_safe_path(name):
                self._findings.add("zip-name", "the name leads out of the folder, or has unusual characters", file=name)
            folded = name.casefold()
            if folded in seen:
                self._findings.add("zip-duplicate", "the name stands in the zip file twice", file=name)
            seen.add(folded)

    def _check_extra(self, extra: bytes, name: str) -> None:
        """Check the extra fields of a header: pairs of a number and bytes."""
        seen = set()
        while extra:
            if len(extra) < 4:  # noqa: PLR2004 - a number and a length
                self._findings.add("zip-extra", "the extra field is damaged", file=name)
                return
            number, length = struct.unpack_from("<2H", extra)
            if 4 + length > len(extra) or number in seen:
                self._findings.add("zip-extra", "the extra field is damaged, or has a part twice", file=name)
                return
            seen.add(number)
            extra = extra[4 + length :]

    def _check_layout(self, records: list[Record], directory_offset: int) -> None:
        """Check that the files follow one upon the other from the first byte to the directory."""
        position = 0
        slack = 0
        for record in sorted(records, key=lambda record: record.offset):
            if record.offset < position:
                raise self._error(f"{record.name!r:.200} has bytes of another file: it is a zip bomb, or damaged")
            if record.offset > position + slack:
                self._findings.add("zip-hidden-data", "bytes that belong to no file stand before it", file=record.name)
            position = record.end
            slack = _DATA_DESCRIPTOR_SIZE_MAX if record.flags & _DATA_DESCRIPTOR else 0
        if position > directory_offset:
            raise self._error("its last file runs into its directory")
        if position + slack < directory_offset:
            self._findings.add("zip-hidden-data", "bytes that belong to no file stand before the directory")

    def _at(self, offset: int, size: int) -> bytes:
        self._file.seek(offset)
        return self._file.read(size)

    def _error(self, why: str) -> AllocondaError:
        return AllocondaError(f"{self._path} cannot be inspected: {why}.")
