"""pyproject.toml of a new project, and the tables that an existing one lacks. What it has is not touched."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from alloconda.errors import AllocondaError
from alloconda.scaffold import templates

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

if TYPE_CHECKING:
    from pathlib import Path

BACKEND = "alloconda.build_backend"


@dataclass(frozen=True)
class Stanzas:
    """The values of the tables that alloconda adds."""

    requires: tuple[str, ...]
    name: str
    readme: str
    package_dir: str
    """The package's folder in the project, such as ``python/geometry``."""

    @property
    def build_system(self) -> str:
        """The table that names the backend."""
        return templates.BUILD_SYSTEM.substitute(requires=", ".join(f'"{item}"' for item in self.requires))

    @property
    def project(self) -> str:
        """The table with the metadata."""
        return templates.PROJECT.substitute(name=self.name, readme=self.readme)

    @property
    def uv(self) -> str:
        """The table by which uv knows when to build again."""
        return templates.UV.substitute(package_dir=self.package_dir)

    def new_file(self) -> str:
        """Compute the text of a pyproject.toml that is not there yet."""
        python_path = self.package_dir.rpartition("/")[0] or "."
        pytest = templates.PYTEST.substitute(python_path=python_path)
        return f"{self.build_system}\n{self.project}\n{pytest}\n{self.uv}"


def check_backend(pyproject: dict[str, Any], path: Path) -> None:
    """Check that no other backend builds the project.

    Raises:
        AllocondaError: one does; which is to go is for the user to say.
    """
    table = pyproject.get("build-system")
    if table is None or (isinstance(table, dict) and table.get("build-backend") == BACKEND):
        return
    backend = table.get("build-backend") if isinstance(table, dict) else None
    named = f"the backend '{backend}'" if backend else "no backend, which means setuptools"
    raise AllocondaError(
        f"[build-system] in {path} names {named}, and a project has one: remove that table, and run init again to get "
        "alloconda's."
    )


def with_missing_stanzas(text: str, stanzas: Stanzas) -> str:
    """Add the tables that a pyproject.toml lacks at its end; all that it has stays, byte for byte.

    ``[tool.uv]`` is added only as a whole: a table cannot be opened twice.

    Args:
        text: the file as it is, with its own line ends.
        stanzas: the values.

    Raises:
        AllocondaError: the file is written so that a table cannot be added.
    """
    document = tomllib.loads(text)
    tool = document.get("tool", {})
    missing = []
    if "build-system" not in document:
        missing.append(stanzas.build_system)
    if "project" not in document:
        missing.append(stanzas.project)
    added = _appended(text, missing)
    if _parsed(added) is None:
        raise AllocondaError(
            "pyproject.toml is written so that no table can be added at its end: add [build-system] there."
        )
    if isinstance(tool, dict) and "uv" not in tool:
        # Not when `tool` is an inline table, say: uv does without.
        with_uv = _appended(added, [stanzas.uv])
        return with_uv if _parsed(with_uv) is not None else added
    return added


def _appended(text: str, stanzas: list[str]) -> str:
    if not stanzas:
        return text
    line_end = "\r\n" if "\r\n" in text else "\n"
    addition = "\n".join(stanzas).replace("\n", line_end)
    if not text.strip():
        return text + addition
    return text + ("" if text.endswith("\n") else line_end) + line_end + addition


def _parsed(text: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None
