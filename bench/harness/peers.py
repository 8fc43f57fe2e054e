"""Builds the functions of the benchmark with other libraries, installed from PyPI into a folder of the cache."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from alloconda.folders import user_cache_folder
from harness import BENCH
from harness.extensions import C_FLAGS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from harness.interpreter import Interpreter

_SOURCES = BENCH / "peers"
_QUESTION = """
import importlib.metadata, sys
found = importlib.metadata.distribution(sys.argv[1])
print(found.locate_file(sys.argv[1]), found.version, sep="\\n")
"""
_CPP_FLAGS = (*C_FLAGS, "-std=c++17", "-fvisibility=hidden")


@dataclass(frozen=True)
class Peer:
    """A library that has a source file in `bench/peers`."""

    name: str
    """As on PyPI. It is also the folder of the package."""
    source: str

    @property
    def module(self) -> str:
        """What the extension is imported as."""
        return self.source.partition(".")[0]


PEERS = (
    Peer("nanobind", "nanobind_peer.cpp"),
    Peer("pybind11", "pybind11_peer.cpp"),
    Peer("Cython", "cython_peer.pyx"),
)


class PeerError(Exception):
    """A peer that cannot be installed or built; the text is for the user."""


@dataclass(frozen=True)
class Built:
    """A peer's extension."""

    file: Path
    version: str
    """Of the package."""


def build(peer: Peer, interpreter: Interpreter, folder: Path) -> Built:
    """Install a peer's package, if it is not there, and build its extension.

    Args:
        peer: which peer.
        interpreter: for which CPython.
        folder: where the extension goes.

    Raises:
        PeerError: there is no such package, no compiler, or the build fails.
    """
    python = _environment()
    _run(peer, [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", peer.name])
    place, version = _run(peer, [str(python), "-I", "-c", _QUESTION, peer.name]).splitlines()
    output = folder / f"{peer.module}.so"
    compiler = shlex.split(os.environ.get("CXX", "c++"))
    include = f"-I{interpreter.include}"
    source = str(_SOURCES / peer.source)
    if peer.name == "nanobind":
        # As src/nb_combined.cpp of nanobind says; NOMINSIZE and no stack protector as its CMake functions have them.
        flags = ("-DNB_COMPACT_ASSERTIONS", "-fno-strict-aliasing", "-fno-stack-protector")
        includes = (include, f"-I{place}/include", f"-I{place}/ext/robin_map/include")
        library = f"{place}/src/nb_combined.cpp"
        _run(peer, [*compiler, *_CPP_FLAGS, *flags, *includes, source, library, "-o", str(output)])
    elif peer.name == "pybind11":
        # Link-time optimization is what its CMake functions do in a release build.
        _run(peer, [*compiler, *_CPP_FLAGS, "-flto", include, f"-I{place}/include", source, "-o", str(output)])
    else:
        translated = str(folder / f"{peer.module}.c")
        _run(peer, [str(python), "-m", "cython", source, "-o", translated])
        c_compiler = shlex.split(os.environ.get("CC", "cc"))
        _run(peer, [*c_compiler, *C_FLAGS, include, translated, "-o", str(output)])
    return Built(output, version)


def _environment() -> Path:
    """Make the virtual environment that the packages go into, and name its interpreter.

    It need not be the interpreter that is measured: what is used are headers and a translator to C.
    """
    folder = user_cache_folder() / "bench-peers"
    python = folder / "bin" / "python"
    if not (folder / "complete").is_file():
        # --clear: an interrupted run may have left a part.
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        (folder / "complete").touch()
    return python


def _run(peer: Peer, command: Sequence[str]) -> str:
    """Run a command and return what it prints.

    Raises:
        PeerError: it fails or does not exist.
    """
    try:
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout
    except OSError as error:
        raise PeerError(f"{peer.name} cannot be built: {error}") from error
    except subprocess.CalledProcessError as error:
        raise PeerError(f"{peer.name} cannot be built: {shlex.join(command)}\n{error.stderr.strip()}") from error
