"""The Zig package of alloconda that this Python package carries, and how Zig gets to know it."""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import alloconda
from alloconda.errors import AllocondaError
from alloconda.toolchain.run import ask

if TYPE_CHECKING:
    from collections.abc import Mapping

    from alloconda.toolchain.locate import Zig

_PINNED = re.compile(r'\.hash\s*=\s*"(alloconda-[^"]+)"')
"""A dependency on our package by hash, in a ``build.zig.zon``."""
_BESIDE = re.compile(r'\.alloconda\s*=\s*\.\{[^{}]*?\.path\s*=\s*"([^"]+)"')
"""A dependency on our package by path."""
_COMMENT = re.compile(r"^\s*//.*$", re.MULTILINE)


def package_folder() -> Path:
    """Find the folder with the Zig package: in the installed wheel, or the checkout that we run from.

    Raises:
        AllocondaError: the installation is damaged.
    """
    package = Path(alloconda.__file__).parent
    checkout = package.parents[1]
    for folder in (package / "zig", checkout):
        zon = folder / "build.zig.zon"
        if zon.is_file() and re.search(r"\.name\s*=\s*\.alloconda\b", zon.read_text(encoding="utf-8")):
            return folder
    raise AllocondaError(f"The Zig package is missing beside {package}: install alloconda again.")


def package_paths(folder: Path) -> list[str]:
    """Read from ``build.zig.zon`` which files and folders the package consists of.

    Raises:
        AllocondaError: the file does not say.
    """
    text = _COMMENT.sub("", (folder / "build.zig.zon").read_text(encoding="utf-8"))
    match = re.search(r"\.paths\s*=\s*\.\{([^}]*)\}", text)
    if match is None:
        raise AllocondaError(f"{folder / 'build.zig.zon'} has no list of '.paths': install alloconda again.")
    return re.findall(r'"([^"]*)"', match[1])


def seed_cache(zig: Zig, project_dir: Path, environment: Mapping[str, str]) -> None:
    """Put the Zig package into Zig's global cache, so that a url + hash dependency on it needs no network.

    A project that pins no hash of the package (it has a path, as the examples do), or one that Zig already has, costs
    nothing.

    Args:
        zig: the Zig that will build.
        project_dir: the project; its ``build.zig.zon`` names the hash.
        environment: the environment that the build will run in.

    Raises:
        AllocondaError: Zig cannot take the package.
    """
    pinned = pinned_hash(project_dir)
    if pinned is None:
        return
    if is_cached(zig, pinned, environment):
        return
    carried = fetch_package(zig, environment)
    if carried != pinned:
        sys.stderr.write(
            f"warning: {project_dir / 'build.zig.zon'} pins the Zig package {pinned}, and alloconda "
            f"{alloconda.__version__} carries {carried}: install the alloconda of the pinned version, or pin this "
            "one.\n"
        )


def is_cached(zig: Zig, pinned: str, environment: Mapping[str, str]) -> bool:
    """Tell whether Zig has the package of a hash in its global cache."""
    # Zig 0.15 unpacks a package into its cache; later ones keep it packed.
    name = pinned if zig.release < (0, 16, 0) else f"{pinned}.tar.gz"
    return (global_cache_folder(zig, environment) / "p" / name).exists()


def pinned_hash(project_dir: Path) -> str | None:
    """Read the hash of our package that a project's ``build.zig.zon`` depends on, if it does so by hash."""
    match = _PINNED.search(_dependencies(project_dir))
    return match[1] if match else None


def pinned_folder(project_dir: Path) -> Path | None:
    """Read the folder that a project's ``build.zig.zon`` takes our package from, if it does so by path."""
    match = _BESIDE.search(_dependencies(project_dir))
    return project_dir / match[1] if match else None


def _dependencies(project_dir: Path) -> str:
    zon = project_dir / "build.zig.zon"
    return _COMMENT.sub("", zon.read_text(encoding="utf-8", errors="replace")) if zon.is_file() else ""


def fetch_package(zig: Zig, environment: Mapping[str, str]) -> str:
    """Put the Zig package into Zig's global cache, and return its hash."""
    source = package_folder()
    with tempfile.TemporaryDirectory(prefix="alloconda-") as temporary:
        # Zig copies the folder whole and sorts out afterwards; a checkout has much that is not in the package.
        staged = Path(temporary, "package")
        staged.mkdir()
        for name in package_paths(source):
            if (source / name).is_dir():
                # pip compiles every .py file that it installs, and the package's hash must not change by it.
                shutil.copytree(source / name, staged / name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copyfile(source / name, staged / name)
        # Zig 0.16 wants a project to fetch for, and unpacks the package into it: a project for a moment.
        project = Path(temporary, "project")
        project.mkdir()
        (project / "build.zig").touch()
        return ask(zig, ["fetch", str(staged)], project, environment).strip()


def global_cache_folder(zig: Zig, environment: Mapping[str, str]) -> Path:
    """Find Zig's global cache."""
    if folder := environment.get("ZIG_GLOBAL_CACHE_DIR"):
        return Path(folder)
    answer = ask(zig, ["env"], Path.cwd(), environment)
    match = re.search(r'\.global_cache_dir = "(.*)"', answer)
    if match is None:
        raise AllocondaError(f"{zig.executable} env does not tell the global cache folder: set ZIG_GLOBAL_CACHE_DIR.")
    return Path(match[1].replace("\\\\", "\\"))
