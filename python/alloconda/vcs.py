"""The version of a project by the tags of its Git repository."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

from alloconda.errors import AllocondaError

if TYPE_CHECKING:
    from pathlib import Path

    from packaging.version import Version

_REMEDY = (
    "build from a clone with its tags (git fetch --tags --unshallow), or from an sdist, which has the version in its "
    "PKG-INFO"
)


@dataclass(frozen=True)
class _Described:
    """What ``git describe --long`` says."""

    tag: str
    distance: int
    """Commits since the tag."""
    commit: str
    is_dirty: bool


def version(directory: Path, *, tag_prefix: str | None = None, local: bool = True) -> str:
    """Compute the version.

    On a tag it is the tag's. Later commits lead to the next version: three commits after ``v1.2.3`` it is
    ``1.2.4.dev3+gabcdef1``. The local part has ``dirty`` when tracked files differ from the commit.

    Args:
        directory: the project, in a clone of its repository.
        tag_prefix: what precedes the version in a tag; only such tags count. Default: nothing, or ``v``.
        local: whether the version may have a local part, which an index refuses.

    Raises:
        AllocondaError: there is no Git, no repository or no tag, or the tag is not a version.
    """
    from packaging.version import InvalidVersion, Version

    described = _described(directory, tag_prefix)
    text = described.tag.removeprefix(tag_prefix) if tag_prefix else described.tag.removeprefix("v")
    try:
        tagged = Version(text)
    except InvalidVersion:
        raise AllocondaError(
            f"The version is dynamic, and the tag '{described.tag}' of the Git repository is none (PEP 440): name tags "
            "as v1.2.3, or set 'tag-prefix' in metadata.version of [tool.alloconda]."
        ) from None
    if described.distance == 0 and not described.is_dirty:
        return str(tagged)
    suffix = f"+g{described.commit}{'.dirty' if described.is_dirty else ''}" if local else ""
    return f"{_next(tagged)}.dev{described.distance + (tagged.dev or 0)}{suffix}"


def _next(tagged: Version) -> str:
    """Name the version that development after a tag leads to, as PEP 440 orders them."""
    epoch = f"{tagged.epoch}!" if tagged.epoch else ""
    release = list(tagged.release)
    if tagged.dev is not None and tagged.pre is None and tagged.post is None:
        return f"{epoch}{'.'.join(map(str, release))}"
    if tagged.post is not None:
        return f"{epoch}{'.'.join(map(str, release))}.post{tagged.post + (tagged.dev is None)}"
    if tagged.pre is not None:
        kind, number = tagged.pre
        return f"{epoch}{'.'.join(map(str, release))}{kind}{number + (tagged.dev is None)}"
    release += [0] * (3 - len(release))
    release[-1] += 1
    return f"{epoch}{'.'.join(map(str, release))}"


def _described(directory: Path, tag_prefix: str | None) -> _Described:
    # A project that merely lies in somebody's repository has nothing to do with its tags.
    if _git(directory, "ls-files", "--error-unmatch", "pyproject.toml") is None:
        raise AllocondaError(
            f"The version is dynamic and comes from Git, and {directory} is not in a Git repository: {_REMEDY}."
        )
    match = ("--match", f"{tag_prefix}*") if tag_prefix else ()
    answer = _git(directory, "describe", "--tags", "--long", "--dirty", "--abbrev=7", *match)
    if answer is None:
        kind = f"tag that begins with '{tag_prefix}'" if tag_prefix else "tag"
        raise AllocondaError(
            f"The version is dynamic and comes from Git, and no commit before this one has a {kind}: {_REMEDY}."
        )
    is_dirty = answer.endswith("-dirty")
    tag, distance, commit = answer.removesuffix("-dirty").rsplit("-", 2)
    return _Described(tag, int(distance), commit.removeprefix("g"), is_dirty)


def _git(directory: Path, *arguments: str) -> str | None:
    """Run Git; ``None`` when it refuses."""
    try:
        done = subprocess.run(
            ["git", "-C", str(directory), *arguments],  # noqa: S607 - the user's own Git
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
    except OSError as error:
        raise AllocondaError(
            f"The version is dynamic and comes from Git, which cannot be run ({error.strerror}): install git, or build "
            "from an sdist."
        ) from error
    return done.stdout.decode(errors="replace").strip() if done.returncode == 0 else None
