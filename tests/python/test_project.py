"""[project]: all of it goes into the wheel, and what is wrong in it is said in one sentence."""

from __future__ import annotations

import subprocess
import sys
from email.parser import BytesParser
from email.policy import compat32

import pytest
from workspace import Workspace

from alloconda.errors import AllocondaError
from alloconda.project import Project


def metadata(workspace: Workspace) -> dict[str, list[str]]:
    content = Project.load(workspace.project).dist_info_files()["METADATA"]
    message = BytesParser(policy=compat32).parsebytes(content)
    return {key: [str(value) for value in message.get_all(key, [])] for key in message}


@pytest.mark.parametrize(
    ("name", "version", "stem"),
    [
        ("hello", "1", "hello-1"),
        ("Hello.World-x__y", "1.0", "hello_world_x_y-1.0"),
        ("hello", "v1.2.0-RC.1", "hello-1.2.0rc1"),
        ("hello", "1!2.0.post3.dev4", "hello-1!2.0.post3.dev4"),
        ("hello", "1.0+Ubuntu-1", "hello-1.0+ubuntu.1"),
    ],
)
def test_stem(bare: Workspace, name: str, version: str, stem: str) -> None:
    bare.add("pyproject.toml", f'[project]\nname = "{name}"\nversion = "{version}"\n')
    assert Project.load(bare.project).stem == stem


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "There is no pyproject.toml in {0}: add one with a [project] table."),
        ("", "{0}/pyproject.toml has no [project] table: add one with at least 'name' and 'version'."),
        ("project = 1", "{0}/pyproject.toml has no [project] table: add one with at least 'name' and 'version'."),
        (b"a = '\xff'", "{0}/pyproject.toml is not UTF-8 (byte 5): TOML files must be."),
        ("[project]\nname='x'", '{0}/pyproject.toml is not valid: Field "project.version" missing and \'version\' not '
         'specified in "project.dynamic".'),
        ("[project]\nname='x'\nversion='1'\ndescription='''a\nb'''", "'description' in [project] of {0}/pyproject.toml "
         "has several lines, and indexes take only one."),
        ("[project]\nname='x'\nversion='1'\nscripts={'a b=c'='m:f'}", "The entry point 'a b=c' in {0}/pyproject.toml "
         "has a name with other characters than letters, digits, '.', '_' and '-'."),
        ("[project]\nname='x'\nversion='1'\nscripts={a='m f'}", "The entry point 'a' in {0}/pyproject.toml leads to "
         "'m f': write it as 'package.module:function'."),
        ("[project]\nname='x'\nversion='1'\n[project.entry-points.console_scripts]\na='m:f'", "[project.entry-points] "
         "of {0}/pyproject.toml has the group 'console_scripts': write it as [project.scripts]."),
        ("[project]\nname='x'\nversion='1'\nlicense={file='../secret'}", None),
    ],
)  # fmt: skip
def test_refused(bare: Workspace, content: str | bytes | None, sentence: str | None) -> None:
    bare.add("../secret", "secret")
    if content is None:
        (bare.project / "pyproject.toml").unlink()
    else:
        bare.add("pyproject.toml", content)
    with pytest.raises(AllocondaError) as caught:
        Project.load(bare.project)
    if sentence is not None:
        assert str(caught.value) == sentence.format(bare.project)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("nmae = 'x'", "Extra keys present in"),
        ("requires-python = 'three'", "three"),
        ("dependencies = ['=1']", "=1"),
        ("readme = 'gone.md'", "Readme file not found"),
        ("readme = 'odd.txt'", "Could not infer content type"),
        ("license = 'No Such Licence'", "'license' in [project] of"),
        ("license-files = ['gone*']", "did not match any"),
        ("license-files = ['../*']", "must match files within the project directory"),
        ("license = 'MIT'\nclassifiers = ['License :: OSI Approved :: MIT License']", "not compatible"),
        ("urls = {a = 1}", "urls"),
    ],
)
def test_refused_field(bare: Workspace, line: str, words: str) -> None:
    bare.pyproject(line)
    with pytest.raises(AllocondaError) as caught:
        Project.load(bare.project)
    assert words in str(caught.value)
    assert "Traceback" not in str(caught.value)


def test_all_that_is_wrong_is_said_at_once(bare: Workspace) -> None:
    bare.pyproject("readme = 'gone.md'", "license-files = ['gone*']")
    with pytest.raises(AllocondaError, match="did not match any.*; .*Readme file not found"):
        Project.load(bare.project)


def test_not_toml(bare: Workspace) -> None:
    bare.add("pyproject.toml", "[project\n")
    with pytest.raises(
        AllocondaError, match=r"pyproject.toml is not valid TOML: Expected .* \(at line 1, column 9\)\.$"
    ):
        Project.load(bare.project)


def test_readme_that_is_not_utf8(bare: Workspace) -> None:
    bare.pyproject('readme = "README.md"')
    bare.add("README.md", b"\xff")
    with pytest.raises(AllocondaError, match="^The readme that .*pyproject.toml names cannot be read: 'utf-8' codec"):
        Project.load(bare.project)


class TestLicences:
    def test_default_globs(self, bare: Workspace) -> None:
        for name in ("LICENSE", "LICENCE.txt", "COPYING", "NOTICE", "AUTHORS.md", "other.txt"):
            bare.add(name, name)
        files = Project.load(bare.project).dist_info_files()
        expected = ["AUTHORS.md", "COPYING", "LICENCE.txt", "LICENSE", "NOTICE"]
        assert metadata(bare)["License-File"] == expected
        assert [name for name in files if name != "METADATA"] == [f"licenses/{name}" for name in expected]

    def test_none_wanted(self, bare: Workspace) -> None:
        bare.add("LICENSE")
        bare.pyproject("license-files = []")
        assert list(Project.load(bare.project).dist_info_files()) == ["METADATA"]

    def test_one_file_by_several_globs(self, bare: Workspace) -> None:
        bare.add("LICENSES/MIT.txt", "MIT")
        bare.pyproject("license-files = ['LICENSES/*', 'LICENSES/MIT*', '**/*.txt']")
        assert metadata(bare)["License-File"] == ["LICENSES/MIT.txt"]

    def test_table_of_before_pep_639(self, bare: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
        bare.add("doc/LICENSE", "MIT\nterms")
        bare.pyproject("license = { file = 'doc/LICENSE' }")
        # Not the path on this machine.
        assert metadata(bare)["License-File"] == ["doc/LICENSE"]
        assert Project.load(bare.project).dist_info_files()["licenses/doc/LICENSE"] == b"MIT\nterms"
        assert capsys.readouterr().err.startswith(f"warning: {bare.project}/pyproject.toml: Set")


def test_people(bare: Workspace) -> None:
    bare.pyproject(
        "authors = [{ email = 'a@example.org' }, { name = 'B', email = 'b@example.org' }, { name = 'C' }]",
        "maintainers = [{ name = 'Unknown', email = 'd@example.org' }]",
    )
    fields = metadata(bare)
    assert fields["Author"] == ["C"]
    assert fields["Author-Email"] == ["a@example.org, B <b@example.org>"]
    assert fields["Maintainer-Email"] == ["Unknown <d@example.org>"]


def test_import_names_need_metadata_2_5(bare: Workspace) -> None:
    from pyproject_metadata import constants

    if "2.5" not in constants.KNOWN_METADATA_VERSIONS:
        pytest.skip("this pyproject-metadata is older")
    bare.pyproject("import-names = ['hello']")
    assert metadata(bare)["Metadata-Version"] == ["2.5"]


def test_metadata_does_not_depend_on_the_platform(bare: Workspace) -> None:
    bare.pyproject('readme = "README.md"')
    bare.add("README.md", b"a\r\nb\r\n")
    assert Project.load(bare.project).dist_info_files()["METADATA"].endswith(b"\n\na\nb\n")


def test_reading_the_command_line_imports_nothing_heavy() -> None:
    code = (
        "import alloconda.cli, sys; print(sorted({'packaging', 'pathspec', 'pyproject_metadata'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert done.stdout == "[]\n"
