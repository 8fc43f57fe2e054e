"""Puts headers where a build finds them: a copy in Zig's cache, of the source that the host program has chosen."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from alloconda import atomic
from alloconda.errors import AllocondaError
from alloconda.headers.builds import Wanted, triples_of
from alloconda.headers.configuration import extension_suffix, other_pyconfig

if TYPE_CHECKING:
    from collections.abc import Iterable

    from alloconda.headers.fetch import Fetcher

FACTS = "headers.json"
"""The file beside ``include`` that says where the headers come from."""

_NEWEST_MINOR = 15
_NUMPY_SIZES = {
    "SHORT": "__SIZEOF_SHORT__",
    "INT": "__SIZEOF_INT__",
    "LONG": "__SIZEOF_LONG__",
    "FLOAT": "__SIZEOF_FLOAT__",
    "COMPLEX_FLOAT": "(2 * __SIZEOF_FLOAT__)",
    "DOUBLE": "__SIZEOF_DOUBLE__",
    "COMPLEX_DOUBLE": "(2 * __SIZEOF_DOUBLE__)",
    "LONGDOUBLE": "ALLOCONDA_LONGDOUBLE",
    "COMPLEX_LONGDOUBLE": "(2 * ALLOCONDA_LONGDOUBLE)",
    "PY_INTPTR_T": "__SIZEOF_POINTER__",
    "INTP": "__SIZEOF_POINTER__",
    "UINTP": "__SIZEOF_POINTER__",
    "WCHAR_T": "__SIZEOF_WCHAR_T__",
    "OFF_T": "ALLOCONDA_OFF_T",
    "PY_LONG_LONG": "__SIZEOF_LONG_LONG__",
    "LONGLONG": "__SIZEOF_LONG_LONG__",
}
_NUMPY_START = """\
/* NumPy for Windows is built by a compiler whose long double is a double. */
#ifdef _WIN32
#define ALLOCONDA_LONGDOUBLE 8
#define ALLOCONDA_OFF_T 4
#else
#define ALLOCONDA_LONGDOUBLE __SIZEOF_LONG_DOUBLE__
#define ALLOCONDA_OFF_T 8
#endif
"""


@dataclass(frozen=True)
class Choice:
    """What ``host headers choose`` has written."""

    source: str
    """``native`` or ``fetched``."""
    version: str
    """Such as "3.13"; with the stable ABI its floor."""
    free_threaded: bool
    stable: bool
    platform_tag: str
    include: tuple[str, ...]
    """Folders of the native headers."""
    ext_suffix: str | None

    @classmethod
    def load(cls, path: Path) -> Choice:
        """Read the file that a build step has just written."""
        table = json.loads(path.read_bytes())
        return cls(**{**table, "include": tuple(table["include"])})


def provide(choice: Choice, fetcher: Fetcher, triple: str | None, output: Path) -> None:
    """Copy the chosen headers.

    Args:
        choice: where they come from.
        fetcher: gets those that are not on this machine.
        triple: the build of python-build-standalone to take, in place of that of the platform tag.
        output: gets ``include`` and ``headers.json``; what is there and the same is left as it is.

    Raises:
        AllocondaError: there are no headers, or they cannot be had.
    """
    if choice.source == "native":
        folders = [Path(folder) for folder in choice.include]
        suffix, version, origin = choice.ext_suffix, choice.version, folders[0]
    else:
        entry = fetcher.entry(_wanted(choice, fetcher, triple or triples_of(choice.platform_tag)[0]))
        folders = [entry.include]
        suffix, version, origin = extension_suffix(entry.folder), entry.version, entry.folder
    files: dict[str, Path] = {}
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                files.setdefault(path.relative_to(folder).as_posix(), path)
        if other := other_pyconfig(folder):
            files.setdefault(other, folder.parent / other)
    facts = {"source": choice.source, "origin": str(origin), "version": version, "ext_suffix": suffix}
    write_tree(output / "include", ((name, path.read_bytes()) for name, path in files.items()))
    _write(output / FACTS, json.dumps(facts, indent=2).encode() + b"\n")


def _wanted(choice: Choice, fetcher: Fetcher, triple: str) -> Wanted:
    """Choose the version to fetch: with the stable ABI any from the floor on will do, and the oldest is best."""
    first = Wanted.read(choice.version + ("t" if choice.free_threaded else ""), triple)
    if not choice.stable:
        return first
    newer = (Wanted(minor, free_threaded=False, triple=triple) for minor in range(first.minor, _NEWEST_MINOR + 1))
    return next((wanted for wanted in newer if fetcher.has(wanted)), first)


def write_tree(folder: Path, files: Iterable[tuple[str, bytes]]) -> None:
    """Make a folder have these files and no others, which an earlier build may have left."""
    names = set()
    for name, content in files:
        names.add(folder / name)
        _write(folder / name, content)
    for path in folder.rglob("*"):
        if path.is_file() and path not in names and path.suffix != ".tmp":
            path.unlink(missing_ok=True)


def _write(path: Path, content: bytes) -> None:
    """Write a file; one with the same bytes keeps its time, so that nothing is compiled anew."""
    if path.is_file() and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with atomic.replacing(path) as file:
        file.write(content)


def provide_numpy(output: Path) -> None:
    """Copy NumPy's headers from the running interpreter's packages, good for every platform.

    NumPy writes the sizes of the machine that built it into ``_numpyconfig.h``, and nothing else of it; the compiler
    knows those of the target.

    Args:
        output: gets ``numpy/arrayobject.h`` and the others.

    Raises:
        AllocondaError: NumPy is not installed.
    """
    import importlib.util

    specification = importlib.util.find_spec("numpy")
    places = list(specification.submodule_search_locations or []) if specification else []
    candidates = [Path(place, core, "include") for place in places for core in ("_core", "core")]
    include = next((folder for folder in candidates if (folder / "numpy" / "arrayobject.h").is_file()), None)
    if include is None:
        raise AllocondaError(
            f"{sys.executable} has no NumPy, whose headers an extension asks for: add numpy to 'requires' of "
            "[build-system] in pyproject.toml, or install it there."
        )
    paths = (path for path in sorted(include.rglob("*")) if path.is_file())
    write_tree(output, ((path.relative_to(include).as_posix(), _for_every_target(path)) for path in paths))


def _for_every_target(path: Path) -> bytes:
    content = path.read_bytes()
    if path.name != "_numpyconfig.h":
        return content
    text = content.decode("utf-8").replace("\r\n", "\n")
    # 32-bit C libraries with a larger off_t and macOS without <endian.h> have the same files otherwise.
    text = text.replace("#define NPY_HAVE_ENDIAN_H 1\n", "#ifdef __linux__\n#define NPY_HAVE_ENDIAN_H 1\n#endif\n")
    sizes = re.compile(r"(?m)^#define NPY_SIZEOF_(\w+) [0-9]+$")
    text = sizes.sub(lambda match: f"#define NPY_SIZEOF_{match[1]} {_NUMPY_SIZES[match[1]]}", text)
    return (_NUMPY_START + text).encode()
