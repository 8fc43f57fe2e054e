"""From a configuration to the -D options of a build: strings are joined, and nothing is decided."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from alloconda.config import Config
from alloconda.errors import AllocondaError
from alloconda.toolchain.options import build_options, matrix_options, pack_options


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        (Config(), []),
        (Config(python_version=("3.13", "3.14t")), ["-Dpython-version=3.13,3.14t"]),
        (Config(python_version=()), []),
        (Config(stable_abi=True), ["-Dstable-abi=true"]),
        (Config(stable_abi=False), ["-Dstable-abi=false"]),
        (Config(stable_abi="3.12"), ["-Dstable-abi=3.12"]),
        (Config(optimize="Debug"), ["-Doptimize=Debug"]),
        (Config(strip=False), ["-Dstrip=false"]),
        (Config(manylinux="2_28"), ["-Dplatform=manylinux_2_28"]),
        (Config(manylinux="2_28", arch="aarch64"), ["-Dplatform=manylinux_2_28_aarch64"]),
        (Config(manylinux="2014", arch="i686"), ["-Dplatform=manylinux2014_i686"]),
        (Config(manylinux="1"), ["-Dplatform=manylinux1"]),
        (Config(manylinux="manylinux2014"), ["-Dplatform=manylinux2014"]),
        (Config(manylinux="manylinux_2_34"), ["-Dplatform=manylinux_2_34"]),
        (Config(musllinux="1_2", arch="x86_64"), ["-Dplatform=musllinux_1_2_x86_64"]),
        (Config(musllinux="musllinux_1_2"), ["-Dplatform=musllinux_1_2"]),
        (Config(platform_tag="win_amd64"), ["-Dplatform=win_amd64"]),
        (Config(zig_args=("-Dmine=1", "--verbose")), ["-Dmine=1", "--verbose"]),
        (Config(python_tag="cp313", abi_tag="abi3"), ["-Dpython-tag=cp313", "-Dabi-tag=abi3"]),
        (Config(zig_target="z", ext_suffix=".so"), ["-Dtarget=z", "-Dext-suffix=.so"]),
        (Config(audit="warn"), ["-Daudit=warn"]),
        (Config(no_fetch=True, pbs_target="t", mirror="m"), ["-Dno-fetch=true", "-Dpbs-target=t", "-Dmirror=m"]),
        (Config(targets=("win32",)), []),
        (Config(zig="z", package_dir="d", include=("a",), exclude=("b",), build_step="s"), []),
    ],
)
def test_build_options(config: Config, expected: list[str]) -> None:
    assert build_options(config) == expected


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        (Config(), []),
        (Config(targets=("win32", "win_amd64")), ["-Dplatform=win32,win_amd64"]),
        (Config(manylinux="2_17", arch="x86_64", zig_target="z", ext_suffix=".so"), []),
        (Config(platform_tag="win32"), []),
        (Config(python_version=("all",), audit="off"), ["-Dpython-version=all", "-Daudit=off"]),
        (Config(python_tag="cp312", strip=True, zig_args=("-x",)), ["-Dpython-tag=cp312", "-Dstrip=true", "-x"]),
    ],
)
def test_matrix_options(config: Config, expected: list[str]) -> None:
    assert matrix_options(config) == expected


def test_an_architecture_alone() -> None:
    with pytest.raises(
        AllocondaError, match="'arch' goes with 'manylinux' or 'musllinux', and neither is given: add one"
    ):
        build_options(Config(arch="aarch64"))


def test_pack_options() -> None:
    config = Config(package_dir="lib/x", include=("a", "b"), exclude=("c d",), strip=True)
    assert pack_options(config, Path("w")) == [
        "-Dwheel-dir=w",
        f"-Dpython={sys.executable}",
        "-Dquiet=true",
        "-Dpack-option=package-dir=lib/x",
        "-Dpack-option=include=a",
        "-Dpack-option=include=b",
        "-Dpack-option=exclude=c d",
    ]
