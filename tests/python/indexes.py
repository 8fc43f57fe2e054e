"""Package indexes on the loopback: pypiserver, and one of our own that refuses, breaks off and keeps silent."""

from __future__ import annotations

import base64
import contextlib
import json
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

USER, PASSWORD = "ada", "gr33n/pa55:w@rd"
QUOTED = "ada:gr33n%2Fpa55%3Aw%40rd"

_PYPISERVER = """
import io, sys, wsgiref.simple_server, passlib.apache, pypiserver
folder, password_file = sys.argv[1:]
table = passlib.apache.HtpasswdFile(password_file, new=True)
table.set_password({user!r}, {password!r})
table.save()
app = pypiserver.app(
    roots=[folder], password_file=password_file, authenticate=["update", "download", "list"], disable_fallback=True
)

def whole(environ, start_response):
    # wsgiref hands on half of an upload when the connection is dropped, and pypiserver would keep that.
    length = int(environ.get("CONTENT_LENGTH") or 0)
    body = environ["wsgi.input"].read(length)
    if len(body) < length:
        start_response("400 Bad Request", [])
        return []
    return app(environ | {{"wsgi.input": io.BytesIO(body)}}, start_response)

server = wsgiref.simple_server.make_server("127.0.0.1", 0, whole)
print(server.server_port, flush=True)
server.serve_forever()
"""


@dataclass(frozen=True)
class Index:
    """An index that is running."""

    address: str
    packages: Path

    @property
    def with_login(self) -> str:
        return self.address.replace("://", f"://{QUOTED}@")

    def files(self) -> list[str]:
        return sorted(path.name for path in self.packages.iterdir())


@contextlib.contextmanager
def pypiserver(folder: Path) -> Iterator[Index]:
    """Run pypiserver, which wants a login for everything, until the block ends."""
    packages = folder / "packages"
    packages.mkdir()
    script = _PYPISERVER.format(user=USER, password=PASSWORD)
    process = subprocess.Popen(
        [sys.executable, "-c", script, packages, folder / "htpasswd"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout is not None
        port = int(process.stdout.readline())
        yield Index(f"http://127.0.0.1:{port}/", packages)
    finally:
        process.kill()
        process.communicate()


Answer = Callable[["Upload"], object]


class Upload(BaseHTTPRequestHandler):
    """One request. What becomes of it is for the test to say."""

    answers: ClassVar[list[Answer]]
    received: ClassVar[list[bytes]]
    logins: ClassVar[list[str | None]]

    def do_POST(self) -> None:
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        answer(self)

    do_GET = do_POST  # noqa: N815 - as above

    def log_message(self, *_: object) -> None:
        """Keep silent."""

    def body(self) -> bytes:
        content = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        self.received.append(content)
        self.logins.append(self.headers.get("Authorization"))
        return content

    def answer(self, status: int, reason: str = "", content: str = "", kind: str = "text/plain", **more: str) -> None:
        self.body()
        self.send_response(status, reason or None)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content.encode())))
        for name, value in more.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content.encode())


def answering(status: int, reason: str = "", content: str = "", kind: str = "text/plain", **more: str) -> Answer:
    return lambda upload: upload.answer(status, reason, content, kind, **more)


def breaking_off(upload: Upload) -> None:
    """Read a part of the upload, and hang up with the rest unread."""
    upload.rfile.read(200)
    upload.connection.close()
    upload.close_connection = True


def echoing_the_login(upload: Upload) -> None:
    """Send back what should be secret, as a badly written server may."""
    header = upload.headers["Authorization"]
    plain = base64.b64decode(header.removeprefix("Basic ")).decode()
    upload.answer(403, f"Forbidden {header}", f"<h1>no</h1> {plain} {header}", "text/html")


@dataclass
class Script:
    """Our own index, which does what a test wrote."""

    address: str
    received: list[bytes] = field(default_factory=list)
    logins: list[str | None] = field(default_factory=list)


@contextlib.contextmanager
def scripted(*answers: Answer, tls: ssl.SSLContext | None = None) -> Iterator[Script]:
    """Run an index that gives these answers in turn, the last one for ever."""
    script = Script("")
    handler = type("Scripted", (Upload,), {"answers": list(answers), **vars(script)})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    server.block_on_close = False
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    server.handle_error = lambda *_: None  # type: ignore[method-assign] # clients hang up; that is no news
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        scheme, host = ("https", "localhost") if tls else ("http", "127.0.0.1")
        script.address = f"{scheme}://{host}:{server.server_port}/legacy/"
        yield script
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def statement(audience: str) -> str:
    """What a CI service says about a job: a JSON web token, as far as anybody here looks at it."""
    parts: list[Any] = [{"alg": "none"}, {"aud": audience, "sub": "repo:ada/hello"}, {}]
    return ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts)
