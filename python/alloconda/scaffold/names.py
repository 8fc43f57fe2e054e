"""The names of a new project: on the index, in Python and in Zig."""

from __future__ import annotations

import keyword
import re
import sys
import unicodedata

from alloconda.errors import AllocondaError

ZIG_NAME_LENGTH_MAX = 32
"""How many bytes Zig allows for ``.name`` in build.zig.zon."""

# The name of a project, from the specification of names and PEP 508.
_PROJECT_NAME = re.compile(r"[A-Z0-9]([A-Z0-9._-]*[A-Z0-9])?", re.ASCII | re.IGNORECASE)

# `async`, `await` and `usingnamespace` are keywords of Zig 0.15 only.
_ZIG_KEYWORDS = re.compile(
    r"addrspace|align|allowzero|and|anyframe|anytype|asm|async|await|break|callconv|catch|comptime|"
    r"const|continue|defer|else|enum|errdefer|error|export|extern|fn|for|if|inline|linksection|"
    r"noalias|noinline|nosuspend|opaque|or|orelse|packed|pub|resume|return|struct|suspend|switch|test|"
    r"threadlocal|try|union|unreachable|usingnamespace|var|volatile|while"
)
_STANDARD_LIBRARY = sys.stdlib_module_names | {"test"}
_OURS = ("alloconda",)


def checked_project_name(name: str) -> str:
    """Return the name of a project, unless the index would refuse it.

    Raises:
        AllocondaError: the name is not valid.
    """
    if not _PROJECT_NAME.fullmatch(name):
        raise AllocondaError(
            f"'{name}' is not the name of a Python project: a name has letters of ASCII, digits, '.', '_' and '-', and "
            "a letter or digit at both ends."
        )
    return name


def project_name_of_folder(folder: str) -> str:
    """Make a project's name out of a folder's: accents go, and what cannot stand in a name becomes ``-``.

    Raises:
        AllocondaError: nothing is left.
    """
    letters = unicodedata.normalize("NFKD", folder).encode("ascii", "ignore").decode()
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", letters).strip("-._")
    if not name:
        raise AllocondaError(f"The folder's name '{folder}' makes no name of a Python project: give one with --name.")
    return name


def module_name_of_project(name: str) -> str:
    """Spell a project's name as the module that Python imports."""
    return re.sub(r"[-_.]+", "_", name).lower()


def checked_module_name(name: str) -> str:
    """Return the name of the package to import, unless it cannot be imported as what it is.

    Raises:
        AllocondaError: the name is not valid.
    """
    remedy = "give another name with --module-name"
    if not (name.isascii() and name.isidentifier()):
        raise AllocondaError(
            f"'{name}' is not the name of a module: an extension module's has letters of ASCII, digits and '_', and no "
            f"digit first; {remedy}."
        )
    if keyword.iskeyword(name):
        raise AllocondaError(f"'{name}' is a keyword of Python, and no module can be imported by it: {remedy}.")
    # Some file systems see no difference between `Json` and `json`.
    if name.lower() in _STANDARD_LIBRARY or name.lower() in _OURS:
        owner = "alloconda's own name" if name.lower() in _OURS else "a module of Python's standard library"
        raise AllocondaError(f"'{name}' is {owner}, and one would hide the other: {remedy}.")
    return name


def zig_name(module_name: str) -> str:
    """Spell a module's name as ``.name`` in build.zig.zon: an identifier of Zig, of at most 32 bytes."""
    name = module_name[:ZIG_NAME_LENGTH_MAX]
    return f"{name}_" if _ZIG_KEYWORDS.fullmatch(name) else name
