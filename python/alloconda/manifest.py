"""manifest.json, version 1: what a Zig build hands over to the packer. docs/manifest.md describes the file."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from alloconda.errors import AllocondaError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

VERSION = 1
FILE_NAME = "manifest.json"

_TAG = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)*")
_EXTENSION_SUFFIX = re.compile(r"(\.[A-Za-z0-9_-]+)*\.(so|pyd)")


@dataclass(frozen=True)
class Tags:
    """The wheel's three tags, each possibly a set joined by dots (PEP 425)."""

    python: str
    abi: str
    platform: str

    def expanded(self) -> list[str]:
        """List each single tag that the set stands for, sorted, as the file WHEEL names them."""
        return sorted(
            f"{python}-{abi}-{platform}"
            for python in set(self.python.split("."))
            for abi in set(self.abi.split("."))
            for platform in set(self.platform.split("."))
        )

    @classmethod
    def parse(cls, text: str) -> Tags:
        """Read tags that are joined by hyphens."""
        python, abi, platform = text.split("-")
        return cls(python, abi, platform)

    def of_programs(self) -> Tags:
        """Name the wheel for the same platform that has programs alone."""
        return Tags("py3", "none", self.platform)

    def __str__(self) -> str:
        """The tags as the wheel's file name has them: each set sorted."""
        return "-".join(".".join(sorted(set(tag.split(".")))) for tag in (self.python, self.abi, self.platform))


@dataclass(frozen=True)
class Extension:
    """One built extension module."""

    module: str
    """Dotted name of the module, such as ``hello._native``."""
    file: str
    """Path relative to the manifest and in the wheel, such as ``hello/_native.abi3.so``."""
    stubs: tuple[str, ...]
    """Paths of its .pyi files, in the same way: one, or several when it has submodules."""
    facts: Mapping[str, Any]
    """What was read out of the library."""

    @property
    def package(self) -> str | None:
        """The top-level package that the module belongs to; ``None`` for a module of its own."""
        top, dot, _ = self.module.partition(".")
        return top if dot else None

    def is_stub(self, path: str) -> bool:
        """Tell whether ``path`` (in the wheel) is where a stub of this module or a submodule of it belongs."""
        base = self.module.replace(".", "/")
        return path == f"{base}.pyi" or (path.startswith(f"{base}/") and path.endswith(".pyi"))

    def stub_place(self, path: str) -> str:
        """Tell where a stub goes in the wheel.

        Args:
            path: where it would stand beside the library.

        Returns:
            The same, but for a module of its own, for which PEP 561 knows stubs in a package of stubs alone.
        """
        if self.package is not None:
            return path
        inner = path.removeprefix(self.module).removeprefix("/")
        return f"{self.module}-stubs/{'__init__.pyi' if inner == '.pyi' else inner}"

    def is_build_of(self, path: str) -> bool:
        """Tell whether ``path`` (in the wheel) is a library of this module, of this build or an older one."""
        base = self.module.replace(".", "/")
        return path.startswith(base) and _EXTENSION_SUFFIX.fullmatch(path[len(base) :]) is not None


@dataclass(frozen=True)
class Program:
    """One built executable."""

    name: str
    """What users type to run it."""
    file: str
    """Path relative to the manifest; its last part is the name among the scripts."""


@dataclass(frozen=True)
class Manifest:
    """A checked manifest. The files that it names lie in ``folder``."""

    folder: Path
    tags: Tags
    extensions: tuple[Extension, ...]
    programs: tuple[Program, ...] = ()
    zig_version: str | None = None
    """The Zig that built the files."""
    libraries: tuple[str, ...] = ()
    """Shared libraries that the extensions need: paths as those of the extensions."""

    @classmethod
    def load(cls, path: Path) -> Manifest:
        """Read and check a manifest, and that the files it names are there.

        Raises:
            AllocondaError: the file cannot be read, or is not a manifest of this version.
        """
        try:
            document = json.loads(path.read_bytes())
        except OSError as error:
            raise AllocondaError(f"The manifest {path} cannot be read: {error.strerror}.") from error
        except (ValueError, RecursionError) as error:
            raise AllocondaError(f"The manifest {path} is not JSON: {error}.") from None
        return _Reader(path).manifest(document)


@dataclass(frozen=True)
class _Reader:
    """Checks values on their way in; errors name the manifest and the place in it."""

    path: Path

    def manifest(self, document: object) -> Manifest:
        table = self._table(document, "the document")
        version = table.get("manifest")
        if version != VERSION or isinstance(version, bool):
            raise self._error(
                f"'manifest' must be {VERSION}, and it is {version!r}; the build and the packer must be the same "
                "alloconda"
            )
        wheel = self._table(table.get("wheel"), "wheel")
        tags = Tags(*(self._tag(wheel, key) for key in ("python_tag", "abi_tag", "platform_tag")))
        listed = table.get("extensions")
        programs = self._programs(table.get("programs", []))
        if not isinstance(listed, list) or not (listed or programs):
            raise self._error("'extensions' must be a list of at least one extension")
        extensions = tuple(self._extension(entry, f"extensions[{index}]") for index, entry in enumerate(listed))
        modules = [extension.module for extension in extensions]
        for module in modules:
            if modules.count(module) > 1:
                raise self._error(f"the module {module} is listed twice")
        libraries = table.get("libraries", [])
        if not isinstance(libraries, list):
            raise self._error("'libraries' must be a list of paths")
        paths = tuple(self._staged({"path": path}, "path", "libraries") for path in libraries)
        zig_version = None if table.get("zig_version") is None else self._text(table, "zig_version", "the document")
        return Manifest(self.path.parent, tags, extensions, programs, zig_version, paths)

    def _programs(self, listed: object) -> tuple[Program, ...]:
        if not isinstance(listed, list):
            raise self._error("'programs' must be a list")
        programs = []
        for index, entry in enumerate(listed):
            where = f"programs[{index}]"
            table = self._table(entry, where)
            programs.append(Program(self._text(table, "name", where), self._staged(table, "file", where)))
        return tuple(programs)

    def _extension(self, entry: object, where: str) -> Extension:
        table = self._table(entry, where)
        module = self._text(table, "module", where)
        if not all(part.isidentifier() for part in module.split(".")):
            raise self._error(f"'module' of {where} is not a dotted Python name: {module!r}")
        base = module.replace(".", "/")
        file = self._staged(table, "file", where)
        if not (file.startswith(base) and _EXTENSION_SUFFIX.fullmatch(file[len(base) :])):
            raise self._error(f"'file' of {where} is {file!r}, which Python would not import as {module}")
        extension = Extension(
            module, file, self._stubs(table, where), self._table(table.get("facts"), f"facts of {where}")
        )
        for stub in extension.stubs:
            if not extension.is_stub(stub):
                raise self._error(f"'stubs' of {where} has {stub!r}, and {base}.pyi is where type checkers look")
        return extension

    def _stubs(self, table: Mapping[str, object], where: str) -> tuple[str, ...]:
        stubs = table.get("stubs")
        if not isinstance(stubs, list) or not all(isinstance(stub, str) for stub in stubs):
            raise self._error(f"'stubs' of {where} must be a list of strings, and it is {stubs!r:.60}")
        return tuple(self._beside(stub, "stubs", where) for stub in stubs)

    def _staged(self, table: Mapping[str, object], key: str, where: str) -> str:
        """Read a path that must stay inside the manifest's own folder and inside the wheel."""
        return self._beside(self._text(table, key, where), key, where)

    def _beside(self, path: str, key: str, where: str) -> str:
        if not is_safe_path(path):
            raise self._error(f"'{key}' of {where} is not a plain relative path: {path!r}")
        if not (self.path.parent / path).is_file():
            raise self._error(f"'{key}' of {where} names {path}, and there is no such file beside the manifest")
        return path

    def _tag(self, wheel: Mapping[str, object], key: str) -> str:
        tag = self._text(wheel, key, "wheel")
        if not _TAG.fullmatch(tag):
            raise self._error(f"'{key}' of wheel is not a wheel tag: {tag!r}")
        return tag

    def _text(self, table: Mapping[str, object], key: str, where: str) -> str:
        value = table.get(key)
        if not isinstance(value, str) or not value:
            raise self._error(f"'{key}' of {where} must be a string, and it is {value!r}")
        return value

    def _table(self, value: object, where: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise self._error(f"{where} must be an object, and it is {value!r:.60}")
        return value

    def _error(self, sentence: str) -> AllocondaError:
        return AllocondaError(f"The manifest {self.path} is not valid: {sentence}.")


def is_safe_path(path: str) -> bool:
    """Tell whether ``path`` is a relative path with ``/`` that stays below its folder on every system."""
    if any(part in ("", ".", "..") for part in path.split("/")):
        return False
    # Control characters, what Windows reads as a separator or drive, and lone surrogates: bytes that are not UTF-8.
    return not any(char < " " or char in "\\:\x7f" or "\ud800" <= char <= "\udfff" for char in path)
