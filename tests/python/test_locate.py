"""Finding Zig: the order, the versions, and what is said when there is none."""

from __future__ import annotations

import importlib.util
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest
from fixtures import FakeZig
from workspace import write

from alloconda.errors import AllocondaError
from alloconda.toolchain.locate import Zig, locate

REMEDY = "pip install 'ziglang>=0.15.2,<0.18', or set ALLOCONDA_ZIG to a Zig of that range"


@pytest.fixture
def places(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, Path]:
    """Folders that stand for the ziglang package and for PATH: both empty."""
    folders = {"package": tmp_path / "package", "path": tmp_path / "path"}
    for folder in folders.values():
        folder.mkdir()
    specification = ModuleSpec("ziglang", None, is_package=True)
    specification.submodule_search_locations = [str(folders["package"])]
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: specification if name == "ziglang" else None)
    monkeypatch.setenv("PATH", str(folders["path"]))
    return folders


@pytest.mark.usefixtures("places")
class TestOrder:
    def test_the_setting_comes_first(self, fake_zig: FakeZig) -> None:
        fake_zig("0.16.0", folder="package")
        chosen = fake_zig("0.15.2", folder="chosen")
        assert locate(str(chosen)) == Zig(chosen, "0.15.2")

    def test_then_the_package(self, fake_zig: FakeZig) -> None:
        fake_zig("0.17.0", folder="path")
        packaged = fake_zig("0.16.0", folder="package")
        assert locate() == Zig(packaged, "0.16.0")

    def test_then_path(self, fake_zig: FakeZig) -> None:
        on_path = fake_zig("0.17.0", folder="path")
        assert locate() == Zig(on_path, "0.17.0")

    def test_a_package_that_is_too_old_is_passed_by(self, fake_zig: FakeZig) -> None:
        fake_zig("0.13.0", folder="package")
        on_path = fake_zig("0.15.2", folder="path")
        assert locate() == Zig(on_path, "0.15.2")

    def test_a_setting_may_be_a_name_on_path(self, fake_zig: FakeZig) -> None:
        on_path = fake_zig("0.15.2", folder="path", name="zig-0.15")
        assert locate("zig-0.15") == Zig(on_path, "0.15.2")

    def test_a_setting_may_start_with_the_home_folder(
        self, fake_zig: FakeZig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("HOME", str(tmp_path))
        chosen = fake_zig("0.16.0")
        assert locate("~/fake/zig") == Zig(chosen, "0.16.0")


@pytest.mark.parametrize(
    ("version", "usable"),
    [
        ("0.15.1", False),
        ("0.15.2-dev.3+abc", False),
        ("0.15.2", True),
        ("0.15.2+local", True),
        ("0.15.3", True),
        ("0.16.0-dev.12+0123abc", True),
        ("0.17.9", True),
        ("0.18.0-dev.1+0123abc", False),
        ("0.18.0", False),
        ("1.0.0", False),
    ],
)
def test_version(fake_zig: FakeZig, version: str, usable: object) -> None:
    zig = fake_zig(version)
    if usable:
        assert locate(str(zig)).version == version
    else:
        with pytest.raises(AllocondaError) as caught:
            locate(str(zig))
        assert str(caught.value) == f"No usable Zig was found: {zig} is version {version}. To go on, {REMEDY}."


@pytest.mark.usefixtures("places")
def test_none() -> None:
    with pytest.raises(AllocondaError) as caught:
        locate()
    assert str(caught.value) == (f"Zig is not installed: there is no ziglang package and no zig on PATH; {REMEDY}.")


@pytest.mark.usefixtures("places")
def test_all_that_was_found_is_listed(fake_zig: FakeZig) -> None:
    package, path = fake_zig("0.13.0", folder="package"), fake_zig("0.18.1", folder="path")
    with pytest.raises(AllocondaError) as caught:
        locate()
    assert str(caught.value) == (
        f"No usable Zig was found: the ziglang package ({package}) is version 0.13.0; zig on PATH ({path}) is version "
        f"0.18.1. To go on, {REMEDY}."
    )


@pytest.mark.parametrize("setting", ["/no/such/zig", "no-such-zig", "/"])
def test_a_setting_that_is_no_executable(setting: str) -> None:
    with pytest.raises(AllocondaError) as caught:
        locate(setting)
    assert str(caught.value) == (
        f"The Zig that was asked for, '{setting}' (key 'zig' or ALLOCONDA_ZIG), is not an executable file."
    )


@pytest.mark.parametrize(
    ("script", "words"),
    [
        (b"#!/bin/sh\necho garbage\n", "does not tell its version, as 'zig version' does"),
        (b"#!/bin/sh\necho 0.16.0\nexit 3\n", "does not tell its version, as 'zig version' does"),
        (b"#!/bin/sh\nprintf '\\377'\n", "does not tell its version, as 'zig version' does"),
        (b"\x7fELF no program", "cannot be run (Exec format error)"),
        (b"#!/no/such/interpreter\n", "cannot be run (No such file or directory)"),
    ],
)
def test_a_setting_that_is_no_zig(tmp_path: Path, script: bytes, words: str) -> None:
    zig = write(tmp_path / "zig", script)
    zig.chmod(0o755)
    with pytest.raises(AllocondaError) as caught:
        locate(str(zig))
    assert str(caught.value) == f"No usable Zig was found: {zig} {words}. To go on, {REMEDY}."
