"""What the file name of a wheel says."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from packaging.utils import InvalidWheelFilename, canonicalize_name, parse_wheel_filename

from alloconda.inspection.upload_rules import index_takes
from alloconda.manifest import Tags

if TYPE_CHECKING:
    from alloconda.inspection.findings import Findings


@dataclass(frozen=True)
class WheelName:
    """The parts of a wheel's file name."""

    name: str
    """The project's name as the file name has it."""
    version: str
    build: str | None
    tags: Tags

    @property
    def canonical_name(self) -> str:
        """The project's name as indexes compare it."""
        return canonicalize_name(self.name)


def read_name(file_name: str, findings: Findings) -> WheelName | None:
    """Take a file name apart.

    Args:
        file_name: the name without its folder.
        findings: takes what is against the standard or PyPI's rules.

    Returns:
        The parts; ``None`` when it is not the name of a wheel.
    """
    try:
        _, version, build, _ = parse_wheel_filename(file_name)
    except (InvalidWheelFilename, ValueError) as error:
        findings.add("file-name", f"{file_name!r:.300} is not the name of a wheel: {error}")
        return None
    parts = file_name.removesuffix(".whl").split("-")
    tags = Tags(*parts[-3:])
    name = WheelName(parts[0], str(version), "".join(map(str, build)) or None, tags)
    normalized = re.sub(r"[-_.]+", "_", parts[0]).lower()
    if parts[0] != normalized:
        findings.add("file-name", f"the name starts with {parts[0]!r}, and the standard writes {normalized!r}")
    if parts[1] != str(version):
        findings.add("file-name", f"the version {parts[1]!r} is written {str(version)!r} by the standard")
    if str(tags) != "-".join(parts[-3:]):
        findings.add("tag-order", f"the tags are not in order: the standard writes {tags}", is_note=True)
    for platform in tags.platform.split("."):
        if not index_takes(platform):
            findings.add(
                "index-platform",
                f"PyPI takes no wheel with the platform tag {platform}",
                remedy="choose another tag, or another index",
                is_note=True,
            )
    return name
