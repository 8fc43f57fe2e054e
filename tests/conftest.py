"""Fixtures: which Zig, and a workbench that builds each project once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from workbench import ROOT, Workbench, Zig, copy_project, zigs

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture(params=zigs(), ids=lambda zig: f"zig-{zig.version}")
def any_zig(request: pytest.FixtureRequest) -> Zig:
    """Each compiler in turn."""
    zig: Zig = request.param
    return zig


@pytest.fixture(scope="session")
def zig() -> Zig:
    """The compiler for tests that one is enough for: Zig 0.16 when it is there."""
    return next((zig for zig in zigs() if zig.version.startswith("0.16")), zigs()[-1])


@pytest.fixture(scope="session")
def workbench(tmp_path_factory: pytest.TempPathFactory) -> Workbench:
    # Several processes run the tests; the folder that theirs lie in is that of the whole run.
    caches = tmp_path_factory.getbasetemp().parent / "caches"
    return Workbench(tmp_path_factory.mktemp("workbench"), caches)


@pytest.fixture
def project(tmp_path: Path) -> Callable[[str], Path]:
    """Copies an example or fixture project, so that a test may change it."""

    def copy(name: str) -> Path:
        return copy_project(ROOT / name, tmp_path / "project with blanks, é")

    return copy
