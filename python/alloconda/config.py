"""``[tool.alloconda]``, ``--config-settings`` and command-line flags: one model, the same keys everywhere.

`Config` is that model: the reading of values, the JSON schema (`schema`) and docs/configuration.md come of it.
"""

from __future__ import annotations

import dataclasses
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from alloconda.errors import AllocondaError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

MIRROR = "ALLOCONDA_PYTHON_MIRROR"
"""The variable for the server that Python's headers are fetched from."""

Kind = Literal[
    "text",
    "switch",
    "texts",
    "versions",
    "targets",
    "arguments",
    "floor",
    "optimize",
    "audit",
    "init",
    "metadata",
    "overrides",
]
"""How the value of a key is written: see `EXPECTED`."""

CHOICES: dict[Kind, tuple[str, ...]] = {
    "optimize": ("Debug", "ReleaseSafe", "ReleaseFast", "ReleaseSmall"),
    "audit": ("error", "warn", "off"),
    "init": ("missing", "never", "always"),
}
"""The values of the keys that have a few."""
AUDIT_MODES = CHOICES["audit"]

EXPECTED: dict[Kind, str] = {
    "text": "a string",
    "switch": "true or false",
    "texts": "a list of strings",
    "arguments": "a list of strings",
    "versions": 'a string such as "3.13" (in quotes) or a list of them',
    "targets": 'a string such as "manylinux_2_28_x86_64" or a list of them',
    "floor": 'true, false or a string such as "3.12" (in quotes)',
    "metadata": "a table with a table for each field",
    "overrides": "a list of tables",
    **{kind: "one of " + ", ".join(f'"{value}"' for value in values) for kind, values in CHOICES.items()},
}
"""What the value of a key must be, as errors say it."""

_FILE_ONLY: tuple[Kind, ...] = ("metadata", "overrides")


def _key(kind: Kind, about: str, *, per_target: bool = False) -> Any:  # noqa: ANN401 - poses as the field's own type
    """Describe a key.

    Args:
        kind: how its value is written.
        about: what it means, in Markdown, for the schema and the documentation.
        per_target: whether an override may set it: a key that has no part in choosing what is built for.
    """
    return dataclasses.field(default=None, metadata={"kind": kind, "about": about, "per_target": per_target})


@dataclass(frozen=True)
class Provider:
    """Where a dynamic field of ``[project]`` comes from: a table of ``[tool.alloconda.metadata]``."""

    name: str
    """``build.zig.zon``, ``vcs``, or a module with a function ``dynamic_metadata``."""
    settings: Mapping[str, Any]
    """The other keys of the table."""


@dataclass(frozen=True)
class Override:
    """Keys that differ for some of the wheels: a table of ``[[tool.alloconda.overrides]]``."""

    select: tuple[str, ...]
    """Patterns of a wheel's tags, such as ``cp313-*-musllinux_*``."""
    changes: Config


@dataclass(frozen=True, kw_only=True)
class Config:
    """What the user asked for; ``None`` means that a key was not given.

    The field ``python_version`` is the key ``python-version``, and so on.
    """

    module_name: str | None = _key(
        "text",
        "The module that Python imports, such as `geometry._native`, or the last part of its name. In a project whose "
        "build.zig does not use alloconda, this chooses among several libraries. Default: by the `PyInit_` function "
        "and the package's folder.",
    )
    package_dir: str | None = _key(
        "text",
        "The Python package's folder, relative to the project. Default: `python/NAME`, `src/NAME` or `NAME`.",
        per_target=True,
    )
    python_version: tuple[str, ...] | None = _key(
        "versions", "Python versions to build for, as `3.13` or `3.13t`, or `all`. Given as text: comma-separated."
    )
    stable_abi: bool | str | None = _key(
        "floor", "Whether to build for the stable ABI, or the version that is its floor."
    )
    targets: tuple[str, ...] | None = _key(
        "targets", "Platform tags that `wheel-all` builds for. Given as text: comma-separated."
    )
    optimize: str | None = _key("optimize", "Zig's optimize mode. Default: `ReleaseFast`.", per_target=True)
    build_step: str | None = _key(
        "text", "The step of the user's build.zig to run, before alloconda's own.", per_target=True
    )
    manylinux: str | None = _key("text", "A glibc platform: `2_28`, `2014` or the whole `manylinux_2_28`.")
    musllinux: str | None = _key("text", "A musl platform: `1_2` or `musllinux_1_2`.")
    arch: str | None = _key(
        "text", "The architecture that goes with `manylinux` or `musllinux`. Default: this machine's."
    )
    platform_tag: str | None = _key("text", "A whole platform tag, in place of the three above.")
    python_tag: str | None = _key("text", "The Python tag of the wheel, such as `cp313`, in place of `python-version`.")
    abi_tag: str | None = _key("text", "The ABI tag of the wheel, such as `abi3` or `cp313t`.")
    ext_suffix: str | None = _key("text", "The suffix of the extension's file name, such as `.abi3.so`.")
    zig_target: str | None = _key("text", "The Zig target to compile for, in place of what the platform tag means.")
    pbs_target: str | None = _key(
        "text",
        "The build of python-build-standalone to take Python's headers from, such as `x86_64-unknown-linux-gnu`.",
    )
    python_include: tuple[str, ...] | None = _key(
        "texts", "Folders with Python's headers, for C sources: `-Dpython-include` of build.zig.", per_target=True
    )
    no_fetch: bool | None = _key("switch", "Whether Python's headers that are missing are an error, and not fetched.")
    mirror: str | None = _key(
        "text", "The server that Python's headers are fetched from, in place of that of python-build-standalone."
    )
    audit: str | None = _key(
        "audit",
        "What becomes of a wheel whose library is not what the wheel's name says. Default: `error`.",
        per_target=True,
    )
    include: tuple[str, ...] | None = _key(
        "texts",
        "Patterns (.gitignore style) of package files to add to those that are packed by default.",
        per_target=True,
    )
    exclude: tuple[str, ...] | None = _key(
        "texts", "Patterns of files to leave out, of wheels and of the sdist.", per_target=True
    )
    wheel_exclude: tuple[str, ...] | None = _key(
        "texts", "Patterns of package files to leave out of wheels only.", per_target=True
    )
    sdist_include: tuple[str, ...] | None = _key("texts", "Patterns of files of the project to add to the sdist only.")
    editable_rebuild: bool | None = _key(
        "switch",
        "Whether an editable install builds the extension again when it is imported and its sources have changed.",
    )
    data: str | None = _key(
        "text",
        "A folder whose sub-folders `data`, `scripts`, `headers`, `purelib` and `platlib` go into the wheel's `.data` "
        "folder: installers put them into the scheme's folder of that name.",
        per_target=True,
    )
    zig_args: tuple[str, ...] | None = _key(
        "arguments", "More arguments for `zig build`. Given as text: split as a shell would.", per_target=True
    )
    strip: bool | None = _key(
        "switch",
        "Whether to leave debug information out of the library. Default: true, but for `Debug`.",
        per_target=True,
    )
    sbom: bool | None = _key(
        "switch",
        "Whether the wheel has a list of what it is made of (CycloneDX, PEP 770). Default: true.",
        per_target=True,
    )
    lib: str | None = _key("text", "A library that is built already, to be taken in place of building one.")
    init: str | None = _key(
        "init",
        "Whether `alloconda build` writes an `__init__.py` that takes over the module's names: into a package with no "
        "Python file (`missing`, the default), `never`, or `always`.",
    )
    zig: str | None = _key("text", "The Zig executable to use.")
    metadata: Mapping[str, Provider] | None = _key(
        "metadata",
        "Where the fields that `dynamic` in `[project]` lists come from. The table of a field has `provider`: "
        "`build.zig.zon`, `vcs`, or the name of a module.",
    )
    overrides: tuple[Override, ...] | None = _key(
        "overrides", "Keys that differ for some wheels. Each table has `select`: patterns of a wheel's tags."
    )

    @classmethod
    def from_table(cls, table: object, where: str = "[tool.alloconda]") -> Config:
        """Read the table of a pyproject.toml, with TOML's own types.

        Args:
            table: the value of ``tool.alloconda``.
            where: what to call it in errors.

        Raises:
            AllocondaError: unknown key, wrong type, or keys that exclude each other.
        """
        if not isinstance(table, dict):
            raise AllocondaError(f"{where} must be a table, and it is {_type_name(table)}.")
        values = {_field_name(key, KEYS, where): _checked(key, value, where) for key, value in table.items()}
        return _consistent(cls(**values), where)

    @classmethod
    def from_settings(cls, settings: Mapping[str, object] | None, where: str = "--config-settings") -> Config:
        """Read values that are text, as ``--config-settings`` and ``--option`` give them.

        Args:
            settings: for each key a string, or a list of strings when the key was given several times.
            where: what to call them in errors.

        Raises:
            AllocondaError: unknown key, text that cannot be read, or keys that exclude each other.
        """
        values = {}
        for key, value in (settings or {}).items():
            name = _field_name(key, KEYS, where)
            values[name] = _checked(key, _from_text(key, value, where), where)
        return _consistent(cls(**values), where)

    @classmethod
    def from_environment(cls) -> Config:
        """Read ``ALLOCONDA_ZIG`` and ``ALLOCONDA_PYTHON_MIRROR``."""
        return cls(zig=os.environ.get("ALLOCONDA_ZIG") or None, mirror=os.environ.get(MIRROR) or None)

    def overridden_by(self, other: Config) -> Config:
        """Lay ``other`` over this config: what it sets wins.

        A platform is one choice: ``--musllinux`` also takes the place of ``manylinux`` in the file. So is the Python:
        ``--python-version`` takes the place of ``python-tag``.

        Raises:
            AllocondaError: the keys left exclude each other.
        """
        base = self
        if other.manylinux or other.musllinux or other.platform_tag or other.zig_target:
            base = dataclasses.replace(base, manylinux=None, musllinux=None, platform_tag=None, zig_target=None)
        if other.platform_tag or other.zig_target:
            base = dataclasses.replace(base, arch=None)
        if other.python_version or other.stable_abi is not None or other.python_tag or other.abi_tag:
            base = dataclasses.replace(base, python_tag=None, abi_tag=None)
        if other.python_tag or other.abi_tag:
            base = dataclasses.replace(base, python_version=None, stable_abi=None)
        changes = {name: value for name, value in vars(other).items() if value is not None}
        return _consistent(dataclasses.replace(base, **changes), "the configuration")

    def for_wheel(self, tags: str, over: Config | None = None) -> Config:
        """Settle what holds for one wheel: the overrides that select it, the later over the earlier.

        Args:
            tags: the wheel's tags, such as ``cp310-abi3-win_amd64``.
            over: what flags say, which no override changes.
        """
        from fnmatch import fnmatchcase

        config = dataclasses.replace(self, overrides=None)
        for override in self.overrides or ():
            if any(fnmatchcase(tags, pattern) for pattern in override.select):
                config = config.overridden_by(override.changes)
        return config.overridden_by(over or Config())


KEYS: dict[str, Kind] = {field.name.replace("_", "-"): field.metadata["kind"] for field in dataclasses.fields(Config)}
"""Each key as users write it, with the kind of its value."""
ABOUT: dict[str, str] = {field.name.replace("_", "-"): field.metadata["about"] for field in dataclasses.fields(Config)}
"""What each key means, in Markdown."""
PER_TARGET = tuple(field.name.replace("_", "-") for field in dataclasses.fields(Config) if field.metadata["per_target"])
"""The keys that an override may set."""


def _consistent(config: Config, where: str) -> Config:
    """Return the config, unless keys of it exclude each other."""
    platforms = [key for key in ("manylinux", "musllinux", "platform-tag") if vars(config)[key.replace("-", "_")]]
    if config.arch and config.platform_tag:
        platforms.append("arch")
    if len(platforms) > 1:
        names = " and ".join(f"'{name}'" for name in platforms)
        raise AllocondaError(f"{names} exclude each other, and {where} gives both: keep one.")
    return config


def _field_name(key: str, keys: Collection[str], where: str) -> str:
    if key in keys:
        return key.replace("-", "_")
    raise AllocondaError(f"{where} has the unknown key '{key}': {_nearest(key, keys)}")


def _nearest(key: str, keys: Collection[str]) -> str:
    import difflib

    nearest = difflib.get_close_matches(key.lstrip("-").replace("_", "-").lower(), keys, n=1)
    return f"did you mean '{nearest[0]}'?" if nearest else f"the keys are {', '.join(sorted(keys))}."


def _checked(key: str, value: object, where: str) -> Any:  # noqa: ANN401 - the type is that of the field
    """Check a value in TOML's types, and return it in the types of `Config`."""
    kind = KEYS[key]
    if kind in ("texts", "arguments", "versions", "targets"):
        items = [value] if kind in ("versions", "targets") and isinstance(value, str) else value
        if isinstance(items, list | tuple) and all(isinstance(item, str) and item for item in items):
            return tuple(items)
    elif kind == "metadata" and isinstance(value, dict):
        return {field: _provider(field, table, where) for field, table in value.items()}
    elif kind == "overrides" and isinstance(value, list):
        return tuple(_override(table, f"overrides[{index}] of {where}") for index, table in enumerate(value))
    elif (
        (kind == "text" and isinstance(value, str) and value)
        or (kind == "switch" and isinstance(value, bool))
        or (kind == "floor" and (isinstance(value, bool) or (isinstance(value, str) and value)))
        or (kind in CHOICES and value in CHOICES[kind])
    ):
        return value
    given = f"'{value}'" if isinstance(value, str) else _type_name(value)
    raise AllocondaError(f"'{key}' in {where} must be {EXPECTED[kind]}, and it is {given}.")


def _provider(field: str, table: object, where: str) -> Provider:
    name = table.get("provider") if isinstance(table, dict) else None
    if not (isinstance(table, dict) and isinstance(name, str) and name):
        raise AllocondaError(
            f"metadata.{field} in {where} must be a table with 'provider', such as {{ provider = \"vcs\" }}."
        )
    return Provider(name, {key: value for key, value in table.items() if key != "provider"})


def _override(table: object, where: str) -> Override:
    if not isinstance(table, dict):
        raise AllocondaError(f"{where} must be a table, and it is {_type_name(table)}.")
    select = table.get("select")
    patterns = [select] if isinstance(select, str) else select
    if not (isinstance(patterns, list) and patterns and all(isinstance(one, str) and one for one in patterns)):
        raise AllocondaError(
            f"{where} must have 'select', a string such as \"*-musllinux_*\" or a list of them: the tags of the wheels "
            "that it is for."
        )
    changes = {key: value for key, value in table.items() if key != "select"}
    for key in changes:
        if key in KEYS and key not in PER_TARGET:
            raise AllocondaError(
                f"{where} sets '{key}', which is for all wheels: an override may set {', '.join(sorted(PER_TARGET))}."
            )
        _field_name(key, PER_TARGET, where)
    return Override(tuple(patterns), Config.from_table(changes, where))


def _from_text(key: str, value: object, where: str) -> object:
    """Turn text into the value that a pyproject.toml would have; anything else is left for `_checked`."""
    kind = KEYS[key]
    if kind in _FILE_ONLY:
        raise AllocondaError(f"'{key}' cannot be given in {where}: write it into pyproject.toml.")
    given = value if isinstance(value, list) else [value]
    texts = [text for text in given if isinstance(text, str)]
    if len(texts) != len(given):
        return value
    if kind == "texts":
        return texts
    if kind in ("versions", "targets"):
        return [item.strip() for text in texts for item in text.split(",")]
    if kind == "arguments":
        import shlex

        try:
            return [argument for text in texts for argument in shlex.split(text)]
        except ValueError as error:
            raise AllocondaError(f"'{key}' in {where} cannot be split into arguments: {error}.") from None
    if len(texts) != 1:
        raise AllocondaError(f"'{key}' is given {len(texts)} times in {where}: give it once.")
    if kind in ("switch", "floor"):
        return {"true": True, "false": False}.get(texts[0].lower(), texts[0])
    return texts[0]


def _type_name(value: object) -> str:
    names = {bool: "a boolean", int: "an integer", float: "a float", str: "a string", list: "a list", dict: "a table"}
    name = names.get(type(value), f"a {type(value).__name__}")
    return f"{name} ({value})" if isinstance(value, bool | int | float) else name
