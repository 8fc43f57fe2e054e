"""Dynamic fields of [project]: from build.zig.zon, from Git's tags, from a provider; nothing is compiled for them."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from workspace import Workspace

from alloconda import build_backend
from alloconda.errors import AllocondaError
from alloconda.project import Project

DYNAMIC = '[project]\nname = "hello"\ndynamic = ["version"]\n'
VCS = f'{DYNAMIC}[tool.alloconda.metadata]\nversion = {{ provider = "vcs" }}\n'
Git = Callable[..., str]


def version(workspace: Workspace) -> str:
    return str(Project.load(workspace.project).metadata.version)


def refused(workspace: Workspace) -> str:
    with pytest.raises(AllocondaError) as caught:
        Project.load(workspace.project)
    return str(caught.value).replace(str(workspace.project), "{}")


class TestZon:
    @pytest.mark.parametrize(
        ("zon", "expected"),
        [
            ("1.2.3", "1.2.3"),
            ("1.2.0-rc.1", "1.2.0rc1"),
            ("0.1.0-dev", "0.1.0.dev0"),
            ("1.0.0+build.5", "1.0.0+build.5"),
        ],
    )
    def test_version(self, bare: Workspace, zon: str, expected: str) -> None:
        bare.add("pyproject.toml", DYNAMIC)
        bare.add("build.zig.zon", f'.{{ .name = .hello, // .version = "9"\n .version = "{zon}", .paths = .{{""}} }}')
        assert version(bare) == expected

    def test_prepared_without_zig(self, bare: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        bare.add("pyproject.toml", DYNAMIC)
        bare.add("build.zig.zon", '.{ .version = "1.2.3" }')
        monkeypatch.chdir(bare.project)
        monkeypatch.setenv("ALLOCONDA_ZIG", "/there/is/none")
        assert build_backend.prepare_metadata_for_build_wheel(str(tmp_path)) == "hello-1.2.3.dist-info"
        assert b"\nVersion: 1.2.3\n" in (tmp_path / "hello-1.2.3.dist-info" / "METADATA").read_bytes()

    @pytest.mark.parametrize(
        ("zon", "sentence"),
        [
            (None, "The version is dynamic, and there is no build.zig.zon in {} to take it from: add one, or set "
             "metadata.version in [tool.alloconda]."),
            (".{}", "{}/build.zig.zon has no .version, which the dynamic version is taken from: add it."),
            ('.{ .version = "1.0.0-weird.name" }', "The version '1.0.0-weird.name' of {}/build.zig.zon is none that "
             "Python knows (PEP 440): write it as 1.2.0, 1.2.0-rc.1 or 1.2.0-dev."),
        ],
    )  # fmt: skip
    def test_refused(self, bare: Workspace, zon: str | None, sentence: str) -> None:
        bare.add("pyproject.toml", DYNAMIC)
        if zon is not None:
            bare.add("build.zig.zon", zon)
        assert refused(bare) == sentence


class TestVcs:
    @pytest.fixture
    def git(self, bare: Workspace) -> Git:
        """A repository with one commit, and a way to go on."""
        identity = ("-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "commit.gpgsign=false")

        def run(*arguments: str) -> str:
            done = subprocess.run(
                ["git", "-C", str(bare.project), *identity, *arguments],  # noqa: S607
                capture_output=True,
                check=True,
                text=True,
            )
            return done.stdout.strip()

        bare.add("pyproject.toml", VCS)
        run("init", "--quiet")
        run("add", ".")
        run("commit", "--quiet", "--message", "one")
        return run

    @pytest.mark.parametrize(
        ("tag", "on_it", "later"),
        [
            ("v1.2.3", "1.2.3", "1.2.4.dev1"),
            ("1.2", "1.2", "1.2.1.dev1"),
            ("v2.0.0rc1", "2.0.0rc1", "2.0.0rc2.dev1"),
            ("v1!1.0.post2", "1!1.0.post2", "1!1.0.post3.dev1"),
            ("v3.0.0.dev4", "3.0.0.dev4", "3.0.0.dev5"),
            ("v3.0a1.dev4", "3.0a1.dev4", "3.0a1.dev5"),
        ],
    )
    def test_by_tag(self, bare: Workspace, git: Git, tag: str, on_it: str, later: str) -> None:
        git("tag", tag)
        assert version(bare) == on_it
        git("commit", "--quiet", "--allow-empty", "--message", "two")
        commit = git("rev-parse", "--short=7", "HEAD")
        assert version(bare) == f"{later}+g{commit}"
        bare.add("pyproject.toml", f"{VCS}# changed\n")
        assert version(bare) == f"{later}+g{commit}.dirty"

    def test_settings(self, bare: Workspace, git: Git) -> None:
        git("tag", "other-9.0")
        git("tag", "hello/1.0")
        git("commit", "--quiet", "--allow-empty", "--message", "two")
        settings = '{ provider = "vcs", tag-prefix = "hello/", local = false }'
        bare.add("pyproject.toml", VCS.replace('{ provider = "vcs" }', settings))
        assert version(bare) == "1.0.1.dev1"

    def test_an_unpacked_sdist_says_it_itself(self, bare: Workspace) -> None:
        bare.add("pyproject.toml", VCS)
        bare.add("PKG-INFO", "Metadata-Version: 2.4\nName: hello\nVersion: 4.5.6\n")
        assert version(bare) == "4.5.6"

    def test_no_repository(self, bare: Workspace) -> None:
        bare.add("pyproject.toml", VCS)
        assert refused(bare) == (
            "The version is dynamic and comes from Git, and {} is not in a Git repository: build from a clone with its "
            "tags (git fetch --tags --unshallow), or from an sdist, which has the version in its PKG-INFO."
        )

    @pytest.mark.usefixtures("git")
    def test_a_folder_in_another_repository(self, bare: Workspace) -> None:
        bare.add("vendored/pyproject.toml", VCS)
        with pytest.raises(AllocondaError, match="vendored is not in a Git repository"):
            Project.load(bare.project / "vendored")

    @pytest.mark.usefixtures("git")
    def test_no_tag(self, bare: Workspace) -> None:
        assert "no commit before this one has a tag: build from a clone" in refused(bare)

    def test_a_tag_that_is_no_version(self, bare: Workspace, git: Git) -> None:
        git("tag", "release-one")
        assert refused(bare) == (
            "The version is dynamic, and the tag 'release-one' of the Git repository is none (PEP 440): name tags as "
            "v1.2.3, or set 'tag-prefix' in metadata.version of [tool.alloconda]."
        )

    @pytest.mark.usefixtures("git")
    def test_no_git(self, bare: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PATH", "")
        assert "comes from Git, which cannot be run (No such file or directory): install git" in refused(bare)


class TestProvider:
    @pytest.fixture(autouse=True)
    def _fresh(self, monkeypatch: pytest.MonkeyPatch) -> None:
        import sys

        monkeypatch.delitem(sys.modules, "computed", raising=False)
        monkeypatch.setattr(sys, "dont_write_bytecode", True)

    def configure(self, bare: Workspace, code: str | None, fields: str = '["version"]', settings: str = "") -> None:
        lines = [
            f'[project]\nname = "hello"\ndynamic = {fields}\n[tool.alloconda.metadata]',
            f'version = {{ provider = "computed", provider-path = "tools"{settings} }}',
        ]
        bare.add("pyproject.toml", "\n".join(lines))
        bare.add("tools/other.txt")
        if code is not None:
            bare.add("tools/computed.py", code)

    def test_settings_reach_it(self, bare: Workspace) -> None:
        self.configure(
            bare, "def dynamic_metadata(field, settings): return settings['base'] + '.1'", settings=", base = '7'"
        )
        assert version(bare) == "7.1"

    def test_requirements(self, bare: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
        self.configure(
            bare,
            "def dynamic_metadata(field, settings): return '1'\n"
            "def get_requires_for_dynamic_metadata(settings): return ['attrs>=22']",
        )
        monkeypatch.chdir(bare.project)
        assert build_backend.get_requires_for_build_wheel()[-1:] == ["attrs>=22"]

    @pytest.mark.parametrize(
        ("code", "sentence"),
        [
            (None, "The provider 'computed' of 'version' cannot be imported (No module named 'computed'): name it in "
             "'requires' of [build-system], or its folder with 'provider-path'."),
            ("1 +", "The provider 'computed' of 'version' fails when it is imported: SyntaxError: invalid syntax "
             "(computed.py, line 1)."),
            ("", "The provider 'computed' of 'version' has no function dynamic_metadata(field, settings)."),
            ("def dynamic_metadata(field, settings): raise KeyError('x')",
             "The provider 'computed' of 'version' failed with KeyError: 'x'."),
            ("def dynamic_metadata(field, settings): return 1.5", None),
        ],
    )  # fmt: skip
    def test_refused(self, bare: Workspace, code: str | None, sentence: str | None) -> None:
        self.configure(bare, code)
        if sentence is None:
            assert "version" in refused(bare)
        else:
            assert refused(bare) == sentence


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ('[project]\nname = "x"\ndynamic = "version"', "'dynamic' in [project] of {}/pyproject.toml must be a list of "
         "strings."),
        ('[project]\nname = "x"\nversion = "1"\ndynamic = ["version"]', "'version' in [project] of {}/pyproject.toml "
         "has a value and is listed in 'dynamic': keep one."),
        ('[project]\nversion = "1"\ndynamic = ["name"]', "'dynamic' in [project] of {}/pyproject.toml lists 'name', "
         "which is no field that may be."),
        ('[project]\nname = "x"\nversion = "1"\ndynamic = ["urls"]', "'dynamic' in [project] of {}/pyproject.toml "
         "lists 'urls', and nothing says where it comes from: add metadata.urls = {{ provider = \"MODULE\" }} to "
         "[tool.alloconda], or write the value itself."),
        ('[project]\nname = "x"\nversion = "1"\n[tool.alloconda.metadata]\nversion = { provider = "vcs" }',
         "metadata.version in [tool.alloconda] of {}/pyproject.toml says where the field comes from, and 'dynamic' "
         "in [project] does not list it: add 'version' there."),
        ('[project]\nname = "x"\nversion = "1"\ndynamic = ["urls"]\n[tool.alloconda.metadata]\nurls = { provider = '
         '"vcs" }', "metadata.urls in [tool.alloconda]: the provider 'vcs' knows 'version' only."),
        (f'{DYNAMIC}[tool.alloconda.metadata]\nversion = {{ provider = "vcs", prefix = "v" }}',
         "metadata.version in [tool.alloconda] has 'prefix', which the provider 'vcs' does not know: it takes "
         "tag-prefix and local."),
        (f'{DYNAMIC}[tool.alloconda.metadata]\nversion = {{ provider = "build.zig.zon", prefix = "v" }}',
         "metadata.version in [tool.alloconda] has 'prefix', which the provider 'build.zig.zon' does not know: it "
         "takes none."),
        (f'{DYNAMIC}[tool.alloconda.metadata]\nversion = {{ provider = "vcs", local = 1 }}',
         "metadata.version in [tool.alloconda]: 'tag-prefix' must be a string, 'local' a boolean."),
        (f'{DYNAMIC}[tool.alloconda.metadata]\nversion = {{ provider = "x", provider-path = "gone" }}',
         "metadata.version in [tool.alloconda]: 'provider-path' must be a folder of the project."),
    ],
)  # fmt: skip
def test_refused_tables(bare: Workspace, content: str, sentence: str) -> None:
    bare.add("pyproject.toml", content)
    assert refused(bare) == sentence.replace("{{", "{").replace("}}", "}")
