"""A zip file whose bytes depend on its content only.

Files are first collected with where they come from, so that two that would land on one path are found, and then
written in a fixed order. What is written holds to the rules of the package index: no data descriptors, no folder
entries, no comments, no zip64.
"""

from __future__ import annotations

import base64
import csv
import datetime as dt
import hashlib
import io
import os
import re
import stat
import zipfile
from typing import TYPE_CHECKING

from alloconda.atomic import replacing
from alloconda.errors import AllocondaError
from alloconda.pack.entries import Entries

if TYPE_CHECKING:
    from pathlib import Path

DEFAULT_EPOCH = 1577836800
"""The time of every file when SOURCE_DATE_EPOCH does not say otherwise: 2020-01-01, in seconds since 1970, UTC."""

_EPOCH_MIN = 315532800  # 1980-01-01: zip knows no earlier time
_EPOCH_MAX = 4354819198  # 2107-12-31 23:59:58: nor a later one
_COMPRESSION_LEVEL = 9


class Archive(Entries):
    """Collects the files of a wheel, then writes them."""

    def __init__(self, dist_info: str) -> None:
        super().__init__("wheel")
        self._dist_info = dist_info

    def paths(self) -> list[str]:
        """List the paths in the order in which they are written: the metadata folder last."""
        return sorted(self, key=lambda path: (path.startswith(f"{self._dist_info}/"), path))

    def write(self, destination: Path) -> None:
        """Write all files and RECORD; ``destination`` appears when it is whole.

        Raises:
            AllocondaError: a file cannot be read, the wheel cannot be written, or SOURCE_DATE_EPOCH is malformed.
        """
        self.check_folders()
        date_time = _date_time(source_date_epoch())
        record = []
        try:
            with (
                replacing(destination) as file,
                zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, allowZip64=False) as zip_file,
            ):
                for path in self.paths():
                    entry = self[path]
                    content = entry.read()
                    digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
                    record.append((path, f"sha256={digest}", str(len(content))))
                    _write_entry(zip_file, path, content, 0o755 if entry.executable else 0o644, date_time)
                record_path = f"{self._dist_info}/RECORD"
                record.append((record_path, "", ""))
                _write_entry(zip_file, record_path, _csv(record), 0o644, date_time)
        except zipfile.LargeZipFile:
            raise AllocondaError(
                f"{destination.name} would pass 2 GiB or 65535 files, the limits of a plain zip file: leave files out "
                "with 'exclude' in [tool.alloconda]."
            ) from None
        except OSError as error:
            raise AllocondaError(f"{destination} cannot be written: {error.strerror}.") from error


def _write_entry(
    zip_file: zipfile.ZipFile, path: str, content: bytes, mode: int, date_time: tuple[int, int, int, int, int, int]
) -> None:
    info = zipfile.ZipInfo(path, date_time)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.create_system = 3  # Unix, on every machine
    info.external_attr = (stat.S_IFREG | mode) << 16
    zip_file.writestr(info, content, compresslevel=_COMPRESSION_LEVEL)


def _csv(rows: list[tuple[str, str, str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


def source_date_epoch() -> int:
    """Compute the time that every file of a distribution gets: seconds since 1970, UTC, clamped to 1980..2107.

    Raises:
        AllocondaError: SOURCE_DATE_EPOCH is malformed.
    """
    given = os.environ.get("SOURCE_DATE_EPOCH")
    if given is None:
        return DEFAULT_EPOCH
    if not re.fullmatch(r"-?[0-9]{1,20}", given, re.ASCII):
        raise AllocondaError(f"SOURCE_DATE_EPOCH is {given!r}, and must be a whole number of seconds since 1970.")
    return min(max(int(given), _EPOCH_MIN), _EPOCH_MAX)


def _date_time(seconds: int) -> tuple[int, int, int, int, int, int]:
    """Turn seconds since 1970 into the time that a zip file has, in UTC."""
    # Not time.gmtime: where time_t has 32 bits it ends in 2038.
    moment = dt.datetime(1970, 1, 1, tzinfo=dt.timezone.utc) + dt.timedelta(seconds=seconds)
    return (moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second)
