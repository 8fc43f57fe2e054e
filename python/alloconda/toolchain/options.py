"""The ``-D`` options of alloconda's build steps, from a configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alloconda.config import Config


def build_options(config: Config) -> list[str]:
    """Join the options for ``zig build``. Zig checks what they mean.

    Args:
        config: the whole configuration.
    """
    options = []
    if config.python_version:
        options.append(f"-Dpython-version={','.join(config.python_version)}")
    if config.stable_abi is not None:
        options.append(f"-Dstable-abi={_text(config.stable_abi)}")
    if platform := platform_tag(config):
        options.append(f"-Dplatform={platform}")
    if config.optimize:
        options.append(f"-Doptimize={config.optimize}")
    if config.strip is not None:
        options.append(f"-Dstrip={_text(config.strip)}")
    return options + list(config.zig_args or ())


def pack_options(over: Config) -> list[str]:
    """Join the options that hand settings over to the packer, which reads pyproject.toml by itself.

    Args:
        over: the settings that pyproject.toml does not have.
    """
    options = [f"package-dir={over.package_dir}"] if over.package_dir else []
    options += [f"include={pattern}" for pattern in over.include or ()]
    options += [f"exclude={pattern}" for pattern in over.exclude or ()]
    return [f"-Dpack-option={option}" for option in options]


def platform_tag(config: Config) -> str | None:
    """Join ``manylinux``, ``musllinux`` and ``arch`` to a platform tag, as "manylinux_2_28_aarch64".

    Without ``arch`` the tag has no architecture, and Zig takes this machine's.
    """
    if config.platform_tag:
        return config.platform_tag
    for kind, value in (("manylinux", config.manylinux), ("musllinux", config.musllinux)):
        if value:
            # "2_28" has an underscore before it, and the old names "2014", "2010" and "1" have none.
            tag = value if value.startswith(kind) else f"{kind}_{value}" if "_" in value else f"{kind}{value}"
            return f"{tag}_{config.arch}" if config.arch else tag
    return None


def _text(value: bool | str) -> str:  # noqa: FBT001 - the value is the subject
    return str(value).lower() if isinstance(value, bool) else value
