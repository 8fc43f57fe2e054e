"""Writes the files of a new project, or those that an existing Python project lacks.

What belongs to the user's Python half is never replaced: pyproject.toml gets the tables that it lacks and .gitignore
lines, and a README and the package's ``__init__.py`` stay as they are.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import tempfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alloconda import __version__, atomic
from alloconda.config import Config
from alloconda.errors import AllocondaError
from alloconda.project import read_config, read_pyproject
from alloconda.scaffold import names, templates
from alloconda.scaffold.pyproject import Stanzas, check_backend, with_missing_stanzas
from alloconda.toolchain.locate import REQUIREMENT, Zig, locate
from alloconda.toolchain.package import fetch_package
from alloconda.toolchain.run import ask, environment

if TYPE_CHECKING:
    from collections.abc import Iterable

_RELEASE = re.compile(r"\d{1,9}\.\d{1,9}\.\d{1,9}", re.ASCII)
_URL = re.compile(r"[a-z][a-z0-9+]*://.+")
_CARRIED_URL = f"https://alloconda.invalid/alloconda-{__version__}.tar.gz"
"""Stands where an address must stand; `toolchain.package` gives Zig the package of this version."""


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """What the user asked for; ``None`` means that it was not said."""

    name: str | None = None
    """The project's name. Default: that of pyproject.toml, else the folder's."""
    module_name: str | None = None
    """What Python imports. Default: the project's name as a module."""
    alloconda_path: str | None = None
    """A folder with the Zig package, or a URL that Zig fetches, in place of the package that we carry."""
    force: bool = False
    """Whether files that are in the way are replaced."""
    zig: str | None = None
    """The Zig executable to use."""


@dataclass(frozen=True)
class Created:
    """What has been done."""

    folder: Path
    written: tuple[Path, ...]
    """The files that were written or added to."""
    package_kept: Path | None
    """The package's ``__init__.py``, when it was there before."""


def create(folder: Path, wishes: Wishes) -> Created:
    """Make a project, or make an existing one ready to be built by alloconda.

    Args:
        folder: where; made if it is not there.
        wishes: names, and where alloconda comes from.

    Raises:
        AllocondaError: a name is not valid, a file is in the way, Zig is missing, or a file cannot be written. But for
            the last, nothing has been written.
    """
    if folder.exists() and not folder.is_dir():
        raise AllocondaError(f"{folder} is a file, and a project is a folder: give another name.")
    plan = _Plan.make(folder, wishes)
    plan.check_nothing_in_the_way(force=wishes.force)
    zig = locate(read_config(folder, Config(zig=wishes.zig)).zig)
    files = plan.files(zig, wishes.alloconda_path)
    try:
        for path, content in files.items():
            _write(folder / path, content)
    except OSError as error:
        raise AllocondaError(f"{error.filename or folder} cannot be written: {error.strerror}.") from error
    kept = folder / plan.init_py if plan.init_py not in files else None
    return Created(folder, tuple(folder / path for path in files), kept)


@dataclass(frozen=True)
class _Plan:
    """The names of a project and what is there of it."""

    folder: Path
    name: str
    module: str
    version: str
    package_dir: str
    """The Python package's folder in the project, with ``/``."""
    pyproject: str | None
    """The text of pyproject.toml, when there is one."""
    readme: str | None
    """The name of the README, when there is one."""

    @classmethod
    def make(cls, folder: Path, wishes: Wishes) -> _Plan:
        text, project = _existing(folder)
        if "name" in project:
            name = _name_of_existing(project["name"], wishes.name)
        elif wishes.name is not None:
            name = names.checked_project_name(wishes.name)
        else:
            name = names.project_name_of_folder(folder.resolve().name)
        module = names.checked_module_name(wishes.module_name or names.module_name_of_project(name))
        version = project.get("version")
        candidates = [f"python/{module}", f"src/{module}", module]
        readmes = sorted(path.name for path in folder.glob("README*"))
        return cls(
            folder=folder,
            name=name,
            module=module,
            version=version if isinstance(version, str) and _RELEASE.fullmatch(version) else "0.1.0",
            # In the order in which the packer looks: a second package of this name would hide the first.
            package_dir=next((path for path in candidates if (folder / path).is_dir()), candidates[0]),
            pyproject=text,
            readme="README.md" if "README.md" in readmes else next(iter(readmes), None),
        )

    @property
    def init_py(self) -> str:
        return f"{self.package_dir}/__init__.py"

    @property
    def test_py(self) -> str:
        return f"tests/test_{self.module}.py"

    def check_nothing_in_the_way(self, *, force: bool) -> None:
        paths = ["build.zig", "build.zig.zon", "src/root.zig", self.test_py]
        there = [path for path in paths if os.path.lexists(self.folder / path)]
        if there and not force:
            raise AllocondaError(
                f"{_listed(there)} in {self.folder.absolute()} would be overwritten, and nothing has been written: "
                "move what you want to keep, or say --force."
            )

    def files(self, zig: Zig, alloconda_path: str | None) -> dict[str, str]:
        """Compute the files to write: path in the project, whole text."""
        module = self.module
        dependency = _dependency(zig, self.folder, alloconda_path)
        files = {
            "build.zig": templates.BUILD_ZIG.substitute(module=module),
            "build.zig.zon": self._build_zig_zon(dependency),
            "src/root.zig": templates.ROOT_ZIG.substitute(module=module),
        }
        has_init_py = (self.folder / self.init_py).exists()
        if not has_init_py:
            files[self.init_py] = templates.INIT_PY.substitute(module=module)
        importable = f"{module}._native" if has_init_py else module
        files[self.test_py] = templates.TEST_PY.substitute(importable=importable)
        if self.readme is None:
            files["README.md"] = templates.README.substitute(
                name=self.name, module=module, package_dir=self.package_dir
            )
        files |= self._with_additions(zig, alloconda_path)
        return files

    def _build_zig_zon(self, dependency: str) -> str:
        zig_name = names.zig_name(self.module)
        # Zig: the high half is the name's CRC-32, the low half a number that no other package of the name has; 0 and
        # the highest are reserved.
        identity = 1 + secrets.randbelow(0xFFFFFFFE)
        return templates.BUILD_ZIG_ZON.substitute(
            zig_name=zig_name,
            version=self.version,
            fingerprint=f"0x{zlib.crc32(zig_name.encode()) << 32 | identity:x}",
            dependency=dependency,
        )

    def _with_additions(self, zig: Zig, alloconda_path: str | None) -> dict[str, str]:
        """Compute pyproject.toml and .gitignore, where they have anything to gain."""
        # A pinned package is that of this version of alloconda, so the version is pinned too.
        alloconda = "alloconda" if alloconda_path else f"alloconda=={__version__}"
        ziglang = f"ziglang=={zig.version}" if _RELEASE.fullmatch(zig.version) else REQUIREMENT
        stanzas = Stanzas((alloconda, ziglang), self.name, self.readme or "README.md", self.package_dir)
        pyproject = stanzas.new_file() if self.pyproject is None else with_missing_stanzas(self.pyproject, stanzas)
        gitignore = _read_text(self.folder / ".gitignore") or ""
        files = {"pyproject.toml": pyproject, ".gitignore": _with_lines(gitignore, templates.GITIGNORE)}
        before = {"pyproject.toml": self.pyproject, ".gitignore": gitignore}
        return {path: text for path, text in files.items() if text != before[path]}


def _existing(folder: Path) -> tuple[str | None, dict[str, Any]]:
    """Read pyproject.toml: its text and its ``[project]`` table, empty when there is none."""
    path = folder / "pyproject.toml"
    if not path.exists():
        return None, {}
    pyproject = read_pyproject(folder)
    check_backend(pyproject, path)
    project = pyproject.get("project", {})
    return _read_text(path), project if isinstance(project, dict) else {}


def _name_of_existing(name: object, wish: str | None) -> str:
    if not isinstance(name, str):
        raise AllocondaError("'name' in [project] of pyproject.toml must be a string: correct it.")
    if wish is not None and wish != name:
        raise AllocondaError(f"pyproject.toml names the project '{name}', and --name says '{wish}': leave out --name.")
    return names.checked_project_name(name)


def _dependency(zig: Zig, folder: Path, alloconda_path: str | None) -> str:
    """Write the entry of build.zig.zon for alloconda itself."""
    if alloconda_path is None:
        fetched = fetch_package(zig, environment(zig, folder.parent))
        return templates.DEPENDENCY_CARRIED.substitute(url=_CARRIED_URL, hash=fetched)
    if _URL.fullmatch(alloconda_path):
        url, fetched = _fetched(zig, alloconda_path)
        return templates.DEPENDENCY_FETCHED.substitute(url=url, hash=fetched)
    checkout = Path(alloconda_path)
    zon = _read_text(checkout / "build.zig.zon") or ""
    if not re.search(r"\.name\s*=\s*\.alloconda\b", zon):
        raise AllocondaError(
            f"'{alloconda_path}' (--alloconda-path) is neither a folder with the Zig package alloconda nor a URL that "
            "Zig fetches, such as git+https://example.org/alloconda."
        )
    try:
        # Of resolved paths: Zig does not go back through a symbolic link.
        path = os.path.relpath(checkout.resolve(), folder.resolve())
    except ValueError:
        raise AllocondaError(
            f"{checkout.resolve()} and {folder.resolve()} are on different drives, and Zig takes only a relative path "
            "to a package: move one of them."
        ) from None
    return templates.DEPENDENCY_PATH.substitute(path=_zig_text(path.replace(os.sep, "/")))


def _fetched(zig: Zig, url: str) -> tuple[str, str]:
    """Let Zig fetch a package, and return its address, with the commit of a git address, and its hash."""
    if url.endswith(".git") and not url.startswith("git+"):
        url = f"git+{url}"
    with tempfile.TemporaryDirectory(prefix="alloconda-") as temporary:
        folder = Path(temporary)
        (folder / "build.zig").touch()
        zon = folder / "build.zig.zon"
        fingerprint = f"0x{zlib.crc32(b'fetch') << 32 | 1:x}"
        text = templates.BUILD_ZIG_ZON.substitute(
            zig_name="fetch", version="0.0.0", fingerprint=fingerprint, dependency=""
        )
        zon.write_text(text, encoding="utf-8")
        ask(zig, ["fetch", "--save=alloconda", url], folder, environment(zig, folder))
        saved = zon.read_text(encoding="utf-8")
    found = [re.search(rf'\.{key}\s*=\s*"([^"]*)"', saved) for key in ("url", "hash")]
    if found[0] is None or found[1] is None:
        raise AllocondaError(f"zig fetch has saved no address and no hash for {url}: give a folder instead.")
    if not found[1][1].startswith("alloconda-"):
        raise AllocondaError(f"{url} is the Zig package {found[1][1]}, and not alloconda: correct --alloconda-path.")
    return found[0][1], found[1][1]


def _zig_text(text: str) -> str:
    """Escape text for a string literal of Zig."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return "".join(f"\\x{ord(char):02x}" if char < " " or char == "\x7f" else char for char in escaped)


def _with_lines(text: str, lines: Iterable[str]) -> str:
    """Add the lines that a text lacks at its end."""
    present = {line.strip() for line in text.splitlines()}
    line_end = "\r\n" if "\r\n" in text else "\n"
    missing = [line for line in lines if line not in present and line.rstrip("/") not in present]
    if missing and text and not text.endswith("\n"):
        text += line_end
    return text + "".join(line + line_end for line in missing)


def _listed(items: list[str]) -> str:
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"


def _read_text(path: Path) -> str | None:
    """Read a text file with its own line ends; ``None`` when there is none.

    Raises:
        AllocondaError: it cannot be read.
    """
    try:
        return path.read_bytes().decode()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise AllocondaError(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise AllocondaError(f"{path} is not UTF-8 (byte {error.start}): save it as UTF-8.") from None


def _write(path: Path, content: str) -> None:
    """Write a file atomically, through a symbolic link, with the mode that it had."""
    path.parent.mkdir(parents=True, exist_ok=True)
    real = path.resolve()
    mode = real if real.exists() else None
    with atomic.replacing(real) as file:
        file.write(content.encode())
        if mode is not None:
            file.flush()
            shutil.copymode(real, file.name)


__all__ = ["Created", "Wishes", "create"]
