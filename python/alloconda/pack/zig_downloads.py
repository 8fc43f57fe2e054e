"""Where Zig keeps the packages that it has downloaded, unpacked."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from alloconda.folders import home_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

_HASH = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.+-]*")


def unpacked(project_dir: Path, digest: str) -> Path | None:
    """Find the folder of a package by its hash.

    Args:
        project_dir: the project that is built.
        digest: the package's hash, as ``build.zig.zon`` has it.

    Returns:
        The folder; ``None`` when Zig has not unpacked it, or somewhere else than by default.
    """
    if not _HASH.fullmatch(digest):
        return None
    return next((folder / digest for folder in _folders(project_dir) if (folder / digest).is_dir()), None)


def _folders(project_dir: Path) -> Iterator[Path]:
    """Yield where packages lie, by the sources of Zig (``introspect.zig``, ``Package/Fetch.zig``)."""
    if local := os.environ.get("ZIG_LOCAL_PKG_DIR"):  # Zig 0.17
        yield Path(local)
    yield project_dir / "zig-pkg"  # since Zig 0.16
    if folder := os.environ.get("ZIG_GLOBAL_CACHE_DIR"):
        yield Path(folder) / "p"
    elif sys.platform == "win32":
        if folder := os.environ.get("LOCALAPPDATA"):
            yield Path(folder) / "zig" / "p"
    elif folder := os.environ.get("XDG_CACHE_HOME"):
        yield Path(folder) / "zig" / "p"
    else:
        yield home_folder() / ".cache" / "zig" / "p"
