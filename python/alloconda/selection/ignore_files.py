"""Files in which a project says what is left out: ``.gitignore``, and ``export-ignore`` in ``.gitattributes``."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pathspec import GitIgnoreSpec

_ATTRIBUTES = re.compile(r'\s*("(?:[^"\\]|\\.)*"|\S+)\s+(.*)')


@dataclass(frozen=True)
class IgnoreFiles:
    """The files of one name in a tree. Each speaks of its own folder and those below; the nearest one decides."""

    root: Path
    name: str
    outside: tuple[Path, ...] = ()
    """Folders above the root whose files count too, nearest first: those of the repository that the root is in."""
    _specifications: dict[Path, GitIgnoreSpec | None] = field(default_factory=dict)

    def keeps(self, path: str, *, folder: bool) -> bool:
        """Tell whether a path is not ignored by itself; the folders above it must have been asked for before.

        Args:
            path: the path relative to the root, with ``/``.
            folder: whether it is a folder.
        """
        target = self.root / path
        for base in (*_folders_above(target, self.root), *self.outside):
            specification = self._specification(base)
            if specification is not None:
                relative = target.relative_to(base).as_posix() + ("/" if folder else "")
                ignored = specification.check_file(relative).include
                if ignored is not None:
                    return not ignored
        return True

    def _specification(self, folder: Path) -> GitIgnoreSpec | None:
        if folder not in self._specifications:
            self._specifications[folder] = self._read(folder / self.name)
        return self._specifications[folder]

    def _read(self, path: Path) -> GitIgnoreSpec | None:
        from pathspec import GitIgnoreSpec

        try:
            lines = path.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
        except OSError:
            return None
        return GitIgnoreSpec.from_lines(
            line for line in (_export_ignored(lines) if self.name == ".gitattributes" else lines) if _is_pattern(line)
        )


def ignored_by_git(root: Path) -> IgnoreFiles:
    """Take the ``.gitignore`` files of a tree and, in a repository, those above it that speak of it.

    A tree that the files above ignore as a whole is a project of its own, of which they say nothing.
    """
    real = root.resolve()
    above: list[Path] = []
    if not (real / ".git").exists():
        for parent in real.parents:
            above.append(parent)
            if (parent / ".git").exists():
                break
        else:
            above = []
    outer = IgnoreFiles(above[-1], ".gitignore") if above else None
    if outer is not None:
        relative = real.relative_to(outer.root).parts
        parts = ["/".join(relative[: end + 1]) for end in range(len(relative))]
        if not all(outer.keeps(part, folder=True) for part in parts):
            above = []
    return IgnoreFiles(real if above else root, ".gitignore", tuple(above))


def ignored_by_export(root: Path) -> IgnoreFiles:
    """Take what ``git archive`` leaves out: the attribute ``export-ignore``."""
    return IgnoreFiles(root, ".gitattributes")


def _is_pattern(line: str) -> bool:
    """Tell whether a line can be read; git passes by the others."""
    from pathspec import GitIgnoreSpec

    try:
        GitIgnoreSpec.from_lines([line])
    except ValueError:
        return False
    return True


def _export_ignored(lines: list[str]) -> Iterator[str]:
    """Turn the lines of a .gitattributes into those of a .gitignore."""
    for line in lines:
        match = _ATTRIBUTES.match(line)
        if match is None or match[1].startswith(("#", "!", "[attr]")):
            continue
        pattern = match[1]
        if pattern.startswith('"'):
            pattern = re.sub(r"\\(.)", r"\1", pattern[1:-1])
        for attribute in match[2].split():
            if attribute == "export-ignore":
                yield pattern
            elif attribute in ("-export-ignore", "!export-ignore"):
                yield f"!{pattern}"


def _folders_above(path: Path, root: Path) -> Iterator[Path]:
    for parent in path.parents:
        yield parent
        if parent == root:
            return
