"""``alloconda completions``: what a shell needs to complete command lines."""

from __future__ import annotations

import click


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completions(shell: str) -> None:
    """Print the script that teaches a shell to complete command lines of alloconda.

    \b
    alloconda completions bash > ~/.local/share/bash-completion/completions/alloconda
    alloconda completions zsh > ~/.zfunc/_alloconda      (with ~/.zfunc in fpath)
    alloconda completions fish > ~/.config/fish/completions/alloconda.fish
    """  # noqa: D301 - \b is click's
    from click.shell_completion import get_completion_class

    from alloconda.cli import commands

    maker = get_completion_class(shell)
    if maker is None:  # pragma: no cover - click has had all three since 8.0
        raise click.UsageError(f"click knows no completion for {shell}.")
    # Not `source()`: for bash it asks which version is installed here, and the script may be for another machine.
    script = maker(commands, {}, "alloconda", "_ALLOCONDA_COMPLETE")
    click.echo(script.source_template % script.source_vars())
