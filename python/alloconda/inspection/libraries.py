"""The libraries of a wheel, read and judged by the host program of the build."""

from __future__ import annotations

import re
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alloconda.errors import AllocondaError
from alloconda.manifest import Tags

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from alloconda.inspection.contents import Contents
    from alloconda.inspection.findings import Findings
    from alloconda.toolchain.host import Host

_EXTENSION_MODULE = re.compile(r"(?P<module>(?:[^/.\\]+/)*[^/.\\]+)(\.[A-Za-z0-9_-]+)*\.(so|pyd)")
_LIBRARY = re.compile(r".*\.(so|pyd|dll|dylib)(\.[0-9.]+)?")
_MAGICS = (b"\x7fELF", b"MZ", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b"\xca\xfe\xba\xbf")
LIBRARIES_MAX = 200
LIBRARY_SIZE_MAX = 1 << 30
AUDITS_MAX = 16
"""How many tags of one wheel are compared with each library."""
_MAGIC_SIZE = 4


@dataclass(frozen=True)
class Library:
    """A library in a wheel."""

    path: str
    module: str | None
    """The module that Python would import it as; ``None`` for one that is not a module."""
    facts: Mapping[str, Any] | None
    """What the host program found in it."""
    true_platform_tags: tuple[str, ...] = field(default=())
    """The smallest platform tags that would be true, when the wheel's are not."""

    def as_json(self) -> dict[str, object]:
        """Turn the library into what ``--json`` shows."""
        return {
            "file": self.path,
            "module": self.module,
            "facts": self.facts,
            "true_platform_tags": list(self.true_platform_tags),
        }


def module_of(path: str) -> str | None:
    """Name the module that Python would import a file as, by its path from a folder on ``sys.path``."""
    match = _EXTENSION_MODULE.fullmatch(path)
    module = match["module"].replace("/", ".") if match else ""
    return module if module and all(part.isidentifier() for part in module.split(".")) else None


def read_libraries(
    contents: Contents, tags: Tags | None, host: Callable[[], Host], findings: Findings
) -> list[Library]:
    """Read every library of a wheel, and compare it with the wheel's tags.

    Args:
        contents: the files of the wheel.
        tags: what the file name says, if it says anything.
        host: makes the host program ready; called when there is a library.
        findings: takes what is wrong.
    """
    paths = [path for path in contents.records if _is_library(contents, path)]
    if len(paths) > LIBRARIES_MAX:
        findings.add("libraries", f"the wheel has {len(paths)} libraries, and the first {LIBRARIES_MAX} were read")
    if paths and tags is not None and "any" in tags.platform.split("."):
        findings.add("platform-tag", "the wheel is for any platform, and has a library", file=paths[0])
    libraries = []
    with tempfile.TemporaryDirectory(prefix="alloconda-") as temporary:
        for number, path in enumerate(paths[:LIBRARIES_MAX]):
            file = Path(temporary, f"{number}-{Path(path).name}"[-100:])
            if contents.records[path].size > LIBRARY_SIZE_MAX:
                findings.add("library-size", "the library is too large to be read", file=path)
                continue
            with file.open("wb") as writer:
                for chunk in contents.chunks(path):
                    writer.write(chunk)
            libraries.append(_library(file, path, tags, host, findings))
            file.unlink()
    return libraries


def _is_library(contents: Contents, path: str) -> bool:
    if _LIBRARY.fullmatch(path):
        return True
    head = next(iter(contents.chunks(path)), b"") if contents.records[path].size >= _MAGIC_SIZE else b""
    # Java's classes have the magic of a fat Mach-O file.
    return head.startswith(_MAGICS) and not path.endswith((".class", ".jar"))


def _library(file: Path, path: str, tags: Tags | None, host: Callable[[], Host], findings: Findings) -> Library:
    module = module_of(_imported_path(path))
    if module is None:
        findings.add(
            "library-module",
            "it is machine code, and its name is none by which Python imports; it was not compared with the tags",
            file=path,
            is_note=True,
        )
        return Library(path, None, None)
    program = host()
    try:
        facts = program.inspect(file, module)
    except AllocondaError as error:
        findings.add("library", str(error), file=path)
        return Library(path, module, None)
    true_tags = compare(file, module, path, tags, program, findings) if tags is not None else ()
    return Library(path, module, facts, true_tags)


def compare(  # noqa: PLR0913, PLR0917 - a library, what it should be, who says
    file: Path, module: str, path: str, tags: Tags, host: Host, findings: Findings
) -> tuple[str, ...]:
    """Compare a library with the tags of a wheel.

    Args:
        file: the library.
        module: the module that Python imports it as.
        path: where it is in the wheel.
        tags: what the wheel's name says; each may be a set.
        host: does the comparing.
        findings: takes what is wrong.

    Returns:
        The smallest platform tags that would be true, when these are not.
    """
    true_tags: list[str] = []
    for tag in _single_tags(tags, findings):
        try:
            audit = host.audit(file, module, _imported_path(path), tag)
        except AllocondaError as error:
            findings.add("library", str(error), file=path)
            continue
        true_tags += _take_audit(audit, path, tag, findings)
    return tuple(dict.fromkeys(true_tags))


def _take_audit(audit: Mapping[str, Any], path: str, tag: Tags, findings: Findings) -> list[str]:
    """Take over the findings of the host program, and return the platform tag that would be true, if another."""
    found = audit.get("findings")
    found = [entry for entry in found if isinstance(entry, dict)] if isinstance(found, list) else []
    true_tag = audit.get("true_platform_tag")
    other = true_tag if found and isinstance(true_tag, str) and true_tag != tag.platform else None
    for entry in found:
        texts = {key: str(value) for key, value in entry.items() if value is not None}
        remedy = texts.get("remedy")
        if other and not (remedy and other in remedy):
            smallest = f"the smallest platform tag that would be true is {other}"
            remedy = f"{remedy}; {smallest}" if remedy else smallest
        findings.add(
            texts.get("rule", "audit"),
            texts.get("sentence", "the library is not what the tags say").rstrip("."),
            file=path,
            symbol=texts.get("symbol"),
            remedy=remedy and remedy.rstrip("."),
        )
    return [other] if other else []


def _single_tags(tags: Tags, findings: Findings) -> list[Tags]:
    """List each tag that the set stands for."""
    expanded = [
        Tags(python, abi, platform)
        for platform in sorted(set(tags.platform.split(".")) - {"any"})
        for abi in sorted(set(tags.abi.split(".")))
        for python in sorted(set(tags.python.split(".")))
    ]
    if len(expanded) > AUDITS_MAX:
        findings.add("tags", f"the file name means {len(expanded)} tags, and the first {AUDITS_MAX} were compared")
    return expanded[:AUDITS_MAX]


def _imported_path(path: str) -> str:
    """Take ``NAME.data/platlib/`` off: what is below goes onto sys.path."""
    parts = path.split("/")
    in_data = len(parts) > 2 and parts[0].endswith(".data") and parts[1] in ("platlib", "purelib")  # noqa: PLR2004
    return "/".join(parts[2:]) if in_data else path
