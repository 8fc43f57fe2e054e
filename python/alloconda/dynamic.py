"""Fields of ``[project]`` that ``dynamic`` lists: where their values come from.

A field comes from ``build.zig.zon``, from tags of the version control system, or from a provider: a module with a
function ``dynamic_metadata(field, settings)``, as the dynamic-metadata convention of scikit-build-core has it. An
unpacked sdist has the version in its PKG-INFO, and nobody is asked.
"""

from __future__ import annotations

import importlib
import sys
from email.parser import BytesHeaderParser
from typing import TYPE_CHECKING, Any

from alloconda import zon
from alloconda.config import Provider
from alloconda.errors import AllocondaError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from types import ModuleType

FIELDS = (
    "authors",
    "classifiers",
    "dependencies",
    "description",
    "entry-points",
    "gui-scripts",
    "keywords",
    "license",
    "license-files",
    "maintainers",
    "optional-dependencies",
    "readme",
    "requires-python",
    "scripts",
    "urls",
    "version",
)
"""What may be dynamic (PEP 621): everything but the name."""

FROM_ZON = "build.zig.zon"
FROM_VCS = "vcs"
_PATH = "provider-path"


def resolved_project(table: dict[str, Any], providers: Mapping[str, Provider], directory: Path) -> dict[str, Any]:
    """Fill in the dynamic fields of a ``[project]`` table.

    Args:
        table: the table.
        providers: ``[tool.alloconda.metadata]``.
        directory: the project.

    Returns:
        The table with values and without ``dynamic``.

    Raises:
        AllocondaError: a field has no value, or the two tables do not fit together.
    """
    where = directory / "pyproject.toml"
    fields = table.get("dynamic", [])
    if not isinstance(fields, list) or not all(isinstance(field, str) for field in fields):
        raise AllocondaError(f"'dynamic' in [project] of {where} must be a list of strings.")
    for field in providers:
        if field not in fields:
            raise AllocondaError(
                f"metadata.{field} in [tool.alloconda] of {where} says where the field comes from, and 'dynamic' in "
                f"[project] does not list it: add '{field}' there."
            )
    result = {key: value for key, value in table.items() if key != "dynamic"}
    for field in fields:
        if field not in FIELDS:
            raise AllocondaError(f"'dynamic' in [project] of {where} lists '{field}', which is no field that may be.")
        if field in table:
            raise AllocondaError(f"'{field}' in [project] of {where} has a value and is listed in 'dynamic': keep one.")
        result[field] = _value(field, providers.get(field), directory)
    return result


def required_by_providers(providers: Mapping[str, Provider], directory: Path) -> list[str]:
    """Ask each provider what has to be installed before it can answer.

    Raises:
        AllocondaError: a provider cannot be loaded.
    """
    requirements: list[str] = []
    for field, provider in providers.items():
        if provider.name in (FROM_ZON, FROM_VCS):
            continue
        ask = getattr(_loaded(field, provider, directory), "get_requires_for_dynamic_metadata", None)
        if ask is not None:
            requirements += ask(_settings(provider))
    return requirements


def _value(field: str, provider: Provider | None, directory: Path) -> object:
    if field == "version" and (version := _packed_version(directory)):
        return version
    if provider is None:
        if field == "version":
            provider = Provider(FROM_ZON, {})
        else:
            raise AllocondaError(
                f"'dynamic' in [project] of {directory / 'pyproject.toml'} lists '{field}', and nothing says where it "
                f'comes from: add metadata.{field} = {{ provider = "MODULE" }} to [tool.alloconda], or write the '
                "value itself."
            )
    if provider.name in (FROM_ZON, FROM_VCS) and field != "version":
        raise AllocondaError(
            f"metadata.{field} in [tool.alloconda]: the provider '{provider.name}' knows 'version' only."
        )
    if provider.name == FROM_ZON:
        _check_settings(field, provider, ())
        return _version_of_zon(directory / "build.zig.zon")
    if provider.name == FROM_VCS:
        from alloconda import vcs

        _check_settings(field, provider, ("tag-prefix", "local"))
        return vcs.version(directory, **_vcs_settings(provider))
    return _provided(field, provider, directory)


def _packed_version(directory: Path) -> str | None:
    """Read the version out of PKG-INFO, which only an unpacked sdist has."""
    path = directory / "PKG-INFO"
    if not path.is_file():
        return None
    return BytesHeaderParser().parsebytes(path.read_bytes()).get("Version")


def _version_of_zon(path: Path) -> str:
    if not path.is_file():
        raise AllocondaError(
            f"The version is dynamic, and there is no {path.name} in {path.parent} to take it from: add one, or set "
            "metadata.version in [tool.alloconda]."
        )
    version = zon.read(path).table().get("version")
    if not isinstance(version, str):
        raise AllocondaError(f"{path} has no .version, which the dynamic version is taken from: add it.")
    return _python_version(version, path)


def _python_version(version: str, path: Path) -> str:
    """Spell a semantic version as PEP 440 does: ``1.2.0-rc.1`` is ``1.2.0rc1``, ``1.0.0-dev`` is ``1.0.0.dev0``."""
    from packaging.version import InvalidVersion, Version

    try:
        return str(Version(version))
    except InvalidVersion:
        raise AllocondaError(
            f"The version '{version}' of {path} is none that Python knows (PEP 440): write it as 1.2.0, 1.2.0-rc.1 or "
            "1.2.0-dev."
        ) from None


def _check_settings(field: str, provider: Provider, known: tuple[str, ...]) -> None:
    for key in provider.settings:
        if key not in known:
            listed = f"it takes {' and '.join(known)}" if known else "it takes none"
            raise AllocondaError(
                f"metadata.{field} in [tool.alloconda] has '{key}', which the provider '{provider.name}' does not "
                f"know: {listed}."
            )


def _vcs_settings(provider: Provider) -> dict[str, Any]:
    prefix = provider.settings.get("tag-prefix")
    local = provider.settings.get("local", True)
    if not isinstance(prefix, str | None) or not isinstance(local, bool):
        raise AllocondaError("metadata.version in [tool.alloconda]: 'tag-prefix' must be a string, 'local' a boolean.")
    return {"tag_prefix": prefix, "local": local}


def _settings(provider: Provider) -> dict[str, Any]:
    return {key: value for key, value in provider.settings.items() if key != _PATH}


def _provided(field: str, provider: Provider, directory: Path) -> object:
    module = _loaded(field, provider, directory)
    try:
        return module.dynamic_metadata(field, _settings(provider))
    except AllocondaError:
        raise
    except Exception as error:
        reason = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        raise AllocondaError(f"The provider '{provider.name}' of '{field}' failed with {reason}.") from error


def _loaded(field: str, provider: Provider, directory: Path) -> ModuleType:
    """Import a provider, from ``provider-path`` of the project when that is given."""
    path = provider.settings.get(_PATH)
    if path is not None and not (isinstance(path, str) and (directory / path).is_dir()):
        raise AllocondaError(f"metadata.{field} in [tool.alloconda]: 'provider-path' must be a folder of the project.")
    folders = [str(directory / path)] if path is not None else []
    sys.path[:0] = folders
    try:
        module = importlib.import_module(provider.name)
    except ImportError as error:
        raise AllocondaError(
            f"The provider '{provider.name}' of '{field}' cannot be imported ({error}): name it in 'requires' of "
            "[build-system], or its folder with 'provider-path'."
        ) from error
    except Exception as error:
        raise AllocondaError(
            f"The provider '{provider.name}' of '{field}' fails when it is imported: {type(error).__name__}: {error}."
        ) from error
    finally:
        for folder in folders:
            sys.path.remove(folder)
    if not callable(getattr(module, "dynamic_metadata", None)):
        raise AllocondaError(
            f"The provider '{provider.name}' of '{field}' has no function dynamic_metadata(field, settings)."
        )
    return module
