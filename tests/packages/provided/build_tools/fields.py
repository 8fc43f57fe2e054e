"""Fields of [project], computed."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def dynamic_metadata(field: str, settings: dict[str, Any]) -> str | list[str]:
    folder = Path(__file__).parent.parent
    if field == "version":
        return (folder / settings["file"]).read_text(encoding="utf-8").strip()
    return {"description": "Fields from a provider", "classifiers": ["Topic :: Software Development"]}[field]
