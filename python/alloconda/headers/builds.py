"""Builds of CPython by python-build-standalone: how they are named, and which of them a target needs.

Facts: the project's documentation on distributions ("distributions.rst") and on running ("running.rst").
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from packaging.version import InvalidVersion, Version

from alloconda.errors import AllocondaError

if TYPE_CHECKING:
    from collections.abc import Iterable

_ASSET = re.compile(
    r"cpython-(?P<version>[0-9][0-9a-z.]*)\+(?P<release>[0-9A-Za-z]+)-"
    r"(?P<triple>[a-z0-9_]+(?:-[a-z0-9_]+){2,3}?)-"
    r"(?P<flavour>(?:freethreaded-)?install_only(?:_stripped)?\.tar\.gz|[a-z+]+-full\.tar\.zst)"
)
_VERSION = re.compile(r"3\.(?P<minor>[0-9]+)(?P<free_threaded>t?)")
_OPTIMISATIONS = {"pgo", "lto", "bolt", "noopt"}

LAST_RELEASES = {10: "20261009"}
"""By minor version: the last release with builds of a CPython that is no longer maintained; newer ones have none."""

_LINUX = {
    "x86_64": "x86_64-unknown-linux-{}",
    "i686": "i686-unknown-linux-{}",
    "aarch64": "aarch64-unknown-linux-{}",
    "armv7l": "armv7-unknown-linux-{}eabihf",
    "ppc64le": "ppc64le-unknown-linux-{}",
    "s390x": "s390x-unknown-linux-{}",
    "riscv64": "riscv64-unknown-linux-{}",
    "loongarch64": "loongarch64-unknown-linux-{}",
}
_MACOS = {
    "arm64": ("aarch64-apple-darwin",),
    "x86_64": ("x86_64-apple-darwin",),
    "universal2": ("aarch64-apple-darwin", "x86_64-apple-darwin"),
}
_WINDOWS = {
    "win_amd64": "x86_64-pc-windows-msvc",
    "win32": "i686-pc-windows-msvc",
    "win_arm64": "aarch64-pc-windows-msvc",
}


@dataclass(frozen=True, order=True)
class Wanted:
    """What headers are wanted for: a minor version of CPython, with or without its lock, on a platform."""

    minor: int
    """14 for Python 3.14."""
    free_threaded: bool
    triple: str
    """As python-build-standalone names platforms, such as "x86_64-unknown-linux-gnu"."""

    @classmethod
    def read(cls, version: str, triple: str) -> Wanted:
        """Read a version as users write it, "3.14" or "3.14t".

        Raises:
            AllocondaError: it is not written so.
        """
        match = _VERSION.fullmatch(version)
        if match is None:
            raise AllocondaError(f"'{version}' is not a Python version: write it as 3.14, or 3.14t for free threading.")
        return cls(int(match["minor"]), bool(match["free_threaded"]), triple)

    @property
    def version(self) -> str:
        """The version as users write it."""
        return f"3.{self.minor}{'t' if self.free_threaded else ''}"

    def __str__(self) -> str:
        """What messages and the lock file call it."""
        return f"{self.version} {self.triple}"


@dataclass(frozen=True)
class Asset:
    """One archive of a release."""

    name: str
    sha256: str
    version: Version
    release: str
    """The release's tag, a date such as "20250115"."""
    triple: str
    flavour: str
    """What follows the triple in the name."""

    @classmethod
    def read(cls, name: str, sha256: str) -> Asset | None:
        """Take a name apart; ``None`` for anything that is not an optimised CPython."""
        match = _ASSET.fullmatch(name)
        if match is None:
            return None
        try:
            version = Version(match["version"])
        except InvalidVersion:
            return None
        asset = cls(name, sha256, version, match["release"], match["triple"], match["flavour"])
        return asset if asset.preference is not None else None

    @property
    def free_threaded(self) -> bool:
        """Whether it is a build without the global interpreter lock."""
        return self.flavour.startswith("freethreaded")

    @property
    def preference(self) -> int | None:
        """The lower, the sooner it is taken: small archives first. ``None``: never, since it is a debug build."""
        if "install_only_stripped" in self.flavour:
            return 0
        if "install_only" in self.flavour:
            return 1
        options = set(self.flavour.partition("-")[0].split("+")) - {"freethreaded"}
        return 2 if options and options <= _OPTIMISATIONS else None

    def fits(self, wanted: Wanted) -> bool:
        """Tell whether it is a build of what is wanted."""
        return (
            self.version.release[:2] == (3, wanted.minor)
            and self.free_threaded == wanted.free_threaded
            and self.triple == wanted.triple
        )


def newest(assets: Iterable[Asset], wanted: Wanted) -> Asset | None:
    """Choose the newest patch release; one that is not final only when there is no other."""
    fitting = [asset for asset in assets if asset.fits(wanted)]
    if not fitting:
        return None
    final = [asset for asset in fitting if not asset.version.is_prerelease] or fitting
    version = max(asset.version for asset in final)
    return min((asset for asset in final if asset.version == version), key=lambda asset: asset.preference or 0)


def triples_of(platform_tag: str) -> tuple[str, ...]:
    """Name the builds whose headers a platform tag needs: two for universal2, one for all others.

    Args:
        platform_tag: a complete tag, such as "manylinux_2_28_x86_64"; `alloconda.platforms` completes shorter ones.

    Raises:
        AllocondaError: there are no such builds.
    """
    if platform_tag in _WINDOWS:
        return (_WINDOWS[platform_tag],)
    linux = re.fullmatch(r"(many|musl)linux(?:_[0-9]+_[0-9]+|2014|2010|1)_(.+)", platform_tag)
    if linux and linux[2] in _LINUX:
        return (_LINUX[linux[2]].format("gnu" if linux[1] == "many" else "musl"),)
    macos = re.fullmatch(r"macosx_[0-9]+_[0-9]+_(.+)", platform_tag)
    if macos and macos[1] in _MACOS:
        return _MACOS[macos[1]]
    raise AllocondaError(
        f"There are no headers to fetch for '{platform_tag}': name a complete platform tag such as "
        "manylinux_2_28_x86_64, macosx_11_0_arm64 or win_amd64, or give --pbs-target."
    )


def this_arch() -> str:
    """Name this machine's architecture as Linux tags do."""
    import platform

    machine = platform.machine().lower()
    return {"armv8l": "armv7l", "i386": "i686", "i586": "i686", "arm64": "aarch64", "amd64": "x86_64"}.get(
        machine, machine
    )


def this_platform() -> str:
    """Name the triple of the machine that runs us.

    Raises:
        AllocondaError: it is of a kind that is not known.
    """
    import sysconfig

    system = sysconfig.get_platform()
    if system.startswith("linux"):
        musl = "musl" in (sysconfig.get_config_var("HOST_GNU_TYPE") or "")
        return triples_of(f"{'musllinux_1_2' if musl else 'manylinux_2_17'}_{this_arch()}")[0]
    if system.startswith("macosx"):
        return triples_of(f"macosx_11_0_{this_arch().replace('aarch64', 'arm64')}")[0]
    return triples_of(system.replace("-", "_"))[0]
