"""Files appear whole, and what killed processes leave behind goes away."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

import pytest

from alloconda import atomic


def test_a_block_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("old", "utf-8")
    with contextlib.suppress(ValueError), atomic.replacing(path) as file:
        file.write(b"new")
        raise ValueError
    assert [(found.name, found.read_text("utf-8")) for found in tmp_path.iterdir()] == [("file", "old")]


@pytest.mark.skipif(os.name != "posix", reason="locks of other systems")
def test_leftovers_are_removed_when_they_are_nobodys(tmp_path: Path) -> None:
    for name in (".alloconda-old", ".alloconda-old-folder/deep", ".alloconda-new", "other"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / ".alloconda-link").symlink_to(tmp_path / "other")
    with atomic.scratch_folder(tmp_path) as in_use, atomic.replacing(tmp_path / "in use"):
        for path in tmp_path.iterdir():
            if path.name != ".alloconda-new":
                os.utime(path, (1, 1), follow_symlinks=False)
        with atomic.replacing(tmp_path / "file"):
            names = {path.name for path in tmp_path.iterdir()}
        assert in_use.is_dir()
    assert ".alloconda-old" not in names
    assert ".alloconda-old-folder" not in names
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        ".alloconda-link", ".alloconda-new", "file", "in use", "other",
    ]  # fmt: skip
