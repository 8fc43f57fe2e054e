"""The user's own folders, where the system has them."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from alloconda.errors import AllocondaError


def home_folder() -> Path:
    """Find the user's own folder.

    Raises:
        AllocondaError: the system knows none, as for a container's user of any number.
    """
    try:
        return Path.home()
    except RuntimeError:
        raise AllocondaError("This user has no home folder: set HOME to a folder that can be written.") from None


def user_cache_folder() -> Path:
    """Find the folder for files that may be deleted at any time, by the system's convention.

    Raises:
        AllocondaError: see `home_folder`.
    """
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or home_folder() / "AppData" / "Local"
    elif sys.platform == "darwin":
        base = home_folder() / "Library" / "Caches"
    else:
        base = os.environ.get("XDG_CACHE_HOME") or home_folder() / ".cache"
    return Path(base, "alloconda")
