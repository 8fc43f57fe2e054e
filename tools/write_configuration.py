"""Write what comes of the configuration's model: the JSON schema and the table in docs/configuration.md."""

# ruff: noqa: INP001

from __future__ import annotations

import json
from pathlib import Path

from alloconda.config import ABOUT, EXPECTED, KEYS, PER_TARGET
from alloconda.schema import tool_schema

DOCS = Path(__file__).parent.parent / "docs"
SCHEMA = DOCS / "alloconda.schema.json"
PAGE = DOCS / "configuration.md"
BEGIN, END = "<!-- keys: written by tools/write_configuration.py -->\n", "<!-- end of keys -->\n"


def schema_text() -> str:
    """Write the schema as the file has it."""
    return json.dumps(tool_schema(), indent=2) + "\n"


def page_text(page: str) -> str:
    """Write the table of keys anew into the page."""
    before, rest = page.split(BEGIN)
    _, after = rest.split(END)
    lines = ["| key | value | meaning |", "|---|---|---|"]
    for key, kind in KEYS.items():
        mark = " *" if key in PER_TARGET else ""
        lines.append(f"| `{key}`{mark} | {_code(EXPECTED[kind])} | {ABOUT[key]} |")
    return before + BEGIN + "\n" + "\n".join(lines) + "\n\n" + END + after


def _code(text: str) -> str:
    """Set what is in quotes as code."""
    parts = text.split('"')
    return "".join(f'`"{part}"`' if index % 2 else part for index, part in enumerate(parts))


if __name__ == "__main__":
    SCHEMA.write_text(schema_text(), encoding="utf-8")
    PAGE.write_text(page_text(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
