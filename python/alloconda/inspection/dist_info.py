"""The metadata folder of a wheel: METADATA, WHEEL, entry points and licence files."""

from __future__ import annotations

import configparser
import email.errors
import email.parser
import email.policy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from packaging.metadata import ExceptionGroup, InvalidMetadata, Metadata
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from alloconda.inspection.record import check_record
from alloconda.project import ENTRY_POINT_NAME, ENTRY_POINT_TARGET

if TYPE_CHECKING:
    from alloconda.inspection.contents import Contents
    from alloconda.inspection.findings import Findings
    from alloconda.inspection.wheel_name import WheelName
    from alloconda.manifest import Tags

_TAGS_EXPANDED_MAX = 1000


@dataclass(frozen=True)
class DistInfo:
    """What the metadata folder says."""

    folder: str | None
    metadata: dict[str, str | list[str]] = field(default_factory=dict)
    """The headers of METADATA, without the description."""
    wheel: dict[str, str | list[str]] = field(default_factory=dict)
    """The headers of WHEEL."""


def read_dist_info(contents: Contents, name: WheelName | None, findings: Findings) -> DistInfo:
    """Read and check the metadata folder.

    Args:
        contents: the files of the wheel.
        name: what the file name says, if it says anything.
        findings: takes what is wrong.
    """
    tops = {path.partition("/")[0] for path in contents.records if "/" in path}
    folders = sorted(top for top in tops if top.endswith(".dist-info"))
    if len(folders) != 1:
        what = f"several metadata folders: {', '.join(folders[:5])}" if folders else "no metadata folder (*.dist-info)"
        findings.add("dist-info", f"the wheel has {what}")
        return DistInfo(None)
    folder = folders[0]
    if name is not None and folder != f"{name.name}-{name.version}.dist-info":
        findings.add(
            "dist-info", f"the metadata folder is {folder}, and the file name means {name.name}-{name.version}"
        )
    check_record(contents, folder, findings)
    metadata = _metadata(contents, f"{folder}/METADATA", name, findings)
    wheel = _wheel(contents, f"{folder}/WHEEL", name, findings)
    _check_licences(contents, folder, metadata, findings)
    _check_entry_points(contents, f"{folder}/entry_points.txt", findings)
    return DistInfo(folder, metadata, wheel)


def _headers(text: str) -> dict[str, str | list[str]]:
    """Read the headers of an e-mail message: a text, or a list when the header stands there several times."""
    message = email.parser.HeaderParser(policy=email.policy.compat32).parsestr(text)
    values: dict[str, list[str]] = {}
    for key, value in message.items():
        values.setdefault(key, []).append(str(value))
    return {key: given[0] if len(given) == 1 else given for key, given in values.items()}


def _listed(headers: dict[str, str | list[str]], key: str) -> list[str]:
    value = headers.get(key, [])
    return value if isinstance(value, list) else [value]


def _metadata(contents: Contents, path: str, name: WheelName | None, findings: Findings) -> dict[str, str | list[str]]:
    text = contents.text(path)
    if text is None:
        return {}
    try:
        metadata = Metadata.from_email(text.encode(), validate=True)
    except ExceptionGroup as group:
        for error in group.exceptions:
            where = f"{error.field}: " if isinstance(error, InvalidMetadata) else ""
            findings.add("metadata", f"{where}{error}", file=path)
    except (ValueError, TypeError, LookupError, email.errors.MessageError) as error:
        findings.add("metadata", f"it cannot be read: {error}", file=path)
    else:
        if name is not None and canonicalize_name(metadata.name) != name.canonical_name:
            findings.add("metadata-name", f"it names {metadata.name}, and the file name {name.name}", file=path)
        if name is not None and metadata.version != _version(name.version):
            findings.add("metadata-version", f"it says {metadata.version}, and the file name {name.version}", file=path)
    return _headers(text)


def _version(text: str) -> Version | None:
    try:
        return Version(text)
    except InvalidVersion:
        return None


def _wheel(contents: Contents, path: str, name: WheelName | None, findings: Findings) -> dict[str, str | list[str]]:
    text = contents.text(path)
    if text is None:
        return {}
    headers = _headers(text)
    version = headers.get("Wheel-Version")
    if not isinstance(version, str) or version.partition(".")[0] != "1":
        findings.add("wheel-version", f"Wheel-Version is {version!r:.40}, and installers know 1.0", file=path)
    if headers.get("Root-Is-Purelib") not in ("true", "false"):
        findings.add("wheel-purelib", "Root-Is-Purelib is neither true nor false", file=path)
    if name is not None:
        said = sorted(_listed(headers, "Tag"))
        meant = _expanded(name.tags)
        if meant is not None and said != meant:
            findings.add(
                "wheel-tags",
                f"it has the tags {', '.join(said[:10]) or 'none'}, and the file name {', '.join(meant[:10])}",
                file=path,
            )
        build = headers.get("Build")
        if build != name.build:
            findings.add("wheel-build", f"Build is {build}, and {name.build} in the file name", file=path)
    return headers


def _expanded(tags: Tags) -> list[str] | None:
    count = 1
    for part in (tags.python, tags.abi, tags.platform):
        count *= part.count(".") + 1
    return tags.expanded() if count <= _TAGS_EXPANDED_MAX else None


def _check_licences(contents: Contents, folder: str, metadata: dict[str, str | list[str]], findings: Findings) -> None:
    version = _version(str(metadata.get("Metadata-Version", "")))
    if version is None or version < Version("2.4"):
        return
    for path in _listed(metadata, "License-File"):
        if f"{folder}/licenses/{path}" not in contents.records:
            findings.add("license-file", f"METADATA names the licence file {path}, and it is not in {folder}/licenses")


class _EntryPoints(configparser.ConfigParser):
    def optionxform(self, optionstr: str) -> str:
        return optionstr  # names keep their case


def _check_entry_points(contents: Contents, path: str, findings: Findings) -> None:
    if path not in contents.records:
        return
    text = contents.text(path)
    if text is None:
        return
    parser = _EntryPoints(delimiters=("=",), interpolation=None)
    try:
        parser.read_string(text)
    except (configparser.Error, ValueError) as error:
        findings.add("entry-points", f"it cannot be read: {str(error).splitlines()[0]}", file=path)
        return
    for section in parser.sections():
        for key, value in parser.items(section):
            if not ENTRY_POINT_NAME.fullmatch(key) or not ENTRY_POINT_TARGET.fullmatch(value):
                findings.add("entry-points", f"{key!r:.100} = {value!r:.100} is no entry point", file=path)
