"""RECORD: which files a wheel has, with their sizes and hashes."""

from __future__ import annotations

import base64
import binascii
import csv
import hashlib
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from alloconda.inspection.contents import Contents
    from alloconda.inspection.findings import Findings

_ALGORITHMS = frozenset({"sha256", "sha384", "sha512"})
"""The standard wants sha256 or better."""
_WITHOUT_HASH = ("RECORD", "RECORD.jws", "RECORD.p7s")
_COLUMNS = 3


@dataclass(frozen=True)
class _Row:
    algorithm: str
    digest: bytes
    size: int


def check_record(contents: Contents, dist_info: str, findings: Findings) -> None:
    """Compare RECORD with every file of a wheel.

    Args:
        contents: the files.
        dist_info: the name of the metadata folder.
        findings: takes what differs.
    """
    path = f"{dist_info}/RECORD"
    text = contents.text(path)
    if text is None:
        return
    rows = _rows(text, path, findings)
    without_hash = {f"{dist_info}/{name}" for name in _WITHOUT_HASH}
    for name in contents.records:
        if name in rows:
            if name not in without_hash:
                _check_file(contents, name, rows[name], findings)
        elif name not in without_hash or name == path:
            findings.add("record-extra", "RECORD does not list the file", file=name)
    for name in rows.keys() - contents.records.keys():
        findings.add("record-missing", "RECORD lists the file, and the wheel does not have it", file=name)


def _rows(text: str, path: str, findings: Findings) -> Mapping[str, _Row | None]:
    rows: dict[str, _Row | None] = {}
    try:
        for line in csv.reader(io.StringIO(text, newline=""), strict=True):
            if len(line) != _COLUMNS:
                findings.add("record-format", f"a line has {len(line)} columns and not {_COLUMNS}", file=path)
                continue
            name, digest, size = line
            if name in rows:
                findings.add("record-format", "RECORD lists the file twice", file=name)
            rows[name] = _row(name, digest, size, findings)
    except csv.Error as error:
        findings.add("record-format", f"it is not a table of comma-separated values: {error}", file=path)
    return rows


def _row(name: str, digest: str, size: str, findings: Findings) -> _Row | None:
    if not digest and not size:
        return None
    algorithm, _, encoded = digest.partition("=")
    if algorithm not in _ALGORITHMS:
        findings.add("record-hash", f"RECORD gives a hash by {algorithm!r:.40}, and not by sha256", file=name)
        return None
    try:
        decoded = base64.b64decode(encoded + "=" * (-len(encoded) % 4), altchars="-_", validate=True)
    except (binascii.Error, ValueError):
        decoded = b""
    if "=" in encoded or len(decoded) != hashlib.new(algorithm).digest_size:
        findings.add("record-hash", "RECORD gives a hash that is none", file=name)
        return None
    if not (size.isascii() and size.isdecimal() and len(size) < 20):  # noqa: PLR2004 - digits of 64 bits
        findings.add("record-size", f"RECORD gives the size {size!r:.40}, which is none", file=name)
        return None
    return _Row(algorithm, decoded, int(size))


def _check_file(contents: Contents, name: str, row: _Row | None, findings: Findings) -> None:
    if row is None:
        # Said before when the row is wrong, and not when it is empty.
        findings.add("record-hash", "RECORD gives no hash that can be compared", file=name)
        return
    hasher = hashlib.new(row.algorithm)
    size = 0
    for chunk in contents.chunks(name):
        hasher.update(chunk)
        size += len(chunk)
    if size != row.size:
        findings.add("record-size", f"RECORD says {row.size} bytes, and there are {size}", file=name)
    elif hasher.digest() != row.digest:
        findings.add("record-hash", f"the {row.algorithm} of the bytes is not the one in RECORD", file=name)
