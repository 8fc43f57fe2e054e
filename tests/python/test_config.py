"""[tool.alloconda], --config-settings and flags: one model, and an error for everything that is not in it."""

from __future__ import annotations

from typing import Any

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st
from workspace import Workspace

from alloconda.cli.options import config_from_flags
from alloconda.cli.wheel import wheel
from alloconda.config import KEYS, Config
from alloconda.errors import AllocondaError
from alloconda.project import read_config


@pytest.mark.parametrize(
    ("table", "settings", "expected"),
    [
        ({}, {}, Config()),
        ({"package-dir": "lib/x"}, {"package-dir": "lib/x"}, Config(package_dir="lib/x")),
        ({"python-version": "3.13"}, {"python-version": "3.13"}, Config(python_version=("3.13",))),
        (
            {"python-version": ["3.13", "3.14t"]},
            {"python-version": "3.13, 3.14t"},
            Config(python_version=("3.13", "3.14t")),
        ),
        (
            {"python-version": ["3.13", "3.14t"]},
            {"python-version": ["3.13", "3.14t"]},
            Config(python_version=("3.13", "3.14t")),
        ),
        ({"stable-abi": True}, {"stable-abi": "true"}, Config(stable_abi=True)),
        ({"stable-abi": False}, {"stable-abi": "False"}, Config(stable_abi=False)),
        ({"stable-abi": "3.12"}, {"stable-abi": "3.12"}, Config(stable_abi="3.12")),
        ({"optimize": "ReleaseSafe"}, {"optimize": "ReleaseSafe"}, Config(optimize="ReleaseSafe")),
        ({"build-step": "lib"}, {"build-step": "lib"}, Config(build_step="lib")),
        ({"manylinux": "2_28", "arch": "aarch64"}, {"manylinux": "2_28", "arch": "aarch64"},
         Config(manylinux="2_28", arch="aarch64")),
        ({"include": ["a, b"]}, {"include": "a, b"}, Config(include=("a, b",))),
        ({"exclude": ["a", "b"]}, {"exclude": ["a", "b"]}, Config(exclude=("a", "b"))),
        ({"zig-args": ["-Da=b c"]}, {"zig-args": "'-Da=b c'"}, Config(zig_args=("-Da=b c",))),
        ({"zig-args": ["-Da", "-Db"]}, {"zig-args": ["-Da", "-Db"]}, Config(zig_args=("-Da", "-Db"))),
        ({"strip": False}, {"strip": "false"}, Config(strip=False)),
        ({"zig": "/opt/zig"}, {"zig": "/opt/zig"}, Config(zig="/opt/zig")),
        ({"python-tag": "cp313", "abi-tag": "abi3"}, {"python-tag": "cp313", "abi-tag": "abi3"},
         Config(python_tag="cp313", abi_tag="abi3")),
        ({"zig-target": "x", "ext-suffix": ".so"}, {"zig-target": "x", "ext-suffix": ".so"},
         Config(zig_target="x", ext_suffix=".so")),
        ({"targets": "win32"}, {"targets": "win32"}, Config(targets=("win32",))),
        ({"targets": ["win32", "win_amd64"]}, {"targets": "win32, win_amd64"},
         Config(targets=("win32", "win_amd64"))),
        ({"audit": "off"}, {"audit": "off"}, Config(audit="off")),
    ],
)  # fmt: skip
def test_file_and_text_say_the_same(table: dict[str, Any], settings: dict[str, Any], expected: Config) -> None:
    assert Config.from_table(table) == expected
    assert Config.from_settings(settings) == expected


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ([], "[tool.alloconda] must be a table, and it is a list."),
        ({"python_version": "3.13"}, "[tool.alloconda] has the unknown key 'python_version': did you mean "
         "'python-version'?"),
        ({"optimise": "Debug"}, "[tool.alloconda] has the unknown key 'optimise': did you mean 'optimize'?"),
        ({"package-dri": "x"}, "[tool.alloconda] has the unknown key 'package-dri': did you mean 'package-dir'?"),
        ({"qqq": 1}, f"[tool.alloconda] has the unknown key 'qqq': the keys are {', '.join(sorted(KEYS))}."),
        ({"python-version": 3.1}, "'python-version' in [tool.alloconda] must be a string such as \"3.13\" (in quotes) "
         "or a list of them, and it is a float (3.1)."),
        ({"python-version": ["3.13", ""]}, "'python-version' in [tool.alloconda] must be a string such as \"3.13\" (in "
         "quotes) or a list of them, and it is a list."),
        ({"stable-abi": 3.12}, "'stable-abi' in [tool.alloconda] must be true, false or a string such as \"3.12\" (in "
         "quotes), and it is a float (3.12)."),
        ({"strip": "false"}, "'strip' in [tool.alloconda] must be true or false, and it is 'false'."),
        ({"strip": 1}, "'strip' in [tool.alloconda] must be true or false, and it is an integer (1)."),
        ({"package-dir": True}, "'package-dir' in [tool.alloconda] must be a string, and it is a boolean (True)."),
        ({"include": "*.txt"}, "'include' in [tool.alloconda] must be a list of strings, and it is '*.txt'."),
        ({"zig-args": {}}, "'zig-args' in [tool.alloconda] must be a list of strings, and it is a table."),
        ({"optimize": "fast"}, "'optimize' in [tool.alloconda] must be one of \"Debug\", \"ReleaseSafe\", "
         "\"ReleaseFast\", \"ReleaseSmall\", and it is 'fast'."),
        ({"targets": 1}, "'targets' in [tool.alloconda] must be a string such as \"manylinux_2_28_x86_64\" or a list "
         "of them, and it is an integer (1)."),
        ({"audit": "no"}, "'audit' in [tool.alloconda] must be one of \"error\", \"warn\", \"off\", and it is 'no'."),
        ({"manylinux": "2_28", "musllinux": "1_2"}, "'manylinux' and 'musllinux' exclude each other, and "
         "[tool.alloconda] gives both: keep one."),
        ({"platform-tag": "win_amd64", "arch": "arm64"}, "'platform-tag' and 'arch' exclude each other, and "
         "[tool.alloconda] gives both: keep one."),
    ],
)  # fmt: skip
def test_refused_table(table: object, sentence: str) -> None:
    with pytest.raises(AllocondaError) as caught:
        Config.from_table(table)
    assert str(caught.value) == sentence


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"strip": "yes"}, "'strip' in --config-settings must be true or false, and it is 'yes'."),
        ({"strip": ""}, "'strip' in --config-settings must be true or false, and it is ''."),
        ({"strip": ["true", "false"]}, "'strip' is given 2 times in --config-settings: give it once."),
        ({"--package_dir": "x"}, "--config-settings has the unknown key '--package_dir': did you mean 'package-dir'?"),
        (
            {"zig-args": "'open"},
            "'zig-args' in --config-settings cannot be split into arguments: No closing quotation.",
        ),
        (
            {"python-version": "3.13,,3.14"},
            "'python-version' in --config-settings must be a string such as \"3.13\" (in quotes) or a list of them, "
            "and it is a list.",
        ),
    ],
)
def test_refused_settings(settings: dict[str, Any], sentence: str) -> None:
    with pytest.raises(AllocondaError) as caught:
        Config.from_settings(settings)
    assert str(caught.value) == sentence


@given(st.dictionaries(st.sampled_from([*KEYS, "x"]), st.text() | st.lists(st.text()) | st.booleans() | st.none()))
def test_any_settings_are_taken_or_refused_with_a_sentence(settings: dict[str, Any]) -> None:
    try:
        config = Config.from_settings(settings)
    except AllocondaError:
        return
    assert isinstance(config, Config)


@pytest.mark.parametrize(
    ("below", "above", "expected"),
    [
        (Config(zig="a", strip=True), Config(strip=False), Config(zig="a", strip=False)),
        (Config(include=("a",)), Config(include=("b",)), Config(include=("b",))),
        # A platform is one choice.
        (Config(manylinux="2_28"), Config(musllinux="1_2"), Config(musllinux="1_2")),
        (Config(manylinux="2_28", arch="aarch64"), Config(arch="x86_64"), Config(manylinux="2_28", arch="x86_64")),
        (Config(manylinux="2_28", arch="aarch64"), Config(platform_tag="win32"), Config(platform_tag="win32")),
        (
            Config(manylinux="2_28", arch="aarch64"),
            Config(manylinux="2_34"),
            Config(manylinux="2_34", arch="aarch64"),
        ),
        (Config(manylinux="2_28", arch="x86_64"), Config(zig_target="z"), Config(zig_target="z")),
        (Config(zig_target="z"), Config(platform_tag="win32"), Config(platform_tag="win32")),
        (Config(), Config(zig_target="z", platform_tag="win32"), Config(zig_target="z", platform_tag="win32")),
        # So is the Python.
        (Config(python_tag="cp312"), Config(python_version=("3.13",)), Config(python_version=("3.13",))),
        (Config(abi_tag="abi3"), Config(stable_abi=False), Config(stable_abi=False)),
        (Config(python_version=("3.13",), stable_abi=True), Config(python_tag="cp312"), Config(python_tag="cp312")),
    ],
)
def test_overriding(below: Config, above: Config, expected: Config) -> None:
    assert below.overridden_by(above) == expected


def test_flags_win_over_environment_and_environment_over_the_file(
    hello: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    hello.pyproject("[tool.alloconda]", 'zig = "file"', "strip = true")
    assert read_config(hello.project) == Config(zig="file", strip=True)
    monkeypatch.setenv("ALLOCONDA_ZIG", "environment")
    assert read_config(hello.project).zig == "environment"
    assert read_config(hello.project, Config(zig="flag")).zig == "flag"
    monkeypatch.setenv("ALLOCONDA_ZIG", "")
    assert read_config(hello.project).zig == "file"


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        ([], Config()),
        (["--release"], Config()),
        (["--debug"], Config(optimize="Debug")),
        (["--strip"], Config(strip=True)),
        (["--no-strip"], Config(strip=False)),
        (["--stable-abi"], Config(stable_abi=True)),
        (["--stable-abi", "3.12"], Config(stable_abi="3.12")),
        (["--stable-abi=false"], Config(stable_abi=False)),
        (["--python-version", "3.13"], Config(python_version=("3.13",))),
        (["--zig-arg", "-Da=b c", "--zig-arg=-Dx"], Config(zig_args=("-Da=b c", "-Dx"))),
        (["--musllinux", "1_2", "--arch", "aarch64"], Config(musllinux="1_2", arch="aarch64")),
        (["--platform-tag", "win_amd64"], Config(platform_tag="win_amd64")),
        (["--package-dir", "lib", "--zig", "z"], Config(package_dir="lib", zig="z")),
        (["--python-tag", "cp313", "--abi-tag=abi3"], Config(python_tag="cp313", abi_tag="abi3")),
        (["--ext-suffix", ".so", "--zig-target=z"], Config(ext_suffix=".so", zig_target="z")),
        (["--audit", "warn"], Config(audit="warn")),
    ],
)
def test_flags(flags: list[str], expected: Config) -> None:
    parameters = wheel.make_context("wheel", flags).params
    del parameters["project_dir"], parameters["out_dir"], parameters["skip_build"]
    assert config_from_flags(**parameters) == expected


def test_every_flag_that_is_no_folder_is_a_key() -> None:
    # Options that all commands have, such as --color, are handed to no command.
    options = [parameter for parameter in wheel.params if isinstance(parameter, click.Option)]
    names = {option.name for option in options if option.expose_value}
    assert names - {"project_dir", "out_dir", "mode", "skip_build", "interpreter"} <= {
        key.replace("-", "_") for key in KEYS
    }
