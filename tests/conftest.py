"""Fixtures: which Zig, and a workbench that builds each project once."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from alloconda.pack.archive import Archive
from workbench import ROOT, Workbench, Zig, copy_project, usual_zig, zigs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


# How long an example takes says how busy the machine is: no test measures speed.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Choose the order in which the workers take tests.

    What builds nothing comes first, while the foreign interpreters may still be set up. Then come the tests that one
    worker has to do one after another, so that none of them is left alone with these at the end.
    """

    def place(item: pytest.Item) -> int:
        if item.path.parent.name == "python":
            return 0
        return 1 if item.get_closest_marker("xdist_group") else 2

    items.sort(key=place)


@pytest.fixture(params=zigs(), ids=lambda zig: f"zig-{zig.version}")
def any_zig(request: pytest.FixtureRequest) -> Zig:
    """Each compiler in turn."""
    zig: Zig = request.param
    return zig


@pytest.fixture(scope="session")
def zig() -> Zig:
    """The compiler for tests that one is enough for."""
    return usual_zig()


@pytest.fixture(scope="session")
def workbench(tmp_path_factory: pytest.TempPathFactory) -> Workbench:
    # Several processes run the tests; the folder that theirs lie in is that of the whole run.
    caches = tmp_path_factory.getbasetemp().parent / "caches"
    return Workbench(tmp_path_factory.mktemp("workbench"), caches)


@pytest.fixture
def place(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> Iterator[Path]:
    """An empty folder for projects, in the same place for every test.

    Zig compiles build.zig, and a dependency that lies in the project, anew for every folder. That takes longer than
    most that tests do.
    """
    folder = tmp_path_factory.getbasetemp() / "place"
    folder.mkdir()
    yield folder
    # Where what a test leaves is looked for.
    folder.rename(tmp_path / "place")


@pytest.fixture
def project(place: Path) -> Callable[[str], Path]:
    """Copies an example or fixture project, so that a test may change it."""

    def copy(name: str) -> Path:
        return copy_project(ROOT / name, place / "project with blanks, é")

    return copy


@pytest.fixture
def empty_store(workbench: Workbench) -> Iterator[Callable[[], dict[str, str]]]:
    """Makes environments in which Zig has no package yet, and finds what it has compiled for others.

    In an empty cache Zig 0.17 begins with itself: the program that runs build.zig takes it 10 s.
    """
    cache = Path(workbench.environment["ZIG_GLOBAL_CACHE_DIR"])
    with ExitStack() as folders:

        def environment() -> dict[str, str]:
            # Zig renames what it has made from one of these folders to another: they must be on one disk.
            folder = Path(folders.enter_context(TemporaryDirectory(prefix="store-", dir=cache)))
            for name in ("b", "h", "o", "tmp", "z"):
                (cache / name).mkdir(exist_ok=True)
                (folder / name).symlink_to(cache / name)
            return {"ZIG_GLOBAL_CACHE_DIR": str(folder)}

        cache.mkdir(parents=True, exist_ok=True)
        yield environment


@pytest.fixture(scope="session")
def distribution(workbench: Workbench) -> Path:
    """A folder with the wheel of this checkout's alloconda, for front ends that isolate builds."""
    folder = workbench.folder / "distribution"
    workbench.run([sys.executable, "-m", "pip", "wheel", "--no-deps", "--wheel-dir", folder, ROOT])
    # The tests name their Zig: an empty package in place of the compiler, which is 90 MB, saves minutes.
    ziglang = Archive("ziglang-0.16.0.dist-info")
    for name, content in (
        ("ziglang/__init__.py", ""),
        ("ziglang-0.16.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: ziglang\nVersion: 0.16.0\n"),
        ("ziglang-0.16.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"),
    ):
        ziglang.add(name, content.encode(), origin="the tests")
    ziglang.write(folder / "ziglang-0.16.0-py3-none-any.whl")
    return folder


@pytest.fixture
def isolated(distribution: Path, tmp_path: Path) -> dict[str, str]:
    """Environment in which an isolated build gets this checkout's alloconda, and no other of that name."""
    constraint = tmp_path / "constraint.txt"
    lines = [f"{wheel.name.partition('-')[0]} @ {wheel.as_uri()}\n" for wheel in distribution.glob("*.whl")]
    constraint.write_text("".join(lines), "utf-8")
    links, constraints = str(distribution), str(constraint)
    return {
        "PIP_FIND_LINKS": links,
        "PIP_CONSTRAINT": constraints,
        "PIP_BUILD_CONSTRAINT": constraints,
        "UV_FIND_LINKS": links,
        "UV_BUILD_CONSTRAINT": constraints,
    }
