"""What tells a build that a wheel has to be packed again, and that what it packed has changed meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import alloconda.cli
from alloconda import __version__

if TYPE_CHECKING:
    from pathlib import Path

    from workspace import Workspace

OPTION = "--option=exclude=*.tmp"


def survey(workspace: Workspace, *options: str) -> bytes:
    output = workspace.project / "survey.txt"
    arguments = ["survey", f"--project-dir={workspace.project}", "--module=hello._native", f"--output={output}"]
    wheels = [f"--wheel=cp310-abi3-{platform}" for platform in ("manylinux2014_x86_64.manylinux_2_17_x86_64", "win32")]
    assert alloconda.cli.run([*arguments, *wheels, *options]) == 0
    return output.read_bytes()


def pack(workspace: Workspace, *options: str) -> int:
    folders = [f"--project-dir={workspace.project}", f"--wheel-dir={workspace.out}"]
    return alloconda.cli.run(["pack", *folders, f"--manifest={workspace.manifest()}", *options])


def test_text(hello: Workspace) -> None:
    hello.add("python/hello/run.sh").chmod(0o755)
    packer, zlib, epoch, end, sbom, *files, last = survey(hello).decode().splitlines()
    assert packer.startswith(f"alloconda {__version__} ")
    assert zlib.startswith("zlib 1.")
    assert epoch == "SOURCE_DATE_EPOCH "
    assert (end, sbom, last) == ("", "sbom None", "")
    assert [line[65:] for line in files] == [
        "- 'hello/__init__.py'",
        "x 'hello/run.sh'",
        "- 'hello-0.1.0.dist-info/METADATA'",
        "- 'hello-0.1.0.dist-info/sboms/alloconda.cdx.json'",
    ]
    assert files[1].startswith("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 ")


@pytest.mark.parametrize(
    ("path", "content", "counts"),
    [
        ("python/hello/__init__.py", "changed", True),
        ("python/hello/added.py", "", True),
        ("python/hello/é\udc80", "", True),
        ("python/hello/_native.abi3.so", "an older build", False),
        ("python/hello/__pycache__/x.pyc", "", False),
        ("outside.py", "", False),
        ("build.zig.zon", '.{ .dependencies = .{ .flint = .{ .path = "flint" } } }', True),
        ("LICENSE", "", True),
        ("pyproject.toml", '[project]\nname = "hello"\nversion = "0.1.0"\n# a comment', False),
        ("pyproject.toml", '[project]\nname = "hello"\nversion = "0.2.0"', True),
        ("pyproject.toml", '[project]\nname = "hello"\nversion = "0.1.0"\nscripts.hello = "hello:main"', True),
    ],
)
def test_what_counts(hello: Workspace, path: str, content: str, *, counts: bool) -> None:
    first = survey(hello)
    assert survey(hello) == first
    hello.add(path, content)
    assert (survey(hello) != first) == counts


def test_an_override_makes_a_section(hello: Workspace, tmp_path: Path) -> None:
    """What a wheel is packed with is what was surveyed for it, also when another wheel differs."""
    hello.add("python/hello/x.tmp")
    hello.add("share/data/x.txt")
    before = survey(hello)
    hello.pyproject("[[tool.alloconda.overrides]]", 'select = "*-manylinux*"', 'exclude = ["*.tmp"]', 'data = "share"')
    text = survey(hello)
    assert text.startswith(before[: before.index(b"\n\n")])
    assert (text.count(b"sbom None"), text.count(b"x.tmp"), text.count(b"hello-0.1.0.data/data/x.txt")) == (2, 1, 1)
    path = hello.project / "survey.txt"
    options = [f"--survey={path}", f"--name-file={tmp_path / 'name.txt'}"]
    assert pack(hello, *options) == 0
    path.write_bytes(before)
    assert pack(hello, *options) == 1


def test_options_and_time_count(hello: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    hello.add("python/hello/x.tmp")
    texts = {survey(hello), survey(hello, OPTION)}
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1600000000")
    assert len(texts | {survey(hello)}) == 3


def test_what_is_the_same_is_not_written_again(hello: Workspace) -> None:
    survey(hello)
    output = hello.project / "survey.txt"
    before = output.stat()
    survey(hello)
    assert (output.stat().st_ino, output.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_packed_as_surveyed(hello: Workspace, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    name = tmp_path / "name.txt"
    hello.add("python/hello/x.tmp")
    survey(hello, OPTION)
    assert pack(hello, OPTION, f"--survey={hello.project / 'survey.txt'}", f"--name-file={name}") == 0
    assert name.read_text("utf-8") == "hello-0.1.0-cp310-abi3-manylinux_2_17_x86_64.whl\n"
    assert capfd.readouterr() == ("", "")


def test_changed_during_the_build(hello: Workspace, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    name = tmp_path / "name.txt"
    survey(hello)
    hello.add("python/hello/__init__.py", "changed")
    assert pack(hello, f"--survey={hello.project / 'survey.txt'}", f"--name-file={name}") == 1
    sentence = f"error: Files of the package in {hello.project} have changed during the build: build again.\n"
    assert capfd.readouterr() == ("", sentence)
    assert not name.exists()
