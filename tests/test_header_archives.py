"""Archives of headers that are hostile or damaged are refused, and nothing of them stays."""

from __future__ import annotations

import io
import tarfile
from typing import TYPE_CHECKING

import pytest

from alloconda.errors import AllocondaError
from alloconda.headers import archive as archives
from fetching import LINUX, STRIPPED, W313, fetcher_of, leftovers
from releases import TAG, Release, Server

if TYPE_CHECKING:
    from pathlib import Path

INCLUDE = "python/include/python3.13"
LINK, HARD_LINK, DEVICE = tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE
# Members that no honest archive has: name, kind, and what a link leads to or how long a file is.
HOSTILE: dict[str, list[tuple[str, bytes, str | int]]] = {
    "none": [],
    "absolute": [("/tmp/evil.h", tarfile.REGTYPE, 1)],  # noqa: S108 - a hostile name
    "parent": [(f"{INCLUDE}/../../../../evil.h", tarfile.REGTYPE, 1)],
    "drive": [("C:/evil.h", tarfile.REGTYPE, 1)],
    "backslash": [(f"{INCLUDE}/..\\..\\evil.h", tarfile.REGTYPE, 1)],
    "symlink out": [("python/lib/evil", LINK, "../../../etc/passwd")],
    "absolute symlink": [(f"{INCLUDE}/evil.h", LINK, "/etc/passwd")],
    "hard link out": [(f"{INCLUDE}/evil.h", HARD_LINK, "../etc/passwd")],
    "link inside": [(f"{INCLUDE}/evil.h", LINK, "Python.h")],
    "device": [(f"{INCLUDE}/evil.h", DEVICE, "")],
    "twice": [(f"{INCLUDE}/Python.h", tarfile.REGTYPE, 1)],
    "windows name": [(f"{INCLUDE}/con.h", tarfile.REGTYPE, 1)],
    "huge": [(f"{INCLUDE}/huge.h", tarfile.REGTYPE, 5000)],
    "many": [(f"{INCLUDE}/{number}.h", tarfile.REGTYPE, 1) for number in range(20)],
    "bomb": [("python/lib/zeros", tarfile.REGTYPE, 100_000)],
}


def hostile(change: str) -> bytes:
    """A tar file with a header and a hostile member."""
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w") as archive:
        for name, kind, detail in [(f"{INCLUDE}/Python.h", tarfile.REGTYPE, 1), *HOSTILE[change]]:
            member = tarfile.TarInfo(name)
            member.type = kind
            member.linkname = detail if isinstance(detail, str) else ""
            member.size = detail if isinstance(detail, int) else 0
            archive.addfile(member, io.BytesIO(b"x" * member.size))
    return tar.getvalue()


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("absolute", "has an absolute path or a backslash in it"),
        ("drive", "has an absolute path or a backslash in it"),
        ("backslash", "has an absolute path or a backslash in it"),
        ("parent", "leaves its folder with '..'"),
        ("symlink out", "is a link out of the archive, to '../../../etc/passwd'"),
        ("absolute symlink", "is a link out of the archive, to '/etc/passwd'"),
        ("hard link out", "is a link out of the archive, to '../etc/passwd'"),
        ("link inside", "is a link where a file belongs"),
        ("device", "is neither a file nor a folder"),
        ("twice", "is there twice"),
        ("windows name", "has a name that Windows takes for something else"),
        ("huge", "makes the headers larger than those of any Python"),
        ("many", "makes the headers larger than those of any Python"),
        ("bomb", "is beyond any size that a build of Python has"),
    ],
)
@pytest.mark.parametrize("flavour", [STRIPPED, "pgo+lto-full.tar.zst"])
def test_a_hostile_archive_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str, why: str, flavour: str
) -> None:
    monkeypatch.setattr(archives, "FILE_SIZE_MAX", 2000)
    monkeypatch.setattr(archives, "FILES_MAX", 10)
    monkeypatch.setattr(archives, "UNPACKED_SIZE_MAX", 50_000)
    release = Release()
    name = release.add_tar(f"cpython-3.13.0+{TAG}-{LINUX}-{flavour}", hostile(change))
    server = Server(release)
    try:
        fetcher = fetcher_of(server.url, tmp_path / "cache")
        with pytest.raises(AllocondaError) as caught:
            fetcher.entry(W313)
    finally:
        server.close()
    assert str(caught.value).startswith(f"The archive {name} is refused: its member '")
    assert str(caught.value).endswith(f"' {why}. Use another mirror.")
    assert fetcher.cache.entries() == []
    assert leftovers(fetcher.cache.root) == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cache"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"not an archive", "cannot be unpacked"),
        (hostile("none")[:600], "cannot be unpacked"),
        (b"", "cannot be unpacked"),
        (bytes(10240), "has no Python.h: it is not a build of CPython."),
    ],
)
@pytest.mark.parametrize("flavour", [STRIPPED, "pgo+lto-full.tar.zst"])
def test_a_damaged_archive_is_refused(tmp_path: Path, content: bytes, sentence: str, flavour: str) -> None:
    release = Release()
    name = release.add_tar(f"x-{flavour}", content)
    path = tmp_path / name
    for number, (raw, expected) in enumerate([(release.archives[name], sentence), (content, "cannot be unpacked")]):
        path.write_bytes(raw)
        with pytest.raises(AllocondaError, match=f"The archive {name.replace('+', '.')} {expected}"):
            archives.extract(path, tmp_path / str(number))
