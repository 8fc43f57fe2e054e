"""Projects, manifests and Zigs that exist for one test."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest
from workspace import Workspace, write_program


@pytest.fixture
def bare(tmp_path: Path) -> Workspace:
    """A project with nothing but its name."""
    workspace = Workspace(tmp_path / "project", tmp_path / "stage", tmp_path / "out")
    workspace.pyproject()
    return workspace


@pytest.fixture
def hello(bare: Workspace) -> Workspace:
    """A project with the package ``hello`` and the extension ``hello._native``."""
    bare.add("python/hello/__init__.py", "from hello._native import add\n")
    bare.extension("hello._native")
    return bare


FakeZig = Callable[..., Path]


@pytest.fixture
def fake_zig(tmp_path: Path) -> FakeZig:
    """Make executables that pass for Zig."""

    def make(version: str = "0.16.0", build: str = "", folder: str = "fake", name: str = "zig") -> Path:
        script = f"""\
            import os, pathlib, sys, time
            log = pathlib.Path(__file__).with_name("log")
            if sys.argv[1] == "version":
                print({version!r})
            elif sys.argv[1] == "fetch":
                log.with_name("fetched").write_text(" ".join(sorted(os.listdir(sys.argv[2]))))
                print("alloconda-0.1.0-carried")
            elif sys.argv[1] == "env":
                print('.{{\\n    .global_cache_dir = "' + str(log.with_name("cache")) + '",\\n}}')
            elif sys.argv[1] == "build":
                log.write_text("\\n".join(sys.argv[2:]))
                options = dict(word[2:].split("=", 1) for word in sys.argv if word[:2] == "-D" and "=" in word)
                prefix = pathlib.Path(sys.argv[sys.argv.index("--prefix") + 1])
            """
        text = textwrap.dedent(script) + textwrap.indent(textwrap.dedent(build), "    ")
        return write_program(tmp_path / folder / name, text)

    return make


@pytest.fixture(autouse=True)
def no_outside_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ALLOCONDA_ZIG", "SOURCE_DATE_EPOCH", "ZIG_DEBUG_CMD", "ZIG_LOCAL_CACHE_DIR"):
        monkeypatch.delenv(name, raising=False)
