"""Looks at everything that a build needs: what is found, what is missing, and what to do. Needs no network."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import alloconda
from alloconda.config import Config
from alloconda.errors import AllocondaError
from alloconda.folders import user_cache_folder
from alloconda.project import Project, read_config, read_pyproject
from alloconda.toolchain.locate import locate
from alloconda.toolchain.package import (
    fetch_package,
    global_cache_folder,
    is_cached,
    package_folder,
    package_paths,
    pinned_folder,
    pinned_hash,
)
from alloconda.toolchain.run import environment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alloconda.toolchain.locate import Zig

Status = Literal["ok", "note", "missing"]

BACKEND = "alloconda.build_backend"
_TIMEOUT_SECONDS = 10


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    subject: str
    """A word or two, such as "Zig"."""
    status: Status
    """"note" does not stand in the way of a build."""
    sentence: str
    remedy: str | None = None
    """What to do, when it is not "ok"."""


def examine(project_dir: Path) -> Iterator[Finding]:
    """Look at the installation, and at a project if there is one.

    Args:
        project_dir: a folder; one with neither build.zig nor pyproject.toml is no project.

    Yields:
        What is found, in the order in which a build needs it.
    """
    yield Finding("alloconda", "ok", f"{alloconda.__version__}, in {Path(alloconda.__file__).parent}")
    yield _python()
    zig, finding = _zig(project_dir)
    yield finding
    yield _zig_package()
    yield from _caches(zig, project_dir)
    yield _program("git", "an sdist then takes all files but those that .gitignore names")
    yield Finding("C compiler", "ok", "not needed: Zig compiles C too")
    yield _installer()
    yield _uploader()
    if any((project_dir / name).is_file() for name in ("build.zig", "pyproject.toml")):
        yield from _project(project_dir, zig)
    else:
        yield Finding("project", "note", f"there is none in {project_dir}", "run 'alloconda init' to make one")


def _python() -> Finding:
    kind = "in a virtual environment" if sys.prefix != sys.base_prefix else "in no virtual environment"
    return Finding("Python", "ok", f"{sys.version.split()[0]}, {sys.executable}, {kind}")


def _zig(project_dir: Path) -> tuple[Zig | None, Finding]:
    setting = Config.from_environment().zig
    source = f"ALLOCONDA_ZIG={setting}" if setting else ""
    try:
        configured = read_config(project_dir).zig
    except AllocondaError:
        configured = setting  # what is wrong with the project is said below
    if configured and configured != setting:
        setting, source = configured, f"'zig' in [tool.alloconda], {configured}"
    try:
        zig = locate(setting)
    except AllocondaError as error:
        return None, Finding("Zig", "missing", str(error))
    if not source:
        found = importlib.util.find_spec("ziglang")
        folders = [Path(folder).absolute() for folder in (found.submodule_search_locations or [])] if found else []
        source = "the ziglang package" if zig.executable.parent in folders else "PATH"
    return zig, Finding("Zig", "ok", f"{zig.version}, {zig.executable}, from {source}")


def _zig_package() -> Finding:
    again = "install alloconda again"
    try:
        folder = package_folder()
        lost = [name for name in package_paths(folder) if not (folder / name).exists()]
    except AllocondaError as error:
        return Finding("Zig package", "missing", str(error), again)
    if lost:
        return Finding("Zig package", "missing", f"{folder} lacks {', '.join(lost)}", again)
    return Finding("Zig package", "ok", str(folder))


def _caches(zig: Zig | None, project_dir: Path) -> Iterator[Finding]:
    try:
        yield _writable("cache", user_cache_folder(), "XDG_CACHE_HOME")
    except AllocondaError as error:
        yield Finding("cache", "missing", str(error), "set HOME, or XDG_CACHE_HOME")
    yield _writable("temporary files", Path(tempfile.gettempdir()), "TMPDIR")
    if zig is None:
        return
    try:
        folder = global_cache_folder(zig, environment(zig, project_dir))
    except AllocondaError as error:
        yield Finding("Zig's cache", "missing", str(error), "install Zig again, or set ZIG_GLOBAL_CACHE_DIR")
        return
    yield _writable("Zig's cache", folder, "ZIG_GLOBAL_CACHE_DIR")


def _writable(subject: str, folder: Path, variable: str) -> Finding:
    """Try to write a file there, or where the folder would be made."""
    existing = next((parent for parent in (folder, *folder.parents) if parent.exists()), folder)
    try:
        with tempfile.TemporaryFile(dir=existing):
            return Finding(subject, "ok", str(folder))
    except OSError as error:
        return Finding(
            subject, "missing", f"{folder} cannot be written: {error.strerror}", f"set {variable} to another folder"
        )


def _program(name: str, without: str) -> Finding:
    path = shutil.which(name)
    if path is None:
        return Finding(name, "note", f"not installed: {without}")
    try:
        done = subprocess.run(
            [path, "--version"], stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=_TIMEOUT_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired):
        return Finding(name, "note", f"{path} does not run: {without}")
    return Finding(
        name, "ok", f"{done.stdout.decode(errors='replace').strip().removeprefix(f'{name} version ')}, {path}"
    )


def _installer() -> Finding:
    if importlib.util.find_spec("pip"):
        return Finding("installer", "ok", "pip")
    if path := shutil.which("uv"):
        return Finding("installer", "ok", f"uv, {path}")
    return Finding("installer", "note", "neither pip nor uv: 'alloconda develop' cannot install", "python -m ensurepip")


def _uploader() -> Finding:
    if importlib.util.find_spec("twine"):
        return Finding("uploader", "ok", "twine")
    return Finding(
        "uploader", "note", "no twine: 'alloconda publish' cannot upload", "pip install 'alloconda[publish]'"
    )


def _project(project_dir: Path, zig: Zig | None) -> Iterator[Finding]:
    if (project_dir / "build.zig").is_file():
        yield Finding("build.zig", "ok", str(project_dir / "build.zig"))
    else:
        yield Finding("build.zig", "missing", f"there is none in {project_dir}", "run 'alloconda init' there")
    yield _dependency(project_dir, zig)
    yield from _pyproject(project_dir, zig)
    if not os.access(project_dir, os.W_OK):
        yield Finding("project", "note", f"{project_dir} cannot be written: Zig's cache of it goes to the user's cache")


def _dependency(project_dir: Path, zig: Zig | None) -> Finding:
    """Look at where the project's Zig build gets our Zig package from."""
    subject = "build.zig.zon"
    folder = pinned_folder(project_dir)
    if folder is not None:
        if (folder / "build.zig").is_file():
            return Finding(subject, "ok", f"takes alloconda from {folder}")
        return Finding(subject, "missing", f"takes alloconda from {folder}, where it is not", "correct the path")
    pinned = pinned_hash(project_dir)
    if pinned is None:
        return Finding(subject, "note", "it has no dependency on alloconda: build.zig must do without its import")
    if zig is None:
        return Finding(subject, "note", f"pins {pinned}; without Zig it cannot be compared")
    return _pinned_package(project_dir, zig, pinned)


def _pinned_package(project_dir: Path, zig: Zig, pinned: str) -> Finding:
    """Compare the Zig package that the project pins by its hash with ours."""
    subject = "build.zig.zon"
    variables = environment(zig, project_dir)
    try:
        carried = fetch_package(zig, variables)
        has_it = is_cached(zig, pinned, variables)
    except AllocondaError as error:
        return Finding(subject, "missing", str(error), "see the line on Zig's cache")
    if carried == pinned:
        return Finding(subject, "ok", f"pins {pinned}, which this alloconda carries")
    return Finding(
        subject,
        "note" if has_it else "missing",
        f"pins {pinned}, which Zig {'has in its cache' if has_it else 'would have to download'}, and this alloconda "
        f"carries {carried}",
        "install the alloconda of the pinned version, or pin this one",
    )


def _pyproject(project_dir: Path, zig: Zig | None) -> Iterator[Finding]:
    subject = "pyproject.toml"
    try:
        table = read_pyproject(project_dir)
        read_config(project_dir)
        project = Project.load(project_dir)
    except AllocondaError as error:
        yield Finding(subject, "missing", str(error), "'alloconda init' adds what is not there")
        return
    yield Finding(subject, "ok", f"{project.metadata.name} {project.metadata.version}")
    build_system = table.get("build-system", {})
    backend = build_system.get("build-backend") if isinstance(build_system, dict) else None
    if backend != BACKEND:
        yield Finding(
            "backend",
            "note",
            f"[build-system] names {backend or 'none'}: pip and other front ends do not use alloconda",
            f"write build-backend = \"{BACKEND}\" there, and alloconda into its 'requires'",
        )
        return
    yield Finding("backend", "ok", BACKEND)
    requires = build_system.get("requires", [])
    yield _pinned_zig([str(one) for one in requires] if isinstance(requires, list) else [], zig)


def _pinned_zig(requires: list[str], zig: Zig | None) -> Finding:
    """Look at which Zig an isolated build gets. Zig is not stable, and a project is written for one release of it."""
    from packaging.requirements import InvalidRequirement, Requirement

    subject = "Zig of pip's builds"
    for text in requires:
        try:
            requirement = Requirement(text)
        except InvalidRequirement:
            return Finding(subject, "note", f"'requires' of [build-system] has '{text}', which is no requirement")
        if requirement.name != "ziglang":
            continue
        # PyPI's ziglang has post releases: 0.13.0.post1 is Zig 0.13.0.
        if zig and not requirement.specifier.contains(re.sub(r"[-+].*", "", zig.version), prereleases=True):
            return Finding(subject, "note", f"{requirement}, and commands use {zig.version}", "use the same for both")
        return Finding(subject, "ok", str(requirement))
    return Finding(
        subject, "note", "the newest: 'requires' of [build-system] pins no ziglang", "add one, such as ziglang==0.16.0"
    )
