"""Options that several commands have, and how they become a configuration."""

from __future__ import annotations

import contextlib
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from alloconda.config import AUDIT_MODES, KEYS, Config

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from alloconda.config import Kind

    Function = Callable[..., int | None]
    Decorator = Callable[[Function], Function]


def project_dir_option(command: Function) -> Function:
    """Add the option that names the project."""
    option = click.option(
        "--project-dir",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        default=Path(),
        callback=_absolute,
        help="The project's folder. Default: the current one.",
    )
    return option(command)


def build_options(command: Function) -> Function:
    """Add the options of every command that builds."""
    options: list[Decorator] = [
        project_dir_option,
        click.option("--release", "mode", flag_value="release", help="Optimise (default)."),
        click.option("--debug", "mode", flag_value="debug", help="Build in Zig's Debug mode."),
        click.option("--package-dir", metavar="DIR", help="Folder of the Python package, in the project."),
        click.option(
            "--stable-abi",
            is_flag=False,
            flag_value="true",
            metavar="[FLOOR]",
            help="Build for the stable ABI, from this version on.",
        ),
        click.option("--strip/--no-strip", default=None, help="Leave out debug information, or keep it."),
        click.option("--zig", metavar="PATH", help="The Zig executable to use."),
        click.option(
            "--zig-arg", "zig_args", multiple=True, metavar="ARG", help="One more argument for zig build. Repeatable."
        ),
    ]
    return _with(options, command)


def one_target_options(command: Function) -> Function:
    """Add all options of the commands that build for one target: which library, and what becomes of it."""
    options: list[Decorator] = [
        build_options,
        click.option(
            "--module", "module_name", metavar="NAME", help="The module to take: NAME of PyInit_NAME, or package.NAME."
        ),
        click.option(
            "--lib",
            type=click.Path(exists=True, dir_okay=False, path_type=Path),
            callback=_absolute,
            help="Take this library, which is built already.",
        ),
        click.option("--ext-suffix", metavar="SUFFIX", help="Suffix of the extension's file name, such as .abi3.so."),
        click.option("--zig-target", metavar="TARGET", help="Compile for this Zig target, such as x86_64-linux-musl."),
        click.option("--no-init", "init", flag_value="never", help="Write no __init__.py."),
        click.option("--force-init", "init", flag_value="always", help="Write __init__.py, over one that is there."),
        header_options,
        click.option(
            "--python-version",
            metavar="VERSION",
            help="Build for this version only, such as 3.13 or 3.13t, and not for the stable ABI.",
        ),
    ]
    return _with(options, command)


mirror_option = click.option(
    "--mirror", metavar="URL", help="Where headers are fetched from. Default: ALLOCONDA_PYTHON_MIRROR."
)


def header_options(command: Function) -> Function:
    """Add the options that say where Python's headers are, for extensions that ask for them."""
    options = [
        click.option(
            "--python-include",
            multiple=True,
            metavar="DIR",
            type=click.Path(resolve_path=True),
            help="Folder of Python.h, for C sources. Repeatable.",
        ),
        click.option("--no-fetch", is_flag=True, default=None, help="Download no headers: missing ones are an error."),
        click.option(
            "--pbs-target", metavar="TRIPLE", help="Fetch the headers of this python-build-standalone target."
        ),
        mirror_option,
    ]
    return _with(options, command)


def audit_option(command: Function) -> Function:
    """Add the option that says how strict the audit of a wheel is."""
    option = click.option(
        "--audit",
        type=click.Choice(AUDIT_MODES),
        help="What to do when a library is not what the wheel's name says. Default: error.",
    )
    return option(command)


def out_dir_option(command: Function) -> Function:
    """Add the option that names the folder for what is written."""
    option = click.option(
        "--out-dir",
        type=click.Path(file_okay=False, path_type=Path),
        help="Where the files go. Default: dist in the project.",
    )
    return option(command)


def tag_options(command: Function) -> Function:
    """Add the options that name a wheel, or what it is compiled for."""
    options = [
        click.option(
            "-i",
            "--interpreter",
            metavar="PYTHON",
            help="Build for this interpreter: a path, a name such as python3.13, or a version.",
        ),
        click.option("--manylinux", metavar="VERSION", help="Build for this manylinux, such as 2_28 or 2014."),
        click.option("--musllinux", metavar="VERSION", help="Build for this musllinux, such as 1_2."),
        click.option("--arch", metavar="ARCH", help="The architecture that goes with them. Default: this machine's."),
        click.option("--platform-tag", metavar="TAG", help="Build for this platform tag, such as win_amd64."),
        click.option("--python-tag", metavar="TAG", help="The wheel's Python tag, such as cp313."),
        click.option("--abi-tag", metavar="TAG", help="The wheel's ABI tag, such as abi3 or cp313t."),
    ]
    return _with(options, command)


def show(path: Path) -> None:
    """Print a result on standard output, relative to the current folder when it lies below."""
    with contextlib.suppress(ValueError):
        path = path.relative_to(Path.cwd())
    click.echo(path)


def config_from_flags(mode: str | None, **flags: object) -> Config:
    """Make a configuration out of the flags of a command.

    Args:
        mode: "release", "debug" or nothing.
        flags: the values by the name of the key with underscores; ``None`` and empty are as if not given.

    Raises:
        AllocondaError: a value cannot be read.
    """
    return Config.from_settings(settings_from_flags(mode, **flags), "the command line")


def settings_from_flags(mode: str | None, **flags: object) -> dict[str, object]:
    """Turn the flags of a command into what ``--config-settings`` would say.

    Args:
        mode: "release", "debug" or nothing.
        flags: as for `config_from_flags`.
    """
    settings: dict[str, object] = {}
    if (interpreter := flags.pop("interpreter", None)) is not None:
        from alloconda.interpreters import version_of

        if flags.get("python_version"):
            raise click.UsageError("--interpreter and --python-version exclude each other: give one.")
        flags["python_version"] = version_of(str(interpreter))
    for name, value in flags.items():
        key = name.replace("_", "-")
        if value is None or value == ():
            continue
        settings[key] = _as_text(KEYS[key], value)
    if mode == "debug":
        settings["optimize"] = "Debug"
    return settings


def _as_text(kind: Kind, value: object) -> object:
    """Spell the value of a flag as ``--config-settings`` would have it."""
    if kind == "arguments" and isinstance(value, tuple):
        # Whole arguments already: a shell has split them.
        return shlex.join(value)
    if kind == "switch":
        return str(value).lower()
    if kind == "text":
        return str(value)
    return list(value) if isinstance(value, tuple) else value


def _absolute(_context: click.Context, _parameter: click.Parameter, value: Path | None) -> Path | None:
    return None if value is None else value.absolute()


def _with(options: Sequence[Decorator], command: Function) -> Function:
    for option in reversed(options):
        command = option(command)
    return command
