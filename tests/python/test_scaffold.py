"""`alloconda init` from the outside, with an executable that passes for Zig: names, files, what is never touched."""

from __future__ import annotations

import re
import sys
import zlib
from pathlib import Path
from typing import Any

import pytest
from fixtures import FakeZig
from hypothesis import given
from hypothesis import strategies as st
from workspace import write, write_program

import alloconda
import alloconda.cli
from alloconda.errors import AllocondaError
from alloconda.scaffold import names
from alloconda.scaffold.project import Wishes, create
from alloconda.scaffold.pyproject import Stanzas, with_missing_stanzas

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

STANZAS = Stanzas(("alloconda==0.1.0", "ziglang==0.16.0"), "geometry", "README.md", "python/geometry")
BUILD_SYSTEM = """\
[build-system]
requires = ["alloconda==0.1.0", "ziglang==0.16.0"]
build-backend = "alloconda.build_backend"
"""


@pytest.fixture(autouse=True)
def zig(fake_zig: FakeZig, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = fake_zig()
    monkeypatch.setenv("ALLOCONDA_ZIG", str(path))
    return path


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


class TestNames:
    @pytest.mark.parametrize("name", ["geometry", "A", "3d", "a.b-c_d", "Zig-2"])
    def test_project(self, name: str) -> None:
        assert names.checked_project_name(name) == name

    @pytest.mark.parametrize("name", ["", "-a", "a-", "a b", "é", "a/b", "a\n", ".", "a]", "\u017f", "\u212a"])
    def test_no_project(self, name: str) -> None:
        with pytest.raises(AllocondaError) as caught:
            names.checked_project_name(name)
        assert str(caught.value) == (
            f"'{name}' is not the name of a Python project: a name has letters of ASCII, digits, '.', '_' and '-', and "
            "a letter or digit at both ends."
        )

    @pytest.mark.parametrize(
        ("folder", "name"),
        [("geometry", "geometry"), ("Né à Paris", "Ne-a-Paris"), ("_x y_", "x-y"), ("a--b", "a--b"), ("ﬁn", "fin")],
    )
    def test_project_of_a_folder(self, folder: str, name: str) -> None:
        assert names.project_name_of_folder(folder) == name

    @given(st.text())
    def test_project_of_any_folder(self, folder: str) -> None:
        try:
            name = names.project_name_of_folder(folder)
        except AllocondaError as error:
            assert "give one with --name" in str(error)  # noqa: PT017 - either way is right
        else:
            assert names.checked_project_name(name) == name

    @pytest.mark.parametrize(("project", "module"), [("Geo-Metry", "geo_metry"), ("a.-b__c", "a_b_c"), ("x1", "x1")])
    def test_module_of_a_project(self, project: str, module: str) -> None:
        assert names.module_name_of_project(project) == module

    @pytest.mark.parametrize("name", ["geometry", "_x", "match", "i32", "error", "Geo2"])
    def test_module(self, name: str) -> None:
        assert names.checked_module_name(name) == name

    @pytest.mark.parametrize(
        ("name", "sentence"),
        [
            ("3d", "'3d' is not the name of a module: an extension module's has letters of ASCII, digits and '_', and"),
            ("a.b", "'a.b' is not the name of a module"),
            ("größe", "'größe' is not the name of a module"),
            ("", "'' is not the name of a module"),
            ("class", "'class' is a keyword of Python, and no module can be imported by it: give another name with"),
            ("None", "'None' is a keyword of Python"),
            ("json", "'json' is a module of Python's standard library, and one would hide the other: give another"),
            ("Json", "'Json' is a module of Python's standard library"),
            ("test", "'test' is a module of Python's standard library"),
            ("alloconda", "'alloconda' is alloconda's own name, and one would hide the other"),
        ],
    )
    def test_no_module(self, name: str, sentence: str) -> None:
        with pytest.raises(AllocondaError) as caught:
            names.checked_module_name(name)
        assert str(caught.value).startswith(sentence)
        assert str(caught.value).endswith("give another name with --module-name.")

    @pytest.mark.parametrize(
        ("module", "zig_name"),
        [
            ("geometry", "geometry"),
            ("error", "error_"),
            ("void", "void"),
            ("x" * 40, "x" * 32),
            ("usingnamespace", "usingnamespace_"),
        ],
    )
    def test_in_zig(self, module: str, zig_name: str) -> None:
        assert names.zig_name(module) == zig_name


class TestPyproject:
    @pytest.mark.parametrize(
        ("text", "added"),
        [
            ("[project]\nname = 'x'\n", "\n" + BUILD_SYSTEM + "\n" + STANZAS.uv),
            ("[project]\nname = 'x'", "\n\n" + BUILD_SYSTEM + "\n" + STANZAS.uv),
            ("# only this\n", "\n" + BUILD_SYSTEM + "\n" + STANZAS.project + "\n" + STANZAS.uv),
            ("", BUILD_SYSTEM + "\n" + STANZAS.project + "\n" + STANZAS.uv),
            ("[project]\n[tool.uv]\n", "\n" + BUILD_SYSTEM),
            ("tool = { x = 1 }\n[project]\n", "\n" + BUILD_SYSTEM),
            ("[build-system]\n[project]\n[tool.uv]\n", ""),
        ],
    )
    def test_missing_tables_come_last(self, text: str, added: str) -> None:
        # An empty line stands before each table.
        assert with_missing_stanzas(text, STANZAS).replace("\n\n\n", "\n\n") == (text + added).replace("\n\n\n", "\n\n")

    def test_line_ends_of_windows(self) -> None:
        made = with_missing_stanzas("[project]\r\nname = 'x'\r\n", STANZAS)
        assert made.count("\n") == made.count("\r\n") > 10

    def test_a_new_file_is_read_back(self) -> None:
        document = tomllib.loads(STANZAS.new_file())
        assert list(document) == ["build-system", "project", "dependency-groups", "tool"]
        assert document["project"]["name"] == "geometry"
        assert document["tool"]["pytest"]["ini_options"]["pythonpath"] == ["python"]
        assert {"file": "build.zig.zon"} in document["tool"]["uv"]["cache-keys"]

    @pytest.mark.parametrize(
        ("table", "named"),
        [
            ('build-backend = "hatchling.build"', "the backend 'hatchling.build'"),
            ("requires = []", "no backend, which means setuptools"),
        ],
    )
    def test_another_backend(self, tmp_path: Path, table: str, named: str) -> None:
        path = write(tmp_path / "pyproject.toml", f"[build-system]\n{table}\n[project]\nname='x'\n")
        with pytest.raises(AllocondaError) as caught:
            create(tmp_path, Wishes(force=True))
        assert str(caught.value) == (
            f"[build-system] in {path} names {named}, and a project has one: remove that table, and run init again to "
            "get alloconda's."
        )
        assert [path.name for path in tmp_path.iterdir() if path.name != "fake"] == ["pyproject.toml"]


class TestCreate:
    def test_current_folder(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (tmp_path / "Geo metry").mkdir()
        monkeypatch.chdir(tmp_path / "Geo metry")
        assert alloconda.cli.run(["init"]) == 0
        out, err = capsys.readouterr()
        assert err == ""
        assert sorted(out.split()) == sorted(contents(Path.cwd()))
        assert "python/geo_metry/__init__.py" in out
        assert 'name = "Geo-metry"' in Path("pyproject.toml").read_text("utf-8")

    def test_fingerprint(self, tmp_path: Path) -> None:
        made = set()
        for number in range(3):
            create(tmp_path / str(number), Wishes(name="error"))
            zon = (tmp_path / str(number) / "build.zig.zon").read_text("utf-8")
            assert ".name = .error_," in zon
            (fingerprint,) = re.findall(r"\.fingerprint = 0x([0-9a-f]+),", zon)
            assert int(fingerprint, 16) >> 32 == zlib.crc32(b"error_")
            made.add(int(fingerprint, 16) & 0xFFFFFFFF)
        assert len(made) == 3
        assert not made & {0, 0xFFFFFFFF}

    def test_pins(self, tmp_path: Path) -> None:
        create(tmp_path / "p", Wishes())
        zon = (tmp_path / "p/build.zig.zon").read_text("utf-8")
        assert f'.url = "https://alloconda.invalid/alloconda-{alloconda.__version__}.tar.gz",' in zon
        assert '.hash = "alloconda-0.1.0-carried",' in zon
        assert "// Nothing is downloaded" in zon
        requires = f'requires = ["alloconda=={alloconda.__version__}", "ziglang==0.16.0"]'
        assert requires in (tmp_path / "p/pyproject.toml").read_text("utf-8")

    def test_a_zig_that_no_index_has_is_not_pinned(self, tmp_path: Path, fake_zig: FakeZig) -> None:
        create(tmp_path / "p", Wishes(zig=str(fake_zig("0.17.0-dev.12+abc", folder="dev"))))
        assert '"ziglang>=0.15.2,<0.18"' in (tmp_path / "p/pyproject.toml").read_text("utf-8")

    def test_names(self, tmp_path: Path) -> None:
        create(tmp_path, Wishes(name="Big.Thing", module_name="thing"))
        assert (tmp_path / "python/thing/__init__.py").is_file()
        assert 'name = "Big.Thing"' in (tmp_path / "pyproject.toml").read_text("utf-8")
        assert '"thing._native"' in (tmp_path / "build.zig").read_text("utf-8")

    @pytest.mark.parametrize("package_dir", ["python/thing", "src/thing", "thing"])
    def test_an_existing_package_stays(self, tmp_path: Path, package_dir: str) -> None:
        write(tmp_path / package_dir / "__init__.py", "mine")
        created = create(tmp_path, Wishes(name="thing", force=True))
        assert created.package_kept == tmp_path / package_dir / "__init__.py"
        assert [path for path in contents(tmp_path) if path.endswith("__init__.py")] == [f"{package_dir}/__init__.py"]
        assert created.package_kept.read_text("utf-8") == "mine"
        assert "from thing._native import" in (tmp_path / "tests/test_thing.py").read_text("utf-8")
        assert f'"{package_dir}/**/*.py"' in (tmp_path / "pyproject.toml").read_text("utf-8")

    def test_a_project_that_lacks_nothing_is_not_written(self, tmp_path: Path) -> None:
        create(tmp_path, Wishes(name="thing"))
        before = contents(tmp_path)
        created = create(tmp_path, Wishes(force=True))
        written = {path.relative_to(tmp_path).as_posix() for path in created.written}
        assert written == {"build.zig", "build.zig.zon", "src/root.zig", "tests/test_thing.py"}
        after = contents(tmp_path)
        assert {path for path in after if after[path] != before[path]} == {"build.zig.zon", "tests/test_thing.py"}

    def test_modes_and_links_stay(self, tmp_path: Path) -> None:
        real = write(tmp_path / "elsewhere.toml", "[project]\nname = 'thing'\n")
        real.chmod(0o640)
        (tmp_path / "p").mkdir()
        (tmp_path / "p/pyproject.toml").symlink_to(real)
        create(tmp_path / "p", Wishes())
        assert (tmp_path / "p/pyproject.toml").is_symlink()
        assert "[build-system]" in real.read_text("utf-8")
        assert real.stat().st_mode & 0o777 == 0o640

    @pytest.mark.parametrize(
        ("file", "wishes", "sentence"),
        [
            ("build.zig", {}, "build.zig in {} would be overwritten, and nothing has been written: move what you want"),
            ("tests/test_thing.py", {}, "tests/test_thing.py in {} would be overwritten"),
            ("build.zig.zon/x", {}, "build.zig.zon in {} would be overwritten"),
            ("x", {"name": "a b"}, "'a b' is not the name of a Python project"),
            ("x", {"name": "3d"}, "'3d' is not the name of a module"),
            (
                "x",
                {"alloconda_path": "nowhere"},
                "'nowhere' (--alloconda-path) is neither a folder with the Zig package",
            ),
            ("x", {"zig": "/no/zig"}, "The Zig that was asked for, '/no/zig'"),
        ],
    )
    def test_nothing_is_written(self, tmp_path: Path, file: str, wishes: dict[str, Any], sentence: str) -> None:
        folder = tmp_path / "p"
        write(folder / file, "mine")
        with pytest.raises(AllocondaError) as caught:
            create(folder, Wishes(**{"name": "thing", **wishes}))
        assert str(caught.value).startswith(sentence.format(folder))
        assert contents(folder) == {file: b"mine"}

    def test_a_dangling_link_is_in_the_way(self, tmp_path: Path) -> None:
        (tmp_path / "build.zig").symlink_to("nowhere")
        with pytest.raises(AllocondaError, match=r"^build\.zig in "):
            create(tmp_path, Wishes(name="thing"))

    def test_another_name_than_the_file_has(self, tmp_path: Path) -> None:
        write(tmp_path / "pyproject.toml", "[project]\nname = 'thing'\n")
        with pytest.raises(
            AllocondaError, match=r"^pyproject\.toml names the project 'thing', and --name says 'other'"
        ):
            create(tmp_path, Wishes(name="other"))

    def test_a_file_in_place_of_the_folder(self, tmp_path: Path) -> None:
        with pytest.raises(AllocondaError, match="is a file, and a project is a folder: give another name"):
            create(write(tmp_path / "p"), Wishes())

    def test_a_folder_that_cannot_be_made(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        write(tmp_path / "p/src")
        assert alloconda.cli.run(["init", str(tmp_path / "p")]) == 1
        assert re.fullmatch(r"error: .*/p/src cannot be written: .*\.\n", capsys.readouterr().err)

    def test_dir_twice(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert alloconda.cli.run(["init", "a", "--dir", "b"]) == 2
        assert "DIR and --dir are the same: give one of them." in capsys.readouterr().err


class TestFetched:
    """With a Zig whose `fetch --save` writes what the test says."""

    @pytest.fixture
    def saving(self, zig: Path) -> Path:
        script = """\
            import os, pathlib, re, sys
            if sys.argv[1] == "version":
                print("0.16.0")
            else:
                assert sys.argv[2] == "--save=alloconda"
                zon = pathlib.Path("build.zig.zon")
                text = zon.read_text().replace(".dependencies = .{", ".dependencies = .{ .alloconda = .{ .url = \\""
                    + sys.argv[3] + "#0123\\", .hash = \\"" + os.environ["HASH"] + "\\" },")
                zon.write_text(text)
            """
        lines = [line.removeprefix(" " * 12) for line in script.splitlines()]
        return write_program(zig, "\n".join(lines))

    @pytest.mark.usefixtures("saving")
    @pytest.mark.parametrize(
        ("given", "url"),
        [
            ("git+https://example.org/alloconda?ref=main", "git+https://example.org/alloconda?ref=main#0123"),
            ("https://example.org/alloconda.git", "git+https://example.org/alloconda.git#0123"),
        ],
    )
    def test_url(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: str, url: str) -> None:
        monkeypatch.setenv("HASH", "alloconda-9.0.0-x")
        create(tmp_path / "p", Wishes(name="thing", alloconda_path=given))
        zon = (tmp_path / "p/build.zig.zon").read_text("utf-8")
        assert f'.url = "{url}",' in zon
        assert '.hash = "alloconda-9.0.0-x",' in zon
        assert 'requires = ["alloconda", ' in (tmp_path / "p/pyproject.toml").read_text("utf-8")

    @pytest.mark.usefixtures("saving")
    def test_another_package(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HASH", "zlib-1.3-x")
        with pytest.raises(AllocondaError, match=r"is the Zig package zlib-1\.3-x, and not alloconda"):
            create(tmp_path / "p", Wishes(name="thing", alloconda_path="https://example.org/zlib.tar.gz"))
        assert not (tmp_path / "p").exists()
