"""The documentation is true: its blocks of code do what the page says, and its links lead somewhere.

Each page is a project. What a block is stands in its fence: the language, and a title that readers see too.
CONTRIBUTING.md has the table. A page that shows Zig code without a title gets a project `geometry`, whose root file is
all of that code; a page that runs `alloconda init` starts in an empty folder.
"""

from __future__ import annotations

import ast
import doctest
import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path

import click
import pytest

from workbench import ROOT, Workbench, Zig

DOCS = ROOT / "docs"

# What these pages show is run by tests of their own.
RUN_ELSEWHERE = {
    "c-sources.md": "test_c_extensions.py",
    "configuration.md": "test_config_tables.py",
    "continuous-integration.md": "test_generate_ci.py",
    "editable.md": "test_editable.py",
    "headers.md": "test_fetch.py",
    "manifest.md": "test_golden_wheel.py",
    "publishing.md": "test_publish.py",
    "sdist.md": "test_sdist.py",
}
# Below these headings of the README, .ci/run takes the first block.
RUN_BY_CI = {"Try it", "Tests"}

PAGES = [ROOT / "README.md", *(path for path in sorted(DOCS.glob("*.md")) if path.name not in RUN_ELSEWHERE)]
LINKED = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(DOCS.glob("*.md"))]

FENCE = re.compile(r'^```(?P<language>\w*)(?: title="(?P<title>[^"]*)")?\n(?P<text>.*?)^```$', re.DOTALL | re.MULTILINE)
PATH = re.compile(r"[\w./-]+\.\w+|[\w/-]+/[\w.-]+")
SHOWN = {"text"}
NOT_RUN = "not run: "
REFUSED = "does not compile: "


@dataclass(frozen=True)
class Block:
    """A fenced block of a page."""

    heading: str
    language: str
    title: str
    text: str

    @property
    def is_file(self) -> bool:
        return PATH.fullmatch(self.title) is not None

    @property
    def is_snippet(self) -> bool:
        return self.language == "zig" and not self.title


def blocks(page: Path) -> list[Block]:
    """All fenced blocks of a page, in order."""
    text = page.read_text("utf-8")
    found = []
    for match in FENCE.finditer(text):
        headings = re.findall(r"^#+ (.+)$", FENCE.sub("", text[: match.start()]), re.MULTILINE)
        found.append(Block(headings[-1] if headings else "", match["language"], match["title"] or "", match["text"]))
    return found


def root_file(snippets: list[str]) -> str:
    """One Zig file of several snippets, with the imports that they take for granted."""
    text = "\n".join(snippets)
    imports = {"std": "std", "py": "alloconda"}
    missing = [name for name in imports if not re.search(rf"^const {name} = ", text, re.MULTILINE)]
    return text + "".join(f'const {name} = @import("{imports[name]}");\n' for name in missing)


def snippets_of(shown: list[Block]) -> list[str]:
    """The Zig code of a page. Where nothing uses it, blocks may declare the same names."""
    snippets = [block.text for block in shown if block.is_snippet]
    if any(block.language in {"python", "console", "sh"} for block in shown):
        return snippets
    return [f"pub const block_{i} = struct {{\n{snippet}}};\n" for i, snippet in enumerate(snippets)]


class Project:
    """The project of a page, as its reader has it."""

    def __init__(self, workbench: Workbench, zig: Zig, folder: Path, snippets: list[str]) -> None:
        self.workbench = workbench
        self.folder = folder
        self.snippets = snippets
        self.session = ""
        programs = folder / "programs"
        programs.mkdir()
        for name, command in {
            "alloconda": f'"{sys.executable}" -m alloconda',
            "python": f'"{sys.executable}"',
            "python3": f'"{sys.executable}"',
            "pytest": f'"{sys.executable}" -m pytest -p no:cacheprovider',
            "zig": f'"{zig.executable}"',
        }.items():
            (programs / name).write_text(f'#!/bin/sh\nexec {command} "$@"\n', "utf-8")
            (programs / name).chmod(0o755)
        self.environment = zig.environment | {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
        self.place = folder / "where"
        self.place.write_text(str(folder), "utf-8")

    def current(self) -> Path:
        """The folder that the commands so far have led to."""
        return Path(self.place.read_text("utf-8").rstrip("\n"))

    def shell(self, commands: str, status: int | None = 0) -> str:
        """What commands print on both streams; `None` takes any status."""
        script = f"trap 'pwd > \"{self.place}\"' EXIT\nexec 2>&1\n{commands}"
        if status is None:
            script = f"({script}\n) || true"
        command = ["bash", "-euo", "pipefail", "-c", script]
        return self.workbench.run(command, self.current(), status or 0, self.environment).stdout

    def make(self) -> None:
        """The project `geometry`, built from the snippets of the page."""
        self.shell("alloconda init geometry\ncd geometry")
        if self.snippets:
            self.write("src/root.zig", root_file(self.snippets))
            self.write("python/geometry/__init__.py", "from geometry._native import *\n")
            self.shell("alloconda build")

    def write(self, path: str, text: str) -> None:
        target = self.current() / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")

    def take(self, block: Block) -> None:
        """Do what a block says."""
        if block.is_snippet or block.title.startswith(NOT_RUN) or block.language in SHOWN:
            return
        if block.language == "python" and not block.title:
            if ">>> " in block.text:
                self.session += f"{block.text}\n"
            else:
                ast.parse(block.text)
            return
        self.end_session()
        if block.is_file:
            self.write(block.title, block.text)
        elif block.title.startswith(REFUSED):
            self.refuse(block)
        else:
            assert not block.title, f"{block.title!r} is no title that the tests know"
            self.carry_out(block)

    def carry_out(self, block: Block) -> None:
        if block.language == "sh":
            self.shell(block.text)
        elif block.language == "console":
            self.console(block.text)
        elif block.language == "toml":
            self.configure(block.text)
        else:
            pytest.fail(f"the tests cannot run a block of {block.language!r}: CONTRIBUTING.md lists what they know")

    def end_session(self) -> None:
        """Run the Python session that the last blocks showed."""
        session, self.session = self.session, ""
        if session:
            file = self.folder / "session.txt"
            names = ">>> from geometry import *\n\n" if self.snippets else ""
            file.write_text(names + session, "utf-8")
            environment = self.environment | {"PYTHONPATH": self.path()}
            command = [sys.executable, "-m", "doctest", "-o", "ELLIPSIS", file]
            self.workbench.run(command, self.current(), environment=environment)

    def path(self) -> str:
        return os.pathsep.join(filter(None, [str(self.current() / "python"), os.environ.get("PYTHONPATH")]))

    def console(self, text: str) -> None:
        """Commands after `$`, each with what it prints."""
        for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
            command, _, expected = part.partition("\n")
            # Zig 0.17 says this where its own build runner is a debug one, as in these tests.
            printed = re.sub(r"^debug: configuration .*\n", "", self.shell(command, status=None), flags=re.MULTILINE)
            checker, freedom = doctest.OutputChecker(), doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
            assert checker.check_output(expected, printed, freedom), f"{command}\n{printed}"

    def configure(self, text: str) -> None:
        """Lines that are added to pyproject.toml."""
        file = self.current() / "pyproject.toml"
        file.write_text(f"{file.read_text('utf-8')}\n{text}", "utf-8")

    def refuse(self, block: Block) -> None:
        """Code that Zig must not take, with its reason in the title."""
        kept = (self.current() / "src/root.zig").read_text("utf-8")
        self.write("src/root.zig", root_file([block.text]))
        message = self.shell("alloconda build", status=None)
        assert block.title.removeprefix(REFUSED) in message, message
        self.write("src/root.zig", kept)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_its_blocks_do_what_it_says(workbench: Workbench, zig: Zig, page: Path, place: Path) -> None:
    shown = [block for block in blocks(page) if not (page.name == "README.md" and block.heading in RUN_BY_CI)]
    if all(block.language in SHOWN or block.title.startswith(NOT_RUN) for block in shown):
        return
    project = Project(workbench, zig, place, snippets_of(shown))
    if project.snippets or not any("alloconda init" in block.text for block in shown):
        project.make()
    for block in shown:
        project.take(block)
    project.end_session()


@pytest.mark.parametrize("page", LINKED, ids=lambda page: page.name)
def test_its_fences_are_whole(page: Path) -> None:
    """What the pattern of a fence does not find would not be run."""
    rest = FENCE.sub("", page.read_text("utf-8"))
    assert [line for line in rest.splitlines() if line.lstrip().startswith("```") and "````" not in line] == []


def anchors(page: Path) -> set[str]:
    """The headings of a page as addresses, by the rule of MkDocs and GitHub."""
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", page.read_text("utf-8")), re.MULTILINE)
    return {re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", heading)).strip("-").lower() for heading in headings}


@pytest.mark.parametrize("page", LINKED, ids=lambda page: page.name)
def test_its_links_lead_somewhere(page: Path) -> None:
    text = FENCE.sub("", page.read_text("utf-8"))
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if "://" in target:
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        assert file.exists(), f"{target} is not there"
        assert not anchor or anchor in anchors(file), f"{target}: there is no such heading"


@pytest.mark.parametrize(("page", "module"), sorted(RUN_ELSEWHERE.items()))
def test_pages_with_tests_of_their_own(page: str, module: str) -> None:
    assert (DOCS / page).exists()
    assert list((ROOT / "tests").rglob(module))


def test_the_site(workbench: Workbench, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", tmp_path / "site"]
    workbench.run(command, cwd=ROOT, environment={"NO_MKDOCS_2_WARNING": "1"})
    for page in DOCS.glob("*.md"):
        assert (tmp_path / "site" / page.with_suffix(".html").name).is_file()


def test_all_commands_are_listed() -> None:
    from alloconda.cli import commands

    text = (DOCS / "commands.md").read_text("utf-8")
    context = click.Context(commands)
    for name in commands.list_commands(context):
        command = commands.get_command(context, name)
        assert command
        assert command.hidden or f"| `{name}`" in text, f"docs/commands.md does not list {name}"
