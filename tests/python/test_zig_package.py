"""The Zig package inside the Python package, and that both say the same of themselves."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from fixtures import FakeZig
from workspace import write

import alloconda
from alloconda.errors import AllocondaError
from alloconda.folders import user_cache_folder
from alloconda.toolchain.locate import Zig
from alloconda.toolchain.package import fetch_package, package_folder, package_paths, seed_cache
from alloconda.toolchain.run import environment

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).parents[2]

PINNING = """\
.{{
    .dependencies = .{{
        .alloconda = .{{
            .url = "https://example.org/alloconda.tar.gz",
            .hash = "{hash}",
        }},
    }},
}}
"""


def test_versions_agree() -> None:
    zon = (ROOT / "build.zig.zon").read_text(encoding="utf-8")
    assert re.findall(r'^    \.version = "(.*)"', zon, re.MULTILINE) == [alloconda.__version__]


def test_build_zig_zon_and_pyproject_list_the_same_files() -> None:
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    forced = pyproject["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    assert forced == {path: f"alloconda/zig/{path}" for path in package_paths(ROOT)}


def test_the_wheel_carries_the_zig_package(tmp_path: Path) -> None:
    code = f"import hatchling.build; print(hatchling.build.build_wheel({str(tmp_path)!r}))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    expected: dict[str, bytes] = {}
    for name in package_paths(ROOT):
        path = ROOT / name
        files = [file for file in path.rglob("*") if file.is_file()] if path.is_dir() else [path]
        expected |= {f"alloconda/zig/{file.relative_to(ROOT).as_posix()}": file.read_bytes() for file in files}
    with zipfile.ZipFile(tmp_path / done.stdout.strip()) as wheel:
        carried = {name: wheel.read(name) for name in wheel.namelist() if name.startswith("alloconda/zig/")}
        assert carried == expected
        assert "alloconda/build_backend.py" in wheel.namelist()
        assert "alloconda/py.typed" in wheel.namelist()


def test_package_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = write(tmp_path / "python/alloconda/__init__.py")
    monkeypatch.setattr(alloconda, "__file__", str(module))
    with pytest.raises(AllocondaError, match=r"^The Zig package is missing beside .*: install alloconda again\.$"):
        package_folder()
    # Some other Zig project happens to be two folders up.
    write(tmp_path / "build.zig.zon", ".{ .name = .other }")
    with pytest.raises(AllocondaError):
        package_folder()
    write(tmp_path / "build.zig.zon", ".{ .name = .alloconda }")
    assert package_folder() == tmp_path
    write(tmp_path / "python/alloconda/zig/build.zig.zon", ".{ .name = .alloconda }")
    assert package_folder() == tmp_path / "python/alloconda/zig"


@pytest.mark.parametrize(
    ("zon", "expected"),
    [
        ('.{ .paths = .{ "build.zig", "src" } }', ["build.zig", "src"]),
        ('.{\n    .paths = .{\n        "a",\n        // "b",\n        "c",\n    },\n}', ["a", "c"]),
    ],
)
def test_package_paths(tmp_path: Path, zon: str, expected: list[str]) -> None:
    write(tmp_path / "build.zig.zon", zon)
    assert package_paths(tmp_path) == expected


class TestSeeding:
    """With a Zig that notes what it is asked to fetch."""

    @pytest.fixture(autouse=True)
    def _default_cache(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("ZIG_GLOBAL_CACHE_DIR", raising=False)

    @staticmethod
    def seed(executable: Path, project: Path, version: str = "0.16.0") -> str | None:
        """Seed, and return what was fetched."""
        seed_cache(Zig(executable, version), project, os.environ)
        fetched = executable.with_name("fetched")
        return fetched.read_text(encoding="utf-8") if fetched.exists() else None

    def test_a_pinned_package(self, fake_zig: FakeZig, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        write(tmp_path / "build.zig.zon", PINNING.format(hash="alloconda-0.1.0-carried"))
        assert self.seed(fake_zig(), tmp_path) == "LICENSE build.zig build.zig.zon src"
        assert capsys.readouterr().err == ""

    @pytest.mark.parametrize(
        ("version", "entry"), [("0.15.2", "alloconda-0.1.0-x"), ("0.16.0", "alloconda-0.1.0-x.tar.gz")]
    )
    def test_a_package_that_zig_has(self, fake_zig: FakeZig, tmp_path: Path, version: str, entry: str) -> None:
        write(tmp_path / "build.zig.zon", PINNING.format(hash="alloconda-0.1.0-x"))
        write(tmp_path / "fake/cache/p" / entry)
        assert self.seed(fake_zig(), tmp_path, version) is None

    @pytest.mark.parametrize(
        "zon",
        [
            None,
            '.{ .dependencies = .{ .alloconda = .{ .path = "../.." } } }',
            '.{ .dependencies = .{ .other = .{ .hash = "other-0.1.0-x" } } }',
            '.{\n    // .hash = "alloconda-0.1.0-x"\n}',
        ],
    )
    def test_a_project_that_pins_nothing_of_ours(self, fake_zig: FakeZig, tmp_path: Path, zon: str | None) -> None:
        if zon is not None:
            write(tmp_path / "build.zig.zon", zon)
        assert self.seed(fake_zig(), tmp_path) is None

    def test_a_pin_of_another_version(
        self, fake_zig: FakeZig, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        zon = write(tmp_path / "build.zig.zon", " ".join(PINNING.format(hash="alloconda-0.0.9-x").split()))
        assert self.seed(fake_zig(), tmp_path)
        assert capsys.readouterr().err == (
            f"warning: {zon} pins the Zig package alloconda-0.0.9-x, and alloconda 0.1.0 carries "
            "alloconda-0.1.0-carried: install the alloconda of the pinned version, or pin this one.\n"
        )

    def test_what_pip_compiles_is_no_part_of_the_package(
        self, fake_zig: FakeZig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        package = tmp_path / "site-packages/alloconda"
        write(package / "zig/build.zig.zon", '.{ .name = .alloconda, .paths = .{ "build.zig.zon", "src" } }')
        write(package / "zig/src/x.py")
        write(package / "zig/src/__pycache__/x.pyc")
        monkeypatch.setattr(alloconda, "__file__", str(package / "__init__.py"))
        listing = fake_zig(folder="listing")
        listing.write_text("#!/bin/sh\ncd $2 && find . -type f | sort\n", encoding="utf-8")
        assert fetch_package(Zig(listing, "0.16.0"), os.environ) == "./build.zig.zon\n./src/x.py"


@pytest.mark.parametrize(
    ("version", "expected"), [("0.15.2", None), ("0.16.0", None), ("0.17.0", "1"), ("0.17.3", "1")]
)
def test_environment(tmp_path: Path, version: str, expected: str | None) -> None:
    variables = environment(Zig(Path("zig"), version), tmp_path)
    assert variables.get("ZIG_DEBUG_CMD") == expected
    assert "ZIG_LOCAL_CACHE_DIR" not in variables
    assert variables["PATH"] == os.environ["PATH"]


def test_environment_of_the_user_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZIG_DEBUG_CMD", "0")
    assert environment(Zig(Path("zig"), "0.17.0"), tmp_path)["ZIG_DEBUG_CMD"] == "0"


def test_project_that_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", "/cache")
    assert user_cache_folder() == Path("/cache/alloconda")
    assert environment(Zig(Path("zig"), "0.16.0"), tmp_path)["ZIG_LOCAL_CACHE_DIR"] == "/cache/alloconda/zig-cache"
