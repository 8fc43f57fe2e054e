"""The user's project: pyproject.toml, and the metadata that a wheel takes from it."""

from __future__ import annotations

import dataclasses
import re
import sys
import warnings
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from alloconda.config import Config
from alloconda.errors import AllocondaError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyproject_metadata import StandardMetadata

DEFAULT_LICENSE_GLOBS = ("LICEN[CS]E*", "COPYING*", "NOTICE*", "AUTHORS*")
"""Licence files that are taken when [project] names none, as other backends do."""

# The object reference of the entry points specification: module, attributes, extras.
ENTRY_POINT_NAME = re.compile(r"[\w.-]+(?: [\w.-]+)*", re.ASCII)
"""The name of an entry point."""
ENTRY_POINT_TARGET = re.compile(r"\w+(\.\w+)*(\s*:\s*\w+(\.\w+)*)?(\s*\[[\w\s,.-]*\])?")
"""What an entry point leads to."""


def read_pyproject(project_dir: Path) -> dict[str, Any]:
    """Parse ``pyproject.toml`` of a project.

    Raises:
        AllocondaError: the file is missing, unreadable or not TOML.
    """
    path = project_dir / "pyproject.toml"
    try:
        return tomllib.loads(path.read_bytes().decode())
    except FileNotFoundError:
        raise AllocondaError(f"There is no pyproject.toml in {project_dir}: add one with a [project] table.") from None
    except OSError as error:
        raise AllocondaError(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise AllocondaError(f"{path} is not UTF-8 (byte {error.start}): TOML files must be.") from None
    except tomllib.TOMLDecodeError as error:
        raise AllocondaError(f"{path} is not valid TOML: {error}.") from None


def read_config(project_dir: Path, over: Config | None = None) -> Config:
    """Compute the configuration of a project: its file, then the environment, then ``over``.

    Args:
        project_dir: the project; a project with no pyproject.toml has an empty configuration.
        over: what flags or config settings say.

    Raises:
        AllocondaError: pyproject.toml or the configuration is wrong.
    """
    config = Config()
    if (project_dir / "pyproject.toml").exists():
        config = _file_config(read_pyproject(project_dir))
    return config.overridden_by(Config.from_environment()).overridden_by(over or Config())


def _file_config(pyproject: dict[str, Any]) -> Config:
    tool = pyproject.get("tool", {})
    return Config.from_table(tool.get("alloconda", {})) if isinstance(tool, dict) else Config()


@dataclass(frozen=True)
class Project:
    """A project's metadata, checked and ready to be written."""

    directory: Path
    metadata: StandardMetadata
    nameless: tuple[str, ...] = ()
    """E-mail addresses of authors and maintainers who have no name."""

    @classmethod
    def load(cls, directory: Path) -> Project:
        """Read the ``[project]`` table.

        Raises:
            AllocondaError: the table is missing, or anything in it is against the standards.
        """
        pyproject = read_pyproject(directory)
        table = pyproject.get("project")
        where = directory / "pyproject.toml"
        if not isinstance(table, dict):
            raise AllocondaError(f"{where} has no [project] table: add one with at least 'name' and 'version'.")
        if (providers := _file_config(pyproject).metadata) or "dynamic" in table:
            from alloconda.dynamic import resolved_project

            table = resolved_project(table, providers or {}, directory)
            pyproject = {**pyproject, "project": table}
        metadata = _standard_metadata(pyproject, directory, where)
        _check_entry_points(metadata, where)
        if metadata.description and "\n" in metadata.description:
            raise AllocondaError(f"'description' in [project] of {where} has several lines, and indexes take only one.")
        if isinstance(metadata.license, str):
            metadata.license = _license_expression(metadata.license, where)
        _settle_license_files(metadata, table, directory, where)
        return cls(directory, metadata, _people_without_name(table))

    @property
    def stem(self) -> str:
        """``name-version`` as file names have it: name normalised, version canonical."""
        return f"{self.metadata.canonical_name.replace('-', '_')}-{self.metadata.version}"

    @property
    def dist_info(self) -> str:
        """The name of the wheel's metadata folder."""
        return f"{self.stem}.dist-info"

    def dist_info_files(self) -> dict[str, bytes]:
        """Compute the files of the metadata folder that do not depend on a build: path in the folder, content.

        Raises:
            AllocondaError: a licence file cannot be read.
        """
        files = {"METADATA": self._core_metadata()}
        if entry_points := "\n".join(_entry_point_sections(self.metadata)):
            files["entry_points.txt"] = entry_points.encode()
        for path in self._license_paths():
            try:
                files[f"licenses/{path.as_posix()}"] = (self.directory / path).read_bytes()
            except OSError as error:
                raise AllocondaError(f"The licence file {path} cannot be read: {error.strerror}.") from error
        return files

    def _core_metadata(self) -> bytes:
        message = self.metadata.as_rfc822()
        # pyproject-metadata calls people without a name "Unknown"; PEP 621 wants the bare address.
        for header in ("Author-Email", "Maintainer-Email"):
            for address in self.nameless:
                if value := message.get(header):
                    message.replace_header(header, value.replace(f"Unknown <{address}>", address))
        return bytes(message)

    def _license_paths(self) -> list[Path]:
        license = self.metadata.license  # noqa: A001 - the field's name
        in_table = [license.file] if license is not None and not isinstance(license, str) and license.file else []
        return self.metadata.license_files or in_table


def _license_expression(expression: str, where: Path) -> str:
    """Spell an SPDX expression as the standard does: indexes refuse others."""
    from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

    try:
        return canonicalize_license_expression(expression)
    except InvalidLicenseExpression as error:
        raise AllocondaError(
            f"'license' in [project] of {where} is not an SPDX expression such as 'MIT OR Apache-2.0': {error}."
        ) from None


def _settle_license_files(metadata: StandardMetadata, table: dict[str, Any], directory: Path, where: Path) -> None:
    """Name licence files relative to the project, once each, in an order that no file system decides."""
    license = metadata.license  # noqa: A001 - the field's name
    if license is not None and not isinstance(license, str):
        # The table form, as it was before PEP 639.
        if license.file:
            path = PurePosixPath(table["license"]["file"])
            if path.is_absolute() or ".." in path.parts:
                raise AllocondaError(f"'license' in [project] of {where} names {path}, which is outside the project.")
            metadata.license = dataclasses.replace(license, file=Path(path))
        return
    if metadata.license_files is None:
        found = [path for glob in DEFAULT_LICENSE_GLOBS for path in directory.glob(glob) if path.is_file()]
        metadata.license_files = [path.relative_to(directory) for path in found] or None
    if metadata.license_files is not None:
        metadata.license_files = sorted(set(metadata.license_files), key=Path.as_posix)


def _people_without_name(table: dict[str, Any]) -> tuple[str, ...]:
    people = [*table.get("authors", ()), *table.get("maintainers", ())]
    return tuple(person["email"] for person in people if "email" in person and "name" not in person)


def _standard_metadata(pyproject: dict[str, Any], directory: Path, where: Path) -> StandardMetadata:
    from pyproject_metadata import StandardMetadata
    from pyproject_metadata.errors import ConfigurationError, ConfigurationWarning, ExceptionGroup

    needs_2_5 = {"import-names", "import-namespaces"} & pyproject["project"].keys()
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always", ConfigurationWarning)
            metadata = StandardMetadata.from_pyproject(
                pyproject,
                directory,
                metadata_version="2.5" if needs_2_5 else "2.4",
                allow_extra_keys=False,
                all_errors=True,
            )
    except ExceptionGroup as group:
        sentences = "; ".join(str(error) for error in group.exceptions)
        raise AllocondaError(f"{where} is not valid: {sentences}.") from None
    except ConfigurationError as error:
        raise AllocondaError(f"{where} is not valid: {error}.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise AllocondaError(f"The readme that {where} names cannot be read: {error}.") from None
    for warning in caught:
        sys.stderr.write(f"warning: {where}: {warning.message}\n")
    return metadata


def _entry_point_groups(metadata: StandardMetadata) -> dict[str, dict[str, str]]:
    groups = {"console_scripts": metadata.scripts, "gui_scripts": metadata.gui_scripts, **metadata.entrypoints}
    return {name: entries for name, entries in groups.items() if entries}


def _entry_point_sections(metadata: StandardMetadata) -> Iterator[str]:
    for group, entries in _entry_point_groups(metadata).items():
        lines = "".join(f"{name} = {target}\n" for name, target in entries.items())
        yield f"[{group}]\n{lines}"


def _check_entry_points(metadata: StandardMetadata, where: Path) -> None:
    for key, group in (("scripts", "console_scripts"), ("gui-scripts", "gui_scripts")):
        if group in metadata.entrypoints:
            raise AllocondaError(
                f"[project.entry-points] of {where} has the group '{group}': write it as [project.{key}]."
            )
    for group, entries in _entry_point_groups(metadata).items():
        if not re.fullmatch(r"\w+(\.\w+)*", group):
            raise AllocondaError(f"The entry point group '{group}' in {where} is not a dotted name.")
        for name, target in entries.items():
            if not ENTRY_POINT_NAME.fullmatch(name):
                raise AllocondaError(
                    f"The entry point '{name}' in {where} has a name with other characters than letters, digits, "
                    "'.', '_' and '-'."
                )
            if not ENTRY_POINT_TARGET.fullmatch(target):
                raise AllocondaError(
                    f"The entry point '{name}' in {where} leads to '{target}': write it as 'package.module:function'."
                )
