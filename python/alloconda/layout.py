"""Where the folder of a Python package may lie in a project."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

ROOTS = ("python", "src", "")
"""Folders of the project that may hold packages, as sys.path would; the first that has a package counts."""


def find_package(project_dir: Path, package: str) -> Path | None:
    """Find the folder of a package by its dotted name; ``None`` when there is none."""
    folders = (project_dir.joinpath(root, *package.split(".")) for root in ROOTS)
    return next((folder for folder in folders if folder.is_dir()), None)
