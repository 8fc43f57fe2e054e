"""From a configuration to the -D options of a build: strings are joined, and nothing is decided."""

from __future__ import annotations

import pytest

from alloconda.config import Config
from alloconda.toolchain.options import build_options, pack_options


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
        (Config(zig="z", package_dir="d", include=("a",), exclude=("b",), build_step="s"), []),
    ],
)
def test_build_options(config: Config, expected: list[str]) -> None:
    assert build_options(config) == expected


def test_pack_options() -> None:
    config = Config(package_dir="lib/x", include=("a", "b"), exclude=("c d",), strip=True)
    assert pack_options(config) == [
        "-Dpack-option=package-dir=lib/x",
        "-Dpack-option=include=a",
        "-Dpack-option=include=b",
        "-Dpack-option=exclude=c d",
    ]
