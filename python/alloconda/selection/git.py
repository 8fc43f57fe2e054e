"""What git knows of a folder: tracked files, and files that it would track."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_OF_ANOTHER_REPOSITORY = (
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_DIR",
    "GIT_INDEX_FILE",
    "GIT_NAMESPACE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_WORK_TREE",
)
"""What git sets for the programs it starts, such as hooks: a build in a hook may be that of another repository."""


@dataclass(frozen=True)
class Listing:
    """The files of a folder that git tracks, or would track because nothing tells it to ignore them.

    All paths are relative to the folder, with ``/``. A submodule's files are among them, and so are those of a clone
    that lies in the folder. Files that are tracked and gone are among them too.
    """

    files: frozenset[str]
    folders: frozenset[str]
    tracked: frozenset[str]
    empty_submodules: tuple[str, ...]
    """Submodules that are not checked out."""

    def keeps(self, path: str, *, folder: bool) -> bool:
        """Tell whether git knows the path; a symbolic link counts as a file."""
        return path in (self.folders if folder else self.files)


def listing(folder: Path, anchor: str) -> Listing | None:
    """Ask git for the files of a folder.

    Args:
        folder: a folder, in a repository or not.
        anchor: a file of the folder. Git is only believed when it knows that file: a project may lie in an ignored
            folder of a repository that is not its own.

    Returns:
        The files; nothing when git is not installed, the folder is in no repository, or git refuses.
    """
    if not any((parent / ".git").exists() for parent in (folder.resolve(), *folder.resolve().parents)):
        return None
    files: set[str] = set()
    tracked: set[str] = set()
    empty: list[str] = []
    if not _collect(folder, "", files, tracked, empty) or anchor not in files:
        return None
    folders = {parent for path in files for parent in _parents(path)}
    return Listing(frozenset(files), frozenset(folders), frozenset(tracked), tuple(sorted(empty)))


def _collect(root: Path, base: str, files: set[str], tracked: set[str], empty: list[str]) -> bool:
    """Add the files of ``root / base``, which is the root or a repository in it."""
    folder = root / base
    for options in (("--cached",), ("--others", "--exclude-standard")):
        paths = _ls_files(folder, options)
        if paths is None:
            return False
        for name in paths:
            path = base + name.rstrip("/")
            on_disk = root / path
            if on_disk.is_dir() and not on_disk.is_symlink():
                # Only a repository is listed as a folder: a submodule, or a clone that lies there.
                if not (on_disk / ".git").exists():
                    empty.append(path)
                elif not _collect(root, f"{path}/", files, tracked, empty):
                    return False
            else:
                files.add(path)
                if options == ("--cached",):
                    tracked.add(path)
    return True


def _ls_files(folder: Path, options: tuple[str, ...]) -> list[str] | None:
    variables = {name: value for name, value in os.environ.items() if name not in _OF_ANOTHER_REPOSITORY}
    # A file system monitor is a program of the repository's choice; listing files needs none.
    command = ["git", "--no-optional-locks", "-c", "core.fsmonitor=false", "ls-files", "-z", *options]
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env=variables | {"LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
    except OSError:
        return None
    if done.returncode != 0:
        words = done.stderr.decode(errors="replace").strip().splitlines()
        reason = words[0] if words else f"it ended with status {done.returncode}"
        sys.stderr.write(f"warning: git does not list the files of {folder}, so .gitignore alone decides: {reason}\n")
        return None
    return [os.fsdecode(name) for name in done.stdout.split(b"\0") if name]


def _parents(path: str) -> list[str]:
    return [path[:end] for end, character in enumerate(path) if character == "/"]
