"""The files of a wheel, unpacked within limits: no more than what their headers say, and no more than is sensible."""

from __future__ import annotations

import zlib
from typing import IO, TYPE_CHECKING

from alloconda.errors import AllocondaError
from alloconda.inspection.zip_records import DEFLATED, STORED, Record, read_records

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from alloconda.inspection.findings import Findings

SIZE_MAX = 4 << 30
"""How many bytes a wheel may have when unpacked."""
TEXT_SIZE_MAX = 32 << 20
"""How many bytes a file of the metadata folder may have."""
RATIO_MAX = 50
RATIO_APPLIES_FROM = 64 << 20
"""PyPI refuses a file that unpacks to more than this many bytes and to more than 50 times its own size."""

_CHUNK = 1 << 20


class Contents:
    """The files of an open wheel."""

    def __init__(self, file: IO[bytes], path: Path, findings: Findings) -> None:
        self._file = file
        self._path = path
        self._findings = findings
        self.size = file.seek(0, 2)
        self.records = {record.name: record for record in read_records(file, path, findings) if not record.is_folder}
        self.unpacked_size = sum(record.size for record in self.records.values())
        too_dense = self.unpacked_size > RATIO_APPLIES_FROM and self.unpacked_size > RATIO_MAX * self.size
        if too_dense or self.unpacked_size > SIZE_MAX:
            raise AllocondaError(
                f"{path} cannot be inspected: {self.size} bytes would unpack to {self.unpacked_size}, which no "
                "index takes."
            )

    def chunks(self, name: str) -> Iterator[bytes]:
        """Unpack a file in pieces. Broken data ends the pieces with a finding."""
        record = self.records[name]
        if record.flags & 1 or record.method not in (STORED, DEFLATED):
            return
        crc = 0
        length = 0
        try:
            for chunk in self._inflated(record) if record.method == DEFLATED else self._raw(record):
                crc = zlib.crc32(chunk, crc)
                length += len(chunk)
                if length > record.size:
                    break
                yield chunk
        except zlib.error:
            self._findings.add("zip-data", "the compressed bytes are damaged", file=name)
            return
        if length != record.size or crc != record.crc:
            self._findings.add(
                "zip-data", "the bytes are not those of which the size and checksum are given", file=name
            )

    def text(self, name: str) -> str | None:
        """Unpack a text of the metadata folder; ``None`` and a finding when there is none to read."""
        record = self.records.get(name)
        if record is None:
            self._findings.add("missing-file", "the wheel has no such file", file=name)
            return None
        if record.size > TEXT_SIZE_MAX:
            self._findings.add("text-size", f"{record.size} bytes are too many to be read", file=name)
            return None
        try:
            return b"".join(self.chunks(name)).decode()
        except UnicodeDecodeError as error:
            self._findings.add("text-encoding", f"byte {error.start} is not UTF-8", file=name)
            return None

    def _raw(self, record: Record) -> Iterator[bytes]:
        for position in range(record.data_offset, record.end, _CHUNK):
            self._file.seek(position)
            yield self._file.read(min(_CHUNK, record.end - position))

    def _inflated(self, record: Record) -> Iterator[bytes]:
        unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
        for piece in self._raw(record):
            pending = piece
            while pending and not unpacker.eof:
                chunk = unpacker.decompress(pending, _CHUNK)
                pending = unpacker.unconsumed_tail
                yield chunk
            if unpacker.eof and (pending or unpacker.unused_data):
                raise zlib.error("bytes follow the end")
        if not unpacker.eof:
            yield unpacker.flush()
            if not unpacker.eof:
                raise zlib.error("cut short")
