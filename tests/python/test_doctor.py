"""What `doctor` says: of a machine where all is well, and of each thing that can be wrong."""

from __future__ import annotations

import importlib.util
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from fixtures import FakeZig
from workspace import write

from alloconda.cli import run
from alloconda.doctor import Finding, examine

PYPROJECT = """\
[build-system]
requires = ["alloconda==0.1.0", "ziglang==0.16.0"]
build-backend = "alloconda.build_backend"

[project]
name = "hello"
version = "0.1.0"
"""
ZON = '.{ .dependencies = .{ .alloconda = .{ .url = "x", .hash = "alloconda-0.1.0-carried" } } }'
"""The hash is what the made-up Zig says of the package that it fetches."""


@pytest.fixture
def healthy(tmp_path: Path, fake_zig: FakeZig, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project on a machine where a build can work."""
    monkeypatch.setenv("ALLOCONDA_ZIG", str(fake_zig("0.16.0")))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("ZIG_GLOBAL_CACHE_DIR", raising=False)
    for name in ("NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE"):
        monkeypatch.setenv(name, "")
    project = tmp_path / "project"
    write(project / "build.zig")
    write(project / "build.zig.zon", ZON)
    write(project / "pyproject.toml", PYPROJECT)
    return project


def findings(project: Path) -> dict[str, Finding]:
    return {finding.subject: finding for finding in examine(project)}


def test_all_is_well(healthy: Path, tmp_path: Path) -> None:
    found = findings(healthy)
    assert {finding.subject for finding in found.values() if finding.status != "ok"} <= {"git"}
    zig = tmp_path / "fake" / "zig"
    assert found["Zig"].sentence == f"0.16.0, {zig}, from ALLOCONDA_ZIG={zig}"
    assert found["build.zig.zon"].sentence == "pins alloconda-0.1.0-carried, which this alloconda carries"
    assert found["Zig of pip's builds"].sentence == "ziglang==0.16.0"
    assert found["pyproject.toml"].sentence == "hello 0.1.0"
    assert found["C compiler"].sentence == "not needed: Zig compiles C too"


@pytest.mark.usefixtures("healthy")
def test_no_project_is_no_failure(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    found = findings(tmp_path / "empty")
    assert found["project"] == Finding(
        "project", "note", f"there is none in {tmp_path / 'empty'}", "run 'alloconda init' to make one"
    )
    assert run(["doctor", "--project-dir", str(tmp_path / "empty")]) == 0


Change = Callable[[Path, pytest.MonkeyPatch], object]


def rewrite(name: str, old: str, new: str) -> Change:
    def change(project: Path, _: pytest.MonkeyPatch) -> None:
        text = (project / name).read_text("utf-8")
        assert old in text
        (project / name).write_text(text.replace(old, new), "utf-8")

    return change


@pytest.mark.parametrize(
    ("change", "subject", "status", "sentence"),
    [
        (lambda _, patch: patch.setenv("ALLOCONDA_ZIG", "/no/zig"), "Zig", "missing", "is not an executable file"),
        (lambda project, _: (project / "build.zig").unlink(), "build.zig", "missing", "there is none in"),
        (lambda project, _: (project / "pyproject.toml").unlink(), "pyproject.toml", "missing",
         "There is no pyproject.toml"),
        (rewrite("pyproject.toml", "[project]", "[tool.alloconda]\nspeed = 1\n[project]"), "pyproject.toml", "missing",
         "has the unknown key 'speed'"),
        (rewrite("pyproject.toml", "alloconda.build_backend", "hatchling.build"), "backend", "note",
         "[build-system] names hatchling.build"),
        (rewrite("pyproject.toml", ', "ziglang==0.16.0"', ""), "Zig of pip's builds", "note", "pins no ziglang"),
        (rewrite("pyproject.toml", "ziglang==0.16.0", "ziglang==0.15.2"), "Zig of pip's builds", "note",
         "ziglang==0.15.2, and commands use 0.16.0"),
        (rewrite("pyproject.toml", "ziglang==0.16.0", "ziglang = 1"), "Zig of pip's builds", "note",
         "has 'ziglang = 1', which is no requirement"),
        (rewrite("build.zig.zon", "carried", "older"), "build.zig.zon", "missing",
         "pins alloconda-0.1.0-older, which Zig would have to download, and this alloconda carries"),
        (rewrite("build.zig.zon", '.url = "x", .hash = "alloconda-0.1.0-carried"', '.path = "../none"'),
         "build.zig.zon", "missing", "where it is not"),
        (lambda project, _: (project / "build.zig.zon").unlink(), "build.zig.zon", "note", "has no dependency"),
        (lambda project, patch: patch.setenv("XDG_CACHE_HOME", str(project / "build.zig")), "cache", "missing",
         "cannot be written: Not a directory"),
        (lambda _, patch: patch.setenv("ZIG_GLOBAL_CACHE_DIR", "/dev/null/cache"), "Zig's cache", "missing",
         "/dev/null/cache cannot be written: Not a directory"),
        (lambda _, patch: patch.setenv("PATH", "/nowhere"), "git", "note", "not installed"),
        (lambda _, patch: hide(patch, "pip"), "installer", "note", "neither pip nor uv"),
        (lambda _, patch: hide(patch, "twine"), "uploader", "note", "no twine"),
        (lambda project, patch: patch.setattr("alloconda.doctor.package_folder", lambda: project), "Zig package",
         "missing", "has no list of '.paths'"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(  # noqa: PLR0917 - fixtures and a table
    healthy: Path, monkeypatch: pytest.MonkeyPatch, change: Change, subject: str, status: str, sentence: str
) -> None:
    change(healthy, monkeypatch)
    found = findings(healthy)[subject]
    assert (found.status, found.sentence if sentence in found.sentence else sentence) == (status, found.sentence)


def hide(monkeypatch: pytest.MonkeyPatch, package: str) -> None:
    """Take a package away, and the programs that could stand in for it."""
    monkeypatch.setenv("PATH", "/nowhere")
    real = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *more: None if name == package else real(name, *more))


def test_the_command(healthy: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["doctor", "--json", "--project-dir", str(healthy)]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["doctor"], report["works"]) == (1, True)
    assert report["findings"][1]["sentence"].startswith(sys.version.split()[0])
    monkeypatch.setenv("ALLOCONDA_ZIG", "/no/zig")
    assert run(["doctor", "--project-dir", str(healthy)]) == 1
    out = capsys.readouterr().out
    assert out.endswith("a build cannot work: see Zig\n")
    assert "\x1b" not in out
    assert run(["doctor", "--project-dir", str(healthy), "--color", "always"]) == 1
    assert "\x1b[1;31mmissing\x1b[0m  Zig" in capsys.readouterr().out
