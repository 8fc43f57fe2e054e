"""Releases of python-build-standalone in their own layout and names, made of true headers, and a server of them.

The server does what a request's path says: files lie below the release's tag as at the origin, and `faults` makes the
answers to some of them go wrong, one after the other.
"""

from __future__ import annotations

import hashlib
import http.server
import io
import json
import tarfile
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from backports import zstd

from workbench import PATIENCE_SECONDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

TAG = "20250115"
HELD_TOGETHER = 4


@dataclass
class Release:
    """Archives by name, and the two files of the index."""

    tag: str = TAG
    archives: dict[str, bytes] = field(default_factory=dict)

    def add(self, version: str, triple: str, flavour: str, members: Mapping[str, bytes]) -> str:
        """Pack members into an archive, and return its name."""
        name = f"cpython-{version}+{self.tag}-{triple}-{flavour}"
        tar = io.BytesIO()
        with tarfile.open(fileobj=tar, mode="w") as archive:
            for path, content in members.items():
                member = tarfile.TarInfo(path)
                member.size = len(content)
                archive.addfile(member, io.BytesIO(content))
        return self.add_tar(name, tar.getvalue())

    def add_tar(self, name: str, tar: bytes) -> str:
        """Compress a tar file as its name says."""
        import gzip

        self.archives[name] = gzip.compress(tar, 1) if name.endswith(".gz") else zstd.compress(tar)
        return name

    def sums(self) -> str:
        rows = [f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in sorted(self.archives.items())]
        return "".join(rows)

    def files(self) -> dict[str, bytes]:
        """What a mirror serves, by path."""
        latest = {"version": 1, "tag": self.tag, "release_url": "", "asset_url_prefix": ""}
        found = {f"/{self.tag}/{name}": content for name, content in self.archives.items()}
        found["/latest-release.json"] = json.dumps(latest).encode()
        found[f"/{self.tag}/SHA256SUMS"] = self.sums().encode()
        return found


def unix_members(
    include: Iterable[Path], version: str, *, free_threaded: bool, suffix: str, full: bool = False
) -> dict[str, bytes]:
    """The members of a build for Linux or macOS, with headers of that version."""
    root = "python/install" if full else "python"
    name = f"python{version}{'t' if free_threaded else ''}"
    variables = {"EXT_SUFFIX": suffix, "Py_GIL_DISABLED": int(free_threaded)}
    data = f"# system configuration generated\nbuild_time_vars = {variables!r}\n".encode()
    return {
        f"{root}/bin/{name}": b"\x7fELF" + bytes(500_000),
        **_headers(include, f"{root}/include/{name}"),
        f"{root}/lib/{name}/_sysconfigdata_{'t' if free_threaded else ''}_linux_x86_64-linux-gnu.py": data,
        f"{root}/lib/{name}/os.py": b"# not wanted\n",
    }


def windows_members(include: Iterable[Path], version: str) -> dict[str, bytes]:
    """The members of a build for Windows."""
    digits = version.replace(".", "")
    return {
        "python/python.exe": b"MZ" + bytes(100_000),
        **_headers(include, "python/include"),
        f"python/libs/python{digits}.lib": b"!<arch>\n",
        "python/Lib/os.py": b"# not wanted\n",
    }


def _headers(include: Iterable[Path], target: str) -> dict[str, bytes]:
    """Headers of a folder, and those of Debian's second folder in the place of the file that includes them."""
    folder, *others = include
    found = {}
    for path in sorted(folder.rglob("*.h")):
        content = path.read_bytes()
        if path.name == "pyconfig.h" and b"/pyconfig.h>" in content:
            for other in others:
                content = next((one.read_bytes() for one in sorted(other.glob("*/python*/pyconfig.h"))), content)
        found[f"{target}/{path.relative_to(folder).as_posix()}"] = content
    return found


class Server:
    """Serves a release on this machine."""

    def __init__(self, release: Release) -> None:
        self.files = release.files()
        self.faults: dict[str, list[str]] = defaultdict(list)
        """By path: what happens to the next requests, such as "500", "cut", "slow", "redirect" or "held"."""
        self.held = 0
        """How many requests came while no "held" answer was given: none is until `HELD_TOGETHER` wait for theirs."""
        self._guard = threading.Lock()
        self._giving = threading.Event()
        self.requests: list[tuple[str, str | None]] = []
        """The path and range of each request."""
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def asked(self, part: str) -> int:
        """How many requests had a path with `part` in it."""
        return sum(part in path for path, _ in self.requests)

    def hold(self) -> None:
        """Wait until enough others wait, and a moment longer, in which one too many would come."""
        with self._guard:
            if self._giving.is_set():
                return
            self.held += 1
            if self.held == HELD_TOGETHER:
                threading.Timer(0.5, self._giving.set).start()
        self._giving.wait(PATIENCE_SECONDS)

    def _handler(self) -> type[_Handler]:
        return type("Handler", (_Handler,), {"server_of_releases": self})


class _Handler(http.server.BaseHTTPRequestHandler):
    server_of_releases: Server

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        path = self.path.replace("%2B", "+").removeprefix("/moved")
        server = self.server_of_releases
        server.requests.append((path, self.headers["Range"]))
        fault = server.faults[path].pop(0) if server.faults[path] else ""
        content = server.files.get(path)
        try:
            if fault.isdigit() or content is None:
                self.send_error(int(fault or 404))
            elif fault == "redirect":
                self._start(302, 0, Location=f"/moved{path}")
            else:
                if fault == "held":
                    server.hold()
                self._send(content, fault)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def _start(self, status: int, length: int, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(length), **headers}.items():
            self.send_header(name, value)
        self.end_headers()

    def _send(self, content: bytes, fault: str) -> None:
        wanted = self.headers["Range"] if fault != "whole" else None
        start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted else 0
        if start and start >= len(content):
            self.send_error(416)
            return
        rest = content[start:]
        self._start(206 if start else 200, len(rest))
        if fault in ("cut", "hang"):
            self.wfile.write(rest[: len(rest) // 2])
            self.wfile.flush()
            if fault == "hang":
                time.sleep(60)
            self.close_connection = True
        elif fault == "slow":
            step = len(rest) // 8 + 1
            for at in range(0, len(rest), step):
                self.wfile.write(rest[at : at + step])
                time.sleep(0.2)
        else:
            self.wfile.write(rest)
