"""What the running interpreter is and where its headers are, for the build graph to judge."""

from __future__ import annotations

import platform
import struct
import sys
import sysconfig
from pathlib import Path

_ARCHITECTURES = {
    "amd64": "x86_64",
    "arm64": "aarch64",
    "armv8l": "armv7l",
    "i386": "x86",
    "i586": "x86",
    "i686": "x86",
}
_POINTER_BITS_64 = 64


def facts() -> dict[str, object]:
    """Describe the running interpreter.

    Returns:
        ``version`` ("3.13"), ``free_threaded``, ``ext_suffix``, ``os``, ``arch`` and ``libc`` by the names of
        `src/target/PlatformTag.zig`, and ``include``: the folders of its headers, empty when they are not installed.
    """
    machine = platform.machine().lower()
    arch = _ARCHITECTURES.get(machine, machine)
    if struct.calcsize("P") * 8 < _POINTER_BITS_64:
        # A 32-bit interpreter on a 64-bit kernel.
        arch = {"x86_64": "x86", "aarch64": "armv7l"}.get(arch, arch)
    system = {"win32": "windows", "darwin": "macos"}.get(sys.platform, sys.platform)
    musl = "musl" in (sysconfig.get_config_var("HOST_GNU_TYPE") or "")
    return {
        "version": f"{sys.version_info.major}.{sys.version_info.minor}",
        "free_threaded": bool(sysconfig.get_config_var("Py_GIL_DISABLED")),
        "implementation": sys.implementation.name,
        "os": system,
        "arch": arch,
        "libc": "none" if system != "linux" else "musl" if musl else "gnu",
        "ext_suffix": sysconfig.get_config_var("EXT_SUFFIX"),
        "include": _include(),
    }


def _include() -> list[str]:
    folders = []
    for key in ("include", "platinclude"):
        folder = sysconfig.get_path(key)
        if folder and folder not in folders and Path(folder).is_dir():
            folders.append(folder)
    found = {name for folder in folders for name in ("Python.h", "pyconfig.h") if Path(folder, name).is_file()}
    return folders if len(found) == 2 else []  # noqa: PLR2004 - both names
