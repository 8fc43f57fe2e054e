"""A wheel, inspected: its name, its metadata, its libraries, and all that is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from alloconda.errors import AllocondaError
from alloconda.inspection.contents import Contents
from alloconda.inspection.dist_info import DistInfo, read_dist_info
from alloconda.inspection.findings import Findings
from alloconda.inspection.libraries import Library, read_libraries
from alloconda.inspection.wheel_name import WheelName, read_name

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from alloconda.inspection.findings import Finding
    from alloconda.toolchain.host import Host


@dataclass(frozen=True)
class WheelReport:
    """What a wheel is."""

    path: Path
    size: int
    """In bytes, as the unpacked size."""
    unpacked_size: int
    files: tuple[str, ...]
    name: WheelName | None
    dist_info: DistInfo
    libraries: tuple[Library, ...]
    findings: tuple[Finding, ...]
    findings_left_out: int

    @property
    def is_true(self) -> bool:
        """Whether the wheel is what it says. A note does not count: see `Finding`."""
        return all(finding.is_note for finding in self.findings)

    def as_json(self) -> dict[str, object]:
        """Turn the report into what ``--json`` shows."""
        tags = None
        if self.name:
            tags = {"python": self.name.tags.python, "abi": self.name.tags.abi, "platform": self.name.tags.platform}
        return {
            "file": str(self.path),
            "size": self.size,
            "unpacked_size": self.unpacked_size,
            "name": self.name and self.name.name,
            "version": self.name and self.name.version,
            "build": self.name and self.name.build,
            "tags": tags,
            "metadata": self.dist_info.metadata,
            "wheel": self.dist_info.wheel,
            "files": list(self.files),
            "libraries": [library.as_json() for library in self.libraries],
            "findings": [finding.as_json() for finding in self.findings],
            "findings_left_out": self.findings_left_out,
            "true": self.is_true,
        }


def inspect_wheel(path: Path, host: Callable[[], Host]) -> WheelReport:
    """Inspect a wheel.

    Args:
        path: the wheel.
        host: makes the host program ready; called when there is a library.

    Raises:
        AllocondaError: the file cannot be read at all.
    """
    findings = Findings()
    try:
        with path.open("rb") as file:
            contents = Contents(file, path, findings)
            name = read_name(path.name, findings)
            dist_info = read_dist_info(contents, name, findings)
            libraries = read_libraries(contents, name.tags if name else None, host, findings)
    except OSError as error:
        raise AllocondaError(f"{path} cannot be read: {error.strerror}.") from error
    purelib = dist_info.wheel.get("Root-Is-Purelib") == "true"
    for library in libraries:
        if purelib and ".data/platlib/" not in library.path:
            findings.add("wheel-purelib", "Root-Is-Purelib is true, and the wheel has a library", file=library.path)
    return WheelReport(
        path=path,
        size=contents.size,
        unpacked_size=contents.unpacked_size,
        files=tuple(contents.records),
        name=name,
        dist_info=dist_info,
        libraries=tuple(libraries),
        findings=tuple(findings.found),
        findings_left_out=findings.left_out,
    )
