"""What Python's own build says of itself: sysconfig data and pyconfig.h, read without running them."""

from __future__ import annotations

import ast
import json
import re
from typing import TYPE_CHECKING

from alloconda.errors import AllocondaError

if TYPE_CHECKING:
    from pathlib import Path


def extension_suffix(folder: Path) -> str | None:
    """Find EXT_SUFFIX in the headers of one build, such as ".cpython-313-x86_64-linux-gnu.so".

    Args:
        folder: what `alloconda.headers.archive.extract` has filled.

    Returns:
        The suffix; ``None`` when the build does not say, as those for Windows before PEP 739.

    Raises:
        AllocondaError: the data cannot be read.
    """
    for path in sorted(folder.glob("lib/python3*/_sysconfigdata*.py")):
        value = _build_time_vars(path).get("EXT_SUFFIX")
        if isinstance(value, str):
            return value
    for path in sorted(folder.glob("lib/python3*/build-details.json")):
        try:
            value = json.loads(path.read_bytes())["abi"]["extension_suffix"]
        except (ValueError, KeyError, TypeError, RecursionError):
            continue
        if isinstance(value, str):
            return value
    return None


def other_pyconfig(include: Path) -> str | None:
    """Find where pyconfig.h has its content, when it is that of Debian: it includes the one of an architecture.

    Args:
        include: the folder of Python.h.

    Returns:
        A path such as "x86_64-linux-gnu/python3.11/pyconfig.h", relative to the parent of ``include``.
    """
    try:
        text = (include / "pyconfig.h").read_text("utf-8", "replace")
    except OSError:
        return None
    # A Debian tree has the files of one architecture.
    found = [match[1] for match in re.finditer(r"#\s*include\s*<([^<>]+/pyconfig\.h)>", text)]
    return next((path for path in found if (include.parent / path).is_file()), None)


def _build_time_vars(path: Path) -> dict[str, object]:
    """Read the one dictionary of a ``_sysconfigdata`` file."""
    try:
        for statement in ast.parse(path.read_text("utf-8")).body:
            if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Dict):
                value = ast.literal_eval(statement.value)
                if isinstance(value, dict):
                    return value
    except (OSError, ValueError, SyntaxError, RecursionError, MemoryError) as error:
        raise AllocondaError(f"The configuration of Python in {path} cannot be read: {error}.") from None
    return {}
