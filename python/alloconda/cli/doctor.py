"""``alloconda doctor``: whether a build can work here."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from alloconda import messages

if TYPE_CHECKING:
    from alloconda.doctor import Finding

_LOOKS = {"ok": "", "note": "33", "missing": "1;31"}
"""The colour of each status, as a terminal takes it."""


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Show the result as JSON.")
@click.option(
    "--project-dir",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=Path(),
    help="The project to look at. Default: the current folder.",
)
def doctor(*, as_json: bool, project_dir: Path) -> int:
    """Show what is found of all that a build needs, what is missing, and what to do.

    The network is not used. The exit status is 0 when a build can work, and 1 otherwise.

    \b
    alloconda doctor
    alloconda doctor --json
    """  # noqa: D301 - \b is click's
    from alloconda.doctor import examine

    findings = list(examine(project_dir.absolute()))
    missing = [finding for finding in findings if finding.status == "missing"]
    if as_json:
        report = {"doctor": 1, "works": not missing, "findings": [asdict(finding) for finding in findings]}
        click.echo(json.dumps(report, indent=2))
        return 1 if missing else 0
    width = max(len(finding.subject) for finding in findings)
    coloured = messages.wants_colour(sys.stdout)
    for finding in findings:
        click.echo(_line(finding, width, coloured=coloured), color=coloured)
    names = ", ".join(finding.subject for finding in missing)
    click.echo(f"a build cannot work: see {names}" if missing else "a build can work")
    return 1 if missing else 0


def _line(finding: Finding, width: int, *, coloured: bool) -> str:
    status = f"{finding.status:7}"
    if (look := _LOOKS[finding.status]) and coloured:
        status = f"\x1b[{look}m{status}\x1b[0m"
    text = f"{status}  {finding.subject:{width}}  {finding.sentence}"
    return f"{text}\n{'':7}  {'':{width}}  what to do: {finding.remedy}" if finding.remedy else text
