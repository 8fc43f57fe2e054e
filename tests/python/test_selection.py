"""Which files of a folder are distributed: what git says, what .gitignore says, what is never taken."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from workspace import write

from alloconda.selection import git as git_listing
from alloconda.selection.tree import SourceTree

FILES = (
    "pyproject.toml",
    "build.zig",
    "src/root.zig",
    "src/generated/table.zig",
    "notes.log",
    "kept.log",
    "docs/a.md",
    "docs/private/b.md",
)


def git(folder: Path, *arguments: str) -> str:
    command = ["git", "-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "protocol.file.allow=always", *arguments]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout


def taken(root: Path) -> list[str]:
    return [path.relative_to(root).as_posix() for path, _ in SourceTree.of(root).files(root)]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    root = tmp_path / "tree, é"
    for name in FILES:
        write(root / name)
    return root


@pytest.fixture(params=["git", "no git", "export"])
def source(request: pytest.FixtureRequest, tree: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same tree in a repository, in one that git cannot be asked about, and in none."""
    if request.param != "export":
        git(tree, "init", "-q")
    if request.param == "no git":
        monkeypatch.setenv("PATH", "/nowhere")
    return tree


@pytest.mark.parametrize(
    ("ignored", "left_out"),
    [
        ("", set()),
        ("*.log", {"notes.log", "kept.log"}),
        ("*.log\n!kept.log", {"notes.log"}),
        ("generated/\n/docs", {"src/generated/table.zig", "docs/a.md", "docs/private/b.md"}),
        # What is below an ignored folder cannot be brought back.
        ("docs/private/\n!docs/private/b.md", {"docs/private/b.md"}),
        ("docs/*\n!docs/private", {"docs/a.md"}),
        ("!\n[\n*.log", {"notes.log", "kept.log"}),
    ],
)
def test_gitignore(source: Path, ignored: str, left_out: set[str]) -> None:
    write(source / ".gitignore", ignored)
    assert taken(source) == sorted({*FILES, ".gitignore"} - left_out, key=lambda name: name.split("/"))


def test_gitignore_of_a_folder(source: Path) -> None:
    write(source / ".gitignore", "*.md")
    write(source / "docs" / ".gitignore", "!*.md\n/private")
    assert [name for name in taken(source) if name.endswith(".md")] == ["docs/a.md"]


def test_export_ignore(source: Path) -> None:
    write(source / ".gitattributes", '# a comment\n*.zig text\ndocs/ export-ignore\n"kept.log" -text export-ignore\n')
    assert taken(source) == [
        ".gitattributes", "build.zig", "notes.log", "pyproject.toml", "src/generated/table.zig", "src/root.zig",
    ]  # fmt: skip


def test_what_is_never_taken(source: Path) -> None:
    for name in (
        ".zig-cache/x",
        "zig-out/lib/x",
        "zig-pkg/x",
        "dist/hello-0.1.0.tar.gz",
        ".venv/x",
        "my-env/pyvenv.cfg",
        "my-env/lib/x",
        "src/__pycache__/x.pyc",
        "src/.alloconda-1234/x",
        "src/.DS_Store",
    ):
        write(source / name)
    write(source / "src" / "_native.abi3.so", b"\x7fELF PyInit__native\0")
    write(source / "src" / "_native.pyd", b"MZ PyInit__native\0")
    write(source / "src" / "other.so", b"\x7fELF no module\0")
    assert taken(source) == sorted({*FILES, "src/other.so"}, key=lambda name: name.split("/"))


def test_a_work_tree_has_a_file_in_place_of_the_folder(tree: Path) -> None:
    write(tree / ".git", "gitdir: /nowhere\n")
    assert ".git" not in taken(tree)


def test_tracked_files(tree: Path) -> None:
    """Tracked and ignored: taken. Tracked and gone: not taken. Tracked library: taken. Neither: taken."""
    git(tree, "init", "-q")
    write(tree / ".gitignore", "*.log\n*.so")
    write(tree / "src" / "_lib.abi3.so", b"PyInit__lib\0")
    git(tree, "add", "-f", "notes.log", "build.zig", "src")
    (tree / "build.zig").unlink()
    assert taken(tree) == [
        ".gitignore", "docs/a.md", "docs/private/b.md", "notes.log", "pyproject.toml", "src/_lib.abi3.so",
        "src/generated/table.zig", "src/root.zig",
    ]  # fmt: skip


def test_a_project_in_an_ignored_folder_of_another_repository(
    tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(tmp_path, "init", "-q")
    write(tmp_path / ".gitignore", "/tree*\n*.md")
    everything = sorted(FILES, key=lambda name: name.split("/"))
    assert taken(tree) == everything
    monkeypatch.setenv("PATH", "/nowhere")
    assert taken(tree) == everything


def test_a_project_in_a_folder_of_a_repository(tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    git(tmp_path, "init", "-q")
    write(tmp_path / ".gitignore", "*.md\n*.log")
    expected = ["build.zig", "pyproject.toml", "src/generated/table.zig", "src/root.zig"]
    assert taken(tree) == expected
    monkeypatch.setenv("PATH", "/nowhere")
    assert taken(tree) == expected


def test_repositories_in_the_tree(tree: Path, tmp_path: Path) -> None:
    """A submodule, one that is not checked out, and a clone that nobody has added."""
    library = tmp_path / "library"
    write(library / "lib.zig")
    git(library, "init", "-q")
    git(library, "add", "-A")
    git(library, "commit", "-qm", "x")
    git(tree, "init", "-q")
    git(tree, "submodule", "add", str(library), "vendor/library")
    git(tree, "submodule", "add", str(library), "vendor/gone")
    git(tree, "commit", "-qm", "x")
    git(tree, "submodule", "deinit", "-f", "vendor/gone")
    git(tree, "clone", "-q", str(library), "clone")
    write(tree / "vendor" / "library" / "new.zig")
    assert [name for name in taken(tree) if "lib" in name or "gone" in name] == [
        "clone/lib.zig", "vendor/library/lib.zig", "vendor/library/new.zig",
    ]  # fmt: skip
    found = SourceTree.of(tree).git
    assert found is not None
    assert found.empty_submodules == ("vendor/gone",)


def test_git_that_refuses(tree: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    git(tree, "init", "-q")
    write(tree / ".gitignore", "*.log")
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    assert "notes.log" not in taken(tree)
    assert capfd.readouterr().err == (
        f"warning: git does not list the files of {tree}, so .gitignore alone decides: fatal: detected dubious "
        f"ownership in repository at '{tree}'\n"
    )


def test_the_variables_of_a_hook_are_of_another_repository(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    git(tree, "init", "-q")
    write(tree / ".gitignore", "*.log")
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    monkeypatch.setenv("GIT_INDEX_FILE", "/nowhere/index")
    found = git_listing.listing(tree, "pyproject.toml")
    assert found is not None
    assert "src/root.zig" in found.files


def test_an_unpacked_sdist_is_taken_whole(tree: Path) -> None:
    write(tree / ".gitignore", "*.log")
    write(tree / "PKG-INFO")
    assert set(taken(tree)) == {*FILES, ".gitignore", "PKG-INFO"}


@pytest.mark.skipif(os.name != "posix", reason="symbolic links")
def test_a_link_to_a_folder_holds_what_git_knows_there(source: Path) -> None:
    write(source / ".gitignore", "*.log")
    write(source / "docs" / "x.log")
    (source / "src" / "docs").symlink_to("../docs")
    assert [name for name in taken(source) if name.startswith("src/docs")] == ["src/docs/a.md", "src/docs/private/b.md"]
