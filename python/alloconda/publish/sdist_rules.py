"""What an sdist must be: PEP 625, 639, 643 and 721, and what PyPI refuses beyond them."""

from __future__ import annotations

import tarfile
import zlib
from typing import TYPE_CHECKING

from packaging.metadata import Metadata
from packaging.utils import canonicalize_name

from alloconda.inspection.findings import Findings
from alloconda.publish.files import SDIST_SUFFIX, sdist_stem

if TYPE_CHECKING:
    from alloconda.inspection.findings import Finding
    from alloconda.publish.files import ReleaseFile

_PKG_INFO_SIZE_MAX = 16 << 20
_UNPACKED_SIZE_MAX = 4 << 30
"""Bytes; an sdist that unpacks to more is a bomb or a mistake."""


def inspect_sdist(file: ReleaseFile) -> list[Finding]:
    """Find what is wrong with an sdist. Nothing is unpacked.

    Raises:
        OSError: the file cannot be read.
    """
    findings = Findings()
    stem = sdist_stem(file.name, file.version)
    if file.file_name != stem + SDIST_SUFFIX:
        findings.add("sdist-name", f"the file name is not {stem}{SDIST_SUFFIX}, as PEP 625 writes it")
    try:
        with tarfile.open(file.path, "r:gz") as archive:
            names = _check_members(archive, stem, findings)
            if f"{stem}/PKG-INFO" in names:
                _check_metadata(archive, names, file, stem, findings)
    except (tarfile.TarError, EOFError, zlib.error) as error:
        findings.add("sdist-archive", f"it is no whole .tar.gz archive ({error})")
    return findings.found


def _check_members(archive: tarfile.TarFile, stem: str, findings: Findings) -> set[str]:
    """Check each entry, and return the names of the files."""
    names: set[str] = set()
    size = 0
    for member in archive:
        size += member.size
        if size > _UNPACKED_SIZE_MAX:
            findings.add("sdist-size", f"it unpacks to more than {_UNPACKED_SIZE_MAX >> 30} GiB")
            return names
        if member.isfile() and member.name in names:
            findings.add("sdist-twice", "it is in the archive twice", file=member.name)
        if member.isfile():
            names.add(member.name)
        _check_member(member, stem, findings)
    for needed in ("PKG-INFO", "pyproject.toml"):
        if f"{stem}/{needed}" not in names:
            findings.add("sdist-file", f"there is no {stem}/{needed}")
    return names


def _check_member(member: tarfile.TarInfo, stem: str, findings: Findings) -> None:
    if ".." in member.name.split("/") or member.name.startswith("/"):
        findings.add("sdist-path", "the path leads out of the archive", file=member.name)
    elif member.name.partition("/")[0] != stem:
        findings.add("sdist-folder", f"it is not below the folder {stem}", file=member.name)
    if member.issparse():
        findings.add("sdist-sparse", "it is stored as a sparse file, which PyPI refuses", file=member.name)
    elif not (member.isfile() or member.isdir() or member.issym() or member.islnk()):
        findings.add("sdist-entry", "it is neither file nor folder nor link", file=member.name)


def _check_metadata(
    archive: tarfile.TarFile, names: set[str], file: ReleaseFile, stem: str, findings: Findings
) -> None:
    at = f"{stem}/PKG-INFO"
    stream = archive.extractfile(at)
    content = stream.read(_PKG_INFO_SIZE_MAX + 1) if stream else b""
    if len(content) > _PKG_INFO_SIZE_MAX:
        findings.add("sdist-metadata", f"it is larger than {_PKG_INFO_SIZE_MAX >> 20} MiB", file=at)
        return
    try:
        metadata = Metadata.from_email(content, validate=False)
        name, version, license_files = metadata.name, metadata.version, metadata.license_files
    except ValueError as error:
        findings.add("sdist-metadata", f"it is not valid ({error})", file=at)
        return
    if canonicalize_name(name) != file.name or version != file.version:
        findings.add("sdist-metadata", f"it is of {name} {version}, and the file name says otherwise", file=at)
    for path in license_files or ():
        if f"{stem}/{path}" not in names:
            findings.add("sdist-licence", f"the licence file {path}, which it names, is not in the archive", file=at)
