"""The JSON schema of ``[tool.alloconda]``, for editors and for validate-pyproject."""

from __future__ import annotations

from typing import Any

from alloconda.config import ABOUT, CHOICES, KEYS, PER_TARGET, Kind

_TEXT = {"type": "string", "minLength": 1}
_TEXTS = {"type": "array", "items": _TEXT}
_ONE_OR_MORE = {"oneOf": [_TEXT, _TEXTS]}

_PROVIDER = {
    "type": "object",
    "properties": {
        "provider": {
            **_TEXT,
            "description": "`build.zig.zon`, `vcs`, or a module with a function `dynamic_metadata(field, settings)`.",
        }
    },
    "required": ["provider"],
}

_TYPES: dict[Kind, dict[str, Any]] = {
    "text": _TEXT,
    "switch": {"type": "boolean"},
    "texts": _TEXTS,
    "arguments": _TEXTS,
    "versions": _ONE_OR_MORE,
    "targets": _ONE_OR_MORE,
    "floor": {"oneOf": [{"type": "boolean"}, _TEXT]},
    "metadata": {"type": "object", "additionalProperties": _PROVIDER},
    **{kind: {"type": "string", "enum": list(values)} for kind, values in CHOICES.items()},
}


def tool_schema(tool_name: str = "alloconda") -> dict[str, Any]:
    """Make the schema of the table; validate-pyproject calls this with the table's name.

    Args:
        tool_name: the name of the table below ``tool``.
    """
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": f"urn:{tool_name}:pyproject",
        "title": f"[tool.{tool_name}]",
        "description": "How alloconda builds a Python package out of Zig.",
        "type": "object",
        "properties": {key: _property(key) for key in KEYS},
        "additionalProperties": False,
        "allOf": [{"not": {"required": [one, other]}} for one, other in _exclusive()],
    }


def _property(key: str) -> dict[str, Any]:
    kind = KEYS[key]
    return {"description": ABOUT[key], **(_overrides() if kind == "overrides" else _TYPES[kind])}


def _overrides() -> dict[str, Any]:
    select = {"description": "Patterns of the tags of wheels, such as `cp313-*-musllinux_*`.", **_ONE_OR_MORE}
    table = {
        "type": "object",
        "properties": {"select": select, **{key: _property(key) for key in PER_TARGET}},
        "required": ["select"],
        "additionalProperties": False,
    }
    return {"type": "array", "items": table}


def _exclusive() -> list[tuple[str, str]]:
    """List the keys that exclude each other, as `config` refuses them."""
    platforms = ("manylinux", "musllinux", "platform-tag")
    pairs = [(one, other) for index, one in enumerate(platforms) for other in platforms[index + 1 :]]
    return [*pairs, ("arch", "platform-tag")]
