"""The ``-D`` options of alloconda's build steps, from a configuration."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from alloconda.errors import AllocondaError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from alloconda.config import Config


def build_options(config: Config) -> list[str]:
    """Join the options for ``zig build``. Zig checks what they mean.

    Args:
        config: the whole configuration.
    """
    options = _python_options(config)
    if platform := platform_tag(config):
        options.append(f"-Dplatform={platform}")
    if config.zig_target:
        options.append(f"-Dtarget={config.zig_target}")
    if config.ext_suffix:
        options.append(f"-Dext-suffix={config.ext_suffix}")
    return options + common_options(config)


def matrix_options(config: Config) -> list[str]:
    """Join the options for the step ``wheel-all``, whose platforms are ``targets``.

    What names one platform (``platform-tag``, ``manylinux`` and the like, ``zig-target``, ``ext-suffix``) is for the
    single wheel.

    Args:
        config: the whole configuration.
    """
    targets = [f"-Dplatform={','.join(config.targets)}"] if config.targets else []
    return _python_options(config) + targets + common_options(config)


def named_options(python: str, abi: str, platforms: Sequence[str]) -> list[str]:
    """Join the options that name wheels by the tags which a dry run of the build has told.

    Args:
        python: the Python tag.
        abi: the ABI tag; ``none`` for a wheel of programs alone, which no Python tag asks for.
        platforms: the platform tags.
    """
    pythons = [] if abi == "none" else [f"-Dpython-tag={python}", f"-Dabi-tag={abi}"]
    return [*pythons, f"-Dplatform={','.join(platforms)}"]


def _python_options(config: Config) -> list[str]:
    options = []
    if config.python_version:
        options.append(f"-Dpython-version={','.join(config.python_version)}")
    if config.stable_abi is not None:
        options.append(f"-Dstable-abi={_text(config.stable_abi)}")
    if config.python_tag:
        options.append(f"-Dpython-tag={config.python_tag}")
    if config.abi_tag:
        options.append(f"-Dabi-tag={config.abi_tag}")
    return options


def common_options(config: Config) -> list[str]:
    """Join the options that do not choose what is built for.

    Args:
        config: the configuration of the wheels that are built together.
    """
    options = [f"-Dpython-include={folder}" for folder in config.python_include or ()]
    if config.no_fetch:
        options.append("-Dno-fetch=true")
    if config.pbs_target:
        options.append(f"-Dpbs-target={config.pbs_target}")
    if config.mirror:
        options.append(f"-Dmirror={config.mirror}")
    if config.audit:
        options.append(f"-Daudit={config.audit}")
    if config.optimize:
        options.append(f"-Doptimize={config.optimize}")
    if config.strip is not None:
        options.append(f"-Dstrip={_text(config.strip)}")
    return options + list(config.zig_args or ())


def pack_options(over: Config, wheel_dir: Path) -> list[str]:
    """Join the options for the packer: ours to run, and the settings that it does not read from pyproject.toml itself.

    Args:
        over: the settings that pyproject.toml does not have.
        wheel_dir: where wheels go. It is ours, and so is the naming of what is moved on from there.
    """
    single = {"package-dir": over.package_dir, "data": over.data, "sbom": over.sbom}
    options = [f"{key}={_text(value)}" for key, value in single.items() if value is not None]
    options += [f"include={pattern}" for pattern in over.include or ()]
    options += [f"exclude={pattern}" for pattern in over.exclude or ()]
    options += [f"wheel-exclude={pattern}" for pattern in over.wheel_exclude or ()]
    ours = [f"-Dwheel-dir={wheel_dir}", f"-Dpython={sys.executable}", "-Dquiet=true"]
    return ours + [f"-Dpack-option={option}" for option in options]


def platform_tag(config: Config) -> str | None:
    """Join ``manylinux``, ``musllinux`` and ``arch`` to a platform tag, as "manylinux_2_28_aarch64".

    Without ``arch`` the tag has no architecture, and Zig takes this machine's.

    Raises:
        AllocondaError: there is ``arch`` alone.
    """
    if config.platform_tag:
        return config.platform_tag
    if config.arch and not (config.manylinux or config.musllinux):
        raise AllocondaError(
            "'arch' goes with 'manylinux' or 'musllinux', and neither is given: add one, such as manylinux = "
            f"\"2_28\", or leave out '{config.arch}'."
        )
    for kind, value in (("manylinux", config.manylinux), ("musllinux", config.musllinux)):
        if value:
            # "2_28" has an underscore before it, and the old names "2014", "2010" and "1" have none.
            tag = value if value.startswith(kind) else f"{kind}_{value}" if "_" in value else f"{kind}{value}"
            return f"{tag}_{config.arch}" if config.arch else tag
    return None


def _text(value: bool | str) -> str:  # noqa: FBT001 - the value is the subject
    return str(value).lower() if isinstance(value, bool) else value
