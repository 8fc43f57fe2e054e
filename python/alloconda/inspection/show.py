"""Reports as text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from alloconda.inspection.findings import Finding
    from alloconda.inspection.libraries import Library
    from alloconda.inspection.wheel import WheelReport

_ITEMS_MAX = 12
"""How many items of a list are shown."""
_METADATA_SHOWN = ("Metadata-Version", "Summary", "Requires-Python", "License-Expression", "Requires-Dist")


def wheel_lines(report: WheelReport) -> Iterator[str]:
    """Lay out the report on a wheel."""
    yield _clean(str(report.path))
    if report.name:
        build = f", build {report.name.build}" if report.name.build else ""
        yield _clean(f"  project    {report.name.name} {report.name.version}{build}")
        yield _clean(f"  tags       {report.name.tags}")
    yield f"  files      {len(report.files)}, {report.size} bytes, {report.unpacked_size} unpacked"
    if generator := report.dist_info.wheel.get("Generator"):
        yield f"  made by    {_text(generator)}"
    for key in _METADATA_SHOWN:
        if value := report.dist_info.metadata.get(key):
            yield f"  {key}: {_text(value)}"
    for library in report.libraries:
        yield from _library_lines(library)
    yield from (f"  {line}" for line in findings_lines(report.findings))
    if report.findings_left_out:
        yield f"  and {report.findings_left_out} more"
    if not report.findings:
        yield "  nothing is wrong with it"


def findings_lines(findings: Iterable[Finding]) -> Iterator[str]:
    """Lay out what is wrong."""
    for finding in findings:
        yield f"{'note' if finding.is_note else 'WRONG'}: {_clean(str(finding))} [{finding.rule}]"


def _library_lines(library: Library) -> Iterator[str]:
    yield f"  library    {_clean(library.path)}" + (f", module {library.module}" if library.module else "")
    if library.facts:
        yield from (f"    {line}" for line in facts_lines(library.facts))
    if library.true_platform_tags:
        yield f"    smallest true platform tag: {', '.join(library.true_platform_tags)}"


def facts_lines(facts: Mapping[str, Any]) -> Iterator[str]:
    """Lay out the facts of a library: all that are there, imports and exports shortened."""
    facts = dict(facts)
    machine = [str(facts.pop(key, "?")) for key in ("format", "machine", "bits", "endian")]
    yield _clean("{} {}, {} bits, {} endian".format(*machine))
    for key, value in facts.items():
        shown = _shown(key, value)
        if shown is not None:
            yield f"{key.replace('_', ' ')}: {_clean(shown)}"


def _shown(key: str, value: object) -> str | None:
    """Put a fact into words; ``None`` for one that says that there is nothing."""
    if value in (None, 0, [], {}, ""):
        return None
    if value is True:
        return "yes"
    if key == "imports" and isinstance(value, list):
        names = [str(entry.get("name")) if isinstance(entry, dict) else str(entry) for entry in value]
        return f"{len(names)}: {_some(names)}"
    if isinstance(value, list):
        return _some([_flat(entry) for entry in value])
    return _flat(value)


def _flat(value: object) -> str:
    if isinstance(value, dict):
        return " ".join(f"{key}={_flat(part)}" for key, part in value.items() if part is not None)
    if isinstance(value, list):
        return _some([_flat(part) for part in value])
    return str(value)


def _some(items: Sequence[str]) -> str:
    more = len(items) - _ITEMS_MAX
    return ", ".join(items[:_ITEMS_MAX]) + (f" and {more} more" if more > 0 else "")


def _text(value: str | list[str]) -> str:
    return _clean(value if isinstance(value, str) else _some(value))


def _clean(text: str) -> str:
    """Take out what could move the cursor or colour the terminal: the text is a stranger's."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)
