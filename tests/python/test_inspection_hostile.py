"""Any bytes are read or refused, in time and without a traceback."""

from __future__ import annotations

import hashlib
import json
import struct
import time
import zlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_wheels import (
    DIST_INFO,
    HANGS,
    METADATA,
    NAME,
    good,
    record,
    report,
    wheel,
    write_zip,
)

from alloconda.errors import AllocondaError
from alloconda.inspection.show import wheel_lines

FUZZ = settings(deadline=60_000, max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])


class TestHostile:
    """Any bytes are read or refused, in time and without a traceback."""

    @staticmethod
    def survive(path: Path, data: bytes | bytearray) -> None:
        path.write_bytes(data)
        try:
            made = report(path)
        except AllocondaError as error:
            assert str(error)  # noqa: PT017 - either way is right
        else:
            assert all(line.isprintable() for line in wheel_lines(made))
            json.dumps(made.as_json())

    @FUZZ
    @given(data=st.binary(max_size=300))
    def test_any_bytes(self, tmp_path: Path, data: bytes) -> None:
        self.survive(tmp_path / NAME, data)

    @FUZZ
    @given(
        places=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=8),
        cut=st.floats(0.5, 1) | st.just(1.0),
    )
    def test_changed_bytes(self, tmp_path: Path, places: list[tuple[float, int]], cut: float) -> None:
        data = bytearray(wheel(tmp_path).read_bytes())
        for place, value in places:
            data[int(place * (len(data) - 1))] = value
        self.survive(tmp_path / NAME, data[: int(cut * len(data))])

    @FUZZ
    @given(
        field=st.integers(0, 20),
        entry=st.integers(0, 4),
        value=st.sampled_from([0, 1, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFE, 0xFFFFFFFF]),
        signature=st.sampled_from([b"PK\1\2", b"PK\3\4", b"PK\5\6"]),
    )
    def test_absurd_fields(self, tmp_path: Path, field: int, entry: int, value: int, signature: bytes) -> None:
        data = bytearray(wheel(tmp_path).read_bytes())
        places = [index for index in range(len(data)) if data[index : index + 4] == signature]
        at = places[entry % len(places)] + 4 + 2 * field
        for width in ("<L", "<H"):
            changed = bytearray(data)
            if at + struct.calcsize(width) <= len(changed):
                struct.pack_into(width, changed, at, value & (2 ** (8 * struct.calcsize(width)) - 1))
            self.survive(tmp_path / NAME, changed)

    @FUZZ
    @given(
        name=st.sampled_from(["METADATA", "WHEEL", "RECORD", "entry_points.txt", "licenses/x"]),
        content=st.text() | st.binary() | st.text("[]=:,\n\r\t \"'\\ab1-", max_size=200),
    )
    def test_any_metadata(self, tmp_path: Path, name: str, content: str | bytes) -> None:
        raw = content if isinstance(content, bytes) else content.encode(errors="surrogatepass")
        files = {**good(), f"{DIST_INFO}/RECORD": record(good()), f"{DIST_INFO}/{name}": raw}
        self.survive(tmp_path / NAME, write_zip(tmp_path / "x", files).read_bytes())

    @FUZZ
    @given(name=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="/\0"), max_size=60))
    def test_any_file_name(self, tmp_path: Path, name: str) -> None:
        try:
            path = tmp_path / f"{name}.whl"
            path.write_bytes(b"")
        except OSError:
            return
        self.survive(path, wheel(tmp_path, name="made").read_bytes())

    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("METADATA", b"A: b\n" * 1_000_000),
            ("METADATA", b"A" * 8_000_000),
            ("METADATA", METADATA.encode() + b"Requires-Dist: " + b"(" * 1_000_000),
            ("METADATA", METADATA.encode() + b"Author-Email: " + b"<" * 1_000_000),
            ("WHEEL", b"Tag: x\n" * 1_000_000),
            ("RECORD", b'"' * 1_000_000),
            ("RECORD", b"a,,\n" * 1_000_000),
            ("entry_points.txt", b"[" * 1_000_000),
            ("entry_points.txt", b"[a]\nb=" + b"a." * 1_000_000 + b"!"),
        ],
        ids=lambda value: value if isinstance(value, str) else ascii(value[-8:]),
    )
    def test_long_texts_take_no_longer_than_they_are(self, tmp_path: Path, name: str, content: bytes) -> None:
        noise = zlib.compress(bytes(1)) + hashlib.sha256(b"").digest()
        files = {**good(), "hello/noise": noise, f"{DIST_INFO}/RECORD": record(good()), f"{DIST_INFO}/{name}": content}
        start = time.monotonic()
        self.survive(tmp_path / NAME, write_zip(tmp_path / "x", files).read_bytes())
        assert time.monotonic() - start < HANGS
