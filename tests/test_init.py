"""New projects, as `alloconda init` makes them: they build, import and pass their own tests at once."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from interpreters import skip
from workbench import ROOT, Workbench, Zig

WHEEL = "wide_world-0.1.0-cp310-abi3-manylinux_2_17_x86_64.whl"
CALL = "print(wide_world.add(2, b=3), wide_world.greet('Ada', punctuation='?'))"


def pytest_passes(workbench: Workbench, project: Path) -> None:
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q"]
    assert "2 passed" in workbench.run(command, cwd=project).stdout


def test_a_new_project(workbench: Workbench, any_zig: Zig, place: Path) -> None:
    """In a folder with blanks and é, from nothing to a wheel that is imported."""
    project = place / "né en 2026" / "Wide World"
    done = workbench.alloconda("init", project, zig=any_zig, cwd=place)
    written = [
        "build.zig",
        "build.zig.zon",
        "src/root.zig",
        "python/wide_world/__init__.py",
        "tests/test_wide_world.py",
        "README.md",
        "pyproject.toml",
        ".gitignore",
    ]
    assert done.stdout.splitlines() == [f"né en 2026/Wide World/{path}" for path in written]
    assert done.stderr == ""

    assert workbench.alloconda("wheel", zig=any_zig, cwd=project).stdout == f"dist/{WHEEL}\n"
    path = workbench.unpacked(project / "dist" / WHEEL)
    proof = workbench.run([sys.executable, "-c", f"import wide_world; {CALL}"], environment={"PYTHONPATH": str(path)})
    assert proof.stdout == "5 Hello, Ada?\n"
    with zipfile.ZipFile(project / "dist" / WHEEL) as wheel:
        metadata = wheel.read("wide_world-0.1.0.dist-info/METADATA").decode()
        assert metadata.startswith("Metadata-Version: 2.4\nName: Wide-World\nVersion: 0.1.0\n")
        assert "# Wide-World" in metadata

    workbench.alloconda("build", zig=any_zig, cwd=project)
    pytest_passes(workbench, project)
    workbench.zig_build("test", f"-Dpython={sys.executable}", zig=any_zig, cwd=project)
    workbench.run([any_zig.executable, "fmt", "--check", "build.zig", "build.zig.zon", "src"], cwd=project)
    # What the builds left behind is not for git.
    workbench.run(["git", "init", "--quiet"], cwd=project)
    status = workbench.run(["git", "status", "--porcelain", "-uall"], cwd=project).stdout
    assert sorted(line.removeprefix("?? ") for line in status.splitlines()) == sorted(written)


def test_a_new_project_needs_no_network(workbench: Workbench, zig: Zig, tmp_path: Path) -> None:
    unshare = shutil.which("unshare")
    if not unshare or subprocess.run([unshare, "-rn", "true"], check=False).returncode != 0:
        skip("this system has no way to turn the network off for one program (unshare -rn)")
    cache = {"ZIG_GLOBAL_CACHE_DIR": str(tmp_path / "empty cache")}
    for command in (["init", "--name", "wide-world"], ["wheel"]):
        unshared = [unshare, "-rn", sys.executable, "-m", "alloconda", *command]
        (tmp_path / "p").mkdir(exist_ok=True)
        workbench.run(unshared, cwd=tmp_path / "p", environment=zig.environment | cache)
    assert (tmp_path / "p" / "dist" / WHEEL).is_file()


def test_a_checkout_as_a_path(workbench: Workbench, zig: Zig, place: Path) -> None:
    (place / 'l\'été "ici"').mkdir()
    checkout = place / 'l\'été "ici"' / "checkout"
    checkout.symlink_to(ROOT)
    project = place / "wide-world"
    workbench.alloconda("init", project, "--alloconda-path", checkout, zig=zig)
    path = re.findall(r'\.path = "(.*)"', (project / "build.zig.zon").read_text("utf-8"))
    assert path == [os.path.relpath(ROOT, project)]
    assert 'requires = ["alloconda", "ziglang==' in (project / "pyproject.toml").read_text("utf-8")
    workbench.alloconda("wheel", zig=zig, cwd=project)
    assert (project / "dist" / WHEEL).is_file()


@pytest.fixture(scope="module")
def published(workbench: Workbench) -> Iterator[str]:
    """The address of the Zig package as a tarball, on the loopback."""
    folder = workbench.folder / "published"
    folder.mkdir()
    members = ["build.zig", "build.zig.zon", "src", "LICENSE"]
    workbench.run(["tar", "-czf", folder / "alloconda.tar.gz", "--exclude=__pycache__", *members], cwd=ROOT)
    handler = partial(SimpleHTTPRequestHandler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/alloconda.tar.gz"
        server.shutdown()


def test_a_published_package(workbench: Workbench, any_zig: Zig, tmp_path: Path, published: str) -> None:
    """The tarball has the hash of the package that alloconda carries."""
    pinned = []
    for number, option in enumerate([[], ["--alloconda-path", published]]):
        project = tmp_path / str(number)
        workbench.alloconda("init", project, "--name=wide-world", *option, zig=any_zig)
        zon = (project / "build.zig.zon").read_text("utf-8")
        pinned.append(re.findall(r'\.hash = "(.*)"', zon))
        assert (f'.url = "{published}"' in zon) == bool(option)
    assert pinned[0] == pinned[1] != []


def test_an_existing_project(workbench: Workbench, zig: Zig, tmp_path: Path) -> None:
    project = tmp_path / "existing"
    package = project / "src" / "wide_world"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("from wide_world._native import add, greet  # kept\n", "utf-8")
    (project / "README.rst").write_text("Kept\n====\n", "utf-8")
    (project / ".gitignore").write_text("dist/\nown", "utf-8")
    pyproject = '# The world is wide.\n[project]\nname="wide-world"  # é\nversion = "2.0"\n[tool.other]\nx = 1'
    (project / "pyproject.toml").write_text(pyproject, "utf-8")

    done = workbench.alloconda("init", zig=zig, cwd=project)
    assert done.stdout.splitlines() == [
        "build.zig",
        "build.zig.zon",
        "src/root.zig",
        "tests/test_wide_world.py",
        "pyproject.toml",
        ".gitignore",
    ]
    assert "src/wide_world/__init__.py is as it was" in done.stderr
    assert (package / "__init__.py").read_text("utf-8").endswith("# kept\n")
    assert (project / ".gitignore").read_text("utf-8").startswith("dist/\nown\nzig-out/\n")
    text = (project / "pyproject.toml").read_text("utf-8")
    assert text.startswith(pyproject + "\n\n[build-system]\nrequires = [")
    assert text.count("[project]") == 1

    assert workbench.alloconda("wheel", zig=zig, cwd=project).stdout == f"dist/{WHEEL.replace('0.1.0', '2.0')}\n"
    workbench.alloconda("build", zig=zig, cwd=project)
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q"]
    assert "2 passed" in workbench.run(command, cwd=project, environment={"PYTHONPATH": str(project / "src")}).stdout


def test_refusal(workbench: Workbench, zig: Zig, tmp_path: Path) -> None:
    project = tmp_path / "wide-world"
    (project / "src").mkdir(parents=True)
    for path in ("build.zig", "src/root.zig"):
        (project / path).write_text("mine", "utf-8")
    done = workbench.alloconda("init", project, zig=zig, status=1)
    assert done.stdout == ""
    assert done.stderr == (
        f"error: build.zig and src/root.zig in {project} would be overwritten, and nothing has been written: move what "
        "you want to keep, or say --force.\n"
    )
    assert sorted(path.name for path in project.rglob("*")) == ["build.zig", "root.zig", "src"]
    workbench.alloconda("init", project, "--force", zig=zig)
    assert "mine" not in (project / "build.zig").read_text("utf-8") + (project / "src/root.zig").read_text("utf-8")
