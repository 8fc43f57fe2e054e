"""``[tool.alloconda]``, ``--config-settings`` and command-line flags: one model, the same keys everywhere."""

from __future__ import annotations

import dataclasses
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from alloconda.errors import AllocondaError

if TYPE_CHECKING:
    from collections.abc import Mapping

Kind = Literal["text", "switch", "texts", "versions", "targets", "arguments", "floor", "optimize", "audit"]
"""How the value of a key is written: see `_EXPECTED`."""

OPTIMIZE_MODES = ("Debug", "ReleaseSafe", "ReleaseFast", "ReleaseSmall")
AUDIT_MODES = ("error", "warn", "off")

_EXPECTED: dict[Kind, str] = {
    "text": "a string",
    "switch": "true or false",
    "texts": "a list of strings",
    "arguments": "a list of strings",
    "versions": 'a string such as "3.13" (in quotes) or a list of them',
    "targets": 'a string such as "manylinux_2_28_x86_64" or a list of them',
    "floor": 'true, false or a string such as "3.12" (in quotes)',
    "optimize": "one of " + ", ".join(f'"{mode}"' for mode in OPTIMIZE_MODES),
    "audit": "one of " + ", ".join(f'"{mode}"' for mode in AUDIT_MODES),
}


def _key(kind: Kind) -> Any:  # noqa: ANN401 - a dataclass field poses as a value of the field's own type
    return dataclasses.field(default=None, metadata={"kind": kind})


@dataclass(frozen=True, kw_only=True)
class Config:
    """What the user asked for; ``None`` means that a key was not given.

    The field ``python_version`` is the key ``python-version``, and so on.
    """

    package_dir: str | None = _key("text")
    """The Python package's folder, relative to the project. Default: python/NAME, src/NAME or NAME."""
    python_version: tuple[str, ...] | None = _key("versions")
    """Python versions to build for, as "3.13" or "3.13t", or "all". Given as text: comma-separated."""
    stable_abi: bool | str | None = _key("floor")
    """Whether to build for the stable ABI, or the version that is its floor."""
    optimize: str | None = _key("optimize")
    """Zig's optimize mode."""
    build_step: str | None = _key("text")
    """The step of the user's build.zig to run in place of alloconda's own."""
    manylinux: str | None = _key("text")
    """A glibc platform: "2_28", "2014" or the whole "manylinux_2_28"."""
    musllinux: str | None = _key("text")
    """A musl platform: "1_2" or "musllinux_1_2"."""
    arch: str | None = _key("text")
    """The architecture that goes with ``manylinux`` or ``musllinux``. Default: this machine's."""
    platform_tag: str | None = _key("text")
    """A whole platform tag, in place of the three above."""
    python_tag: str | None = _key("text")
    """The Python tag of the wheel, such as "cp313", in place of ``python-version``."""
    abi_tag: str | None = _key("text")
    """The ABI tag of the wheel, such as "abi3" or "cp313t"."""
    ext_suffix: str | None = _key("text")
    """The suffix of the extension's file name, such as ".abi3.so"."""
    zig_target: str | None = _key("text")
    """The Zig target to compile for, in place of what the platform tag means."""
    targets: tuple[str, ...] | None = _key("targets")
    """Platform tags that ``wheel-all`` builds for. Given as text: comma-separated."""
    python_include: tuple[str, ...] | None = _key("texts")
    """Folders of Python's headers, in place of those that are found. For extensions that ask for headers."""
    no_fetch: bool | None = _key("switch")
    """Whether headers that are missing are an error, in place of being fetched."""
    pbs_target: str | None = _key("text")
    """The target of python-build-standalone whose headers are fetched, in place of that of the platform."""
    audit: str | None = _key("audit")
    """What becomes of a wheel whose library is not what the wheel's name says: "error", "warn" or "off"."""
    include: tuple[str, ...] | None = _key("texts")
    """Patterns (.gitignore style) of package files to add to those that are packed by default."""
    exclude: tuple[str, ...] | None = _key("texts")
    """Patterns of files to leave out, of wheels and of the sdist."""
    wheel_exclude: tuple[str, ...] | None = _key("texts")
    """Patterns of package files to leave out of wheels only."""
    sdist_include: tuple[str, ...] | None = _key("texts")
    """Patterns of files of the project to add to the sdist only."""
    editable_rebuild: bool | None = _key("switch")
    """Whether an editable install builds the extension again when it is imported and its sources have changed."""
    zig_args: tuple[str, ...] | None = _key("arguments")
    """More arguments for ``zig build``. Given as text: split as a shell would."""
    strip: bool | None = _key("switch")
    """Whether to leave debug information out of the library."""
    zig: str | None = _key("text")
    """The Zig executable to use."""

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
        values = {_field_name(key, where): _checked(key, value, where) for key, value in table.items()}
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
            name = _field_name(key, where)
            values[name] = _checked(key, _from_text(key, value, where), where)
        return _consistent(cls(**values), where)

    @classmethod
    def from_environment(cls) -> Config:
        """Read ``ALLOCONDA_ZIG``."""
        return cls(zig=os.environ.get("ALLOCONDA_ZIG") or None)

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


KEYS: dict[str, Kind] = {field.name.replace("_", "-"): field.metadata["kind"] for field in dataclasses.fields(Config)}
"""Each key as users write it, with the kind of its value."""


def _consistent(config: Config, where: str) -> Config:
    """Return the config, unless keys of it exclude each other."""
    platforms = [key for key in ("manylinux", "musllinux", "platform-tag") if vars(config)[key.replace("-", "_")]]
    if config.arch and config.platform_tag:
        platforms.append("arch")
    if len(platforms) > 1:
        names = " and ".join(f"'{name}'" for name in platforms)
        raise AllocondaError(f"{names} exclude each other, and {where} gives both: keep one.")
    return config


def _field_name(key: str, where: str) -> str:
    if key in KEYS:
        return key.replace("-", "_")
    import difflib

    nearest = difflib.get_close_matches(key.lstrip("-").replace("_", "-").lower(), KEYS, n=1)
    advice = f"did you mean '{nearest[0]}'?" if nearest else f"the keys are {', '.join(sorted(KEYS))}."
    raise AllocondaError(f"{where} has the unknown key '{key}': {advice}")


def _checked(key: str, value: object, where: str) -> Any:  # noqa: ANN401 - the type is that of the field
    """Check a value in TOML's types, and return it in the types of `Config`."""
    kind = KEYS[key]
    if kind in ("texts", "arguments", "versions", "targets"):
        items = [value] if kind in ("versions", "targets") and isinstance(value, str) else value
        if isinstance(items, list | tuple) and all(isinstance(item, str) and item for item in items):
            return tuple(items)
    elif (
        (kind == "text" and isinstance(value, str) and value)
        or (kind == "switch" and isinstance(value, bool))
        or (kind == "floor" and (isinstance(value, bool) or (isinstance(value, str) and value)))
        or (kind == "optimize" and value in OPTIMIZE_MODES)
        or (kind == "audit" and value in AUDIT_MODES)
    ):
        return value
    given = f"'{value}'" if isinstance(value, str) else _type_name(value)
    raise AllocondaError(f"'{key}' in {where} must be {_EXPECTED[kind]}, and it is {given}.")


def _from_text(key: str, value: object, where: str) -> object:
    """Turn text into the value that a pyproject.toml would have; anything else is left for `_checked`."""
    kind = KEYS[key]
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
