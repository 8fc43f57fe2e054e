"""``alloconda inspect`` and ``alloconda inspect-lib``: what a wheel or a library is."""

from __future__ import annotations

import functools
import json
from pathlib import Path

import click


@click.command()
@click.argument("wheels", nargs=-1, required=True, metavar="WHEEL...", type=click.Path(path_type=Path))
@click.option("--verify", is_flag=True, help="End with status 1 when a wheel is not what it says.")
@click.option("--json", "as_json", is_flag=True, help="Show the result as JSON.")
@click.option("--zig", metavar="PATH", help="The Zig executable to use.")
def inspect(*, wheels: tuple[Path, ...], verify: bool, as_json: bool, zig: str | None) -> int:
    """Show what wheels are, and what is wrong with them.

    All is read out of the bytes: names and tags, metadata, RECORD, what each library needs, and what PyPI refuses.

    \b
    alloconda inspect dist/*.whl --verify
    alloconda inspect geometry-1.0-cp310-abi3-win_amd64.whl --json
    """  # noqa: D301 - \b is click's
    from alloconda.inspection.show import wheel_lines
    from alloconda.inspection.wheel import inspect_wheel
    from alloconda.toolchain.host import Host

    ready = functools.cache(lambda: Host.found(zig))
    reports = [inspect_wheel(path, ready) for path in wheels]
    if as_json:
        click.echo(json.dumps({"inspect": 1, "wheels": [report.as_json() for report in reports]}, indent=2))
    else:
        for report in reports:
            for line in wheel_lines(report):
                click.echo(line)
    return 1 if verify and not all(report.is_true for report in reports) else 0


@click.command("inspect-lib")
@click.argument("library", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--module", metavar="NAME", help="The module that it is. Default: by the file's name.")
@click.option("--tags", metavar="TAGS", help="Compare it with the tags of a wheel, such as cp310-abi3-win_amd64.")
@click.option("--verify", is_flag=True, help="End with status 1 when it is not what --tags says.")
@click.option("--json", "as_json", is_flag=True, help="Show the result as JSON.")
@click.option("--zig", metavar="PATH", help="The Zig executable to use.")
def inspect_lib(  # noqa: PLR0913 - an option each
    *, library: Path, module: str | None, tags: str | None, verify: bool, as_json: bool, zig: str | None
) -> int:
    """Show what a library is: its machine, its entry, what it imports and needs.

    \b
    alloconda inspect-lib python/geometry/_native.abi3.so
    alloconda inspect-lib _native.pyd --module geometry._native --json
    alloconda inspect-lib _native.abi3.so --verify --tags cp310-abi3-manylinux_2_17_x86_64
    """  # noqa: D301 - \b is click's
    from alloconda.errors import AllocondaError
    from alloconda.inspection.findings import Findings
    from alloconda.inspection.libraries import compare, module_of
    from alloconda.inspection.show import facts_lines, findings_lines
    from alloconda.manifest import Tags
    from alloconda.toolchain.host import Host

    if verify and tags is None:
        raise click.UsageError("--verify needs --tags, which say what the library should be.")
    if tags is not None and tags.count("-") != 2:  # noqa: PLR2004 - Python, ABI, platform
        raise click.UsageError(f"'{tags}' is not the tags of a wheel: write them as cp310-abi3-win_amd64.")
    if not library.is_file():
        raise AllocondaError(f"{library} is not a file.")
    name = module or module_of(library.name)
    if name is None:
        raise AllocondaError(f"{library.name} is not named as an extension module: give its name with --module.")
    host = Host.found(zig)
    facts = host.inspect(library.absolute(), name)
    findings = Findings()
    if tags is not None:
        path = "/".join([*name.split(".")[:-1], library.name])
        compare(library.absolute(), name, path, Tags.parse(tags), host, findings)
    if as_json:
        document = {"inspect": 1, "file": str(library), "module": name, "facts": facts}
        if tags is not None:
            document["findings"] = [finding.as_json() for finding in findings.found]
        click.echo(json.dumps(document, indent=2))
    else:
        click.echo(f"{library}\n  module {name}")
        for line in [*facts_lines(facts), *findings_lines(findings.found)]:
            click.echo(f"  {line}")
    return 1 if verify and not all(finding.is_note for finding in findings.found) else 0
