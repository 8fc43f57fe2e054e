"""What is wrong with a wheel."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One disagreement between what a wheel says and what it is, or a rule of the index that it breaks."""

    rule: str
    """A short name, such as ``record-hash``."""
    sentence: str
    """What is wrong and why."""
    file: str | None = None
    """The path in the wheel."""
    symbol: str | None = None
    remedy: str | None = None
    """What to do."""
    is_note: bool = False
    """Whether the wheel is true all the same: only PyPI would refuse it, or it could not be compared."""

    def as_json(self) -> dict[str, object]:
        """Turn the finding into what ``--json`` shows."""
        return dataclasses.asdict(self)

    def __str__(self) -> str:
        where = ": ".join(part for part in (self.file, self.symbol) if part and part not in self.sentence)
        text = f"{where}: {self.sentence}" if where else self.sentence
        return f"{text}; {self.remedy}" if self.remedy else text


@dataclass
class Findings:
    """Collects findings, up to a number that a person would read."""

    found: list[Finding] = field(default_factory=list)
    left_out: int = 0

    COUNT_MAX = 200

    def add(  # noqa: PLR0913 - the parts of a finding
        self,
        rule: str,
        sentence: str,
        *,
        file: str | None = None,
        symbol: str | None = None,
        remedy: str | None = None,
        is_note: bool = False,
    ) -> None:
        """Take a finding in."""
        finding = Finding(rule=rule, sentence=sentence, file=file, symbol=symbol, remedy=remedy, is_note=is_note)
        if finding in self.found:
            return
        if len(self.found) < self.COUNT_MAX:
            self.found.append(finding)
        else:
            self.left_out += 1
