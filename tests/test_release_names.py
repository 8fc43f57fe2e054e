"""What the releases of python-build-standalone are really called: which archive a target gets out of them.

Facts: the list of archives in uv 0.13.9 (`uv python list --all-versions --all-platforms --all-arches --show-urls`), and
"distributions.rst" of python-build-standalone for the full archives.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alloconda.errors import AllocondaError
from alloconda.headers.builds import LAST_RELEASES, Asset, Wanted, newest, triples_of
from alloconda.headers.cache import Cache
from alloconda.headers.download import Downloader, Patience
from alloconda.headers.fetch import Fetcher, Releases
from alloconda.headers.lock import LockFile
from releases import Release, Server

if TYPE_CHECKING:
    from pathlib import Path

TAG = "20261110"
VERSIONS = ("3.11.18", "3.12.16", "3.13.18", "3.14.10", "3.15.2", "3.16.0a2")
X86_64 = ("x86_64-unknown-linux-gnu", "x86_64-unknown-linux-musl")
TRIPLES = {
    # By platform tag: the triple whose archive is right. Every release has these.
    "manylinux_2_17_x86_64": "x86_64-unknown-linux-gnu",
    "manylinux_2_28_aarch64": "aarch64-unknown-linux-gnu",
    "manylinux_2_31_armv7l": "armv7-unknown-linux-gnueabihf",
    "manylinux_2_17_ppc64le": "ppc64le-unknown-linux-gnu",
    "manylinux2014_s390x": "s390x-unknown-linux-gnu",
    "manylinux_2_31_riscv64": "riscv64-unknown-linux-gnu",
    "musllinux_1_2_x86_64": "x86_64-unknown-linux-musl",
    "musllinux_1_2_aarch64": "aarch64-unknown-linux-musl",
    "macosx_10_15_x86_64": "x86_64-apple-darwin",
    "macosx_11_0_arm64": "aarch64-apple-darwin",
    "win_amd64": "x86_64-pc-windows-msvc",
    "win32": "i686-pc-windows-msvc",
    "win_arm64": "aarch64-pc-windows-msvc",
}
# Builds for newer processors, with the soft-float ABI, and for something that is no wheel platform.
NOT_CHOSEN = [
    *(f"x86_64_{level}{triple.removeprefix('x86_64')}" for level in ("v2", "v3", "v4") for triple in X86_64),
    "armv7-unknown-linux-gnueabi",
]
SMALL, PLAIN = "install_only_stripped.tar.gz", "install_only.tar.gz"
DEBUG = ("debug-full.tar.zst", "freethreaded+debug-full.tar.zst")


def full_of(triple: str) -> str:
    """What the optimised full archive of a build is called."""
    if "windows" in triple:
        return "pgo-full.tar.zst"
    optimised = triple.endswith("darwin") or triple in ("x86_64-unknown-linux-gnu", "aarch64-unknown-linux-gnu")
    return "pgo+lto-full.tar.zst" if optimised else "lto-full.tar.zst"


def names_of(version: str, triple: str) -> list[str]:
    """All that a release has of one version for one platform."""
    start = f"cpython-{version}+{TAG}-{triple}"
    made = [f"{start}-{flavour}" for flavour in (SMALL, PLAIN, full_of(triple), *DEBUG[:1])]
    if int(version.split(".")[1]) > 12:
        made += [f"{start}-freethreaded-{flavour}" for flavour in (SMALL, PLAIN)]
        made += [f"{start}-freethreaded+{full_of(triple)}", f"{start}-{DEBUG[1]}"]
    return made


def release_names() -> list[str]:
    """The names of a whole release, as its SHA256SUMS has them."""
    triples = [*TRIPLES.values(), *NOT_CHOSEN]
    archives = [name for version in VERSIONS for triple in triples for name in names_of(version, triple)]
    return [*archives, *(f"{name}.sha256" for name in archives[:20]), "SHA256SUMS", f"cpython-{TAG}-metadata.json"]


NAMES = release_names()


def assets(names: list[str]) -> list[Asset]:
    return [asset for name in names if (asset := Asset.read(name, "0" * 64))]


@pytest.mark.parametrize(("tag", "triple"), TRIPLES.items())
def test_each_platform_gets_its_own_archive(tag: str, triple: str) -> None:
    assert triples_of(tag) == (triple,)
    found = assets(NAMES)
    for version in VERSIONS:
        minor = int(version.split(".")[1])
        chosen = newest(found, Wanted(minor, free_threaded=False, triple=triple))
        assert chosen is not None
        assert chosen.name == f"cpython-{version}+{TAG}-{triple}-{SMALL}"
        free = newest(found, Wanted(minor, free_threaded=True, triple=triple))
        expected = f"cpython-{version}+{TAG}-{triple}-freethreaded-{SMALL}" if minor > 12 else None
        assert (free and free.name) == expected


def test_the_two_architectures_of_macos() -> None:
    assert triples_of("macosx_11_0_universal2") == ("aarch64-apple-darwin", "x86_64-apple-darwin")


@pytest.mark.parametrize(
    ("name", "version", "triple", "free_threaded"),
    [
        # Names of older releases, one of each kind.
        (
            "cpython-3.13.1+20250106-x86_64-unknown-linux-gnu-install_only.tar.gz",
            "3.13.1",
            "x86_64-unknown-linux-gnu",
            False,
        ),
        (
            "cpython-3.15.0a1+20251031-x86_64-unknown-linux-gnu-freethreaded+pgo+lto-full.tar.zst",
            "3.15.0a1",
            "x86_64-unknown-linux-gnu",
            True,
        ),
        (
            "cpython-3.13.0rc3+20241002-aarch64-pc-windows-msvc-freethreaded+pgo-full.tar.zst",
            "3.13.0rc3",
            "aarch64-pc-windows-msvc",
            True,
        ),
        (
            "cpython-3.12.0+20231002-aarch64-unknown-linux-gnu-noopt-full.tar.zst",
            "3.12.0",
            "aarch64-unknown-linux-gnu",
            False,
        ),
        (
            "cpython-3.14.0+20251014-riscv64-unknown-linux-gnu-freethreaded+lto-full.tar.zst",
            "3.14.0",
            "riscv64-unknown-linux-gnu",
            True,
        ),
        (
            "cpython-3.11.5+20230826-i686-unknown-linux-gnu-install_only.tar.gz",
            "3.11.5",
            "i686-unknown-linux-gnu",
            False,
        ),
        (
            "cpython-3.13.1+20250106-x86_64-unknown-linux-gnu-pgo+lto+bolt-full.tar.zst",
            "3.13.1",
            "x86_64-unknown-linux-gnu",
            False,
        ),
    ],
)
def test_names_are_taken_apart(name: str, version: str, triple: str, *, free_threaded: bool) -> None:
    asset = Asset.read(name, "0" * 64)
    assert asset is not None
    assert (str(asset.version), asset.triple, asset.free_threaded) == (version, triple, free_threaded)


@pytest.mark.parametrize(
    "name",
    [
        "cpython-3.14.10+20261110-wasm32-unknown-emscripten-install_only.tar.gz",
        "cpython-3.13.1+20250106-x86_64-unknown-linux-musl-lto+static-full.tar.zst",
        "cpython-3.12.2+20240224-x86_64-pc-windows-msvc-shared-install_only.tar.gz",
        "cpython-3.10.0-x86_64-unknown-linux-gnu-pgo+lto-20211017T1616.tar.zst",
        "cpython-3.13.1+20250106-x86_64-unknown-linux-gnu-debug-full.tar.zst",
        "cpython-3.13.1+20250106-x86_64-unknown-linux-gnu-install_only.tar.gz.sha256",
        "pypy3.11-v7.3.20-linux64.tar.bz2",
        "SHA256SUMS",
    ],
)
def test_what_is_never_taken(name: str) -> None:
    """Nothing is chosen for any wheel platform, whether or not the name can be read."""
    asset = Asset.read(name, "0" * 64)
    assert asset is None or asset.triple not in TRIPLES.values()


wanted_headers = st.builds(Wanted, st.integers(10, 16), st.booleans(), st.sampled_from(sorted(TRIPLES.values())))


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(NAMES), max_size=60, unique=True), wanted_headers)
def test_any_part_of_a_release_gives_the_best_of_it(names: list[str], wanted: Wanted) -> None:
    """Whatever is there, in whatever order: the answer fits, nothing better is there, and none only when none fits."""
    chosen = newest(assets(names), wanted)
    words = "-freethreaded" if wanted.free_threaded else ""
    start = re.compile(rf"cpython-3\.{wanted.minor}\.[0-9a-z]+\+{TAG}-{re.escape(wanted.triple + words)}[-+]")
    fitting = [name for name in names if start.match(name) and "debug" not in name and name.endswith((".gz", ".zst"))]
    if not wanted.free_threaded:
        fitting = [name for name in fitting if "freethreaded" not in name]
    if chosen is None:
        assert fitting == []
        return
    kinds = [SMALL, PLAIN, "full.tar.zst"]
    ranks = [next(rank for rank, kind in enumerate(kinds) if name.endswith(kind)) for name in fitting]
    assert chosen.name == fitting[ranks.index(min(ranks))]


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=40) | st.from_regex(r"cpython-[0-9.a-z]*\+[0-9]+-[a-z0-9_-]*-[a-z+_]*\.tar\.(gz|zst)"))
def test_no_name_is_an_error(name: str) -> None:
    asset = Asset.read(name, "0" * 64)
    assert asset is None or asset.preference is not None


@settings(max_examples=200, deadline=None)
@given(st.integers(10, 16), st.lists(st.integers(0, 30), min_size=1, max_size=8, unique=True), st.randoms())
def test_patch_numbers_are_numbers(minor: int, patches: list[int], random: object) -> None:
    """3.13.10 is newer than 3.13.9, and any final version than a pre-release."""
    triple = "x86_64-unknown-linux-gnu"
    versions = [f"3.{minor}.{patch}" for patch in patches] + [f"3.{minor}.{max(patches) + 1}rc1"]
    random.shuffle(versions)  # type: ignore[attr-defined]
    chosen = newest(assets([f"cpython-{version}+{TAG}-{triple}-{SMALL}" for version in versions]), wanted_of(minor))
    assert chosen is not None
    assert str(chosen.version) == f"3.{minor}.{max(patches)}"


def wanted_of(minor: int) -> Wanted:
    return Wanted(minor, free_threaded=False, triple="x86_64-unknown-linux-gnu")


class Silence:
    def at(self, name: str, done: int, total: int | None) -> None:
        """Shows nothing."""

    def said(self, sentence: str) -> None:
        """Says nothing."""


def test_a_version_that_is_no_longer_maintained(tmp_path: Path) -> None:
    """The newest release has no 3.10 any more: it comes from the last one that had."""
    triple = "x86_64-unknown-linux-gnu"
    new, old = Release(TAG), Release(LAST_RELEASES[10])
    new.add("3.14.10", triple, SMALL, {"python/include/python3.14/Python.h": b"\n"})
    old.add("3.10.22", triple, SMALL, {"python/include/python3.10/Python.h": b"\n"})
    old.add("3.14.9", triple, SMALL, {"python/include/python3.14/Python.h": b"/* older */\n"})
    server = Server(new)
    cache = Cache(tmp_path / "cache")
    downloader = Downloader(Silence(), Patience(connect=2, read=2, attempts=1, pause=0.01))

    def fetch(minor: int) -> str:
        fetcher = Fetcher(cache, Releases(server.url), downloader, LockFile(cache.root / "lock.json"))
        return fetcher.entry(wanted_of(minor)).version

    try:
        # A mirror of the newest release alone.
        with pytest.raises(AllocondaError, match=f"no CPython 3.10 for {triple} in its release {TAG}: name the"):
            fetch(10)
        server.files = old.files() | server.files
        assert [fetch(minor) for minor in (10, 14)] == ["3.10.22", "3.14.10"]
        with pytest.raises(AllocondaError, match=f"no CPython 3.9 for {triple} in its release {TAG}"):
            fetch(9)
    finally:
        server.close()
