"""Small projects of every shape: each is built once, and everybody who knows wheels is asked about it."""

from __future__ import annotations

import json
import os
import sys
import zipfile
from dataclasses import dataclass
from email import message_from_bytes
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import alloconda.cli
from workbench import ROOT, Workbench, Zig, copy_project

if TYPE_CHECKING:
    from collections.abc import Callable
    from email.message import Message

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

PACKAGES = ROOT / "tests" / "packages"
STABLE = "cp310-abi3-manylinux_2_17_x86_64"
THIS = f"cp3{sys.version_info.minor}"
ADDS = "assert {0}.add(2, b=3) == 5"


@dataclass(frozen=True)
class Fixture:
    """What comes of a project."""

    wheel: str
    """Its name without the extension."""
    module: str | None
    files: tuple[str, ...]
    """What the wheel has beside the folder of the metadata."""
    proof: str = ADDS


FIXTURES = {
    "all_fields": Fixture(
        f"all_fields-1.0.0b2-{STABLE}", "all_fields", ("all_fields/__init__.py", "all_fields/_native.abi3.so")
    ),
    "flat_module": Fixture(f"flat_module-0.1.0-{STABLE}", "flat_module", ("flat_module.abi3.so",)),
    "foreign": Fixture(
        f"foreign-0.1.0-{THIS}-{THIS}-manylinux_2_17_x86_64",
        "foreign",
        ("foreign/__init__.py", f"foreign/_native.cpython-3{sys.version_info.minor}-x86_64-linux-gnu.so"),
        "assert {0}.answer() == 42",
    ),
    "large_data": Fixture(
        f"large_data-0.1.0-{STABLE}",
        "large_data",
        ("large_data/__init__.py", "large_data/_native.abi3.so", *(f"large_data/data/{i:03}.bin" for i in range(300))),
    ),
    "licences": Fixture(f"licences-0.1.0-{STABLE}", "licences", ("licences/__init__.py", "licences/_native.abi3.so")),
    "mixed": Fixture(
        f"mixed-0.1.0-{STABLE}",
        "mixed",
        ("mixed/__init__.py", "mixed/_native.abi3.so", "mixed/inner/__init__.py", "mixed/pure.py", "mixed/py.typed"),
    ),
    "namespace": Fixture(
        f"acme_tools-0.1.0-{STABLE}", "acme.tools", ("acme/tools/__init__.py", "acme/tools/_native.abi3.so")
    ),
    # The override of manylinux is there, that of Python 3.13 and of Windows is not.
    "overridden": Fixture(
        f"overridden-0.1.0-{STABLE}", "overridden", ("overridden/__init__.py", "overridden/_native.abi3.so")
    ),
    "program_only": Fixture(
        "program_only-0.1.0-py3-none-manylinux_2_17_x86_64",
        None,
        ("program_only-0.1.0.data/scripts/program-only",),
    ),
    "programs": Fixture(
        f"programs-0.1.0-{STABLE}",
        "programs",
        ("programs-0.1.0.data/scripts/programs-tool", "programs/__init__.py", "programs/_native.abi3.so"),
    ),
    "provided": Fixture(f"provided-3.2.1-{STABLE}", "provided", ("provided/__init__.py", "provided/_native.abi3.so")),
    "root_layout": Fixture(
        f"root_layout-0.1.0-{STABLE}", "root_layout", ("root_layout/__init__.py", "root_layout/_native.abi3.so")
    ),
    "several": Fixture(
        "several_extensions-1.2.0rc1-cp311-abi3-manylinux_2_17_x86_64",
        "several",
        (
            "several/__init__.py",
            "several/_one.abi3.so",
            "several/data/note.txt",
            "several/inner/__init__.py",
            "several/inner/_two.abi3.so",
        ),
        "assert {0}.one() == 1",
    ),
    "src_layout": Fixture(
        f"src_layout-0.1.0-{STABLE}", "src_layout", ("src_layout/__init__.py", "src_layout/_native.abi3.so")
    ),
    "unusual_names": Fixture(
        f"the_unusual_na_me-1!2.0.post1.dev3+lo.cal-{STABLE}",
        "_the_9th",
        (
            "_the_9th/Mixed_Case9.abi3.so",
            "_the_9th/__init__.py",
            "_the_9th/a b/__init__.py",
            "_the_9th/naïve file, é.txt",
        ),
    ),
    "with_c": Fixture(f"with_c-0.1.0-{STABLE}", "with_c", ("with_c/__init__.py", "with_c/_native.abi3.so")),
    "with_scripts": Fixture(
        f"with_scripts-0.1.0-{STABLE}",
        "with_scripts",
        (
            "with_scripts-0.1.0.data/data/share/with_scripts/words.txt",
            "with_scripts-0.1.0.data/headers/with_scripts.h",
            "with_scripts-0.1.0.data/scripts/with-scripts-hello",
            "with_scripts/__init__.py",
            "with_scripts/_native.abi3.so",
            "with_scripts/inner.py",
        ),
    ),
    "zon_version": Fixture(
        f"zon_version-1.4.0rc2-{STABLE}", "zon_version", ("zon_version/__init__.py", "zon_version/_native.abi3.so")
    ),
}


@pytest.fixture(params=sorted(FIXTURES))
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def source(workbench: Workbench, name: str) -> Path:
    """The project; a large one is made, since it is not for a repository."""
    if name != "large_data":
        return PACKAGES / name
    project = workbench.folder / name
    if not project.is_dir():
        copy_project(PACKAGES / name, project)
        data = project / "python" / name / "data"
        data.mkdir()
        for i in range(300):
            (data / f"{i:03}.bin").write_bytes(bytes([i % 256]) * 99_991 + os.urandom(1000))
    return project


@pytest.fixture
def wheel(workbench: Workbench, zig: Zig, source: Path) -> Path:
    return workbench.wheel(source, zig=zig)


def read(wheel: Path, path: str) -> bytes:
    """A file of the metadata folder."""
    with zipfile.ZipFile(wheel) as archive:
        (dist_info,) = {name.partition("/")[0] for name in archive.namelist() if ".dist-info/" in name}
        return archive.read(f"{dist_info}/{path}")


def test_every_project_is_here() -> None:
    # Those with checks of their own are built by the tests of the binding library.
    folders = {path.parent.name for path in PACKAGES.glob("*/pyproject.toml")}
    checked = {path.parent.name for path in PACKAGES.glob("*/checks.py")}
    assert folders - FIXTURES.keys() <= checked
    assert FIXTURES.keys() <= folders


def test_it_is_what_it_should_be(workbench: Workbench, name: str, wheel: Path) -> None:
    fixture = FIXTURES[name]
    assert wheel.name == f"{fixture.wheel}.whl"
    with zipfile.ZipFile(wheel) as archive:
        files = sorted(info.filename for info in archive.infolist() if ".dist-info/" not in info.filename)
        executables = [info for info in archive.infolist() if ".data/scripts/" in info.filename]
    assert files == sorted({*fixture.files, *typed(name, fixture)})
    assert all(info.external_attr >> 16 == 0o100755 for info in executables)
    if fixture.module:
        path = str(workbench.unpacked(wheel))
        code = f"import {fixture.module}; {fixture.proof.format(fixture.module)}"
        workbench.run([sys.executable, "-c", code], environment={"PYTHONPATH": path})


def typed(name: str, fixture: Fixture) -> set[str]:
    """The stubs of the extensions, and what tells type checkers of them; those of a foreign library are unknown."""
    if name == "foreign":
        return set()
    if name == "flat_module":
        return {"flat_module-stubs/__init__.pyi"}
    stubs = {path.partition(".")[0] + ".pyi" for path in fixture.files if path.endswith(".so")}
    packages = (fixture.module or "").replace(".", "/")
    return stubs | {f"{packages}/py.typed" for stub in stubs}


def test_checkers_of_wheels_agree(zig: Zig, name: str, wheel: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from check_wheel_contents.__main__ import main as check_wheel_contents  # type: ignore[import-untyped]
    from click.testing import CliRunner
    from twine.commands.check import check

    ignored = ["W002", "W004", "W010"] if name == "unusual_names" else ["W002"]
    if name == "program_only":
        ignored.append("W007")
    options = ["--ignore", ",".join(ignored)]
    if name == "flat_module":
        # A module of its own, and the package of its stubs beside it (PEP 561): these two and nothing else.
        options += ["--toplevel", "flat_module.abi3.so,flat_module-stubs"]
    # In this process: their start takes longer than their work.
    done = CliRunner().invoke(check_wheel_contents, [*options, str(wheel)])
    assert done.exit_code == 0, done.output
    assert not check([str(wheel)], strict=True)
    monkeypatch.setenv("ALLOCONDA_ZIG", str(zig.executable))
    monkeypatch.setenv("ZIG_DEBUG_CMD", "1")
    assert alloconda.cli.run(["inspect", "--verify", str(wheel)]) == 0


def test_pyproject_is_valid(source: Path) -> None:
    from validate_pyproject import api, plugins

    from alloconda.schema import tool_schema

    extra = plugins.PluginWrapper("alloconda", tool_schema)  # type: ignore[arg-type]
    validator = api.Validator(extra_plugins=[extra])
    document = tomllib.loads((source / "pyproject.toml").read_text("utf-8"))
    assert validator(document)


def test_metadata_is_that_of_another_backend(source: Path, wheel: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """hatchling writes the same METADATA for the same [project], but for order and the spelling of quotes."""
    from hatchling.metadata.core import ProjectMetadata
    from hatchling.metadata.spec import get_core_metadata_constructors
    from hatchling.plugin.manager import PluginManager

    ours = message_from_bytes(read(wheel, "METADATA"))
    document = tomllib.loads((source / "pyproject.toml").read_text("utf-8"))
    table = document["project"]
    values = {"version": ours["Version"], "description": ours["Summary"], "classifiers": ours.get_all("Classifier")}
    table |= {field: values[field] for field in table.pop("dynamic", ())}
    document["tool"] = {"hatch": {"metadata": {"allow-direct-references": True}}}
    monkeypatch.chdir(source)
    metadata = ProjectMetadata(str(source), PluginManager(), document)
    text = get_core_metadata_constructors()["2.4"](metadata)
    theirs = message_from_bytes(text.encode())
    assert fields(ours) == fields(theirs)
    assert str(ours.get_payload()).rstrip() == str(theirs.get_payload()).rstrip()


def fields(message: Message) -> list[tuple[str, str]]:
    """The fields, sorted, in one spelling."""
    from packaging.requirements import Requirement

    found = []
    for key, value in message.items():
        text = str(value)
        if key == "Requires-Dist":
            text = str(Requirement(text.replace("(", "").replace(")", "")))
        elif key == "Keywords":
            text = ",".join(sorted(text.split(",")))
        found.append((key.lower(), text))
    return sorted(found)


def test_sbom_is_valid(name: str, wheel: Path) -> None:
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    text = read(wheel, "sboms/alloconda.cdx.json").decode()
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    document = json.loads(text)
    names = [component["name"] for component in document["components"]]
    # A foreign project has nothing of ours in it.
    assert names == (["zig"] if name == "foreign" else ["alloconda", "zig"])
    assert str(ROOT) not in text


def test_programs_run(workbench: Workbench, zig: Zig, tmp_path: Path) -> None:
    """Installed by pip, a program of a wheel is a command."""
    wheels = [workbench.wheel(PACKAGES / name, zig=zig) for name in ("programs", "program_only", "with_scripts")]
    workbench.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "venv"])
    python = tmp_path / "venv" / "bin" / "python"
    workbench.run([sys.executable, "-m", "pip", "--python", python, "install", "--no-deps", "--no-index", *wheels])
    for program in ("programs-tool", "program-only"):
        done = workbench.run([tmp_path / "venv" / "bin" / program])
        assert done.stderr == "tool says 5\n"
    assert workbench.run([tmp_path / "venv" / "bin" / "with-scripts-hello"]).stdout == "hello\n"
    assert workbench.run([tmp_path / "venv" / "bin" / "with-scripts-add"]).stdout == "5\n"
    assert (tmp_path / "venv" / "share" / "with_scripts" / "words.txt").read_text("utf-8") == "one\ntwo\n"


@pytest.mark.xdist_group("names of programs")
@pytest.mark.parametrize("bad", ["a tool", "-tool", "töol"])
def test_names_of_programs(workbench: Workbench, zig: Zig, project: Callable[[str], Path], bad: str) -> None:
    folder = project("tests/packages/program_only")
    build = folder / "build.zig"
    # One build.zig for all names: Zig compiles it for seconds.
    option = 'b.option([]const u8, "name", "Of the program").?'
    build.write_text(build.read_text("utf-8").replace('"program-only"', option), "utf-8")
    done = workbench.alloconda("wheel", f"--zig-arg=-Dname={bad}", zig=zig, cwd=folder, status=1)
    assert (
        f"error: '{bad}' is not the name of a program: a name has letters, digits, '_', '-' and '.', and none of the "
        "last two first\n"
    ) in done.stderr


PLATFORMS = ("win_amd64", "macosx_11_0_universal2", "musllinux_1_2_aarch64")


def test_programs_for_other_platforms(workbench: Workbench, zig: Zig, project: Callable[[str], Path]) -> None:
    """Each is audited against its platform tag, and a wheel of programs alone is one for all Python versions."""
    folder = project("tests/packages/program_only")
    options = [f"--target={platform}" for platform in PLATFORMS]
    done = workbench.alloconda("wheel-all", "--json", "--all", *options, zig=zig, cwd=folder)
    outcomes: list[dict[str, Any]] = json.loads(done.stdout)["wheels"]
    assert [(one["python_tag"], one["abi_tag"], one["platform_tag"], one["error"]) for one in outcomes] == [
        ("py3", "none", platform, None) for platform in PLATFORMS
    ]
    with zipfile.ZipFile(folder / outcomes[0]["path"]) as archive:
        assert "program_only-0.1.0.data/scripts/program-only.exe" in archive.namelist()


def test_overrides_apply_to_the_wheels_that_they_select(
    workbench: Workbench, zig: Zig, project: Callable[[str], Path]
) -> None:
    folder = project("tests/packages/overridden")
    options = ["--python-version=3.12", "--python-version=3.13", "--target=manylinux_2_17_x86_64", "--target=win_amd64"]
    done = workbench.alloconda("wheel-all", "--json", *options, zig=zig, cwd=folder)
    with_note = {}
    for outcome in json.loads(done.stdout)["wheels"]:
        with zipfile.ZipFile(folder / outcome["path"]) as archive:
            with_note[f"{outcome['python_tag']}-{outcome['platform_tag']}"] = (
                "overridden/note.txt" in archive.namelist()
            )
    assert with_note == {
        "cp312-manylinux_2_17_x86_64": False,
        "cp313-manylinux_2_17_x86_64": True,
        "cp312-win_amd64": True,
        "cp313-win_amd64": True,
    }
