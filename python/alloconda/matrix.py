"""matrix.json: what ``wheel-all`` would build, as a dry run of the Zig build tells it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from alloconda.errors import AllocondaError
from alloconda.manifest import Tags, is_safe_path

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

VERSION = 1
FILE_NAME = "matrix.json"


@dataclass(frozen=True)
class PlannedExtension:
    """An extension of a wheel that is to be built."""

    module: str
    file: str
    """Where it will be in the wheel."""


@dataclass(frozen=True)
class PlannedProgram:
    """An executable of a wheel that is to be built."""

    name: str
    file: str
    """What it will be called among the scripts."""


@dataclass(frozen=True)
class PlannedWheel:
    """A wheel that is to be built."""

    tags: Tags
    zig_target: str
    extensions: tuple[PlannedExtension, ...]
    programs: tuple[PlannedProgram, ...] = ()

    @property
    def label(self) -> str:
        """The wheel's tags as the steps of the Zig build name them."""
        return f"{self.tags.python}-{self.tags.abi}-{self.tags.platform}"

    def as_json(self) -> dict[str, object]:
        """Turn the value back into what matrix.json has."""
        return {
            "python_tag": self.tags.python,
            "abi_tag": self.tags.abi,
            "platform_tag": self.tags.platform,
            "zig_target": self.zig_target,
            "extensions": [{"module": one.module, "file": one.file} for one in self.extensions],
            "programs": [{"name": one.name, "file": one.file} for one in self.programs],
        }


def read_matrix(path: Path) -> tuple[PlannedWheel, ...]:
    """Read and check matrix.json.

    Raises:
        AllocondaError: the file cannot be read, or is not a matrix of this version.
    """
    try:
        document = json.loads(path.read_bytes())
        if document["matrix"] != VERSION or isinstance(document["matrix"], bool):
            raise AllocondaError(
                f"'matrix' in {path} must be {VERSION}, and it is {document['matrix']!r}; the build and the command "
                "must be the same alloconda."
            )
        return tuple(_wheel(entry) for entry in document["wheels"])
    except OSError as error:
        raise AllocondaError(f"The matrix {path} cannot be read: {error.strerror}.") from error
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise AllocondaError(f"The matrix {path} is not valid ({type(error).__name__}: {error}).") from None


def _wheel(entry: Mapping[str, Any]) -> PlannedWheel:
    tags = Tags(*(_text(entry[key]) for key in ("python_tag", "abi_tag", "platform_tag")))
    extensions = tuple(PlannedExtension(_text(one["module"]), _path(one["file"])) for one in entry["extensions"])
    programs = tuple(PlannedProgram(_text(one["name"]), _path(one["file"])) for one in entry.get("programs", ()))
    return PlannedWheel(tags, _text(entry["zig_target"]), extensions, programs)


def _text(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise TypeError(f"{value!r:.60} is not a text")
    return value


def _path(value: object) -> str:
    text = _text(value)
    if not is_safe_path(text):
        raise ValueError(f"{text!r:.60} is not a plain relative path")
    return text
