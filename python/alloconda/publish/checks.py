"""All that is checked before the first byte goes out: our rules, those of PyPI, and twine's."""

from __future__ import annotations

import contextlib
import io
import logging
import zipfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from alloconda.errors import AllocondaError
from alloconda.inspection.wheel import inspect_wheel
from alloconda.publish.hiding import clean
from alloconda.publish.sdist_rules import inspect_sdist

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from twine.package import PackageFile

    from alloconda.publish.files import ReleaseFile
    from alloconda.toolchain.host import Host

_PYPI_SIZE_MAX = 100 << 20
"""Bytes of a file, unless PyPI has raised the limit for the project."""


@dataclass(frozen=True)
class Checked:
    """A file and what is said about it."""

    file: ReleaseFile
    package: PackageFile | None
    """What is uploaded; ``None`` when twine cannot read the file."""
    problems: tuple[str, ...]
    notes: tuple[str, ...]


def check_all(
    files: Sequence[ReleaseFile], host: Callable[[], Host], *, for_pypi: bool, strict: bool = True
) -> list[Checked]:
    """Check files.

    Args:
        files: what is to be uploaded.
        host: makes the host program ready; called when there is a library.
        for_pypi: whether PyPI's own limits are problems, and not notes.
        strict: whether what twine warns of is a problem, and not a note.

    Raises:
        AllocondaError: a file cannot be read at all.
    """
    return [_check(file, host, for_pypi=for_pypi, strict=strict) for file in files]


def _check(file: ReleaseFile, host: Callable[[], Host], *, for_pypi: bool, strict: bool) -> Checked:
    problems: list[str] = []
    notes: list[str] = []
    try:
        findings = inspect_wheel(file.path, host).findings if file.is_wheel else inspect_sdist(file)
        size = file.path.stat().st_size
    except OSError as error:
        raise AllocondaError(f"{file.path} cannot be read: {error.strerror}.") from error
    for finding in findings:
        (notes if finding.is_note and not for_pypi else problems).append(f"{finding} [{finding.rule}]")
    if for_pypi and size > _PYPI_SIZE_MAX:
        notes.append(f"it is larger than {_PYPI_SIZE_MAX >> 20} MiB: PyPI takes it if the project's limit was raised")
    if any(not finding.is_note for finding in findings):
        return Checked(file, None, tuple(map(clean, problems)), tuple(map(clean, notes)))
    package, refusal = _package(file)
    if package is None:
        problems.append(f"{refusal} [twine]")
    else:
        (problems if strict else notes).extend(f"{sentence} [twine check]" for sentence in _twine_check(file))
    return Checked(file, package, tuple(map(clean, problems)), tuple(map(clean, notes)))


def _package(file: ReleaseFile) -> tuple[PackageFile | None, str]:
    """Let twine read a file. Without a package, the text says why."""
    from twine.exceptions import TwineException
    from twine.package import PackageFile

    try:
        return PackageFile.from_filename(str(file.path), None), ""
    except (TwineException, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        return None, str(error) or type(error).__name__


def _twine_check(file: ReleaseFile) -> list[str]:
    """Run ``twine check --strict``, which looks at the description, and return what it complains of."""
    from twine.commands.check import check

    with _log_of_twine() as sentences, contextlib.redirect_stdout(io.StringIO()):
        failed = check([str(file.path)], strict=True)
    if not failed:
        return []
    advice = "; add 'readme' to [project]" if any("`long_description` missing" in text for text in sentences) else ""
    return [f"{'; '.join(text.rstrip('.') for text in sentences)}{advice}"]


@contextlib.contextmanager
def _log_of_twine() -> Iterator[list[str]]:
    sentences: list[str] = []

    class Collector(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            sentences.append(record.getMessage())

    logger = logging.getLogger("twine.commands.check")
    collector = Collector(logging.WARNING)
    logger.addHandler(collector)
    propagated, logger.propagate = logger.propagate, False
    try:
        yield sentences
    finally:
        logger.removeHandler(collector)
        logger.propagate = propagated
