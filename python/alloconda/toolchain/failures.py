"""Reads out of the messages of ``zig build`` why each wheel was not written.

Zig shows a failed step in a block: the step that was asked for, the steps from there to the one that failed, each
indented below the one before, and then what the failed step's program wrote::

    wheel-all
    +- pack cp310-abi3-win_amd64
       +- compile hello._native for cp310-abi3-win_amd64 1 errors
    src/root.zig:31:46: error: expected ';' after statement
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SUMMARY = "Build Summary:"
"""Starts the tree of all steps, which comes last."""

_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b[()][A-Z0-9]")
"""Colours and cursor movements of a terminal."""
_STEP = re.compile(r"^\s*(\+-|mq|└─) (?P<name>.*)$")
"""A step below another; "mq" is what a terminal draws as a line."""
_ERROR = re.compile(r"^(?P<place>\S.*:\d+:\d+: )?error: (?P<sentence>.+)$")
_OF_ZIG = re.compile(
    r"error: (the following|\d+ compilation errors|process exited|process terminated|stderr:|failed command)"
    r"|failed command:|\s*$"
)
"""What Zig adds after the words of a compiler or another program."""
_COMMAND = "error: the following command"
"""Starts the command that failed: what it wrote stands above."""


def plain(line: str) -> str:
    """Take the colours and the line end out of a line."""
    return _ESCAPES.sub("", line).rstrip("\r\n")


def reasons(lines: Iterable[str], labels: Sequence[str]) -> dict[str, str]:
    """Find the reason for each of the wheels that failed.

    A step that failed carries the label of its wheel; one that does not (it reads the sources, say) is everybody's.

    Args:
        lines: what Zig wrote, in order.
        labels: the wheels that failed, each as the steps name it.

    Returns:
        A reason for each label for which there is any.
    """
    blocks = _blocks(lines)
    found = {}
    for label in labels:
        own = [block for block in blocks if _names(block.step, label)]
        common = [block for block in blocks if not any(_names(block.step, other) for other in labels)]
        for block in (own + common)[:1]:
            found[label] = block.reason()
    return found


@dataclass
class _Block:
    """A failed step and what was written about it."""

    step: str = ""
    words: list[str] = field(default_factory=list)
    before: list[str] = field(default_factory=list)
    """What was written before the block: by a program whose words Zig passes on at once, such as the packer."""

    def reason(self) -> str:
        candidates = [*self.own_reasons(), *reversed(_errors(self.before)), f"the step '{self.step}' failed"]
        return candidates[0]

    def own_reasons(self) -> list[str]:
        """Find what stands in the block itself."""
        own = list(itertools.takewhile(lambda line: not line.startswith(_COMMAND), self.words))
        last_words = [line for line in own if not _OF_ZIG.match(line)][-1:]
        return [*_errors(own), *last_words]


def _errors(lines: list[str]) -> list[str]:
    """Find the sentences of errors, each with its place in the source."""
    matches = [_ERROR.match(line) for line in lines if not _OF_ZIG.match(line)]
    return [f"{match['place'] or ''}{match['sentence']}" for match in matches if match]


def _blocks(lines: Iterable[str]) -> list[_Block]:
    blocks = [_Block()]  # the first is no block: what stands before them all
    in_chain = False
    for line in map(plain, lines):
        if line.startswith(SUMMARY):
            break
        step = _STEP.match(line)
        if step and not in_chain:
            # The line before was the step that was asked for. What follows the blocks' own words may be of a program.
            before = blocks[-1].words[:-1]
            blocks.append(_Block(before=before[1:] if blocks[-1].step else before))
        if step:
            blocks[-1].step = step["name"]
        else:
            blocks[-1].words.append(line)
        in_chain = step is not None
    _hand_out(blocks[1:])
    return blocks[1:]


def _hand_out(blocks: list[_Block]) -> None:
    """Give each of several programs that failed at once its own words: they stand before the first of their blocks."""
    for index, block in enumerate(blocks):
        errors = _errors(block.before)
        others = itertools.takewhile(
            lambda other: not other.own_reasons() and not _errors(other.before), blocks[index + 1 :]
        )
        group = [] if block.own_reasons() else [block, *others]
        if 1 < len(group) <= len(errors):
            for one, error in zip(group, errors[-len(group) :], strict=True):
                one.before = [f"error: {error}"]


def _names(text: str, label: str) -> bool:
    """Tell whether the label stands in the text as a whole: manylinux_2_17_x86_64 is not manylinux_2_17_x86."""
    return re.search(rf"(?<![\w.-]){re.escape(label)}(?![\w-])", text) is not None
