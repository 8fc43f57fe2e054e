"""The command line. Each command has a file of its own, and imports what it needs when it runs."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, NoReturn

import click

from alloconda import __version__
from alloconda.cli.build import build
from alloconda.cli.cache import cache
from alloconda.cli.headers import headers
from alloconda.cli.init import init
from alloconda.cli.inspect import inspect, inspect_lib
from alloconda.cli.pack import pack
from alloconda.cli.python import python
from alloconda.cli.wheel import wheel
from alloconda.cli.wheel_all import wheel_all
from alloconda.errors import AllocondaError

if TYPE_CHECKING:
    from collections.abc import Sequence

_FAILURE = 1
_USAGE = 2
_INTERRUPTED = 130


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="%(prog)s %(version)s")
def commands() -> None:
    """Write plain Zig, get a Python package."""


commands.add_command(init)
commands.add_command(build)
commands.add_command(wheel)
commands.add_command(wheel_all)
commands.add_command(inspect)
commands.add_command(inspect_lib)
commands.add_command(python)
commands.add_command(cache)
commands.add_command(pack)
commands.add_command(headers)


def main() -> NoReturn:
    """Run the command line of this process, and end it with the exit status."""
    sys.exit(run())


def run(arguments: Sequence[str] | None = None) -> int:
    """Run a command line.

    Args:
        arguments: what comes after the program's name; ``None`` stands for ``sys.argv``.

    Returns:
        The exit status: 0, 1 for a failure (one sentence on standard error), 2 for wrong usage, 130 for Ctrl-C.
    """
    try:
        status = commands.main(arguments, prog_name="alloconda", standalone_mode=False)
    except AllocondaError as error:
        sys.stderr.write(f"error: {error}\n")
        return _FAILURE
    except click.UsageError as error:
        error.show()
        return _USAGE
    except click.ClickException as error:
        error.show()
        return _FAILURE
    except (click.Abort, KeyboardInterrupt):
        sys.stderr.write("interrupted\n")
        return _INTERRUPTED
    return status if isinstance(status, int) else 0
