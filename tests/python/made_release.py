"""A release to publish: an sdist and wheels without libraries, right in every respect until a test changes them."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Callable, Mapping
from pathlib import Path

from made_wheels import record, write_zip

Files = dict[str, bytes]

README = "Says hello.\n"


def metadata(version: str = "0.1.0") -> bytes:
    return (
        f"Metadata-Version: 2.4\nName: hello\nVersion: {version}\nLicense-File: LICENSE\n"
        f"Description-Content-Type: text/markdown\n\n{README}"
    ).encode()


def pure_wheel(folder: Path, version: str = "0.1.0", tag: str = "py3-none-any", change: Files | None = None) -> Path:
    dist_info = f"hello-{version}.dist-info"
    files = {
        "hello/__init__.py": b"def greet():\n    return 'Hello'\n",
        f"{dist_info}/METADATA": metadata(version),
        f"{dist_info}/WHEEL": f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: {tag}\n".encode(),
        f"{dist_info}/licenses/LICENSE": b"MIT\n",
        **(change or {}),
    }
    return write_zip(folder / f"hello-{version}-{tag}.whl", {**files, f"{dist_info}/RECORD": record(files, dist_info)})


def sdist_files(version: str = "0.1.0") -> Files:
    stem = f"hello-{version}"
    return {
        f"{stem}/PKG-INFO": metadata(version),
        f"{stem}/pyproject.toml": f'[project]\nname = "hello"\nversion = "{version}"\n'.encode(),
        f"{stem}/LICENSE": b"MIT\n",
    }


def sdist(
    folder: Path, files: Mapping[str, bytes] | None = None, name: str = "hello-0.1.0.tar.gz",
    change: Callable[[tarfile.TarInfo], object] = lambda _: None,
) -> Path:  # fmt: skip
    path = folder / name
    with tarfile.open(path, "w:gz") as archive:
        for file, content in (sdist_files() if files is None else files).items():
            member = tarfile.TarInfo(file)
            member.size = len(content)
            change(member)
            archive.addfile(member, io.BytesIO(content))
    return path


def release(folder: Path, version: str = "0.1.0") -> list[Path]:
    """In an order in which nothing should be uploaded."""
    folder.mkdir(exist_ok=True)
    return [
        pure_wheel(folder, version, "py3-none-any"),
        pure_wheel(folder, version, "py2-none-any"),
        sdist(folder, sdist_files(version), f"hello-{version}.tar.gz"),
    ]
