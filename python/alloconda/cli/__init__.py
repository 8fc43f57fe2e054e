"""The command line. Each command has a file of its own, and imports what it needs when it runs."""

from __future__ import annotations

import contextlib
import importlib
import os
import signal
import sys
from typing import TYPE_CHECKING, NoReturn

import click

from alloconda import __version__, messages
from alloconda.errors import AllocondaError, sentence_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import FrameType

_FAILURE = 1
_USAGE = 2
_INTERRUPTED = 130

_COMMANDS = {
    "init": "init:init",
    "build": "build:build",
    "wheel": "wheel:wheel",
    "wheel-all": "wheel_all:wheel_all",
    "develop": "develop:develop",
    "sdist": "sdist:sdist",
    "stubs": "stubs:stubs",
    "inspect": "inspect:inspect",
    "inspect-lib": "inspect:inspect_lib",
    "publish": "publish:publish",
    "list-python": "list_python:list_python",
    "python": "python:python",
    "cache": "cache:cache",
    "generate-ci": "generate_ci:generate_ci",
    "doctor": "doctor:doctor",
    "completions": "completions:completions",
}
"""The file and the function of each command, in the order in which the help lists them."""
_STEPS = {"headers": "headers:headers", "pack": "pack:pack", "rebuild": "rebuild:rebuild", "survey": "survey:survey"}
"""Commands that Zig's build graph runs, and no user."""


class _Commands(click.Group):
    """Imports a command when it is asked for, and gives it the options that all have."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*_COMMANDS, *super().list_commands(ctx)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        place = _COMMANDS.get(cmd_name) or _STEPS.get(cmd_name)
        if place is None:
            return super().get_command(ctx, cmd_name)
        module, _, function = place.partition(":")
        command: click.Command = getattr(importlib.import_module(f"alloconda.cli.{module}"), function)
        # The modules stay imported: a command gets the options once.
        if not any(parameter.name == _common[0].name for parameter in command.params):
            command.params.extend(_common)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and not args[0].startswith("-") and self.get_command(ctx, args[0]) is None:
            import difflib

            nearest = difflib.get_close_matches(args[0], self.list_commands(ctx), n=1)
            advice = f"Did you mean '{nearest[0]}'?" if nearest else "'alloconda --help' lists all."
            raise click.UsageError(f"There is no command '{args[0]}'. {advice}", ctx)
        return super().resolve_command(ctx, args)


def _set_verbose(_context: click.Context, _parameter: click.Parameter, value: bool) -> None:  # noqa: FBT001 - click's
    if value:
        messages.set_loudness(messages.Loudness.VERBOSE)


def _set_quiet(_context: click.Context, _parameter: click.Parameter, value: bool) -> None:  # noqa: FBT001 - click's
    if value:
        messages.set_loudness(messages.Loudness.QUIET)


def _set_colour(_context: click.Context, _parameter: click.Parameter, value: str | None) -> None:
    if value:
        messages.choose_colour(value)


_common: list[click.Parameter] = [
    click.Option(
        ["-v", "--verbose"],
        is_flag=True,
        expose_value=False,
        callback=_set_verbose,
        help="Say more, such as what is run.",
    ),
    click.Option(
        ["-q", "--quiet"], is_flag=True, expose_value=False, callback=_set_quiet, help="Only warnings and errors."
    ),
    click.Option(
        ["--color"],
        type=click.Choice(["auto", "always", "never"]),
        expose_value=False,
        callback=_set_colour,
        help="Whether messages have colours. Default: NO_COLOR, FORCE_COLOR, or whether it is a terminal.",
    ),
]


@click.group(cls=_Commands, params=[*_common], context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="%(prog)s %(version)s")
def commands() -> None:
    """Write plain Zig, get a Python package.

    \b
    alloconda init geometry          a project that builds, tests and imports at once
    alloconda build                  the extension into the source tree, to try it
    alloconda wheel-all              wheels for every platform, from this machine
    alloconda publish                build all of it, check it, upload it

    'alloconda COMMAND --help' tells all about a command. Exit status: 0 done, 1 failed, 2 wrong usage.
    """  # noqa: D301 - \b is click's


def main() -> NoReturn:
    """Run the command line of this process, and end it with the exit status."""
    _write_any_text()
    _end_by_exceptions()
    sys.exit(run())


def run(arguments: Sequence[str] | None = None) -> int:
    """Run a command line.

    Args:
        arguments: what comes after the program's name; ``None`` stands for ``sys.argv``.

    Returns:
        The exit status: 0, 1 for a failure (one sentence on standard error), 2 for wrong usage, 130 for Ctrl-C.
    """
    messages.set_loudness(messages.Loudness.USUAL)
    try:
        status = commands.main(arguments, prog_name="alloconda", standalone_mode=False)
        sys.stdout.flush()
    except AllocondaError as error:
        messages.error(error)
        return _FAILURE
    except click.ClickException as error:
        error.show()
        return _USAGE if isinstance(error, click.UsageError) else _FAILURE
    except (click.Abort, KeyboardInterrupt):
        sys.stderr.write("interrupted\n")
        return _INTERRUPTED
    except BrokenPipeError:
        return _reader_is_gone()
    except OSError as error:
        messages.error(sentence_of(error))
        return _FAILURE
    return status if isinstance(status, int) else 0


def _reader_is_gone() -> int:
    """End without a word: whoever read our output, such as ``head``, has seen enough."""
    with contextlib.suppress(OSError, ValueError):
        # The interpreter flushes the stream once more when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return _FAILURE


def _write_any_text() -> None:
    """Let standard output take every character and every file name, whatever the locale's encoding is."""
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure:
        is_utf8 = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
        reconfigure(errors="surrogateescape" if is_utf8 else "backslashreplace")


def _end_by_exceptions() -> None:
    """Turn a request to end into an exception, so that children are ended and temporary files removed.

    Ctrl-C is one already. A signal that is ignored (nohup) stays so.
    """
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) == signal.SIG_DFL:
            signal.signal(number, _exit)


def _exit(number: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(128 + number)
