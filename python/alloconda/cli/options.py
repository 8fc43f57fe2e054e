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


def python_version_option(command: Function) -> Function:
    """Add the option that chooses the one Python version to build for."""
    option = click.option(
        "--python-version",
        metavar="VERSION",
        help="Build for this version only, such as 3.13 or 3.13t, and not for the stable ABI.",
    )
    return option(command)


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
        click.option("--manylinux", metavar="VERSION", help="Build for this manylinux, such as 2_28 or 2014."),
        click.option("--musllinux", metavar="VERSION", help="Build for this musllinux, such as 1_2."),
        click.option("--arch", metavar="ARCH", help="The architecture that goes with them. Default: this machine's."),
        click.option("--platform-tag", metavar="TAG", help="Build for this platform tag, such as win_amd64."),
        click.option("--python-tag", metavar="TAG", help="The wheel's Python tag, such as cp313."),
        click.option("--abi-tag", metavar="TAG", help="The wheel's ABI tag, such as abi3 or cp313t."),
        click.option("--ext-suffix", metavar="SUFFIX", help="Suffix of the extension's file name, such as .abi3.so."),
        click.option("--zig-target", metavar="TARGET", help="Compile for this Zig target, such as x86_64-linux-musl."),
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
    for name, value in flags.items():
        key = name.replace("_", "-")
        if value is None or value == ():
            continue
        if KEYS[key] == "arguments" and isinstance(value, tuple):
            # Whole arguments already: a shell has split them.
            settings[key] = shlex.join(value)
        else:
            settings[key] = str(value).lower() if KEYS[key] == "switch" else value
    if mode == "debug":
        settings["optimize"] = "Debug"
    return settings


def _absolute(_context: click.Context, _parameter: click.Parameter, value: Path) -> Path:
    return value.absolute()


def _with(options: Sequence[Decorator], command: Function) -> Function:
    for option in reversed(options):
        command = option(command)
    return command
