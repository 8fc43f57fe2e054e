"""Rewrite `symbols.txt`: what musl's libc exports, by architecture and since which version.

    python -m pip install pyelftools
    python tools/sync_musl_symbols.py --zig ZIG --musl FILE

`--zig` is a Zig compiler: the stub of musl that it links with is read for each architecture. `--musl` is a real libc.so
of an older musl for x86_64, such as that of Debian's package: what it lacks came later than it.
"""
# ruff: noqa: INP001

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from elftools.elf.elffile import ELFFile
from elftools.elf.sections import SymbolTableSection

TABLES = Path(__file__).parent.parent / "src" / "musl"
TARGETS = {
    "aarch64": "aarch64-linux-musl",
    "arm": "arm-linux-musleabihf",
    "loongarch64": "loongarch64-linux-musl",
    "powerpc64le": "powerpc64le-linux-musl",
    "riscv64": "riscv64-linux-musl",
    "s390x": "s390x-linux-musl",
    "x86": "x86-linux-musl",
    "x86_64": "x86_64-linux-musl",
}
# From musl's own WHATSNEW: functions that came within 1.2, up to the version of `--musl`.
CAME_LATER = {
    **dict.fromkeys(("_Fork", "gettid", "reallocarray", "tcgetwinsize", "tcsetwinsize"), "1.2.2"),
    **dict.fromkeys(("pthread_getname_np", "qsort_r", "__qsort_r"), "1.2.3"),
}
# Debian leaves these to another library; musl has always had them.
NOT_IN_DEBIAN = {"crypt", "crypt_r", "encrypt", "setkey"}


def exports(path: Path) -> set[str]:
    """The names that a shared library defines."""
    with path.open("rb") as stream:
        section = ELFFile(stream).get_section_by_name(".dynsym")
        if not isinstance(section, SymbolTableSection):
            sys.exit(f"error: {path} is not a shared library")
        return {
            symbol.name
            for symbol in section.iter_symbols()
            if symbol["st_shndx"] != "SHN_UNDEF" and symbol["st_info"]["bind"] in {"STB_GLOBAL", "STB_WEAK"}
        }


def zig_stub(zig: Path, target: str, folder: Path) -> Path:
    """The libc.so that Zig writes to link with."""
    source = folder / "empty.zig"
    source.write_text("export fn f() void {}\n", "utf-8")
    cache = folder / "cache"
    subprocess.run(
        [
            *(zig, "build-lib", "-dynamic", "-lc", "-target", target),
            *("--cache-dir", cache, f"-femit-bin={folder / 'f.so'}", source),
        ],
        check=True,
        env=os.environ | {"ZIG_GLOBAL_CACHE_DIR": str(cache)},
    )
    (stub,) = cache.glob("o/*/libc.so")
    return stub


def main() -> None:
    """Read the sources and write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--zig", type=Path, required=True)
    parser.add_argument("--musl", type=Path, required=True)
    options = parser.parse_args()
    by_arch = {}
    for arch, target in TARGETS.items():
        with tempfile.TemporaryDirectory() as folder:
            by_arch[arch] = exports(zig_stub(options.zig, target, Path(folder)))
    older = exports(options.musl)
    zig_version = subprocess.check_output([options.zig, "version"], text=True).strip()
    musl_version = re.search(rb"\x00(1\.2\.\d)\x00", options.musl.read_bytes())
    if musl_version is None:
        sys.exit(f"error: {options.musl} does not tell its version: --musl must be the libc.so of a musl 1.2")
    since = dict.fromkeys(by_arch["x86_64"] - older - NOT_IN_DEBIAN, "1.2.5") | CAME_LATER
    lines = []
    for name in sorted(set().union(*by_arch.values())):
        have = [arch for arch in TARGETS if name in by_arch[arch]]
        parts = [name, since.get(name, "1.2.0"), "*" if len(have) == len(TARGETS) else ",".join(have)]
        lines.append(" ".join(parts))
    header = [
        "What musl's libc exports: name, the version of 1.2 that has it (1.2.0 or older: 1.2.0), and the architectures",
        "as Zig names them, `*` for all. In the order of bytes. The audit reads it too.",
        "",
        f"Source: the libc.so that Zig {zig_version} links with, musl 1.2.5; what came within 1.2 from a real libc.so",
        f"of musl {musl_version[1].decode()}, sha256 {hashlib.sha256(options.musl.read_bytes()).hexdigest()},",
        "and from musl's WHATSNEW.",
        "",
        f"Written by tools/sync_musl_symbols.py on {dt.datetime.now(dt.timezone.utc).date()}; an edit here is lost.",
    ]
    text = "".join(f"{line}\n" for line in [*(f"# {line}".rstrip() for line in header), *lines])
    (TABLES / "symbols.txt").write_text(text, "utf-8")


if __name__ == "__main__":
    main()
