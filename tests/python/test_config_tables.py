"""The tables in [tool.alloconda], and what is written out of the model: schema and documentation."""

from __future__ import annotations

import json
from typing import Any

import pytest
import write_configuration

from alloconda.config import KEYS, PER_TARGET, Config, Provider
from alloconda.errors import AllocondaError
from alloconda.schema import tool_schema


def overriding(*tables: dict[str, Any], **keys: object) -> Config:
    return Config.from_table({**keys, "overrides": list(tables)})


@pytest.mark.parametrize(
    ("tags", "over", "optimize", "exclude"),
    [
        ("cp310-abi3-manylinux_2_17_x86_64", Config(), "ReleaseFast", None),
        ("cp310-abi3-musllinux_1_2_x86_64", Config(), "ReleaseSmall", None),
        ("cp313-cp313-win_amd64", Config(), "ReleaseFast", ("*.sh",)),
        # The later over the earlier, and the command line over both.
        ("cp313-cp313-musllinux_1_2_x86_64", Config(), "ReleaseSafe", None),
        ("cp313-cp313-musllinux_1_2_x86_64", Config(optimize="Debug"), "Debug", None),
    ],
)
def test_overrides(tags: str, over: Config, optimize: str, exclude: tuple[str, ...] | None) -> None:
    config = overriding(
        {"select": "*-musllinux_*", "optimize": "ReleaseSmall"},
        {"select": ["cp313-cp313-musllinux_*", "*-none-*"], "optimize": "ReleaseSafe"},
        {"select": "*-win_*", "exclude": ["*.sh"]},
        optimize="ReleaseFast",
    )
    settled = config.overridden_by(over).for_wheel(tags, over)
    assert settled == Config(optimize=optimize, exclude=exclude)


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ({"overrides": {}}, "'overrides' in [tool.alloconda] must be a list of tables, and it is a table."),
        ({"overrides": [1]}, "overrides[0] of [tool.alloconda] must be a table, and it is an integer (1)."),
        ({"overrides": [{"strip": True}]}, "overrides[0] of [tool.alloconda] must have 'select', a string such as "
         '"*-musllinux_*" or a list of them: the tags of the wheels that it is for.'),
        ({"overrides": [{"select": []}]}, "overrides[0] of [tool.alloconda] must have 'select', a string such as "
         '"*-musllinux_*" or a list of them: the tags of the wheels that it is for.'),
        ({"overrides": [{"select": "*", "targets": ["win32"]}]}, "overrides[0] of [tool.alloconda] sets 'targets', "
         f"which is for all wheels: an override may set {', '.join(sorted(PER_TARGET))}."),
        ({"overrides": [{"select": "*"}, {"select": "*", "stripp": True}]}, "overrides[1] of [tool.alloconda] has the "
         "unknown key 'stripp': did you mean 'strip'?"),
        ({"overrides": [{"select": "*", "strip": 1}]}, "'strip' in overrides[0] of [tool.alloconda] must be true or "
         "false, and it is an integer (1)."),
        ({"metadata": ["version"]}, "'metadata' in [tool.alloconda] must be a table with a table for each field, and "
         "it is a list."),
        ({"metadata": {"version": "vcs"}}, "metadata.version in [tool.alloconda] must be a table with 'provider', "
         'such as { provider = "vcs" }.'),
        ({"init": "sometimes"}, "'init' in [tool.alloconda] must be one of \"missing\", \"never\", \"always\", and it "
         "is 'sometimes'."),
    ],
)  # fmt: skip
def test_refused(table: dict[str, Any], sentence: str) -> None:
    with pytest.raises(AllocondaError) as caught:
        Config.from_table(table)
    assert str(caught.value) == sentence


@pytest.mark.parametrize("key", ["metadata", "overrides"])
def test_tables_are_for_the_file(key: str) -> None:
    sentence = f"'{key}' cannot be given in --config-settings: write it into pyproject.toml."
    with pytest.raises(AllocondaError) as caught:
        Config.from_settings({key: "x"})
    assert str(caught.value) == sentence


def test_metadata() -> None:
    table = {"metadata": {"version": {"provider": "vcs", "tag-prefix": "v"}}}
    assert Config.from_table(table).metadata == {"version": Provider("vcs", {"tag-prefix": "v"})}


def test_schema_and_documentation_are_current() -> None:
    """Run tools/write_configuration.py when this fails."""
    assert write_configuration.SCHEMA.read_text("utf-8") == write_configuration.schema_text()
    page = write_configuration.PAGE.read_text("utf-8")
    assert page == write_configuration.page_text(page)


def test_every_key_is_documented_and_in_the_schema() -> None:
    page = write_configuration.PAGE.read_text("utf-8")
    schema = json.loads(write_configuration.SCHEMA.read_text("utf-8"))
    assert schema["properties"].keys() == KEYS.keys()
    for key in KEYS:
        assert f"\n| `{key}`" in page


def test_schema_is_valid_in_both_dialects() -> None:
    from jsonschema import Draft7Validator, Draft202012Validator

    Draft7Validator.check_schema(tool_schema())
    Draft202012Validator.check_schema(tool_schema())


@pytest.mark.parametrize(
    ("table", "is_valid"),
    [
        ({}, True),
        ({"python-version": "3.13", "strip": True, "stable-abi": "3.12", "zig-args": ["-Dx"]}, True),
        ({"python-version": ["3.13", "3.14t"], "targets": "win32", "stable-abi": False}, True),
        ({"overrides": [{"select": "*", "strip": True}], "metadata": {"version": {"provider": "vcs"}}}, True),
        ({"python-version": 3.13}, False),
        ({"unknown": 1}, False),
        ({"audit": "loud"}, False),
        ({"manylinux": "2_28", "musllinux": "1_2"}, False),
        ({"arch": "aarch64", "platform-tag": "win32"}, False),
        ({"overrides": [{"strip": True}]}, False),
        ({"overrides": [{"select": "*", "targets": ["win32"]}]}, False),
        ({"metadata": {"version": "vcs"}}, False),
    ],
)
def test_schema_and_model_agree(table: dict[str, Any], *, is_valid: bool) -> None:
    from jsonschema import Draft7Validator

    assert Draft7Validator(tool_schema()).is_valid(table) == is_valid
    if is_valid:
        Config.from_table(table)
    else:
        with pytest.raises(AllocondaError):
            Config.from_table(table)
