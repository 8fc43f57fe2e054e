"""Reads out of a project what its workflow has to do, and writes the workflow."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from alloconda import __version__, atomic, messages
from alloconda.builds import writing
from alloconda.ci.github import FILE, Workflow
from alloconda.ci.runners import plan_tests
from alloconda.config import Config
from alloconda.errors import AllocondaError
from alloconda.project import Project, read_pyproject
from alloconda.toolchain.host import Host
from alloconda.wheel_matrix import Wishes, plan_all

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_TIMEOUT_SECONDS = 10


def github_workflow(project_dir: Path, wishes: Wishes, flags: Sequence[str], environment: str, zig: str | None) -> str:
    """Write the workflow of a project for GitHub Actions.

    Args:
        project_dir: the project.
        wishes: which platforms are built for, beside the configuration.
        flags: the same as options of ``wheel-all``.
        environment: GitHub's environment that publishes.
        zig: which Zig.

    Raises:
        AllocondaError: the project cannot be built, or the workflow cannot be written for it.
    """
    project = Project.load(project_dir)
    wheels = plan_all(project_dir, Config(zig=zig), wishes)
    released = Host.found(zig).targets([])["released_versions"]
    supported = SpecifierSet(str(project.metadata.requires_python or ""))
    # A patch release high enough for every lower bound that a project writes.
    versions = [version for version in released if supported.contains(f"{version}.99")]
    modules = sorted({extension.module.partition(".")[0] for wheel in wheels for extension in wheel.extensions})
    return Workflow(
        project=project.metadata.canonical_name,
        modules=tuple(modules),
        has_tests=(project_dir / "tests").is_dir(),
        test_requirements=_test_requirements(project, read_pyproject(project_dir)),
        requirements=(f"alloconda[publish]=={__version__}", *_pinned_zig(project_dir)),
        flags=tuple(flags),
        environment=environment,
        plan=plan_tests(wheels, versions),
    ).text()


def write_workflow(project_dir: Path, text: str, *, force: bool) -> Path:
    """Put a workflow into its file.

    Args:
        project_dir: the project.
        text: the workflow.
        force: whether a file that is there is replaced.

    Returns:
        The path of the file.

    Raises:
        AllocondaError: the file is there already, or cannot be written.
    """
    path = project_dir / FILE
    if path.exists() and not force:
        raise AllocondaError(f"{path} is there already: replace it with --force, or show the new one with --stdout.")
    with writing(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
        with atomic.replacing(path) as file:
            file.write(text.encode())
    top = _top_of_repository(project_dir)
    if top is not None and top != project_dir.resolve():
        messages.note(
            f"warning: GitHub reads workflows only in {top / '.github'}: move the file there, and give each step of it "
            f"'working-directory: {project_dir.resolve().relative_to(top).as_posix()}'."
        )
    return path


def _test_requirements(project: Project, pyproject: Mapping[str, Any]) -> str:
    """Join what pip installs to test: the dependency group or the extra of that name, if there is one, and pytest."""
    name = project.metadata.canonical_name
    if "test" in pyproject.get("dependency-groups", {}):
        return f"{name} pytest --group test"
    if "test" in project.metadata.optional_dependencies:
        return f'"{name}[test]" pytest'
    return f"{name} pytest"


def _pinned_zig(project_dir: Path) -> list[str]:
    """Read which Zig the project's builds pin."""
    build_system = read_pyproject(project_dir).get("build-system", {})
    requires = build_system.get("requires", []) if isinstance(build_system, dict) else []
    pins = [text for text in requires if isinstance(text, str) and re.match(r"ziglang\b", text)]
    try:
        return [f"ziglang{SpecifierSet(pin.removeprefix('ziglang').strip())}" for pin in pins]
    except InvalidSpecifier:
        raise AllocondaError(f"'requires' of [build-system] has '{pins[0]}', which is no requirement.") from None


def _top_of_repository(folder: Path) -> Path | None:
    """Ask git where the repository begins; ``None`` outside of one, or without git."""
    try:
        done = subprocess.run(
            ["git", "rev-parse", "--show-toplevel"],  # noqa: S607 - which git is the user's choice
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=True,
            timeout=_TIMEOUT_SECONDS,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return Path(done.stdout.decode(errors="surrogateescape").rstrip("\n")).resolve()
