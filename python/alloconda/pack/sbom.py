"""What a wheel is made of: a CycloneDX document in ``.dist-info/sboms`` (PEP 770).

It is computed from the manifest and the ``build.zig.zon`` of all packages alone, and has neither a time nor a random
number: the same input makes the same bytes. Of a lazy dependency the document says that nobody knows what it needs:
whether Zig has downloaded it depends on what was built before. The same holds for a download that is not where Zig
keeps them.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from alloconda import __version__, zon
from alloconda.pack.zig_downloads import unpacked

if TYPE_CHECKING:
    from pathlib import Path

    from alloconda.project import Project

SPECIFICATION = "1.6"
FILE_NAME = "alloconda.cdx.json"
_DEPTH_MAX = 20
_URL_SIGNS = "%/:=&?~#+!$,;'@()*[]"
"""What has a meaning in a URL; what is neither this nor a letter of ASCII is written with `%`."""
# A package's hash since Zig 0.14: name, version, and what the hash is computed from.
_HASH = re.compile(r"(?P<name>[A-Za-z_]\w*)-(?P<version>[^-]\S*)-[A-Za-z0-9_-]{44}")


@dataclass(frozen=True)
class _Component:
    """A part of the wheel."""

    name: str
    version: str | None
    url: str | None = None
    hash: str | None = None

    @property
    def purl(self) -> str:
        """The package URL; ``generic`` since there is no type for Zig packages."""
        version = f"@{quote(self.version, safe='')}" if self.version else ""
        download = f"?download_url={quote(self.url, safe='')}" if self.url else ""
        return f"pkg:generic/{quote(self.name, safe='')}{version}{download}"

    def as_json(self) -> dict[str, Any]:
        """Write the component as the document has it."""
        table: dict[str, Any] = {"type": "library", "bom-ref": self.purl, "name": self.name}
        if self.version:
            table["version"] = self.version
        table["purl"] = self.purl
        if self.url:
            table["externalReferences"] = [{"type": "distribution", "url": quote(self.url, safe=_URL_SIGNS)}]
        if self.hash:
            table["properties"] = [{"name": "zig:hash", "value": self.hash}]
        return table


class _Graph:
    """Components, and which of them needs which."""

    def __init__(self, project_dir: Path) -> None:
        self._project_dir = project_dir
        self.components: dict[str, _Component] = {}
        self.edges: dict[str, set[str]] = {}
        self.unknown: set[str] = set()
        """Components of which nobody knows what they need."""

    def add_dependencies(self, of: str, folder: Path, depth: int = 0) -> None:
        """Add what the ``build.zig.zon`` in a folder names."""
        self.edges.setdefault(of, set())
        named = _fields(folder, "dependencies") if depth < _DEPTH_MAX else {}
        for name, dependency in named.items():
            if isinstance(dependency, dict):
                self._add(of, name, dependency, folder, depth)

    def _add(self, of: str, name: str, dependency: dict[str, Any], folder: Path, depth: int) -> None:
        path = dependency.get("path")
        component = _of_folder(name, folder / path) if isinstance(path, str) else _of_download(name, dependency)
        reference = component.purl
        known = reference in self.components
        self.components[reference] = component
        self.edges.setdefault(of, set()).add(reference)
        if known:
            return
        if isinstance(path, str):
            self.add_dependencies(reference, folder / path, depth + 1)
        elif component.name != "alloconda":  # ours needs nothing
            is_lazy = dependency.get("lazy") is True
            download = unpacked(self._project_dir, component.hash) if component.hash and not is_lazy else None
            if download:
                self.add_dependencies(reference, download, depth + 1)
            else:
                self.unknown.add(reference)


def _of_folder(name: str, folder: Path) -> _Component:
    fields = _fields(folder)
    own_name, version = fields.get("name"), fields.get("version")
    return _Component(own_name if isinstance(own_name, str) else name, version if isinstance(version, str) else None)


def _fields(folder: Path, *keys: str) -> dict[str, Any]:
    """Read what the ``build.zig.zon`` in a folder says, if there is one."""
    path = folder / zon.FILE_NAME
    return zon.read(path).table(*keys) if path.is_file() else {}


def _of_download(name: str, dependency: dict[str, Any]) -> _Component:
    url, digest = (dependency.get(key) if isinstance(dependency.get(key), str) else None for key in ("url", "hash"))
    match = _HASH.fullmatch(digest or "")
    if match is None or match["name"] == "N":  # a package that has no build.zig.zon is called N-V
        return _Component(name, None, url, digest)
    return _Component(match["name"], match["version"], url, digest)


def sbom(project: Project, zig_version: str) -> bytes:
    """Write the document.

    Args:
        project: whose wheel it is for.
        zig_version: the Zig that built the wheel; its standard library is a part of it.

    Raises:
        AllocondaError: a ``build.zig.zon`` cannot be read.
    """
    name, version = project.metadata.name, str(project.metadata.version)
    root = f"pkg:pypi/{project.metadata.canonical_name}@{quote(version, safe='')}"
    graph = _Graph(project.directory)
    graph.add_dependencies(root, project.directory)
    zig = _Component("zig", zig_version)
    graph.components[zig.purl] = zig
    graph.edges[root].add(zig.purl)
    components = [graph.components[reference].as_json() for reference in sorted(graph.components)]
    document = {
        "$schema": f"http://cyclonedx.org/schema/bom-{SPECIFICATION}.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": SPECIFICATION,
        "version": 1,
        "metadata": {
            "tools": {"components": [{"type": "application", "name": "alloconda", "version": __version__}]},
            "component": {"type": "library", "bom-ref": root, "name": name, "version": version, "purl": root},
        },
        "components": components,
        "dependencies": [
            {"ref": reference, "dependsOn": sorted(graph.edges.get(reference, ()))}
            for reference in [root, *sorted(graph.components)]
        ],
    }
    if graph.unknown:
        document["compositions"] = [{"aggregate": "unknown", "dependencies": sorted(graph.unknown)}]
    return (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode()
