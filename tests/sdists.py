"""Sdists of PyPI with C and C++ extensions: which, how they are had, and how their own tests are run and counted."""

from __future__ import annotations

import functools
import os
import re
import shutil
import subprocess
import sys
import tarfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from interpreters import skip
from workbench import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from workbench import Workbench

OVERLAYS = ROOT / "tests" / "packages" / "c_extensions"
OPTIONS = ["-q", "-p", "no:cacheprovider", "-p", "no:hypothesispytest", "-W", "ignore"]
TEST_TOOLS = ["pytest==8.4.2", "colorama", "hypothesis==6.112.1"]


@dataclass(frozen=True)
class Sdist:
    """A project of PyPI, as its sdist is."""

    name: str
    version: str
    module: str
    tests: tuple[str, ...]
    """Files and folders that its tests consist of."""
    passed: int
    """How many of its own tests pass at least."""
    without: str = ""
    """A test that is left out, with the reason where the sdist is named."""
    needs: str = ""
    """What the tests import beside it, as a wheel of the platform."""
    first: str = ""
    """Python code that is run before the tests."""

    @property
    def key(self) -> str:
        return self.name.replace("-", "_")


MARKUPSAFE = Sdist("markupsafe", "3.0.4", "markupsafe._speedups", ("tests",), 79)
MSGPACK = Sdist("msgpack", "1.2.4", "msgpack._cmsgpack", ("test",), 160)
UJSON = Sdist("ujson", "6.1.0", "ujson", ("tests",), 476)
HISTOGRAM = Sdist(
    "fast-histogram",
    "0.14",
    "fast_histogram._histogram_core",
    (),
    10,
    # numpy.histogram itself refuses data of this test since NumPy 2.
    "test_1d_compare_with_numpy",
    "numpy",
    # In an emulator, examples take longer than Hypothesis allows.
    "from hypothesis import settings; settings.register_profile('slow', deadline=None); settings.load_profile('slow')",
)
PYBIND11 = Sdist(
    "pybind11",
    "3.1.0",
    "pybind11_tests",
    (
        "tests/conftest.py",
        "tests/env.py",
        "tests/test_enum.py",
        "tests/test_operator_overloading.py",
        "tests/test_methods_and_attributes.py",
        "tests/test_sequences_and_iterators.py",
    ),
    65,
)


class Shelf:
    """Sdists of PyPI, each downloaded once."""

    def __init__(self, workbench: Workbench) -> None:
        self._workbench = workbench
        self._folder = workbench.folder / "sdists"

    @functools.cache  # noqa: B019 - one for the whole session
    def project(self, sdist: Sdist) -> Path:
        """Unpack an sdist, with our build files beside its own."""
        options = ["--no-deps", "--no-binary", sdist.name, "-d", self._folder]
        self._pip("download", *options, f"{sdist.name}=={sdist.version}")
        (archive,) = self._folder.glob(f"{sdist.key}-*.tar.gz")
        target = self._folder / sdist.key
        with tarfile.open(archive) as tar:
            tar.extractall(self._folder / "x" / sdist.key, filter="data")
        (unpacked,) = (self._folder / "x" / sdist.key).iterdir()
        unpacked.rename(target)
        for file in (OVERLAYS / sdist.key).iterdir():
            shutil.copy(file, target / file.name)
        # The upper half of a fingerprint is the checksum of the name.
        fingerprint = zlib.crc32(sdist.key.encode()) << 32 | 0x4974F841
        (target / "build.zig.zon").write_text(
            f'.{{ .name = .{sdist.key}, .version = "0.1.0", .fingerprint = 0x{fingerprint:x}, .paths = .{{""}}, '
            f'.dependencies = .{{ .alloconda = .{{ .path = "{os.path.relpath(ROOT, target)}" }} }} }}\n'
        )
        return target

    @functools.cache  # noqa: B019
    def tools(self) -> Path:
        """Pure Python packages that run the test suites, good for every interpreter."""
        folder = self._folder / "tools"
        options = ["--target", folder, "--no-compile", "--only-binary", ":all:", "--python-version", "3.11"]
        self._pip("install", *options, *TEST_TOOLS)
        return folder

    @functools.cache  # noqa: B019
    def wheel_of_need(self, requirement: str, tag: str, version: str) -> Path:
        """A package with compiled parts for another platform."""
        folder = self._folder / f"needs-{tag}-{version}"
        tags = ["--platform", tag.replace("2_17", "2_28"), "--platform", tag.replace("_2_17", "2014")]
        options = ["--target", folder, "--only-binary", ":all:", "--python-version", version, *tags]
        self._pip("install", *options, requirement)
        return folder

    def _pip(self, *arguments: object) -> None:
        command = [sys.executable, "-m", "pip", "-q", *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            skip(f"pip cannot download: {done.stderr.strip()[-500:]}")


SDISTS = (MARKUPSAFE, MSGPACK, UJSON, HISTOGRAM, PYBIND11)


def passed_tests(sdist: Sdist, said: str) -> int:
    """Read how many tests of a suite have passed, all of them, and no fewer than are known."""
    counts = re.search(r"(?:(\d+) failed, )?(\d+) passed", said)
    assert counts, said
    assert counts[1] is None, said
    assert int(counts[2]) >= sdist.passed, said
    return int(counts[2])


def suite_command(sdist: Sdist, project: Path, unpacked: Path) -> list[str]:
    """Copy a project's tests beside its wheel, and make sure that they test the extension."""
    for name in sdist.tests:
        source, target = project / name, unpacked / name
        if not target.exists():
            target.parent.mkdir(exist_ok=True)
            (shutil.copytree if source.is_dir() else shutil.copy)(source, target)
    # Hypothesis asks Windows for its version; Wine knows only the answer to the question before _wmi.
    code = (
        f"import sys, os; sys.modules['_wmi'] = None; import {sdist.module} as m; os.chdir(sys.argv.pop(1)); "
        f"assert m.__file__.endswith(('.so', '.pyd'))\n{sdist.first}\n"
        "import pytest; sys.exit(pytest.main(sys.argv[1:]))"
    )
    without = ["-k", f"not {sdist.without}"] if sdist.without else []
    tests = [name for name in sdist.tests if not name.endswith(("conftest.py", "env.py"))] or [sdist.key]
    return ["-c", code, str(unpacked), *OPTIONS, *without, *tests]
