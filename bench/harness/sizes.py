"""How large an extension with one function is."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from harness.extensions import build
from harness.table import markdown

if TYPE_CHECKING:
    from alloconda.toolchain.locate import Zig

MODES = ("ReleaseFast", "ReleaseSmall")
VARIANTS = {
    f"{title}, {mode}": (option, f"-Doptimize={mode}")
    for title, option in (("3.13", "-Dpython-version=3.13"), ("stable ABI", "-Dstable-abi=3.10"))
    for mode in MODES
}


def measure(zig: Zig) -> dict[str, int]:
    """Build the project `minimal` in each of `VARIANTS` and return the bytes of the file, stripped as by default.

    Raises:
        AllocondaError: a build fails; Zig has said why.
    """
    sizes = {}
    for title, options in VARIANTS.items():
        with tempfile.TemporaryDirectory(prefix="alloconda-bench-") as folder:
            sizes[title] = build(zig, "minimal", Path(folder), *options).stat().st_size
    return sizes


def table(sizes: dict[str, dict[str, int]]) -> str:
    """Lay out the results of each Zig version."""
    rows = [[f"Zig {version}", *(f"{bytes_:,}" for bytes_ in variants.values())] for version, variants in sizes.items()]
    return markdown(["bytes", *VARIANTS], rows)
