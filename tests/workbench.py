"""Zig compilers, and projects that are built with them.

Environment:
    ALLOCONDA_TEST_ZIGS: Zig executables to test with, separated like PATH. Default: the installed `ziglang`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from alloconda.zon import quoted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ROOT = Path(__file__).parent.parent
PATIENCE_SECONDS = 120
"""For what takes a second on an idle machine."""


@dataclass(frozen=True)
class Zig:
    """A Zig compiler and its version."""

    executable: Path
    version: str

    @property
    def environment(self) -> dict[str, str]:
        return {"ALLOCONDA_ZIG": str(self.executable), "ZIG_DEBUG_CMD": "1"}


@cache
def zigs() -> tuple[Zig, ...]:
    """All compilers to test with, oldest first."""
    listed = os.environ.get("ALLOCONDA_TEST_ZIGS", "")
    executables = [Path(entry) for entry in listed.split(os.pathsep) if entry]
    if not executables:
        import ziglang

        executables = [Path(ziglang.__file__).with_name("zig.exe" if os.name == "nt" else "zig")]
    found = [Zig(path, subprocess.check_output([path, "version"], text=True).strip()) for path in executables]
    return tuple(sorted(found, key=lambda zig: [int(part) for part in zig.version.split(".")]))


def usual_zig() -> Zig:
    """The compiler for tests that one is enough for: Zig 0.16 when it is there."""
    return next((zig for zig in zigs() if zig.version.startswith("0.16")), zigs()[-1])


class Workbench:
    """Builds projects and runs programs. Builds share Zig's caches, so that copies of a project compile once."""

    def __init__(self, folder: Path, caches: Path) -> None:
        self.folder = folder
        self.environment = os.environ | {
            "ZIG_GLOBAL_CACHE_DIR": os.environ.get("ZIG_GLOBAL_CACHE_DIR") or str(caches / "zig-cache"),
            "ZIG_LOCAL_CACHE_DIR": str(caches / "zig-local-cache"),
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        self._wheels: dict[tuple[object, ...], Path] = {}

    def run(
        self,
        command: Sequence[object],
        cwd: Path | None = None,
        status: int = 0,
        environment: Mapping[str, str] | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """Run a program; its exit status must be `status`."""
        done = subprocess.run(
            [str(part) for part in command],
            cwd=cwd or self.folder,
            env=self.environment | dict(environment or {}),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
        assert done.returncode == status, f"{command} ended with {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done

    def alloconda(
        self, *arguments: object, zig: Zig, cwd: Path | None = None, status: int = 0, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        """Run the command line of the checkout."""
        return self.run(
            [sys.executable, "-m", "alloconda", *arguments], cwd, status, environment=zig.environment | environment
        )

    def zig_build(
        self, *arguments: object, zig: Zig, cwd: Path, status: int = 0, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        """Run `zig build` as a user of Zig does."""
        return self.run([zig.executable, "build", *arguments], cwd, status, environment=zig.environment | environment)

    def virtual_environment(self, folder: Path) -> Path:
        """An environment to install into, which sees all that the interpreter of the tests has: its site-packages."""
        self.run([sys.executable, "-m", "venv", "--without-pip", folder])
        (site_packages,) = folder.glob("lib/python*/site-packages")
        lent = f"import site; site.addsitedir({sysconfig.get_path('purelib')!r})\n"
        (site_packages / "lent.pth").write_text(lent, "utf-8")
        return site_packages

    def wheel(self, project: Path, *options: str, zig: Zig) -> Path:
        """The wheel of a project, built once per set of options."""
        key = (project, options, zig)
        if key not in self._wheels:
            out = self.folder / f"wheels-{len(self._wheels)}"
            done = self.alloconda("wheel", "--project-dir", project, "--out-dir", out, *options, zig=zig)
            (wheel,) = out.glob("*.whl")
            assert done.stdout == f"{wheel.relative_to(self.folder)}\n"
            self._wheels[key] = wheel
        return self._wheels[key]

    def unpacked(self, wheel: Path) -> Path:
        """The folder to put on sys.path to import what a wheel holds."""
        folder = wheel.parent / "unpacked"
        if not folder.is_dir():
            with zipfile.ZipFile(wheel) as archive:
                archive.extractall(folder)
        return folder


def copy_package(target: Path) -> Path:
    """Copy alloconda's Zig package, as a wheel of it carries it: what build.zig.zon lists in `.paths`."""
    target.mkdir(parents=True)
    for name in ("build.zig", "build.zig.zon", "LICENSE"):
        shutil.copy(ROOT / name, target / name)
    shutil.copytree(ROOT / "src", target / "src", ignore=shutil.ignore_patterns("__pycache__"))
    return target


def copy_project(source: Path, target: Path) -> Path:
    """Copy a project without what builds leave behind; its dependency on this checkout stays valid."""
    ignore = shutil.ignore_patterns(".zig-cache", "zig-out", "zig-pkg", "dist", "*.so", "__pycache__")
    shutil.copytree(source, target, ignore=ignore)
    zon = target / "build.zig.zon"
    if not zon.is_file():
        return target
    path = quoted(os.path.relpath(ROOT, target))
    zon.write_text(zon.read_text("utf-8").replace('"../.."', path).replace('"../../.."', path), "utf-8")
    return target
