"""``alloconda list-python``: what there is to build for."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from alloconda import messages

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alloconda.interpreters import Broken, Interpreter


@click.command("list-python")
@click.option("--json", "as_json", is_flag=True, help="Show the result as JSON.")
@click.option("--zig", metavar="PATH", help="The Zig executable to use.")
def list_python(*, as_json: bool, zig: str | None) -> None:
    """Show the Python interpreters of this machine, and all that can be built for.

    Interpreters are looked for on PATH, among those of pyenv and uv, and with the launcher of Windows. A virtual
    environment stands for the installation that it was made from. One that does not work is listed with the reason.

    A platform needs no interpreter to be built for: every one of the list is built for from every machine.

    \b
    alloconda list-python
    alloconda list-python --json
    """  # noqa: D301 - \b is click's
    from alloconda.errors import AllocondaError
    from alloconda.interpreters import find_interpreters
    from alloconda.toolchain.host import Host

    interpreters, broken = find_interpreters()
    for_cpython = [one for one in interpreters if one.is_cpython]
    targets, problem = None, None
    try:
        targets = Host.found(zig).targets([(one.release, one.system, one.libc) for one in for_cpython])
    except AllocondaError as error:
        problem = str(error)
    named = targets["interpreters"] if targets else [{"problem": "it is not known without Zig"}] * len(for_cpython)
    wheels = dict(zip((one.executable for one in for_cpython), named, strict=True))
    if as_json:
        click.echo(json.dumps(_as_json(interpreters, broken, wheels, targets, problem), indent=2))
        return
    for line in (*_interpreter_lines(interpreters, broken, wheels), *_target_lines(targets)):
        click.echo(line)
    if problem:
        messages.note(f"warning: what can be built for cannot be told: {problem}")


def _as_json(
    interpreters: list[Interpreter],
    broken: list[Broken],
    wheels: dict[Any, dict[str, Any]],
    targets: dict[str, Any] | None,
    problem: str | None,
) -> dict[str, object]:
    return {
        "list": 1,
        "interpreters": [
            {
                "executable": str(one.executable),
                "found_at": [str(path) for path in one.found_at],
                "version": one.version,
                "implementation": one.implementation,
                "free_threaded": one.free_threaded,
                "debug": one.debug,
                "abi_flags": one.abi_flags,
                "system": one.system,
                "libc": one.libc,
                "wheel": wheels.get(one.executable),
            }
            for one in interpreters
        ],
        "broken": [{"executable": str(one.executable), "reason": one.reason} for one in broken],
        "python_versions": [*targets["python_versions"], *targets["free_threaded_versions"]] if targets else None,
        "platforms": targets["platforms"] if targets else None,
        "problem": problem,
    }


def _interpreter_lines(
    interpreters: list[Interpreter], broken: list[Broken], wheels: dict[Any, dict[str, Any]]
) -> Iterator[str]:
    from alloconda.cli.progress import aligned

    rows = []
    for one in interpreters:
        wheel = wheels.get(one.executable, {"problem": "alloconda builds for CPython only"})
        tags = wheel.get("problem") or "-".join(wheel[key] for key in ("python_tag", "abi_tag", "platform_tag"))
        kind = " ".join([one.implementation, *(["free-threaded"] * one.free_threaded), *(["debug"] * one.debug)])
        rows.append((one.version, kind, tags, str(one.executable)))
    yield from aligned([("version", "kind", "wheel", "interpreter"), *rows])
    yield from (f"broken: {one.executable}: {one.reason}" for one in broken)


def _target_lines(targets: dict[str, Any] | None) -> Iterator[str]:
    from alloconda.cli.progress import aligned

    if targets is None:
        return
    yield ""
    versions = ", ".join([*targets["python_versions"], *targets["free_threaded_versions"]])
    yield f"--python-version: {versions}; without it, one wheel for {targets['python_versions'][0]} and later"
    yield ""
    rows = [
        (one["usual"], one["oldest"], one["newest"] or "", one["zig_target"].replace(",", " + "))
        for one in targets["platforms"]
    ]
    yield from aligned([("platform", "oldest", "newest", "Zig target"), *rows])
