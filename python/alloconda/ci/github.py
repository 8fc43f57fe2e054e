"""The workflow for GitHub Actions."""

from __future__ import annotations

import json
import re
import string
from dataclasses import dataclass
from typing import TYPE_CHECKING

from alloconda import __version__
from alloconda.errors import AllocondaError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from alloconda.ci.runners import Job, JobPlan

FILE = ".github/workflows/wheels.yml"


class _Template(string.Template):
    """GitHub's own expressions are ``${{ … }}``, so our places to fill in look otherwise."""

    delimiter = "@@"


_WORKFLOW = _Template("""\
# Written by 'alloconda generate-ci github', alloconda @@version. Change what you like: it is written once, and again
# only with --force.
#
# One Linux machine builds the sdist and the wheels for every platform. Then the wheels are installed and tested on the
# real systems. A tag such as v1.2.3 publishes the release; PyPI must know this workflow as a trusted publisher
# (environment '@@environment') first.
@@{untested}name: wheels

on:
  push:
    branches: [main, master]
    tags: ["v*"]
  pull_request:
  workflow_dispatch:

permissions:
  contents: read

concurrency:
  group: ${{ github.workflow }}-${{ github.ref }}
  cancel-in-progress: ${{ github.event_name == 'pull_request' }}

jobs:
  build:
    name: sdist and all wheels
    runs-on: ubuntu-latest
    env:
      ZIG_DEBUG_CMD: "1" # Zig 0.17 starts in seconds with it
    steps:
      - uses: actions/checkout@v5
        with:
          persist-credentials: false
          fetch-depth: 0
      - uses: actions/setup-python@v6
        with:
          python-version: "3.13"
      - name: Install alloconda
        run: python -m pip install @@requirements
      - name: Look at what is there
        run: alloconda doctor
      - name: Build the wheels
        run: alloconda wheel-all@@flags
      - name: Run the tests of the Zig code
        run: python -m ziglang build test
      - name: Build the sdist
        run: alloconda sdist
      - name: Check all as if they were published
        run: alloconda publish --dry-run dist/*
      - name: Compare the tag with the version
        if: startsWith(github.ref, 'refs/tags/v')
        run: ls dist/*-"${GITHUB_REF_NAME#v}".tar.gz
      - uses: actions/upload-artifact@v4
        with:
          name: dist
          path: dist/
          if-no-files-found: error
@@{tests}
  publish:
    if: startsWith(github.ref, 'refs/tags/v')
    needs: [@@needed]
    runs-on: ubuntu-latest
    environment: @@environment
    permissions:
      id-token: write # for trusted publishing and for the attestations
      attestations: write
      contents: read
    steps:
      - uses: actions/download-artifact@v5
        with:
          name: dist
          path: dist
      - name: Attest where the files come from
        uses: actions/attest-build-provenance@v3
        with:
          subject-path: dist/*
      - name: Publish, with attestations (PEP 740)
        uses: pypa/gh-action-pypi-publish@v1.13.0
        with:
          skip-existing: true
""")

_MACHINES = _Template("""
  test:
    needs: build
    name: Python ${{ matrix.python }} on ${{ matrix.os }} ${{ matrix.architecture }}
    runs-on: ${{ matrix.os }}
    strategy:
      fail-fast: false
      matrix:
        include:
@@jobs
    defaults:
      run:
        shell: bash
    steps:
      - uses: actions/checkout@v5
        with:
          persist-credentials: false
      - uses: actions/setup-python@v6
        with:
          python-version: ${{ matrix.python }}
          architecture: ${{ matrix.architecture }}
      - uses: actions/download-artifact@v5
        with:
          name: dist
          path: dist
      - name: Install the wheel, and no other of that name
        run: python -m pip install --no-index --no-deps --only-binary @@project --find-links dist @@project
      - name: Test what is installed
        run: |
          @@commands
""")

_CONTAINERS = _Template("""
  test-musl:
    needs: build
    name: Python ${{ matrix.python }} with musl on ${{ matrix.os }}
    runs-on: ${{ matrix.os }}
    strategy:
      fail-fast: false
      matrix:
        include:
@@jobs
    steps:
      - uses: actions/checkout@v5
        with:
          persist-credentials: false
      - uses: actions/download-artifact@v5
        with:
          name: dist
          path: dist
      - name: Install and test the wheel
        env:
          PYTHON: ${{ matrix.python }}
        run: |
          cat > test-musl.sh <<'END'
          set -eu
          python -m pip install --no-index --no-deps --only-binary @@project --find-links dist @@project
          @@commands
          END
          docker run --rm --volume "$PWD:/project" --workdir /project "python:$PYTHON-alpine" sh test-musl.sh
""")


@dataclass(frozen=True, kw_only=True)
class Workflow:
    """What the workflow depends on."""

    project: str
    """The project's name, normalised."""
    modules: tuple[str, ...]
    """What Python imports."""
    has_tests: bool
    """Whether there is a folder of tests for pytest."""
    test_requirements: str
    """What pip installs to test, as its arguments."""
    requirements: tuple[str, ...]
    """What is installed to build."""
    flags: tuple[str, ...]
    """Options of ``wheel-all``."""
    environment: str
    """GitHub's environment that publishes."""
    plan: JobPlan

    def text(self) -> str:
        """Write the workflow.

        Raises:
            AllocondaError: a name has characters that have no place in a workflow.
        """
        for name in (self.environment, *self.flags):
            if not re.fullmatch(r"[\w.=,/-]+", name, re.ASCII):
                raise AllocondaError(f"'{name}' cannot stand in a workflow: use letters, digits, '.', '_' and '-'.")
        tests = ""
        jobs = []
        for name, template, planned in (
            ("test", _MACHINES, self.plan.machines),
            ("test-musl", _CONTAINERS, self.plan.containers),
        ):
            if planned:
                jobs.append(name)
                tests += template.substitute(
                    jobs=_matrix(planned), project=self.project, commands="\n          ".join(self._commands())
                )
        return _WORKFLOW.substitute(
            version=__version__,
            environment=self.environment,
            untested=_comment_on(self.plan.untested),
            requirements=" ".join(f'"{requirement}"' for requirement in self.requirements),
            flags="".join(f" {flag}" for flag in self.flags),
            tests=tests,
            needed=", ".join(["build", *jobs]),
        )

    def _commands(self) -> list[str]:
        if self.has_tests:
            # Not the sources in the checkout, which have no extension: what is installed.
            return [
                "python -m pip install --upgrade pip",
                f"python -m pip install {self.test_requirements}",
                "pytest -o pythonpath= tests",
            ]
        imports = ", ".join(self.modules)
        return [f"python -m pip install {self.project}", f'cd dist && python -c "import {imports}"']


def _matrix(jobs: Sequence[Job]) -> str:
    """Lay out the jobs, one on a line."""
    lines = []
    for job in jobs:
        fields = {"os": job.runner, "python": job.python, "architecture": job.architecture}
        inner = ", ".join(f"{key}: {json.dumps(value)}" for key, value in fields.items() if value)
        lines.append(f"          - {{ {inner} }}")
    return "\n".join(lines)


def _comment_on(untested: Iterable[str]) -> str:
    names = ", ".join(untested)
    return f"# GitHub has no machines for {names}: these wheels are audited, and not run.\n" if names else ""
