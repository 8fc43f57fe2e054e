"""Which files of a package go into the wheel, and what is said when something is amiss."""

from __future__ import annotations

import ctypes
import os
import sys
import zipfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from workspace import Workspace, write

from alloconda.config import Config
from alloconda.errors import AllocondaError

if TYPE_CHECKING:
    from collections.abc import Iterator

DEFAULT = ["hello/__init__.py", "hello/_native.abi3.so"]


@pytest.mark.parametrize("layout", ["python/hello", "src/hello", "hello"])
def test_layouts(bare: Workspace, layout: str) -> None:
    bare.extension("hello._native")
    bare.add(f"{layout}/__init__.py")
    assert bare.packed() == DEFAULT


def test_the_first_layout_wins(hello: Workspace) -> None:
    hello.add("hello/other.py")
    assert hello.packed() == DEFAULT


def test_package_dir_may_have_any_name(bare: Workspace) -> None:
    bare.extension("hello._native")
    bare.add("lib/sources/__init__.py")
    assert bare.packed(Config(package_dir="lib/sources")) == DEFAULT


def test_flat_module_needs_no_package(bare: Workspace) -> None:
    bare.extension("hello")
    assert bare.packed() == ["hello.abi3.so"]


def test_flat_module_beside_a_package(bare: Workspace) -> None:
    bare.extension("_hello")
    bare.add("python/hello/__init__.py")
    assert bare.packed(Config(package_dir="python/hello")) == ["_hello.abi3.so", "hello/__init__.py"]


def test_several_extensions(hello: Workspace) -> None:
    hello.extension("hello.sub._other")
    hello.add("python/hello/sub/__init__.py")
    hello.extension("world._native")
    hello.add("src/world/__init__.py")
    assert hello.packed() == [
        "hello/__init__.py",
        "hello/_native.abi3.so",
        "hello/sub/__init__.py",
        "hello/sub/_other.abi3.so",
        "world/__init__.py",
        "world/_native.abi3.so",
    ]


def test_namespace_package(bare: Workspace) -> None:
    bare.extension("corp.hello._native")
    bare.add("python/corp/hello/__init__.py")
    assert bare.packed() == ["corp/hello/__init__.py", "corp/hello/_native.abi3.so"]


def test_left_out_by_default(hello: Workspace) -> None:
    for name in (
        "__pycache__/__init__.cpython-313.pyc",
        "old.pyc",
        "mod.py~",
        ".mod.py.swp",
        ".#mod.py",
        "#mod.py#",
        ".DS_Store",
        "._mod.py",
        ".idea/workspace.xml",
        "sub/.mypy_cache/x.json",
        # older builds of hello._native
        "_native.abi3.so",
        "_native.so",
        "_native.cpython-313-x86_64-linux-gnu.so",
        "_native.cp314-win_amd64.pyd",
    ):
        hello.add(f"python/hello/{name}")
    # These look like them, and are not.
    for name in ("_native_data.so", "_native.pyi", "sub/_native.abi3.so", "lib.so", ".hidden"):
        hello.add(f"python/hello/{name}")
    assert hello.packed() == [
        "hello/.hidden",
        "hello/__init__.py",
        "hello/_native.abi3.so",
        "hello/_native.pyi",
        "hello/_native_data.so",
        "hello/lib.so",
        "hello/sub/_native.abi3.so",
    ]


def test_a_stub_that_a_build_has_left(hello: Workspace) -> None:
    hello.add("python/hello/_native.pyi", "# Written by alloconda from the Zig sources; old\n")
    write(hello.stage / "hello/_native.pyi", "new")
    hello.extensions[0]["stubs"] = ["hello/_native.pyi"]
    with zipfile.ZipFile(hello.pack()) as wheel:
        assert wheel.read("hello/_native.pyi") == b"new"
        assert wheel.read("hello/py.typed") == b""
    # One that somebody wrote wins.
    hello.add("python/hello/_native.pyi", "mine")
    with zipfile.ZipFile(hello.pack()) as wheel:
        assert wheel.read("hello/_native.pyi") == b"mine"


def test_stubs_of_the_build_whose_library_is_packed(bare: Workspace) -> None:
    """With --skip-build the library of an earlier build is packed, and Zig writes no stubs."""
    bare.add("python/hello/__init__.py")
    bare.add("python/hello/_native.pyi", "# Written by alloconda from the Zig sources")
    bare.extension("hello._native")
    bare.add("python/_other.pyi", "# Written by alloconda from the Zig sources")
    bare.extension("_other")
    assert bare.packed() == [
        "_other-stubs/__init__.pyi", "_other.abi3.so",
        "hello/__init__.py", "hello/_native.abi3.so", "hello/_native.pyi", "hello/py.typed",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("made", "places"),
    [
        (["hello.pyi"], ["hello-stubs/__init__.pyi"]),
        (["hello/__init__.pyi", "hello/sub.pyi"], ["hello-stubs/__init__.pyi", "hello-stubs/sub.pyi"]),
    ],
)
def test_stubs_of_a_module_of_its_own(bare: Workspace, made: list[str], places: list[str]) -> None:
    """Type checkers find them in a package of stubs; beside the module they pass them by (PEP 561)."""
    bare.extension("hello")
    bare.extensions[0]["stubs"] = made
    for stub in made:
        write(bare.stage / stub, "made")
        bare.add(stub, "# Written by alloconda from the Zig sources; old\n")
    assert bare.packed() == [*places, "hello.abi3.so"]
    # One that somebody wrote wins.
    bare.add(made[-1], "mine")
    with zipfile.ZipFile(bare.pack()) as wheel:
        assert wheel.read(places[-1]) == b"mine"
        assert [wheel.read(place) for place in places[:-1]] == [b"made"] * (len(places) - 1)


@pytest.mark.parametrize(
    ("exclude", "expected"),
    [
        (["*.txt"], ["hello/data/x.bin", "hello/data/deep/y.bin"]),
        (["data/"], []),
        (["data"], []),
        (["/hello/data/*.txt"], ["hello/data/deep/a.txt", "hello/data/deep/y.bin", "hello/data/x.bin"]),
        (["hello/data/deep/**"], ["hello/data/a.txt", "hello/data/x.bin"]),
        (["python/hello/data/deep"], ["hello/data/a.txt", "hello/data/x.bin"]),
        (["*.txt", "!data/deep/a.txt", "*.bin"], ["hello/data/deep/a.txt"]),
        (
            ["nothing.like.it"],
            ["hello/data/a.txt", "hello/data/deep/a.txt", "hello/data/deep/y.bin", "hello/data/x.bin"],
        ),
    ],
)
def test_exclude(hello: Workspace, exclude: list[str], expected: list[str]) -> None:
    for name in ("a.txt", "x.bin", "deep/a.txt", "deep/y.bin"):
        hello.add(f"python/hello/data/{name}")
    assert hello.packed(Config(exclude=tuple(exclude))) == sorted([*DEFAULT, *expected])


def test_include_brings_back_what_is_left_out(hello: Workspace) -> None:
    hello.add("python/hello/data/kept.pyc")
    hello.add("python/hello/.idea/template.xml")
    hello.add("python/hello/other.pyc")
    packed = hello.packed(Config(include=("data/*.pyc", ".idea/")))
    assert packed == ["hello/.idea/template.xml", *DEFAULT, "hello/data/kept.pyc"]


def test_include_is_no_list_of_all_that_is_wanted(hello: Workspace) -> None:
    hello.add("python/hello/__init__.pyi")
    assert hello.packed(Config(include=("*.pyi",))) == ["hello/__init__.py", "hello/__init__.pyi", DEFAULT[1]]


def test_exclude_wins_over_include(hello: Workspace) -> None:
    hello.add("python/hello/a.pyc")
    hello.add("python/hello/b.pyc")
    assert hello.packed(Config(include=("*.pyc",), exclude=("b.*",))) == [
        "hello/__init__.py",
        DEFAULT[1],
        "hello/a.pyc",
    ]


def test_what_git_ignores_is_left_out(hello: Workspace) -> None:
    hello.add(".gitignore", "ignored.*\n")
    hello.add("python/hello/ignored.py")
    hello.add("python/hello/kept.py")
    assert hello.packed() == [*DEFAULT, "hello/kept.py"]
    assert hello.packed(Config(include=("ignored.py",))) == [*DEFAULT, "hello/ignored.py", "hello/kept.py"]


def test_a_package_that_is_ignored_as_a_whole_has_been_asked_for(hello: Workspace) -> None:
    hello.add(".gitignore", "python\n")
    assert hello.packed() == DEFAULT


def test_config_of_the_file(hello: Workspace) -> None:
    hello.pyproject("[tool.alloconda]", 'exclude = ["*.md"]')
    hello.add("python/hello/notes.md")
    assert hello.packed() == DEFAULT


@pytest.mark.skipif(os.name != "posix", reason="symbolic links")
class TestLinks:
    def test_to_a_file_and_to_a_folder(self, hello: Workspace) -> None:
        target = hello.add("shared/table.txt", "42")
        (hello.project / "python/hello/table.txt").symlink_to(target)
        (hello.project / "python/hello/shared").symlink_to("../../shared")
        with zipfile.ZipFile(hello.pack()) as wheel:
            assert wheel.read("hello/table.txt") == b"42"
            assert wheel.read("hello/shared/table.txt") == b"42"

    def test_that_leads_nowhere(self, hello: Workspace) -> None:
        (hello.project / "python/hello/gone").symlink_to("nowhere")
        with pytest.raises(AllocondaError, match=r"python/hello/gone is a symbolic link that leads nowhere\.$"):
            hello.pack()

    def test_that_leads_back(self, hello: Workspace) -> None:
        (hello.project / "python/hello/loop").symlink_to("..")
        with pytest.raises(AllocondaError, match="is a symbolic link to a folder that it is in: leave it out"):
            hello.pack()

    def test_to_itself(self, hello: Workspace) -> None:
        (hello.project / "python/hello/self").symlink_to("self")
        with pytest.raises(AllocondaError, match="python/hello/self "):
            hello.pack()


def test_name_that_is_not_utf8(hello: Workspace) -> None:
    try:
        hello.add(os.fsdecode(b"python/hello/\xff.txt"))
    except (OSError, UnicodeError):
        pytest.skip("the file system takes no such name")
    with pytest.raises(AllocondaError) as caught:
        hello.pack()
    assert str(caught.value) == (
        "python/hello/\udcff.txt cannot go into a wheel as 'hello/\\udcff.txt': a file name must be UTF-8, with no "
        "control characters and none of '\\' and ':'."
    )


def test_pipe(hello: Workspace) -> None:
    os.mkfifo(hello.project / "python/hello/pipe")
    with pytest.raises(AllocondaError, match=r"python/hello/pipe is not a regular file, and cannot go into a wheel\.$"):
        hello.pack()


@contextmanager
def permissions_count() -> Iterator[None]:
    """Take the capabilities from this thread by which root on Linux reads every file (capset(2), capabilities(7))."""
    libc = ctypes.CDLL(None, use_errno=True)
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    capabilities = (ctypes.c_uint32 * 6)()
    assert libc.capget(header, capabilities) == 0
    had = capabilities[0]
    capabilities[0] &= ~(1 << 1 | 1 << 2)
    assert libc.capset(header, capabilities) == 0
    try:
        yield
    finally:
        capabilities[0] = had
        assert libc.capset(header, capabilities) == 0


@pytest.mark.skipif(sys.platform != "linux", reason="whether this user may read everything is not known")
def test_unreadable_file(hello: Workspace) -> None:
    hello.add("python/hello/secret.txt").chmod(0)
    expected = r"python/hello/secret\.txt cannot be read: Permission denied\.$"
    with permissions_count(), pytest.raises(AllocondaError, match=expected):
        hello.pack()


def test_case_only_difference(hello: Workspace) -> None:
    hello.add("python/hello/Readme.txt")
    hello.add("python/hello/readme.txt")
    if not (hello.project / "python/hello/Readme.txt").samefile(hello.project / "python/hello/readme.txt"):
        with pytest.raises(AllocondaError, match="hello/readme.txt would be in the wheel twice: from python/hello/"):
            hello.pack()


def test_an_included_old_build_collides(hello: Workspace) -> None:
    hello.add("python/hello/_native.abi3.so")
    with pytest.raises(AllocondaError) as caught:
        hello.pack(Config(include=("*.so",)))
    assert str(caught.value) == (
        "hello/_native.abi3.so would be in the wheel twice: from python/hello/_native.abi3.so and from the build."
    )


@pytest.mark.parametrize(
    ("package_dir", "sentence"),
    [
        (
            None,
            "The extension hello._native belongs to the package hello, and {0} has none of python/hello, src/hello "
            "and hello: make python/hello/__init__.py, or set 'package-dir' in [tool.alloconda].",
        ),
        ("gone", "'package-dir' is 'gone', and there is no such folder in {0}."),
        (".", "'package-dir' is '.', and must lead to a folder below the project {0}."),
        ("../elsewhere", "'package-dir' is '../elsewhere', and must lead to a folder below the project {0}."),
        ("/usr", "'package-dir' is '/usr', and must lead to a folder below the project {0}."),
    ],
)
def test_missing_package(bare: Workspace, package_dir: str | None, sentence: str) -> None:
    bare.extension("hello._native")
    with pytest.raises(AllocondaError) as caught:
        bare.pack(Config(package_dir=package_dir))
    assert str(caught.value) == sentence.format(bare.project)


def test_missing_subpackage(hello: Workspace) -> None:
    hello.extension("hello.inner._native")
    with pytest.raises(AllocondaError) as caught:
        hello.pack()
    assert str(caught.value) == (
        "The extension hello.inner._native belongs to a package that is not there: make "
        "python/hello/inner/__init__.py, or correct the name in build.zig."
    )


def test_package_dir_with_several_packages(hello: Workspace) -> None:
    hello.extension("world._native")
    with pytest.raises(AllocondaError, match="the extensions belong to the packages hello, world: leave it out"):
        hello.pack(Config(package_dir="python/hello"))


def test_include_that_finds_nothing(hello: Workspace) -> None:
    hello.add("data/table.json")
    with pytest.raises(AllocondaError, match="'include' .* has 'data/table.json', and no file of the package matches"):
        hello.pack(Config(include=("data/table.json",)))


def test_executable_bit_is_kept(hello: Workspace) -> None:
    Path(hello.add("python/hello/tool.sh", "#!/bin/sh\n")).chmod(0o711)
    with zipfile.ZipFile(hello.pack()) as wheel:
        assert oct(wheel.getinfo("hello/tool.sh").external_attr >> 16) == "0o100755"
