"""The generated workflow: valid, and its commands do what they should."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from interpreters import python_or_skip
from workbench import ROOT, Workbench, Zig

FILE = Path(".github", "workflows", "wheels.yml")
ALL = ("--include-musllinux", "--include-windows")


def generate(workbench: Workbench, zig: Zig, project: Path, *options: str, status: int = 0) -> Any:  # noqa: ANN401
    cache = str(workbench.folder / "user cache")
    return workbench.alloconda(
        "generate-ci", "github", *options, zig=zig, cwd=project, status=status, XDG_CACHE_HOME=cache
    )


def steps(workflow: Any, job: str) -> dict[str, str]:  # noqa: ANN401 - YAML
    """The commands of a job by the names of the steps."""
    return {step["name"]: step["run"] for step in workflow["jobs"][job]["steps"] if "run" in step}


def is_valid(path: Path) -> bool:
    """Whether GitHub's schema, as SchemaStore has it, takes the file."""
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode == 0


@pytest.fixture(scope="module")
def made(workbench: Workbench, zig: Zig) -> Path:
    """A new project with its workflow."""
    folder = workbench.folder / "ci" / "geometry"
    workbench.alloconda("init", folder, zig=zig)
    done = generate(workbench, zig, folder, *ALL)
    assert done.stdout == f"{FILE}\n"
    return folder


def test_the_workflow_of_a_new_project(made: Path) -> None:
    assert is_valid(made / FILE)
    workflow = YAML(typ="safe").load(made / FILE)
    assert list(workflow["jobs"]) == ["build", "test", "test-musl", "publish"]
    assert workflow["jobs"]["publish"]["needs"] == ["build", "test", "test-musl"]
    assert workflow["permissions"] == {"contents": "read"}
    assert workflow["jobs"]["publish"]["permissions"]["id-token"] == "write"
    assert steps(workflow, "build")["Build the wheels"] == "alloconda wheel-all --include-musllinux --include-windows"
    machines = workflow["jobs"]["test"]["strategy"]["matrix"]["include"]
    assert {machine["os"] for machine in machines} == {
        "macos-15-intel", "macos-latest", "ubuntu-24.04-arm", "ubuntu-latest", "windows-11-arm", "windows-latest",
    }  # fmt: skip
    assert {machine["python"] for machine in machines} == {"3.10", "3.11", "3.12", "3.13", "3.14"}
    assert len(workflow["jobs"]["test-musl"]["strategy"]["matrix"]["include"]) == 2 * 5
    used = [step["uses"] for job in workflow["jobs"].values() for step in job["steps"] if "uses" in step]
    assert all(action.partition("@")[2].startswith("v") for action in used)


def test_the_schema_finds_mistakes(made: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.yml"
    wrong.write_text((made / FILE).read_text("utf-8").replace("runs-on: ubuntu-latest", "runs-off: x"), "utf-8")
    assert not is_valid(wrong)


def test_the_commands_test_the_installed_wheel(workbench: Workbench, zig: Zig, made: Path) -> None:
    workflow = YAML(typ="safe").load(made / FILE)
    workbench.alloconda("wheel", zig=zig, cwd=made)
    (made / "dist" / "geometry-0.1.0.tar.gz").touch()
    environment = made / "environment"
    workbench.run([python_or_skip("3.13"), "-m", "venv", environment])
    variables = {"PATH": f"{environment / 'bin'}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": ""}
    said = [
        workbench.run(["bash", "-e", "-c", command], cwd=made, environment=variables).stdout
        for command in steps(workflow, "test").values()
    ]
    assert " passed" in said[-1]
    # The extension is in the environment and nowhere else.
    assert list((made / "python").rglob("*.so")) == []
    compare = steps(workflow, "build")["Compare the tag with the version"]
    workbench.run(["bash", "-e", "-c", compare], cwd=made, environment={"GITHUB_REF_NAME": "v0.1.0"})
    workbench.run(["bash", "-e", "-c", compare], cwd=made, environment={"GITHUB_REF_NAME": "v0.2.0"}, status=2)


def test_a_project_with_choices_of_its_own(workbench: Workbench, zig: Zig, project: Callable[[str], Path]) -> None:
    hello = project("examples/hello")
    with (hello / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write('\n[tool.alloconda]\ntargets = ["manylinux_2_17_s390x", "win32"]\nstable-abi = "3.13"\n')
    done = generate(workbench, zig, hello, "--stdout", "--environment=release-it")
    assert not (hello / FILE).exists()
    (hello / "workflow.yml").write_text(done.stdout, "utf-8")
    assert is_valid(hello / "workflow.yml")
    workflow = YAML(typ="safe").load(done.stdout)
    assert list(workflow["jobs"]) == ["build", "test", "publish"]
    assert workflow["jobs"]["test"]["strategy"]["matrix"]["include"] == [
        {"os": "windows-latest", "python": "3.13", "architecture": "x86"},
        {"os": "windows-latest", "python": "3.14", "architecture": "x86"},
    ]
    assert "# GitHub has no machines for manylinux_2_17_s390x: these wheels are audited, and not run." in done.stdout
    assert 'cd dist && python -c "import hello"' in steps(workflow, "test")["Test what is installed"]
    assert workflow["jobs"]["publish"]["environment"] == "release-it"
    refused = generate(workbench, zig, hello, "--environment=a: b", status=1)
    assert "'a: b' cannot stand in a workflow" in refused.stderr


def test_a_file_that_is_there_stays(workbench: Workbench, zig: Zig, made: Path) -> None:
    before = (made / FILE).read_bytes()
    (made / FILE).write_bytes(b"mine")
    done = generate(workbench, zig, made, status=1)
    assert done.stderr == (
        f"error: {made / FILE} is there already: replace it with --force, or show the new one with --stdout.\n"
    )
    assert (made / FILE).read_bytes() == b"mine"
    generate(workbench, zig, made, *ALL, "--force")
    assert (made / FILE).read_bytes() == before


def test_a_project_below_the_top_of_its_repository(workbench: Workbench, zig: Zig, tmp_path: Path) -> None:
    workbench.run(["git", "init", "-q", tmp_path])
    workbench.alloconda("init", tmp_path / "native", zig=zig)
    done = generate(workbench, zig, tmp_path / "native")
    assert f"warning: GitHub reads workflows only in {tmp_path / '.github'}: move the file there" in done.stderr
    assert "'working-directory: native'" in done.stderr
    assert ROOT not in tmp_path.parents
