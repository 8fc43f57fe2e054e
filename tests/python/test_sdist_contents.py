"""What a source distribution holds, byte for byte, and what is said when something is amiss."""

from __future__ import annotations

import gzip
import os
import subprocess
import tarfile
from pathlib import Path

import pytest
from workspace import Workspace, write

import alloconda.cli
from alloconda import build_backend
from alloconda.config import Config
from alloconda.errors import AllocondaError
from alloconda.pack.sdist import write_sdist
from alloconda.project import Project, read_config

ALWAYS = ["PKG-INFO", "build.zig", "pyproject.toml", "python/hello/__init__.py"]


@pytest.fixture
def ready(hello: Workspace) -> Workspace:
    hello.add("build.zig")
    return hello


def sdist(workspace: Workspace, over: Config | None = None) -> Path:
    config = read_config(workspace.project, over)
    return write_sdist(Project.load(workspace.project), config, workspace.out)


def contents(path: Path) -> dict[str, str]:
    """The files of an sdist below its one folder, and their text."""
    with tarfile.open(path, "r:gz") as archive:
        members = archive.getmembers()
        assert {member.name.split("/")[0] for member in members} == {"hello-0.1.0"}
        found = {}
        for member in members:
            file = archive.extractfile(member)
            assert file is not None
            found[member.name.partition("/")[2]] = file.read().decode()
    assert list(found) == sorted(found)
    return found


def test_names_and_metadata(ready: Workspace) -> None:
    ready.add("pyproject.toml", '[project]\nname = "He.Llo_World"\nversion = "1.0-RC1"\nreadme = "README.md"\n')
    ready.add("README.md", "# é\n")
    path = sdist(ready)
    assert path.name == "he_llo_world-1.0rc1.tar.gz"
    with tarfile.open(path) as archive:
        metadata = archive.extractfile("he_llo_world-1.0rc1/PKG-INFO")
        assert metadata is not None
        text = metadata.read().decode()
    assert text == Project.load(ready.project).dist_info_files()["METADATA"].decode()
    assert text.startswith("Metadata-Version: 2.4\nName: He.Llo_World\nVersion: 1.0rc1\n")
    assert "Dynamic" not in text


def test_nothing_tells_of_the_machine(ready: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    tool = ready.add("tool.sh", "#!/bin/sh\n")
    tool.chmod(0o700)
    ready.add(f"{'long' * 40}/é.txt")
    first = sdist(ready).read_bytes()
    # gzip (RFC 1952): deflate, no flags and so no name, no time, best compression, no system.
    assert first[:10] == bytes([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 2, 255])
    with tarfile.open(sdist(ready)) as archive:
        for member in archive.getmembers():
            mode = 0o755 if member.name.endswith("tool.sh") else 0o644
            facts = (member.mode, member.mtime, member.uid, member.gid, member.uname, member.gname)
            assert facts == (mode, 1577836800, 0, 0, "", "")
            assert member.isreg()
    os.utime(tool, (1, 1))
    (ready.project / "build.zig").chmod(0o600)
    assert sdist(ready).read_bytes() == first
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "99999999999")
    with tarfile.open(sdist(ready)) as archive:
        assert {member.mtime for member in archive.getmembers()} == {4354819198}


def test_an_sdist_of_an_sdist_is_the_same(ready: Workspace, tmp_path: Path) -> None:
    outside(ready)
    first = sdist(ready)
    with tarfile.open(first) as archive:
        archive.extractall(tmp_path / "unpacked", filter="data")
    again = Workspace(tmp_path / "unpacked" / "hello-0.1.0", ready.stage, tmp_path / "again")
    assert sdist(again).read_bytes() == first.read_bytes()


def test_always_there(ready: Workspace) -> None:
    ready.add(
        "pyproject.toml",
        '[project]\nname = "hello"\nversion = "0.1.0"\nreadme = "docs/readme.rst"\nlicense-files = ["legal/*"]\n',
    )
    for name in ("docs/readme.rst", "legal/LICENCE", "docs/other.txt"):
        ready.add(name)
    ready.add(".gitignore", "docs\nlegal\nbuild.zig")
    found = contents(sdist(ready, Config(exclude=("*.rst", "*.txt", "pyproject.toml", "LICENCE"))))
    assert list(found) == sorted([*ALWAYS, ".gitignore", "docs/readme.rst", "legal/LICENCE"])


@pytest.mark.parametrize(
    ("over", "added"),
    [
        (Config(), ["data/kept.txt", "python/hello/data.txt"]),
        (Config(exclude=("data.txt",)), ["data/kept.txt"]),
        (Config(exclude=("/data",)), ["python/hello/data.txt"]),
        (Config(exclude=("hello/data.txt",)), ["data/kept.txt"]),
        (Config(exclude=("hello/data.txt",), package_dir="./python/hello/"), ["data/kept.txt"]),
        (Config(wheel_exclude=("data.txt",)), ["data/kept.txt", "python/hello/data.txt"]),
        (Config(include=("hello/gen.py",)), ["data/kept.txt", "python/hello/data.txt", "python/hello/gen.py"]),
        (Config(sdist_include=("gen.zig",)), ["data/gen.zig", "data/kept.txt", "python/hello/data.txt"]),
        (Config(sdist_include=("gen.*",), exclude=("*.txt", "gen.py")), ["data/gen.zig"]),
    ],
)
def test_patterns(ready: Workspace, over: Config, added: list[str]) -> None:
    for name in ("data/kept.txt", "data/gen.zig", "python/hello/data.txt", "python/hello/gen.py", "node_modules/x/y"):
        ready.add(name)
    ready.add(".gitignore", "gen.*\nnode_modules")
    assert list(contents(sdist(ready, over))) == sorted([*ALWAYS, ".gitignore", *added])


def test_a_wheel_leaves_out_what_only_the_sdist_has(ready: Workspace) -> None:
    ready.add("python/hello/native.zig")
    over = Config(wheel_exclude=("*.zig",))
    assert "python/hello/native.zig" in contents(sdist(ready, over))
    assert ready.packed(over) == ["hello/__init__.py", "hello/_native.abi3.so"]


def test_older_distributions_are_left_out(ready: Workspace) -> None:
    for name in ("hello-0.0.9.tar.gz", "wheels/hello-0.1.0-cp310-abi3-win32.whl", "other-1.whl", "dist/x"):
        ready.add(name)
    assert list(contents(sdist(ready))) == sorted([*ALWAYS, "other-1.whl"])


def outside(ready: Workspace) -> None:
    """Let the project depend on a folder beside it, which depends on one in the project and on one more beside it."""
    beside = ready.project.parent / "beside"
    write(beside / "helper" / "build.zig")
    write(beside / "helper" / "src" / "helper.zig")
    write(beside / "helper" / "tests" / "big.bin")
    nested = '.{ .dependencies = .{ .own = .{ .path = "../../project/vendor/own" }, .deep = .{ .path = "../deep" } }, '
    write(beside / "helper" / "build.zig.zon", f'{nested}.paths = .{{"src"}} }}')
    write(beside / "deep" / "deep.zig")
    ready.add("vendor/own/own.zig")
    ready.add("vendor/own/build.zig.zon", '.{ .paths = .{ "" } }')
    ready.add(".gitignore", "/vendor")
    ready.add(
        "build.zig.zon",
        '.{\n    .dependencies = .{\n        .@"helper" = .{ .path = "../beside/helper" }, // stays\n'
        '        .far = .{ .url = "https://example.org/far.tar.gz", .hash = "far-1" },\n    },\n}\n',
    )


def test_local_dependencies(ready: Workspace) -> None:
    outside(ready)
    found = contents(sdist(ready))
    assert [name for name in found if name not in ALWAYS] == [
        ".gitignore",
        "build.zig.zon",
        "vendor/own/build.zig.zon",
        "vendor/own/own.zig",
        "zig-dependencies/deep/deep.zig",
        "zig-dependencies/helper/build.zig",
        "zig-dependencies/helper/build.zig.zon",
        "zig-dependencies/helper/src/helper.zig",
    ]
    assert '.@"helper" = .{ .path = "zig-dependencies/helper" }, // stays\n' in found["build.zig.zon"]
    assert found["zig-dependencies/helper/build.zig.zon"] == (
        '.{ .dependencies = .{ .own = .{ .path = "../../vendor/own" }, .deep = .{ .path = "../deep" } }, '
        '.paths = .{"src"} }'
    )
    # The project itself stays as it is.
    assert '"../beside/helper"' in (ready.project / "build.zig.zon").read_text("utf-8")


def test_a_dependency_that_has_the_project_within(ready: Workspace) -> None:
    parent = ready.project.parent
    write(parent / "build.zig.zon", '.{ .paths = .{ "build.zig.zon", "lib", "project" } }')
    write(parent / "lib" / "x.zig")
    ready.add("build.zig.zon", '.{ .dependencies = .{ .up = .{ .path = ".." } } }')
    found = contents(sdist(ready))
    assert [name for name in found if name.startswith("zig-dependencies")] == [
        "zig-dependencies/up/build.zig.zon", "zig-dependencies/up/lib/x.zig",
    ]  # fmt: skip


def test_a_dependency_that_is_not_there(ready: Workspace) -> None:
    ready.add("build.zig.zon", '.{ .dependencies = .{ .gone = .{ .path = "../gone" } } }')
    with pytest.raises(AllocondaError) as caught:
        sdist(ready)
    assert str(caught.value) == (
        f"{ready.project}/build.zig.zon has the dependency 'gone' at ../gone, and there is no such folder: correct the "
        "path, or take the dependency out."
    )


@pytest.mark.skipif(os.name != "posix", reason="symbolic links")
class TestLinks:
    def test_inside_the_project(self, ready: Workspace) -> None:
        ready.add("shared/table.txt", "42")
        (ready.project / "python/hello/table.txt").symlink_to("../../shared/table.txt")
        (ready.project / "python/hello/shared").symlink_to("../../shared")
        found = contents(sdist(ready))
        assert found["python/hello/table.txt"] == found["python/hello/shared/table.txt"] == "42"

    @pytest.mark.parametrize("name", ["secret.txt", "folder"])
    def test_out_of_the_project(self, ready: Workspace, name: str) -> None:
        target = write(ready.project.parent / "folder" / "secret.txt").parent
        (ready.project / name).symlink_to(target / name if "." in name else target)
        with pytest.raises(AllocondaError) as caught:
            sdist(ready)
        path = "secret.txt" if "." in name else "folder/secret.txt"
        assert str(caught.value) == (
            f"{path} leads out of the project by a symbolic link, to {target / 'secret.txt'}: put a copy in its place, "
            "or leave it out with 'exclude' in [tool.alloconda]."
        )
        assert path not in contents(sdist(ready, Config(exclude=("secret.txt",))))

    def test_that_leads_nowhere(self, ready: Workspace) -> None:
        (ready.project / "gone").symlink_to("nowhere")
        with pytest.raises(AllocondaError, match=r"gone is a symbolic link that leads nowhere\.$"):
            sdist(ready)

    def test_a_licence_may_be_shared(self, ready: Workspace) -> None:
        (ready.project / "LICENSE").symlink_to(write(ready.project.parent / "LICENSE", "free"))
        assert contents(sdist(ready))["LICENSE"] == "free"


def test_a_submodule_that_is_not_checked_out(ready: Workspace) -> None:
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@b.c"]
    for arguments in (
        ["init", "-q"],
        ["update-index", "--add", "--cacheinfo", "160000,0123456789012345678901234567890123456789,vendor/lib"],
    ):
        subprocess.run([*git, *arguments], cwd=ready.project, check=True)
    (ready.project / "vendor/lib").mkdir(parents=True)
    with pytest.raises(AllocondaError) as caught:
        sdist(ready)
    assert str(caught.value) == (
        "The git submodule vendor/lib is not checked out, and the source distribution would lack it: run 'git "
        "submodule update --init', or leave it out with 'exclude' in [tool.alloconda]."
    )
    assert list(contents(sdist(ready, Config(exclude=("vendor/",))))) == ALWAYS


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("sp\\am.txt", "cannot go into a source distribution as 'sp\\\\am.txt': a file name must be UTF-8"),
        ("BUILD.ZIG", "would be in the source distribution twice"),
    ],
)
def test_names_that_do_not_travel(ready: Workspace, name: str, sentence: str) -> None:
    ready.add(name)
    with pytest.raises(AllocondaError) as caught:
        sdist(ready)
    assert sentence in str(caught.value)


def test_patterns_that_find_nothing(ready: Workspace) -> None:
    with pytest.raises(AllocondaError) as caught:
        sdist(ready, Config(sdist_include=("*.json",)))
    assert str(caught.value) == (
        "'sdist-include' in [tool.alloconda] has '*.json', and no file of the project matches it."
    )


def test_no_build_zig(hello: Workspace, capfd: pytest.CaptureFixture[str]) -> None:
    assert alloconda.cli.run(["sdist", "--project-dir", str(hello.project)]) == 1
    assert capfd.readouterr() == (
        "", f"error: There is no build.zig in {hello.project}: add one that declares the extension.\n"
    )  # fmt: skip
    assert not (hello.project / "dist").exists()


def test_command(ready: Workspace, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ready.project)
    assert alloconda.cli.run(["sdist"]) == 0
    assert capfd.readouterr() == ("dist/hello-0.1.0.tar.gz\n", "")
    # What is there is replaced, and is not packed itself.
    first = (ready.project / "dist/hello-0.1.0.tar.gz").read_bytes()
    assert alloconda.cli.run(["sdist", "--out-dir", str(ready.project)]) == 0
    assert (ready.project / "hello-0.1.0.tar.gz").read_bytes() == first
    assert alloconda.cli.run(["sdist"]) == 0
    assert (ready.project / "dist/hello-0.1.0.tar.gz").read_bytes() == first


def test_backend(ready: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ready.project)
    monkeypatch.setenv("PATH", "/nowhere")  # no Zig, no git
    ready.out.mkdir()
    assert build_backend.get_requires_for_build_sdist() == []
    ready.add("notes.txt")
    name = build_backend.build_sdist(str(ready.out), {"exclude": ["notes.*"]})
    assert name == "hello-0.1.0.tar.gz"
    assert list(contents(ready.out / name)) == ALWAYS


def test_a_failure_keeps_the_old_file(ready: Workspace) -> None:
    path = sdist(ready)
    before = path.read_bytes()
    ready.add("bad:name")
    with pytest.raises(AllocondaError):
        sdist(ready)
    assert [file.name for file in ready.out.iterdir()] == [path.name]
    assert path.read_bytes() == before


def test_gzip_agrees(ready: Workspace) -> None:
    assert len(gzip.decompress(sdist(ready).read_bytes())) % 512 == 0
