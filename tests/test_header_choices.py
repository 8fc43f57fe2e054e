"""Which archive of headers a build takes, by name."""

from __future__ import annotations

import pytest

from alloconda.errors import AllocondaError
from alloconda.headers.builds import Asset, Wanted, newest, triples_of
from fetching import LINUX, MUSL, STRIPPED, W313, WINDOWS
from releases import TAG

NAMES = [
    # Name of the archive, what it is: version, triple, free-threaded. As release 20250115 and its neighbours have them.
    ("cpython-3.13.1+20250115-x86_64-unknown-linux-gnu-install_only_stripped.tar.gz", ("3.13.1", LINUX, False)),
    ("cpython-3.13.1+20250115-x86_64-unknown-linux-gnu-pgo+lto-full.tar.zst", ("3.13.1", LINUX, False)),
    ("cpython-3.13.1+20250115-x86_64-unknown-linux-gnu-freethreaded+pgo+lto-full.tar.zst", ("3.13.1", LINUX, True)),
    ("cpython-3.13.1+20250115-x86_64-pc-windows-msvc-freethreaded+pgo-full.tar.zst", ("3.13.1", WINDOWS, True)),
    (
        "cpython-3.14.0rc2+20250818-aarch64-apple-darwin-install_only.tar.gz",
        ("3.14.0rc2", "aarch64-apple-darwin", False),
    ),
    (
        "cpython-3.14.0+20251014-armv7-unknown-linux-gnueabihf-freethreaded-install_only.tar.gz",
        ("3.14.0", "armv7-unknown-linux-gnueabihf", True),
    ),
    (
        "cpython-3.12.8+20250115-x86_64_v3-unknown-linux-gnu-install_only.tar.gz",
        ("3.12.8", "x86_64_v3-unknown-linux-gnu", False),
    ),
    ("cpython-3.12.8+20250115-i686-pc-windows-msvc-install_only.tar.gz", ("3.12.8", "i686-pc-windows-msvc", False)),
    ("cpython-3.13.1+20250115-x86_64-unknown-linux-gnu-debug-full.tar.zst", None),
    ("cpython-3.13.1+20250115-x86_64-unknown-linux-gnu-freethreaded+debug-full.tar.zst", None),
    ("cpython-3.13.1+20250115-x86_64-unknown-linux-gnu-install_only.tar.gz.sha256", None),
    ("pypy-3.11", None),
]


@pytest.mark.parametrize(("name", "expected"), NAMES)
def test_names_of_archives(name: str, expected: tuple[str, str, bool] | None) -> None:
    asset = Asset.read(name, "0" * 64)
    assert (asset and (str(asset.version), asset.triple, asset.free_threaded)) == expected


def test_the_newest_final_and_smallest_archive_is_taken() -> None:
    names = [
        f"cpython-3.13.9+{TAG}-{LINUX}-{STRIPPED}",
        f"cpython-3.13.10+{TAG}-{LINUX}-pgo+lto-full.tar.zst",
        f"cpython-3.13.10+{TAG}-{LINUX}-install_only.tar.gz",
        f"cpython-3.13.10+{TAG}-{LINUX}-{STRIPPED}",
        f"cpython-3.13.11rc1+{TAG}-{LINUX}-{STRIPPED}",
        f"cpython-3.13.12+{TAG}-{MUSL}-{STRIPPED}",
        f"cpython-3.15.0a3+{TAG}-{LINUX}-{STRIPPED}",
    ]
    assets = [asset for name in names if (asset := Asset.read(name, "0" * 64))]
    chosen = newest(assets, W313)
    assert chosen is not None
    assert chosen.name == names[3]
    early = newest(assets, Wanted(15, free_threaded=False, triple=LINUX))
    assert early is not None
    assert str(early.version) == "3.15.0a3"


@pytest.mark.parametrize(
    ("tag", "triples"),
    [
        ("manylinux_2_28_x86_64", (LINUX,)),
        ("manylinux2014_aarch64", ("aarch64-unknown-linux-gnu",)),
        ("manylinux_2_17_armv7l", ("armv7-unknown-linux-gnueabihf",)),
        ("musllinux_1_2_x86_64", (MUSL,)),
        ("macosx_11_0_universal2", ("aarch64-apple-darwin", "x86_64-apple-darwin")),
        ("macosx_10_13_x86_64", ("x86_64-apple-darwin",)),
        ("win_amd64", (WINDOWS,)),
        ("win_arm64", ("aarch64-pc-windows-msvc",)),
    ],
)
def test_builds_of_platform_tags(tag: str, triples: tuple[str, ...]) -> None:
    assert triples_of(tag) == triples


@pytest.mark.parametrize("tag", ["linux_x86_64", "manylinux_2_28", "manylinux_2_28_sparc", "any", "win64"])
def test_platform_tags_without_headers(tag: str) -> None:
    with pytest.raises(
        AllocondaError, match=f"There are no headers to fetch for '{tag}': name a complete platform tag"
    ):
        triples_of(tag)
